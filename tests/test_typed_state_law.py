"""What the state's record says on a path, as typed in `typed_state_law.yaml`: which sentences, in which
order, for whom only with a doubt, until which day, and the answers that they rest on.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path as File
from typing import Any

import pytest
import yaml

from rules import read_case
from rules.engine.paths import Candidate, Path
from rules.facts.context import Facts
from rules.report.state_law import LawStatement, laws_for, state_says, terms_of
from tests.example_model import plain
from tests.strategies import BOOK

TODAY = dt.date(2026, 11, 28)
TYPED: list[dict[str, Any]] = yaml.safe_load(
    File(__file__).with_name("typed_state_law.yaml").read_text(encoding="utf-8")
)
ANY_POLICY = BOOK.payers["aetna"].policies[0]


def _path(typed: dict[str, Any]) -> Path:
    today = typed.get("today", TODAY)
    cover = 0 if "route" in typed else None
    treatment = typed.get("treatment", "esketamine")
    facts = Facts(read_case(plain(typed["case"]), today), BOOK, today).for_coverage(
        cover, treatment
    )
    record = ANY_POLICY if "route" in typed else BOOK.ways[typed["way"]]
    route = typed.get("route") or BOOK.ways[typed["way"]].route
    best = Candidate(record, route, "possible", "possible", ())
    return Path("path", cover, treatment, route, (best,), facts)


def _begins(found: list[LawStatement], typed: list[str]) -> bool:
    texts = [s.sentence.text for s in found]
    return len(texts) == len(typed) and all(
        text.startswith(start.rstrip()) and text.endswith(end.strip()) and (dots or text == start)
        for text, (start, dots, end) in zip(texts, (t.partition("…") for t in typed), strict=True)
    )


@pytest.mark.parametrize("typed", [pytest.param(t, id=t["id"]) for t in TYPED])
def test_what_the_state_says_on_a_path(typed: dict[str, Any]) -> None:
    path = _path(typed)
    of_plan, of_way, terms = laws_for(path), state_says(path), terms_of(path)
    told, silent = (of_plan, of_way) if path.coverage is not None else (of_way, of_plan)
    assert _begins(told, typed["told"]), [s.sentence.text for s in told]
    assert silent == []
    assert _begins(terms, typed.get("terms", [])), [s.sentence.text for s in terms]
    assert {b for s in told for b in s.sentence.because} == set(typed["because"])
    assert all(s.sentence.source == s.section.source for s in (*told, *terms))
