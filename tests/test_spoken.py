"""What people write for a cover: nothing that is understood is lost, what is not understood is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules import CaseError, load_rules, read_case
from rules.table import RowFault, case_of_row, screen, screen_file
from rules.table.cases import build_case, error_text
from rules.table.columns import read_header
from rules.table.rows import RowReader
from tests.how_often import often
from tests.strategies import TODAY

BOOK = load_rules()
MA: dict[str, Any] = {"kind": "medicare", "medicare": "advantage"}
ORIGINAL: dict[str, Any] = {"kind": "medicare", "medicare": "original"}
MANAGED: dict[str, Any] = {"kind": "medicaid", "medicaid": "managed_care"}
MARKET: dict[str, Any] = {"kind": "individual", "on_exchange": True}


def cover(**cells: str) -> dict[str, Any]:
    """The first cover of a row (of a Texan, where nothing else is said)."""
    covers: list[dict[str, Any]] = case_of_row({"state": "TX", **cells}, TODAY)["coverages"]
    return covers[0]


def told(**cells: str) -> str:
    return str(screen(pd.DataFrame([{"state": "TX", **cells}]), TODAY).iloc[0]["remarks"])


def fault(**cells: str) -> str:
    with pytest.raises(RowFault) as found:
        case_of_row({"state": "TX", **cells}, TODAY)
    return str(found.value)


# --- the column of the kind ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("medicare_advantage", MA), ("Medicare Advantage", MA), ("MA", MA), ("ma plan", MA), ("Part C", MA),
        ("Medicare Adv", MA), ("MA-PD", {**MA, "part_d": True}), ("MAPD", {**MA, "part_d": True}),
        ("D-SNP", {**MA, "part_d": True}), ("Medicare HMO", {**MA, "network": "hmo"}),
        ("Medicare PPO", {**MA, "network": "ppo"}), ("Medicare Advantage PPO", {**MA, "network": "ppo"}),
        ("MA HMO", {**MA, "network": "hmo"}), ("Managed Medicare", MA),
        ("original medicare", ORIGINAL), ("Traditional Medicare", ORIGINAL), ("Medicare FFS", ORIGINAL),
        ("medicare part b", {**ORIGINAL, "part_b": True}), ("Medicare A/B", {**ORIGINAL, "part_b": True}),
        ("Medicare A & B", {**ORIGINAL, "part_b": True}),
        ("medigap", {**ORIGINAL, "medigap": True}), ("Medicare Supplement", {**ORIGINAL, "medigap": True}),
        ("medicaid mco", MANAGED), ("managed medicaid", MANAGED), ("Medicaid HMO", MANAGED),
        ("Texas Medicaid MCO", MANAGED),
        ("medicaid ffs", {"kind": "medicaid", "medicaid": "fee_for_service"}),
        ("straight medicaid", {"kind": "medicaid", "medicaid": "fee_for_service"}),
        ("QMB", {"kind": "medicaid", "medicaid": "qmb"}), ("slmb", {"kind": "medicaid", "medicaid": "slmb"}),
        ("spend down", {"kind": "medicaid", "medicaid": "spend_down"}),
        ("Medicaid pending", {"kind": "medicaid", "medicaid": "pending"}),
        ("tricare prime", {"kind": "tricare"}), ("tricare select", {"kind": "tricare", "network": "ppo"}),
        ("marketplace", MARKET), ("exchange", MARKET), ("QHP", MARKET), ("Obamacare", MARKET), ("ACA plan", MARKET),
        ("Marketplace HMO", {**MARKET, "network": "hmo"}),
        ("off-exchange", {"kind": "individual", "on_exchange": False}),
        ("self-funded employer", {"kind": "employer", "funding": "self_funded"}),
        ("ASO", {"kind": "employer", "funding": "self_funded"}),
        ("fully insured group", {"kind": "employer", "funding": "fully_insured"}),
        ("employer PPO, self-insured", {"kind": "employer", "network": "ppo", "funding": "self_funded"}),
        ("retiree plan", {"kind": "employer", "active_employee": False}),
        ("BCBS FEP", {"kind": "fehb", "payer": "fep"}), ("cobra", {"kind": "cobra"}),
        ("short-term", {"kind": "short_term"}), ("group", {"kind": "employer"}),
        ("Humana Medicare Advantage", {**MA, "payer": "humana"}),
    ],
)  # fmt: skip
def test_a_word_says_every_answer_that_it_holds(word: str, says: dict[str, Any]) -> None:
    assert cover(coverage_1_kind=word) == says


@pytest.mark.parametrize("word", ["PPO", "HMO", "EPO", "POS"])
def test_a_network_is_no_kind_of_cover(word: str) -> None:
    assert cover(coverage_1_kind=word) == {"network": word.lower()}
    assert f"“{word}”" in told(coverage_1_kind=word)
    assert "pshb" not in told(coverage_1_kind=word)


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("dual", "two kinds of insurance"), ("Dual Eligible", "two kinds of insurance"), ("medi-medi", "two kinds of insurance"),
        ("Medicare/Medicaid", "two kinds of insurance"), ("Medicare + Medicaid", "two kinds of insurance"),
        ("Medicare, VA", "both medicare and va"), ("commercial", "Nearest valid: employer"),
        ("Commercial PPO", "Nearest valid: employer"), ("MCO", "managed_care"),
        ("no medicare", "Not understood: “no”"), ("Medicare?", "Not understood: “?”"),
        ("lost Medicaid", "Not understood: “lost”"), ("was employer", "Not understood: “was”"),
        ("Medicare dental", "Not understood: “dental”"),
    ],
)  # fmt: skip
def test_what_is_not_one_answer_is_refused_with_its_reason(word: str, words: str) -> None:
    assert words in fault(coverage_1_kind=word)


@pytest.mark.parametrize("word", ["D-SNP", "qmb plus", "TRICARE for Life", "Medicare Part A"])
def test_what_a_word_leaves_open_is_told(word: str) -> None:
    assert cover(coverage_1_kind=word)["kind"] in ("medicare", "medicaid", "tricare")
    assert f"“{word}”" in told(coverage_1_kind=word)


# --- the column of the payer -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Medicare Adv - Humana", {**MA, "payer": "humana"}), ("Humana Gold Plus", {**MA, "payer": "humana"}),
        ("Aetna Medicare Advantage", {**MA, "payer": "aetna"}), ("Humana MA HMO", {**MA, "payer": "humana", "network": "hmo"}),
        ("UHC Dual Complete", {**MA, "payer": "unitedhealthcare", "part_d": True}),
        ("AARP MedicareComplete (UHC)", {**MA, "payer": "unitedhealthcare"}),
        ("Kaiser Senior Advantage", {**MA, "payer": "kaiser_permanente", "network": "hmo"}),
        ("Superior Medicaid STAR+PLUS", {**MANAGED, "payer": "Superior Medicaid STAR+PLUS"}),
        ("Molina Medicaid", {**MANAGED, "payer": "molina"}),
        ("Aetna Better Health", {**MANAGED, "payer": "aetna"}),
        ("Molina Marketplace", {**MARKET, "payer": "molina"}),
        ("BCBS FEP", {"kind": "fehb", "payer": "BCBS FEP"}),
        ("Workers Comp - Liberty Mutual", {"kind": "workers_compensation", "payer": "Workers Comp - Liberty Mutual"}),
        ("United Healthcare/Optum", {"payer": "unitedhealthcare"}), ("Cigna/Evernorth", {"payer": "Cigna/Evernorth"}),
        # The name of a program is no insurer.
        ("Medicare", {"kind": "medicare"}), ("Medicaid", {"kind": "medicaid"}), ("VA", {"kind": "va"}),
        ("TX Medicaid", {"kind": "medicaid"}), ("Tricare Prime", {"kind": "tricare"}),
        ("Medicare B", {**ORIGINAL, "part_b": True}), ("CHAMPVA", {"kind": "champva"}),
    ],
)  # fmt: skip
def test_a_name_says_whose_plan_it_is_and_which_kind(name: str, says: dict[str, Any]) -> None:
    assert cover(payer_1=name) == says


@pytest.mark.parametrize(
    "name",
    ["Oscar", "Scott & White", "UMR", "Meritain Health", "United of Omaha", "Mutual of Omaha", "Anthem VA Premier?",
     "was Aetna", "Aetna / Cigna", "not Humana", "BCBS", "Independence American", "Group Health Cooperative"],
)  # fmt: skip
def test_no_insurer_is_guessed(name: str) -> None:
    found = case_of_row({"payer_1": name}, TODAY)["coverages"][0]
    assert found == {"payer": name}


@pytest.mark.parametrize(
    ("state", "payer"),
    [("TX", "hcsc"), ("IL", "hcsc"), ("MA", "bcbs_massachusetts"), ("OH", "elevance"), ("NJ", "horizon"), ("AL", "bcbs_alabama"),
     ("MD", "carefirst"), ("CA", None), ("PA", None), ("NY", None), ("WA", None), ("", None)],
)  # fmt: skip
@pytest.mark.parametrize("name", ["BCBS", "Blue Cross Blue Shield", "Blue Cross"])
def test_blue_cross_is_the_company_of_the_state_where_there_is_one(
    state: str, payer: str | None, name: str
) -> None:
    assert cover(state=state, payer_1=name) == {"payer": payer or name}
    assert f"“{name}”" in told(state=state, payer_1=name)


def test_the_state_in_a_name_or_of_issue_goes_before_the_state_of_living() -> None:
    assert cover(state="TX", payer_1="BCBS of Georgia") == {"payer": "elevance"}
    assert cover(state="OH", payer_1="BCBS", coverage_1_issue_state="TX")["payer"] == "hcsc"


@pytest.mark.parametrize("state", ["MA", ""])
def test_two_letters_that_may_be_a_state_are_told_and_not_read(state: str) -> None:
    assert cover(state=state, payer_1="Tufts MA") == {"payer": "point32health"}
    assert "“ma”" in told(state=state, payer_1="Tufts MA")


def test_advantage_means_medicare_only_beside_medicare() -> None:
    assert cover(kind="medicare", payer_1="Humana Advantage")["medicare"] == "advantage"
    blue = {"payer": "hcsc", "network": "hmo"}
    assert cover(payer_1="BCBS TX HMO BLUE ADVANTAGE") == blue
    assert "blue advantage" in told(payer_1="BCBS TX HMO BLUE ADVANTAGE")


@pytest.mark.parametrize("name", ["Medicare Adv - Humana", "Humana Gold Plus", "Cigna Behavioral"])
def test_an_insurer_found_in_a_longer_name_is_told(name: str) -> None:
    assert f"“{name}”" in told(kind="medicare", payer_1=name)


def test_a_name_that_agrees_says_nothing_new() -> None:
    assert told(kind="medicare", payer_1="Medicare") == ""
    assert told(kind="employer", payer_1="Aetna") == ""


@pytest.mark.parametrize(
    "cells",
    [
        {"kind": "employer", "payer_1": "Aetna Medicare Advantage"},
        {"kind": "medicaid", "payer_1": "UHC Dual Complete"},
        {"kind": "medicare", "payer_1": "Medicaid"},
        {"kind": "individual", "payer_1": "Tricare Prime"},
        {"kind": "medicare", "medicare": "original", "payer_1": "Humana Gold Plus"},
        {"kind": "medicare_advantage", "medicare": "original"},
        {"kind": "medicaid ffs", "medicaid": "managed_care"},
        {"kind": "employer", "plan_type_1": "HMO D-SNP"},
        {"kind": "none", "payer_1": "Humana Gold Plus"},
        {"kind": "employer", "payer_1": "Self Pay"},
    ],
)
def test_cells_that_say_different_kinds_are_refused(cells: dict[str, str]) -> None:
    assert "One of the two is wrong" in fault(**cells)


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        ({"kind": "pshb", "payer_1": "BCBS FEP"}, ("kind", "pshb")),
        ({"kind": "medicaid", "medicaid": "qmb", "payer_1": "Molina Medicaid"}, ("medicaid", "qmb")),
        ({"kind": "medicare ppo", "network": "hmo"}, ("network", "hmo")),
        ({"kind": "marketplace", "on_exchange": "no"}, ("on_exchange", False)),
        ({"kind": "self pay", "payer_1": "Aetna"}, ("payer", "Aetna")),
    ],
)  # fmt: skip
def test_what_a_cell_says_of_another_column_gives_way_to_it_and_is_told(
    cells: dict[str, str], kept: tuple[str, Any]
) -> None:
    assert cover(**cells)[kept[0]] == kept[1]
    assert told(**cells)


def test_a_payer_without_a_kind_is_kept_and_the_kind_stays_open() -> None:
    assert cover(payer_1="Aetna", kind="") == {"payer": "Aetna"}


def test_self_pay_in_the_place_of_an_insurer_is_no_insurance() -> None:
    assert case_of_row({"payer_1": "Self Pay"}, TODAY) == {"coverages": []}
    assert "no insurance" in told(payer_1="Self Pay")


# --- other columns ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("MA HMO", {**MA, "network": "hmo"}), ("Part A/B", {**ORIGINAL, "part_b": True}), ("FEHB", {"kind": "fehb"}),
        ("HMO D-SNP", {**MA, "network": "hmo", "part_d": True}), ("WC", {"kind": "workers_compensation"}),
        ("Choice Plus POS", {"network": "pos"}), ("Open Access POS II", {"network": "pos"}),
    ],
)  # fmt: skip
def test_a_plan_type_says_the_kind_too(text: str, says: dict[str, Any]) -> None:
    assert cover(plan_type_1=text) == says
    assert f"“{text}”" in told(plan_type_1=text)


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"coverage_1_medicare": "MA-PD"}, {"medicare": "advantage", "part_d": True}),
        ({"coverage_1_medicare": "part a/b"}, {"medicare": "original", "part_b": True}),
        ({"coverage_1_medicare": "Medigap"}, {"medicare": "original", "medigap": True}),
    ],
)
def test_a_word_in_the_column_of_medicare_says_all(
    cells: dict[str, str], says: dict[str, Any]
) -> None:
    assert cover(**cells) == says


def test_a_word_may_answer_for_a_column_of_the_clinic() -> None:
    found = case_of_row({"setting": "telehealth"}, TODAY)
    assert found == {"provider": {"setting": "home", "telehealth_only": True}}
    found = case_of_row({"request": "at-home ketamine"}, TODAY)
    assert found == {"request": "oral_ketamine", "provider": {"setting": "home"}}


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"age": "18 months"}, "18 months"), ({"age": "$42"}, "$42"), ({"coinsurance": "20 years"}, "20 years"),
        ({"phq9": "21/30"}, "out of 27"), ({"phq9": "21/x"}, "21/x"),
        ({"denial_date": "2026-11-01 10:00 second letter"}, "second letter"),
    ],
)  # fmt: skip
def test_a_unit_or_a_word_beside_a_number_is_not_dropped(cells: dict[str, str], words: str) -> None:
    assert words in fault(**cells)


def test_units_that_fit_are_read() -> None:
    assert case_of_row({"age": "42 yo"}, TODAY) == {"age": 42}
    assert case_of_row({"phq9": "21/27"}, TODAY)["severity"][0]["score"] == 21
    found = case_of_row({"stage": "denied", "denial_date": "11/1/2026 10:00 AM"}, TODAY)
    assert str(found["denial"]["notice_date"]) == "2026-11-01"


# --- the nearest word ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("commercial", "employer"), ("medicare_advantage", "medicare"), ("MA", "medicare"), ("medigap", "medicare"),
        ("marketplase", "individual"), ("employr", "employer"), ("group plan", "employer"), ("managed medicaid", "medicaid"),
        ("ppo", None), ("dual", None), ("zzz", None), ("no medicare", None),
    ],
)  # fmt: skip
def test_a_case_in_json_names_the_kind_that_was_meant(word: str, nearest: str | None) -> None:
    with pytest.raises(CaseError) as found:
        read_case({"coverages": [{"kind": word}]})
    assert found.value.faults[0].nearest == nearest


def test_a_case_in_json_tells_all_that_the_word_says() -> None:
    for word, said in (("medicare_advantage", "medicare: advantage"), ("ppo", "network: ppo"), ("dual", "two kinds of insurance")):  # fmt: skip
        with pytest.raises(CaseError, match=said):
            read_case({"coverages": [{"kind": word}]})


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("MDD, severe, recurrent (F33.2)", "major_depression"), ("MDD severe", "major_depression"),
        ("major depresion", "major_depression"), ("MDD with SI, severe", "major_depression_with_suicidality"),
        ("F33.2", None), ("no depression", None),
    ],
)  # fmt: skip
def test_no_thoughts_of_suicide_are_read_into_a_diagnosis(text: str, nearest: str | None) -> None:
    with pytest.raises(CaseError) as found:
        read_case({"diagnosis": text})
    assert found.value.faults[0].nearest == nearest
    said = fault(diagnosis=text)
    assert (f"Nearest valid: {nearest}." in said) is (nearest is not None)


@pytest.mark.parametrize("name", ["Medicaid", "VA", "Medicare", "PPO", "Mercy", "Med", "Oscar"])
def test_no_payer_is_suggested_that_only_looks_alike(name: str, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(f"case_id,age,payer_1\n1,42,{name}\n")
    assert "did you mean" not in str(screen_file(path, tmp_path / "out.csv", TODAY))


# --- nothing is lost --------------------------------------------------------------------------------------

COVER_COLUMNS = ("coverage_1_kind", "coverage_1_network", "coverage_1_payer")
WORDS = sorted({
    *(w for q in BOOK.questions if q.field.startswith("coverages[].k") for w in q.synonyms),
    *(w for q in BOOK.questions if q.field == "coverages[].network" for w in q.synonyms),
    *(n for p in BOOK.payers.values() for n in (p.name, *p.also_called)),
    *(n for p in BOOK.plan_names for n in p.names),
})  # fmt: skip
ALIKE = ("{}", " {} ", "{} plan", "{}  insurance", "({})", "{}.", "the {}", "{} /", "“{}”")


@dataclass(frozen=True)
class Outcome:
    """What a row with one cell comes to: its first cover, what is wrong with it, what is told."""

    cover: dict[str, Any]
    fault: str
    remark: str

    def holds(self, text: str) -> bool:
        return text.lower() in f"{self.cover} {self.fault} {self.remark}".lower()


def outcomes(column: str, texts: list[str], state: str = "TX") -> list[Outcome]:
    reader = RowReader(read_header(BOOK, ["state", column]), BOOK, TODAY)
    found = []
    for text in texts:
        values, faults, remark = reader.row({0: state, 1: text})
        covers = build_case(values).get("coverages") or [{}]
        found.append(Outcome({} if faults else covers[0], error_text(faults), remark))
    return found


@pytest.mark.parametrize("column", COVER_COLUMNS)
@pytest.mark.parametrize("nonsense", ["zzqx", "99zz"])
def test_a_word_that_nobody_knows_never_vanishes(column: str, nonsense: str) -> None:
    texts = [t for w in WORDS for t in (f"{w} {nonsense}", f"{nonsense}, {w}")]
    for text, found in zip(texts, outcomes(column, texts), strict=True):
        assert found.holds(nonsense), text


@pytest.mark.parametrize("column", COVER_COLUMNS)
def test_a_word_means_the_same_however_it_is_written(column: str) -> None:
    for word in WORDS:
        texts = [f.format(w) for w in (word, word.upper()) for f in ALIKE]
        said = {
            "fault" if o.fault else str(sorted((k, v) for k, v in o.cover.items() if k != "payer"))
            for o in outcomes(column, texts)
        }
        assert len(said) == 1, (word, said)


UNSURE = ("not", "was", "zzqx", "?", "Dallas")


@settings(max_examples=often(150), deadline=None)
@given(
    st.sampled_from(COVER_COLUMNS),
    st.lists(st.sampled_from([*WORDS, *UNSURE, "/", "&"]), min_size=1, max_size=4),
    st.sampled_from(["TX", "MA", ""]),
)
def test_random_cells_lose_no_word(column: str, parts: list[str], state: str) -> None:
    found = outcomes(column, [" ".join(parts)], state)[0]
    for word in set(parts) & set(UNSURE):
        assert found.holds(word)
    kinds = {o.cover["kind"] for o in outcomes("coverage_1_kind", parts) if "kind" in o.cover}
    if len(kinds) > 1:
        assert found.fault or found.remark, "two kinds of cover in one cell are never one"


CELLS = {
    "coverage_1_kind": ["", "medicare", "MA", "employer", "none", "PPO", "medicaid mco", "dual", "self-funded employer"],
    "coverage_1_payer": ["", "Humana", "Humana Gold Plus", "BCBS", "Medicaid", "Humana Advantage", "Tufts MA", "Self Pay", "x?"],
    "coverage_1_network": ["", "HMO", "MA HMO", "Choice Plus POS"],
    "coverage_1_medicare": ["", "original", "MA-PD"],
    "coverage_1_funding": ["", "fully insured"],
    "coverage_2_kind": ["", "medicaid", "none"],
    "coverage_2_payer": ["", "Molina Medicaid", "BCBS"],
    "setting": ["", "telehealth"],
    "telehealth_only": ["", "no"],
    "state": ["", "TX", "MA"],
}  # fmt: skip


@settings(max_examples=often(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.fixed_dictionaries({k: st.sampled_from(v) for k, v in CELLS.items()}), min_size=2, max_size=8))  # fmt: skip
def test_a_row_says_the_same_alone_as_among_others(rows: list[dict[str, str]]) -> None:
    columns = list(CELLS)
    together = screen(pd.DataFrame(rows, columns=columns), TODAY)
    for i, row in enumerate(rows):
        alone = screen(pd.DataFrame([row], columns=columns), TODAY).iloc[0]
        for name in ("best_path", "best_outlook", "missing", "payer_order", "remarks", "error"):
            assert together.iloc[i][name] == alone[name], (name, row)
