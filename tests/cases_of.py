"""The rule book's own examples: a case in, typed expectations out.

Expected values are typed by hand in `tests/cases/*.yaml`; nothing here reads them from the
records that they test. A file is a list of:

    - id: a name of the example
      says: what it shows, in one sentence
      today: 2026-11-24            (left out: that day)
      case: {...}                  the case as the interface takes it
      expect:
        paths:                     selector -> what must hold of exactly one path
          "employer.aetna.esketamine.prior_authorization":
            outlook: possible
            outlook_in: [possible, not_yet]  where more than one is right
            candidates: {record: not_yet}   other records of this path, by id -> outlook
            criteria: {adult: met}          ids of criteria -> value
            because: {adult: [age]}         answers that a criterion rests on
            deadline: 2027-04-30            the first deadline
            act_by: 2027-04-30
            doubts: true                    whether nobody has checked it
            would_change_to: [likely]       outlooks that a named change reaches
            steps: [ids]   documents: [ids]  that are among its own
            reason_has: [words]
            record: id of the record that made it
            law: state | not_state | unknown | workers_compensation | auto_insurance
            no_deadline: true               it names no last day
            other_dates: [dates]            last days by other ways of counting
            not_documents: [ids]            papers that do not belong here
            not_steps: [ids]                steps that do not belong here
            quantity: [words]               words of the quantity limit
            laws_say: [words]               words of what the state adds; []: it adds nothing
            first_step: id                  its first step
            first_by: date                  the day by which that step is to be done
            first_says: [words]             words of that step
            keep_by: date                   the last day to ask that care which runs goes on
            keep_act_by: date               the day to act by for it
            urgent: true                    its deadline is urgent
        absent: [selectors]        no path matches
        some: [selectors]          at least one path matches each
        outlooks: {selector: [outlooks]}  every path that matches has one of these
        safety_first: words        words of the first crisis line
        safety_says: [words]       words of any of them
        notes: [words]             words of the notes on how covers meet
        mentions: [words]          words that stand anywhere in the result
        not_mentions: [words]      words that stand nowhere in it
        best_is_not: [selectors]   what must not come first
        best: selector             the path to put first before a person; "": none
        first_act_says: [words]    words of what to do first
        health: [ids]              the conditions to see to first, in order, and no others
        order: [kinds]             payers in order
        safety: true               crisis lines show
        questions: [fields]        among those asked
        not_asked: [fields]        not among those asked

A selector is a path id, or a pattern with `*`.
"""

from __future__ import annotations

import datetime as dt
import fnmatch
from pathlib import Path
from typing import Any

import yaml

CASES = Path(__file__).parent / "cases"
TODAY = dt.date(2026, 11, 24)


def examples(name: str) -> list[Any]:
    """The examples of one file of `tests/cases`."""
    loaded = yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    return list(loaded or [])


