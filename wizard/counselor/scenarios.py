"""Variants of one case side by side: what each changes, and how their results differ.

Pure. A variant is a list of edits to the case as told; when the answers change, every variant
follows. Results come from the engine alone; here they are only held side by side.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rules import Book
from rules.case import PlainCase, PlainPart
from rules.engine.outlook import RANK
from rules.report.windows import day_of, first_sentence
from rules.result import PathShown, Result
from rules.vocabulary import DENIED_STAGES
from wizard.answers import parts_of, put_at, value_at

from .scenario import ScenarioChange

SHOWN_QUESTIONS = 3

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
    if denied in (None, position):
        for part in OF_THE_OLD_PLAN:
            case.pop(part, None)
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


# --- one-click starters -----------------------------------------------------------------------------------

Edits = tuple[ScenarioChange, ...]


def to_marketplace(case: PlainCase, book: Book) -> Edits:
    """Moved to a Marketplace plan, in place of the first private plan (or beside public cover)."""
    kinds = [c.get("kind") for c in case.get("coverages") or ()]
    place = next((str(i) for i, k in enumerate(kinds) if k in book.private_kinds), "")
    plan = {"kind": "individual", "on_exchange": True, "funding": "fully_insured"}
    return (ScenarioChange("plan", place, plan),)


def to_medicaid(case: PlainCase, book: Book) -> Edits:
    """With Medicaid beside what there is."""
    if any(c.get("kind") == "medicaid" for c in case.get("coverages") or ()):
        return ()
    return (ScenarioChange("plan", "", {"kind": "medicaid", "medicaid": "managed_care"}),)


def one_more_trial(case: PlainCase, book: Book) -> Edits:
    """One more failed trial on paper, in the form in which the trials were told."""
    if case.get("treatments") is None and case.get("treatment_counts"):
        return (ScenarioChange("counted"),)
    treatment = next_trial(case, book)
    return (ScenarioChange("trial", "", treatment),) if treatment else ()


SITE = {
    "provider.found": True,
    "provider.rems_certified": True,
    "provider.in_network": True,
    "provider.setting": "clinic",
    "provider.prescriber": "psychiatrist",
}


def certified_site(case: PlainCase, book: Book) -> Edits:
    """A certified clinic in the plan's network, where a psychiatrist prescribes."""
    return tuple(ScenarioChange("answer", p, v) for p, v in SITE.items() if value_at(case, p) != v)


def other_treatment(case: PlainCase, book: Book) -> Edits:
    """Asking for the nasal spray instead of the infusion, or the other way round."""
    spray = case.get("request") == "esketamine"
    return (ScenarioChange("answer", "request", "iv_ketamine" if spray else "esketamine"),)


Starter = Callable[[PlainCase, Book], Edits]
STARTERS: dict[str, Starter] = {
    "marketplace": to_marketplace,
    "trial": one_more_trial,
    "site": certified_site,
    "treatment": other_treatment,
    "medicaid": to_medicaid,
}


def starters(case: PlainCase, book: Book) -> dict[str, Edits]:
    """The starters that change something in a case, each with its edits."""
    made = {name: make(case, book) for name, make in STARTERS.items()}
    return {n: edits for n, edits in made.items() if edits and apply(case, edits, book) != case}


# --- how the results differ ---------------------------------------------------------------------------------


MOVED = ("better", "worse", "new", "gone")
Sign = Literal["first", "same", "better", "worse", "new", "gone", "other", "none"]


@dataclass(frozen=True)
class ComparisonCell:
    """What one variant has in a row: a path or some texts, and how it stands to the first variant."""

    sign: Sign
    path: PathShown | None = None
    items: tuple[str, ...] = ()
    day: dt.date | None = None
    added: tuple[str, ...] = ()  # what the first variant has not
    dropped: tuple[str, ...] = ()  # what the first variant has and this one has not
    parts: tuple[str, ...] = ()  # of a path: what differs (outlook, step, day, papers, cost)


