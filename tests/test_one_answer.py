"""One answer, told alike: on the wizard's screens, by the command line and in a row of a worklist.

What leads, what to do first and the order in which paths and steps are read are decided once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rules import Result, evaluate, load_rules, screen
from rules.__main__ import main
from rules.messages import phrase
from rules.report.text_in_full import ROLES
from rules.report.text_report import render_text
from rules.table import case_of_row
from tests.how_often import often
from tests.strategies import TODAY
from wizard.counselor.answer_rows import Variant, answer_rows
from wizard.result import reading

PARTS = 4
AT_ONCE = often(250)
BY_COMMAND = 4  # of so many cases at once, this many are also given to the command


@pytest.fixture(params=range(PARTS), ids=lambda n: f"sample-{n + 1}")
def rows(request: pytest.FixtureRequest, tmp_path: Path) -> list[dict[str, Any]]:
    """Made-up but plausible people, one a row; a thousand in four parts, so that two can work."""
    file = tmp_path / "sample.csv"
    seed = str(2026 + request.param)
    assert main(["sample", "--rows", str(AT_ONCE), "--seed", seed, "-o", str(file)]) == 0
    return pd.read_csv(file, dtype=str, keep_default_na=False).to_dict("records")


def test_a_screen_and_a_row_tell_the_same_answer(rows: list[dict[str, Any]]) -> None:
    work = screen(pd.DataFrame(rows, dtype=object), today=TODAY).to_dict("records")
    assert len(work) == len(rows) == AT_ONCE
    differ = []
    for row, told in zip(rows, work, strict=True):
        result = evaluate(case_of_row(row, TODAY), today=TODAY)
        assert len(result.paths) > 1
        case = case_of_row(row, TODAY)
        differ.extend(f"{row['case_id']}: {d}" for d in differences(case, result, told))
        assert_read_aloud(result, render_text(result, full=True))  # what the command prints
    assert not differ, f"{len(differ)} differences, the first: {differ[:5]}"


def differences(case: dict[str, Any], result: Result, row: dict[str, Any]) -> Iterator[str]:
    """Where a screen or a row tells another answer than the result."""
    by_id = {p.id: p for p in result.paths}
    best = by_id.get(result.best or "")
    first = best.next_steps[0].text if best and best.next_steps else result.first_act
    if result.first_act != first:
        yield f"result: first_act is {result.first_act!r}, the leading path begins with {first!r}"

    rows = answer_rows([Variant(case, result, result)], load_rules())
    step = next((r.cells[0].lines[0].text for r in rows if r.kind == "step"), None)
    if best and best.next_steps and step != first:
        yield f"comparison: first {step!r}, and not {first!r}"
    cards = reading.cards_of(result)
    if cards.lead != (result.leading or result.answers[0]):
        yield f"screen: {cards.lead and cards.lead.path} leads, and not {result.best}"
    order = list(by_id)
    if best and order[0] != result.best:
        yield f"result: {order[0]} stands first, and not {result.best}"
    for role, paths in reading.by_role(result):
        mine = [i for i in order if i in {p.id for p in paths}]
        if [p.id for p in paths] != mine:
            yield f"screen: the {role} paths stand in another order"
        for path in paths:
            if [s.id for s in path.next_steps] != [s.id for s in by_id[path.id].next_steps]:
                yield f"screen: the steps of {path.id} stand in another order"

    if row["best_path"] != (result.best or ""):
        yield f"row: {row['best_path']} leads, and not {result.best}"
    if row["best_outlook"] != (best.outlook if best else ""):
        yield f"row: outlook {row['best_outlook']}"
    if row["next_step"] != (first or ""):
        yield f"row: first {row['next_step']!r}, and not {first!r}"
    for outlook in ("likely", "possible", "not_yet"):
        # Ways to pay stand by what they save, which a row does not work out; there they stand by name.
        listed = [i for i in row[f"paths_{outlook}"].split("; ") if i]
        here = [i for i in order if by_id[i].outlook == outlook]
        own = [i for i in listed if by_id[i].coverage is not None]
        if own != [i for i in here if by_id[i].coverage is not None]:
            yield f"row: the {outlook} paths stand in another order"
        if not set(listed) <= set(here):
            yield f"row: {set(listed) - set(here)} are no {outlook} paths"


def test_the_command_tells_what_the_result_holds(
    rows: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for row in rows[:: AT_ONCE // BY_COMMAND]:
        case = case_of_row(row, TODAY)
        result = evaluate(case, today=TODAY)
        file = tmp_path / "case.json"
        file.write_text(json.dumps(case, default=str), encoding="utf-8")
        command = ["evaluate", str(file), "--today", TODAY.isoformat(), "--format"]

        assert main([*command, "json"]) == 0
        assert json.loads(capsys.readouterr().out) == json.loads(result.model_dump_json())

        assert main([*command, "text", "--full"]) == 0
        assert_read_aloud(result, capsys.readouterr().out)


def assert_read_aloud(result: Result, text: str) -> None:
    """The full text tells the answer and the week, and under each role the paths and steps in order."""
    said = unbroken(text)
    assert result.leading is None or unbroken(result.leading.sentence) in said
    assert in_this_order(
        said, [f"{n}. {unbroken(s.text)}" for n, s in enumerate(result.this_week, 1)]
    )
    for role in ROLES:
        here = [p for p in result.paths if p.role == role and p.outlook != "closed"]
        if here:
            # Paths that differ in nothing but the treatment are read out once, where the first stands.
            ways = said[said.index(phrase("text_report", role)) :]
            assert in_this_order(ways, dict.fromkeys(unbroken(p.reason) for p in here))
    for path in result.paths:
        if path.outlook != "closed":
            steps = [f"{n}. {unbroken(s.text)}" for n, s in enumerate(path.next_steps[:6], 1)]
            assert in_this_order(said, steps)


def unbroken(text: str) -> str:
    return " ".join(text.split())


def in_this_order(text: str, parts: Any) -> bool:
    """Whether the parts are found one after the other."""
    at = 0
    for part in parts:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found
    return True
