"""`sources --weigh`: which facts that nobody has checked can decide an outcome, and for how many people."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rules import Case, load_rules
from rules.commands.sources import Weighed, heavy, weigh
from rules.facts.context import DERIVED, Facts
from rules.logic import FactKey, Verdict, compile_condition
from rules.report.rests_on import READ_BY, pivots
from rules.rule_book import Book
from rules.schema.base import Cited, Record
from rules.schema.conditions import Condition
from rules.schema.policies import Payer
from rules.table.sample import made_up_people
from tests.command import run

TODAY = dt.date(2026, 11, 28)
BOOK = load_rules()
POLICY = "cigna_esk_trd"


def book_in_which_it_is(confidence: str) -> Book:
    """The rule book with one policy of Cigna's known in another way."""

    def changed(record: Record) -> Record:
        if not isinstance(record, Payer):
            return record
        policies = tuple(
            p.model_copy(update={"confidence": confidence, "seen": True}) if p.id == POLICY else p
            for p in record.policies
        )
        return record.model_copy(update={"policies": policies})

    payers = [(file, changed(record)) for file, record in BOOK.records["payers"]]
    return Book({**BOOK.records, "payers": payers}, "changed")


def person(*payers: str, **told: Any) -> Case:
    covers = [{"kind": "employer", "funding": "fully_insured", "payer": payer} for payer in payers]
    return Case.model_validate(
        {
            "age": 41,
            "state": "GA",
            "request": "esketamine",
            "diagnosis": "treatment_resistant_depression",
            "coverages": covers,
            **told,
        }
    )


def people_of(found: list[Weighed], policy: str = POLICY) -> list[int]:
    return [w.people for w in found if getattr(w.cited, "id", None) == policy]


def test_a_recalled_policy_is_weighed_by_the_people_for_whom_it_speaks() -> None:
    people = [person("Cigna"), person("Aetna"), person("Cigna", age=52), person("Aetna", age=52)]
    found = weigh(book_in_which_it_is("recalled"), people, TODAY)
    assert people_of(found) == [2]
    (own,) = (w for w in found if getattr(w.cited, "id", None) == POLICY)
    assert (own.file, own.roles) == ("payers/cigna.yaml", ("answer",))


@pytest.mark.parametrize("confidence", ["sourced", "secondary"])
def test_a_policy_that_was_seen_is_not_listed(confidence: str) -> None:
    assert people_of(weigh(book_in_which_it_is(confidence), [person("Cigna")], TODAY)) == []


def test_a_person_counts_once_however_many_answers_rest_on_a_fact() -> None:
    twice = person("Cigna", "Cigna")
    assert people_of(weigh(book_in_which_it_is("recalled"), [twice], TODAY)) == [1]


def test_the_heaviest_stand_first() -> None:
    found = weigh(BOOK, made_up_people(BOOK, 60, 1, TODAY), TODAY)
    weights = [w.people for w in found]
    assert len(weights) > 20
    assert weights == sorted(weights, reverse=True)
    assert all(w.cited.confidence == "recalled" or not w.cited.seen for w in found)


@pytest.mark.parametrize(
    ("people", "rows", "counts"),
    [(1, 1000, 1), (1, 1001, 0), (1, 999, 1), (2, 2000, 1), (2, 2001, 0), (1, 1, 1)],
)
def test_one_in_a_thousand_counts_and_less_does_not(people: int, rows: int, counts: int) -> None:
    some = next(cited for _, _, cited in BOOK.all_facts())
    assert heavy([Weighed("a.yaml", "b", some, people, ("answer",))], rows) == counts


# --- what opens or closes -----------------------------------------------------------------------------


def decides(case: Case, file: str) -> dict[str, tuple[str, ...]]:
    """What of one file is weighed where nobody has checked anything in it: place to roles."""
    records = {
        room: [(f, _unchecked(r) if f == file else r) for f, r in found]
        for room, found in BOOK.records.items()
    }
    found = weigh(Book(records, "unchecked"), [case], TODAY)
    return {w.place: w.roles for w in found if w.file == file}


def _unchecked(thing: Any) -> Any:
    """A record, and all that stands in it, as recalled."""
    if isinstance(thing, tuple):
        return tuple(_unchecked(part) for part in thing)
    if not isinstance(thing, Record):
        return thing
    parts = {name: _unchecked(getattr(thing, name)) for name in type(thing).model_fields}
    known = {"confidence": "recalled"} if isinstance(thing, Cited) else {}
    return thing.model_copy(update={**parts, **known})


def test_a_step_therapy_law_opens_a_way_where_state_law_reaches_the_plan() -> None:
    assert decides(person("Cigna"), "states/ga.yaml")["step_therapy"] == ("open or closed",)


def test_it_may_name_the_plans_of_governments() -> None:
    covers = [{"kind": "employer", "funding": "self_funded", "sponsor": "government"}]
    assert "step_therapy" in decides(person(coverages=covers), "states/ga.yaml")


def test_it_decides_nothing_for_a_plan_that_it_cannot_reach() -> None:
    covers = [
        {"kind": "employer", "funding": "self_funded", "sponsor": "private", "payer": "Cigna"}
    ]
    assert "step_therapy" not in decides(person(coverages=covers), "states/ga.yaml")


def test_without_insurance_the_income_limits_and_the_marketplace_decide() -> None:
    nobody = person(annual_income=14_000, household_size=1, pregnant=False, disabled=False)
    found = decides(nobody, "states/ga.yaml")
    assert found["income_limits"] == ("open or closed",)
    assert "open or closed" in found["exchange"]


def denied(kind: dict[str, Any], **denial: Any) -> Case:
    no = {
        "notice_date": "2026-11-20",
        "level": "initial",
        "reason": "not_medically_necessary",
        **denial,
    }
    return person(coverages=[kind], stage="denied", denial=no)


