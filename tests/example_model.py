"""What an example of `tests/cases/` may say, as a strict model: a misspelt wish is a fault with its line.

A file is a list of examples. Each is:

    - id: a name of the example, no other has it
      says: what it shows, in one sentence
      today: 2026-11-24            (left out: that day)
      case: {like: complete_history, state: OK}   the case as the interface takes it
      expect: {best: ...}          what must hold of its result; see `Expect`

`like: <name>` stands for all that `histories.yaml` types under that name; what stands beside it goes
first. It may stand in the case and in any part of it.

`python -m tests.example_model` writes the JSON Schema that editors complete and explain from.
"""

from __future__ import annotations

import datetime as dt
import difflib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from rules import Case, CaseError, Result, read_case
from rules.engine.coordination import Reason
from rules.vocabulary import CoverageKind

CASES = Path(__file__).parent / "cases"
SCHEMA = CASES / "example.schema.json"
TODAY = dt.date(2026, 11, 24)

# The words of an outcome are the result's own.
_PATH = get_args(Result.model_fields["paths"].annotation)[0]
_CRITERION = get_args(_PATH.model_fields["criteria"].annotation)[0]
Outlook = _PATH.model_fields["outlook"].annotation
Value = _CRITERION.model_fields["value"].annotation
Role = _PATH.model_fields["role"].annotation
Fit = get_args(_PATH.model_fields["fit"].annotation)[0]
Law = Literal["state", "not_state", "unknown", "workers_compensation", "auto_insurance"]
Selector = str  # the id of a path, or a pattern with `*`
Answered = str  # the number of a coverage (or `none`), a space, a treatment
Place = tuple[str | int, ...]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:
        for key in data if isinstance(data, dict) else ():
            if key not in cls.model_fields:
                raise PydanticCustomError(
                    "unknown_key",
                    "unknown key {key}; nearest: {nearest}",
                    {"key": key, "nearest": _nearest(str(key), cls.model_fields)},
                )
        return data

    def asks(self, *wishes: str) -> bool:
        """Whether the example types one of these wishes."""
        return not self.model_fields_set.isdisjoint(wishes)


class PathWish(Strict):
    """What must hold of exactly one path."""

    outlook: Outlook = Field(None, description="its outlook")
    outlook_in: list[Outlook] = Field([], description="its outlook, where more than one is right")
    role: Role = Field(None, description="what it is for")
    fit: Fit = Field(None, description="whether a way to pay or help fits")
    record: str = Field("", description="id of the record that made it")
    candidates: dict[str, Outlook] = Field(
        {}, description="other records of this path: id -> outlook"
    )
    criteria: dict[str, Value] = Field({}, description="ids of criteria -> value")
    because: dict[str, list[str]] = Field({}, description="answers that a criterion rests on")
    reason_has: list[str] = Field([], description="words of its reason")
    doubts: bool = Field(False, description="whether nobody has checked it")
    would_change_to: list[Outlook] = Field([], description="outlooks that a named change reaches")
    authorization: str = Field("", description="how long an approval lasts")
    law: Law = Field("unknown", description="whose law reaches it")
    laws_say: list[str] = Field([], description="words of what the state adds; []: it adds nothing")
    quantity: list[str] = Field([], description="words of the quantity limit")
    steps: list[str] = Field([], description="ids of steps that are among its own")
    not_steps: list[str] = Field([], description="ids of steps that do not belong here")
    documents: list[str] = Field([], description="ids of papers that are among its own")
    not_documents: list[str] = Field([], description="ids of papers that do not belong here")
    first_step: str = Field("", description="id of its first step")
    first_by: dt.date = Field(TODAY, description="the day by which that step is to be done")
    first_says: list[str] = Field([], description="words of that step")
    deadline: dt.date = Field(TODAY, description="the first deadline")
    act_by: dt.date = Field(TODAY, description="the day to act by for it")
    passed: bool = Field(False, description="whether that deadline lies behind")
    other_dates: list[dt.date | str] = Field([], description="last days by other ways of counting")
    by_notice: dict[str, dt.date] = Field(
        {}, description="last days by appeal process, where only the letter tells which runs"
    )
    no_deadline: Literal[True] = Field(True, description="it names no last day")
    urgent: bool = Field(False, description="whether its deadline is urgent")
    keep_by: dt.date | None = Field(
        None, description="the last day to ask that care which runs goes on"
    )
    keep_act_by: dt.date | None = Field(None, description="the day to act by for it")


