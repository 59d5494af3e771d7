"""Faults planted one by one in copies of real records: each is caught, in the right place."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from rules.checks.run import check_found
from rules.schema.files import RECORDS, read_all, read_record_type
from rules.schema.record_types import RECORD_TYPES
from rules.schema.yaml_reader import Fault, read_record_file
from tests.command import run

TODAY = dt.date(2026, 11, 24)


class Plant(NamedTuple):
    """A fault: in which file, how the text is changed, and what the checker must say of it."""

    name: str
    file: str
    old: str
    new: str
    field: str  # part of the field that is named
    message: str  # part of the message
    at: str  # text of the line that is named, after planting
    level: str = "error"
    nearest: str | None = None  # the valid word that is told; None: any, or none


UHC = "payers/unitedhealthcare.yaml"
CIGNA = "payers/cigna.yaml"
PART_B = "programs/medicare_part_b.yaml"
HSA = "parameters.yaml"
ORDER = "coordination.yaml"

PLANTS = [
    Plant("unknown key in a policy", CIGNA, "  position: covered_with_criteria\n",
          "  position: covered_with_criteria\n  uprating: 3\n", "policies[0].uprating", "unknown key", "uprating: 3"),
    Plant("unknown key in a state", "states/tx.yaml", "code: TX\n", "code: TX\nnick_name: Lone Star\n",
          "nick_name", "unknown key", "nick_name"),
    Plant("wrong type", CIGNA, "    at_least: 18\n", "    at_least: eighteen\n", "at_least", "number", "eighteen"),
    Plant("a word that is not on the list", CIGNA, "  position: covered_with_criteria\n",
          "  position: covered_maybe\n", "policies[0].position", "covered", "covered_maybe"),
    Plant("missing source", "appeals/fehb.yaml", "  law:", "  lawful:", "lawful", "unknown key", "lawful"),
    Plant("missing confidence", CIGNA, "  confidence: secondary\n", "", "confidence", "missing", ""),
    Plant("dangling source", PART_B, "  source: verity_cms_article_a59250_billing_coding\n",
          "  source: a_page_that_is_not_there\n", "source", "no such source", "a_page_that_is_not_there"),
    Plant("dangling document", "shared/steps.yaml", "  - treatment_history_table\n", "  - treatment_histori\n",
          "documents", "no such document", "treatment_histori"),
    Plant("dangling step", "routes/prior_authorization.yaml", "- use: read_policy\n", "- use: read_polici\n",
          "steps[0].use", "no such step", "read_polici"),
    Plant("dangling levels of appeal", PART_B, "appeal_process: original_medicare\n", "appeal_process: old_medicare\n",
          "appeal_process", "no such appeal process", "old_medicare"),
    Plant("dangling second levels of appeal", "programs/workers_compensation.yaml", "  appeal_process: feca\n", "  appeal_process: fecca\n",
          "other_appeal_process.appeal_process", "no such appeal process", "fecca"),
    Plant("a billing code that nobody knows", "programs/fehb.yaml", "  - J0013\n", "  - J0031\n",
          "codes[2]", "no such billing code: J0031", "J0031"),
    Plant("a billing code that had ended", "programs/fehb.yaml", "  - J0013\n", "  - S0013\n",
          "codes[2]", "S0013 ended on 2025-12-31, before 2026", "S0013"),
    Plant("a code in the place of one that nobody knows", "codes.yaml", "  replaces: S0013\n", "  replaces: S0031\n",
          "replaces", "no such billing code: S0031", "S0031"),
    Plant("dangling treatment", "treatments.yaml", "  treatments:\n  - trazodone\n", "  treatments:\n  - trazadone\n",
          "treatments[0]", "no such treatment", "trazadone"),
    Plant("dangling diagnosis", CIGNA, "  - treatment_resistant_depression\n", "  - treatment_resistent_depression\n",
          "indications", "", "treatment_resistent_depression"),
    Plant("dangling state", "payers/bcbs_massachusetts.yaml", "states:\n- MA\n", "states:\n- MX\n",
          "states[0]", "no such state", "- MX"),
    Plant("dangling fact", CIGNA, "    fact: age\n", "    fact: ages\n", "fact", "no such fact", "fact: ages"),
    Plant("dangling programme", "decision_clocks.yaml", "  - medicare_advantage\n", "  - medicare_extra\n",
          "programs", "no such program", "medicare_extra"),
    Plant("a payer that is nobody", "routes/gap_exception.yaml", "  - fact: in_network\n    is: false\n",
          "  - fact: payer\n    one_of: [nobody_insurance]\n", "one_of", "never", "nobody_insurance"),
    Plant("overlapping values", HSA, "", "", "in_force", "overlaps", "", ),
    Plant("a date in the future", UHC, "  as_of: '2026-07-01'\n", "  as_of: '2029-07-01'\n",
          "as_of", "future", "2029-07-01"),
    Plant("a nonsense date", UHC, "  as_of: '2026-07-01'\n", "  as_of: '2026-13-41'\n", "as_of", "", "2026-13-41"),
    Plant("a period that ends before it begins", UHC, "    from: '2026-07-01'\n",
          "    from: '2026-07-01'\n    to: 2026-01-01\n", "in_force", "before it begins", ""),
    Plant("a threshold without unit", CIGNA, "    at_least: 18\n    unit: years\n", "    at_least: 18\n",
          "criteria[0]", "unit", ""),
    Plant("a threshold with the wrong unit", CIGNA, "    at_least: 18\n    unit: years\n",
          "    at_least: 18\n    unit: months\n", "unit", "counted in years", "unit: months"),
    Plant("placeholder text", "routes/claim.yaml", "says: The clinic gives", "says: TODO the clinic gives",
          "says", "placeholder", "TODO"),
    Plant("three dots for a text", "states/tx.yaml", "name: Texas\n", "name: '...'\n", "name", "placeholder", "'...'"),
    Plant("a path that no case can reach", CIGNA, "    at_least: 18\n    unit: years\n",
          "    at_least: 18\n    unit: years\n  - id: young\n    fact: age\n    below: 18\n    unit: years\n",
          "criteria", "no case can reach", ""),
    Plant("a policy whose line no programme has", "payers/fep.yaml", "", "", "lines_of_business", "no case can reach", ""),
    Plant("no path for a coverage kind", "programs/champva.yaml", "kinds:\n- champva\n", "kinds:\n- tricare\n",
          "kinds", "no program speaks for coverage kind champva", ""),
    Plant("an ICD-10-CM code that does not exist", "diagnoses/ptsd.yaml", "  - F43.10\n", "  - F43.77\n",
          "codes[2]", "no such ICD-10-CM code", "F43.77"),
    Plant("an ICD-10-CM code that is not billable", "diagnoses/ptsd.yaml", "  - F43.10\n", "  - F43.1\n",
          "codes[2]", "not billable", "F43.1"),
    Plant("a marked ICD-10-CM code that is not billable", "codes.yaml", "  codes: [F32.2, F33.2, F31.4]\n",
          "  codes: [F32.2, F33.2, F31.3]\n", "icd_marks[1].codes[2]", "not billable", "F31.3"),
    Plant("an ICD-10-CM code beside others that does not exist", "codes.yaml", "- code: Z91.51\n", "- code: Z91.59\n",
          "icd_beside[1].code", "no such ICD-10-CM code", "Z91.59"),
    Plant("a URL that is not a URL", "states/tx.yaml", "  url: https://www.tdi.texas.gov/\n",
          "  url: tdi dot texas\n", "url", "not a URL", "tdi dot texas"),
    Plant("a phone number with letters", "states/tx.yaml", "  phone: 800-252-3439\n", "  phone: call us\n",
          "phone", "not a phone number", "call us"),
    Plant("a key that stands twice", "states/tx.yaml", "code: TX\n", "code: TX\ncode: TX\n", "code", "twice", "code: TX"),
    Plant("broken YAML", "states/tx.yaml", "code: TX\n", "code: [TX\n", "", "not readable", ""),
    Plant("a file name that is not the record's", "payers/humana.yaml", "id: humana\n", "id: humania\n",
          "id", "the file is called humana", "humania"),
    Plant("two operators on one fact", CIGNA, "    at_least: 18\n    unit: years\n",
          "    at_least: 18\n    below: 65\n    unit: years\n", "criteria[0]", "exactly one operator", ""),
    Plant("a number where the answer is yes or no", "routes/gap_exception.yaml",
          "  - fact: in_network\n    is: false\n", "  - fact: in_network\n    at_least: 1\n    unit: clinics\n",
          "at_least", "not a number", ""),
    Plant("a fact without its unit", "rates.yaml", "  unit: decisions\n", "", "value", "without its unit", ""),
    Plant("a question for a field that no case has", "questions.yaml", "  field: age\n", "  field: ages\n",
          "field", "no field ages", "field: ages"),
    Plant("a word that says what no case holds", "questions.yaml", "    qhp: {kind: individual, on_exchange: true}\n",
          "    qhp: {kind: individual, on_exchange: maybe}\n", "qhp", "never 'maybe'", "qhp: {"),
    Plant("a word for a field that is not there", "questions.yaml", "    qhp: {kind: individual, on_exchange: true}\n",
          "    qhp: {kind: individual, on_market: true}\n", "qhp", "no field coverages[].on_market", "qhp: {"),
    Plant("a word that says nothing", "questions.yaml", "    qhp: {kind: individual, on_exchange: true}\n",
          "    qhp: {}\n", "qhp", "says nothing", "qhp: {"),
    Plant("a word with two meanings", "questions.yaml", "    qhp: {kind: individual, on_exchange: true}\n",
          "    qhp: individual\n    q-hp: employer\n", "q-hp", "another meaning", "q-hp: "),
    Plant("a plan of nobody", "plan_names.yaml", "  payer: humana\n", "  payer: humania\n", "payer", "no such payer", "humania"),
    Plant("a plan that says what no cover holds", "plan_names.yaml", "  sets: {kind: medicare, medicare: advantage, network: hmo}\n",
          "  sets: {kind: medicare, medicare: advantages}\n", "sets.medicare", "never 'advantages'", "advantages"),
    Plant("a name of nobody", "payers/horizon.yaml", "only_alone:\n- Horizon\n", "only_alone:\n- Horizont\n",
          "only_alone[0]", "no name of horizon", "- Horizont"),
    Plant("a source id that stands twice", "sources/payer.yaml", "", "", "id", "stands twice", ""),
    Plant("two policies that say the opposite", CIGNA, "", "", "position", "the opposite", ""),
    Plant("a threshold below nothing", CIGNA, "    at_least: 18\n", "    at_least: -18\n", "at_least", "", "at_least: -18"),
    Plant("yes for a number", CIGNA, "    at_least: 18\n", "    at_least: true\n", "at_least", "number", "at_least: true"),
    Plant("a time limit of no days", "appeals/original_medicare.yaml", "      number: 60\n", "      number: 0\n",
          "number", "", "number: 0"),
    Plant("a rung that stands twice", "appeals/original_medicare.yaml", "- id: council\n", "- id: hearing\n",
          "levels[3].id", "stands twice", "- id: hearing"),
    Plant("a policy id that another payer has", "payers/humana.yaml", "- id: humana_", "- id: uhc_comm_esk_trd\n  # ",
          "policies[0].id", "stands twice", ""),
    Plant("a name that another payer has", "payers/humana.yaml", "name: Humana\n", "name: Humana\nalso_called: [Cigna]\n",
          "also_called[0]", "is a name of cigna", "also_called: [Cigna]"),
    Plant("a misspelt fact of a pair", ORDER, "      fact: esrd_month\n", "      fact: esrd_mont\n", "rules[18].when.all[1].fact",
          "no such fact: esrd_mont", "fact: esrd_mont", nearest="esrd_month"),
    Plant("a misspelt word of a pair", ORDER, "      - 20_to_99\n", "      - 20_to_90\n", "when.all[2].one_of[0]",
          "employees is never '20_to_90'", "- 20_to_90", nearest="20_to_99"),
    Plant("a misspelt scope", ORDER, "    of: one\n    fact: active_duty\n", "    of: onr\n    fact: active_duty\n",
          "when.of", "one, other, case", "of: onr", nearest="one"),
    Plant("a fact of a pair that is of nobody", ORDER, "    of: one\n    fact: active_duty\n", "    fact: active_duty\n",
          "when", "`of`: one, other or case", "when:"),
    Plant("a fact of the person, of a coverage", ORDER, "    - of: case\n      fact: different_parents\n",
          "    - of: other\n      fact: different_parents\n", "of", "valid here is case", "of: other"),
    Plant("a fact of a coverage, of the person", ORDER, "    of: one\n    fact: active_duty\n",
          "    of: case\n    fact: active_duty\n", "when.of", "valid here is one, or other", "of: case"),
    Plant("a scope where there is no pair", CIGNA, "    fact: age\n", "    of: one\n    fact: age\n", "of", "unknown key", "of: one"),
    Plant("a date that no coverage has", ORDER, "first_by: coverage_start\n", "first_by: coverage_started\n",
          "first_by", "no date of a coverage", "coverage_started", nearest="coverage_start"),
    Plant("a rule on Medicare that waits for itself", ORDER, "      fact: medicare_already_primary\n",
          "      fact: pays_before_medicare\n", "when", "cannot decide one", "when:"),
    Plant("a filter that drops and keeps", ORDER, "  keep_when:\n", "  drop_when: {fact: disabled, is: true}\n  keep_when:\n",
          "filters[0]", "not both", "id: work_injury_only"),
    Plant("a date as machines write it", "routes/claim.yaml", "says: The clinic gives", "says: Since 2026-01-01 the clinic gives",
          "says", "write the date as January 1, 2026", "2026-01-01"),
    Plant("a promise", "routes/claim.yaml", "says: The clinic gives", "says: You are eligible. The clinic gives",
          "says", "promise", "You are eligible"),
    Plant("markup", "routes/claim.yaml", "says: The clinic gives", "says: <b>The clinic</b> gives",
          "says", "markup", "<b>"),
    Plant("an ICD-10-CM code without its dot", "diagnoses/ptsd.yaml", "  - F43.10\n", "  - F4310\n",
          "codes[2]", "no such ICD-10-CM code", "F4310"),
    Plant("a fact past its review date", "sources/payer.yaml", "", "", "review_by", "past its review date", "", "warning"),
]  # fmt: skip


@lru_cache(maxsize=1)
def sound() -> tuple[Any, ...]:
    return tuple(read_all())


def planted(text: str, plant: Plant) -> str:
    """The text with the fault in it; the harder ones are made here."""
    special: dict[str, Callable[[str], str]] = {
        "overlapping values": _stretch_first_period,
        "a source id that stands twice": lambda t: (
            t + "\n" + t.split("sources:\n")[1].split("\n- id:")[0] + "\n"
        ),
        "a policy whose line no programme has": lambda t: t.replace(
            "policies:\n", LINELESS_POLICY, 1
        ),
        "two policies that say the opposite": lambda t: _second_policy(t),
        "a fact past its review date": lambda t: t.replace(
            "review_by: 2027-08-19", "review_by: 2026-11-23", 1
        ),
    }
    if plant.name in special:
        return special[plant.name](text)
    assert plant.old in text, f"{plant.file} no longer holds {plant.old!r}"
    return text.replace(plant.old, plant.new, 1)


LINELESS_POLICY = """\
policies:
- id: nowhere
  treatment: esketamine
  indications: [any]
  position: silent
  lines_of_business: []
  source: 21_cfr_1308_13
  confidence: recalled
