"""Facts that were corrected: for each, a person to whom the old fact told something else.

Every `tests/cases/corrected_facts_*.yaml` is a list of

    - id: a name, no other has it
      says: why: what the fact is now
      today: 2026-11-28            (left out: that day)
      case: {...}                  as the interface takes it; every key as in a JSON case
      expect:
      - path: employer.aetna.esketamine.external_review     (its id, or a pattern with `*`)
        outlook: possible
        deadline: 2027-03-12       the last day of its first deadline
        act_by: 2027-03-12         the day to act by
        text: [pattern]            each is found in the JSON of the path, in any case of letters
        not_text: [pattern]        none is found there
      - where: {coverage: 0, treatment: esketamine, route: appeal}    instead of its id
        absent: true               there is no such path

A wish without `path` and `where` speaks of the whole result.
"""

from __future__ import annotations

import datetime as dt
import fnmatch
import re
from typing import Any

import pytest
import yaml

from rules import evaluate, read_case
from tests.example_model import CASES, Outlook, Strict, plain


class Where(Strict):
    coverage: int | None = None
    treatment: str | None = None
    route: str | None = None


class Wish(Strict):
    path: str | None = None
    where: Where | None = None
    outlook: Outlook = None
    deadline: dt.date | None = None
    act_by: dt.date | None = None
    text: list[str] = []
    not_text: list[str] = []
    absent: bool = False


class CorrectedFact(Strict):
    id: str
    says: str
    today: dt.date = dt.date(2026, 11, 28)
    case: dict[str, Any]
    expect: list[Wish]


def _read() -> list[CorrectedFact]:
    files = sorted(CASES.glob("corrected_facts_*.yaml"))
    typed = [raw for f in files for raw in yaml.safe_load(f.read_text(encoding="utf-8"))]
    return [CorrectedFact.model_validate(raw) for raw in typed]


FACTS = _read()


def _fits(path: Any, wish: Wish) -> bool:
    told = wish.where.model_dump(exclude_unset=True) if wish.where is not None else {}
    same = all(getattr(path, key) == value for key, value in told.items())
    return same and fnmatch.fnmatchcase(path.id, wish.path or "*")


def _asked(result: Any, wish: Wish) -> Any:
    """What a wish speaks of: the one path that fits, or the whole result."""
    if wish.path is None and wish.where is None:
        return result
    found = [p for p in result.paths if _fits(p, wish)]
    ids = [p.id for p in found or result.paths]
    assert len(found) == 1, f"{len(found)} paths fit {wish.path or wish.where}; there are {ids}"
    return found[0]


def _assert_wish(result: Any, wish: Wish) -> None:
    if wish.absent:
        assert [p.id for p in result.paths if _fits(p, wish)] == []
        return
    asked = _asked(result, wish)
    if wish.asks("outlook"):
        assert asked.outlook == wish.outlook, f"{asked.outlook}: {asked.reason}"
    if wish.asks("deadline"):
        assert [d.date for d in asked.deadlines[:1]] == [wish.deadline], asked.deadlines
    if wish.asks("act_by"):
        assert [d.act_by for d in asked.deadlines[:1]] == [wish.act_by], asked.deadlines
    text = asked.model_dump_json()
    assert [p for p in wish.text if not re.search(p, text, re.IGNORECASE)] == [], text
    assert [p for p in wish.not_text if re.search(p, text, re.IGNORECASE)] == [], text


@pytest.mark.parametrize("fact", [pytest.param(f, id=f.id) for f in FACTS])
def test_corrected_fact(fact: CorrectedFact) -> None:
    result = evaluate(read_case(plain(fact.case), fact.today), today=fact.today)
    assert fact.expect
    for wish in fact.expect:
        _assert_wish(result, wish)


def test_names_are_unique() -> None:
    found = [f.id for f in FACTS]
    assert len(found) == len(set(found))
