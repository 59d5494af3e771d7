"""The rules on two coverages: each is told by its verdict, as every other rule is."""

from __future__ import annotations

from typing import Any

import pytest

from rules import read_case
from rules.engine.coordination import payer_order
from rules.facts.context import Facts, missing_answers
from rules.facts.pairs import PairFacts, pair_outcome
from rules.logic import WordSet, leaves
from rules.messages import phrase
from rules.report.payer_order import order_notes, show_order
from tests.cases_of import examples, plain
from tests.example_model import OrderExample
from tests.strategies import BOOK, TODAY

assert BOOK.coordination is not None
RULES = {rule.id: rule for rule in BOOK.coordination.rules}
JOB = {"kind": "employer", "active_employee": True, "employees": "20_to_99"}


def views(*covers: dict[str, Any], **case: Any) -> list[Facts]:
    root = Facts(read_case({"coverages": list(covers), **case}, TODAY), BOOK, TODAY)
    return [root.for_coverage(i) for i in range(len(covers))]


@pytest.mark.parametrize("example", [pytest.param(e, id=e.id) for e in examples("coordination")])
def test_each_coverage_has_its_place_by_its_rule(example: OrderExample) -> None:
    case = read_case(plain({"coverages": example.coverages, **example.case}), TODAY)
    root = Facts(case, BOOK, TODAY)
    places = payer_order(root)
    kinds = [c.get("kind") for c in example.coverages]
    found = [
        {"kind": kinds[p.coverage], "place": p.position, "reason": p.reason, "by": [r.id for r in p.rules],
         "missing": list(p.missing), "bill_first": p.bill_first}
        for p in places
    ]  # fmt: skip
    assert found == [wish.model_dump(exclude={"cover"}) for wish in example.expect_order]
    assert all(
        w.cover in (None, p.coverage) for p, w in zip(places, example.expect_order, strict=True)
    )
    told = [*show_order(root)]
    assert [(p.coverage, p.position) for p in told] == [(p.coverage, p.position) for p in places]
    for position, place in zip(told, places, strict=True):
        assert position.questions == place.missing
        assert position.source == (place.rules[-1].source if place.rules else None)
        if len(place.rules) == 1:
            assert position.why.startswith(place.rules[0].says)
            rest = position.why.removeprefix(place.rules[0].says)
            assert rest in ("", *(f" {phrase('order', key)}" for key in ("by_age", "not_on_duty")))
        assert position.why


MEDICARE, SMALL = {"kind": "medicare"}, {"kind": "employer", "active_employee": True}
DUTY = {"kind": "tricare"}
OPEN = "This is open until you answer a bit more."
BILL = "Until that is clear, it is safe to bill this one first: "
CAME_BY_AGE = "We take it that Medicare came with age."
OFF_DUTY = "we take it that you are not on active duty"


@pytest.mark.parametrize(
    ("covers", "age", "has", "lacks"),
    [
        ([JOB], 40, ["This is the only coverage that was named."], [CAME_BY_AGE]),
        ([JOB, {"kind": "va", "visit_at_or_authorized_by_va": False}], 40,
         ["No other coverage that you named pays for this visit."], []),
        ([JOB, {}], 40, ["The kind of one insurance is not known yet."], []),
        ([JOB, MEDICARE], 70, ["employer of 20 or more", CAME_BY_AGE], [OPEN, OFF_DUTY]),
        ([JOB, {**MEDICARE, "entitled_by": "age"}], 70, ["employer of 20 or more"], [CAME_BY_AGE]),
        ([{"kind": "individual"}, MEDICARE], 70, ["not policies bought alone"], [CAME_BY_AGE]),
        ([JOB, MEDICARE], 40, [OPEN], [CAME_BY_AGE]),
        ([DUTY, MEDICARE], 70, ["TRICARE For Life pays after Medicare", OFF_DUTY], [CAME_BY_AGE]),
        ([{**DUTY, "active_duty": False}, MEDICARE], 70, ["TRICARE For Life pays"], [OFF_DUTY]),
        ([DUTY, {"kind": "medicaid", "medicaid": "fee_for_service"}], 70, ["Medicaid pays last"], [OFF_DUTY]),
        ([SMALL, {**MEDICARE, "entitled_by": "age"}], 70,
         [OPEN, "It depends on which of these fits you", "Under 20 employees", "an employer of 20 or more",
          BILL + "Through a job."], ["More than one rule may fit."]),
        ([{"kind": "employer"}, MEDICARE], None, [OPEN, "More than one rule may fit.", BILL], ["depends on which"]),
        ([{"kind": "workers_compensation"}, JOB], 40, ["accepted work injury"], [OPEN]),
        ([{"kind": "ihs"}, {"kind": "ihs"}], 40, ["The same kind of insurance is named twice."], [BILL]),
        ([{"kind": "tricare", "active_duty": False}, {"kind": "champva"}], 40, ["cannot have CHAMPVA"], [BILL]),
    ],
)  # fmt: skip
def test_the_words_of_a_place(
    covers: list[dict[str, Any]], age: int | None, has: list[str], lacks: list[str]
) -> None:
    told = {"coverages": covers, **({"age": age} if age else {})}
    (first, *_) = show_order(Facts(read_case(told, TODAY), BOOK, TODAY))
    for words in has:
        assert words.lower() in first.why.lower(), first
    for words in lacks:
        assert words.lower() not in first.why.lower(), first


