"""Help for whoever corrects a record: schemas, faults in plain words, quick checks, a trial run."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from rules import evaluate
from rules import rule_book_files as loading
from rules.__main__ import main
from rules.checks.run import check_found, check_records
from rules.report.differences import differences_text
from rules.rule_book_files import load_rules, read_some
from rules.schema.export import (
    IDS,
    KINDS,
    PATTERNS,
    file_of,
    record_schema,
    schema_line,
    schema_text,
)
from rules.schema.files import RECORDS, read_record
from rules.schema.record_types import record_type_of
from rules.schema.refused import date_meant
from rules.schema.shared import Shared
from rules.schema.yaml_reader import Fault, RecordFile, read_record_file

ROOT = RECORDS.parents[1]
SCHEMAS = ROOT / "schemas"
TODAY = dt.date(2026, 11, 28)
CIGNA = "payers/cigna.yaml"
AETNA = "payers/aetna.yaml"
TEXAS = "states/tx.yaml"


@lru_cache(maxsize=1)
def all_sheets() -> tuple[RecordFile, ...]:
    return tuple(read_some(RECORDS, ())[1])


def record_files(kind: str | None = None) -> list[str]:
    patterns = [pattern for pattern, of in PATTERNS.items() if kind in (None, of)]
    return [p.relative_to(RECORDS).as_posix() for one in patterns for p in RECORDS.glob(one)]


def schema_of(kind: str) -> Any:
    return json.loads(schema_text(kind))


# --- faults -----------------------------------------------------------------------------------------


class Slip(NamedTuple):
    """A slip of the pen: where, and what must be told of it."""

    name: str
    file: str
    old: str
    new: str
    field: str
    message: str
    value: str | None = None
    nearest: str | None = None


SLIPS = [
    Slip("a misspelt key", CIGNA, "  position: covered", "  posision: covered",
         "policies[0].posision", "unknown key 'posision'", "posision", "position"),
    Slip("a misspelt key of a condition", CIGNA, "    at_least: 18\n", "    at_leas: 18\n",
         "policies[0].criteria[0].at_leas", "unknown key", "at_leas", "at_least"),
    Slip("a missing key", CIGNA, "  confidence: secondary\n", "",
         "policies[0].confidence", "missing: How sure it is"),
    Slip("a misspelt word of a short list", CIGNA, "  position: covered_with_criteria\n",
         "  position: coverd_with_criteria\n", "policies[0].position",
         "'coverd_with_criteria' is not one of: covered, covered_with_criteria, depends_on_plan",
         "coverd_with_criteria", "covered_with_criteria"),
    Slip("a misspelt word of a long list", CIGNA, "  - treatment_resistant_depression\n",
         "  - treatment_resistent_depression\n", "policies[0].indications[0]", "is not one of the 27 valid words",
         "treatment_resistent_depression", "treatment_resistant_depression"),
    Slip("a misspelt fact", CIGNA, "    fact: age\n", "    fact: agee\n",
         "policies[0].criteria[0].fact", "no such fact: agee", "agee", "age"),
    Slip("a misspelt source", "appeals/fehb.yaml", "source: ", "source: x_", "source", "no such source: x_"),
    Slip("a misspelt paper", "routes/gap_exception.yaml", "gap_exception_request", "gap_exceptoin_request",
         "documents", "no such document", "gap_exceptoin_request", "gap_exception_request"),
    Slip("a misspelt step", "routes/prior_authorization.yaml", "- use: read_policy\n", "- use: read_polici\n",
         "use", "no such step: read_polici (looked for in shared/)", "read_polici", "read_policy"),
    Slip("misspelt levels of appeal", "programs/medicare_part_b.yaml", "appeal_process: original_medicare\n",
         "appeal_process: orignal_medicare\n", "appeal_process", "no such appeal", "orignal_medicare", "original_medicare"),
    Slip("a misspelt treatment", "treatments.yaml", "  treatments:\n  - trazodone\n",
         "  treatments:\n  - trazadone\n", "treatments[0]", "no such treatment", "trazadone", "trazodone"),
    Slip("a misspelt payer", "plan_names.yaml", "  payer: humana\n", "  payer: humanna\n",
         "payer", "no such payer: humanna", "humanna", "humana"),
    Slip("a misspelt billing code", "codes.yaml", "  replaces: S0013\n", "  replaces: S0O13\n",
         "replaces", "no such billing code", "S0O13", "S0013"),
    Slip("a misspelt answer", "plan_names.yaml",
         "  sets: {kind: medicare, medicare: advantage, network: hmo}\n",
         "  sets: {kind: medicare, medicare: advantages}\n", "sets.medicare", "never 'advantages'",
         "advantages", "advantage"),
    Slip("a date without its zero", "payers/unitedhealthcare.yaml", "  as_of: '2026-07-01'\n",
         "  as_of: '2026-7-1'\n", "as_of", "'2026-7-1' is not a date; write 2026-07-01", "2026-7-1", "2026-07-01"),
    Slip("a date the American way", "payers/unitedhealthcare.yaml", "    from: '2026-07-01'\n",
         "    from: 7/1/2026\n", "in_force.from", "'7/1/2026' is not a date; write 2026-07-01", "7/1/2026", "2026-07-01"),
    Slip("a day that there is not", "payers/unitedhealthcare.yaml", "  as_of: '2026-07-01'\n",
         "  as_of: 2026-02-30\n", "as_of", "is not a date; write 2026, 2026-12 or 2026-12-01", "2026-02-30"),
    Slip("a year without quotes", "payers/unitedhealthcare.yaml", "  as_of: '2026-07-01'\n",
         "  as_of: 2026\n", "as_of", "write '2026' in quotes", "2026", "'2026'"),
    Slip("a number that loses its zero", AETNA, "  number: 0938\n", "  number: 0337\n",
         "policies[1].number", "write '0337' in quotes", "0337", "'0337'"),
    Slip("no for a text", AETNA, "  title: Spravato (esketamine)\n", "  title: no\n",
         "policies[0].title", "write 'no' in quotes", "no", "'no'"),
    Slip("a word for a number", CIGNA, "    at_least: 18\n", "    at_least: eighteen\n",
         "at_least", "a number is needed here", "eighteen"),
    Slip("a text for a list", TEXAS, "name: Texas\n", "name: Texas\nfacts: none\n", "facts", "a list is needed here", "none"),
    Slip("a text for a part", AETNA, "  trial:\n    min_weeks: 8\n    open_from_weeks: 6\n    current_episode: true\n",
         "  trial: 8 weeks\n", "policies[0].trial", "lines of `key: value` are needed here", "8 weeks"),
    Slip("the wrong unit", CIGNA, "    at_least: 18\n    unit: years\n", "    at_least: 18\n    unit: months\n",
         "unit", "counted in years, not months", "months", "years"),
    Slip("an id with capitals", AETNA, "- id: aetna_esk_trd\n", "- id: Aetna-Esk TRD\n",
         "policies[0].id", "small letters, digits and underscores", "Aetna-Esk TRD", "aetna_esk_trd"),
    Slip("a state in small letters", "payers/bcbs_massachusetts.yaml", "states:\n- MA\n", "states:\n- ma\n",
         "states[0]", "two capital letters, as in TX", "ma", "MA"),
    Slip("an ICD-10-CM code without its dot", "diagnoses/ptsd.yaml", "  - F43.10\n", "  - F4310\n",
         "codes[2]", "no such ICD-10-CM code", "F4310", "F43.10"),
    Slip("a tab", TEXAS, "name: Texas\n", "name: Texas\n\tfacts: []\n", "", "a tab stands here; indent with spaces"),
    Slip("a sign at the start of a text", TEXAS, "name: Texas\n", "name: @Texas\n", "", "put a text that begins with a sign in quotes"),
    Slip("a quote that stays open", TEXAS, "name: Texas\n", "name: 'Texas\n", "", "not readable as YAML"),
    Slip("a key that stands twice", TEXAS, "name: Texas\n", "name: Texas\nname: Texas\n",
         "name", "this key stands twice", "name"),
    Slip("a colon in a text", TEXAS, "name: Texas\n", "name: Texas: the state\n", "",
         "put the whole text in quotes"),
    Slip("a file under another name", AETNA, "id: aetna\n", "id: atna\n", "id", "the file is called aetna", "atna", "aetna"),
]  # fmt: skip


def faults_of(slip: Slip, folder: Path) -> tuple[list[Fault], list[str]]:
    text = (RECORDS / slip.file).read_text(encoding="utf-8")
    assert slip.old in text, f"{slip.file} no longer holds {slip.old!r}"
    text = text.replace(slip.old, slip.new, 1)
    path = folder / slip.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    room = record_type_of(slip.file)
    assert room is not None
    items = list(read_record(room, path, slip.file, Shared(RECORDS)))
    others = [sheet for sheet in all_sheets() if sheet.file != slip.file]
    return check_found(items, TODAY, (slip.file,), others), text.splitlines()


@pytest.mark.parametrize("slip", [pytest.param(s, id=s.name) for s in SLIPS])
def test_a_slip_is_told_with_its_place_its_value_and_the_nearest_valid_one(
    slip: Slip, tmp_path: Path
) -> None:
    faults, lines = faults_of(slip, tmp_path)
    fitting = [f for f in faults if slip.message in f.message and slip.field in f.field]
    assert fitting, [str(f) for f in faults[:5]]
    fault = fitting[0]
    if slip.value is not None:
        assert (fault.value, fault.nearest) == (slip.value, slip.nearest)
        assert slip.value in lines[fault.line - 1]
        assert slip.value in str(fault)
    assert (slip.nearest or "") in str(fault)
    assert str(fault).startswith(f"{slip.file}:{fault.line}: ")


def test_a_misspelt_source_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    sheet = read_record_file(RECORDS / AETNA, AETNA)
    assert isinstance(sheet, RecordFile)
    right = sheet.data["policies"][0]["source"]
    slip = Slip("", AETNA, f"source: {right}", f"source: {right[:-2]}", "source", "")
    (fault,) = faults_of(slip, tmp_path)[0]
    assert (fault.value, fault.nearest) == (right[:-2], right)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-1-5", "2026-01-05"), ("2026/12/01", "2026-12-01"), ("12/1/2026", "2026-12-01"),
        ("1.12.2026", "2026-01-12"), ("2026-13-01", None), ("soon", None), ("1 May 2026", None),
    ],
)  # fmt: skip
def test_a_date_in_another_form_is_read_where_it_can_be(written: str, meant: str | None) -> None:
    assert date_meant(written) == meant


# --- a few files ------------------------------------------------------------------------------------

PLANTED = [
    (CIGNA, "    fact: age\n", "    fact: agee\n"),
    (AETNA, "  number: 0938\n", "  number: 0337\n"),
    ("payers/humana.yaml", "- id: humana_", "- id: uhc_comm_esk_trd\n  # "),
    ("programs/medicare_part_b.yaml", "appeal_process: original_medicare\n", "appeal_process: old_medicare\n"),
    (TEXAS, "  phone: 800-252-3439\n", "  phone: call us\n"),
    ("routes/claim.yaml", "says: The clinic gives", "says: You are eligible. The clinic gives"),
    ("states/ut.yaml", "name: Utah\n", "name: Utah\n\tfacts: []\n"),
]  # fmt: skip


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of all records with faults in some, and a place for copies of its own."""
    monkeypatch.setenv("KETAPATH_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "records"
    shutil.copytree(RECORDS, root)
    for file, old, new in PLANTED:
        text = (root / file).read_text(encoding="utf-8")
        assert old in text, f"{file} no longer holds {old!r}"
        (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return root


def test_a_file_is_told_the_same_faults_alone_as_among_all(
    planted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = check_records(planted, TODAY)
    read: list[str] = []
    real = loading.read_record

    def noting(room: Any, path: Path, name: str, shared: Shared) -> Any:
        read.append(name)
        return real(room, path, name, shared)

    monkeypatch.setattr(loading, "read_record", noting)
    broken = {fault.file for fault in everything if isinstance(fault, Fault)}
    for file in ("payers/unitedhealthcare.yaml", "sources/payer.yaml", *(p[0] for p in PLANTED)):
        read.clear()
        alone = check_records(planted, TODAY, (file,))
        assert [f for f in alone if f.file == file] == [f for f in everything if f.file == file]
        if file != "payers/unitedhealthcare.yaml":  # the first one fills the copy
            assert set(read) <= {file, *broken}  # of the others only what is no record
    assert {p[0] for p in PLANTED} | {"payers/unitedhealthcare.yaml"} <= broken


def test_a_file_that_was_changed_is_not_taken_from_the_copy(planted: Path) -> None:
    sources = planted / "sources/payer.yaml"
    assert all("no such source" not in f.message for f in check_records(planted, TODAY, (CIGNA,)))
    text = sources.read_text(encoding="utf-8")
    sources.write_text(text.replace("- id: ", "- id: x_"), encoding="utf-8")
    assert any("no such source" in f.message for f in check_records(planted, TODAY, (CIGNA,)))


def test_a_copy_that_somebody_else_made_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KETAPATH_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "records"
    (root / "payers").mkdir(parents=True)
    for file in (AETNA, CIGNA):
        shutil.copy(RECORDS / file, root / file)
    right = [str(f) for f in check_records(root, TODAY, (CIGNA,))]
    copy = tmp_path / "cache" / loading.SHEETS
    content = copy.read_bytes()
    for damaged in (b"", content[:-1], content.replace(b"aetna", b"atena"), content[65:]):
        copy.write_bytes(damaged)
        assert [str(f) for f in check_records(root, TODAY, (CIGNA,))] == right
        assert copy.read_bytes() == content


def test_the_command_checks_one_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", AETNA, "--today", TODAY.isoformat()]) == 0
    assert capsys.readouterr().out == f"{AETNA}: no faults, 0 warnings\n"


# --- schemas ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_committed_schema_is_fresh(kind: str) -> None:
    told = "write it anew: python -m rules schema --all schemas"
    assert (SCHEMAS / file_of(kind)).read_text(encoding="utf-8") == schema_text(kind), told


def test_no_schema_is_left_over() -> None:
    assert {p.name for p in SCHEMAS.iterdir()} == {file_of(kind) for kind in KINDS}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != IDS])
def test_every_part_and_every_field_has_a_description(kind: str) -> None:
    schema = schema_of(kind)
    for name, part in {kind: schema, **schema.get("$defs", {})}.items():
        if "properties" in part:
            assert part.get("description"), name
        for field, said in part.get("properties", {}).items():
            assert said.get("description", "").rstrip().endswith((".", "…")), f"{name}.{field}"


def with_alias(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from with_alias(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from with_alias(part)


def test_keys_are_named_as_a_record_writes_them() -> None:
    keys = set(with_alias(record_schema("payer")))
    assert {"is", "not", "from", "to"} <= keys
    assert not {"is_", "not_", "start", "end"} & keys


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != IDS])
def test_every_record_fits_its_schema(kind: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    referencing = pytest.importorskip("referencing")
    ids = json.loads((SCHEMAS / file_of(IDS)).read_text(encoding="utf-8"))
    resource = referencing.Resource.from_contents(ids)
    registry = referencing.Registry().with_resource(file_of(IDS), resource)
    schema = json.loads((SCHEMAS / file_of(kind)).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, registry=registry)
    sheets = [read_record_file(RECORDS / file, file) for file in record_files(kind)]
    assert sheets
    for sheet in sheets:
        assert isinstance(sheet, RecordFile)
        told = [
            f"{sheet.file}: {e.json_path}: {e.message[:200]}"
            for e in validator.iter_errors(sheet.data)
        ]
        assert told == []
    broken = {**sheets[0].data, "no_such_key": 1}
    assert not validator.is_valid(broken)


def test_a_source_that_there_is_not_does_not_fit() -> None:
    ids = json.loads((SCHEMAS / file_of(IDS)).read_text(encoding="utf-8"))["$defs"]
    assert len(ids["source"]["enum"]) == len(ids["source"]["markdownEnumDescriptions"]) > 1000
    assert {"age", "rems_certified"} <= set(ids["fact"]["enum"])
    policy = record_schema("payer")["$defs"]["Policy"]["properties"]
    assert policy["source"]["$ref"] == "ids.schema.json#/$defs/source"


@pytest.mark.parametrize("file", sorted(record_files()))
def test_the_first_line_of_a_record_names_its_schema(file: str) -> None:
    first = (RECORDS / file).read_text(encoding="utf-8").partition("\n")[0]
    assert first == schema_line(file)
    named = first.partition("$schema=")[2]
    assert ((RECORDS / file).parent / named).resolve().parent == SCHEMAS


def test_the_editor_is_told_the_schema_of_every_file() -> None:
    settings = json.loads((ROOT / ".vscode/settings.json").read_text(encoding="utf-8"))
    wanted = {f"./schemas/{file_of(kind)}": f"rules/records/{p}" for p, kind in PATTERNS.items()}
    assert settings["yaml.schemas"] == wanted


def test_the_command_writes_schemas(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["schema", "payer"]) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed)["$id"] == "payer.schema.json"
    assert main(["schema", "--all", str(tmp_path / "new")]) == 0
    assert (tmp_path / "new" / "payer.schema.json").read_text(encoding="utf-8") == printed
    assert len(list((tmp_path / "new").iterdir())) == len(KINDS)


@pytest.mark.parametrize(
    "arguments", [["schema"], ["schema", "payers"], ["schema", "payer", "--all", "x"], ["try", "x"]]
)
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


# --- a changed record -------------------------------------------------------------------------------

CASE: dict[str, Any] = {
    "age": 42, "state": "TX", "request": "esketamine", "diagnosis": "treatment_resistant_depression",
    "treatment_counts": {"antidepressants_failed": 2, "antidepressant_classes_failed": 2, "psychotherapy_tried": True},
    "coverages": [{"kind": "employer", "payer": "aetna", "funding": "fully_insured"}],
    "provider": {"rems_certified": True},
}  # fmt: skip
TWO = "    fact: failed_antidepressants\n    at_least: 2\n"


@pytest.fixture
def case(tmp_path: Path) -> str:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(CASE), encoding="utf-8")
    return str(path)


