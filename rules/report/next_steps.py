"""What to do on a path, and with which papers: read off its record, its route and its criteria."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from ..case import plain_field
from ..engine.criteria import CriterionResult
from ..engine.deadlines import act_by, by_notice, running_days
from ..engine.label_limits import in_view, limits_told
from ..engine.paths import Path
from ..engine.treatments import label_fits
from ..facts.context import COUNTED, DERIVED, Facts
from ..facts.coverage import starts_later
from ..logic import Verdict, leaves, open_leaves
from ..made_once import made_once
from ..messages import phrase
from ..result import StepShown
from ..rule_book import Book
from ..schema.appeals import AppealLevel
from ..schema.other import FactDefinition
from ..schema.policies import Policy, StepRecord
from ..vocabulary import COVERED, STEP_STAGES
from .after_a_no import codes_read
from .answer_due import wait_step
from .contacts import contact_of
from .course import beside_label
from .deciding import deciding_of, waits_for_thoughts
from .due_first import before_all_else, fast_step
from .insurance_names import ANSWERS, diagnosis_short, treatment_brief
from .starts_later import until_it_starts
from .step_words import step_words, trials_to_check

KIND = "coverages[].kind"
PAYER = "coverages[].payer"
SENDER = "denial.notice_from"


@made_once
def steps_of(path: Path) -> list[StepShown]:
    """What to do on this path, in the order to be read.

    What is due today; what the reason of a no asks for; what would settle the points on which it
    hangs now; then acts, and last what else is to be found out, each in the order of the stages:
    policy, history, referral, records, request, appeal.
    """
    if path.outlook == "closed" and not isinstance(path.best.record, AppealLevel):
        return []
    found: dict[str, StepShown] = {}
    for step in (
        *_off_label(path), *_insurer_to_find_out(path), *codes_read(path), *_steps_of_records(path),
        *beside_label(path), *_steps_of_criteria(path),
    ):  # fmt: skip
        found.setdefault(step.id, step)
    for step in _steps_of_level(path, tuple(found.values())):
        found.setdefault(step.id, step)
    first = _steps_first(path)

    def key(step: StepShown) -> tuple[float, bool, int]:
        dated = len(first) - 0.5 if step.by is not None else len(first)
        place = first.index(step.id) if step.id in first else dated
        return place, step.kind == "find_out", STEP_STAGES.index(step.stage or "help")

    in_order = sorted(found.values(), key=key)
    waits = wait_step(path)
    if waits is not None:
        in_order = [waits, *(s for s in in_order if s.id not in _sending(path))]
    before = before_all_else(path)
    starts = starts_later(path.facts)
    if starts is not None:
        return list(until_it_starts(path, (*before, *in_order), starts))
    once: dict[str, StepShown] = {}
    for step in (*before, *in_order):
        once.setdefault(step.text, step)
    return [_with_own_papers(path, step) for step in once.values()]


def _with_own_papers(path: Path, step: StepShown) -> StepShown:
    """A step without the papers that surely are not for this person."""
    mine = tuple(d for d in step.documents if _may_apply(path, d))
    return step if mine == step.documents else step.model_copy(update={"documents": mine})


def _may_apply(path: Path, document: str) -> bool:
    """Whether a paper is for this person, or may be."""
    record = path.facts.book.documents.get(document)
    condition = record.applies_when if record is not None else None
    return condition is None or path.facts.test(condition).value is not False


def _sending(path: Path) -> set[str]:
    """The steps by which the request or the appeal of a path is sent."""
    return {s.id for s in step_records(path) if s.meets_deadline} | {f"start_{path.best.record.id}"}


def _steps_first(path: Path) -> list[str]:
    """Ids of the steps that lead: by the reason of a no, then those of the points that decide.

    All points that are not met, and one that is open: what else is open waits until there is time.
    """
    leading = [s.id for s in (*_off_label(path), *beside_label(path), *_sender_to_find_out(path))]
    leading += [s.id for s in step_records(path) if s.leads and _concerns(path.facts, s)]
    leading += [s.id for s in codes_read(path)]
    if not isinstance(path.best.record, Policy):
        return leading
    kind = [j for j in path.best.judged if j.id == "programme_applies" and j.value is None]
    decide = [*kind, *deciding_of(path.best, path.facts)]
    leading.extend(s.id for s in _insurer_to_find_out(path))
    unmet = [j for j in decide if j.value is False]
    still_open = [j for j in decide if j.value is None][: 0 if unmet else 1]
    return leading + [s.id for j in (*unmet, *still_open) for s in _criterion_steps(path, j)]


def _steps_of_records(path: Path) -> Iterator[StepShown]:
    """The steps that the path's record, its route and its programme name, for this person."""
    facts, last = path.facts, _day_to_act_by(path)
    for step in step_records(path):
        if step.when is not None and _left_out(facts, step, facts.test(step.when)):
            continue
        yield _show_step(path, step, step_words(path, step), last)


