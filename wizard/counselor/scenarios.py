"""Variants of one case side by side: what each changes, and how their results differ.

Pure. A variant is a list of edits to the case as told; when the answers change, every variant
follows. Results come from the engine alone; here they are only held side by side.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rules import Book
from rules.case import PlainCase, PlainPart
from rules.engine.outlook import RANK
from rules.result import PathShown, Result
from rules.vocabulary import DENIED_STAGES
from wizard.answers import forget_other_denials, parts_of, put_at, value_at

from .scenario import ScenarioChange

# What hangs on the plan that said no: it has no meaning under another plan.
OF_THE_OLD_PLAN = ("denial", "authorization")
STAGES_OF_THE_OLD_PLAN = (*DENIED_STAGES, "request_pending")
COUNTED = ("antidepressants_failed", "antidepressant_classes_failed")
# The person's own counts in which a treatment stands, by what it counts as.
COUNTS_OF: dict[str, tuple[str, ...]] = {
    "antidepressant": COUNTED,
    "augmentation": ("augmentations_failed",),
    **dict.fromkeys(("pain_medicine", "pain_procedure", "pain_other"), ("pain_treatments_failed",)),
}


# --- editing --------------------------------------------------------------------------------------------


def apply(case: PlainCase, edits: Sequence[ScenarioChange], book: Book) -> PlainCase:
    """The case with the edits made in order. One about a cover that is not there does nothing."""
    changed = copy.deepcopy(case)
    for edit in edits:
        match edit.kind:
            case "answer":
                if _there(changed, edit.place):
                    put_at(changed, edit.place, copy.deepcopy(edit.value))
            case "plan":
                _set_plan(changed, int(edit.place) if edit.place else None, edit.value)
            case "gone":
                _take_out(changed, int(edit.place))
            case "trial":
                _add_trial(changed, str(edit.value), book)
            case "counted":
                _count_one_more(changed, COUNTED, told_only=False)
    return changed


def _there(case: PlainCase, place: str) -> bool:
    first, *rest = parts_of(place)
    if first != "coverages":
        return True
    return isinstance(rest[0], int) and rest[0] < len(case.get("coverages") or ())


def _set_plan(case: PlainCase, position: int | None, cover: PlainPart) -> None:
    """Another plan in place of one: what was said of the old plan goes, with its denial and approval."""
    covers = list(case.get("coverages") or [])
    if position is None or position >= len(covers):
        case["coverages"] = [*covers, dict(cover)]
        return
    denied = value_at(case, "denial.coverage")
    covers[position] = dict(cover)
    case["coverages"] = covers
    forget_other_denials(case, position, moves_up=False)
    if denied in (None, position):
        _forget_the_no(case)


def _take_out(case: PlainCase, position: int) -> None:
    """Without one plan: what was told of it goes; a denial of another plan stays with that plan."""
    covers = list(case.get("coverages") or [])
    if position >= len(covers):
        return
    denied = value_at(case, "denial.coverage")
    del covers[position]
    case["coverages"] = covers
    forget_other_denials(case, position, moves_up=True)
    if denied in (None, position):
        _forget_the_no(case)
    elif denied > position:
        put_at(case, "denial.coverage", denied - 1)


def _forget_the_no(case: PlainCase) -> None:
    """What the old plan said goes; a denial by another plan takes the place of its denial."""
    for part in OF_THE_OLD_PLAN:
        case.pop(part, None)
    first, *rest = case.pop("other_denials", None) or [None]
    if first is not None:
        case["denial"] = first
        if rest:
            case["other_denials"] = rest
        return
    if case.get("stage") in STAGES_OF_THE_OLD_PLAN:
        del case["stage"]


def _add_trial(case: PlainCase, treatment: str, book: Book) -> None:
    """One more failed trial on paper: long enough and strong enough for every rule of the book."""
    tried = [t for t in case.get("treatments") or [] if t.get("treatment") != treatment]
    record = book.treatments[treatment]
    trial: PlainPart = {
        "treatment": treatment, "outcome": "no_response", "weeks": longest_trial(book),
        "current_episode": True, "years_ago": 0,
    }  # fmt: skip
    if record.min_dose is not None:
        trial["daily_dose_mg"] = record.min_dose
    case["treatments"] = [*tried, trial]
    _count_one_more(case, COUNTS_OF.get(record.counts_as, ()))


def _count_one_more(case: PlainCase, names: tuple[str, ...], told_only: bool = True) -> None:
    """One more in the person's own counts: in those that were told, or in all of them."""
    for name in names:
        place = f"treatment_counts.{name}"
        told = value_at(case, place)
        if told is not None or not told_only:
            put_at(case, place, (told or 0) + 1)


def longest_trial(book: Book) -> int:
    """The most weeks that any policy of the book asks of a trial."""
    asked = (p.trial.min_weeks or 0 for r in book.payers.values() for p in r.policies)
    return max(*asked, book.default_trial.min_weeks or 0)


