"""What to do on a path, and with which papers: read off its record, its route and its criteria."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Literal

from ..case import plain_field
from ..engine.criteria import CriterionResult
from ..engine.dates import working_day_on_or_before
from ..engine.deadlines import act_by, day_to_keep, running_days
from ..engine.label_limits import in_view, limits_told
from ..engine.paths import KeepDay, Path
from ..facts.context import COUNTED, DERIVED, Facts, missing_answers
from ..logic import Verdict, leaves, open_leaves
from ..made_once import made_once
from ..messages import phrase
from ..result import StepShown
from ..rule_book import Book
from ..schema.appeals import AppealLevel
from ..schema.other import FactDefinition
from ..schema.policies import Policy, StepRecord
from ..schema.shared import FAST_TRACK
from ..vocabulary import STEP_STAGES
from .contacts import contact_of
from .decision_times import unit_words

THOUGHTS = "suicidal_thoughts"  # asked once, gently; never homework
NEAR = dt.timedelta(days=14)  # from here on, to keep care going is asked for today
KIND = "coverages[].kind"


@made_once
def steps_of(path: Path) -> list[StepShown]:
    """What to do on this path, in the order to be read; what is to be found out comes last.

    What is open stands among the questions everywhere, so that the first step is an act. Each of
    the two in the order of the stages: policy, history, referral, records, request, appeal.
    """
    if path.outlook == "closed" and not isinstance(path.best.record, AppealLevel):
        return []
    found: dict[str, StepShown] = {}
    for step in (*_steps_of_records(path), *_steps_of_criteria(path)):
        found.setdefault(step.id, step)
    for step in _steps_of_level(path, tuple(found.values())):
        found.setdefault(step.id, step)
    in_order = sorted(
        found.values(), key=lambda s: (s.kind == "find_out", STEP_STAGES.index(s.stage or "help"))
    )
    before = _before_all_else(path)
    once: dict[str, StepShown] = {}
    for step in (*before, *in_order):
        once.setdefault(step.text, step)
    return list(once.values())


def _steps_of_records(path: Path) -> Iterator[StepShown]:
    """The steps that the path's record, its route and its programme name, for this person."""
    facts, last = path.facts, _day_to_act_by(path)
    for step in step_records(path):
        if step.when is None or not _rules_out(facts, facts.test(step.when)):
            yield _show_step(path, step, last)


def _steps_of_criteria(path: Path) -> Iterator[StepShown]:
    """What finds out, or brings about, the criteria that are not met."""
    for judged in path.best.judged:
        if not judged.informs_only and judged.value is not True:
            yield from _criterion_steps(path, judged)


def _steps_of_level(path: Path, found: Iterable[StepShown]) -> Iterator[StepShown]:
    """What a level of appeal asks for beside the steps that were `found`."""
    level = path.best.record
    if not isinstance(level, AppealLevel):
        return
    if "denial.notice_date" in path.best.needs:
        ident = "find_out_denial_date"
        yield StepShown(
            id=ident, kind="find_out", who="patient", stage="policy", text=phrase("step", ident)
        )
    may_be = _fast_step(path, level, None) if path.facts["urgent"] is None else None
    if may_be is not None:
        yield may_be
    elif not any(s.stage == "appeal" for s in found):
        yield StepShown(
            id=f"start_{level.id}", who="patient", stage="appeal", text=level.how_to_start,
            by=_day_to_act_by(path),
        )  # fmt: skip


def first_step(path: Path) -> StepShown | None:
    """The first step of a path; None where there is nothing to do."""
    return next(iter(steps_of(path)), None)


def first_act(first: Path | None, root: Facts) -> str | None:
    """What to do first of all: the first step of the leading path; None where there is nothing to do."""
    if first is None:
        return act_without_lead(root)
    step = first_step(first)
    return step.text if step is not None else None


def _rules_out(facts: Facts, when: Verdict) -> bool:
    """Whether a step is left out: its condition fails, or waits for thoughts of suicide to be told."""
    return when.value is False or waits_for_thoughts(facts, when)


def waits_for_thoughts(facts: Facts, verdict: Verdict) -> bool:
    """Whether only an answer about thoughts of suicide would settle a condition."""
    return set(missing_answers(facts, verdict)) == {THOUGHTS}


def act_without_lead(root: Facts) -> str | None:
    """What to do first where no path may lead: see to a condition, or find out what cover it is."""
    for limit in limits_told(root, in_view(root.case.request)):
        return limit.says
    if any(c.kind is None for c in root.case.coverages or ()):
        how = next((q.how_to_find_out for q in root.book.questions if q.field == KIND), "")
        return phrase("step", "find_out_kind", how=how)
    return None


def _day_to_act_by(path: Path) -> dt.date | None:
    """The day to act by on a path; none where every way of counting has run out."""
    today = path.facts.today
    ahead = [(day, c) for day, c in running_days(path.candidates) if day.date >= today]
    return act_by(*ahead[0], today) if ahead else None


def _before_all_else(path: Path) -> Iterable[StepShown]:
    """What is to be done today on a level of appeal of appeal: the fast track, and that care goes on."""
    best, today = path.best, path.facts.today
    if not isinstance(best.record, AppealLevel):
        return
    if best.urgent:
        yield _fast_step(path, best.record, today) or _urgent_step(path, today)
    kept = day_to_keep(path.candidates, today)
    if kept is not None:
        day, _ = kept
        says = day.care.if_late if day.over(today) else day.care.says
        yield StepShown(
            id="keep_care", text=says, who="patient", stage="appeal", by=day_to_ask(day, today)
        )


def day_to_ask(day: KeepDay, today: dt.date) -> dt.date:
    """The day to ask that care goes on: today, unless there is plenty of time."""
    if day.date is None or day.date <= today + NEAR:
        return today
    return working_day_on_or_before(day.date)


