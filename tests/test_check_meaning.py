"""What a machine can tell of the meaning of a record: each fault is told on its line, its sound twin is not."""

from __future__ import annotations

import datetime as dt
import shutil
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pytest

from rules.checks.pinned import pinned
from rules.checks.plausible import usual_numbers
from rules.checks.reading import lengths_in, numbers_in
from rules.checks.run import check_found
from rules.checks.said import is_slip
from rules.schema.base import Record
from rules.schema.files import RECORDS, read_all, read_record_type
from rules.schema.record_types import RECORD_TYPES
from rules.schema.yaml_reader import Fault, RecordFile

TODAY = dt.date(2026, 11, 28)

AETNA, CIGNA, CENTENE = "payers/aetna.yaml", "payers/cigna.yaml", "payers/centene.yaml"
UHC = "payers/unitedhealthcare.yaml"
PARAMETERS, ELIGIBILITY, SAFETY = "parameters.yaml", "eligibility.yaml", "safety.yaml"
MEDICARE, OREGON, TEXAS = "appeals/original_medicare.yaml", "states/or.yaml", "states/tx.yaml"
AGE = "    fact: age\n    at_least: 18\n    unit: years\n"
YOUNG = "  - id: young\n    any:\n    - {fact: rems_certified, is: true}\n"


class Pair(NamedTuple):
    """The same place of a record written wrongly and rightly."""

    name: str
    file: str
    old: str
    wrong: str
    right: str
    message: str  # part of what is told of the wrong one
    at: str  # part of the line that is named


