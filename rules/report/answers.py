"""The answers of a case, as they are told: will it pay, why, what next, what if not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..engine.answers import Answer
from ..engine.paths import Candidate
from ..facts.context import Facts
from ..messages import phrase
from ..result import AnswerShown, RuleShown, StepShown, UnlessShown
from ..schema.policies import Policy
from ..vocabulary import COVERED
from .answer_sentences import answer_outlook, assumes_of, sentence_of
from .deciding import deciding_of
from .if_no import if_no
from .insurance_names import ANSWERS, diagnosis_short
from .next_steps import steps_of
from .points import points_of

MOST_STEPS = 3
MOST_UNLESS = 2


def show_answers(answers: Sequence[Answer]) -> list[AnswerShown]:
    """Every answer, in their order."""
    return [_show(answer) for answer in answers]


def _show(answer: Answer) -> AnswerShown:
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
        unless=tuple(_unless(answer)),
        assumes=tuple(assumes_of(answer)),
        next_steps=answer_steps(answer),
        if_no=if_no(answer),
    )


def answer_steps(answer: Answer) -> tuple[StepShown, ...]:
    """The first acts on the path of an answer."""
    return tuple(steps_of(answer.path)[:MOST_STEPS]) if answer.path is not None else ()


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
        if told and diagnosis != "major_depression_with_suicidality":
            return diagnosis_short(facts.book, diagnosis)
    return None
