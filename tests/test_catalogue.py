"""The search over the rule book: what is found, what is marked, and that it is quick."""

from __future__ import annotations

import datetime as dt
import re
from typing import get_args

import pytest

from rules import load_rules
from rules.schema.base import Record
from rules.vocabulary import Confidence
from wizard.interview.sequence import SECTIONS
from wizard.labels import day
from wizard.messages import has
from wizard.rule_book.catalogue import (
    STALE,
    UNCHECKED,
    CatalogueEntry,
    RecordCatalogue,
    Wanted,
    at_place,
    build_catalogue,
    page_of,
    pages_needed,
    search,
)
from wizard.rule_book.diagrams import can_draw, question_diagram, question_groups, rule_diagram
from wizard.rule_book.entry_view import source_words, thing_of
from wizard.rule_book.examples import speaking
from wizard.rule_book.record_words import points_of

TODAY = dt.date(2026, 11, 24)
PAYER = "unitedhealthcare"


@pytest.fixture(scope="module")
def index() -> RecordCatalogue:
    return build_catalogue(load_rules(), TODAY)


def things(index: RecordCatalogue) -> list[tuple[CatalogueEntry, Record]]:
    records = {f: r for pairs in load_rules().records.values() for f, r in pairs}
    return [
        (e, at_place(records[e.file], e.place) if e.place else records[e.file])
        for e in index.entries
    ]


def test_every_cited_thing_is_an_entry(index: RecordCatalogue) -> None:
    cited = list(load_rules().all_facts())
    assert [(e.file, e.place) for e in index.entries] == [(f, p) for f, p, _ in cited]
    for entry, thing in things(index):
        assert thing.source == entry.source  # type: ignore[attr-defined]


def test_every_entry_says_something(index: RecordCatalogue) -> None:
    assert not [(e.file, e.place) for e in index.entries if not e.says.strip()]


def test_every_kind_and_room_has_words(index: RecordCatalogue) -> None:
    assert not [e.kind for e in index.entries if not has(f"rule_book.kind.{e.kind}")]
    assert not [r for r in index.rooms if not has(f"rule_book.room.{r}")]


def test_all_words_must_be_there(index: RecordCatalogue) -> None:
    found = search(index, Wanted(text="Texas external review"))
    assert found.entries
    assert found.instead is None
    for entry in found.entries:
        assert all(w in entry.words for w in ("texas", "external", "review"))
    every = [e for e in index.entries if all(w in e.words for w in ("texas", "external", "review"))]
    assert len(found.entries) == len(every)


@pytest.mark.parametrize(
    ("text", "source", "says"),
    [
        ("why not IV ketamine depression Aetna", "0938", "experimental"),
        ("Why not IV ketamine for depression, Aetna?", "0938", "experimental"),
        ("Aetna 6 weeks", "willitcover", "Spravato"),
    ],
)
def test_a_question_as_it_is_asked_finds_its_rule_first(
    index: RecordCatalogue, text: str, source: str, says: str
) -> None:
    first = search(index, Wanted(text=text)).entries[0]
    assert first.kind == "Policy"
    assert source in first.source
    assert says in first.says


def test_a_number_is_a_word_of_its_own(index: RecordCatalogue) -> None:
    for entry in search(index, Wanted(text="Aetna 6 weeks")).entries:
        assert re.search(r"\b6\b", entry.words)


def test_where_nothing_holds_all_words_the_best_match_stands_first(index: RecordCatalogue) -> None:
    found = search(index, Wanted(text="Spravato Ohio Medicaid zebra prior authorization"))
    assert found.partly
    assert found.entries[0].states == ("OH",)
    assert "spravato" in found.entries[0].words


def test_a_misspelled_word_is_read_as_the_nearest(index: RecordCatalogue) -> None:
    found = search(index, Wanted(text="spravatto"))
    assert found.instead == "spravato"
    right = search(index, Wanted(text="spravato"))
    assert {e.number for e in found.entries} == {e.number for e in right.entries}


def test_nonsense_finds_nothing(index: RecordCatalogue) -> None:
    assert search(index, Wanted(text="qqxzvvw")).entries == ()


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        (Wanted(payer=PAYER), lambda e: PAYER in e.payers),
        (Wanted(state="TX"), lambda e: "TX" in e.states),
        (Wanted(program="va_health_care"), lambda e: "va_health_care" in e.programs),
        (Wanted(room="prices"), lambda e: e.room == "prices"),
        (Wanted(confidence="recalled"), lambda e: e.confidence == "recalled"),
        (Wanted(marks=UNCHECKED), lambda e: set(UNCHECKED) & set(e.marks)),
        (Wanted(marks=STALE), lambda e: set(STALE) & set(e.marks)),
    ],
)
def test_a_filter_keeps_all_that_fit_and_nothing_else(
    index: RecordCatalogue, wanted: Wanted, holds: object
) -> None:
    assert callable(holds)
    fitting = [e.number for e in index.entries if holds(e)]
    assert fitting
    assert [e.number for e in search(index, wanted).entries] == fitting


