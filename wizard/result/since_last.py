"""What a change of an answer did to the result since it was last looked at. Pure but for its slot."""

from __future__ import annotations

import json
from dataclasses import dataclass

from rules.result import Result
from wizard.session import Slot, store
from wizard.shell.said import Markdown, said


@dataclass(frozen=True)
class Looked:
    """What stood first when the result was last looked at, and what was told of it then."""

    case: str
    sentence: str
    told: str = ""


_LOOKED: Slot[Looked | None] = Slot("looked", lambda: None)


def what_changed(result: Result) -> Markdown:
    """One line: what the answers given since the last look changed; nothing at the first look."""
    case = json.dumps(store().case_data(), sort_keys=True, default=str)
    before = _LOOKED.get()
    lead = result.leading
    sentence = lead.sentence if lead is not None else ""
    if before is not None and before.case == case:
        return Markdown(before.told)
    told = Markdown()
    if before is not None:
        same = before.sentence == sentence
        told = said("result.same") if same else said("result.changed", before=before.sentence)
    _LOOKED.set(Looked(case, sentence, told))
    return told
