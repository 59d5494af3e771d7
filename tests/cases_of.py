"""The rule book's own examples held against results: a case in, typed expectations out.

Expected values are typed by hand in `tests/cases/`; nothing here reads them from the records that
they test. What an example may say stands in `example_model`.
"""

from __future__ import annotations

import fnmatch
from typing import Any

from tests.example_model import CASES, TODAY, AnswerWish, Expect, PathWish, plain
from tests.example_model import read_examples as examples

__all__ = ["CASES", "TODAY", "assert_example", "examples", "matching", "plain"]


def matching(result: Any, selector: str) -> list[Any]:
    return [p for p in result.paths if fnmatch.fnmatchcase(p.id, selector)]


def assert_example(result: Any, expect: Expect) -> None:
    """Assert that a result is what an example expects."""
    ids = [p.id for p in result.paths]
    for selector, wish in expect.paths.items():
        found = matching(result, selector)
        assert found, f"no path {selector}; there are {ids}"
        assert len(found) == 1, f"{selector} fits several: {[p.id for p in found]}"
        _assert_path(found[0], wish)
    for selector in expect.absent:
        assert not matching(result, selector), f"{selector} should not be there"
    for selector in expect.some:
        assert matching(result, selector), f"no path {selector}; there are {ids}"
    for selector, outlooks in expect.outlooks.items():
        found = matching(result, selector)
        assert found, f"no path {selector}"
        for path in found:
            assert path.outlook in outlooks, f"{path.id}: {path.outlook}: {path.reason}"
    _assert_answers(result, expect)
    _assert_first(result, expect)
    _assert_safety(result, expect)
    _assert_words(result, expect)
    _assert_windows(result, expect)
    asked = {q.field for q in result.questions}
    for field in expect.questions:
        assert field in asked, f"{field} is not asked; asked: {sorted(asked)}"
    for field in expect.not_asked:
        assert field not in asked, f"{field} is asked"


def _assert_answers(result: Any, expect: Expect) -> None:
    found = {_answered(a): a for a in result.answers}
    for name, wish in expect.answers.items():
        assert name in found, f"no answer {name}; there are {list(found)}"
        _assert_answer(found[name], wish)
    if expect.asks("leads"):
        lead = result.leading
        assert (_answered(lead) if lead is not None else "") == expect.leads
    week = " ".join(s.text for s in result.this_week).lower()
    for words in expect.this_week_says:
        assert words.lower() in week, week
    for words in expect.this_week_lacks:
        assert words.lower() not in week, week


def _answered(answer: Any) -> str:
    return f"{'none' if answer.coverage is None else answer.coverage} {answer.treatment}"


def _assert_answer(answer: Any, wish: AnswerWish) -> None:
    told = f"{answer.path}: {answer.outlook}: {answer.sentence}"
    if wish.asks("outlook"):
        assert answer.outlook == wish.outlook, told
    if wish.asks("path"):
        assert fnmatch.fnmatchcase(answer.path or "", wish.path), told
    if wish.asks("record"):
        assert (answer.rule.record if answer.rule is not None else "") == wish.record, answer.rule
    for words in wish.sentence_has:
        assert words.lower() in answer.sentence.lower(), told
    for words in wish.sentence_lacks:
        assert words.lower() not in answer.sentence.lower(), told
    assert {w for w in wish.assumes if w.lower() not in " ".join(answer.assumes).lower()} == set()
    if wish.asks("cost"):
        sum_told = answer.cost is not None and answer.cost.first_year is not None
        assert sum_told is wish.cost, answer.cost
    if_no = answer.if_no.text.lower() if answer.if_no is not None else ""
    for words in wish.if_no_has:
        assert words.lower() in if_no, f"{told}: {if_no}"
    _assert_points(answer, wish)
    _assert_acts(answer, wish)


