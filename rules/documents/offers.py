"""Which papers fit a case, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rules.result import PathShown

from .blocks import Audience
from .context import Context, Gaps
from .fill import fill_text, holds
from .focus import Focus
from .gather import case_part, gather
from .names import Names
from .template import Template, load_templates


@dataclass(frozen=True)
class Offer:
    """A paper that fits: its title, whom it is for, why it fits, which paths name it."""

    id: str
    title: str
    audience: Audience
    why: str
    paths: tuple[str, ...]
    documents: tuple[str, ...]  # documents of a path that this paper stands for
    path: str | None = None  # the path to make it for; None: the one that the case is about


def offers(focus: Focus, shared: Gaps | None = None) -> tuple[Offer, ...]:
    """Every paper that fits the case, those that most paths ask for first."""
    found: dict[str, Offer] = {}
    shared = case_part(focus) if shared is None else shared
    asked = _asked(focus)
    for template in load_templates().values():
        context = gather(focus, template, Names(), shared)
        if fits(template, context):
            found[template.id] = _offer(template, context, asked)
    covered = {d for o in found.values() for d in o.documents}
    for document, paths in asked.items():
        named = load_templates().get(document)
        if document not in covered and document not in found and named is not None:
            offer = _named_by_path(focus, named, paths, asked)
            if offer is not None:
                found[document] = offer
    return tuple(sorted(found.values(), key=lambda o: (-len(o.paths), o.id)))


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
        why=fill_text(template.why, context),
        paths=tuple(dict.fromkeys(paths)),
        documents=documents,
    )
