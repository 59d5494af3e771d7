"""What runs beside our own code: `python -m benchmarks.supply sizes`, and what an audit of it found.

`sizes` tells each locked package that is installed, in megabytes and by license. `audit FILE` reads
what pip-audit wrote: it fails for a known vulnerability, and says of how many packages nothing is
known, so that silence is not taken for a clean bill.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import ROOT

PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)((?: ;.*?)?) \\$")
HASH = re.compile(r"^ {4}--hash=sha256:([0-9a-f]{64})( \\)?$")


class Locked(NamedTuple):
    """A package of a lock: its one version, where it is for (a marker), the hashes of its files."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def plain_name(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(path: Path) -> list[Locked]:
    """What a lock holds. Raises ValueError for a line that is neither a pin, a hash nor a comment."""
    found: list[Locked] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if pin := PIN.match(line):
            found.append(Locked(plain_name(pin[1]), pin[2], pin[3], ()))
        elif (digest := HASH.match(line)) and found:
            found[-1] = found[-1]._replace(hashes=(*found[-1].hashes, digest[1]))
        elif not line.strip().startswith("#"):
            raise ValueError(f"{path.name}: {line}")
    return found


def sizes() -> Iterator[str]:
    """A line for each locked package that is installed here, the largest first, and the sum."""
    names = {one.name for one in locked(ROOT / "requirements.lock")}
    here = [d for d in metadata.distributions() if plain_name(d.name) in names]
    rows = sorted(((_bytes(d), f"{d.name} {d.version}", _license(d)) for d in here), reverse=True)
    for size, name, license_name in rows:
        yield f"{size / 1e6:8.1f} MB  {name:<34} {license_name}"
    yield f"{sum(size for size, _, _ in rows) / 1e6:8.1f} MB  in {len(rows)} packages"


def _bytes(found: metadata.Distribution) -> int:
    places = (Path(str(file.locate())) for file in found.files or ())
    return sum(place.stat().st_size for place in places if place.is_file())


def _license(found: metadata.Distribution) -> str:
    """The license as the package names it: by its expression, else by a class, else in words."""
    about = found.metadata.json
    classes = [c.rpartition(" :: ")[2] for c in about.get("classifier", ()) if "License" in c]
    told = str(about.get("license", "")).strip().partition("\n")[0]
    return str(about.get("license_expression") or ", ".join(classes) or told or "-")


def audit(path: Path) -> tuple[list[str], int]:
    """What is told of an audit, and the exit code."""
    if not path.is_file():
        return ["The vulnerability service gave no answer: nothing is known of any package."], 0
    packages = json.loads(path.read_text(encoding="utf-8"))["dependencies"]
    asked = [one for one in packages if "skip_reason" not in one]
    lines = [
        f"{one['name']} {one['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or '-'}"
        for one in asked
        for fault in one["vulns"]
    ]
    told = f"{len(lines)} known vulnerabilities in {len(asked)} packages that were looked up."
    if len(asked) < len(packages):
        told += f" Of {len(packages) - len(asked)} others the service knows nothing."
    return [*lines, told], 1 if lines else 0


def main(arguments: Sequence[str]) -> int:
    if arguments[0] == "audit":
        lines, code = audit(Path(arguments[1]))
    else:
        lines, code = list(sizes()), 0
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
