"""A table of people on the screen: how its columns were matched, what was screened, what is shown.

Pure: frames in, frames out. The rules of a table are those of `rules.table`; here is only how staff
look at one, correct it, and put rows back.
"""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, NamedTuple

import pandas as pd

from rules import Book, load_rules
from rules.case import Case, PlainCase
from rules.made_once import made_once
from rules.table import RESULT_COLUMNS, RowFault, case_of_row, screen
from rules.table.again import own_columns
from rules.table.columns import columns, find_target, read_header
from rules.table.summary import SEPARATOR
from rules.vocabulary import OUTLOOKS
from wizard.labels import choice_label, payer_name, question_of
from wizard.messages import say, texts

Sort = Literal["safety", "outlook", "date", "missing", "case", "file"]
SORTS: tuple[Sort, ...] = ("safety", "outlook", "date", "missing", "case", "file")

COVERS = 2  # numbered columns that the list of targets offers
CASE_ID, COVER_1 = "case_id", "coverage_1_"
NOT_READ = "not read "
LAST = "9999-12-31"  # after every date there is
MOST_OWN, MOST_MISSING = 4, 4
RESULT_SHOWN = ("best_outlook", "answer", "why", "policy", "missing", "next_step", "next_deadline", "safety")  # fmt: skip
ABOUT = ("state", f"{COVER_1}kind", f"{COVER_1}payer", f"{COVER_1}network", f"{COVER_1}medicare")


def stamp(data: bytes) -> str:
    """A content's own mark: the same file is not worked out twice."""
    return hashlib.sha256(data).hexdigest()


def own_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """The table as it came, without what an earlier run added to it."""
    own = own_columns([str(c) for c in rows.columns])
    return rows.iloc[:, list(own.places)].set_axis(list(own.names), axis=1)


# --- columns ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Match:
    """One column of a table: its own name, and the column that it is read as (None: not read)."""

    name: str
    target: str | None

    @property
    def case_id(self) -> bool:
        """Whether this column names the rows."""
        return self.target == CASE_ID


def matches(names: Sequence[str], book: Book) -> tuple[Match, ...]:
    """How the columns of a table are understood by their names alone."""
    header = read_header(book, list(names))
    return tuple(
        Match(n, CASE_ID if i == header.case_id else t.title if t is not None else None)
        for i, (n, t) in enumerate(zip(names, header.targets, strict=True))
    )


def corrected(found: Sequence[Match], choices: Mapping[int, str | None]) -> tuple[Match, ...]:
    """The matches with those that a person chose, by position. A column is read from one place only:
    a target that is chosen is taken from the column that had it."""
    taken = {t for t in choices.values() if t is not None}
    return tuple(
        replace(m, target=choices[i])
        if i in choices
        else replace(m, target=None)
        if m.target in taken
        else m
        for i, m in enumerate(found)
    )


def any_read(found: Sequence[Match]) -> bool:
    """Whether any column tells something of a person."""
    return any(m.target not in (None, CASE_ID) for m in found)


def twice(found: Sequence[Match]) -> tuple[str, ...]:
    """Targets that more than one column claims."""
    targets = [m.target for m in found if m.target is not None]
    return tuple(dict.fromkeys(t for t in targets if targets.count(t) > 1))


@made_once
def targets(book: Book) -> tuple[str, ...]:
    """Every column that a table may have, in the order of the template."""
    return tuple(c.name for c in columns(book, COVERS))


class ColumnWords(NamedTuple):
    """A column in short words, and the number that it bears of several coverages or denials."""

    words: str
    of: str = ""
    number: int | None = None

    @property
    def numbered(self) -> str:
        """The words with the number, where there is one."""
        if self.number is None:
            return self.words
        return say(f"table.of_{self.of}", words=self.words, number=self.number)


@made_once
def column_words(book: Book, title: str) -> ColumnWords:
    """The short words of a column, and which of several it is of."""
    target, _ = find_target(book, title)
    if target is None:
        return ColumnWords(title)
    question = target.column.question
    words = question.asks_intake or question.asks
    if target.column.place.startswith("severity."):
        words = next((c.label for c in question.choices if c.value == target.column.name), words)
    several = target.column.several
    return ColumnWords(words, several.word if several is not None else "", target.slot)


