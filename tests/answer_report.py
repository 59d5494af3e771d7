"""What ordinary people meet: questions, ways, steps, papers, lines and the first words they read.

`python -m tests.answer_report` prints a table with one row a person of `tests/cases/people.yaml`.
The bounds that it is held to are in `test_answer_report.py`.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterator
from typing import Any, NamedTuple

from rules import Result, evaluate, load_rules, read_case
from rules.documents import grouped, papers_for
from rules.report.action_plan import plan_of
from rules.report.text_report import render_text
from rules.result import AnswerShown, PointShown
from tests.example_model import plain, read_examples
from tests.interview_walks import walk_of

MOST_MONEY = 3  # other ways to pay that a result unfolds
COLUMNS = ("questions", "ways", "steps", "papers", "words", "lines")


class Met(NamedTuple):
    """What one person meets."""

    person: str
    questions: int  # screens of the interview to the end of its answer tier
    ways: int  # unfolded on the result: the answers, and three of other money
    steps: int  # in the plan
    papers: int  # shown first
    words: int  # of the first view
    lines: int  # of the text report
    sentence: str  # what is read first


def met_by(person: Any) -> Met:
    data, today = plain(person.case), person.today
    case = read_case(data, today)
    result = evaluate(case, today=today)
    money = [p for p in result.paths if p.role == "pay" and p.fit in ("fits", "may_fit")]
    papers = grouped(papers_for(case, result, load_rules()), result)
    return Met(
        person=person.id,
        questions=questions_of(data, today),
        ways=len(result.answers) + min(len(money), MOST_MONEY),
        steps=len(plan_of(result)),
        papers=len(papers.first),
        words=len(first_view(result).split()),
        lines=len(render_text(result).split("\n")),
        sentence=result.answers[0].sentence if result.answers else "",
    )


def questions_of(case: dict[str, Any], today: dt.date) -> int:
    """The screens that the interview shows to someone who tells what stands in the case."""
    covers = [{"kind": None, **cover} for cover in case["coverages"]]
    return walk_of({**case, "coverages": covers}, today).last


def first_view(result: Result) -> str:
    """The words of the card of the leading answer: the sentence, the points, one act, what if not."""
    lead = result.leading or next(iter(result.answers), None)
    if lead is None:
        return result.first_act or ""
    steps = lead.next_steps or result.this_week
    act = steps[0].text if steps else ""
    return " ".join([lead.sentence, *_points(lead), act, lead.if_no.text if lead.if_no else ""])


def _points(answer: AnswerShown) -> Iterator[str]:
    """The points on which an answer hangs, as the card has them: none that its sentence tells."""
    by_id: dict[str, PointShown] = {p.id: p for p in answer.points}
    found = [by_id[i] for i in answer.deciding if i in by_id]
    told = answer.sentence.lower()
    if not any(p.asks.partition(",")[0].lower() in told for p in found):
        yield from (f"{p.asks} {p.has or ''}".strip() for p in found)


def table() -> list[Met]:
    return [met_by(person) for person in read_examples("people")]


def printed(rows: list[Met]) -> str:
    width = max(len(r.person) for r in rows)
    lines = [f"{'person':<{width}}  " + "  ".join(f"{c:>9}" for c in COLUMNS) + "  read first"]
    for row in rows:
        numbers = "  ".join(f"{getattr(row, c):>9}" for c in COLUMNS)
        lines.append(f"{row.person:<{width}}  {numbers}  {row.sentence}")
    for name, summed in (("median", statistics.median), ("most", max)):
        numbers = "  ".join(f"{summed([getattr(r, c) for r in rows]):>9g}" for c in COLUMNS)
        lines.append(f"{name:<{width}}  {numbers}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(printed(table()))
