"""Which law, whose office, which appeal and which outside review, by state and kind of coverage.

The table of `cases/which_law.yaml` was typed by hand; the other jurisdictions are checked for contradictions.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

import pytest
import yaml

from rules import Result, evaluate, load_rules, read_case
from rules.case import STATE_CODES, Case
from rules.documents import make_paper, make_worksheet, markdown
from rules.result import PathShown
from tests.example_model import CASES

TODAY = dt.date(2026, 11, 28)
BOOK = load_rules()
TABLE: dict[str, Any] = yaml.safe_load((CASES / "which_law.yaml").read_text(encoding="utf-8"))
KINDS: dict[str, dict[str, Any]] = {
    "employer_hmo": {"kind": "employer", "funding": "fully_insured", "network": "hmo"},
    "employer_ppo": {"kind": "employer", "funding": "fully_insured", "network": "ppo"},
    "individual": {"kind": "individual"},
    "self_funded_private": {"kind": "employer", "funding": "self_funded", "sponsor": "private"},
    "self_funded_government": {
        "kind": "employer", "funding": "self_funded", "sponsor": "government",
    },
    "medicaid_plan": {"kind": "medicaid", "medicaid": "managed_care"},
    "medicaid_of_state": {"kind": "medicaid", "medicaid": "fee_for_service"},
    "chip": {"kind": "chip"},
    "medicare_part_b": {"kind": "medicare", "medicare": "original", "part_b": True, "part_d": False},
    "medicare_advantage": {"kind": "medicare", "medicare": "advantage"},
    "medicare_part_d": {"kind": "medicare", "medicare": "original", "part_b": False, "part_d": True},
    "va": {"kind": "va"},
    "tricare": {"kind": "tricare"},
    "federal_employee": {"kind": "fehb"},
    "workers_compensation": {"kind": "workers_compensation"},
    "sharing_ministry": {"kind": "sharing_ministry"},
    "short_term": {"kind": "short_term"},
}  # fmt: skip
AGES = {"medicare": 70, "chip": 16}
SAID = {"insurance": "state", "workers_compensation": "workers_compensation"}
OTHERS = sorted(set(STATE_CODES) - set(TABLE["states"]))
CELLS = [(state, kind) for state in TABLE["states"] for kind in KINDS]


@lru_cache(maxsize=4)
def told(state: str, kind: str, level: str) -> tuple[Case, Result]:
    cover = KINDS[kind]
    case = {
        "age": AGES.get(cover["kind"], 45), "state": state, "request": "esketamine",
        "diagnosis": "treatment_resistant_depression", "coverages": [cover],
        "stage": "denied" if level == "initial" else "appeal_denied",
        "denial": {"coverage": 0, "treatment": "esketamine", "notice_date": "2026-11-02",
                   "reason": "not_medically_necessary", "level": level},
    }  # fmt: skip
    if kind == "workers_compensation":
        case["condition_related_to"] = "work"
    read = read_case(case, TODAY)
    return read, evaluate(read, TODAY)


def levels(state: str, kind: str, level: str) -> dict[str, PathShown]:
    """The levels of appeal that are open, by name, each with its path."""
    found = told(state, kind, level)[1].paths
    return {
        f"{p.appeal.appeal_process}.{p.appeal.level}": p
        for p in found
        if p.appeal is not None and p.treatment == "esketamine"
    }


def assert_level(found: dict[str, PathShown], wanted: str) -> None:
    """A level is open, with its last day where the table gives one and with none where it does not."""
    name, _, day = wanted.partition(" ")
    assert name in found, sorted(found)
    days = [d.date.isoformat() for d in found[name].deadlines if d.kind == "file"]
    assert days[:1] == ([day] if day else days[:1]), (name, days)


def outside_reviews(found: dict[str, PathShown]) -> list[str]:
    return [name for name, path in found.items() if path.route == "external_review"]


def test_the_table_names_every_kind_and_no_other() -> None:
    assert set(TABLE["kinds"]) == set(KINDS)


@pytest.mark.parametrize(("state", "kind"), CELLS)
def test_which_law_and_whose_office(state: str, kind: str) -> None:
    wish, place = TABLE["kinds"][kind], TABLE["states"][state]
    case, result = told(state, kind, "initial")
    laws = {p.law for p in result.paths if p.coverage == 0}
    assert laws == {SAID.get(wish["law"], "not_state")}
    sheet = make_worksheet("regulator_complaint", case, result, BOOK)
    assert sheet is not None
    paper = markdown(make_paper("regulator_complaint", case, result, BOOK))
    where = (paper.partition("RE:")[0] + markdown(sheet)).replace("\\", "")
    if wish["office"] != "of_state":
        assert wish["office"] in where
        assert not [o for o in (*place["offices"], *place["hmo"]) if o in where]
    else:
        hmo = kind == "employer_hmo"
        assert not [o for o in place["hmo" if hmo else "offices"] if o not in where], where
        assert not [o for o in place.get("not_hmo", ()) if hmo and o in where], where


@pytest.mark.parametrize(("state", "kind"), CELLS)
def test_the_first_appeal(state: str, kind: str) -> None:
    wish, place = TABLE["kinds"][kind]["first"], TABLE["states"][state]
    found = levels(state, kind, "initial")
    if wish == "of_hearing":
        wish = f"medicaid_ffs_fair_hearing.fair_hearing {place['hearing']}"
    if wish == "of_compensation":
        wish = "workers_comp_generic." + place.get("compensation", "review_reconsideration")
    assert_level(found, wish)
    hearings = [p for p in found.values() if p.route == "fair_hearing"]
    assert bool(hearings) is (kind == "medicaid_of_state")


@pytest.mark.parametrize(("state", "kind"), CELLS)
def test_the_outside_review_and_the_hearing(state: str, kind: str) -> None:
    wish, place = TABLE["kinds"][kind]["review"], TABLE["states"][state]
    found = levels(state, kind, "internal_1")
    if wish == "of_state":
        wish = f"commercial_aca.external_review {place['review']}"
    elif wish == "of_compensation":
        wish = "workers_comp_generic." + place.get("compensation", "state_medical_review")
    elif wish == "of_medicaid":
        day = place.get("medicaid_review")
        wish = f"medicaid_managed_care.outside_review {day}" if day else "none"
    elif wish == "of_chip":
        wish = f"medicaid_managed_care.{place['chip']}" if "chip" in place else "none"
    if wish == "none":
        assert outside_reviews(found) == []
    else:
        assert_level(found, wish)
        assert outside_reviews(found) == [wish.partition(" ")[0]]
    if kind == "medicaid_plan":
        assert_level(found, f"medicaid_managed_care.fair_hearing {place['plan_hearing']}")
    hearings = {name for name, path in found.items() if path.route == "fair_hearing"}
    none = kind == "chip" and place.get("no_chip_hearing", False)
    assert bool(hearings) is (TABLE["kinds"][kind]["law"] == "medicaid" and not none)
    if kind == "tricare":
        both = [a.text for a in found["tricare.formal_review"].alternatives]
        assert any("Quality Monitoring Contractor" in text for text in both)


@pytest.mark.parametrize("state", OTHERS)
@pytest.mark.parametrize(
    "kind", ["employer_ppo", "self_funded_private", "medicaid_plan", "medicare_advantage",
             "va", "federal_employee", "workers_compensation"],
)  # fmt: skip
def test_nothing_contradicts_itself_elsewhere(state: str, kind: str) -> None:
    """No insurance office on another's plan, no hearing outside Medicaid, a day wherever there is a clock."""
    record, law = BOOK.states[state], TABLE["kinds"][kind]["law"]
    found = levels(state, kind, "internal_1")
    reviews = outside_reviews(found)
    offices = [o.name for o in (record.regulator, record.second_regulator) if o is not None]
    if record.consumer_assistance is not None:  # a helpline takes plans of employers too
        offices = [name for name in offices if name != record.consumer_assistance.name]
    medicaid = record.medicaid
    if kind == "employer_ppo":
        assert reviews == ["commercial_aca.external_review"]
    elif kind == "medicaid_plan":
        own = medicaid is not None and medicaid.outside_review is not None
        assert reviews == (["medicaid_managed_care.outside_review"] if own else [])
        offices = []
    text = "".join(p.model_dump_json() for p in found.values())
    assert law == "insurance" or not [name for name in offices if name in text]
    assert any(p.route == "fair_hearing" for p in found.values()) is (law == "medicaid")
    for name, path in found.items():
        process, _, level = name.partition(".")
        clocks = next(x for x in BOOK.appeal_processes[process].levels if x.id == level).file_within
        counted = [c for c in clocks if c.clock.number and c.clock.counted_from != "other"]
        assert path.deadlines or not counted, name
