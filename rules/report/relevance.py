"""Which open answers can change an answer: each that may is tried, by the one evaluator.

What may change an answer is read off the trace: what the conditions wait for on which the answers
rest, and what is taken as usual while nobody has told otherwise. Only the parts of an evaluation on
which answers rest are made for it: no other ways to pay, no words.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any, get_args

from ..case import PARTS, Case, Score, TriedTreatment, plain_field, words_of_field
from ..case_dates import clashes, future_dates
from ..engine.answers import Answer, answers_of, leading
from ..engine.coordination import payer_order
from ..engine.find_paths import answer_paths, find_paths
from ..engine.label_limits import in_view, limits_told
from ..engine.reading_order import WITHOUT_COVER
from ..engine.treatments import treatments_considered
from ..facts.context import Facts, missing_answers
from ..facts.denials import PART_ONLY
from ..facts.diagnosis import SUICIDALITY
from ..made_once import made_once
from ..rule_book import Book
from ..schema.other import Question
from ..schema.ways import PaymentOption
from .answers import answer_steps
from .deadlines import days_of_path
from .deciding import THOUGHTS, deciding_of, points_judged
from .next_steps import open_conditions


class Told:
    """The answers of a case without their words, in stages: the cheap ones first."""

    def __init__(self, case: Case, book: Book, today: dt.date) -> None:
        root = Facts(case, book, today)
        paths = answer_paths(root) if case.coverages else find_paths(case, today, book)
        self.root = root
        self.answers = answers_of(root, paths)
        self.paths = paths
        self.places = payer_order(root)
        first = leading(self.answers)
        self.first = first.path if first is not None else None
        self.verdicts = (
            [_verdict(a) for a in self.answers],
            self.first.id if self.first is not None else None,
            [(p.coverage, p.position) for p in self.places],
            [limit.id for limit in limits_told(root, in_view(case.request))],
        )

    @cached_property
    def days(self) -> list[object]:
        """The days of each answer."""
        return [_days(a, self.root.today) for a in self.answers]

    @cached_property
    def first_acts(self) -> list[object]:
        """The first act of each answer. Its steps are the dearest part: it is asked for last."""
        return [next((s.id for s in answer_steps(a, self.answers)), None) for a in self.answers]

    @property
    def views(self) -> list[Facts]:
        """All views of the case from which the paths were found."""
        found: dict[int, Facts] = {}
        for path in self.paths:
            view: Facts | None = path.facts
            while view is not None and id(view) not in found:
                found[id(view)] = view
                view = view.parent
        return list(found.values())

    @property
    def rests_on_a_state(self) -> bool:
        """Whether the law of some state has a say in the answers."""
        covers = self.root.case.coverages or ()
        if self.root["denied"] is True or any(
            _states_named(self.root.book, c.payer or "") for c in covers
        ):
            return True
        readings = (r for view in self.views for r in list(view.readings.values()))
        return any("state" in r.because or "state" in r.missing for r in readings)

    def differs(self, other: Told, in_acts: bool) -> bool:
        if self.verdicts != other.verdicts:
            return True
        return in_acts and (self.days != other.days or self.first_acts != other.first_acts)


def _verdict(answer: Answer) -> tuple[object, ...]:
    rule, path = answer.rule, answer.path
    return (
        answer.coverage,
        answer.position,
        answer.treatment,
        path.id if path is not None else None,
        path.outlook if path is not None else None,
        rule.record.id if rule is not None else None,
        [j.id for j in deciding_of(rule, answer.facts)] if rule is not None else None,
    )


def _days(answer: Answer, today: dt.date) -> list[tuple[str, dt.date]]:
    if answer.path is None:
        return []
    return [(d.id, d.date) for d in days_of_path(answer.path, today)]


def answer_fields(
    case: Case, book: Book, today: dt.date, needed: Iterable[str] = ()
) -> frozenset[str]:
    """The open fields of a case whose answer can change an answer; `needed` are not tried."""
    told = Told(case, book, today)
    sure = dict.fromkeys((*needed, *_sure(told)))
    tried = [
        f for f in dict.fromkeys(_read(told))
        if f not in sure and f != THOUGHTS and not _counted(case, f) and _is_open(case, f) and makes_sense(told.root, f)
    ]  # fmt: skip
    return frozenset((*sure, *changing(told, tried)))


def _counted(case: Case, field: str) -> bool:
    """Whether a person who counted what was tried would be asked for the list."""
    return field == "treatments" and case.treatment_counts is not None


def changing(told: Told, fields: Iterable[str]) -> Iterator[str]:
    """Those of some open fields of which an answer changes an answer of the case."""
    case, book, today = told.root.case, told.root.book, told.root.today
    acts = frozenset(_of_acts(told))
    for field in fields:
        for value in values_to_try(told.root, field):
            other = with_answer(case, field, value)
            if _can_be_true(other, today) and Told(other, book, today).differs(told, field in acts):
                yield field
                break


def _can_be_true(case: Case, today: dt.date) -> bool:
    return not future_dates(case, today) and next(iter(clashes(case, today)), None) is None


# --- what may matter, by the trace ----------------------------------------------------------------------


def _sure(told: Told) -> Iterator[str]:
    """What is open in a point of a rule that speaks, in an open place of a payer, and in a limit of the label."""
    for answer in told.answers:
        rule, facts = answer.rule, answer.facts
        part_only = facts["denial_subject"] in PART_ONLY
        if rule is None or rule.broken is not None or rule.outlook == "closed" or part_only:
            continue  # what is not met stands before all that is open
        for judged in points_judged(rule, facts):
            yield from missing_answers(facts, judged.verdict)
    for place in told.places:
        if place.position == "undecided":
            yield from place.missing
    told_by_month = (
        told.root.case.birth_month is not None
    )  # no age that goes with it breaks a limit
    yield from (f for f in safety_fields(told.root) if not (told_by_month and f == "age"))


def safety_fields(root: Facts) -> Iterator[str]:
    """The answers that the label's limits wait for, of the treatments in view."""
    limits = root.book.label_limits
    facts = (x.criterion.fact for t in in_view(root.case.request) for x in limits.get(t, ()))
    for fact in dict.fromkeys(facts):
        yield from root.read(fact).missing