class AnswerWish(Strict):
    """What must hold of the answer of one coverage on one treatment."""

    outlook: Outlook = Field(None, description="its outlook")
    path: Selector = Field("", description="the path that it leads to")
    record: str = Field("", description="id of the rule that speaks; empty: none was found")
    sentence_has: list[str] = Field([], description="words of its sentence")
    sentence_lacks: list[str] = Field([], description="words that its sentence must not say")
    points: dict[str, Value] = Field({}, description="ids of points -> value")
    has: dict[str, list[str]] = Field({}, description="ids of points -> words of what was told")
    deciding: list[str] = Field([], description="the points on which it hangs, in their order")
    first_step: str = Field("", description="id of its first step")
    first_says: list[str] = Field([], description="words of its first step")
    steps: list[str] = Field([], description="ids of steps that are among its own")
    assumes: list[str] = Field([], description="words of what it takes for granted")
    if_no_has: list[str] = Field([], description="words of what stands open after a no")
    cost: bool = Field(True, description="whether a sum for a first year is told")


class WindowWish(Strict):
    """What must hold of one window."""

    opens: dt.date | None = Field(None, description="the day on which it opens; null: open already")
    closes: dt.date | None = Field(None, description="its last day; null: its end is not known")
    says: list[str] = Field([], description="words of its text")
    rests: list[Selector] = Field([], description="paths that rest on it; each fits at least one")


class Expect(Strict):
    """What must hold of a result. A selector is the id of a path, or a pattern with `*`."""

    answers: dict[Answered, AnswerWish] = Field(
        {}, description="what must hold of an answer, as `0 esketamine` (`none` without insurance)"
    )
    leads: Answered = Field("", description="the leading answer, as `0 esketamine`; empty: none")
    this_week_says: list[str] = Field([], description="words of the acts of this week")
    this_week_lacks: list[str] = Field([], description="words that no act of this week says")
    paths: dict[Selector, PathWish] = Field({}, description="what must hold of exactly one path")
    absent: list[Selector] = Field([], description="no path matches")
    some: list[Selector] = Field([], description="at least one path matches each")
    outlooks: dict[Selector, list[Outlook]] = Field(
        {}, description="every path that matches has one of these"
    )
    best: Selector = Field("", description="the path to put first before a person; empty: none")
    best_is_not: list[Selector] = Field([], description="what must not come first")
    first_act_says: list[str] = Field([], description="words of what to do first")
    order: list[int] = Field([], description="the coverages in the order in which they pay")
    safety: bool = Field(False, description="whether crisis lines show")
    safety_first: str = Field("", description="words of the first crisis line")
    safety_says: list[str] = Field([], description="words of any of them")
    health: list[str] = Field([], description="the conditions to see to first, in order, no others")
    notes: list[str] = Field([], description="words of the notes on how coverages meet")
    mentions: list[str] = Field([], description="words that stand anywhere in the result")
    not_mentions: list[str] = Field([], description="words that stand nowhere in it")
    windows: dict[str, WindowWish] = Field({}, description="what must hold of a window, by its id")
    no_windows: list[Selector] = Field([], description="no window fits; `*`: there is none at all")
    window_order: list[str] = Field([], description="the windows in order, no others")
    questions: list[str] = Field([], description="fields among those asked")
    not_asked: list[str] = Field([], description="fields not among those asked")


class Example(Strict):
    """A case in, typed expectations out."""

    id: str = Field(description="a name that no other example has")
    says: str = Field(description="what it shows, in one sentence")
    today: dt.date = Field(TODAY, description="the day of the evaluation")
    case: dict[str, Any] = Field(description="the case as the interface takes it")
    expect: Expect


