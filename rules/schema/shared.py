"""What many records say alike stands once, under `shared/`, and is named where it is needed.

Wherever a policy, a fact, a step or a text may stand, a record may write `use: <id>` instead. The
entry of that id is put in its place when the file is read, so nothing behind the reader knows of it.
Fields beside `use` take the place of the entry's own. A text's entry is `{id: …, says: <the text>}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from rules.slips import nearest

from .yaml_reader import Fault, Place, RecordFile, read_record_file

FOLDER = "shared"
STATEMENTS = "statements"
FAST_TRACK = "ask_expedited_review"  # the one entry that the code names, and no record
USE = "use"


class SharedEntry(NamedTuple):
    """A shared entry and where it stands."""

    kind: str  # the list that it stands in: policies, facts, steps, statements
    data: dict[str, Any]
    sheet: RecordFile
    place: Place


class Shared:
    """The shared entries of a folder of records, and which of them have been used.

    They are read when the first `use` asks for one: most files have none.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._used: set[str] = {FAST_TRACK}

    @cached_property
    def _read(self) -> tuple[dict[str, SharedEntry], list[Fault]]:
        entries: dict[str, SharedEntry] = {}
        faults: list[Fault] = []
        for path in sorted(self._root.glob(f"{FOLDER}/*.yaml")):
            sheet = read_record_file(path, path.relative_to(self._root).as_posix())
            found = [sheet] if isinstance(sheet, Fault) else _entries(sheet)
            for one in found:
                if isinstance(one, Fault):
                    faults.append(one)
                elif one.data["id"] in entries:
                    twice = f"this id stands twice: {one.data['id']}"
                    faults.append(one.sheet.fault((*one.place, "id"), twice))
                else:
                    entries[one.data["id"]] = one
        return entries, faults

    @property
    def faults(self) -> list[Fault]:
        """What is wrong with the shared files themselves."""
        return self._read[1]

    def by_kind(self) -> dict[str, list[SharedEntry]]:
        """All entries by the list in which they stand."""
        found: dict[str, list[SharedEntry]] = {}
        for entry in self._read[0].values():
            found.setdefault(entry.kind, []).append(entry)
        return found

    def put_in(self, sheet: RecordFile) -> list[Fault]:
        """Put the entries in the place of every `use` of a sheet; a fault for each that names none."""
        faults = []
        for place in _uses(sheet):
            where, ident = place[:-1], _at(sheet.data, place)
            entry = self._read[0].get(ident) if isinstance(ident, str) else None
            beside = {k: v for k, v in _at(sheet.data, where).items() if k != USE}
            if entry is None:
                faults.append(self._unknown(sheet, place, ident))
            elif entry.kind == STATEMENTS and beside:
                faults.append(sheet.fault(where, "nothing stands beside the `use` of a text"))
            else:
                self._used.add(entry.data["id"])
                _put(sheet, where, entry, beside)
        return faults

    def _unknown(self, sheet: RecordFile, place: Place, ident: Any) -> Fault:
        lists = [p for p in place[:-1] if isinstance(p, str)]
        kind = lists[-1] if lists else ""
        entries = self._read[0]
        fitting = [i for i, e in entries.items() if e.kind == kind] or [*entries]
        close = nearest(str(ident), fitting)
        word = {"policies": "policy", "facts": "fact", "steps": "step"}.get(kind, "entry")
        text = f"no such {word}: {ident} (looked for in {FOLDER}/)"
        return sheet.fault(place, text, value=str(ident), nearest=close)

    def unused(self) -> list[Fault]:
        """A fault for each entry that no record has named so far."""
        left = [e for i, e in self._read[0].items() if i not in self._used]
        return [e.sheet.fault((*e.place, "id"), f"no record uses {e.data['id']}") for e in left]


def _entries(sheet: RecordFile) -> Iterator[SharedEntry | Fault]:
    """The entries of one shared file, each with an id of its own and written out in full."""
    kind = Path(sheet.file).stem
    entries = sheet.data.get(kind) if isinstance(sheet.data, dict) else None
    if not isinstance(entries, list) or len(sheet.data) > 1:
        yield sheet.fault((), f"must hold one list, called {kind}")
        return
    for i, data in enumerate(entries):
        place: Place = (kind, i)
        if not isinstance(data, dict) or not isinstance(data.get("id"), str):
            yield sheet.fault(place, "a shared entry needs an id")
        elif inner := _uses(sheet, place):
            yield sheet.fault(inner[0], "a shared entry is written out in full")
        else:
            yield SharedEntry(kind, data, sheet, place)


def _uses(sheet: RecordFile, inside: Place = ()) -> list[Place]:
    """The places of all `use` keys, those of the innermost parts first."""
    found = [p for p in sheet.lines if p and p[-1] == USE and p[: len(inside)] == inside]
    return sorted(found, key=len, reverse=True)


def _at(data: Any, place: Place) -> Any:
    for part in place:
        data = data[part]
    return data


def _put(sheet: RecordFile, where: Place, entry: SharedEntry, beside: dict[str, Any]) -> None:
    text = entry.kind == STATEMENTS
    around = _at(sheet.data, where[:-1])
    around[where[-1]] = entry.data.get("says") if text else {**entry.data, **beside}
    sheet.shared[where] = (entry.sheet, (*entry.place, "says") if text else entry.place)