def changed(folder: Path, old: str, new: str, name: str = "aetna.yaml") -> str:
    text = (RECORDS / AETNA).read_text(encoding="utf-8")
    assert old in text
    path = folder / name
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return str(path)


def tried(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["try", *arguments, "--today", TODAY.isoformat()])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_three_antidepressants_instead_of_two_is_shown(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, case: str
) -> None:
    record = changed(tmp_path, TWO, TWO.replace("2", "3"), "a_new_version.yaml")
    code, out, _ = tried(capsys, record, case, "--against", str(RECORDS / AETNA))
    assert code == 0
    path = out.split("[employer.aetna.esketamine.prior_authorization]")[1].split("\n\n")[0]
    assert "Outlook: Possible → Not yet" in path
    assert (
        "failed_antidepressants: At least 2 antidepressants did not help, each taken long enough at a full "
        "dose (met) → At least 3 antidepressants did not help, each taken long enough at a full dose (not met)"
    ) in path
    assert "Now said: Still missing: At least 3 antidepressants did not help" in path
    assert "rems" not in path  # what stays is not told


def test_the_same_record_changes_nothing(capsys: pytest.CaptureFixture[str], case: str) -> None:
    code, out, _ = tried(capsys, AETNA, case, "--against", str(RECORDS / AETNA))
    assert code == 0
    assert (
        out
        == f"{AETNA}: what the change does in this case, on 2026-11-28\n\nNothing changes in this case.\n"
    )