def _read(told: Told) -> Iterator[str]:
    """What was looked at on the way to the answers and is open, and what is taken as usual."""
    if not told.root.case.coverages:
        yield from _of_leading_ways(told)
        return
    for view in told.views:
        for reading in list(view.readings.values()):
            yield from reading.missing
    for path in told.paths:
        for candidate in path.candidates:
            yield from candidate.needs
    for place in told.places:
        yield from place.missing
    yield from _as_usual(told)


def _of_leading_ways(told: Told) -> Iterator[str]:
    """Without insurance: what the ways wait for that may come to lead."""
    yield from ("request", "diagnosis")
    first = told.first.lead if told.first is not None else None
    for path in told.paths:
        way = path.best.record
        if not isinstance(way, PaymentOption) or told.root.case.coverages is None:
            continue
        if first is not None and WITHOUT_COVER[way.about] >= first and path is not told.first:
            continue
        verdicts = [j.verdict for j in path.best.judged]
        if way.leads_without_help_when is not None:
            verdicts.append(told.root.test(way.leads_without_help_when))
        for verdict in verdicts:
            yield from missing_answers(path.facts, verdict)


def _of_acts(told: Told) -> Iterator[str]:
    """What the first act and the days of an answer may wait for."""
    for answer in told.answers:
        if answer.path is not None:
            for verdict in open_conditions(answer.path):
                yield from missing_answers(answer.path.facts, verdict)
            for candidate in answer.path.candidates:
                yield from candidate.needs
    yield from _as_usual(told)
    yield from OF_A_COURSE
    if (
        told.root.case.request_sent_date is not None
    ):  # by when it is answered hangs on whose law it is
        covers = range(len(told.root.case.coverages or ()))
        yield from (f"coverages[{i}].{name}" for i in covers for name in ("funding", "sponsor"))


def _as_usual(told: Told) -> Iterator[str]:
    """What is taken as usual while nobody tells it."""
    covers = range(len(told.root.case.coverages or ()))
    for field in TAKEN_AS_USUAL:
        if "[]" not in field:
            yield field
        elif field != ISSUED_IN or told.rests_on_a_state:
            yield from (field.replace("[]", f"[{i}]") for i in covers)


# --- the answers that are tried -----------------------------------------------------------------------

ISSUED_IN = "coverages[].issue_state"
TAKEN_AS_USUAL = (
    "coverages[].starts", ISSUED_IN, "state", "request_sent_date",
    "appeal.sent_date", "denial.reason", "denial.level", "denial.subject", "denial.kind", "denial.treatment",
    "denial.received_date", "denial.notice_from", "denial.continuing_treatment",
)  # fmt: skip

OF_A_COURSE = ("treatment_status.started", "authorization.start", "authorization.end")

# Days from today that are tried: of what lies ahead, else of what has happened.
AHEAD, BEHIND = (45,), (-2, 0, -100, -900)
MAY_LIE_AHEAD = ("starts", "ends", "end", "effective_date")
NUMBERS: dict[str, tuple[float, ...]] = {
    "age": (10, 18, 64, 66),
    "household_size": (1, 6),
    "annual_income": (0, 16_000, 40_000, 500_000),
    "weeks": (0, 500),
    "daily_dose_mg": (0, 100_000),
    "years_ago": (0, 50),
    "score": (0, 27, 60),
    "esrd_month": (1, 40),
}
COUNTS = (0, 1, 2, 100)
LISTS: dict[str, tuple[Any, ...]] = {
    "treatments": (
        (TriedTreatment(treatment="esketamine_prior", outcome="ongoing"),),
        (),
        tuple(
            TriedTreatment(treatment=t, outcome="no_response", weeks=50, daily_dose_mg=9_000, current_episode=True)
            for t in ("sertraline", "venlafaxine", "bupropion", "mirtazapine", "aripiprazole", "cbt")
        ),
    ),
    "severity": ((), (Score(scale="phq9", score=27),), (Score(scale="phq9", score=1),)),
    "coverages": ((),),
}  # fmt: skip
MOST_PAYERS = 5
ODD_STATES = 3  # of the states that no rule names so many are tried


