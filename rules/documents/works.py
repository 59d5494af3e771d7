"""What studies and guidelines say of a treatment for a diagnosis, for it and against it."""

from __future__ import annotations

from collections.abc import Iterator

from rules.schema.clinical import Work
from rules.schema.record_types import Works

from .context import Gaps, WorkRow
from .focus import Focus
from .phrases import say, sentence

MOST_CITED = 6  # a letter of two pages holds no more references


def works(focus: Focus) -> Gaps:
    """The fields of the context about evidence: both sides, so that nobody is surprised.

    A letter may cite what was read and speaks for this treatment of this diagnosis. The rest is
    for the worksheet: what a reviewer may say, with its answer where there is one, and what has
    to be read first.
    """
    told = sorted(_about(focus), key=lambda w: w.rank)
    read = [w for w in told if w.was_read]
    against = [w for w in read if w.does_not_support]
    against.sort(key=lambda w: w.says is not None)  # what speaks against it only comes first
    return {
        "works_for": tuple(_row(focus, w) for w in read if w.says)[:MOST_CITED],
        "works_against": tuple(_row(focus, w) for w in against),
        "works_unseen": tuple(_row(focus, w) for w in told if not w.was_read),
        "prognosis": next(_prognosis(focus), ""),
    }


def _all(focus: Focus) -> Iterator[Work]:
    for sheet in focus.book.of("evidence", Works):
        yield from sheet.works


def _about(focus: Focus) -> list[Work]:
    """The works on this treatment and diagnosis, or on one that it counts as where its own are silent."""
    record = focus.book.diagnoses.get(focus.case.diagnosis or "")
    if record is None:
        return []
    mine = [w for w in _all(focus) if focus.treatment in w.treatments]
    own = [w for w in mine if record.id in w.diagnoses]
    if any(w.was_read and w.says for w in own):
        return own
    return [w for w in mine if {record.id, *record.counts_as} & set(w.diagnoses)]


def _prognosis(focus: Focus) -> Iterator[str]:
    """What is known of the course without this treatment, or once it is stopped; the first to cite first."""
    told = [
        w
        for w in _all(focus)
        if w.prognosis
        and w.was_read
        and focus.case.diagnosis in w.diagnoses
        and (not w.treatments or focus.treatment in w.treatments)
    ]
    for work in sorted(told, key=lambda w: w.rank):
        yield say("work", "prognosis", says=work.prognosis, citation=sentence(work.reference))


def _row(focus: Focus, work: Work) -> WorkRow:
    source = focus.book.sources.get(work.source)
    title = source.title if source is not None else ""
    url = source.url if source is not None else None
    return WorkRow(
        name=work.name,
        year=str(work.year),
        finding=_finding(work),
        supports=work.supports or "",
        says=work.says or "",
        against=work.does_not_support or "",
        answer=work.answer or "",
        citation=sentence(work.reference),
        source=f"{title}, {url}" if url else title,
    )


def _finding(work: Work) -> str:
    """What was found, with how it was found: design, people, result with its interval."""
    sample = work.sample
    people = say("work", "sample", number=f"{sample.number:,}", are=sample.are) if sample else ""
    figures = "; ".join(part for part in (work.design, people, work.effect) if part)
    return (
        say("work", "figures", finding=work.finding, figures=figures) if figures else work.finding
    )
