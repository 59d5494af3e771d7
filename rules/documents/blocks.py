"""What a paper is made of: a small closed set of blocks that every renderer knows.

A block holds plain text only; no renderer's markup ever stands in one. Text that is not known is
`BLANK` inside a sentence and an empty value in `Fields`, where it is drawn as a line to write on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

BLANK = "______"
NoteKind = Literal["draft", "check", "crisis", "tip"]
LineKind = Literal["letterhead", "address"]
# A letter goes to a plan, an agency or a judge and is signed; an enclosure goes with one; a sheet stays with
# who works with it.
Form = Literal["letter", "enclosure", "sheet"]
Audience = Literal["patient", "clinician", "clinic"]
# What a paper is for; papers are kept in this order.
Purpose = Literal["appeal", "request", "records", "money"]


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 2  # the paper's title is level 1


@dataclass(frozen=True)
class Paragraph:
    text: str
    lead: str = ""  # words in bold before the text


@dataclass(frozen=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Numbered:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Checklist:
    """Things to tick off by hand."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table with a header row. `caption` says what it shows."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()  # shares of the line; even where not given


@dataclass(frozen=True)
class Fields:
    """Label and value; an empty value is a line to write on."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LineBlock:
    """A letterhead or an address, line by line: (label, text).

    The label is told only where the text is not known: it stands at the line to write on.
    """

    rows: tuple[tuple[str, str], ...]
    kind: LineKind


@dataclass(frozen=True)
class Reference:
    """What a letter is about, below its address: (label, text). An empty text is a line to write on."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Enclosures:
    """What goes with a letter, below the signature."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Note:
    """A box apart from the text: what to check, what to know."""

    title: str
    items: tuple[str, ...]
    kind: NoteKind = "tip"


@dataclass(frozen=True)
class SignatureBlock:
    """Where a paper is signed: (label, text), the signature itself first. `closing` stands above it."""

    lines: tuple[tuple[str, str], ...]
    closing: str = ""


Block = (
    Heading
    | Paragraph
    | Bullets
    | Numbered
    | Checklist
    | Table
    | Fields
    | LineBlock
    | Reference
    | Enclosures
    | Note
    | SignatureBlock
)


@dataclass(frozen=True)
class Paper:
    """A finished paper, for the screen, the PDF and the Word file alike."""

    id: str
    title: str
    audience: Audience
    blocks: tuple[Block, ...]
    footer: str  # on a letter it stands from the second page on
    form: Form
    language: str = "en"


def with_the_signature(blocks: Sequence[Block]) -> Iterator[tuple[Block, bool]]:
    """Each block, and whether a signature follows that may not stand on a page without its words.

    A paragraph that is only room to write has no words, so the one before it is held as well.
    """
    for i, block in enumerate(blocks):
        after = next((b for b in blocks[i + 1 :] if b != Paragraph(BLANK)), None)
        yield block, isinstance(after, SignatureBlock)