def _steps_of_criteria(path: Path) -> Iterator[StepShown]:
    """What finds out, or brings about, the criteria that are not met."""
    for judged in path.best.judged:
        if not judged.informs_only and judged.value is not True:
            yield from _criterion_steps(path, judged)


def _off_label(path: Path) -> Iterator[StepShown]:
    """To ask whether it is the right medicine, where its label has uses and names another diagnosis."""
    book, treatment = path.facts.book, path.treatment
    rule = isinstance(path.best.record, Policy) and path.best.record.position in COVERED
    asks = path.coverage is not None and not isinstance(path.best.record, AppealLevel)
    if not book.label_uses.get(treatment) or not asks or rule:
        return
    if label_fits(path.facts, treatment) is not False:
        return
    words = {
        "treatment": treatment_brief(treatment),
        "diagnosis": diagnosis_short(book, path.facts.case.diagnosis),
    }
    text = phrase("step", "ask_off_label", file=ANSWERS, **words)
    yield StepShown(id="ask_off_label", who="patient", stage="policy", text=text)


def _insurer_to_find_out(path: Path) -> Iterator[StepShown]:
    """To find out whose plan it is, where a rule of the insurer may speak and nobody has named it."""
    program, cover = path.best.program, path.facts.coverage
    named = cover is None or cover.payer is not None
    if named or program is None or program.line_of_business is None or program.family == "medicaid":
        return
    how = next((q.how_to_find_out for q in path.facts.book.questions if q.field == PAYER), "")
    text = phrase("step", "find_out_payer", how=how)
    yield StepShown(id="find_out_payer", kind="find_out", who="patient", stage="policy", text=text)


def _steps_of_level(path: Path, found: Iterable[StepShown]) -> Iterator[StepShown]:
    """What a level of appeal asks for beside the steps that were `found`."""
    level = path.best.record
    if not isinstance(level, AppealLevel):
        return
    yield from _sender_to_find_out(path)
    if f"{path.facts.denial_place}.notice_date" in path.best.needs:
        ident = "find_out_denial_date"
        yield StepShown(
            id=ident, kind="find_out", who="patient", stage="policy", text=phrase("step", ident)
        )
    may_be = fast_step(path, level, None) if path.facts["urgent"] is None else None
    if may_be is not None:
        yield may_be
    elif not any(s.stage == "appeal" for s in found):
        yield StepShown(
            id=f"start_{level.id}", who="patient", stage="appeal", text=level.how_to_start,
            by=_day_to_act_by(path), contact=contact_of(path, level.contact),
        )  # fmt: skip


def _sender_to_find_out(path: Path) -> Iterator[StepShown]:
    """To look who sent the letter, where several programmes may have said no."""
    if SENDER not in {need for c in by_notice(path.candidates) for need in c.needs}:
        return
    fact = _direct_facts(path.facts.book)[SENDER]
    yield _fact_step(path.facts.book, "find_out", fact, fact.find_out)


