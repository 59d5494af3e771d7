"""Made-up but plausible cases, for trials and benchmarks. No row is a real person.

The columns are those of the template. The same rows and seed give the same table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

from rules.vocabulary import DENIED_STAGES

from ..case import Case
from ..case_dates import IN_ORDER
from ..case_reading import read_case
from ..logic import FactKey, compile_condition
from ..rule_book import Book
from ..rule_book_files import load_rules
from ..vocabulary import COVERAGE_KINDS
from .cases import build_case
from .columns import COVER, DENIAL, OTHER_DENIAL, Column, Target, columns, find_target, read_header
from .rows import RowReader
from .write import Outs

ROWS_AT_ONCE = 100_000
COVERS = 2
LAST_DAY = dt.date(2026, 11, 1)  # the latest day that a made-up case names
DAYS_BACK = 240

# How often an answer is given at all; what is not named here is given half of the time.
GIVEN = {
    "age": 0.97, "state": 0.97, "household_size": 0.6, "annual_income": 0.55, "request": 0.97,
    "diagnosis": 0.96, "other_diagnoses": 0.25, "suicidal_thoughts": 0.75, "stage": 0.85,
    "coverages[].kind": 1.0, "coverages[].payer": 0.85, "coverages[].medicare": 0.8,
    "coverages[].medicaid": 0.75, "coverages[].funding": 0.4, "severity.phq9": 0.55,
    "severity.madrs": 0.08, "severity.hamd": 0.04, "severity.qids": 0.04, "severity.bdi": 0.04,
    "severity.gad7": 0.15, "severity.pcl5": 0.06, "severity.pain_0_10": 0.08,
    "treatment_counts.antidepressants_failed": 0.8, "treatment_counts.psychotherapy_tried": 0.6,
    "denial.notice_date": 0.85, "denial.reason": 0.8, "denial.level": 0.8,
    "denial.received_date": 0.3, "denial.treatment": 0.1, "lost_coverage_date": 0.05,
    "authorization.start": 0.03, "authorization.end": 0.03, "coverages[].issue_state": 0.05,
    "coverages[].starts": 0.3, "coverages[].ends": 0.02, "money.medical_spending": 0.05,
    "money.tax_bracket_percent": 0.05, "tribal_member": 0.2, "different_parents": 0.05,
    "condition_related_to": 0.2,
    "denial.codes": 0.1, "denial.notice_from": 0.1, "denial.subject": 0.2, "denial.kind": 0.3,
    "appeal.sent_date": 0.1, "request_sent_date": 0.5, "treatment_status.started": 0.2,
    "treatment_status.date": 0.3, "treatment_status.sessions_so_far": 0.3,
    "treatment_status.sessions_per_week": 0.3, "treatment_status.dose_mg": 0.3,
    "treatment_status.score_before": 0.3, "treatment_status.score_now": 0.3,
    "birth_month": 0,  # it goes with the age on one day alone; a sample is read on any
}  # fmt: skip
# How often yes is the answer; a third where nothing is named.
YES = {
    "pregnant": 0.03, "disabled": 0.15, "parent_of_child": 0.3, "veteran": 0.1,
    "tribal_member": 0.02, "taking_antidepressant": 0.8, "health.psychosis": 0.04,
    "health.bipolar_disorder": 0.08, "health.uncontrolled_blood_pressure": 0.06,
    "health.vessel_condition": 0.02, "health.ketamine_allergy": 0.01, "health.dementia": 0.01,
    "treatment_counts.psychotherapy_tried": 0.8, "provider.rems_certified": 0.7,
    "provider.in_network": 0.6, "provider.found": 0.8, "coverages[].part_b": 0.93,
    "coverages[].grandfathered": 0.04, "coverages[].active_employee": 0.85,
}  # fmt: skip
COUNTS = {
    "treatment_counts.antidepressants_failed": 2.6,
    "treatment_counts.antidepressant_classes_failed": 1.8,
    "treatment_counts.augmentations_failed": 0.9,
    "treatment_counts.pain_treatments_failed": 2.0,
    "money.sessions": 6.0,
    "money.maintenance_sessions_per_year": 8.0,
}
KIND_WEIGHTS = {
    "employer": 40, "individual": 10, "medicare": 16, "medicaid": 15, "va": 3, "tricare": 3,
    "fehb": 2, "uninsured": 4,
}  # fmt: skip
SECOND_COVER = 0.18
SECOND_DENIAL = 0.1  # of those who tell of one
DIAGNOSIS_WEIGHTS = {
    "treatment_resistant_depression": 40, "major_depression": 16, "ptsd": 7, "crps": 5,
    "bipolar_depression": 5, "major_depression_with_suicidality": 5, "neuropathic_pain": 3,
}  # fmt: skip
REQUEST_WEIGHTS = {
    "esketamine": 52,
    "iv_ketamine": 33,
    "im_ketamine": 4,
    "oral_ketamine": 5,
    "open": 6,
}
WEIGHTS = {
    "diagnosis": DIAGNOSIS_WEIGHTS,
    "request": REQUEST_WEIGHTS,
    "coverages[].kind": KIND_WEIGHTS,
}
FEW_PLANS = ("plan A", "plan B", "plan C")  # names that no payer bears


class Draw:
    """Draws the columns of some rows. Later columns may look at earlier ones."""

    def __init__(self, book: Book, size: int, start: int, dice: np.random.Generator) -> None:
        self.book = book
        self.size = size
        self.start = start
        self.dice = dice
        self.words: dict[tuple[str, int | None], np.ndarray] = {}  # words drawn, '' where blank
        self.days_back: dict[str, np.ndarray] = {}  # the days drawn, in days before the last one

    def column(self, name: str) -> pa.Array:
        """A column of the template as texts; null where it is blank."""
        target, _ = find_target(self.book, name)
        if target is None:
            ids = np.arange(self.start, self.start + self.size)
            return pa.array(ids).cast(pa.string())
        texts, which = self._drawn(target)
        given = self._given(target)
        if target.column.question.kind in ("one", "yes_no"):
            words = np.array(texts, dtype=object)[which]
            words[~given] = ""
            self.words[(target.column.place, target.slot)] = words
        if target.column.question.kind == "cover":  # only a coverage that the row tells of
            given &= np.choose(which, [self._covered(slot) for slot in range(1, COVERS + 1)])
        codes = pa.array(which.astype(np.int32), mask=~given)
        return pa.DictionaryArray.from_arrays(codes, pa.array(texts, pa.string()))

    def _given(self, target: Target) -> np.ndarray:
        place, slot = target.column.place, target.slot
        share = GIVEN.get(place.replace(OTHER_DENIAL, DENIAL), 0.5)
        given = self.dice.random(self.size) < share
        if target.column.of_cover:
            if place == f"{COVER}kind":
                return given if slot == 1 else self.dice.random(self.size) < SECOND_COVER
            kind = self.words.get((f"{COVER}kind", slot))
            assert kind is not None
            fitting = np.array(["", *kinds_asked(target.column)], dtype=object)
            given &= np.isin(kind, fitting[1:])
        if place.startswith((DENIAL, OTHER_DENIAL)):
            given &= np.isin(self.words[("stage", None)], DENIED_STAGES)
        if place.startswith(OTHER_DENIAL):
            given &= self.two_letters
        return given

    @cached_property
    def two_letters(self) -> np.ndarray:
        """The rows that may tell of a second denial."""
        drawn: np.ndarray = self.dice.random(self.size) < SECOND_DENIAL
        return drawn

    def _covered(self, slot: int) -> np.ndarray:
        """The rows that tell of a coverage of this number."""
        covered: np.ndarray = ~np.isin(self.words[(f"{COVER}kind", slot)], ("", "uninsured"))
        return covered

    def _drawn(self, target: Target) -> tuple[Sequence[str], np.ndarray]:
        column, dice, size = target.column, self.dice, self.size
        place, question = column.place, column.question
        match question.kind:
            case "one" | "many":
                words = [str(c.value) for c in question.choices]
                if place == f"{COVER}kind" and target.slot == 1:
                    words.append("uninsured")
                return words, self._weighted(words, WEIGHTS.get(place, {}))
            case "yes_no":
                yes = dice.random(size) < YES.get(place, 1 / 3)
                return ["no", "yes"], yes.astype(np.int64)
            case "state":
                words = sorted(self.book.states)
                return words, self._weighted(words, {})
            case "cover":
                return [str(n) for n in range(1, COVERS + 1)], dice.integers(0, COVERS, size)
            case "payer":
                words = [*(p.name for p in self.book.payers.values()), *FEW_PLANS]
                return words, self._weighted(words, {})
            case "date":
                days = dice.integers(0, DAYS_BACK, size)
                for pair in IN_ORDER:  # a letter does not come before its date
                    if pair.later == place and pair.earlier in self.days_back:
                        days = np.minimum(days, self.days_back[pair.earlier])
                    if pair.earlier == place and pair.later in self.days_back:
                        days = np.maximum(days, self.days_back[pair.later])
                self.days_back[place] = days
                texts = [(LAST_DAY - dt.timedelta(days=d)).isoformat() for d in range(DAYS_BACK)]
                return texts, days
        return self._numbers(column)

    def _weighted(self, words: Sequence[str], weights: dict[str, int]) -> np.ndarray:
        shares = np.array([weights.get(w, 1.0) for w in words], dtype=float)
        found: np.ndarray = self.dice.choice(len(words), self.size, p=shares / shares.sum())
        return found

    def _numbers(self, column: Column) -> tuple[Sequence[str], np.ndarray]:
        dice, size, place = self.dice, self.size, column.place
        if place == "age":
            values = np.clip(dice.normal(44, 16, size), 8, 95).astype(np.int64)
        elif place == "annual_income":
            values = np.round(dice.lognormal(10.6, 0.75, size), -2).astype(np.int64)
        elif place in COUNTS:
            values = dice.poisson(COUNTS[place], size)
        elif column.question.kind == "money":
            values = np.round(dice.lognormal(6.5, 0.6, size), -1).astype(np.int64)
        else:
            low, high = int(column.question.low or 0), int(column.question.high or 10)
            top = {"severity.phq9": 27, "household_size": 6, "coverages[].esrd_month": 48}
            values = dice.integers(low, min(high, top.get(place, 60)) + 1, size)
        distinct, which = np.unique(values, return_inverse=True)
        return [str(v) for v in distinct.tolist()], which


class _Blank(dict[FactKey, str]):
    def __missing__(self, key: FactKey) -> None:
        return None


def kinds_asked(column: Column) -> list[str]:
    """The kinds of cover for which a column makes sense."""
    condition = column.question.ask_when
    if condition is None:
        return list(COVERAGE_KINDS)
    test = compile_condition(condition)
    return [k for k in COVERAGE_KINDS if test(_Blank({"coverage_kind": k})).value is not False]


def template_order(book: Book) -> list[str]:
    """The template's columns, in their order."""
    return [c.name for c in columns(book, COVERS)]