@pytest.mark.parametrize(
    ("kinds", "notes"),
    [
        (["medicare"], []),
        (
            ["medicare", "ihs"],
            ["medicare_advantage_counts_as_medicare", "medigap_follows_original_medicare"],
        ),
        (["medicaid", "ihs"], ["medicaid_provider_no_balance_billing"]),
        (["employer", "medicare"], ["second_payer_covers_what_first_refuses"]),
    ],
)
def test_what_holds_where_kinds_meet(kinds: list[str], notes: list[str]) -> None:
    case = read_case({"coverages": [{"kind": k} for k in kinds]}, TODAY)
    told = {s.text: s for s in order_notes(case, BOOK)}
    assert BOOK.coordination is not None
    says = {m.id: m for m in BOOK.coordination.modifiers}
    assert all(says[note].says in told for note in notes), [*told]
    assert bool(told) is bool(notes)
    for text, sentence in told.items():
        (modifier,) = (m for m in says.values() if m.says == text)
        places = tuple(
            f"coverages[{i}].kind" for i, k in enumerate(kinds) if k in modifier.applies_to
        )
        assert (sentence.because, sentence.source) == (places, modifier.source)


def test_a_verdict_tells_whose_facts_it_read_and_what_it_waits_for() -> None:
    pair = PairFacts(*views({"kind": "employer"}, {"kind": "medicare", "entitled_by": "age"}))
    condition = RULES["working_aged_large_employer"].when
    assert condition is not None
    verdict = pair.test(condition)
    assert verdict.value is None
    assert [leaf.node.key for leaf in leaves(verdict)] == [
        ("other", "entitled_now_by"), ("one", "active_employee"), ("one", "employees"),
    ]  # fmt: skip
    assert missing_answers(pair, verdict) == (
        "coverages[0].active_employee", "coverages[0].employees",
    )  # fmt: skip


def test_a_pair_waits_for_what_its_rules_wait_for() -> None:
    medicare = {"kind": "medicare", "entitled_by": "age"}
    outcome = pair_outcome(*views({"kind": "employer", "active_employee": True}, medicare))
    assert (outcome.first, outcome.missing) == (None, ("coverages[0].employees",))
    assert [r.id for r in outcome.rules] == [
        "working_aged_large_employer", "working_aged_small_employer",
    ]  # fmt: skip
    decided = pair_outcome(*views(JOB, medicare))
    assert (decided.first, [r.id for r in decided.rules]) == (0, ["working_aged_large_employer"])


def test_a_rule_that_stands_the_other_way_round_reads_the_other_coverage() -> None:
    own = {"covers_as": "self"}
    works, retired = {**JOB, **own}, {**JOB, **own, "active_employee": False}
    for covers, first in (((works, retired), 0), ((retired, works), 1)):
        outcome = pair_outcome(*views(*covers))
        assert outcome.first == first
        assert outcome.rules == (RULES["active_before_retired_plan"],)


@pytest.mark.parametrize(
    ("told", "age", "known", "possible"),
    [
        ("disability", 70, {"age"}, {"age"}),
        ("disability", 40, {"disability"}, {"disability"}),
        ("esrd", 70, {"esrd"}, {"esrd"}),
        ("disability", None, {"disability"}, {"disability"}),
        (None, 70, {"age"}, {"age"}),  # taken as the reason; the order says what would change it
        (None, 40, set(), {"disability", "esrd"}),
    ],
)
def test_the_age_tells_why_there_is_medicare_now(
    told: str | None, age: int | None, known: set[str], possible: set[str]
) -> None:
    (facts,) = views({"kind": "medicare", "entitled_by": told}, **({"age": age} if age else {}))
    reading = facts.read("entitled_now_by")
    assert reading.value == WordSet(frozenset(known), frozenset(possible))
    assert reading.missing == (("coverages[0].entitled_by",) if len(possible) > 1 else ())


@pytest.mark.parametrize(
    ("covers", "value", "missing"),
    [
        ([JOB, {"kind": "medicare", "entitled_by": "age"}], True, ()),
        ([JOB, {"kind": "medicare", "entitled_by": "disability"}], False, ()),
        ([JOB, {"kind": "medicare"}], None, ("coverages[1].entitled_by",)),
        ([JOB, {"kind": "tricare"}], "does_not_apply", ()),
        ([{"kind": "va"}, {"kind": "medicare"}], "does_not_apply", ()),
        ([JOB, {}], None, ("coverages[1].kind",)),
    ],
)
def test_a_plan_stands_before_or_after_medicare(
    covers: list[dict[str, Any]], value: Any, missing: tuple[str, ...]
) -> None:
    reading = views(*covers)[0].read("pays_before_medicare")
    assert reading.value == value
    assert set(missing) <= set(reading.missing)
    assert bool(missing) is bool(reading.missing)