def test_paths_that_go_and_come_are_shown(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, case: str
) -> None:
    text = (RECORDS / AETNA).read_text(encoding="utf-8")
    asks = text[text.index("  prior_authorization: true\n") :]
    asks = asks[: asks.index("\n  source: ") + 1]  # a use that is excluded asks for nothing
    start, _, rest = text.partition(asks)
    closed = str(tmp_path / "aetna.yaml")
    start = start.replace("  position: covered_with_criteria\n", "  position: excluded\n", 1)
    Path(closed).write_text(
        f"{start}  says: Aetna does not cover Spravato.\n{rest}", encoding="utf-8"
    )
    _, there, _ = tried(capsys, closed, case, "--against", str(RECORDS / AETNA))
    _, back, _ = tried(capsys, AETNA, case, "--against", closed)
    gone = "[employer.aetna.esketamine.step_therapy_exception]\n  No longer there. Outlook before: Possible"
    assert gone in there
    assert (
        "[employer.aetna.esketamine.step_therapy_exception]\n  New path. Outlook: Possible" in back
    )


def test_steps_deadlines_and_the_leading_path_are_told() -> None:
    denied = {**CASE, "stage": "denied", "denial": {"notice_date": "2026-11-01"}}
    before = evaluate(denied, TODAY)
    path = next(p for p in before.paths if p.deadlines and len(p.next_steps) > 1)
    other = next(p for p in before.paths if p.id not in (path.id, before.best))
    day = path.deadlines[0].model_copy(update={"act_by": dt.date(2027, 1, 4)})
    steps = path.next_steps[1:]
    moved = path.model_copy(update={"deadlines": (day, *path.deadlines[1:]), "next_steps": steps})
    paths = tuple(moved if p.id == path.id else p for p in before.paths)
    after = before.model_copy(update={"paths": paths, "best": other.id, "first_act": "Call."})
    text = differences_text(before, after)
    assert f"First step: {path.next_steps[0].text} → {steps[0].text}" in text
    assert f"Deadline {day.id}, {day.kind}: {path.deadlines[0].act_by} → 2027-01-04" in text
    assert "Leading path: " in text
    assert f"What to do first: {before.first_act} → Call." in text
    assert differences_text(before, before) == "Nothing changes in this case."


