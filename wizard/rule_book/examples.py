"""The made-up cases of the tests, and which record speaks in each.

Pure. The cases are read where they are shipped with the program; without them there are none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from rules import Book, CaseError, evaluate
from rules.result import PathShown
from rules.schema.appeals import AppealLevel
from rules.schema.policies import Policy
from rules.schema.ways import PaymentOption

FOLDER = Path(__file__).parent.parent.parent / "tests" / "cases"
SPEAKS = (Policy, PaymentOption, AppealLevel)


@dataclass(frozen=True)
class Example:
    """A made-up case and what it shows."""

    id: str
    says: str
    case: dict[str, Any]
    today: dt.date | None


@dataclass(frozen=True)
class Spoken:
    """An example in which a record made a path."""

    id: str
    says: str
    path: PathShown


@lru_cache(maxsize=2)
def examples(folder: Path = FOLDER) -> tuple[Example, ...]:
    """Every shipped example that has a case and says what it shows."""
    return tuple(_examples(folder))


def _examples(folder: Path) -> Iterator[Example]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in sorted(folder.glob("*.yaml")):
        for item in yaml.load(path.read_text(encoding="utf-8"), loader) or ():
            if isinstance(item, dict) and isinstance(item.get("case"), dict) and item.get("says"):
                yield Example(item["id"], item["says"], _plain(item["case"]), item.get("today"))


def _plain(value: Any) -> Any:
    """YAML dates as the text that a case carries."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def speaking(
    file: str, book: Book, today: dt.date, most: int, folder: Path = FOLDER
) -> tuple[Spoken, ...]:
    """The first examples in which a record of a file made a path; `most` of them at the most."""
    mine = {str(thing.id) for f, _, thing in book.all_facts() if f == file and _speaks(thing)}
    found: list[Spoken] = []
    for example in examples(folder) if mine else ():
        if len(found) == most:
            break
        if not _may_speak(file, example.case, book):
            continue
        try:
            result = evaluate(example.case, today=example.today or today)
        except CaseError:
            continue  # an example of a case that cannot be read
        path = next((p for p in result.paths if p.record in mine), None)
        if path is not None:
            found.append(Spoken(example.id, example.says, path))
    return tuple(found)


def _speaks(thing: Any) -> bool:
    return isinstance(thing, SPEAKS)


def _may_speak(file: str, case: dict[str, Any], book: Book) -> bool:
    """Whether a case can concern a record at all: a look at its covers spares an evaluation."""
    room, _, stem = file.removesuffix(".yaml").partition("/")
    covers = case.get("coverages") or ()
    if room == "payers":
        return any(book.payer_id(c.get("payer") or "") == stem for c in covers)
    if room == "programs":
        return any(c.get("kind") in book.programs[stem].kinds for c in covers)
    if room == "states":
        named = (case.get("state"), *(c.get("issue_state") for c in covers))
        return stem.upper() in named
    return True