PAIRS = [
    # numbers in their order
    Pair("low above high", "prices.yaml", "  low: 400\n  high: 800\n", "  low: 4000\n  high: 800\n", "  low: 400\n  high: 800\n",
         "`low` (4000.0) is above `high` (800.0)", "low: 4000"),
    Pair("open from above the least", AETNA, "    open_from_weeks: 6\n", "    open_from_weeks: 10\n", "    open_from_weeks: 6\n",
         "`open_from_weeks` (10) is above `min_weeks` (8)", "open_from_weeks: 10"),
    Pair("an urgent answer slower", "decision_clocks.yaml", "  expedited:\n    number: 72\n    unit: hours\n",
         "  expedited:\n    number: 72\n    unit: days\n", "  expedited:\n    number: 72\n    unit: hours\n", "an urgent answer takes longer", "number: 72"),
    Pair("a band beyond the scale", SAFETY, "  - from: 20\n    level: severe\n", "  - from: 30\n    level: severe\n",
         "  - from: 20\n    level: severe\n", "phq9 has no score of 30", "from: 30"),
    Pair("more classes than medicines", "payers/western_health_advantage.yaml", "    at_least: 2\n    unit: classes\n",
         "    at_least: 3\n    unit: classes\n", "    at_least: 1\n    unit: classes\n", "3 classes of 2 medicines", "at_least: 3"),
    # what a case can hold
    Pair("200 medicines", CIGNA, "    at_least: 2\n    unit: medicines\n", "    at_least: 200\n    unit: medicines\n",
         "    at_least: 2\n    unit: medicines\n", "200 is no usual threshold of failed_antidepressants", "at_least: 200"),
    Pair("an age of 81", CIGNA, AGE, AGE.replace("18", "81"), AGE, "81 is no usual threshold of age", "at_least: 81"),
    Pair("a score above its scale", CENTENE, "    above: 15\n    unit: points\n", "    above: 28\n    unit: points\n",
         "    above: 15\n    unit: points\n", "28 is no usual threshold of phq9_score", "above: 28"),
    Pair("18 days for 180", MEDICARE, "      number: 180\n", "      number: 18\n", "      number: 180\n", "18 is no usual number of days", "number: 18"),
    Pair("months for days", MEDICARE, "      number: 120\n      unit: days\n", "      number: 120\n      unit: months\n",
         "      number: 120\n      unit: days\n", "120 is no usual number of months", "number: 120"),
    Pair("80 weeks", AETNA, "    min_weeks: 8\n", "    min_weeks: 80\n", "    min_weeks: 8\n", "80 is no usual number here", "min_weeks: 80"),
    Pair("a year of long ago", UHC, "    from: '2026-07-01'\n", "    from: '0226-07-01'\n", "    from: '2026-07-01'\n", "226 is no usual year", "0226"),
    Pair("weeks of no state", UHC, "      CT: 4\n", "      ZZ: 4\n", "      CO: 4\n", "no such state: ZZ", "ZZ: 4"),
    Pair("an answer that no case holds", "questions.yaml", "  - value: none\n", "  - value: no_thoughts\n", "  - value: none\n",
         "is never 'no_thoughts'", "value: no_thoughts"),
    # once
    Pair("a step twice", "routes/prior_authorization.yaml", "- use: read_policy\n", "- use: read_policy\n- use: read_policy\n",
         "- use: read_policy\n", "'read_policy' stands twice", "use: read_policy"),
    Pair("a source twice", UHC, "  also:\n  - mindmedicinelaw", "  also:\n  - uhc_ketamine_covered_ny_policy_identity\n  - mindmedicinelaw",
         "  also:\n  - mindmedicinelaw", "is the source already", "- uhc_ketamine_covered_ny"),
    Pair("a document twice", MEDICARE, "  - appeal_level_1\n", "  - appeal_level_1\n  - appeal_level_1\n", "  - appeal_level_1\n",
         "'appeal_level_1' stands twice", "- appeal_level_1"),
    # conditions
    Pair("both yes and no", CIGNA, "  - id: adult\n" + AGE, "  - id: adult\n" + AGE + "  - id: minor\n    not:\n  " + AGE.replace("\n    ", "\n      "),
         "  - id: adult\n" + AGE + "  - id: old\n    not:\n      fact: age\n      at_least: 65\n      unit: years\n",
         "age would have to be at least 18 and at most 18", "id: minor"),
    Pair("a branch that cannot be", CIGNA, "  - id: adult\n", YOUNG + "    - all: [{fact: age, below: 18, unit: years}, {fact: age, at_least: 21, unit: years}]\n  - id: adult\n",
         YOUNG + "    - all: [{fact: age, below: 65, unit: years}, {fact: age, at_least: 21, unit: years}]\n  - id: adult\n",
         "no case can meet this: age", "- all:"),
    Pair("a branch that what stands beside it excludes", CIGNA, "  - id: adult\n",
         "  - id: young\n    all:\n    - {fact: rems_certified, is: false}\n    - any:\n      - {fact: rems_certified, is: true}\n      - {fact: psychiatric_prescriber, is: true}\n  - id: adult\n",
         "  - id: young\n    all:\n    - {fact: psychiatric_prescriber, is: true}\n    - any:\n      - {fact: age, below: 65, unit: years}\n      - {fact: disabled, is: true}\n  - id: adult\n",
         "no case can meet this: rems_certified", "{fact: rems_certified, is: true}"),
    Pair("a branch that always is", CIGNA, "  - id: adult\n", YOUNG + "    - {fact: rems_certified, is: false}\n  - id: adult\n",
         YOUNG + "    - {fact: psychiatric_prescriber, is: true}\n  - id: adult\n", "every case meets this", "id: young"),
    Pair("a branch twice", CIGNA, "  - id: adult\n", YOUNG + "    - {fact: rems_certified, is: true}\n  - id: adult\n",
         YOUNG + "    - {fact: psychiatric_prescriber, is: true}\n  - id: adult\n", "this stands twice in one list", "{fact: rems_certified"),
    # dated series
    Pair("a year left out", PARAMETERS, "      from: '2026-01-01'\n", "      from: '2026-02-01'\n", "      from: '2026-01-01'\n", "has no value between", "in_force"),
    Pair("a guideline left out", ELIGIBILITY, "    to: '2026-01-14'\n", "    to: '2025-12-14'\n", "    to: '2026-01-14'\n",
         "the guideline for contiguous has no value between", "in_force"),
    Pair("a rule of 2031", UHC, "    from: '2026-07-01'\n", "    from: '2031-07-01'\n", "    from: '2026-07-01'\n", "begins only in 2031", "2031"),
    Pair("a rule of next year with none before", UHC, "    from: '2026-07-01'\n", "    from: '2027-01-01'\n", "    from: '2026-10-01'\n",
         "none stands before it", "2027-01-01"),
    Pair("a level after a later one", MEDICARE, "  follows:\n  - internal_1\n", "  follows:\n  - council\n", "  follows:\n  - internal_1\n",
         "stands before hearing and follows what comes after it", "follows:"),
    Pair("a first level after no first denial", MEDICARE, "  follows:\n  - initial\n", "  follows:\n  - internal_1\n", "  follows:\n  - initial\n",
         "does not follow a first denial", "follows:"),
    # names
    Pair("a class misspelt", "treatments.yaml", "  drug_class: SSRI\n", "  drug_class: SSIR\n", "  drug_class: SNRI\n", "Is it 'SSRI'?", "SSIR"),
    Pair("a name of nothing", UHC, "- UHC\n", "- UHC\n- The Inc.\n", "- UHC\n- UHC One\n", "is no name", "The Inc."),
    Pair("a brand of two medicines", "treatments.yaml", "  - Prozac\n", "  - Zoloft\n", "  - Prozac\n", "'Zoloft' is a name of", "Zoloft"),
    # a state's own
    Pair("another state's name", OREGON, "name: Oregon\n", "name: Ohio\n", "name: Oregon\n", "Ohio is not the name of OR", "name: Ohio"),
    Pair("another state's office", TEXAS, "  name: Texas Department of Insurance\n", "  name: Ohio Department of Insurance\n",
         "  name: Texas Insurance Office\n", "Ohio is not Texas", "Ohio"),
    Pair("another state's phone", TEXAS, "  phone: 800-252-3439\n", "  phone: 800-927-4357\n", "  phone: 800-252-3439\n", "stands in the record of CA too", "800-927-4357"),
    Pair("another state's address", TEXAS, "  url: https://www.tdi.texas.gov/\n", "  url: https://www.in.gov/idoi/\n", "  url: https://www.tx.gov/\n", "an address of IN", "in.gov"),
    Pair("Medicaid for parents", "states/fl.yaml", "  parent_percent: 26\n", "  parent_percent: 62\n", "  parent_percent: 26\n",
         "26 in rules/checks/pinned.yaml", "parent_percent: 62"),
    Pair("Medicaid not expanded, and expanded", OREGON, "  expansion: true\n", "  expansion: false\n", "  expansion: true\n",
         "one part says that Medicaid was expanded", "expansion: false"),
    # pinned
    Pair("989 for 988", "questions.yaml", "call or text 988", "call or text 989", "call or text 988", "989 here", "989"),
    Pair("a crisis line", SAFETY, "  says: Dial 988 and press 1", "  says: Dial 988 and press 2", "  says: Dial 988 and press 1", "988, 2, 838255 here", "press 2"),
    Pair("a national line", "programs/medicare_part_b.yaml", "  phone: 1-800-633-4227\n", "  phone: 1-800-633-4272\n", "  phone: 1-800-633-4227\n",
         "here, 800-633-4227 in", "4272"),
    Pair("a federal number", PARAMETERS, "    value: 4400\n", "    value: 4440\n", "    value: 4400\n", "4440 here, 4400 in", "4440"),
    Pair("a guideline", ELIGIBILITY, "  each_additional: 5680\n", "  each_additional: 5860\n", "  each_additional: 5680\n", "5860 here, 5680 in", "5860"),
    Pair("a federal time limit", "appeals/fehb.yaml", "      number: 6\n", "      number: 9\n", "      number: 6\n", "9 months here, 6 months in", "number: 9"),
    # policies beside each other
    Pair("an excluded use with criteria", CIGNA, "  position: covered_with_criteria\n", "  position: excluded\n", "  position: covered_with_criteria\n",
         "excluded, and yet it has", "position: excluded"),
    Pair("covered without criteria, with criteria", CIGNA, "  position: covered_with_criteria\n", "  position: covered\n",
         "  position: covered_with_criteria\n", "this one is `covered_with_criteria`", "position: covered"),
    # how sure
    Pair("sure of another party's page", UHC, "  confidence: secondary\n", "  confidence: sourced\n", "  confidence: secondary\n",
         "`sourced` needs its maker's own text", "confidence: sourced"),
    Pair("recalled what is not told", "states/al.yaml", "  recalled_fields:\n", "  recalled_fields:\n  - answer_within\n", "  recalled_fields:\n",
         "cannot be recalled", "- answer_within"),
    # text against number
    Pair("a count that its sentence does not tell", "states/ny.yaml", "      at_least: 2\n      unit: medicines\n", "      at_least: 3\n      unit: medicines\n",
         "      at_least: 2\n      unit: medicines\n", "3 here, and another number in the text (2)", "at_least: 3"),
    Pair("a way's count", UHC, "      at_least: 2\n      unit: medicines\n", "      at_least: 3\n      unit: medicines\n",
         "      at_least: 2\n      unit: medicines\n", "3 here, 2 in", "at_least: 3"),
    Pair("a clock and its sentence", "decision_clocks.yaml", "    number: 7\n", "    number: 10\n", "    number: 7\n", "10 here, and another number", "number: 10"),
    Pair("a value and its sentence", TEXAS, "    value: 1\n    unit: medicines\n", "    value: 2\n    unit: medicines\n", "    value: 1\n    unit: medicines\n",
         "2 here, and another number in the text", "value: 2"),
    Pair("a price and its sentence", "prices.yaml", "  point: 952.59\n", "  point: 925.59\n", "  point: 952.59\n", "925.59 here", "925.59"),
    Pair("a position and its sentence", UHC, "  position: unproven\n", "  position: covered_with_criteria\n", "  position: unproven\n",
         "its sentence says “not to cover”", "position: covered_with_criteria"),
]  # fmt: skip


