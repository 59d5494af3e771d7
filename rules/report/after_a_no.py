"""What to do after a no, read off the letter: what its codes mean, and when the answer to an appeal is due."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine.paths import Path
from ..facts.denials import CodeTold, codes_told
from ..messages import phrase
from ..result import StepShown
from ..schema.appeals import AppealLevel

MOST_CODES = 3  # whose meaning one step tells


def codes_read(path: Path) -> Iterator[StepShown]:
    """What the codes on the letter mean, and to ask about one that no record has."""
    told = codes_told(path.facts.book, path.facts.case.denial)[:MOST_CODES]
    if not told or not isinstance(path.best.record, AppealLevel):
        return
    text = phrase("step", "read_codes", codes=" ".join(_meanings(told)))
    ident = "read_codes"
    yield StepShown(
        id=ident, who="patient", stage="appeal", text=text, documents=("eob_review_guide",)
    )


def _meanings(told: tuple[CodeTold, ...]) -> Iterator[str]:
    """The records' own sentences, each once; the group says who may be billed."""
    groups = dict.fromkeys(c.group.says for c in told if c.group is not None)
    for code in told:
        meaning = code.meaning
        yield (
            meaning.says if meaning is not None else phrase("step", "code_unknown", code=code.code)
        )
    yield from groups