class PlaceWish(Strict):
    """Where one coverage stands among the payers, and why."""

    kind: CoverageKind | None
    place: str
    reason: Reason = "rule"
    by: list[str] = []  # the rules, by their ids
    missing: list[str] = []  # all answers that could change the place
    bill_first: CoverageKind | None = None
    cover: int | None = None  # which one, where two are of one kind


class OrderExample(Strict):
    """Coverages, and the place of each, first payer first."""

    id: str
    coverages: list[dict[str, Any]]
    case: dict[str, Any]
    expect_order: list[PlaceWish]


class SumExample(Strict):
    """A formula's inputs and what must come out."""

    id: str
    formula: str
    inputs: dict[str, Any]
    result: Any
    note: str = ""


class MoneyExample(Strict):
    """A whole case, numbers typed in by the person, and lines: option.period -> [lowest, highest]."""

    id: str
    says: str
    case: dict[str, Any]
    numbers: dict[str, Any] = {}
    lines: dict[str, list[float | int]]
    absent: list[str] = []


class EligibilityExample(Strict):
    """A federal sum, its inputs and what must come out."""

    id: str
    compute: Literal["guideline", "applicable_percentage", "medicaid", "msp"]
    input: dict[str, Any]
    expect: Any


class PersonExample(Strict):
    """An ordinary person: what such a person meets is counted, and not expected."""

    id: str
    says: str
    today: dt.date = TODAY
    case: dict[str, Any]


# Files whose examples are not a case with its result.
OTHER_SHAPES: dict[str, Any] = {
    "coordination": OrderExample,
    "money": SumExample | MoneyExample,
    "eligibility": EligibilityExample,
    "people": PersonExample,
}
HISTORIES = "histories"
CORRECTED = "corrected_facts_"  # files that `tests/test_corrected_facts.py` reads
# Tables of their own, each read by the test of its name.
TABLES = ("which_law", "law_in_letters", "forms", "arguments", "packs")


class ExampleFault(ValueError):
    """An example that cannot be read: its file, its line, and what is wrong."""


class _Read(NamedTuple):
    file: str
    data: Any
    lines: dict[Place, int]

    def fault(self, place: Place, message: str) -> ExampleFault:
        """A fault at a place, or at the nearest part around it that the file has."""
        at = place
        while at and at not in self.lines:
            at = at[:-1]
        dotted = ".".join(str(p) for p in place)
        return ExampleFault(f"{self.file}:{self.lines.get(at, 1)}: {dotted}: {message}")


def names(root: Path = CASES) -> list[str]:
    """The files of examples by name: `thresholds`, `payers/aetna` …"""
    found = (p.relative_to(root).with_suffix("").as_posix() for p in root.rglob("*.yaml"))
    other = (HISTORIES, *TABLES)
    return sorted(n for n in found if n not in other and not n.startswith(CORRECTED))


def read_examples(name: str, root: Path = CASES) -> list[Any]:
    """The examples of one file, each `like` resolved. Raises ExampleFault."""
    read = _read(root, name)
    people = _people(root)
    shape = OTHER_SHAPES.get(name, Example)
    return [_example(read, i, raw, people, shape) for i, raw in enumerate(read.data or ())]


def _example(read: _Read, i: int, raw: Any, people: Mapping[str, Any], shape: Any) -> Any:
    if isinstance(raw, dict) and "case" in raw:
        raw = {**raw, "case": told(read, (i, "case"), raw["case"], people)}
    try:
        example = TypeAdapter(_one_shape(shape, raw)).validate_python(raw)
    except ValidationError as error:
        raise _fault_of(read, i, error.errors()[0]) from None
    if isinstance(example, Example | PersonExample):
        _check_case(read, i, example)
    return example


def _one_shape(shape: Any, raw: Any) -> Any:
    """Of two shapes the one whose keys the example uses most: so the fault is told of that one."""
    shapes = get_args(shape) or (shape,)
    return max(shapes, key=lambda s: len(set(raw or ()) & set(s.model_fields)))