@lru_cache(maxsize=1)
def sheets() -> tuple[RecordFile, ...]:
    return tuple(found[0] for found in read_all() if not isinstance(found, Fault))


def faults_of(file: str, text: str, folder: Path) -> list[Fault]:
    """What the checker says of one file, written so, beside all others as they are."""
    shutil.copytree(RECORDS / "shared", folder / "shared", dirs_exist_ok=True)
    copy = folder / file
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(text, encoding="utf-8")
    room = next(r for r in RECORD_TYPES if Path(file).match(r.pattern))
    found = list(read_record_type(room, folder))
    others = [sheet for sheet in sheets() if sheet.file != file]
    return [f for f in check_found(found, TODAY, (file,), others) if f.level == "error"]


@pytest.mark.parametrize("pair", [pytest.param(p, id=p.name) for p in PAIRS])
def test_the_fault_is_told_on_its_line_and_the_sound_twin_is_not(
    pair: Pair, tmp_path: Path
) -> None:
    text = (RECORDS / pair.file).read_text(encoding="utf-8")
    assert pair.old in text, f"{pair.file} no longer holds {pair.old!r}"
    wrong = text.replace(pair.old, pair.wrong, 1)
    told = faults_of(pair.file, wrong, tmp_path / "wrong")
    fitting = [f for f in told if pair.message in f.message and f.file == pair.file]
    assert fitting, [str(f) for f in told]
    lines = wrong.splitlines()
    assert any(pair.at in lines[f.line - 1] for f in fitting), [str(f) for f in fitting]
    right = text.replace(pair.old, pair.right, 1)
    assert faults_of(pair.file, right, tmp_path / "right") == []


