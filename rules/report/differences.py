"""What differs between two results of the same case: for whoever changed a rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..messages import outlook_words, phrase
from ..result import CriterionShown, DeadlineShown, PathShown, Result
from .text_in_full import path_title

SAME_ANYWAY = ("rules_version", "today", "paths", "best", "first_act")


class PathDifference(NamedTuple):
    """One path that differs; `before` or `after` is None where there is no such path."""

    before: PathShown | None
    after: PathShown | None


def path_differences(before: Result, after: Result) -> tuple[PathDifference, ...]:
    """The paths that differ, in the order of the later result; those that went away last."""
    old, new = ({p.id: p for p in result.paths} for result in (before, after))
    pairs = [PathDifference(old.get(i), new.get(i)) for i in {**new, **old}]
    return tuple(pair for pair in pairs if pair.before != pair.after)


def differences_text(before: Result, after: Result) -> str:
    """The differences in plain lines, path by path; one line where there are none."""
    lines = [*_result_lines(before, after)]
    for pair in path_differences(before, after):
        lines += ["", *_path_lines(pair)]
    return "\n".join(lines).strip() or phrase("try", "nothing")


def _result_lines(before: Result, after: Result) -> Iterator[str]:
    old, new = ({p.id: p for p in result.paths} for result in (before, after))
    if before.best != after.best:
        told = [_title(old.get(before.best or "")), _title(new.get(after.best or ""))]
        yield phrase("try", "best", before=told[0], after=told[1])
    if before.first_act != after.first_act:
        yield _changed("first_act", before.first_act, after.first_act)
    rest = _fields(before, after, SAME_ANYWAY)
    if rest:
        yield phrase("try", "also_result", fields=", ".join(rest))


def _fields(
    before: Result | PathShown, after: Result | PathShown, told: Iterable[str]
) -> list[str]:
    """The names of the other fields that differ."""
    names = (n for n in type(before).model_fields if n not in told)
    return [n for n in names if getattr(before, n) != getattr(after, n)]


def _title(path: PathShown | None) -> str:
    return phrase("try", "none") if path is None else path_title(path)


def _changed(key: str, before: str | None, after: str | None, **gaps: str) -> str:
    none = phrase("try", "none")
    return phrase("try", key, before=before or none, after=after or none, **gaps)


def _path_lines(pair: PathDifference) -> list[str]:
    before, after = pair
    if before is None or after is None:
        return _one_sided(pair)
    parts = {
        "outlook": _outlook(before, after),
        "reason": _reason(before, after),
        "criteria": _points(before, after),
        "next_steps": _first_step(before, after),
        "deadlines": _deadlines(before, after),
    }
    lines = [
        f"{path_title(after)} [{after.id}]",
        *(line for part in parts.values() for line in part),
    ]
    covered = [name for name, part in parts.items() if part]
    covered += ["reasons", "alternatives", "first_step"]
    rest = _fields(before, after, covered)
    return [*lines, *([phrase("try", "also", fields=", ".join(rest))] if rest else [])]


def _one_sided(pair: PathDifference) -> list[str]:
    key, path = ("opened", pair.after) if pair.after is not None else ("gone", pair.before)
    assert path is not None
    outlook = outlook_words(path.outlook, path.coverage is not None)
    return [f"{path_title(path)} [{path.id}]", _changed(key, outlook, outlook)]


def _outlook(before: PathShown, after: PathShown) -> list[str]:
    if before.outlook == after.outlook:
        return []
    told = [outlook_words(p.outlook, p.coverage is not None) for p in (before, after)]
    return [_changed("outlook", *told)]


def _reason(before: PathShown, after: PathShown) -> list[str]:
    """The sentences of the reason that came or went."""
    old, new = ([s.text for s in path.reasons] for path in (before, after))
    gone = [phrase("try", "said_before", text=t) for t in old if t not in new]
    return gone + [phrase("try", "said_now", text=t) for t in new if t not in old]


def _points(before: PathShown, after: PathShown) -> list[str]:
    """Criteria whose words or value changed, those of alternatives too."""
    old, new = _criteria(before), _criteria(after)
    lines = []
    for ident in {**old, **new}:
        told = [_point(found.get(ident)) for found in (old, new)]
        if told[0] != told[1]:
            key = "point_gone" if ident not in new else "point" if ident in old else "point_new"
            lines.append(_changed(key, *told, id=ident))
    return lines


def _criteria(path: PathShown) -> dict[str, CriterionShown]:
    found = {c.id: c for c in path.criteria}
    return found | {f"{a.id}.{c.id}": c for a in path.alternatives for c in a.criteria}


def _point(criterion: CriterionShown | None) -> str | None:
    if criterion is None:
        return None
    value = phrase("try", criterion.value)
    return phrase("try", "point_said", text=criterion.text.rstrip("."), value=value)


def _first_step(before: PathShown, after: PathShown) -> list[str]:
    told = [path.next_steps[0].text if path.next_steps else None for path in (before, after)]
    return [] if told[0] == told[1] else [_changed("first_step", *told)]


def _deadlines(before: PathShown, after: PathShown) -> list[str]:
    old, new = ({_day_id(d): d for d in path.deadlines} for path in (before, after))
    lines = []
    for ident in {**old, **new}:
        told = [found[ident].act_by.isoformat() if ident in found else None for found in (old, new)]
        if told[0] != told[1]:
            lines.append(_changed("deadline", *told, id=ident))
    return lines


def _day_id(deadline: DeadlineShown) -> str:
    return f"{deadline.id}, {deadline.kind}"