# --- the work ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Screening:
    """A table and what came of it.

    `rows` is the table as it came (texts); `results` has the result columns for every row, in the
    same order. A row with an `error` was rejected. `cases` are the rows that were corrected as cases:
    they may hold what no cell can.
    """

    rows: pd.DataFrame
    found: tuple[Match, ...]
    results: pd.DataFrame = field(default_factory=pd.DataFrame)
    cases: Mapping[Hashable, PlainCase] = field(default_factory=dict)

    @property
    def rejected(self) -> pd.Index:
        return self.results.index[self.results["error"] != ""]

    @property
    def read(self) -> pd.Index:
        """The rows of people: neither refused nor a total."""
        return self.results.index[(self.results["error"] == "") & (self.results["answer"] != "")]

    @cached_property
    def about(self) -> pd.DataFrame:
        """Of every row who insures the person, by which kind of plan, and the state, in words."""
        return _about(self)


def as_read(rows: pd.DataFrame, found: Sequence[Match]) -> pd.DataFrame:
    """The table under the names that it is read by; what is not read bears a name that none knows."""
    names = [m.target or f"{NOT_READ}{i}" for i, m in enumerate(found)]
    return rows.set_axis(names, axis=1)


def screened(
    rows: pd.DataFrame,
    found: Sequence[Match],
    today: dt.date,
    book: Book,
    told: Callable[[float], None] = lambda share: None,
) -> Screening:
    """The table worked out, some rows at a time; `told` hears how far it is."""

    def progress(done: int) -> None:
        told(min(1.0, done / max(len(rows), 1)))

    results = screen(as_read(rows, found), today, book, progress)[list(RESULT_COLUMNS)]
    return Screening(rows, tuple(found), results)


def put_back(
    work: Screening, fixed: Mapping[Hashable, Mapping[str, str]], today: dt.date, book: Book
) -> Screening:
    """The work with corrected cells (by row and own column name), and these rows worked out anew."""
    rows = work.rows.copy()
    for row, cells in fixed.items():
        for name, text in cells.items():
            rows.loc[row, name] = text
    some = list(fixed)
    anew = screen(as_read(rows.loc[some], work.found), today=today, book=book)
    results = work.results.copy()
    results.loc[some] = anew[list(RESULT_COLUMNS)]
    cases = {r: c for r, c in work.cases.items() if r not in fixed}
    return replace(work, rows=rows, results=results, cases=cases)


def faults_of(work: Screening, row: Hashable, today: dt.date, book: Book) -> list[tuple[str, str]]:
    """What cannot be read in a row: own name of the column, and why, in the table's order."""
    told = as_read(work.rows.loc[[row]], work.found).to_dict("records")[0]
    try:
        case_of_row(told, today, book)
    except RowFault as fault:
        why = {f.column: str(f) for f in fault.faults}
        return [(m.name, why[m.target]) for m in work.found if m.target in why]
    return []


def case_of(work: Screening, row: Hashable, today: dt.date, book: Book) -> PlainCase:
    """The case that one row tells of, as the answers of a session hold it."""
    if row in work.cases:
        return copy.deepcopy(work.cases[row])
    told = as_read(work.rows.loc[[row]], work.found).to_dict("records")[0]
    found = Case.model_validate(case_of_row(told, today, book))
    data: PlainCase = found.model_dump(mode="json", exclude_none=True)
    return data


def case_names(work: Screening) -> pd.Series:
    """What each row is called: its own case number, else its number in the table."""
    numbers = pd.Series([str(i + 1) for i in range(len(work.rows))], index=work.rows.index)
    own = next((i for i, m in enumerate(work.found) if m.case_id), None)
    if own is None:
        return numbers
    names = work.rows.iloc[:, own].fillna("").astype(str).str.strip()
    return names.where(names != "", numbers)


def with_results(work: Screening) -> pd.DataFrame:
    """The table as it came with the result columns behind, as it is downloaded."""
    return pd.concat([work.rows, work.results], axis=1)


# --- looking ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class View:
    """What of the worklist is looked at, and in which order."""

    outlooks: tuple[str, ...] = ()  # none: all
    text: str = ""
    insurers: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    approvals: tuple[str, ...] = ()
    safety_only: bool = False
    within_days: int | None = None
    sort: Sort = "safety"


def looked_at(work: Screening, view: View, today: dt.date) -> pd.Index:
    """The rows that a view shows, in its order. Rejected rows are never among them."""
    found = work.results.loc[work.read]
    keep = pd.Series(True, index=found.index)
    if view.outlooks:
        keep &= found["best_outlook"].isin(view.outlooks)
    for column, wanted in (("insurer", view.insurers), ("state", view.states)):
        if wanted:
            keep &= work.about.loc[found.index, column].isin(wanted)
    if view.approvals:
        keep &= found["pa_required"].isin(view.approvals)
    if view.safety_only:
        keep &= found["safety"].map(in_crisis)
    if view.within_days is not None:
        until = (today + dt.timedelta(days=view.within_days)).isoformat()
        keep &= (found["next_deadline"] != "") & (found["next_deadline"] <= until)
    if view.text.strip():
        keep &= _holds(work, found, view.text.strip())
    return _ordered(work, found[keep], view.sort)