# --- policies beside each other ---

TWICE = """policies:
- id: {payer}_again
  treatment: esketamine
  indications: [{indication}]
  position: {position}
  lines_of_business: [commercial]{more}
  source: 21_cfr_1308_13
  confidence: recalled
  seen: false
"""


@pytest.mark.parametrize(
    ("indication", "position", "more", "told"),
    [
        ("treatment_resistant_depression", "covered_with_criteria", "", "speak for the same use"),
        ("treatment_resistant_depression", "covered_with_criteria", "\n  states: [OH]", ""),
        ("treatment_resistant_depression", "excluded", "", "say the opposite of the same use"),
        ("depression", "excluded", "", "say the opposite of the same use"),
        ("mental_health", "unproven", "", "say the opposite of the same use"),
        ("any", "excluded", "", ""),
        ("pain", "excluded", "", ""),
    ],
)
def test_policies_that_meet(
    indication: str, position: str, more: str, told: str, tmp_path: Path
) -> None:
    text = (RECORDS / CIGNA).read_text(encoding="utf-8")
    new = TWICE.format(payer="cigna", indication=indication, position=position, more=more)
    found = faults_of(CIGNA, text.replace("policies:\n", new, 1), tmp_path)
    if not told:
        assert found == []
        return
    lines = {f.line for f in found if told in f.message}
    first = text[: text.index("policies:\n")].count("\n") + 2
    assert min(lines) in range(first, first + 5)  # told at the new one and at the old one
    assert max(lines) > first + 5


