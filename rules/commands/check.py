"""Validates records: schema, references, dates, sources, conflicts."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from ..checks.run import check_records
from ..rule_book_files import load_rules
from ..schema.base import Source
from ..schema.files import RECORDS
from ..schema.yaml_reader import Fault
from .files import InputFault


def run(options: argparse.Namespace) -> int:
    root = options.records or RECORDS
    only = tuple(_inside(root, name) for name in options.files)
    faults = check_records(root, options.today, only)
    errors = [f for f in faults if f.level == "error"]
    for fault in faults:
        prefix = "" if fault.level == "error" else "warning: "
        print(f"{prefix}{fault}", file=sys.stderr)
    if errors:
        print(f"{len(errors)} faults, {len(faults) - len(errors)} warnings", file=sys.stderr)
        return 1
    print(_count_line(root, only, faults))
    return 0


def _inside(root: Path, name: str) -> str:
    """A record file as the checker names it: relative to the records."""
    path = Path(name)
    for candidate in (path, root / path):
        if candidate.is_file():
            try:
                return candidate.resolve().relative_to(root.resolve()).as_posix()
            except ValueError:
                continue
    raise InputFault(f"{name}: no such record file under {root}")


def _count_line(root: Path, only: tuple[str, ...], faults: list[Fault]) -> str:
    if only:
        return f"{', '.join(only)}: no faults, {len(faults)} warnings"
    book = load_rules(root)
    files = sum(len(r) for r in book.records.values())
    cited = Counter(c.confidence for _, _, c in book.all_facts() if not isinstance(c, Source))
    total = ", ".join(f"{n} {word}" for word, n in sorted(cited.items()))
    return (
        f"{files} record files, {sum(cited.values())} cited facts ({total}), "
        f"{len(book.sources)} sources: no faults, {len(faults)} warnings"
    )
