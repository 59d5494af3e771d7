"""Template and context become a paper. Nothing is decided here: gaps are filled, rows repeated."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Iterator
from dataclasses import is_dataclass

from .blocks import (
    BLANK,
    Block,
    Bullets,
    Checklist,
    Enclosures,
    Fields,
    Form,
    Heading,
    LineBlock,
    Note,
    Numbered,
    Paper,
    Paragraph,
    Reference,
    SignatureBlock,
    Table,
)
from .context import Context
from .names import clean
from .phrases import say
from .template import Condition, Template, TemplateEntry, TemplatePart

WORKSHEET = "_worksheet"


def fill(template: Template, context: Context) -> Paper:
    """The paper that a template makes of a context."""
    title = fill_text(template.title, context)
    ours = say("paper", "footer", today=context.today)
    footer = ours if template.form == "sheet" else title
    return _paper(template.id, title, template, template.parts, context, footer, template.form)


def fill_worksheet(template: Template, context: Context) -> Paper | None:
    """The sheet for who signs or sends a paper; None where there is nothing to check."""
    title = say("worksheet", template.audience, title=fill_text(template.title, context, blank=""))
    footer = say("paper", "footer", today=context.today)
    made = _paper(
        f"{template.id}{WORKSHEET}", title, template, template.worksheet, context, footer, "sheet"
    )
    return made if made.blocks else None


def _paper(
    ident: str,
    title: str,
    template: Template,
    parts: tuple[TemplatePart, ...],
    context: Context,
    footer: str,
    form: Form,
) -> Paper:
    blocks = [b for part in parts for b in _blocks(part, context)]
    # The title is the first heading of a paper; only a letter prints none.
    above = 0 if form == "letter" else 1
    return Paper(
        id=ident,
        title=title,
        audience=template.audience,
        blocks=tuple(_stepwise(_without_empty_headings(blocks), above)),
        footer=footer,
        form=form,
    )


def holds(condition: Condition, context: Context) -> bool:
    """Whether every named field is (or, after `not`, is not) true or filled."""
    return all(bool(getattr(context, name)) is wanted for wanted, name in condition)


def fill_text(text: str, context: Context, row: object = None, blank: str = BLANK) -> str:
    """The text with its gaps filled; a gap without a value becomes a blank to write on.

    Values are put in as they are, but for characters that no page can show: what a person typed is
    never read as a template.
    """
    own = {"item": row} if isinstance(row, str) else vars(row) if is_dataclass(row) else {}
    out = ""
    for literal, name, _, _ in string.Formatter().parse(text):
        # A value that ends in a full stop takes the place of the template's own.
        out += literal[1:] if literal.startswith(".") and out.endswith(".") else literal
        if name is not None:
            out += clean(str(own[name] if name in own else getattr(context, name))) or blank
    return out


def _blocks(part: TemplatePart, context: Context) -> Iterator[Block]:
    if not holds(part.when, context):
        return
    match part.kind:
        case "heading":
            yield Heading(fill_text(part.text, context), part.level)
        case "text" if part.entries:
            for text in _items(part, context):
                yield Paragraph(text, part.lead)
        case "text":
            yield Paragraph(fill_text(part.text, context), fill_text(part.lead, context))
        case "signature":
            yield SignatureBlock(_labelled(part, context), fill_text(part.lead, context))
        case "letterhead" | "address":
            yield LineBlock(_labelled(part, context), part.kind)
        case "fields":
            yield Fields(_labelled(part, context))
        case "reference":
            yield Reference(_labelled(part, context))
        case "table":
            rows2 = tuple(
                tuple(fill_text(c, context, row, blank="") for c in entry.cells)
                for entry in part.entries
                for row in _rows(entry, context)
            )
            if rows2:
                yield Table(fill_text(part.text, context), part.columns, rows2, part.widths)
        case "note":
            items = tuple(_items(part, context))
            if items:
                yield Note(fill_text(part.text, context), items, part.note_kind)
        case kind:
            items = tuple(_items(part, context))
            if items:
                yield _LISTS[kind](items)


_LISTS: dict[str, Callable[[tuple[str, ...]], Block]] = {
    "bullets": Bullets,
    "numbered": Numbered,
    "checklist": Checklist,
    "enclosures": Enclosures,
}


def _labelled(part: TemplatePart, context: Context) -> tuple[tuple[str, str], ...]:
    """Labels with their values; a value that is not known stays empty."""
    return tuple(
        (fill_text(e.cells[0], context), fill_text(e.cells[1], context, row, blank="").strip())
        for e in part.entries
        if holds(e.when, context)
        for row in _rows(e, context)
    )


def _rows(entry: TemplateEntry, context: Context) -> tuple[object, ...]:
    rows: tuple[object, ...] = getattr(context, entry.each) if entry.each else (None,)
    return rows


def _items(part: TemplatePart, context: Context) -> Iterator[str]:
    for entry in part.entries:
        if holds(entry.when, context):
            for row in _rows(entry, context):
                yield fill_text(entry.text, context, row)


def _without_empty_headings(blocks: list[Block]) -> Iterator[Block]:
    """Leaves out a heading that nothing stands under."""
    for i, block in enumerate(blocks):
        after = blocks[i + 1] if i + 1 < len(blocks) else None
        if isinstance(block, Heading):
            if after is None:
                continue
            if isinstance(after, Heading) and after.level <= block.level:
                continue
        yield block


def _stepwise(blocks: Iterable[Block], above: int) -> Iterator[Block]:
    """No heading skips a level, whatever was left out before it: screen readers rely on that.

    `above` is the level of the heading that stands before the first block.
    """
    for block in blocks:
        if isinstance(block, Heading):
            above = min(block.level, above + 1)
            yield Heading(block.text, above)
        else:
            yield block