def next_trial(case: PlainCase, book: Book) -> str | None:
    """A medicine for one more trial, of a class that was not tried yet where there is one.

    For a pain condition that is a pain medicine, otherwise an antidepressant.
    """
    record = book.diagnoses.get(case.get("diagnosis") or "")
    family = "pain_medicine" if record and "pain" in record.groups else "antidepressant"
    tried = {t.get("treatment") for t in case.get("treatments") or ()}
    classes = {book.treatments[t].drug_class for t in tried if t in book.treatments}
    left = [t for t in book.treatments.values() if t.counts_as == family and t.id not in tried]
    left.sort(key=lambda t: (t.drug_class in classes, t.min_dose is None))
    return left[0].id if left else None


# --- how the results differ ---------------------------------------------------------------------------------


MOVED = ("better", "worse", "new", "gone")
Sign = Literal["first", "same", "better", "worse", "new", "gone", "other", "none"]


@dataclass(frozen=True)
class ComparisonCell:
    """A path in one variant, and how it stands to that of the first variant."""

    sign: Sign
    path: PathShown | None = None
    parts: tuple[str, ...] = ()  # of a path: what differs (outlook, step, day, papers, cost)


@dataclass(frozen=True)
class Row:
    """One path compared across the variants."""

    cells: tuple[ComparisonCell, ...]
    name: PathShown = field(compare=False)

    @property
    def differs(self) -> bool:
        return any(c.sign not in ("first", "same", "none") for c in self.cells)


def _step(path: PathShown | None) -> tuple[str, ...]:
    found = path.next_step if path is not None else None
    return (found.text,) if found else ()


def first_day(path: PathShown | None) -> dt.date | None:
    """The earliest day that counts on a path."""
    if path is None:
        return None
    step = path.next_step
    days = [d.act_by for d in path.deadlines_ahead]
    return min([*days, *([step.by] if step is not None and step.by else [])], default=None)


def _path_cells(paths: Sequence[PathShown | None]) -> tuple[ComparisonCell, ...]:
    first = paths[0]
    return (
        ComparisonCell("first" if first else "none", path=first),
        *(_path_cell(first, p) for p in paths[1:]),
    )


def _path_cell(first: PathShown | None, path: PathShown | None) -> ComparisonCell:
    if first is None or path is None:
        return ComparisonCell(
            "none" if first is path else "new" if first is None else "gone", path=path
        )
    parts = tuple(_differing(first, path))
    gain = RANK[path.outlook] - RANK[first.outlook]
    sign: Sign = "better" if gain > 0 else "worse" if gain < 0 else "other" if parts else "same"
    return ComparisonCell(sign, path=path, parts=parts)


def _differing(one: PathShown, two: PathShown) -> Iterator[str]:
    if key_of(one) != key_of(two):
        yield "path"
    if one.outlook != two.outlook:
        yield "outlook"
    if _step(one) != _step(two):
        yield "step"
    if first_day(one) != first_day(two):
        yield "day"
    if set(one.documents) != set(two.documents):
        yield "papers"
    if one.cost_note != two.cost_note:
        yield "cost"


# --- path by path -------------------------------------------------------------------------------------------

PathKey = tuple[int | None, str, str]


def key_of(path: PathShown) -> PathKey:
    """What makes a path the same in two variants: its cover, treatment and route (or way to pay)."""
    return (
        path.coverage,
        path.treatment,
        path.route if path.coverage is not None else str(path.record),
    )


def path_rows(results: Sequence[Result]) -> tuple[Row, ...]:
    """Every path of any variant, side by side: changed outlooks first, then the best ones."""
    by_key = [{key_of(p): p for p in r.paths} for r in results]
    keys: dict[PathKey, int] = {}
    for paths in by_key:
        for place, (key, path) in enumerate(paths.items()):
            weight = place - 1000 * RANK[path.outlook]
            keys[key] = min(weight, keys.get(key, weight))
    rows = []
    for key in sorted(keys, key=lambda k: keys[k]):
        paths_here = [paths.get(key) for paths in by_key]
        name = next(p for p in paths_here if p is not None)
        rows.append(Row(_path_cells(paths_here), name))
    return tuple(sorted(rows, key=lambda r: not any(c.sign in MOVED for c in r.cells)))


def moves(rows: Sequence[Row], number: int) -> tuple[ComparisonCell, ...]:
    """The paths of a variant whose outlook is better or worse than the first one's, best gains first."""
    found = [r.cells[number] for r in rows if r.cells[number].sign in ("better", "worse")]
    return tuple(sorted(found, key=lambda c: (c.sign != "better", -_rank(c))))


def _rank(cell: ComparisonCell) -> int:
    return RANK[cell.path.outlook] if cell.path is not None else -1