def draw_rows(book: Book, rows: int, seed: int, start: int = 1) -> dict[str, pa.Array]:
    """Some rows as columns of texts."""
    names = template_order(book)
    drawing = Draw(book, rows, start, np.random.default_rng([seed, start]))
    order = sorted(
        names, key=lambda n: _when_drawn(book, n)
    )  # what hangs on another comes after it
    drawn = {n: drawing.column(n) for n in order}
    return {n: drawn[n] for n in names}


def _when_drawn(book: Book, name: str) -> int:
    """The stage comes first; last, what tells of a coverage or a further letter among those drawn."""
    target, _ = find_target(book, name)
    if target is None:
        return 1
    last = target.column.question.kind == "cover" or target.column.place.startswith(OTHER_DENIAL)
    return 2 if last else int(target.column.place != "stage")


def made_up_people(book: Book, rows: int, seed: int, today: dt.date) -> Iterator[Case]:
    """The cases of a sample, as a table that holds it is read."""
    drawn = draw_rows(book, rows, seed)
    reader = RowReader(read_header(book, list(drawn)), book, today)
    columns = [column.cast(pa.string()).to_pylist() for column in drawn.values()]
    for row in range(rows):
        cells = {i: texts[row] or "" for i, texts in enumerate(columns)}
        yield read_case(build_case(reader.row(cells)[0]), today)


def write_sample(path: Path, rows: int, seed: int = 1, book: Book | None = None) -> None:
    """Write a table of made-up cases as CSV."""
    rules = book or load_rules()
    with Outs() as outs:
        out = outs.csv(path, template_order(rules))
        for start in range(0, rows, ROWS_AT_ONCE):
            size = min(ROWS_AT_ONCE, rows - start)
            out.write(list(draw_rows(rules, size, seed, start + 1).values()))
