"""The table of `table12.yaml`: its cases, its answers worked out by hand, and our evaluator."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

import yaml

from rules.logic import Facts, Node, Test, Verdict, compile_condition
from rules.schema.conditions import Condition

SEED = 20261124
Case = dict[str, Any]


@dataclass(frozen=True)
class Rule:
    outcome: str
    when: Condition | None  # None: always met


@dataclass(frozen=True)
class Table:
    answers: dict[str, tuple[Any, ...]]  # for each field, the answers that may be given
    rules: tuple[Rule, ...]

    @property
    def outcomes(self) -> tuple[str, ...]:
        return tuple(rule.outcome for rule in self.rules)


class Answer(NamedTuple):
    """The first rule that is met, the rules before it that may be met, and the whole trace."""

    outcome: str | None
    open_before: tuple[str, ...]
    verdicts: tuple[Verdict, ...]


@cache
def table12() -> Table:
    data = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    answers = {
        field: tuple(range(said["from"], said["to"] + 1)) if isinstance(said, dict) else tuple(said)
        for field, said in data["answers"].items()
    }
    rules = tuple(
        Rule(r["outcome"], Condition.model_validate(r["when"]) if "when" in r else None)
        for r in data["rules"]
    )
    return Table(answers, rules)


def made_up_cases(count: int) -> list[Case]:
    """The same `count` cases on every run: each answer drawn evenly from those possible."""
    draw = random.Random(SEED)
    answers = table12().answers
    return [{field: draw.choice(said) for field, said in answers.items()} for _ in range(count)]


def leaves_of(condition: Condition | None) -> tuple[Condition, ...]:
    """The comparisons of a rule that is none, one comparison, or `all` of several."""
    return condition.all or (condition,) if condition is not None else ()


def tests_of(table: Table) -> tuple[Test, ...]:
    """The compiled condition of each rule; a rule without one is always met."""
    return tuple(compile_condition(r.when) if r.when else _always_met for r in table.rules)


def _always_met(facts: Facts) -> Verdict:
    return _ALWAYS


_ALWAYS = Verdict(True, Node("always", None, None, None, Condition.model_construct()), None, ())


def evaluator(table: Table) -> Callable[[Case], Answer]:
    """Evaluates all rules of a table on one case, keeps every verdict, names the first rule met."""
    tests = tests_of(table)
    outcomes = table.outcomes

    def decide(case: Case) -> Answer:
        facts = cast("Facts", case)  # text keys alone are facts' keys too
        verdicts = tuple([test(facts) for test in tests])
        maybe: list[str] = []
        for outcome, verdict in zip(outcomes, verdicts, strict=True):
            if verdict[0] is True:
                return Answer(outcome, tuple(maybe), verdicts)
            if verdict[0] is None:
                maybe.append(outcome)
        return Answer(None, tuple(maybe), verdicts)

    return decide


def by_hand(
    plan: str, treatment: str, diagnosis: str, failed_trials: int, age: int, rems_site: bool
) -> str:
    """The same table written out by hand, so that no engine is its own judge."""
    depressed = diagnosis in ("trd", "mdsi")
    if plan == "uninsured":
        return "self_pay"
    if treatment == "iv_ketamine":
        if plan == "commercial" and diagnosis == "chronic_pain":
            return "case_by_case_pain"
        if plan in ("medicare_original", "medicare_advantage"):
            return "iv_unlikely_medicare"
        return "iv_unlikely_medicaid" if plan == "medicaid" else "iv_exception_request"
    if age < 18:
        return "off_label_minor"
    if not rems_site:
        return "site_not_certified"
    if depressed and failed_trials < 2:
        return "step_therapy_first"
    if depressed and plan == "medicare_original":
        return "part_b_buy_and_bill"
    if depressed and plan in ("commercial", "medicare_advantage"):
        return "prior_auth_likely"
    if diagnosis == "trd" and plan in ("medicaid", "tricare_va"):
        return "prior_auth_state_rules"
    return "needs_human_review"