# --- numbers as texts tell them ---


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Two antidepressants, and 180 days", {2, 180}),
        ("$1,356.08 by the PHQ-9", {1356.08}),
        ("7% of $25.3 million", {7, 0.07, 25.3, 25_300_000}),
        ("after the fourth month, twice a week", {4, 2}),
        ("nothing of it", {0}),
    ],
)
def test_numbers_are_read_in_digits_and_in_words(text: str, numbers: set[float]) -> None:
    assert numbers <= numbers_in(text)
    assert numbers_in(text) <= numbers | {1}  # `a` and `an` may be one


def test_lengths_are_read_with_their_units() -> None:
    told = lengths_in("Each ran 4 to 6 weeks; then six full months, 3 business days, 90-day")
    assert told == {(4, "week"), (6, "week"), (6, "month"), (3, "day"), (90, "day")}


@pytest.mark.parametrize(("number", "other"), [(18, 180), (180, 18), (27, 72), (600, 60)])
def test_a_slip_of_the_keys(number: int, other: int) -> None:
    assert is_slip(number, other)


@pytest.mark.parametrize(("number", "other"), [(60, 90), (4, 6), (45, 45), (100, 101)])
def test_another_number_is_no_slip(number: int, other: int) -> None:
    assert not is_slip(number, other)


# --- the second list of what must not change unseen ---


def test_a_crisis_line_that_is_gone_is_told(tmp_path: Path) -> None:
    text = (RECORDS / SAFETY).read_text(encoding="utf-8")
    gone = text.replace("- id: veterans_crisis_line\n", "- id: veterans_line\n", 1)
    told = [f.message for f in faults_of(SAFETY, gone, tmp_path)]
    assert "veterans_crisis_line stands in rules/checks/pinned.yaml and not here" in told


def test_every_crisis_line_is_pinned() -> None:
    safety = next(sheet.data for sheet in sheets() if sheet.file == SAFETY)
    assert [line["id"] for line in safety["crisis"]] == list(pinned()["crisis"])


def test_every_usual_number_of_a_field_is_one_of_a_record() -> None:
    known = {f"{m.__name__}.{f}" for m in _models() for f in m.model_fields}
    assert set(usual_numbers()["fields"]) <= known


def _models() -> set[type[Record]]:
    found = {Record}
    while more := {s for m in found for s in m.__subclasses__()} - found:
        found |= more
    return found
