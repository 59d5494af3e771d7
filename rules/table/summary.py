"""A case in one row of a worklist: the paths of the one evaluator, and from them only what a row tells.

Nothing is decided here. The leading path, its first step, the dates and the order of payers are
those of a result; what a result has beside them (reasons, criteria, what would change it) is not
asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol, TypeVar

from rules.case import CaseError, PlainCase, plain_field
from rules.case_reading import read_case
from rules.engine.answers import answers_of
from rules.engine.coordination import payer_order
from rules.engine.find_paths import find_paths, paths_of
from rules.engine.paths import Path
from rules.engine.reading_order import leading_path
from rules.facts.context import Facts
from rules.report.answers import answer_in_short
from rules.report.billing_codes import head_of
from rules.report.build import claim_of
from rules.report.deadlines import days_of_path
from rules.report.next_steps import first_act, steps_of
from rules.report.reasons import reasons_of
from rules.report.safety import safety_notes
from rules.report.what_if import open_fields
from rules.result import DeadlineShown, Result
from rules.rule_book import Book
from rules.rule_book_files import load_rules
from rules.schema.policies import Policy
from rules.vocabulary import COVERED

from ..made_once import made_once
from .columns import COVER, COVERS, SCORES, column_of_place, column_order, several_of
from .in_words import RulePath, asked_answer, in_words

OUTLOOK_COLUMNS = {
    "paths_likely": "likely",
    "paths_possible": "possible",
    "paths_not_yet": "not_yet",
}
LONG_COLUMNS = ("case_id", "path", "outlook", "reason", "missing", "next_step", "deadline")
SEPARATOR = "; "
COVERAGES, KIND = "coverages", f"{COVER}kind"
Slots = tuple[int, ...]  # the number in the table of each cover of a case


class Summary(NamedTuple):
    """What a worklist says of one person: the result, in one row."""

    best_path: str = ""
    best_outlook: str = ""
    missing: str = ""
    next_step: str = ""
    next_deadline: str = ""
    payer_order: str = ""
    paths_likely: str = ""
    paths_possible: str = ""
    paths_not_yet: str = ""
    safety: str = ""
    error: str = ""  # why the case cannot be read; all else is then blank
    # In words, from the leading answer.
    answer: str = ""
    answer_asked: str = ""  # of the treatment asked for, where the leading answer is another
    why: str = ""
    policy: str = ""
    pa_required: str = ""
    benefit: str = ""
    codes: str = ""
    papers: str = ""
    ask_whom: str = ""
    by_when: str = ""


_ERROR = Summary._fields.index("error")
FIXED_COLUMNS, WORD_COLUMNS = Summary._fields[:_ERROR], Summary._fields[_ERROR + 1 :]
ANSWER_COLUMNS = (*FIXED_COLUMNS, *WORD_COLUMNS)
RESULT_COLUMNS = (*FIXED_COLUMNS, "remarks", "error", *WORD_COLUMNS)


class AnyPath(Protocol):
    """A path as evaluated, or as it stands in a result."""

    @property
    def id(self) -> str: ...
    @property
    def coverage(self) -> int | None: ...
    @property
    def outlook(self) -> str: ...


Some = TypeVar("Some", bound=AnyPath)
Day = tuple[dt.date, str]  # a day ahead, and what is to be done by it


def summary_of(case: PlainCase, slots: Slots, today: dt.date, book: Book) -> Summary:
    """A case, as plain data, in one row. `slots` are the column numbers of its covers."""
    try:
        told = read_case(case, today)
    except CaseError as error:
        return Summary(error=str(error))
    root = Facts(told, book, today)
    paths = paths_of(root)
    best = leading_path(paths)
    asked = _asked_of(paths, best)
    fields = open_fields(asked) if asked is not None else []
    if told.coverages is None:
        fields.append(COVERAGES)
    covers = enumerate(told.coverages or ())
    fields.extend(f"{COVERAGES}[{i}].kind" for i, cover in covers if cover.kind is None)
    # Only what an insurance or a reviewer is asked for has a last day.
    days = _days((days_of_path(p, today) for p in paths if p.coverage is not None), today)
    return _in_one_row(
        paths,
        best,
        insured=bool(told.coverages),
        missing=field_titles(fields, slots, book),
        next_step=first_act(best, root),
        days=days,
        places=[(p.coverage, p.position) for p in payer_order(root)],
        slots=slots,
        safety=[n.id for n in safety_notes(root)],
        words=_words_of_paths(root, paths, best, days),
    )


def _words_of_paths(
    root: Facts, paths: Sequence[Path], best: Path | None, days: list[Day]
) -> dict[str, str]:
    """The columns in words: only the answers that a row tells are worked out to the end."""
    found = answers_of(root, paths)
    led = next((a for a in found if a.path is best and best is not None), None)
    asked = asked_answer(found)
    told = led or asked
    # Another answer is told beside the leading one only where that is not for the treatment asked for.
    beside = None if led is None or led.asked_for else asked
    shown = [answer_in_short(a, found) for a in (told, beside) if a is not None]
    ruled = next((p for p in paths if told is not None and p.best is told.rule), None)
    path = None
    if ruled is not None and isinstance(ruled.best.record, Policy):
        bill = head_of(claim_of(ruled, root.today))
        path = _rule_path(ruled.best.record, bill, root.book)
    return in_words(shown, shown[0] if led is not None else None, path, days, root.book)


def summarise(result: Result, slots: Slots | None = None, book: Book | None = None) -> Summary:
    """A result in one row. `slots` are the column numbers of its covers (else 1, 2, 3 …)."""
    rules = book or load_rules()
    best = result.best_path
    asked = _asked_of(result.paths, best)
    fields = [
        q.field
        for q in result.questions
        if (asked is not None and asked.id in q.matters_for)
        or plain_field(q.field) in (COVERAGES, KIND)
    ]
    days = _days((p.deadlines for p in result.paths), result.today)
    return _in_one_row(
        result.paths,
        best,
        insured=any(a.coverage is not None for a in result.answers),
        missing=field_titles(fields, slots, rules),
        next_step=result.first_act,
        days=days,
        places=[(p.coverage, p.position) for p in result.payer_order],
        slots=slots,
        safety=[n.id for n in result.safety],
        words=_words_of_result(result, days, rules),
    )


def _words_of_result(result: Result, days: list[Day], book: Book) -> dict[str, str]:
    leading = result.leading if result.best is not None else None
    told = leading or asked_answer(result.answers)
    path = None
    if told is not None and told.rule is not None:
        own = (told.rule.record, told.coverage, told.treatment)
        ruled = next((p for p in result.paths if (p.record, p.coverage, p.treatment) == own), None)
        policy = policies_by_id(book).get(told.rule.record)
        if ruled is not None and policy is not None:
            path = _rule_path(policy, ruled.bill, book)
    return in_words(result.answers, leading, path, days, book)


def _rule_path(policy: Policy, codes: str, book: Book) -> RulePath:
    return RulePath(
        covers=policy.position in COVERED,
        approval_first=policy.prior_authorization,
        general=policy.id in book.rules_of_many,
        benefit=policy.benefit,
        codes=codes,
    )


@made_once
def policies_by_id(book: Book) -> dict[str, Policy]:
    """Every policy of a payer, a programme or a state."""
    medicaids = (s.medicaid for s in book.states.values() if s.medicaid is not None)
    sheets = (
        *(p.policies for p in book.payers.values()),
        *(p.policies for p in book.programs.values()),
        *(m.policies for m in medicaids),
    )
    return {policy.id: policy for sheet in sheets for policy in sheet}


def _in_one_row(
    paths: Sequence[AnyPath],
    best: AnyPath | None,
    *,
    insured: bool,
    missing: list[str],
    next_step: str | None,
    days: list[Day],
    places: list[tuple[int, str]],
    slots: Slots | None,
    safety: list[str],
    words: dict[str, str],
) -> Summary:
    # Ways to pay stand by their ids: their order by dollars is worked out for a whole result alone.
    listed = sorted(paths, key=lambda p: (p.coverage is None, p.id if p.coverage is None else ""))
    by_outlook = {
        name: SEPARATOR.join(
            p.id for p in listed if p.outlook == outlook and _counts(p, outlook, insured)
        )
        for name, outlook in OUTLOOK_COLUMNS.items()
    }
    return Summary(
        best_path=best.id if best is not None else "",
        best_outlook=best.outlook if best is not None else "",
        missing=SEPARATOR.join(missing),
        next_step=next_step or "",
        next_deadline=min(days)[0].isoformat() if days else "",
        payer_order=_order_text(places, slots),
        safety=SEPARATOR.join(safety),
        **by_outlook,
        **words,
    )


def _counts(path: AnyPath, outlook: str, insured: bool) -> bool:
    """Whether a path stands in a list: for the insured, money and help are never what is likely."""
    return not insured or outlook != "likely" or path.coverage is not None


def _asked_of(paths: Sequence[Some], best: Some | None) -> Some | None:
    """The path whose open answers are told: the best of a cover; with no cover, the best."""
    if best is not None and best.coverage is not None:
        return best
    return next((p for p in paths if p.coverage is not None), best)


def _days(shown: Iterable[Iterable[DeadlineShown]], today: dt.date) -> list[Day]:
    """The days ahead, as a worklist tells them: today where it is urgent, or just past and still open."""
    return [
        (today if d.urgent else _day_of(d, today), d.text)
        for days in shown
        for d in days
        if not d.passed
    ]


def _day_of(shown: DeadlineShown, today: dt.date) -> dt.date:
    """The day itself; of an answer that is awaited the next day by which it may be due."""
    return shown.act_by if shown.kind == "answer_due" else max(shown.date, today)


def long_rows(case: PlainCase, slots: Slots, today: dt.date, book: Book) -> Iterator[list[str]]:
    """The paths of one case, best first, in words, without the id of the case."""
    for path in find_paths(read_case(case, today), today, book):
        steps = steps_of(path)
        days = days_of_path(path, today)
        yield [
            path.id,
            path.outlook,
            " ".join(s.text for s in reasons_of(path)[0]),
            SEPARATOR.join(field_titles(open_fields(path), slots, book)),
            steps[0].text if steps else "",
            days[0].date.isoformat() if days else "",
        ]


# --- in the names of a table ------------------------------------------------------------------------


def field_titles(fields: list[str], slots: Slots | None, book: Book) -> list[str]:
    """Fields of a case as columns of a table, each once, in the order of the template.

    Which kind of insurance it is comes before all else: no rule can be named without it.
    """
    order, columns = column_order(book), column_of_place(book)
    found: dict[str, tuple[bool, int, int]] = {}
    for field in fields:
        place, slot = plain_field(field), _slot_of(field, slots)
        if field == COVERAGES:
            place, slot = KIND, _slot(0, slots)
        if field == "severity":
            place = next((p for p in order if p.startswith(SCORES)), field)
        column = columns.get(place)
        title = column.title(slot) if column is not None else field
        found.setdefault(title, (place != KIND, slot or 0, order.get(place, len(order))))
    return sorted(found, key=lambda t: (*found[t], t))


def _slot_of(field: str, slots: Slots | None) -> int | None:
    """The number by which the columns call one of several, of which a field is."""
    several, index = several_of(field), field.partition("[")[2].partition("]")[0]
    if several is None or not index.isdigit():
        return None
    return _slot(int(index), slots) if several is COVERS else int(index) + several.first


def _slot(index: int, slots: Slots | None) -> int:
    return slots[index] if slots and index < len(slots) else index + 1


def _order_text(places: list[tuple[int, str]], slots: Slots | None) -> str:
    """Who pays first, in the numbers of the table's covers."""
    return SEPARATOR.join(f"coverage_{_slot(i, slots)}: {position}" for i, position in places)
