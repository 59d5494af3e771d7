"""What ordinary people meet stays within what a tired person can read and do."""

from __future__ import annotations

import statistics

import pytest

from tests.answer_report import Met, printed, table


@pytest.fixture(scope="module")
def rows() -> list[Met]:
    return table()


def test_thirty_people_and_more_are_counted(rows: list[Met]) -> None:
    assert len(rows) >= 32
    assert len({r.person for r in rows}) == len(rows)
    assert len(printed(rows).split("\n")) == len(rows) + 3


def test_the_interview_is_short(rows: list[Met]) -> None:
    assert statistics.median([r.questions for r in rows]) <= 12
    assert max(r.questions for r in rows) <= 16


def test_a_plan_can_be_done(rows: list[Met]) -> None:
    assert [r.person for r in rows if not 1 <= r.steps <= 12] == []


def test_few_papers_stand_first(rows: list[Met]) -> None:
    assert [r.person for r in rows if r.papers > 3] == []


def test_the_text_is_a_page(rows: list[Met]) -> None:
    assert [r.person for r in rows if r.lines > 60] == []


def test_the_first_view_holds_few_words(rows: list[Met]) -> None:
    assert [(r.person, r.words) for r in rows if not 10 <= r.words <= 90] == []