def _holds(work: Screening, found: pd.DataFrame, text: str) -> pd.Series:
    """Whether a row holds a text, in what it told or in its result."""
    keep = pd.Series(False, index=found.index)
    looked = [work.rows.loc[found.index].iloc[:, i] for i in range(work.rows.shape[1])]
    looked += [found[c] for c in RESULT_SHOWN]
    for column in looked:
        keep |= column.fillna("").astype(str).str.contains(text, case=False, regex=False)
    return keep


def _ordered(work: Screening, found: pd.DataFrame, sort: Sort) -> pd.Index:
    keys = pd.DataFrame(
        {
            "safety": ~found["safety"].map(in_crisis).astype(bool),
            "outlook": found["best_outlook"].map({o: i for i, o in enumerate(OUTLOOKS)}),
            "date": found["next_deadline"].replace("", LAST),
            "missing": found["missing"].map(lambda m: len(missing_of(m))),
        },
        index=found.index,
    )
    if sort == "file":
        return found.index
    if sort == "case":
        names = case_names(work).loc[found.index]
        # Numbers in a name count as numbers: P9 stands before P10.
        padded = names.str.replace(r"\d+", lambda n: n[0].zfill(12), regex=True)
        return padded.sort_values(kind="stable").index
    first = {
        "safety": ["safety", "date", "outlook", "missing"],
        "outlook": ["outlook", "date", "missing"],
        "date": ["date", "outlook", "missing"],
        "missing": ["missing", "outlook", "date"],
    }[sort]
    return keys.sort_values(first, kind="stable").index


def in_crisis(safety: str) -> bool:
    """Whether the safety notes of a row hold a crisis line (others are conditions to see to first)."""
    lines = {line.id for line in load_rules().crisis_lines}
    return not lines.isdisjoint(safety.split(SEPARATOR))


def missing_of(text: str) -> list[str]:
    """The columns that a result names as missing."""
    return [m for m in text.split(SEPARATOR) if m]


def _about(work: Screening) -> pd.DataFrame:
    """Read once for each set of cells that tell of it: many rows share one."""
    told = as_read(work.rows, work.found)
    cells = told[[c for c in ABOUT if c in told.columns]].fillna("").astype(str)
    kept: dict[tuple[str, ...], tuple[str, str, str]] = {}
    rows = []
    for row, line in zip(cells.index, cells.itertuples(index=False, name=None), strict=True):
        if row in work.cases:
            rows.append(_about_case(work.cases[row]))
            continue
        if line not in kept:
            kept[line] = _about_case(_case_or_nothing(dict(zip(cells.columns, line, strict=True))))
        rows.append(kept[line])
    return pd.DataFrame(rows, index=cells.index, columns=["insurer", "kind", "state"], dtype=object)


def _case_or_nothing(cells: Mapping[str, str]) -> PlainCase:
    try:
        return case_of_row(cells)
    except RowFault:
        return {}


def _about_case(case: PlainCase) -> tuple[str, str, str]:
    covers = case.get("coverages")
    first = (covers or [{}])[0]
    payer, kind = first.get("payer"), first.get("kind")
    question = question_of("coverages[].kind")
    named = choice_label(question, kind) if kind and question is not None else ""
    if covers == []:
        named = say("table.no_insurance")
    return payer_name(payer) if payer else "", named, case.get("state") or ""


def own_to_show(work: Screening) -> tuple[str, ...]:
    """The clinic's own columns in which it follows its work, by their names: shown first of theirs."""
    spoken = texts("table.own_names")
    named = [m.name for m in work.found if m.target is None]
    return tuple(n for n in named if any(w in n.lower() for w in spoken))[:MOST_OWN]


def missing_words(title: str) -> str:
    """A column in words, with the number of its insurance where it is not the first."""
    found = column_words(load_rules(), title)
    return found.words if found.number == 1 else found.numbered


def tally(work: Screening) -> dict[str, int]:
    """How many rows stand at each outlook, best first."""
    counts = work.results.loc[work.read, "best_outlook"].value_counts()
    return {o: int(counts[o]) for o in OUTLOOKS if o in counts}
