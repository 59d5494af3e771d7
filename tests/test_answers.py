"""The store of answers, and answers as a file."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest

from wizard.answers import Answers, parts_of, put_at, value_at
from wizard.answers_file import FORMAT, VERSION, from_file, to_file
from wizard.counselor.scenario import CounselorDesk, Scenario, ScenarioChange
from wizard.readable import readable

TODAY = dt.date(2026, 11, 24)

DESK = CounselorDesk(
    (
        Scenario(1, "As told", note="With the mother."),
        Scenario(
            3,
            "Ohio, Marketplace",
            (
                ScenarioChange("answer", "state", "OH"),
                ScenarioChange("plan", "0", {"kind": "individual", "on_exchange": True}),
                ScenarioChange("trial", "", "venlafaxine"),
            ),
            "Ask for the premium.",
        ),
        Scenario(4, "Not known", (ScenarioChange("answer", "age"), ScenarioChange("counted"))),
    ),
    "Call on Monday.",
)


def saved(**more: object) -> str:
    """A file of the answers told, with other members."""
    return json.dumps({**json.loads(to_file(told(), TODAY)), **more})


def told() -> Answers:
    answers = Answers(role="counselor", ticked={"send_appeal"})
    for place, value in {
        "age": 42,
        "state": "TX",
        "coverages": [{"kind": "employer", "payer": "aetna"}, {"kind": "medicare"}],
        "denial.notice_date": "2026-11-01",
        "treatments": [{"treatment": "sertraline", "weeks": 10}],
        "money.hsa": True,
    }.items():
        answers.set(place, value)
    answers.set("coverages[1].medicare", None)
    answers.set("request", None)
    return answers


# --- places ---


def test_a_place_is_split_into_names_and_numbers() -> None:
    assert parts_of("coverages[0].payer") == ("coverages", 0, "payer")
    assert parts_of("age") == ("age",)


def test_what_is_put_at_a_place_is_found_there() -> None:
    data: dict[str, object] = {}
    put_at(data, "denial.reason", "other")
    assert data == {"denial": {"reason": "other"}}
    assert value_at(data, "denial.reason") == "other"
    assert value_at(data, "denial.level") is None
    assert value_at(data, "coverages[3].payer") is None


def test_a_group_without_any_answer_goes() -> None:
    answers = Answers()
    answers.set("denial.reason", "other")
    answers.set("denial.reason", None)
    assert answers.case == {}
    assert answers.unknown == {"denial.reason"}


# --- unknown is a value of its own ---


def test_i_dont_know_is_remembered_and_the_case_has_nothing_there() -> None:
    answers = Answers()
    answers.set("age", None)
    assert answers.answered("age")
    assert answers.get("age") is None
    assert answers.case_data() == {}
    answers.set("age", 40)
    assert answers.unknown == set()


def test_no_cover_differs_from_not_knowing() -> None:
    none, unknown = Answers(), Answers()
    none.set("coverages", [])
    unknown.set("coverages", None)
    assert none.case_data() == {"coverages": []}
    assert unknown.case_data() == {}
    assert none.answered("coverages")
    assert unknown.answered("coverages")


def test_false_and_zero_are_answers() -> None:
    answers = Answers()
    answers.set("veteran", False)
    answers.set("annual_income", 0.0)
    assert answers.answered("veteran")
    assert answers.case_data() == {"veteran": False, "annual_income": 0.0}


def test_a_null_in_a_file_is_no_answer_and_can_be_answered() -> None:
    kept, faults = readable({"age": 42, "denial": None}, TODAY)
    assert (kept, faults) == ({"age": 42}, [])
    data: dict[str, object] = {"denial": None}
    put_at(data, "denial.coverage", None)
    put_at(data, "denial.reason", "other")
    assert data == {"denial": {"reason": "other"}}


def test_forgetting_is_as_if_never_asked() -> None:
    answers = told()
    answers.forget("age")
    answers.forget("request")
    assert not answers.answered("age")
    assert not answers.answered("request")


# --- covers ---


def test_removing_a_cover_moves_what_was_said_of_later_ones() -> None:
    answers = told()
    answers.add_cover("va")
    answers.set("coverages[2].visit_at_or_authorized_by_va", None)
    answers.set("denial.coverage", 2)
    answers.remove_cover(0)
    assert [c["kind"] for c in answers.covers()] == ["medicare", "va"]
    assert "coverages[0].medicare" in answers.unknown
    assert "coverages[1].visit_at_or_authorized_by_va" in answers.unknown
    assert answers.get("denial.coverage") == 1


def test_removing_the_denied_cover_forgets_which_one_it_was() -> None:
    answers = told()
    answers.set("denial.coverage", 1)
    answers.remove_cover(1)
    assert answers.get("denial.coverage") is None
    assert answers.get("denial.notice_date") == "2026-11-01"


def test_removing_a_cover_moves_further_denials_of_later_ones() -> None:
    answers = told()
    answers.add_cover("va")
    answers.case["other_denials"] = [{"coverage": 0}, {"coverage": 2, "notice_date": "2026-11-02"}]
    answers.remove_cover(0)
    assert answers.case["other_denials"] == [{"coverage": 1, "notice_date": "2026-11-02"}]


def test_removing_the_last_cover_does_not_say_that_there_is_none() -> None:
    answers = Answers()
    answers.add_cover("va")
    answers.remove_cover(0)
    assert not answers.answered("coverages")


def test_the_case_holds_what_was_told_and_nothing_else() -> None:
    """Of which cover a no is, where there is only one, follows in the facts: nobody told it."""
    answers = Answers()
    answers.add_cover("employer")
    answers.set("stage", "denied")
    assert answers.case_data() == {"coverages": [{"kind": "employer"}], "stage": "denied"}


def test_the_case_given_out_is_a_copy() -> None:
    answers = told()
    answers.case_data()["coverages"][0]["payer"] = "other"
    assert answers.get("coverages[0].payer") == "aetna"


# --- the file ---


def test_what_is_saved_comes_back_the_same() -> None:
    opened = from_file(to_file(told(), TODAY), TODAY)
    assert opened.notices == ()
    assert opened.answers == told()


def test_own_numbers_and_the_desk_come_back_the_same() -> None:
    answers = told()
    answers.own_numbers = {"iv_ketamine.price": Decimal("612.50"), "x": Decimal("0.1")}
    answers.desk = DESK
    opened = from_file(to_file(answers, TODAY), TODAY)
    assert opened.notices == ()
    assert opened.answers == answers


def test_numbers_that_are_none_are_left_out() -> None:
    own = {"a": "12.5", "b": "many", "c": "NaN", "d": "Infinity", "e": 7, "f": None, "g": [1]}
    opened = from_file(saved(own_numbers=own), TODAY)
    assert opened.answers is not None
    assert opened.answers.own_numbers == {"a": Decimal("12.5"), "e": Decimal(7)}


@pytest.mark.parametrize(
    "edit",
    [
        {"kind": "answer", "place": "coverages", "value": 3},
        {"kind": "answer", "place": "", "value": "a"},
        {"kind": "answer", "place": "age", "value": 4200},
        {"kind": "answer", "place": "age.years", "value": 1},
        {"kind": "plan", "place": "first", "value": {"kind": "va"}},
        {"kind": "plan", "place": "0", "value": "va"},
        {"kind": "plan", "place": "", "value": {"kind": "gold"}},
        {"kind": "trial", "value": "moonshine"},
        {"kind": "wish"},
        "x",
        None,
    ],
)
def test_an_edit_that_cannot_be_made_is_left_out_and_told(edit: object) -> None:
    good = {"kind": "answer", "place": "state", "value": "OH"}
    rows = [{"id": 1, "name": "As told"}, {"id": 2, "name": "Other", "edits": [edit, good]}]
    opened = from_file(saved(desk={"variants": rows, "note": "n"}), TODAY)
    assert opened.answers is not None
    assert opened.answers.desk == CounselorDesk(
        (Scenario(1, "As told"), Scenario(2, "Other", (ScenarioChange("answer", "state", "OH"),))),
        "n",
    )
    assert [n.key for n in opened.notices] == ["file.desk_left_out"]


@pytest.mark.parametrize("desk", [3, [], {}, {"variants": 1}, {"variants": [1, {"id": "x"}]}])
def test_a_desk_that_cannot_be_read_leaves_the_answers(desk: object) -> None:
    opened = from_file(saved(desk=desk), TODAY)
    assert opened.answers == told()
    assert [n.key for n in opened.notices] == ["file.desk_left_out"]


def test_no_more_variants_than_there_is_room_for() -> None:
    rows = [{"id": i, "name": "n" * 500, "note": "t" * 5000} for i in range(9)]
    opened = from_file(saved(desk={"variants": rows}), TODAY)
    assert opened.answers is not None
    assert opened.answers.desk is not None
    assert [v.id for v in opened.answers.desk.variants] == [0, 1, 2, 3]
    assert {len(v.name) for v in opened.answers.desk.variants} == {60}
    assert [n.key for n in opened.notices] == ["file.desk_left_out"]


def test_bytes_with_a_mark_of_their_order_are_read() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert from_file(to_file(told(), TODAY).encode(encoding), TODAY).answers == told()


@pytest.mark.parametrize(
    "text", ["", "hello", "[1, 2]", "42", '{"a": 1}', "\x00\x01", "name,age\nA,3\n"]
)
def test_a_foreign_file_says_so_and_gives_nothing(text: str) -> None:
    opened = from_file(text, TODAY)
    assert opened.answers is None
    assert [n.key for n in opened.notices] == ["file.foreign"]


def test_a_file_cut_off_is_told_as_damaged() -> None:
    text = to_file(told(), TODAY)
    opened = from_file(text[: text.index("treatments") + 20], TODAY)
    assert opened.answers is None
    assert [n.key for n in opened.notices] == ["file.damaged"]


def test_every_cut_of_a_file_is_survived() -> None:
    text = to_file(told(), TODAY)
    for end in range(0, len(text), 7):
        opened = from_file(text[:end], TODAY)
        assert opened.notices or opened.answers == told()


def test_a_plain_case_is_read_and_named() -> None:
    opened = from_file(json.dumps({"age": 50, "state": "ny"}), TODAY)
    assert opened.answers is not None
    assert opened.answers.case["age"] == 50
    assert [n.key for n in opened.notices] == ["file.plain_case"]


@pytest.mark.parametrize(
    ("version", "key"), [(1, "file.old"), (None, "file.old"), (VERSION + 1, "file.newer")]
)
def test_another_version_is_read_as_far_as_it_fits(version: int | None, key: str) -> None:
    data = {"format": FORMAT, "version": version, "case": {"age": 50}, "shape_of_then": 1}
    opened = from_file(json.dumps(data), TODAY)
    assert opened.answers is not None
    assert opened.answers.get("age") == 50
    assert [n.key for n in opened.notices] == [key]


def test_fields_that_cannot_be_read_are_named_and_left_out() -> None:
    case = {
        "age": -3,
        "state": "Calfornia",
        "income": 5,
        "request": "esketamine",
        "coverages": [{"kind": "employer", "payer": "aetna"}, {"kind": "employr"}],
        "denial": {"notice_date": "2031-01-01", "reason": "other"},
        "treatments": [{"treatment": "sertraline"}, {"treatment": "not_a_medicine"}],
    }
    kept, faults = readable(case, TODAY)
    assert kept == {
        "request": "esketamine",
        "coverages": [{"kind": "employer", "payer": "aetna"}, {}],
        "denial": {"reason": "other"},
        "treatments": [{"treatment": "sertraline"}],
    }
    assert {f.where for f in faults} == {
        "age", "state", "income", "coverages[1].kind", "denial.notice_date", "treatments[1]",
    }  # fmt: skip


def test_a_denial_of_a_cover_that_is_not_there_is_left_out() -> None:
    kept, faults = readable({"coverages": [], "denial": {"coverage": 3, "reason": "other"}}, TODAY)
    assert kept == {"coverages": [], "denial": {"reason": "other"}}
    assert len(faults) == 1


def test_a_file_in_which_nothing_can_be_read_gives_no_answers() -> None:
    data = {"format": FORMAT, "version": VERSION, "case": {"age": "old"}}
    opened = from_file(json.dumps(data), TODAY)
    assert opened.answers is None
    assert [n.key for n in opened.notices][-1] == "file.nothing_kept"


@pytest.mark.parametrize(
    "case", [None, 3, "text", [], {"coverages": 5}, {"coverages": [1]}, {"money": []}]
)
def test_a_case_of_the_wrong_shape_is_survived(case: object) -> None:
    kept, _ = readable(case, TODAY)
    assert kept == {}  # above all not "no cover", which would be an answer


def test_a_huge_file_is_refused() -> None:
    assert [n.key for n in from_file("x" * 3_000_000, TODAY).notices] == ["file.too_large"]


def test_unknown_fields_of_a_file_are_only_those_of_a_case() -> None:
    data = {
        "format": FORMAT, "version": VERSION, "case": {"age": 4},
        "unknown": ["state", "age", "no_such_field", 7, "", "coverages[0].payer"],
    }  # fmt: skip
    opened = from_file(json.dumps(data), TODAY)
    assert opened.answers is not None
    assert opened.answers.unknown == {"state", "coverages[0].payer"}


def test_a_deeply_nested_file_is_survived() -> None:
    assert from_file("[" * 100_000, TODAY).answers is None
