"""A step in words that name this person's plan, its rule, the treatment and the medicines."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine.answers import rule_without_a_path
from ..engine.dates import add_duration
from ..engine.deadlines import by_notice
from ..engine.paths import Candidate, Path
from ..facts.context import COUNTED, Facts
from ..facts.state import law_state
from ..facts.trials import judge_trial, weeks_needed
from ..logic import Verdict
from ..made_once import made_once
from ..messages import day_words, phrase
from ..schema.policies import Policy, StepRecord, TrialStandard
from .insurance_names import ANSWERS, treatment_brief, who_said_no
from .points import medicine_name, medicines_at
from .state_law import gap_law

SHORT = ("too_short",)  # why a trial does not count though it may have lasted longer than was told


def step_words(path: Path, step: StepRecord) -> str:
    """The words of a step on a path, with the law of the state that it names."""
    law = gap_law(path.facts, surely=True) if step.names_law == "network_gap" else None
    if law is None or not law.law:
        return _own_words(path, step)
    named = phrase("step", "name_law", file=ANSWERS, law=law.law.rstrip("."))
    return f"{_own_words(path, step)} {named}"


def _own_words(path: Path, step: StepRecord) -> str:
    """The words for this person, or those that name the plan's rule."""
    if step.says_when is not None and path.facts.test(step.says_when.when).value is True:
        return step.says_when.says
    starts = path.facts.field("coverages[].starts").value if path.coverage is not None else None
    if step.says_until is not None and starts is not None:
        last = add_duration(starts, step.says_until.days_from_start, "days")
        return step.says_until.says.format(date=day_words(last))
    policy = known_rule(path) if step.says_by_rule is not None else None
    if policy is None or step.says_by_rule is None:
        return step.says
    return step.says_by_rule.format(
        payer=who_said_no(path),
        rule=name_of_rule(policy),
        treatment=treatment_brief(path.treatment),
    )


def name_of_rule(policy: Policy) -> str:
    """How a letter or a caller names a rule: by its number, else by its title."""
    if policy.number:
        return phrase("rule", "number", file=ANSWERS, number=policy.number)
    if policy.title:
        return phrase("rule", "title", file=ANSWERS, title=policy.title)
    return phrase("rule", "own", file=ANSWERS)


def known_rule(path: Path) -> Policy | None:
    """The rule that speaks on a path of a coverage, where its text or its points are known."""
    if path.coverage is None:
        return None
    found = _spoken(path.facts, path.treatment)
    if found is None or not isinstance(found.record, Policy) or _of_another(path, found):
        return None
    policy = found.record
    told = policy.number or policy.title or policy.criteria or policy.alternatives
    return policy if told and found.exact else None


def _of_another(path: Path, rule: Candidate) -> bool:
    """Whether another programme of the coverage said no than the one whose rule speaks, or may have."""
    process, program = path.best.appeal_process, path.best.program
    if process is None or program is None or program.notice is None or rule.program is None:
        return False
    return bool(by_notice(path.candidates)) or rule.program.appeal_process != process.id


@made_once
def _spoken(facts: Facts, treatment: str) -> Candidate | None:
    if facts.parent is None:
        return None
    return rule_without_a_path(facts, treatment)


def trials_to_check(path: Path, leaf: Verdict) -> str | None:
    """To check with the prescriber whether medicines lasted longer than was told; None: not the point."""
    key = leaf.node.key
    if leaf.node.fact not in COUNTED or not isinstance(key, tuple):
        return None
    standard = key[1]
    if not isinstance(standard, TrialStandard):
        return None
    short = list(_short_ones(path.facts, leaf, standard))
    if not short:
        return None
    names = [name for name, _ in short]
    listed = (
        phrase("step", "and", file=ANSWERS).join(names[:2]) if len(names) < 3 else ", ".join(names)
    )
    weeks = max(weeks for _, weeks in short)
    return phrase("step", "check_trials", file=ANSWERS, medicines=listed, weeks=weeks)


def _short_ones(facts: Facts, leaf: Verdict, standard: TrialStandard) -> Iterator[tuple[str, int]]:
    """The medicines that lasted too short to count, and the weeks that would count."""
    default, state = facts.book.default_trial, law_state(facts).value
    for place, tried in medicines_at(facts, leaf):
        record = facts.book.treatments[tried.treatment]
        if judge_trial(tried, record, standard, default, place, state).why in SHORT:
            yield medicine_name(record.name), weeks_needed(tried, record, standard, default, state)