def _fault_of(read: _Read, i: int, error: Any) -> ExampleFault:
    place: Place = (i, *error["loc"])
    message = str(error["msg"])
    if error["type"] == "unknown_key":
        place = (*place, error["ctx"]["key"])
    if error["type"] == "literal_error":
        words = [w.strip(" '") for w in error["ctx"]["expected"].replace(" or ", ", ").split(",")]
        message = f"{error['input']!r}; nearest: {_nearest(str(error['input']), words)}"
    return read.fault(place, message)


def _check_case(read: _Read, i: int, example: Example | PersonExample) -> None:
    try:
        read_case(plain(example.case), example.today)
    except CaseError as error:
        first = error.faults[0]
        place = tuple(
            int(p) if p.isdigit() else p for p in first.where.replace("[", ".").replace("]", "").split(".")
        )  # fmt: skip
        raise read.fault((i, "case", *place), str(error)) from None


def told(
    read: _Read, place: Place, value: Any, people: Mapping[str, Any], on: tuple[str, ...] = ()
) -> Any:
    """A value with each `like` resolved; `on` are the names that led here."""
    if isinstance(value, list):
        return [told(read, (*place, i), v, people, on) for i, v in enumerate(value)]
    if not isinstance(value, dict):
        return value
    own = {k: told(read, (*place, k), v, people, on) for k, v in value.items() if k != "like"}
    if "like" not in value:
        return own
    name = value["like"]
    if name not in people:
        nearest = _nearest(str(name), people)
        raise read.fault((*place, "like"), f"nobody is called {name}; nearest: {nearest}")
    if name in on:
        raise read.fault((*place, "like"), f"{name} is like itself")
    return {**told(read, place, people[name], people, (*on, name)), **own}


def plain(value: Any) -> Any:
    """YAML dates as the ISO text that JSON carries."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _nearest(word: str, words: Any) -> str:
    return next(iter(difflib.get_close_matches(word, list(words), n=1, cutoff=0)), "none")


@cache
def _people(root: Path) -> Mapping[str, Any]:
    found: dict[str, Any] = _read(root, HISTORIES).data
    return found


def _read(root: Path, name: str) -> _Read:
    """One file's plain data and the line of each place; a key that stands twice is a fault."""
    loader = yaml.CSafeLoader((root / f"{name}.yaml").read_text(encoding="utf-8"))
    try:
        node = loader.get_single_node()
        read = _Read(f"{name}.yaml", None, {})
        seen: set[int] = set()
        for place, part in _parts(node, ()):
            twice = place in read.lines
            read.lines[place] = part.start_mark.line + 1
            if twice:
                raise read.fault(place, "this key stands twice")
            if id(part) in seen:
                raise read.fault(place, "write `like: <name>` instead of an anchor")
            seen.add(id(part))
        return read._replace(data=loader.construct_document(node) if node else None)
    finally:
        loader.dispose()


def _parts(node: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    """Each part of a file with its place; a value's line is that of its key."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*place, key.value), key
            yield from _parts(value, (*place, key.value))
    if isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            yield (*place, i), value
            yield from _parts(value, (*place, i))


def example_schema() -> dict[str, Any]:
    """The JSON Schema of a file of examples; a case in it is the interface's, and may be `like` another."""
    schema = TypeAdapter(list[Example]).json_schema()
    case = Case.model_json_schema()
    parts: dict[str, Any] = case.pop("$defs")
    like = {
        "enum": sorted(_people(CASES)),
        "description": "a name of histories.yaml: all that it types, unless typed here",
    }
    for part in (case, *parts.values()):
        if part.get("type") == "object":
            part["properties"]["like"] = like
            part.pop("required", None)  # what a part is like may bring it
    schema["$defs"].update(parts)
    schema["$defs"]["Case"] = case
    schema["$defs"]["Example"]["properties"]["case"] = {"$ref": "#/$defs/Case"}
    return schema


def schema_text() -> str:
    return json.dumps(example_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