def test_without_a_record_to_compare_the_committed_one_is_taken(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a checkout the answer is that of the commit; elsewhere it is told what to do."""
    monkeypatch.setenv("PATH", "")
    code, _, err = tried(capsys, changed(tmp_path, TWO, TWO.replace("2", "3")), case)
    assert code == 1
    assert "--against FILE" in err
    monkeypatch.undo()
    code, out, err = tried(capsys, changed(tmp_path, TWO, TWO.replace("2", "3")), case)
    assert (code, "at least 3" in out.lower()) == (0, True) or "--against FILE" in err


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    fact: age\n", "    fact: agee\n", "no such fact: agee. Nearest valid: age"),
        ("  position: covered", "  posision: covered", "Nearest valid: position"),
        ("id: aetna\n", "id: nobody\n", "no record has this id"),
        ("id: aetna\n", "id: [aetna\n", "not readable as YAML"),
    ],
)
def test_a_faulty_record_is_told_and_nothing_is_tried(
    old: str, new: str, told: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, case: str
) -> None:
    record = changed(tmp_path, old, new)
    code, out, err = tried(capsys, record, case, "--against", str(RECORDS / AETNA))
    assert (code, out) == (1, "")
    assert told in err
    assert record in err


def test_what_records_share_is_not_tried_as_if_it_changed_nothing(
    capsys: pytest.CaptureFixture[str], case: str
) -> None:
    code, out, err = tried(capsys, "shared/steps.yaml", case)
    assert (code, out) == (1, "")
    assert "cannot be tried by itself" in err


def test_a_misspelt_use_of_a_policy_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    file, ident = "programs/church_plan.yaml", "private_plan_esketamine_any"
    slip = Slip("", file, f"use: {ident}\n", f"use: {ident}x\n", "use", "")
    fault = faults_of(slip, tmp_path)[0][0]
    assert (fault.value, fault.nearest) == (f"{ident}x", ident)


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str], case: str) -> None:
    code, _, err = tried(capsys, "payers/nobody.yaml", case)
    assert code == 1
    assert "payers/nobody.yaml: no such record file" in err


@pytest.fixture(autouse=True)
def _the_real_book_afterwards() -> Iterator[None]:
    yield
    load_rules.cache_clear()