def first_step(path: Path) -> StepShown | None:
    """The first step of a path; None where there is nothing to do."""
    return next(iter(steps_of(path)), None)


def first_act(first: Path | None, root: Facts) -> str | None:
    """What to do first of all: the first step of the leading path; None where there is nothing to do."""
    if first is None:
        return next((step.text for step in without_lead(root)), None)
    step = first_step(first)
    return step.text if step is not None else None


def _left_out(facts: Facts, step: StepRecord, when: Verdict) -> bool:
    """Whether a step is left out: its condition fails, or waits for thoughts of suicide to be told.

    One that goes before all others rests on what was told: while its condition is open it waits too,
    unless it has words for that (those beside `says_until`).
    """
    if step.leads and when.value is None and step.says_until is None:
        return True
    return when.value is False or waits_for_thoughts(facts, when)


def _concerns(facts: Facts, step: StepRecord) -> bool:
    """Whether a step surely concerns the person."""
    return step.when is None or facts.test(step.when).value is True


def limits_to_see_to(facts: Facts, treatments: Sequence[str]) -> Iterator[StepShown]:
    """The limits of the label that the answers break, as things to speak about first."""
    for limit in limits_told(facts, treatments):
        yield StepShown(id=f"see_to_{limit.id}", who="patient", stage="safety", text=limit.says)


def without_lead(root: Facts) -> tuple[StepShown, ...]:
    """What to do first where no path may lead: see to a condition, or find out what coverage it is."""
    for step in limits_to_see_to(root, in_view(root.case.request)):
        return (step,)
    if root.case.coverages is None:
        text = phrase("step", "find_out_coverages")
        ident = "find_out_coverages"
        return (StepShown(id=ident, kind="find_out", who="patient", stage="policy", text=text),)
    if any(c.kind is None for c in root.case.coverages or ()):
        how = next((q.how_to_find_out for q in root.book.questions if q.field == KIND), "")
        text = phrase("step", "find_out_kind", how=how)
        ident = "find_out_kind"
        return (StepShown(id=ident, kind="find_out", who="patient", stage="policy", text=text),)
    return ()


def _day_to_act_by(path: Path) -> dt.date | None:
    """The day to act by on a path; none where every way of counting has run out."""
    today = path.facts.today
    ahead = [(day, c) for day, c in running_days(path.candidates) if day.date >= today]
    return act_by(*ahead[0], today) if ahead else None


def step_records(path: Path) -> Iterable[StepRecord]:
    record = path.best.record
    yield from getattr(record, "steps", ())
    way = path.facts.book.routes.get(path.route)
    if way is not None and way is not record:
        yield from way.steps
    program = path.best.program
    if program is not None and isinstance(record, Policy):
        yield from program.steps


def _show_step(path: Path, step: StepRecord, words: str, last: dt.date | None) -> StepShown:
    """A step as it is read: for this person, whom it calls and the day to act by."""
    bound: dict[str, object] = {"text": words} if words != step.says else {}
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
        if record.id == "unasked":
            yield from _ask_point(path, judged)
        elif leaf.value is None:
            for what in _to_find_out(path, leaf, record):
                yield _fact_step(book, "find_out", what, what.find_out)
        elif record.to_do and record.changeable:
            checks = trials_to_check(path, leaf)
            step = _fact_step(book, "do", record, record.to_do)
            yield step.model_copy(update={"text": checks}) if checks else step


def _ask_point(path: Path, judged: CriterionResult) -> Iterable[StepShown]:
    """To ask about a point of the text that no answer here settles; what a renewal asks is told with it."""
    if judged.criterion is None or not judged.criterion.says or judged.id == "renewal":
        return
    yield StepShown(
        id=f"find_out_{judged.id}", kind="find_out", who="patient", stage=STAGE_OF["find_out"],
        text=phrase("step", "ask_point", file=ANSWERS, point=judged.criterion.says),
    )  # fmt: skip


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
    return [name for name in documents_named(path) if _may_apply(path, name)]


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