def _assert_points(answer: Any, wish: AnswerWish) -> None:
    points = {p.id: p for p in answer.points}
    for ident, value in wish.points.items():
        assert ident in points, f"no point {ident}; there are {sorted(points)}"
        assert points[ident].value == value, points[ident]
    for ident, said in wish.has.items():
        for words in said:
            assert words.lower() in (points[ident].has or "").lower(), points[ident]
    if wish.asks("deciding"):
        assert list(answer.deciding) == wish.deciding, answer.deciding


def _assert_acts(answer: Any, wish: AnswerWish) -> None:
    steps = [s.id for s in answer.next_steps]
    assert set(wish.steps) <= set(steps), answer.next_steps
    if wish.asks("first_step", "first_says"):
        assert steps, f"{answer.path}: no step"
        first = answer.next_steps[0]
        assert not wish.asks("first_step") or first.id == wish.first_step, first
        for words in wish.first_says:
            assert words.lower() in first.text.lower(), first


def _assert_first(result: Any, expect: Expect) -> None:
    if expect.asks("best"):
        assert fnmatch.fnmatchcase(result.best or "", expect.best), result.best
    for selector in expect.best_is_not:
        assert not fnmatch.fnmatchcase(result.best or "", selector), result.best
    for words in expect.first_act_says:
        assert words.lower() in (result.first_act or "").lower(), result.first_act
    if expect.asks("order"):
        payers = [p for p in result.payer_order if p.position not in ("not_a_payer",)]
        assert [p.coverage for p in payers] == expect.order, result.payer_order


def _assert_safety(result: Any, expect: Expect) -> None:
    if expect.asks("health"):
        notes = [s.id for s in result.safety if s.kind == "health"]
        assert notes == expect.health, result.safety
        kinds = [s.kind for s in result.safety]
        assert kinds == sorted(kinds), "a crisis line stands before everything"
    if expect.asks("safety"):
        assert bool(result.safety) is expect.safety
    if expect.asks("safety_first"):
        assert expect.safety_first in result.safety[0].text, result.safety
    for words in expect.safety_says:
        assert any(words.lower() in s.text.lower() for s in result.safety), result.safety


def _assert_words(result: Any, expect: Expect) -> None:
    if expect.asks("mentions", "not_mentions"):
        text = result.model_dump_json().lower()
        for words in expect.mentions:
            assert words.lower() in text, f"nothing says {words}"
        for words in expect.not_mentions:
            assert words.lower() not in text, f"something says {words}"
    for words in expect.notes:
        assert any(words.lower() in n.text.lower() for n in result.notes), result.notes


def _assert_windows(result: Any, expect: Expect) -> None:
    shown = {w.id: w for w in result.windows}
    for ident, wish in expect.windows.items():
        assert ident in shown, f"no window {ident}; there are {list(shown)}"
        window = shown[ident]
        if wish.asks("opens"):
            assert window.opens == wish.opens, window
        if wish.asks("closes"):
            assert window.closes == wish.closes, window
        for words in wish.says:
            assert words in window.text, window
        for selector in wish.rests:
            assert fnmatch.filter(window.paths, selector), window
    for selector in expect.no_windows:
        assert not fnmatch.filter(shown, selector), f"{selector}: {list(shown)}"
    if expect.asks("window_order"):
        assert list(shown) == expect.window_order


def _with_parts(criteria: Any) -> Any:
    for criterion in criteria:
        yield criterion
        yield from _with_parts(criterion.parts)


def _assert_path(path: Any, wish: PathWish) -> None:
    told = f"{path.id}: {path.outlook}: {path.reason}"
    if wish.asks("outlook"):
        assert path.outlook == wish.outlook, told
    if wish.asks("outlook_in"):
        assert path.outlook in wish.outlook_in, told
    others = {path.record: path.outlook, **{a.id: a.outlook for a in path.alternatives}}
    for ident, value in wish.candidates.items():
        assert others.get(ident) == value, f"{told}: {others}"
    _assert_criteria(path, wish, told)
    _assert_first_step(path, wish, told)
    _assert_deadline(path, wish, told)
    _assert_kept_care(path, wish, told)
    if wish.asks("doubts"):
        assert bool(path.doubts) is wish.doubts, f"{told} doubts: {path.doubts}"
    assert {c.to for c in path.would_change} >= set(wish.would_change_to), path.would_change
    steps = {s.id for s in path.next_steps}
    assert set(wish.steps) <= steps, path.next_steps
    assert set(wish.documents) <= set(path.documents), path.documents
    assert not set(wish.not_steps) & steps, path.next_steps
    assert not set(wish.not_documents) & set(path.documents), path.documents
    _assert_said(path, wish, told)
    for name in ("record", "law", "authorization", "role", "fit"):
        if wish.asks(name):
            assert getattr(path, name) == getattr(wish, name), told


