"""A counselor's desk: two to four variants of one case, each a list of edits. Plain data.

What an edit does to a case, and how the results differ, stands in `variants`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

MOST = 4
LONGEST_NAME, LONGEST_NOTE, LONGEST_DESK_NOTE = 60, 1000, 4000
EditKind = Literal["answer", "plan", "gone", "trial", "counted"]


@dataclass(frozen=True)
class ScenarioChange:
    """One change to a case.

    `answer`: another answer at `place` (None: not known). `plan`: the cover in `value` instead of
    the one at `place` (a position as text; empty: beside those there are). `gone`: without the plan
    at `place`. `trial`: the treatment in `value` as one more failed trial. `counted`: one more in
    the short form of counts.
    """

    kind: EditKind
    place: str = ""
    value: Any = None


@dataclass(frozen=True)
class Scenario:
    """One way that things could be: a name, its edits, and a note for the client."""

    id: int
    name: str
    edits: tuple[ScenarioChange, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class CounselorDesk:
    """The variants side by side. The first has no edits: it is the case as told."""

    variants: tuple[Scenario, ...]
    note: str = ""

    def find(self, ident: int) -> Scenario | None:
        """The variant of an id."""
        return next((v for v in self.variants if v.id == ident), None)

    def put(self, changed: Scenario) -> CounselorDesk:
        """The desk with a variant in place of the one of its id."""
        kept = tuple(changed if v.id == changed.id else v for v in self.variants)
        return replace(self, variants=kept)

    def added(self, name: str, edits: tuple[ScenarioChange, ...] = ()) -> CounselorDesk:
        """The desk with one more variant; full, it stays as it is."""
        if len(self.variants) >= MOST:
            return self
        ident = max(v.id for v in self.variants) + 1
        return replace(self, variants=(*self.variants, Scenario(ident, name, edits)))

    def copied(self, ident: int, name: str) -> CounselorDesk:
        """The desk with a variant once more, under another name; full, it stays as it is."""
        found = self.find(ident)
        return self.added(name, found.edits) if found is not None else self

    def without(self, ident: int) -> CounselorDesk:
        """The desk without a variant; the case as told stays."""
        kept = (*self.variants[:1], *(v for v in self.variants[1:] if v.id != ident))
        return replace(self, variants=kept)

    def edited(self, ident: int, edit: ScenarioChange) -> CounselorDesk:
        """The desk with one more edit in a variant; it takes the place of an earlier one like it."""
        found = self.find(ident)
        if found is None or found is self.variants[0]:
            return self
        # Without a plan, those after it stand one place further up: what came before it stays.
        gone = [i for i, e in enumerate(found.edits) if e.kind == "gone"]
        last = gone[-1] + 1 if gone else 0
        late = (e for e in found.edits[last:] if not _replaces(edit, e))
        kept = (*found.edits[:last], *late)
        return self.put(replace(found, edits=(*kept, edit)))

    def taken_back(self, ident: int, number: int) -> CounselorDesk:
        """The desk with one edit of a variant taken back."""
        found = self.find(ident)
        if found is None:
            return self
        kept = tuple(e for i, e in enumerate(found.edits) if i != number)
        return self.put(replace(found, edits=kept))


def _replaces(new: ScenarioChange, old: ScenarioChange) -> bool:
    """Whether a new edit makes an old one pointless: the same answer, or the same plan, again."""
    return (
        new.kind == old.kind
        and new.kind in ("answer", "plan")
        and bool(new.place)
        and (new.place == old.place)
    )
