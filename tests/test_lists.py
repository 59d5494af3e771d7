"""The lists of the forms: the word that is typed comes first, and says all that it means."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest

from rules import load_rules
from wizard import labels
from wizard.answers import Answers
from wizard.interview import quick_form
from wizard.interview.medicines import Brand, medicine_options
from wizard.interview.payer_names import named_payer, payer_options
from wizard.interview.quick_form import Word

TODAY = dt.date(2026, 11, 24)
BOOK = load_rules()
KIND = "coverages[].kind"
QUESTIONS = {q.field: q for q in BOOK.questions if q.kind in ("one", "many")}
CODES = {c for d in BOOK.diagnoses.values() if d.icd10cm is not None for c in d.icd10cm.codes}
NOTHING = -math.inf


def score(typed: str, name: str) -> float:
    """How the browser's list ranks a name for what is typed (the algorithm fzy, as Streamlit has it)."""
    if len(typed) == len(name):
        return math.inf
    bonus, last = [], "/"
    for c in name:
        found = {"/": 0.9, "-": 0.8, "_": 0.8, " ": 0.8, ".": 0.6}.get(last)
        camel = 0.7 if last == last.lower() and c == c.upper() else 0.0
        bonus.append(camel if found is None else found)
        last = c
    ends: list[float] = []
    best: list[float] = []
    for i, letter in enumerate(typed.lower()):
        gap = -0.005 if i == len(typed) - 1 else -0.01
        new_ends, new_best, before = [], [], NOTHING
        for j, c in enumerate(name.lower()):
            here = NOTHING
            if c == letter and i == 0:
                here = -0.005 * j + bonus[j]
            elif c == letter and j:
                here = max(best[j - 1] + bonus[j], ends[j - 1] + 1)
            before = max(here, before + gap)
            new_ends.append(here)
            new_best.append(before)
        ends, best = new_ends, new_best
    return best[-1]


def fits(typed: str, name: str) -> bool:
    letters = iter(name.lower())
    return all(c in letters for c in typed.lower())


def first(typed: str, names: dict[Any, str]) -> Any:
    """The entry that Enter takes."""
    found = [o for o, n in names.items() if fits(typed, n)]
    return max(found, key=lambda o: score(typed, names[o]), default=None)


def answer(option: Any, field: str) -> Any:
    return quick_form.answer_of(option, QUESTIONS[field]) if isinstance(option, Word) else option


@pytest.mark.parametrize("field", sorted(QUESTIONS))
def test_every_word_and_every_answer_that_is_typed_in_full_is_found_first(field: str) -> None:
    names = quick_form.listed(QUESTIONS[field], book=BOOK)
    assert len(set(names.values())) == len(names)
    told: dict[str, set[Any]] = {}
    for option, name in names.items():
        typed = option.text if isinstance(option, Word) else name
        told.setdefault(typed, set()).add(answer(option, field))
    for typed, wanted in told.items():
        assert answer(first(typed, names), field) in wanted, typed
        assert len(wanted) == 1 or typed in CODES, typed


@pytest.mark.parametrize(
    ("field", "typed", "wanted"),
    [
        ("diagnosis", "F33.2", "major_depression"), ("diagnosis", "f332", "major_depression"),
        ("diagnosis", "G90", "crps"), ("diagnosis", "F43.10", "ptsd"), ("other_diagnoses", "M79.7", "fibromyalgia"),
        ("diagnosis", "MDD", "major_depression"), ("diagnosis", "depr", "major_depression"),
        ("diagnosis", "bip", "bipolar_depression"), ("diagnosis", "suicid", "major_depression_with_suicidality"),
        (KIND, "emp", "employer"), (KIND, "employ", "employer"), (KIND, "comm", "employer"), (KIND, "grou", "employer"),
        (KIND, "work", "employer"), (KIND, "worker", "workers_compensation"), (KIND, "adv", "medicare"),
        (KIND, "medica", "medicare"), (KIND, "medicaid", "medicaid"), (KIND, "post", "pshb"), (KIND, "dual", None),
        (KIND, "ppo", None), (KIND, "HMO", None), ("suicidal_thoughts", "denies", "none"),
        ("request", "spra", "esketamine"), ("request", "iv", "iv_ketamine"), ("stage", "denied", "denied"),
    ],
)  # fmt: skip
def test_the_first_letters_find_it_too(field: str, typed: str, wanted: str | None) -> None:
    names = quick_form.listed(QUESTIONS[field], book=BOOK)
    assert answer(first(typed, names), field) == wanted


def test_the_answers_stand_before_the_words_in_their_own_wording() -> None:
    question = QUESTIONS[KIND]
    names = quick_form.listed(question, "No health insurance")
    own = [c.value for c in question.choices]
    assert list(names)[: len(own) + 1] == [*own, quick_form.NO_COVER]
    assert [names[v] for v in own] == [c.label_intake or c.label for c in question.choices]


def test_a_code_of_a_state_finds_that_state() -> None:
    names = {code: labels.state_entry(code) for code, _ in labels.states()}
    for code, name in labels.states():
        assert first(code, names) == code
        assert first(name, names) == code


def test_a_code_that_stands_for_several_diagnoses_offers_each() -> None:
    names = quick_form.listed(QUESTIONS["diagnosis"], book=BOOK)
    found = {answer(o, "diagnosis") for o in names if isinstance(o, Word) and o.text == "F33.2"}
    assert found == {
        d.id for d in BOOK.diagnoses.values() if d.icd10cm and "F33.2" in d.icd10cm.codes
    }