def values_to_try(root: Facts, field: str) -> Sequence[Any]:
    plain = plain_field(field)
    if plain in ("state", ISSUED_IN):
        return _states_worth(root)
    if plain == "denial.level" and root.case.stage == "denied":
        return ("initial",)  # of an appeal the stage would tell
    if plain == "coverages[].payer":
        return _payers_worth(root.book)
    if plain == "other_diagnoses":
        return [(d,) for d in sorted(words_of_field("diagnosis") or ()) if d != SUICIDALITY]
    if plain in LISTS:
        return LISTS[plain]
    words = words_of_field(plain)
    if words:
        return sorted(words)
    return _plain_values(plain, root.today)


@made_once
def _payers_worth(book: Book) -> tuple[str, ...]:
    """The payers with the most rules, and a name that none bears."""
    most = sorted(book.payers.values(), key=lambda p: -len(p.policies))
    return ("a plan of another name", *(p.id for p in most[:MOST_PAYERS]))


def _states_worth(root: Facts) -> Sequence[str]:
    """Some states, and each that a rule of a payer of the case names."""
    named: dict[str, None] = {}
    for cover in root.case.coverages or ():
        named.update(dict.fromkeys(_states_named(root.book, cover.payer or "")))
    others = [s for s in root.book.states if s not in named]
    odd = ODD_STATES if root["denied"] is True or root.case.state is None else 1
    return (*others[:: len(others) // odd + 1], *named)


@made_once
def _states_named(book: Book, payer: str) -> tuple[str, ...]:
    record = book.payers.get(book.payer_id(payer)) if payer else None
    found: dict[str, None] = {}
    for policy in record.policies if record is not None else ():
        found.update(dict.fromkeys(policy.states))
        found.update(dict.fromkeys(state for state, _ in policy.trial.by_state))
    return tuple(found)


@lru_cache(maxsize=1_000)
def _plain_values(plain: str, today: dt.date) -> tuple[Any, ...]:
    owner, _, name = plain.rpartition(".")
    part = PARTS.get(owner)
    info = part.model_fields.get(name) if part is not None else None
    if info is None:
        return ()
    kinds = set(_plain_kinds(info.annotation))
    if bool in kinds:
        return (True, False)
    if dt.date in kinds:
        days = AHEAD if name in MAY_LIE_AHEAD else BEHIND
        return tuple(today + dt.timedelta(days=n) for n in days)
    return NUMBERS.get(name, COUNTS) if kinds & {int, float} else ()


def _plain_kinds(kind: Any) -> Iterator[Any]:
    yield kind
    for inner in get_args(kind):
        yield from _plain_kinds(inner)


def with_answer(case: Case, field: str, value: object) -> Case:
    """The case with one more answer."""
    owner, _, name = field.rpartition(".")
    if not owner:
        return case.model_copy(update={name: value})
    head, _, rest = owner.partition("[")
    if not rest:
        part = getattr(case, head) or PARTS[head]()
        return case.model_copy(update={head: part.model_copy(update={name: value})})
    index = int(rest.rstrip("]"))
    parts = list(getattr(case, head))
    parts[index] = parts[index].model_copy(update={name: value})
    return case.model_copy(update={head: tuple(parts)})


def _is_open(case: Case, field: str) -> bool:
    part: Any = case
    for name, index in _STEP.findall(field):
        part = getattr(part, name, None)
        if index and part is not None:
            part = part[int(index)]
    return part is None


_STEP = re.compile(r"([a-z_0-9]+)(?:\[(\d+)\])?")


def makes_sense(root: Facts, field: str) -> bool:
    """Whether a field's question can be put to someone who told so much."""
    record = record_of(root.book, field)
    if record is None or record.ask_when is None:
        return True
    index = int(field[10 : field.index("]")]) if field.startswith("coverages[") else None
    values = {
        root.for_coverage(index, t).test(record.ask_when).value for t in treatments_considered(root)
    }
    return True in values if record.only_when_sure else bool(values - {False})


# --- the record of a question ---------------------------------------------------------------------------


@made_once
def _questions_by_field(book: Book) -> dict[str, Question]:
    return {q.field: q for q in book.questions}


def record_of(book: Book, field: str) -> Question | None:
    """The question of a field; of each of several denials it is that of the first."""
    plain = plain_field(field).replace("other_denials[].", "denial.")
    by_field = _questions_by_field(book)
    return by_field.get(plain) or by_field.get(plain.split("[]")[0])
