"""What many records hold alike stands once: `use` puts it in, and its faults are told where it stands."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from rules.checks.run import check_records
from rules.schema.files import RECORDS, read_record_type
from rules.schema.policies import Payer
from rules.schema.record_types import RECORD_TYPES
from rules.schema.yaml_reader import Fault

TODAY = dt.date(2026, 11, 28)
PAYERS = next(room for room in RECORD_TYPES if room.name == "payers")
FACTS = """\
facts:
- id: hours
  says: The line is open by day.
  source: somewhere
  confidence: recalled
"""
STATEMENTS = "statements:\n- id: nothing_seen\n  says: Nothing was seen.\n"
PAYER = "id: acme\nname: Acme\nfacts:\n"


def read(folder: Path, payer: str, facts: str = FACTS) -> list[Payer | Fault]:
    """The one payer of a small folder, or what is wrong with it."""
    for name, text in {
        "shared/facts.yaml": facts,
        "shared/statements.yaml": STATEMENTS,
        "payers/acme.yaml": payer,
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    found = read_record_type(PAYERS, folder)
    return [f if isinstance(f, Fault) else f[1] for f in found]  # type: ignore[misc]


def payer_of(folder: Path, text: str) -> Payer:
    (payer,) = read(folder, text)
    assert isinstance(payer, Payer)
    return payer


def fault_of(folder: Path, text: str, facts: str = FACTS) -> Fault:
    (fault,) = read(folder, text, facts)
    assert isinstance(fault, Fault)
    return fault


def test_a_use_stands_for_the_whole_entry(tmp_path: Path) -> None:
    (fact,) = payer_of(tmp_path, PAYER + "- use: hours\n").facts
    assert (fact.id, fact.says, fact.source) == ("hours", "The line is open by day.", "somewhere")


def test_what_stands_beside_a_use_takes_the_place_of_the_entrys_own(tmp_path: Path) -> None:
    (fact,) = payer_of(tmp_path, PAYER + "- use: hours\n  id: phone_hours\n  unit: h\n").facts
    assert (fact.id, fact.unit, fact.says) == ("phone_hours", "h", "The line is open by day.")


def test_two_records_may_change_the_same_entry_each_in_its_own_way(tmp_path: Path) -> None:
    first, second = payer_of(tmp_path, PAYER + "- use: hours\n  id: a\n- use: hours\n").facts
    assert (first.id, second.id) == ("a", "hours")


def test_a_use_stands_for_a_text_in_a_list_and_in_a_field(tmp_path: Path) -> None:
    payer = payer_of(
        tmp_path,
        PAYER
        + "- use: hours\n  note: {use: nothing_seen}\nnot_found:\n- use: nothing_seen\n- Its fax.\n",
    )
    assert payer.facts[0].note == "Nothing was seen."
    assert payer.not_found == ("Nothing was seen.", "Its fax.")


def test_an_unknown_use_names_file_line_field_and_the_nearest(tmp_path: Path) -> None:
    fault = fault_of(tmp_path, PAYER + "- use: ours\n")
    assert (fault.file, fault.line, fault.field) == ("payers/acme.yaml", 4, "facts[0].use")
    assert fault.message == "no such fact: ours (looked for in shared/)"
    assert (fault.value, fault.nearest) == ("ours", "hours")


@pytest.mark.parametrize(
    ("beside", "place"),
    [
        ("  colour: blue\n", ("payers/acme.yaml", 5, "facts[0].colour")),
        ("", ("shared/facts.yaml", 5, "facts[0].confidence")),
    ],
)
def test_a_fault_is_told_in_the_file_that_holds_it(
    beside: str, place: tuple[str, int, str], tmp_path: Path
) -> None:
    facts = FACTS if beside else FACTS.replace("recalled", "certain")
    assert fault_of(tmp_path, PAYER + "- use: hours\n" + beside, facts)[:3] == place


def test_nothing_stands_beside_the_use_of_a_text(tmp_path: Path) -> None:
    text = PAYER + "- use: hours\n  note:\n    use: nothing_seen\n    by: me\n"
    assert "beside" in fault_of(tmp_path, text).message


# --- in the whole book --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copied = tmp_path_factory.mktemp("book") / "records"
    shutil.copytree(RECORDS, copied)
    return copied


def faults_with(records: Path, file: str, old: str, new: str) -> list[Fault]:
    path = records / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    try:
        return [f for f in check_records(records, TODAY, (file,)) if f.level == "error"]
    finally:
        path.write_text(text, "utf-8")


ODD = "statements:\n- id: odd\n  says: Odd.\n"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("shared/statements.yaml", "statements:\n", ODD, "no record uses odd"),
        ("shared/statements.yaml", "statements:\n",
         "statements:\n- id: medicaid_rides\n  says: Odd.\n", "stands twice: medicaid_rides"),
        ("shared/facts.yaml", "  source: medicaid_gov_", "  source: no_such_", "no such source: no_such_"),
        ("shared/policies.yaml", "  - J3490\n", "  - J3491\n", "no such billing code: J3491"),
        ("shared/facts.yaml", "facts:\n", "facts:\n- use: medicaid_rides\n", "needs an id"),
        ("shared/facts.yaml", "facts:\n", "facts:\n- id: odd\n  note: {use: no_such_law_found}\n",
         "written out in full"),
        ("shared/statements.yaml", "statements:\n", "texts:\n", "one list, called statements"),
    ],
)  # fmt: skip
def test_a_fault_in_a_shared_file_is_told_once_and_there(
    file: str, old: str, new: str, message: str, records: Path
) -> None:
    told = [f for f in faults_with(records, file, old, new) if message in f.message]
    assert len(told) == 1
    assert told[0].file.startswith("shared/")
