"""The answers of a case, as they are told: will it pay, why, what next, what if not."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from ..engine.answers import Answer
from ..engine.outlook import RANK
from ..engine.paths import Candidate, Path
from ..facts.context import Facts
from ..facts.diagnosis import SUICIDALITY
from ..messages import phrase
from ..result import AnswerShown, RuleShown, StepShown, UnlessShown
from ..schema.appeals import AppealLevel
from ..schema.policies import Policy
from ..vocabulary import COVERED
from .answer_sentences import answer_outlook, assumes_of, covers_words, sentence_of
from .deciding import deciding_of
from .if_no import if_no
from .insurance_names import ANSWERS, diagnosis_short, insurance_name, treatment_brief
from .next_steps import limits_to_see_to, steps_of, without_lead
from .points import points_of

MOST_STEPS = 3
MOST_UNLESS = 2


def show_answers(answers: Sequence[Answer], paths: Container[str]) -> list[AnswerShown]:
    """Every answer, in their order. `paths` are the ids of all paths of the case."""
    return [show_answer(answer, answers, paths) for answer in answers]


def this_week(first: Path | None, root: Facts) -> tuple[StepShown, ...]:
    """The three acts to begin with: those of the leading path."""
    if first is None:
        return without_lead(root)
    return tuple(steps_of(first)[:MOST_STEPS])


def show_answer(answer: Answer, answers: Sequence[Answer], paths: Container[str]) -> AnswerShown:
    """An answer with all that is told beside it."""
    return answer_in_short(answer, answers).model_copy(
        update={
            "unless": tuple(_unless(answer)),
            "assumes": tuple(assumes_of(answer)),
            "if_no": if_no(answer, paths),
        }
    )


def answer_in_short(answer: Answer, answers: Sequence[Answer]) -> AnswerShown:
    """An answer as a list of many people tells it: will it pay, why, what next."""
    rule, facts = answer.rule, answer.facts
    path = answer.path
    return AnswerShown(
        coverage=answer.coverage,
        position=answer.position,
        treatment=answer.treatment,
        asked_for=answer.asked_for,
        outlook=answer_outlook(answer),
        path=path.id if path is not None else None,
        sentence=sentence_of(answer),
        rule=rule_shown(rule) if rule is not None else None,
        points=tuple(points_of(rule, facts)) if rule is not None else (),
        deciding=tuple(j.id for j in deciding_of(rule, facts)) if rule is not None else (),
        next_steps=answer_steps(answer, answers),
    )


def answer_steps(answer: Answer, answers: Sequence[Answer]) -> tuple[StepShown, ...]:
    """The first acts on the path of an answer; before them to ask for what the plan does cover."""
    if answer.path is None:
        return without_lead(answer.facts)
    own = [*_see_to(answer), *steps_of(answer.path)]
    beside = _covered_beside(answer, answers)
    return tuple([*([beside] if beside is not None else []), *own][:MOST_STEPS])


def _see_to(answer: Answer) -> tuple[StepShown, ...]:
    """To speak with the prescriber first, where the answers break a limit of the label."""
    if answer.rule is None or answer.rule.broken is None:
        return ()
    told = phrase("step", "see_to", file=ANSWERS)  # the sentence says what it is
    limits = limits_to_see_to(answer.facts, (answer.treatment,))
    return tuple(step.model_copy(update={"text": told}) for step in limits)[:1]


def _covered_beside(answer: Answer, answers: Sequence[Answer]) -> StepShown | None:
    """To ask about the neighbor, where a rule of the same coverage covers it and not this one."""
    path = answer.path
    if answer.coverage is None or path is None or path.best.urgent or not _uphill(answer):
        return None
    for other in answers:
        same = other.coverage == answer.coverage and other.treatment != answer.treatment
        rule = other.rule
        if same and rule is not None and isinstance(rule.record, Policy) and _is_covered(rule):
            text = _ask_for_neighbor(other, rule.record)
            ident = f"ask_about_{other.treatment}"
            return StepShown(id=ident, who="patient", stage="request", text=text)
    return None


def _ask_for_neighbor(other: Answer, record: Policy) -> str:
    """The step's words: a rule of many plans tells nothing of this one, so it is asked."""
    book = other.facts.book
    names = {
        "treatment": treatment_brief(other.treatment),
        "payer": insurance_name(other.facts),
        "diagnosis": diagnosis_short(book, other.facts.case.diagnosis),
    }
    if record.id in book.rules_of_many:
        return phrase("step", "ask_neighbor_first", file=ANSWERS, **names)
    return phrase("step", "ask_neighbor", file=ANSWERS, covers=covers_words(record), **names)


def _is_covered(rule: Candidate) -> bool:
    """Whether a rule covers its treatment, and the person may still come to meet it."""
    position = getattr(rule.record, "position", None)
    return position in COVERED and RANK[rule.outlook] >= RANK["not_yet"]


def _uphill(answer: Answer) -> bool:
    """Whether no rule covers the treatment, and no no was told that has to be answered first."""
    rule, path = answer.rule, answer.path
    denied = path is not None and isinstance(path.best.record, AppealLevel)
    return not denied and (rule is None or RANK[rule.outlook] <= RANK["uphill"])


def rule_shown(rule: Candidate) -> RuleShown:
    record = rule.record
    policy = record if isinstance(record, Policy) else None
    return RuleShown(
        record=record.id,
        title=policy.title if policy is not None else None,
        number=policy.number if policy is not None else None,
        date=record.as_of,
        confidence=record.confidence,
        seen=record.seen,
        source=record.source,
    )


def _unless(answer: Answer) -> Iterator[UnlessShown]:
    """Rules of the same payer that cover the treatment for another diagnosis than was stated.

    Those that rest on suicidality are never told as a way.
    """
    rule, facts = answer.rule, answer.facts
    if rule is None or answer_outlook(answer) == "likely":
        return
    payer = facts.book.payers.get(facts["payer"] or "")
    program = rule.program
    if payer is None or program is None or rule.record not in payer.policies:
        return
    found = 0
    for policy in payer.policies:
        fits = policy.treatment == answer.treatment and policy.position in COVERED
        here = program.line_of_business in policy.lines_of_business and not policy.states
        named = _diagnosis_named(facts, policy)
        if fits and here and named is not None and policy is not rule.record:
            when = phrase("unless", "diagnosis", file=ANSWERS, diagnosis=named)
            yield UnlessShown(when=when, record=policy.id, outlook="possible")
            found += 1
            if found == MOST_UNLESS:
                return


def _diagnosis_named(facts: Facts, policy: Policy) -> str | None:
    """The first diagnosis that a policy names and the person did not state."""
    known = facts["all_diagnoses"].known
    groups = facts["indication"].known
    if groups & set(policy.indications):
        return None
    for diagnosis in policy.indications:
        record = facts.book.diagnoses.get(diagnosis)
        told = record is not None and diagnosis not in known
        if told and diagnosis != SUICIDALITY:
            return diagnosis_short(facts.book, diagnosis)
    return None
