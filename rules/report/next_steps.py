"""What to do on a path, and with which papers: read off its record, its route and its criteria."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from ..case import plain_field
from ..engine.appeals import opened_early
from ..engine.criteria import CriterionResult
from ..engine.dates import working_day_on_or_before
from ..engine.deadlines import act_by, by_notice, day_to_keep, running_days
from ..engine.label_limits import in_view, limits_told
from ..engine.paths import KeepDay, Path, Renewal
from ..engine.treatments import label_fits
from ..facts.context import COUNTED, DERIVED, Facts
from ..facts.coverage import starts_later
from ..logic import Verdict, leaves, open_leaves
from ..made_once import made_once
from ..messages import in_mid_sentence, phrase
from ..result import StepShown
from ..rule_book import Book
from ..schema.appeals import AppealLevel
from ..schema.other import FactDefinition
from ..schema.policies import Policy, StepRecord
from ..schema.shared import FAST_TRACK
from ..vocabulary import COVERED, STEP_STAGES
from .after_a_no import codes_read
from .answer_due import sent_on, wait_step
from .contacts import contact_of
from .course import beside_label
from .deciding import deciding_of, waits_for_thoughts
from .decision_times import unit_words
from .insurance_names import ANSWERS, diagnosis_short, insurance_name, treatment_brief
from .starts_later import until_it_starts
from .step_words import step_words, trials_to_check

RENEW_DAYS_BEFORE = (30, 14, 7)  # the end of an approval: to ask, and to ask how it stands
NEAR = dt.timedelta(days=14)  # from here on, to keep care going is asked for today
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
    before = _before_all_else(path)
    starts = starts_later(path.facts)
    if starts is not None:
        return list(until_it_starts(path, (*before, *in_order), starts))
    once: dict[str, StepShown] = {}
    for step in (*before, *in_order):
        once.setdefault(step.text, step)
    return list(once.values())


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
    may_be = _fast_step(path, level, None) if path.facts["urgent"] is None else None
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

    One that goes before all others rests on what was told: while its condition is open it waits too.
    """
    if step.leads and when.value is None:
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


def _before_all_else(path: Path) -> Iterable[StepShown]:
    """What is to be done today on a level of appeal of appeal: the fast track, and that care goes on."""
    best, today = path.best, path.facts.today
    if best.renewal is not None and sent_on(path) is None:
        yield _renewal_step(path, best.renewal, today)
    if not isinstance(best.record, AppealLevel):
        return
    if best.urgent:
        yield _fastest_step(path, best.record, today) or _urgent_step(path, today)
    if best.appeal_process is not None and best.program is not None:
        for level, says in opened_early(path.facts, best.appeal_process, best.program):
            if level.route != path.route:
                yield _early_step(path, level, says, today if best.urgent else None)
    kept = day_to_keep(path.candidates, today)
    if kept is not None:
        day, _ = kept
        says = day.care.if_late if day.over(today) else day.care.says
        yield StepShown(
            id="keep_care", text=says, who="patient", stage="appeal", by=day_to_ask(day, today)
        )


def _renewal_step(path: Path, renewal: Renewal, today: dt.date) -> StepShown:
    """To have an approval renewed before it ends; where its end is not known, to ask for it."""
    key = "renew" if renewal.ends is not None else "renew_open"
    payer = insurance_name(path.facts)
    text = phrase("step", key, file=ANSWERS, payer=payer, treatment=treatment_brief(path.treatment))
    by = day_to_renew(renewal.ends, today) if renewal.ends is not None else None
    record = path.best.record
    needs = record.authorization.renewal_needs if isinstance(record, Policy) else None
    asks = phrase("authorization", "needs", needs=needs) if needs else None
    told = path.facts.case.treatment_status
    scores = (told.score_before, told.score_now) if told is not None else (None, None)
    worse = scores[0] is not None and scores[1] is not None and scores[1] >= scores[0]
    why = phrase("step", "not_better", file=ANSWERS) if worse else None
    return StepShown(
        id="renew_approval", text=" ".join(t for t in (text, asks, why) if t), who="clinic",
        stage="request", by=by, documents=("prior_authorization_packet",),
    )  # fmt: skip


def day_to_renew(ends: dt.date, today: dt.date) -> dt.date:
    """The day to have a renewal sent: the next of those to ask on, or today where all have passed."""
    return next(iter(days_to_renew(ends, today)), today)


def days_to_renew(ends: dt.date, today: dt.date) -> tuple[dt.date, ...]:
    """The days to ask for a renewal that are still to come, each moved to a working day before it."""
    marks = (ends - dt.timedelta(days=days) for days in RENEW_DAYS_BEFORE)
    return tuple(max(today, working_day_on_or_before(m)) for m in marks if m >= today)


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
        contact=contact_of(path, level.contact),
        by=today,
        documents=full.documents,
        done_when=full.done_when,
        if_it_fails=full.if_it_fails,
    )


def _fastest_step(path: Path, level: AppealLevel, today: dt.date) -> StepShown | None:
    """To ask for the fast decision; where not every letter that may have come opens one, named by the one that does."""
    senders = by_notice(path.candidates)
    steps = [
        (c.program.notice, _fast_step(path, c.record, today))
        for c in senders
        if isinstance(c.record, AppealLevel)
        and c.program is not None
        and c.program.notice is not None
    ]
    fast = [(notice, step) for notice, step in steps if step is not None]
    if len(fast) == len(steps):
        return _fast_step(path, level, today)
    return next(
        (
            step.model_copy(
                update={"text": f"{phrase('deadline', 'by_notice', came=notice.came)} {step.text}"}
            )
            for notice, step in fast
        ),
        None,
    )


def _early_step(path: Path, level: AppealLevel, says: str, today: dt.date | None) -> StepShown:
    """To ask at the same time for a level of appeal that is open beside this one."""
    fast = level.decision.expedited if today is not None else None
    due = ""
    if fast is not None and fast.number:
        due = phrase("step", "fast_answer", number=fast.number, unit=unit_words(fast))
    asks = phrase("step", "ask_beside", name=in_mid_sentence(level.name))
    filing = next((s for s in level.steps if s.meets_deadline), None)
    by_state = level.state_limit is not None and path.facts["state_regulated"] is True
    return StepShown(
        id=f"ask_beside_{level.route}",
        text=" ".join(part for part in (asks, says, due) if part),
        who="patient",
        stage="appeal",
        contact=contact_of(path, level.contact or ("overseer" if by_state else "plan")),
        by=today,
        documents=filing.documents[:1] if filing is not None else (),
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