def test_filters_join(index: RecordCatalogue) -> None:
    both = search(index, Wanted(room="states", state="TX", confidence="recalled")).entries
    assert both
    assert all(e.file == "states/tx.yaml" and e.confidence == "recalled" for e in both)


def test_marks_follow_the_records(index: RecordCatalogue) -> None:
    for entry, thing in things(index):
        assert ("recalled" in entry.marks) == (thing.confidence == "recalled")  # type: ignore[attr-defined]
        assert ("unseen" in entry.marks) == (not thing.seen)  # type: ignore[attr-defined]
        if {"old", "undated"} & set(entry.marks):
            assert entry.kind == "Policy"


def test_a_source_past_its_review_is_marked_from_the_next_day() -> None:
    book = load_rules()
    last = min(s.review_by for s in book.sources.values())
    on_the_day = build_catalogue(book, last).marked.get("past_review", 0)
    after = build_catalogue(book, last + dt.timedelta(days=1)).marked.get("past_review", 0)
    assert on_the_day < after


@pytest.mark.parametrize("confidence", get_args(Confidence))
def test_what_nobody_checked_is_not_called_checked(
    index: RecordCatalogue, confidence: Confidence
) -> None:
    book = load_rules()
    entry = next(e for e in index.entries if e.confidence == confidence)
    words = source_words(thing_of(entry), book)
    checked = day(book.sources[entry.source].checked)
    assert (checked in words) is (confidence != "recalled")
    assert ("nobody has checked" in words) is (confidence == "recalled")


def test_pages() -> None:
    entries = tuple(range(23))
    assert pages_needed(0, 10) == 1
    assert pages_needed(23, 10) == 3
    assert [len(page_of(entries, p, 10)) for p in (1, 2, 3)] == [10, 10, 3]  # type: ignore[arg-type]
    assert page_of(entries, 9, 10) == entries[20:]  # type: ignore[arg-type]


# --- what is drawn from the records -----------------------------------------------------------------------


def test_every_rule_has_a_picture_that_holds_its_points(index: RecordCatalogue) -> None:
    book = load_rules()
    drawn = 0
    for _, thing in things(index):
        if not can_draw(thing):
            continue
        drawn += 1
        lines = rule_diagram(thing, book).splitlines()
        boxes = sum(line.startswith("n") and '["' in line for line in lines)
        points = sum(
            _leaves(i) for g in points_of(thing, book) if _is_asked(g.kind) for i in g.items
        )
        assert boxes > points, thing
        assert sum(x.startswith("subgraph") for x in lines) == lines.count("end")
    assert drawn > 50


def _is_asked(kind: str) -> bool:
    return kind in ("criteria", "requires", "alternative", "excluded_by")


def _leaves(found: object) -> int:
    parts = getattr(found, "parts", ())
    return sum(_leaves(p) for p in parts) if parts else 1


def test_every_question_is_in_one_part_of_the_flow() -> None:
    book = load_rules()
    shown = [q.id for s in SECTIONS for g in question_groups(s, book) for q in g.questions]
    assert sorted(shown) == sorted(q.id for q in book.questions)
    for section in SECTIONS:
        assert question_diagram(section, book).count("-->") >= len(question_groups(section, book))


def test_the_cases_of_a_record_are_cases_in_which_it_speaks() -> None:
    book = load_rules()
    found = speaking(f"payers/{PAYER}.yaml", book, TODAY, most=3)
    assert len(found) == 3
    own = {p.id for p in book.payers[PAYER].policies}
    assert all(s.path.record in own for s in found)
    assert speaking("treatments.yaml", book, TODAY, most=3) == ()


def test_an_example_that_is_like_another_stands_there_in_full() -> None:
    from tests.example_model import CASES, names, plain, read_examples
    from tests.test_corrected_facts import FACTS
    from tests.test_law_in_letters import EXAMPLES
    from wizard.rule_book.examples import examples

    typed = [
        *(e for n in names() for e in read_examples(n) if hasattr(e, "case")),
        *FACTS,
        *EXAMPLES,
    ]
    wanted = {e.id: plain(e.case) for e in typed}
    shown = {e.id: e.case for e in examples(CASES)}
    assert shown
    assert all(wanted[ident] == case for ident, case in shown.items())
