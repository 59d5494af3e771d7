"""Which papers fit a case, and why; those of the next act first, all others by purpose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from rules.result import PathShown, Result, StepShown

from .blocks import Audience, Purpose
from .context import Context, Gaps
from .fill import fill_text, holds
from .focus import Focus
from .gather import case_part, gather
from .names import Names
from .template import Template, load_templates

MOST_FIRST = 3
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)


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
    path: str | None = None  # the path to make it for; None: the one that the case is about


@dataclass(frozen=True)
class Papers:
    """The papers of the next act, and all others by what they are for."""

    first: tuple[Offer, ...]
    rest: tuple[tuple[Purpose, tuple[Offer, ...]], ...]

    def in_order(self) -> tuple[Offer, ...]:
        return (*self.first, *(o for _, found in self.rest for o in found))


def first_papers(result: Result) -> tuple[str, ...]:
    """The papers of the leading answer's next acts, at most three; what has a last day comes first.

    Where its acts need none: those of the leading path, in the order of its steps. Nobody is asked
    to approve anything, or to think again, where no insurance pays.
    """
    lead, path = result.leading, result.best_path
    steps = path.next_steps if path is not None else ()
    dated = [s for s in steps if s.by is not None]
    acts = [*dated, *(lead.next_steps if lead is not None else result.this_week)]
    insured = path is not None and path.coverage is not None
    return (_named(acts, insured) or _named(steps, insured))[:MOST_FIRST]


def _named(steps: Sequence[StepShown], insured: bool) -> tuple[str, ...]:
    able = PURPOSES if insured else ("records", "money")
    named = dict.fromkeys(d for s in steps for d in s.documents)
    return tuple(d for d in named if load_templates()[d].purpose in able)


def grouped(found: Sequence[Offer], result: Result) -> Papers:
    """The papers of the next act first, all others by what they are for."""
    wanted = first_papers(result)
    first = tuple(dict.fromkeys(_for_each(wanted, found)))
    rest = [(p, tuple(o for o in found if o.purpose == p and o not in first)) for p in PURPOSES]
    return Papers(first, tuple((p, others) for p, others in rest if others))


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
        if fits(template, context):
            found[template.id] = _offer(template, context, asked)
    for offer in _of_other_treatments(focus, asked):
        found.setdefault(offer.id, offer)
    covered = {d for o in found.values() for d in o.documents}
    for document, paths in asked.items():
        named = load_templates().get(document)
        if document not in covered and document not in found and named is not None:
            own = _named_by_path(focus, named, paths, asked)
            if own is not None:
                found[document] = own
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
                if fits(template, context):
                    yield replace(_offer(template, context, asked), path=answer.path)


def fits(template: Template, context: Context) -> bool:
    """Whether a template's own conditions hold for a case."""
    if template.open_level and not context.level_open:
        return False
    return any(holds(condition, context) for condition in template.fits)


def meant_for(focus: Focus, template: Template) -> bool:
    """Whether the paper's own record leaves this case in (a plan booklet is for a private plan)."""
    document = focus.book.documents.get(template.document)
    if document is None or document.applies_when is None:
        return True
    return focus.facts.test(document.applies_when).value is not False


def _named_by_path(
    focus: Focus, template: Template, paths: list[PathShown], asked: dict[str, list[PathShown]]
) -> Offer | None:
    """A paper that only another path of the case names: made for that path, if it fits there.

    Where it fits nowhere the plain paper is better than none. That is not so of an appeal to a
    level that is not open to this case, or of a paper that leaves out this kind of cover.
    """
    first: Offer | None = None
    for path in paths:
        seen = focus.of_path(path.id)
        if not meant_for(seen, template):
            continue
        context = gather(seen, template, Names())
        offer = replace(_offer(template, context, asked), path=path.id)
        if fits(template, context):
            return offer
        closed = template.open_level and context.denied
        if not (closed or _leaves_out(template, context)):
            first = first or offer
    return first


def _leaves_out(template: Template, context: Context) -> bool:
    """Whether every case for which the paper is meant names this kind of cover as not its own."""
    return all(
        any(
            not wanted and name.startswith("is_") and getattr(context, name)
            for wanted, name in pairs
        )
        for pairs in template.fits
    )


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
    )