def _fast_step(path: Path, level: AppealLevel, today: dt.date | None) -> StepShown | None:
    """To ask for the fast decision: today where it is urgent, else if it should be; None: there is none."""
    fast = level.decision.expedited
    if fast is None:
        return None
    full = path.facts.book.steps[FAST_TRACK]
    asks = phrase("step", "ask_fast") if today is not None else full.says
    due = fast.note
    if fast.number:
        due = phrase("step", "fast_answer", number=fast.number, unit=unit_words(fast))
    return StepShown(
        id=FAST_TRACK if path.route == "internal_appeal" else f"{FAST_TRACK}_{path.route}",
        text=" ".join(part for part in (asks, due, path.best.early) if part),
        who="patient" if today is not None else full.who,
        stage="appeal",
        by=today,
        documents=full.documents,
        done_when=full.done_when,
        if_it_fails=full.if_it_fails,
    )


def _urgent_step(path: Path, today: dt.date) -> StepShown:
    """The first act where waiting could do serious harm and no fast track was found."""
    return StepShown(
        id=f"appeal_today_{path.route}",
        text=phrase("step", "no_fast_track"),
        who="patient",
        stage="appeal",
        by=today,
    )


def step_records(path: Path) -> Iterable[StepRecord]:
    record = path.best.record
    yield from getattr(record, "steps", ())
    way = path.facts.book.routes.get(path.route)
    if way is not None and way is not record:
        yield from way.steps
    program = path.best.program
    if program is not None and isinstance(record, Policy):
        yield from program.steps


def _show_step(path: Path, step: StepRecord, last: dt.date | None) -> StepShown:
    """A step as it is read: for this person, whom it calls and the day to act by."""
    bound: dict[str, object] = {}
    contact = contact_of(path, step.contact)
    if contact is not None:
        bound["contact"] = contact
    if step.meets_deadline and last is not None:
        bound["by"] = last
    shown = _step_as_shown(path.facts.book, step)
    return shown.model_copy(update=bound) if bound else shown


@made_once
def _step_as_shown(book: Book, step: StepRecord) -> StepShown:
    return StepShown(
        id=step.id,
        kind=step.kind,
        text=step.says,
        who=step.who,
        stage=step.stage,
        documents=step.documents,
        done_when=step.done_when,
        if_it_fails=step.if_it_fails,
    )


def _criterion_steps(path: Path, judged: CriterionResult) -> Iterable[StepShown]:
    book = path.facts.book
    wrong = [v for v in leaves(judged.verdict) if v.value is False and judged.value is False]
    for leaf in [*open_leaves(judged.verdict), *wrong]:
        record = book.facts.get(leaf.node.fact or "")
        if record is None:
            continue
        if leaf.value is None:
            for what in _to_find_out(path, leaf, record):
                yield _fact_step(book, "find_out", what, what.find_out)
        elif record.to_do and record.changeable:
            yield _fact_step(book, "do", record, record.to_do)


def _to_find_out(path: Path, leaf: Verdict, record: FactDefinition) -> list[FactDefinition]:
    """What to ask for an open fact: never an answer that the case gives already.

    A fact that rests on several answers asks for those that are missing, by the facts that are
    these answers themselves; one that is open though every answer is given asks for nothing.
    """
    if record.id in COUNTED or not record.fields:
        return [record]
    missing = [plain_field(m) for m in path.facts.read(leaf.node.key).missing]
    if not missing:
        return []
    if set(record.fields) <= set(missing):
        return [record]
    direct = _direct_facts(path.facts.book)
    if not all(m in direct for m in missing):
        return [record]
    return [direct[m] for m in dict.fromkeys(missing)]


@made_once
def _direct_facts(book: Book) -> dict[str, FactDefinition]:
    """Facts that rest on one answer, by its field: before others the one that is the answer itself."""
    single = [f for f in book.facts.values() if len(f.fields) == 1]
    single.sort(key=lambda f: f.id not in DERIVED)
    return {f.fields[0]: f for f in single}


STAGE_OF = {"find_out": "policy", "do": "history"}  # of the steps that are made from a fact


@made_once
def _fact_step(
    book: Book, kind: Literal["do", "find_out"], fact: FactDefinition, text: str
) -> StepShown:
    """The step that finds a fact out, or brings it about."""
    return StepShown(
        id=f"{kind}_{fact.id}", kind=kind, text=text, who="patient", stage=STAGE_OF[kind],
        documents=fact.documents,
    )  # fmt: skip


@made_once
def documents_named(path: Path) -> list[str]:
    """The papers that the path's record, its route and its steps name; each once, in order."""
    record = path.best.record
    if path.outlook == "closed" and not isinstance(record, AppealLevel):
        return []
    way = path.facts.book.routes.get(path.route)
    named = [
        *getattr(record, "documents", ()),
        *(way.documents if way is not None else ()),
        *(d for s in steps_of(path) for d in s.documents),
    ]
    return list(dict.fromkeys(named))


def documents_of(path: Path) -> list[str]:
    """The papers of a path, without those that do not apply to this person."""
    book = path.facts.book
    kept = []
    for name in documents_named(path):
        document = book.documents.get(name)
        condition = document.applies_when if document is not None else None
        if condition is None or path.facts.test(condition).value is not False:
            kept.append(name)
    return kept


def open_conditions(path: Path) -> Iterable[Verdict]:
    """Conditions of steps and papers that an answer could still settle."""
    book = path.facts.book
    for step in step_records(path):
        if step.when is not None:
            yield path.facts.test(step.when)
    for name in documents_named(path):
        document = book.documents.get(name)
        if document is not None and document.applies_when is not None:
            yield path.facts.test(document.applies_when)
