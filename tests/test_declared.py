"""Outcomes shared by what a record reads: nothing that it does not read may decide."""

from __future__ import annotations

import datetime as dt

from rules import load_rules
from rules.engine.declared import MOST_KEPT, Kept, Reads, reads_of_way
from rules.engine.payment_options import judge_way, way_candidate
from rules.facts.context import Facts
from rules.table.sample import made_up_people

BOOK = load_rules()
TODAY = dt.date(2026, 11, 28)


def test_a_way_to_pay_comes_to_the_same_shared_as_judged_for_the_person_alone() -> None:
    shared = 0
    for case in made_up_people(BOOK, rows=60, seed=7, today=TODAY):
        root = Facts(case, BOOK, TODAY)
        views = [root.for_coverage(None), *map(root.for_coverage, range(len(case.coverages or ())))]
        for way in (*BOOK.ways.values(), *BOOK.routes.values()):
            for facts in views if way.per == "coverage" else views[:1]:
                alone = judge_way(facts, way, (), None)
                found = way_candidate(facts, way, None)
                assert found == alone, (way.id, case)
                shared += found is not None and found is not alone
                assert way_candidate(facts, way, None) is found
    assert shared > 500


def test_one_is_neither_true_nor_one_point_nought() -> None:
    """A kept outcome repeats the number that was told, so numbers of another kind are another answer."""
    way = BOOK.ways["fqhc_sliding_fee"]
    reads = reads_of_way(BOOK, way)
    case = next(made_up_people(BOOK, rows=1, seed=7, today=TODAY))
    facts = Facts(case, BOOK, TODAY)
    whole = reads.of(facts.with_answers({"income_percent_of_poverty": 1}))
    part = reads.of(facts.with_answers({"income_percent_of_poverty": 1.0}))
    assert hash(whole) != hash(part) or whole != part


def test_what_is_kept_is_of_one_day_and_never_too_much() -> None:
    kept: Kept[str] = Kept(Reads((), ()))
    kept.on(TODAY)["a"] = "of today"
    assert kept.on(TODAY) == {"a": "of today"}
    assert kept.on(TODAY + dt.timedelta(days=1)) == {}
    assert kept.on(TODAY) == {}
    for number in range(3 * MOST_KEPT):
        kept.on(TODAY)[number] = "more"
    assert len(kept.on(TODAY)) <= MOST_KEPT + 1
