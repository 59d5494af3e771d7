"""The properties that must hold for every case, tried on made-up ones: a line for each."""

from __future__ import annotations

import copy
import datetime as dt
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from rules import CaseError, evaluate, load_rules, read_case, screen
from rules.costs import costs_text
from rules.engine.outlook import RANK
from rules.result import PathShown, Result
from rules.table import RESULT_COLUMNS, case_of_row
from rules.table.cases import used_slots
from rules.table.sample import write_sample
from rules.table.summary import summarise
from tests.fills import CONFIRM, contradiction, filled_in, open_places
from tests.strategies import MEDICINES, TODAY
from wizard.answers import Answers
from wizard.counselor.scenarios import key_of

from .frame import Tried
from .made_up import Plain, a_case, is_told, shuffled

BOOK = load_rules()
MOST_SHOWN = 5
DATES_TRIED = 0.25  # a share of the cases
Found = Iterator[tuple[str, bool, object]]  # a property, whether it held, what was tried
Check = Callable[[Plain, Result, random.Random], Found]


class Count:
    """How often each property was tried, and the inputs for which it did not hold."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.failed: dict[str, list[str]] = {}

    def take(self, what: str, holds: bool, data: object) -> None:
        self.tried[what] += 1
        if not holds:
            self.failed.setdefault(what, []).append(json.dumps(data, default=str))

    def lines(self) -> list[Tried]:
        return [
            Tried(what, tried, len(failed := self.failed.get(what, [])), tuple(_smallest(failed)))
            for what, tried in self.tried.items()
        ]


def _smallest(inputs: list[str]) -> list[str]:
    return sorted(dict.fromkeys(inputs), key=len)[:MOST_SHOWN]


def attack(size: int, seed: int) -> list[Tried]:
    dice, count = random.Random(seed), Count()
    for _ in range(size):
        data = a_case(dice)
        result = _result(data, count)
        if result is None:
            continue
        for check in CHECKS:
            for what, holds, shown in check(data, result, dice):
                count.take(what, holds, shown)
    _rows(count, min(size, 1_000), seed)
    return count.lines()


def _result(data: Plain, count: Count) -> Result | None:
    """What is told of a case, with its costs."""
    result, fault = None, ""
    try:
        result = evaluate(data, TODAY)
        costs_text(read_case(data, TODAY), result, BOOK, TODAY)
    except Exception as raised:  # whatever it is: there is no result
        fault = repr(raised)
    count.take("total: a result with its costs", not fault, (fault, data))
    return result


def _total(data: Plain, result: Result, dice: random.Random) -> Found:
    ready = [p for p in result.paths if p.outlook != "closed" and p.next_steps]
    yield "total: a path to start", bool(ready), data
    ids = [p.id for p in result.paths]
    yield "total: path ids stand once", len(set(ids)) == len(ids), data


def _unknowns(data: Plain, result: Result, dice: random.Random) -> Found:
    """One to six of the open answers given: what was settled stays."""
    places = list(open_places(data))
    given: Plain = {}
    whole = data
    for place, values in dice.sample(places, min(len(places), dice.choice([1, 1, 1, 2, 3, 6]))):
        more = filled_in(whole, place, value := dice.choice(values))
        if contradiction(whole, place, more) is None:
            given[place], whole = value, more
    try:
        after = {_key(p): p for p in evaluate(whole, TODAY).paths}
    except CaseError:
        return  # dates that cannot both be true, or a denial by a cover that is not there
    for path in result.paths:
        now = after.get(_key(path))
        shown = (path.id, path.outlook, now.outlook if now else None, data, given)
        if path.outlook != "possible":  # what is open may go either way
            yield f"unknowns safe: {path.outlook} stays", _stays(path, now), shown
        then = {c.id: c.value for c in now.criteria} if now and now.record == path.record else {}
        settled = [c for c in path.criteria if c.value != "unknown" and c.id in then]
        for c in settled:
            yield "unknowns safe: a criterion stays", then[c.id] == c.value, (c.id, *shown)


def _key(path: PathShown) -> tuple[object, ...]:
    """A path by its cover, treatment and route; a way to pay by itself, whatever the treatment."""
    return (None, path.record) if path.coverage is None else key_of(path)


def _stays(path: PathShown, now: PathShown | None) -> bool:
    """Likely stays; what is closed does not open; what lacks a point, or is uphill, gets no better."""
    if path.outlook == "likely":
        return now is not None and now.outlook == "likely"
    return now is None or RANK[now.outlook] <= RANK[path.outlook]


FULL = {
    "outcome": "no_response", "weeks": 26, "daily_dose_mg": 90000, "current_episode": True,
    "years_ago": 0,
}  # fmt: skip
SCORE = {"scale": "phq9", "score": 27, "date": TODAY.isoformat()}


def _moves(data: Plain, dice: random.Random) -> Iterator[Plain]:
    """What can only help: one more failed trial, one more counted, a score, a certified site."""
    one = {"treatment": dice.choice(MEDICINES), **FULL}
    if data.get("treatments") is not None:
        yield {**data, "treatments": [*data["treatments"], one]}
    counts = data.get("treatment_counts") or {}
    for name in ("antidepressants_failed", "augmentations_failed", "pain_treatments_failed"):
        if counts.get(name) is not None and counts[name] < 90:
            yield {**data, "treatment_counts": {**counts, name: counts[name] + 1}}
    now = {"treatment": dice.choice(MEDICINES), "outcome": "ongoing"}
    if counts and data.get("treatments") == []:
        yield {**data, "treatments": [now]}
    yield {**data, "provider": {**(data.get("provider") or {}), "rems_certified": True}}


def _monotone(data: Plain, result: Result, dice: random.Random) -> Found:
    before = {p.id: p.outlook for p in result.paths if p.coverage is not None}
    for more in dice.sample(moves := list(_moves(data, dice)), min(1, len(moves))):
        after = {p.id: p.outlook for p in evaluate(more, TODAY).paths}
        for ident, outlook in before.items():
            holds = ident not in after or RANK[after[ident]] >= RANK[outlook]
            yield "monotone", holds, (ident, outlook, after.get(ident), data, more)


def _would_change(data: Plain, result: Result, dice: random.Random) -> Found:
    for path in result.paths:
        for change in path.would_change:
            if not all(e in CONFIRM for e in change.edits):
                continue
            new = data
            for edit in change.edits:
                new = filled_in(new, *CONFIRM[edit])
            after = {p.id: p for p in evaluate(new, TODAY).paths}.get(path.id)
            holds = after is None or after.outlook == change.to
            yield "would change: true", holds, (path.id, change.edits, change.to, data)


def _wizard(data: Plain, result: Result, dice: random.Random) -> Found:
    told = Answers(case=copy.deepcopy(data)).case_data()
    yield "one answer: case and wizard", told == data or evaluate(told, TODAY) == result, data


def _sentences(data: Plain, result: Result, dice: random.Random) -> Found:
    case = json.loads(read_case(data, TODAY).model_dump_json())
    nothing = not any(value is not None for value in case.values())
    for path in result.paths:
        for sentence in path.reasons:
            told = nothing or any(is_told(case, b) for b in sentence.because)
            yield (
                "sentences: fact and source",
                bool(sentence.because and sentence.source in BOOK.sources),
                (path.id, sentence.text, data),
            )
            yield (
                "sentences: an answer that was given",
                bool(told),
                (path.id, sentence.text, sentence.because, data),
            )
        for c in path.criteria:
            if c.value != "unknown":
                yield (
                    "sentences: a settled criterion has a fact",
                    bool(c.because),
                    (path.id, c.id, c.value, data),
                )


def in_order(data: Plain, result: Result) -> object:
    """All that the order of typing must not change: each cover is named by what was told of it."""
    covers = data.get("coverages") or []

    def of(index: int | None) -> str | None:
        return None if index is None else json.dumps(covers[index], sort_keys=True)

    return (
        [(p.id, of(p.coverage), p.outlook, p.reason, p.first_step, [s.id for s in p.next_steps],
          [(d.id, d.date) for d in p.deadlines], p.documents, p.saves) for p in result.paths],
        [(of(p.coverage), p.position, p.why) for p in result.payer_order],
        [(of(a.coverage), a.treatment, a.outlook, a.sentence) for a in result.answers],
        result.costs.first_year,
    )  # fmt: skip


def _order(data: Plain, result: Result, dice: random.Random) -> Found:
    other = shuffled(data, dice)
    same = in_order(data, result) == in_order(other, evaluate(other, TODAY))
    yield "order does not matter", same, (data, other.get("coverages"))


def _dates(data: Plain, result: Result, dice: random.Random) -> Found:
    if dice.random() > DATES_TRIED:
        return
    yield "dates: the same twice", evaluate(copy.deepcopy(data), TODAY) == result, data
    day = TODAY + dt.timedelta(days=dice.randint(0, 400))
    try:
        later = evaluate(data, day)
    except CaseError:
        return  # born on a day that the age told no longer fits
    for path in later.paths:
        for deadline in path.deadlines:
            if deadline.kind == "answer_due":
                continue  # it is a day to act only once it has passed
            holds = deadline.passed == (deadline.date < day)
            yield "dates: past and to come", holds, (path.id, deadline.id, str(day), data)


CHECKS = (_total, _unknowns, _monotone, _would_change, _wizard, _sentences, _order, _dates)


def _rows(count: Count, size: int, seed: int) -> None:
    """Each row of a table against its own case."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "made_up.csv"
        write_sample(path, size, seed, BOOK)
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    shown = screen(frame, today=TODAY, book=BOOK)
    for i, row in enumerate(frame.to_dict("records")):
        told = {str(k): v for k, v in row.items()}
        alone = evaluate(case_of_row(told, TODAY, BOOK), TODAY)
        summary = summarise(alone, used_slots(told, TODAY, BOOK), BOOK)._asdict()
        cells = {name: shown.iloc[i][name] for name in RESULT_COLUMNS}
        same = all(value == summary.get(name, value) for name, value in cells.items())
        count.take("one answer: row and case", same, {k: v for k, v in told.items() if v})
