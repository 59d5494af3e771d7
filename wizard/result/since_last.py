"""What a change of an answer did to the result since it was last looked at."""

from __future__ import annotations

import json
from dataclasses import dataclass

from rules.result import Result
from wizard.interview.what_changed import Line, compare, lines_of
from wizard.session import Slot, store
from wizard.shell import navigation
from wizard.shell.said import Markdown, said


@dataclass(frozen=True)
class Looked:
    """What the answers were when the result was last looked at, and what was told of them then."""

    case: str
    lines: tuple[Line, ...]
    told: str = ""


_LOOKED: Slot[Looked | None] = Slot("looked", lambda: None)


def what_changed(result: Result) -> Markdown:
    """One line: what the answers given since the last look changed; nothing at the first look."""
    navigation.take_changed()  # told here, and not once more
    case = json.dumps(store().case_data(), sort_keys=True, default=str)
    lines, before = lines_of(result), _LOOKED.get()
    if before is not None and before.case == case:
        return Markdown(before.told)
    told = Markdown()
    if before is not None:
        changed = compare(before.lines, lines)
        was = next((c.before for c in changed if c.before is not None), None)
        told = said("result.changed", before=was) if was else told
        told = told if changed else said("result.same")
    _LOOKED.set(Looked(case, lines, told))
    return told
