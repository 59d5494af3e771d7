"""What many records say alike stands once, under `shared/`, and is named where it is needed.

Wherever a policy, a fact, a step or a text may stand, a record may write `use: <id>` instead. The
entry of that id is put in its place when the file is read, so nothing behind the reader knows of it.
Fields beside `use` take the place of the entry's own. A text's entry is `{id: …, says: <the text>}`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from rapidfuzz import process

from .yaml_sheet import Fault, Place, Sheet, read_sheet

FOLDER = "shared"
STATEMENTS = "statements"
FAST_TRACK = "ask_expedited_review"  # the one entry that the code names, and no record
USE = "use"


class Entry(NamedTuple):
    """A shared entry and where it stands."""

    kind: str  # the list that it stands in: policies, facts, steps, statements
    data: dict[str, Any]
    sheet: Sheet
    place: Place


class Shared:
    """The shared entries of a folder of records, and which of them have been used."""

    def __init__(self, root: Path) -> None:
        self.faults: list[Fault] = []
        self._entries: dict[str, Entry] = {}
        self._used: set[str] = {FAST_TRACK}
        for path in sorted(root.glob(f"{FOLDER}/*.yaml")):
            sheet = read_sheet(path, path.relative_to(root).as_posix())
            if isinstance(sheet, Fault):
                self.faults.append(sheet)
            else:
                self._take(sheet)

    def _take(self, sheet: Sheet) -> None:
        kind = Path(sheet.file).stem
        entries = sheet.data.get(kind) if isinstance(sheet.data, dict) else None
        if not isinstance(entries, list) or len(sheet.data) > 1:
            self.faults.append(sheet.fault((), f"must hold one list, called {kind}"))
            return
        for i, data in enumerate(entries):
            place: Place = (kind, i)
            ident = data.get("id") if isinstance(data, dict) else None
            if not isinstance(ident, str):
                self.faults.append(sheet.fault(place, "a shared entry needs an id"))
            elif ident in self._entries:
                self.faults.append(sheet.fault((*place, "id"), f"this id stands twice: {ident}"))
            elif inner := _uses(sheet, place):
                self.faults.append(sheet.fault(inner[0], "a shared entry is written out in full"))
            else:
                self._entries[ident] = Entry(kind, data, sheet, place)

    def put_in(self, sheet: Sheet) -> list[Fault]:
        """Put the entries in the place of every `use` of a sheet; a fault for each that names none."""
        faults = []
        for place in _uses(sheet):
            where, ident = place[:-1], _at(sheet.data, place)
            entry = self._entries.get(ident) if isinstance(ident, str) else None
            beside = {k: v for k, v in _at(sheet.data, where).items() if k != USE}
            if entry is None:
                faults.append(sheet.fault(place, self._unknown(where, ident)))
            elif entry.kind == STATEMENTS and beside:
                faults.append(sheet.fault(where, "nothing stands beside the `use` of a text"))
            else:
                self._used.add(entry.data["id"])
                _put(sheet, where, entry, beside)
        return faults

    def _unknown(self, where: Place, ident: Any) -> str:
        lists = [p for p in where if isinstance(p, str)]
        kind = lists[-1] if lists else ""
        fitting = [i for i, e in self._entries.items() if e.kind == kind] or [*self._entries]
        close = process.extractOne(str(ident), fitting)
        word = {"policies": "policy", "facts": "fact", "steps": "step"}.get(kind, "entry")
        hint = f"; the nearest is {close[0]}" if close else ""
        return f"no such {word}: {ident} (looked for in {FOLDER}/){hint}"

    def unused(self) -> list[Fault]:
        """A fault for each entry that no record has named so far."""
        left = [e for i, e in self._entries.items() if i not in self._used]
        return [e.sheet.fault((*e.place, "id"), f"no record uses {e.data['id']}") for e in left]


def _uses(sheet: Sheet, inside: Place = ()) -> list[Place]:
    """The places of all `use` keys, those of the innermost parts first."""
    found = [p for p in sheet.lines if p and p[-1] == USE and p[: len(inside)] == inside]
    return sorted(found, key=len, reverse=True)


def _at(data: Any, place: Place) -> Any:
    for part in place:
        data = data[part]
    return data


def _put(sheet: Sheet, where: Place, entry: Entry, beside: dict[str, Any]) -> None:
    text = entry.kind == STATEMENTS
    around = _at(sheet.data, where[:-1])
    around[where[-1]] = entry.data.get("says") if text else {**entry.data, **beside}
    sheet.shared[where] = (entry.sheet, (*entry.place, "says") if text else entry.place)