def plain(value: Any) -> Any:
    """YAML dates as the ISO text that JSON carries."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def matching(result: Any, selector: str) -> list[Any]:
    return [p for p in result.paths if fnmatch.fnmatchcase(p.id, selector)]


def assert_example(result: Any, expect: dict[str, Any]) -> None:
    """Assert that a result is what an example expects."""
    for selector, wanted in (expect.get("paths") or {}).items():
        found = matching(result, selector)
        ids = [p.id for p in result.paths]
        assert found, f"no path {selector}; there are {ids}"
        assert len(found) == 1, f"{selector} fits several: {[p.id for p in found]}"
        _assert_path(found[0], wanted)
    for selector in expect.get("absent") or ():
        assert not matching(result, selector), f"{selector} should not be there"
    for selector in expect.get("some") or ():
        ids = [p.id for p in result.paths]
        assert matching(result, selector), f"no path {selector}; there are {ids}"
    for selector, outlooks in (expect.get("outlooks") or {}).items():
        found = matching(result, selector)
        assert found, f"no path {selector}"
        for path in found:
            assert path.outlook in outlooks, f"{path.id}: {path.outlook}: {path.reason}"
    if "best" in expect:
        assert fnmatch.fnmatchcase(result.best or "", expect["best"]), result.best
    for words in expect.get("first_act_says") or ():
        assert words.lower() in (result.first_act or "").lower(), result.first_act
    if "health" in expect:
        notes = [s.id for s in result.safety if s.kind == "health"]
        assert notes == expect["health"], result.safety
        kinds = [s.kind for s in result.safety]
        assert kinds == sorted(kinds), "a crisis line stands before everything"
    if "order" in expect:
        payers = [p for p in result.payer_order if p.position not in ("not_a_payer",)]
        assert [p.coverage for p in payers] == expect["order"], result.payer_order
    if "safety" in expect:
        assert bool(result.safety) is expect["safety"]
    if "safety_first" in expect:
        assert expect["safety_first"] in result.safety[0].text, result.safety
    for words in expect.get("safety_says") or ():
        assert any(words.lower() in s.text.lower() for s in result.safety), result.safety
    for words in expect.get("mentions") or ():
        assert words.lower() in result.model_dump_json().lower(), f"nothing says {words}"
    for words in expect.get("not_mentions") or ():
        assert words.lower() not in result.model_dump_json().lower(), f"something says {words}"
    for selector in expect.get("best_is_not") or ():
        assert not fnmatch.fnmatchcase(result.best or "", selector), result.best
    for words in expect.get("notes") or ():
        assert any(words.lower() in n.text.lower() for n in result.notes), result.notes
    asked = {q.field for q in result.questions}
    for field in expect.get("questions") or ():
        assert field in asked, f"{field} is not asked; asked: {sorted(asked)}"
    for field in expect.get("not_asked") or ():
        assert field not in asked, f"{field} is asked"


def _with_parts(criteria: Any) -> Any:
    for criterion in criteria:
        yield criterion
        yield from _with_parts(criterion.parts)


def _assert_path(path: Any, wanted: dict[str, Any]) -> None:
    known = {
        "outlook", "outlook_in", "candidates", "other_dates", "not_documents", "not_steps",
        "quantity", "no_deadline", "criteria", "because", "deadline", "act_by", "doubts", "would_change_to",
        "steps", "documents", "reason_has", "record", "law", "authorization", "passed",
        "laws_say", "first_step", "first_by", "first_says", "keep_by", "keep_act_by", "urgent",
    }  # fmt: skip
    assert set(wanted) <= known, f"unknown expectation: {set(wanted) - known}"
    told = f"{path.id}: {path.outlook}: {path.reason}"
    if "outlook" in wanted:
        assert path.outlook == wanted["outlook"], told
    if "outlook_in" in wanted:
        assert path.outlook in wanted["outlook_in"], told
    others = {path.record: path.outlook, **{a.id: a.outlook for a in path.alternatives}}
    for ident, value in (wanted.get("candidates") or {}).items():
        assert others.get(ident) == value, f"{told}: {others}"
    criteria = {c.id: c for c in _with_parts(path.criteria)}
    for ident, value in (wanted.get("criteria") or {}).items():
        assert ident in criteria, f"{told}: no criterion {ident}; there are {sorted(criteria)}"
        assert criteria[ident].value == value, f"{told}: {criteria[ident]}"
    for ident, places in (wanted.get("because") or {}).items():
        assert set(places) <= set(criteria[ident].because), f"{told}: {criteria[ident]}"
    _assert_first_step(path, wanted, told)
    _assert_kept_care(path, wanted, told)
    if wanted.get("no_deadline"):
        assert not path.deadlines, f"{told}: {path.deadlines}"
    if "deadline" in wanted:
        assert path.deadlines, f"{told}: no deadline"
        assert path.deadlines[0].date == wanted["deadline"], path.deadlines
    if "act_by" in wanted:
        assert path.deadlines[0].act_by == wanted["act_by"], path.deadlines
    for day in wanted.get("other_dates") or ():
        told_days = path.deadlines[0].other_readings
        assert any(str(day) in reading for reading in told_days), f"{told}: {told_days}"
    if "passed" in wanted:
        assert path.deadlines[0].passed is wanted["passed"], path.deadlines
    if "doubts" in wanted:
        assert bool(path.doubts) is wanted["doubts"], f"{told} doubts: {path.doubts}"
    if "would_change_to" in wanted:
        assert {c.to for c in path.would_change} >= set(wanted["would_change_to"]), (
            path.would_change
        )
    assert set(wanted.get("steps") or ()) <= {s.id for s in path.next_steps}, path.next_steps
    assert set(wanted.get("documents") or ()) <= set(path.documents), path.documents
    assert not set(wanted.get("not_steps") or ()) & {s.id for s in path.next_steps}, path.next_steps
    assert not set(wanted.get("not_documents") or ()) & set(path.documents), path.documents
    for words in wanted.get("quantity") or ():
        assert words.lower() in (path.quantity_limit or "").lower(), path.quantity_limit
    if "laws_say" in wanted:
        told_laws = " ".join(s.text for s in (*path.laws, *path.in_your_state)).lower()
        assert wanted["laws_say"] or not told_laws, f"{told}: {told_laws}"
        for words in wanted["laws_say"]:
            assert words.lower() in told_laws, f"{told}: {told_laws}"
    for words in wanted.get("reason_has") or ():
        assert words.lower() in path.reason.lower(), told
    for name in ("record", "law", "authorization"):
        if name in wanted:
            assert getattr(path, name) == wanted[name], told


def _assert_first_step(path: Any, wanted: dict[str, Any], told: str) -> None:
    if not {"first_step", "first_by", "first_says"} & set(wanted):
        return
    assert path.next_steps, told
    first = path.next_steps[0]
    assert first.id == wanted.get("first_step", first.id), f"{told}: {first}"
    assert first.by == wanted.get("first_by", first.by), f"{told}: {first}"
    for words in wanted.get("first_says") or ():
        assert words.lower() in first.text.lower(), f"{told}: {first}"


def _assert_kept_care(path: Any, wanted: dict[str, Any], told: str) -> None:
    kept = next((d for d in path.deadlines if d.kind == "keep_care"), None)
    if "keep_by" in wanted:
        assert (kept and kept.date) == wanted["keep_by"], f"{told}: {path.deadlines}"
    if "keep_act_by" in wanted:
        assert (kept and kept.act_by) == wanted["keep_act_by"], f"{told}: {path.deadlines}"
    if "urgent" in wanted:
        filing = [d for d in path.deadlines if d.kind == "file"]
        assert [d.urgent for d in filing] == [wanted["urgent"]], f"{told}: {path.deadlines}"
