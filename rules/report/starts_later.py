"""What to do about a coverage that has not begun: to prepare now, and to ask it from its first day on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from ..engine.paths import Path
from ..messages import day_words, phrase
from ..result import StepShown
from .insurance_names import ANSWERS, insurance_name, treatment_brief

# What can be done before a coverage begins: it asks nothing of the plan.
BEFORE = ("safety", "history", "referral", "records")


def until_it_starts(path: Path, steps: Iterable[StepShown], starts: dt.date) -> Iterator[StepShown]:
    """To get ready first; then what is to be asked of the plan, from its first day on."""
    names = {"payer": insurance_name(path.facts), "treatment": treatment_brief(path.treatment)}
    day = day_words(starts)
    text = phrase("step", "until_it_starts", file=ANSWERS, date=day, **names)
    yield StepShown(id="until_it_starts", who="patient", stage="policy", text=text)
    once: dict[str, StepShown] = {}
    for step in steps:
        once.setdefault(step.text, step)
    yield from (s for s in once.values() if s.stage in BEFORE)
    for step in once.values():
        if step.stage not in BEFORE:
            later = phrase("step", "from_its_start", file=ANSWERS, date=day, text=step.text)
            yield step.model_copy(update={"text": later, "by": None})
