"""Which papers fit a case, and why; those of the next act first, all others by purpose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from rules.result import AnswerShown, PathShown, Result, StepShown

from .blocks import Audience, Purpose
from .context import Context, Gaps
from .fill import fill_text, fill_worksheet, holds
from .focus import Focus
from .gather import case_part, gather
from .names import Names
from .template import Template, load_templates

MOST_FIRST = 3  # with the sheet of each these are six files
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
PAYING: tuple[Purpose, ...] = ("money", "records")  # what somebody who pays alone needs, in order


@dataclass(frozen=True)
class Offer:
    """A paper that fits: its title, whom it is for, why it fits, which paths name it."""

    id: str
    title: str
    audience: Audience
    purpose: Purpose
    why: str
    paths: tuple[str, ...]
    documents: tuple[str, ...]  # documents of a path that this paper stands for
    worksheet: bool  # whether a sheet goes with it: what to check before it is signed and sent
    path: str | None = None  # the path to make it for; None: the one that the case is about


@dataclass(frozen=True)
class Papers:
    """The papers of the next act, and all others by what they are for."""

    first: tuple[Offer, ...]
    rest: tuple[tuple[Purpose, tuple[Offer, ...]], ...]

    def in_order(self) -> tuple[Offer, ...]:
        return (*self.first, *(o for _, found in self.rest for o in found))


def _papers_of_act(result: Result, path: str | None) -> tuple[str, ...]:
    """The papers of one act in the order of need: of the path that was named, else of the leading answer.

    Where the leading way needs none (a plan to choose, say): those of the other ways to pay for the
    same treatment, in their order. Raises KeyError where `path` names no path of the result.
    """
    named = {p.id: p for p in result.paths}[path] if path is not None else result.best_path
    lead = result.leading if named is result.best_path else None
    found = tuple(_of_path(named, lead, result.this_week))
    if not found and path is None and lead is not None:
        same = (lead.treatment, "open")
        ways = (p for p in result.paths if p.role == "pay" and p.treatment in same)
        named_by_ways = (d for way in ways for d in _of_path(way, None, ()))
        found = tuple(sorted(named_by_ways, key=lambda d: PAYING.index(_purpose(d))))
    return tuple(dict.fromkeys(found))


def _of_path(
    path: PathShown | None, lead: AnswerShown | None, this_week: Sequence[StepShown]
) -> Iterator[str]:
    """What has a last day, then what the path itself is begun with, then what its steps name.

    Nobody is asked to approve anything, or to think again, where no insurance pays.
    """
    steps = path.next_steps if path is not None else ()
    acts = lead.next_steps if lead is not None else this_week if path is None else ()
    insured = path is not None and path.coverage is not None
    able = PURPOSES if insured else PAYING
    named = (
        *(d for s in steps if s.by is not None for d in s.documents),
        *_begun_with(path),
        *(d for s in (*acts, *steps) for d in s.documents),
    )
    yield from (d for d in named if _purpose(d) in able)


def _purpose(document: str) -> Purpose:
    return load_templates()[document].purpose


def _begun_with(path: PathShown | None) -> tuple[str, ...]:
    """The paper that begins the level of appeal of a path; without one, the papers of its record."""
    if path is None or path.appeal is None:
        return path.documents if path is not None else ()
    level = f"{path.appeal.appeal_process}.{path.appeal.level}"
    return tuple(t.id for t in load_templates().values() if t.open_level and level in t.levels)


def grouped(found: Sequence[Offer], result: Result, path: str | None = None) -> Papers:
    """The papers of the next act (or of the path that was named) first, at most three; the others by purpose."""
    wanted = _papers_of_act(result, path)
    about = _treatments_of_act(result, path)
    mine = [o for o in found if o.path is None or _treatment(result, o.path) in about]
    first = tuple(dict.fromkeys(_for_each(wanted, mine)))[:MOST_FIRST]
    rest = [(p, tuple(o for o in found if o.purpose == p and o not in first)) for p in PURPOSES]
    return Papers(first, tuple((p, others) for p, others in rest if others))


def _treatments_of_act(result: Result, path: str | None) -> tuple[str, ...]:
    """The treatments of which the papers of one act may speak: its own, and those of no treatment."""
    own = _treatment(result, path) if path is not None else None
    lead = result.leading
    return tuple(t for t in (own or (lead.treatment if lead is not None else None), "open") if t)


def _treatment(result: Result, path: str) -> str:
    return next(p.treatment for p in result.paths if p.id == path)


def _for_each(wanted: Sequence[str], found: Sequence[Offer]) -> Iterator[Offer]:
    """The paper that stands for each document: for this case, before one for another path."""
    for document in wanted:
        able = [o for o in found if document in o.documents]
        if able:
            yield min(able, key=lambda o: (o.path is not None, o.id == document))


def offers(focus: Focus, shared: Gaps | None = None) -> tuple[Offer, ...]:
    """Every paper that fits the case, those that most paths ask for first."""
    found: dict[str, Offer] = {}
    shared = case_part(focus) if shared is None else shared
    asked = _asked(focus)
    for template in load_templates().values():
        context = gather(focus, template, Names(), shared)
        if fits(focus, template, context):
            found[template.id] = _offer(template, context, asked)
    for offer in _of_other_treatments(focus, asked):
        found.setdefault(offer.id, offer)
    covered = {d for o in found.values() for d in o.documents}
    for document, paths in asked.items():
        named = load_templates().get(document)
        if document not in covered and document not in found and named is not None:
            found |= {o.id: o for o in _named_by_path(focus, named, paths, asked)}
    return tuple(sorted(found.values(), key=lambda o: (-len(o.paths), o.id)))


def _of_other_treatments(focus: Focus, asked: dict[str, list[PathShown]]) -> Iterator[Offer]:
    """Papers for the other treatments that this insurance was asked about, made for their answer."""
    for answer in focus.result.answers:
        if answer.coverage != focus.coverage or answer.coverage is None or answer.path is None:
            continue
        if answer.treatment != focus.treatment:
            seen = focus.of_path(answer.path)
            shared = case_part(seen)
            for template in load_templates().values():
                context = gather(seen, template, Names(), shared)
                if fits(seen, template, context):
                    yield replace(_offer(template, context, asked), path=answer.path)


def fits(focus: Focus, template: Template, context: Context) -> bool:
    """Whether a paper is for a case: by its own record, and by the conditions of its template."""
    if template.open_level and not context.level_open:
        return False
    return _meant_for(focus, template) and any(holds(c, context) for c in template.fits)


def _meant_for(focus: Focus, template: Template) -> bool:
    """Whether the paper's own record leaves this case in (a plan booklet is for a private plan)."""
    document = focus.book.documents.get(template.document)
    if document is None or document.applies_when is None:
        return True
    return focus.facts.test(document.applies_when).value is not False


def _named_by_path(
    focus: Focus, template: Template, paths: list[PathShown], asked: dict[str, list[PathShown]]
) -> Iterator[Offer]:
    """A paper that only another path of the case names: made for the first that it fits."""
    for path in paths:
        seen = focus.of_path(path.id)
        context = gather(seen, template, Names())
        if fits(seen, template, context):
            yield replace(_offer(template, context, asked), path=path.id)
            return


def _asked(focus: Focus) -> dict[str, list[PathShown]]:
    asked: dict[str, list[PathShown]] = {}
    for path in focus.result.paths:
        for document in path.documents:
            asked.setdefault(document, []).append(path)
    return asked


def _offer(template: Template, context: Context, asked: dict[str, list[PathShown]]) -> Offer:
    documents = tuple(dict.fromkeys((template.id, *template.stands_for)))
    paths = [p.id for d in documents for p in asked.get(d, ())]
    return Offer(
        id=template.id,
        title=fill_text(template.title, context),
        audience=template.audience,
        purpose=template.purpose,
        why=fill_text(template.why, context),
        paths=tuple(dict.fromkeys(paths)),
        documents=documents,
        worksheet=fill_worksheet(template, context) is not None,
    )
