"""On which points of a rule it hangs now, and which points of it are told at all."""

from __future__ import annotations

from ..engine.criteria import CriterionResult
from ..engine.paths import Candidate
from ..facts.context import COUNTED, Facts, missing_answers
from ..facts.denials import PART_ONLY
from ..logic import Verdict, leaves

THOUGHTS = "suicidal_thoughts"  # asked once, gently; never homework
MOST_DECIDING = 3
# What says whether a rule is this person's, not what it asks for.
NOT_ASKED_OF_ANYBODY = ("programme_applies", "contract_state")


def waits_for_thoughts(facts: Facts, verdict: Verdict) -> bool:
    """Whether only an answer about thoughts of suicide would settle a condition."""
    return set(missing_answers(facts, verdict)) == {THOUGHTS}


def points_judged(rule: Candidate, facts: Facts) -> list[CriterionResult]:
    """The criteria that are points of a rule: its own, and limits of the label that are broken."""
    return [
        j
        for j in rule.judged
        if j.id not in NOT_ASKED_OF_ANYBODY
        and not waits_for_thoughts(facts, j.verdict)
        and not (j.binds is not None and j.value is not False)
        and not (j.informs_only and not rule.criteria_unknown)
    ]


def deciding_of(rule: Candidate, facts: Facts) -> list[CriterionResult]:
    """The one to three points on which it hangs: unmet before unknown, trials before the rest.

    A limit of the label that is broken is all that counts then.

    What nobody is asked about stands last: no answer of the person settles it. On none where only a
    fee beside the drug was refused: the rule on the drug is not in question.
    """
    if facts["denial_subject"] in PART_ONLY:
        return []
    open_ones = [j for j in points_judged(rule, facts) if j.value is not True]
    broken = [j for j in open_ones if j.binds is not None]
    if broken:
        return broken[:MOST_DECIDING]

    def key(judged: CriterionResult) -> tuple[bool, bool, bool, bool]:
        read = {leaf.node.fact for leaf in leaves(judged.verdict)}
        return (
            judged.value is None,
            judged.id != "diagnosis_named",
            "unasked" in read,
            read.isdisjoint(COUNTED),
        )

    return sorted(open_ones, key=key)[:MOST_DECIDING]