"""


def _second_policy(text: str) -> str:
    new = """policies:
- id: says_the_opposite
  treatment: esketamine
  indications: [treatment_resistant_depression]
  position: unproven
  lines_of_business: [commercial]
  source: 21_cfr_1308_13
  confidence: recalled
"""
    return text.replace("policies:\n", new, 1)


def _stretch_first_period(text: str) -> str:
    lines = text.splitlines(keepends=True)
    first = next(
        i for i, line in enumerate(lines) if line.strip().startswith("to: ") and "2025" in line
    )
    indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
    lines[first] = f"{indent}to: 2026-06-30\n"
    return "".join(lines)


def faults_after(plant: Plant, folder: Path) -> tuple[list[Fault], list[str]]:
    """What the checker says when one file of the book holds the fault."""
    text = planted((RECORDS / plant.file).read_text(encoding="utf-8"), plant)
    shutil.copytree(RECORDS / "shared", folder / "shared")
    copy = folder / plant.file
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(text, encoding="utf-8")
    room = next(r for r in RECORD_TYPES if Path(plant.file).match(r.pattern))
    again = list(read_record_type(room, folder))
    items: list[Any] = [i for i in sound() if isinstance(i, Fault) or i[0].file != plant.file]
    return check_found([*items, *again], TODAY, only=(plant.file,)), text.splitlines()


@pytest.mark.parametrize("plant", [pytest.param(p, id=p.name) for p in PLANTS])
def test_a_planted_fault_is_caught_where_it_is(plant: Plant, tmp_path: Path) -> None:
    faults, lines = faults_after(plant, tmp_path)
    fitting = [
        f
        for f in faults
        if plant.field in f.field
        and plant.message in f.message
        and f.level == plant.level
        and plant.nearest in (None, f.nearest)
    ]
    assert fitting, [str(f) for f in faults[:8]]
    elsewhere = plant.name == "no path for a coverage kind"
    assert elsewhere or fitting[0].file == plant.file
    if plant.at:
        assert any(plant.at in lines[f.line - 1] for f in fitting), [
            (f.line, lines[f.line - 1]) for f in fitting
        ]


def test_at_least_25_different_faults_are_planted() -> None:
    assert len({p.name for p in PLANTS}) >= 25


def test_the_real_records_have_no_fault() -> None:
    last_look = dt.date(2026, 11, 28)  # the newest day on which a source was looked up
    assert [f for f in check_found(list(sound()), last_look) if f.level == "error"] == []


def test_the_command_names_file_line_and_field(tmp_path: Path) -> None:
    target = tmp_path / "payers"
    target.mkdir()
    shutil.copytree(RECORDS / "shared", tmp_path / "shared")
    text = (
        (RECORDS / CIGNA)
        .read_text(encoding="utf-8")
        .replace("    fact: age\n", "    fact: ages\n", 1)
    )
    (target / "cigna.yaml").write_text(text, encoding="utf-8")
    done = run("check", "--records", str(tmp_path), "payers/cigna.yaml")
    line = text.splitlines().index("    fact: ages") + 1
    assert done.returncode == 1
    assert f"payers/cigna.yaml:{line}: policies[0].criteria[0].fact" in done.stderr


def test_lines_are_remembered() -> None:
    sheet = read_record_file(RECORDS / CIGNA, CIGNA)
    assert not isinstance(sheet, Fault)
    text = (RECORDS / CIGNA).read_text(encoding="utf-8").splitlines()
    assert text[sheet.line(("policies", 0, "position")) - 1].strip().startswith("position:")