def _assert_criteria(path: Any, wish: PathWish, told: str) -> None:
    criteria = {c.id: c for c in _with_parts(path.criteria)}
    for ident, value in wish.criteria.items():
        assert ident in criteria, f"{told}: no criterion {ident}; there are {sorted(criteria)}"
        assert criteria[ident].value == value, f"{told}: {criteria[ident]}"
    for ident, places in wish.because.items():
        assert set(places) <= set(criteria[ident].because), f"{told}: {criteria[ident]}"


def _assert_said(path: Any, wish: PathWish, told: str) -> None:
    for words in wish.quantity:
        assert words.lower() in (path.quantity_limit or "").lower(), path.quantity_limit
    if wish.asks("laws_say"):
        told_laws = " ".join(s.text for s in (*path.laws, *path.in_your_state)).lower()
        assert wish.laws_say or not told_laws, f"{told}: {told_laws}"
        for words in wish.laws_say:
            assert words.lower() in told_laws, f"{told}: {told_laws}"
    for words in wish.reason_has:
        assert words.lower() in path.reason.lower(), told


def _assert_first_step(path: Any, wish: PathWish, told: str) -> None:
    if not wish.asks("first_step", "first_by", "first_says"):
        return
    assert path.next_steps, told
    first = path.next_steps[0]
    if wish.asks("first_step"):
        assert first.id == wish.first_step, f"{told}: {first}"
    if wish.asks("first_by"):
        assert first.by == wish.first_by, f"{told}: {first}"
    for words in wish.first_says:
        assert words.lower() in first.text.lower(), f"{told}: {first}"


def _assert_deadline(path: Any, wish: PathWish, told: str) -> None:
    if wish.asks("no_deadline"):
        assert not path.deadlines, f"{told}: {path.deadlines}"
    if wish.asks("deadline"):
        assert path.deadlines, f"{told}: no deadline"
        assert path.deadlines[0].date == wish.deadline, path.deadlines
    if wish.asks("act_by"):
        assert path.deadlines[0].act_by == wish.act_by, path.deadlines
    for day in wish.other_dates:
        told_days = path.deadlines[0].other_readings
        assert any(str(day) in reading for reading in told_days), f"{told}: {told_days}"
    if wish.asks("by_notice"):
        filing = {d.appeal_process: d for d in path.deadlines if d.kind == "file"}
        dates = {p: d.date for p, d in filing.items() if p is not None}
        assert dates == wish.by_notice, f"{told}: {path.deadlines}"
        assert all("If the no came" in d.text for p, d in filing.items() if p), path.deadlines
    if wish.asks("passed"):
        assert path.deadlines[0].passed is wish.passed, path.deadlines


def _assert_kept_care(path: Any, wish: PathWish, told: str) -> None:
    kept = next((d for d in path.deadlines if d.kind == "keep_care"), None)
    if wish.asks("keep_by"):
        assert (kept and kept.date) == wish.keep_by, f"{told}: {path.deadlines}"
    if wish.asks("keep_act_by"):
        assert (kept and kept.act_by) == wish.keep_act_by, f"{told}: {path.deadlines}"
    if wish.asks("urgent"):
        filing = [d for d in path.deadlines if d.kind == "file"]
        assert [d.urgent for d in filing] == [wish.urgent], f"{told}: {path.deadlines}"