def test_the_days_of_a_medicaid_hearing_make_a_last_day() -> None:
    found = decides(denied({"kind": "medicaid", "medicaid": "fee_for_service"}), "states/ga.yaml")
    assert found["medicaid.fair_hearing"] == ("last day",)


def test_the_days_of_an_outside_review_make_a_last_day_and_the_appeal_does_not() -> None:
    plan = {"kind": "employer", "funding": "fully_insured", "payer": "Cigna"}
    after = decides(denied(plan, level="internal_2"), "states/ga.yaml")
    assert after["external_review.file_within[0]"] == ("last day",)
    before = decides(denied(plan), "states/ga.yaml")
    assert "external_review.file_within[0]" not in before


def test_the_order_of_two_plans_rests_on_one_rule() -> None:
    two = [{"kind": "medicare", "medicare": "original"}, {"kind": "medicaid", "medicaid": "qmb"}]
    found = decides(person(age=70, coverages=two), "coordination.yaml")
    assert [place.split("[")[0] for place in found] == ["rules"]
    assert list(found.values()) == [("order",)]


# --- which leaf alone decides -------------------------------------------------------------------------


def judged(condition: dict[str, Any], **facts: Any) -> Verdict:
    known: dict[FactKey, Any] = {}
    known.update(facts.items())
    return compile_condition(Condition.model_validate(condition))(known)


BOTH = [{"fact": "a", "is": True}, {"fact": "b", "is": True}]


@pytest.mark.parametrize(
    ("condition", "a", "b", "alone"),
    [
        ({"all": BOTH}, True, True, ["a", "b"]),
        ({"all": BOTH}, True, False, ["b"]),
        ({"all": BOTH}, False, False, []),
        ({"all": BOTH}, None, True, ["a", "b"]),
        ({"all": BOTH}, None, False, ["b"]),
        ({"any": BOTH}, False, False, ["a", "b"]),
        ({"any": BOTH}, True, False, ["a"]),
        ({"any": BOTH}, True, True, []),
        ({"not": {"all": BOTH}}, True, False, ["b"]),
    ],
)
def test_a_leaf_decides_where_it_alone_can_change_the_whole(
    condition: dict[str, Any], a: bool | None, b: bool | None, alone: list[str]
) -> None:
    verdict = judged(condition, a=a, b=b)
    assert [leaf.node.fact for leaf in pivots(verdict)] == alone


# --- nothing that is read is forgotten ----------------------------------------------------------------


class Watched:
    """A state's record that notes which of its parts are read."""

    def __init__(self, record: Record, read: list[Cited]) -> None:
        self._record, self._read = record, read

    def __getattr__(self, name: str) -> Any:
        part = getattr(self._record, name)
        if isinstance(part, Cited):
            self._read.append(part)
        return part


class WatchedBook(Book):
    """A rule book that notes which parts of it are read for the facts of a case."""

    def __init__(self) -> None:
        super().__init__(BOOK.records, "watched")
        self.read: list[Cited] = []
        self.states = {k: Watched(s, self.read) for k, s in self.states.items()}  # type: ignore[misc]

    def parameter(self, name: str, today: dt.date) -> Any:
        values = self.parameters[name].values
        self.read.extend(v for v in values if v.in_force.holds_on(today))
        return super().parameter(name, today)

    def eligibility_value(self, name: str) -> Any:
        assert self.eligibility is not None
        self.read.extend(f for f in self.eligibility.facts if f.id == name)
        return super().eligibility_value(name)


# Parts that are read and decide nothing: which federal figure is this person's, by region or year; whether
# a state's law names plans of governments, where the plan is another's.
ONLY_READ = {
    ("step_therapy_reaches", "StepTherapyLaw"),
    ("income_percent_of_poverty", "IncomeLimits"),
    ("income_percent_for_tax_credit", "IncomeLimits"),
    ("income_percent_for_tax_credit", "Exchange"),
    ("income_opens_tax_credit", "IncomeLimits"),
    ("income_opens_tax_credit", "Exchange"),
}


def test_every_part_that_a_fact_is_read_from_is_known() -> None:
    book = WatchedBook()
    forgotten: set[tuple[str, str]] = set()
    for case in made_up_people(BOOK, 60, 1, TODAY):
        index = 0 if case.coverages else None
        plain = Facts(case, BOOK, TODAY).for_coverage(index, "esketamine")
        for name in DERIVED:
            book.read.clear()
            Facts(case, book, TODAY).for_coverage(index, "esketamine").read(name)
            known = {id(source(plain)) for source in READ_BY.get(name, ())}
            forgotten |= {
                (name, getattr(part, "id", type(part).__name__))
                for part in book.read
                if id(part) not in known
            }
    assert forgotten == ONLY_READ


def test_the_command_tells_the_count_on_its_last_line() -> None:
    lines = run(
        "sources", "--weigh", "--rows", "40", "--seed", "1", "--today", "2026-11-28"
    ).stdout.splitlines()
    assert lines[0].split("\t") == ["per 1,000", "file", "place", "source", "title", "decides"]
    weights = [float(line.split("\t")[0]) for line in lines[1:-1]]
    assert weights == sorted(weights, reverse=True)
    assert set(weights) <= {n * 25 for n in range(1, 41)}
    told = f"{len(weights)} recalled facts can decide an outcome for at least 1 in 1,000 sampled people"
    assert lines[-1] == told


@pytest.mark.parametrize("wrong", [("--rows", "0"), ("--seed", "-1")])
def test_a_sample_of_nobody_is_refused(wrong: tuple[str, str]) -> None:
    done = run("sources", "--weigh", *wrong)
    assert done.returncode != 0
    assert wrong[0] in done.stderr