@dataclass(frozen=True)
class Row:
    """One thing compared across the variants."""

    kind: str
    cells: tuple[ComparisonCell, ...]
    name: PathShown | None = field(default=None, compare=False)

    @property
    def differs(self) -> bool:
        return any(c.sign not in ("first", "same", "none") for c in self.cells)


def compare(results: Sequence[Result], costs: Sequence[str | None]) -> tuple[Row, ...]:
    """The main points side by side: where it stands, next step, day, papers, what to find out, cost.

    `costs` holds for each result what its leading path costs, in words, or None.
    """
    leads = [r.best_path for r in results]
    return (
        Row("lead", _path_cells(leads)),
        Row("step", _item_cells([_step(p) for p in leads])),
        Row("day", _day_cells([by_when(r) for r in results])),
        Row("deadline", _day_cells([DayTold(first_deadline(r)) for r in results])),
        Row("papers", _item_cells([p.documents if p else () for p in leads])),
        Row("find_out", _item_cells([_open_questions(r) for r in results])),
        Row("cost", _item_cells([(c,) if c else () for c in costs])),
    )


def _open_questions(result: Result) -> tuple[str, ...]:
    return tuple(q.field for q in result.questions[:SHOWN_QUESTIONS])


def _step(path: PathShown | None) -> tuple[str, ...]:
    found = path.next_step if path is not None else None
    return (found.text,) if found else ()


def first_day(path: PathShown | None) -> dt.date | None:
    """The earliest day that counts on a path."""
    if path is None:
        return None
    step = path.next_step
    days = [d.act_by for d in path.deadlines if not d.passed]
    return min([*days, *([step.by] if step is not None and step.by else [])], default=None)


@dataclass(frozen=True)
class DayTold:
    """A day, and what it is for where the row's name does not say it."""

    day: dt.date | None = None
    text: str | None = None


def by_when(result: Result) -> DayTold:
    """The earliest day that counts: of the leading path or, where none runs on it, of a window."""
    day = first_day(result.best_path)
    dated = ((day_of(w), first_sentence(w)) for w in result.windows)
    windows = (DayTold(d, text) for d, text in dated if d is not None)
    return DayTold(day) if day is not None else next(windows, DayTold())


def first_deadline(result: Result) -> dt.date | None:
    """The earliest last day to file on any path, as long as it has not passed."""
    days = (d.act_by for p in result.paths for d in p.deadlines if not d.passed)
    return min(days, default=None)


def _item_cells(rows: Sequence[tuple[str, ...]]) -> tuple[ComparisonCell, ...]:
    first = rows[0]
    cells = [ComparisonCell("first" if first else "none", items=first)]
    for items in rows[1:]:
        sign: Sign = (
            ("same" if items else "none")
            if set(items) == set(first)
            else "other" if items and first else "new" if items else "gone"
        )  # fmt: skip
        dropped = tuple(i for i in first if i not in items)
        added = tuple(i for i in items if i not in first)
        cells.append(ComparisonCell(sign, items=items, added=added, dropped=dropped))
    return tuple(cells)


def _day_cells(told: Sequence[DayTold]) -> tuple[ComparisonCell, ...]:
    first = told[0]
    cells = []
    for number, found in enumerate(told):
        sign: Sign = "first" if number == 0 and found.day else "other"
        if found.day is None:
            sign = "none" if first.day is None else "gone"
        elif number and found == first:
            sign = "same"
        elif number and first.day is None:
            sign = "new"
        cells.append(ComparisonCell(sign, day=found.day, items=(found.text,) if found.text else ()))
    return tuple(cells)


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
        rows.append(Row("path", _path_cells(paths_here), name))
    return tuple(sorted(rows, key=lambda r: not any(c.sign in MOVED for c in r.cells)))


def moves(rows: Sequence[Row], number: int) -> tuple[ComparisonCell, ...]:
    """The paths of a variant whose outlook is better or worse than the first one's, best gains first."""
    found = [r.cells[number] for r in rows if r.cells[number].sign in ("better", "worse")]
    return tuple(sorted(found, key=lambda c: (c.sign != "better", -_rank(c))))


def _rank(cell: ComparisonCell) -> int:
    return RANK[cell.path.outlook] if cell.path is not None else -1