@pytest.mark.parametrize(
    ("typed", "state", "payer"),
    [
        ("aetna", None, "aetna"), ("aet", None, "aetna"), ("UHC", None, "unitedhealthcare"), ("united", None, "unitedhealthcare"),
        ("humana", None, "humana"), ("gold plus", None, "humana"), ("kaiser", None, "kaiser_permanente"),
        ("anthem", None, "elevance"), ("medica", None, "medica"), ("bcbstx", None, "hcsc"), ("ambetter", None, "centene"),
        ("Blue Cross", "TX", "hcsc"), ("bcbs", "TX", "hcsc"), ("Blue Cross Blue Shield", "GA", "elevance"),
        ("Blue Cross", None, "Blue Cross"),
    ],
)  # fmt: skip
def test_an_insurer_is_found_by_any_of_its_names(typed: str, state: str | None, payer: str) -> None:
    chosen = first(typed, dict(payer_options(BOOK)))
    assert named_payer(BOOK, chosen, "coverages[0].payer", {"state": state}.get) == payer


def test_an_insurers_name_is_short_enough_to_read() -> None:
    assert max(len(name) for name in payer_options(BOOK).values()) <= 100


def test_a_medicine_is_found_by_its_name_and_by_each_brand() -> None:
    names = medicine_options(BOOK)
    assert len(set(names.values())) == len(names)
    for option, name in names.items():
        typed = option.name if isinstance(option, Brand) else name
        found = first(typed, names)
        assert ident(found) == ident(option), typed


def ident(option: Any) -> str:
    return option.ident if isinstance(option, Brand) else str(option)


# --- taking ------------------------------------------------------------------------------------------


def field_of(answers: Answers, place: str) -> quick_form.Field:
    fields = [f for g in quick_form.groups(answers, BOOK, TODAY) for f in g.fields]
    return next(f for f in fields if f.place == place)


def take(case: dict[str, Any], typed: str) -> tuple[Answers, quick_form.Taken]:
    answers = Answers(case=case)
    field = field_of(answers, "coverages[0].kind")
    names = quick_form.listed(QUESTIONS[KIND], "No health insurance")
    word = first(typed, names)
    assert isinstance(word, Word)
    return answers, quick_form.take_word(answers, field, word, BOOK, TODAY)


@pytest.mark.parametrize(
    ("typed", "cover"),
    [
        ("advantage", {"kind": "medicare", "medicare": "advantage"}),
        ("ma-pd", {"kind": "medicare", "medicare": "advantage", "part_d": True}),
        ("medigap", {"kind": "medicare", "medicare": "original", "medigap": True}),
        ("qmb", {"kind": "medicaid", "medicaid": "qmb"}),
        ("aso", {"kind": "employer", "funding": "self_funded"}),
        ("aca", {"kind": "individual", "on_exchange": True}),
        ("commercial", {"kind": "employer"}),
    ],
)
def test_a_word_fills_every_field_that_it_answers(typed: str, cover: dict[str, Any]) -> None:
    answers, taken = take({}, typed)
    assert answers.case["coverages"] == [cover]
    assert taken.value == cover["kind"]
    assert {p.rpartition(".")[2] for p in taken.also} == set(cover) - {"kind"}


def test_a_word_for_no_cover_says_that_there_is_none() -> None:
    answers, taken = take({}, "self pay")
    assert answers.case["coverages"] == []
    assert taken.value == quick_form.NO_COVER


@pytest.mark.parametrize("typed", ["dual", "ppo", "managed care"])
def test_a_word_that_is_no_kind_changes_nothing_and_is_told(typed: str) -> None:
    answers, taken = take({}, typed)
    assert answers.empty()
    assert taken.value is None
    assert taken.tells or taken.elsewhere
    answers, taken = take({"coverages": [{"kind": "va"}]}, "dual")
    assert answers.case["coverages"] == [{"kind": "va"}]
    assert taken.value == "va"


def test_a_network_that_is_typed_for_a_known_kind_is_taken_as_the_network() -> None:
    answers, taken = take({"coverages": [{"kind": "employer"}]}, "ppo")
    assert answers.case["coverages"] == [{"kind": "employer", "network": "ppo"}]
    assert taken.value == "employer"


@pytest.mark.parametrize(
    ("case", "typed", "cover"),
    [
        ({"kind": "employer"}, "BCBS", {"kind": "employer", "payer": "hcsc"}),
        ({"kind": "employer"}, "UHC Choice Plus POS", {"kind": "employer", "payer": "unitedhealthcare", "network": "pos"}),
        ({"kind": "employer"}, "Oscar", {"kind": "employer", "payer": "Oscar"}),
        ({"kind": "employer"}, "was Aetna", {"kind": "employer", "payer": "was Aetna"}),
        ({"kind": "employer"}, "Aetna Medicare Advantage", {"kind": "employer", "payer": "aetna"}),
        ({"kind": "medicare", "medicare": "advantage"}, "Humana Gold Plus",
         {"kind": "medicare", "medicare": "advantage", "payer": "humana"}),
    ],
)  # fmt: skip
def test_an_insurers_name_is_read_as_in_a_table(
    case: dict[str, Any], typed: str, cover: dict[str, Any]
) -> None:
    answers = Answers(case={"state": "TX", "coverages": [case]})
    field = field_of(answers, "coverages[0].payer")
    taken = quick_form.take_payer(answers, field, typed, BOOK, TODAY)
    assert answers.case["coverages"] == [cover]
    assert (taken.elsewhere is not None) is ("Medicare Advantage" in typed)
    assert bool(taken.left) is (typed.startswith(("was", "UHC")))
