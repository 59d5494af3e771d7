"""A paper as tagged PDF (PDF/UA-1) for US Letter, set by typst.

Text goes to typst as string literals, so nothing that a person typed is ever read as markup.
The fonts come with typst (Latin, Greek, Cyrillic, Hebrew) and with `fontpkg-amiri` (Arabic);
fonts of the machine are used only for scripts that these lack.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, Protocol

import typst

from .blocks import (
    BLANK,
    Block,
    Bullets,
    Checklist,
    Enclosures,
    Fields,
    Heading,
    LineBlock,
    Note,
    Numbered,
    Paper,
    Paragraph,
    Reference,
    SignatureBlock,
    Table,
    with_the_signature,
)
from .columns import LETTER, ROOM, column_widths
from .phrases import say

STANDARD: Literal["ua-1"] = "ua-1"
FACES = ("Libertinus Serif", "Amiri", "DejaVu Sans Mono")
LOOK = (Path(__file__).parent / "paper.typ").read_text(encoding="utf-8")
LONG = 28  # letters of a word that a line of text may not hold
PIECE = 8  # letters of a word that is broken because no line holds it
MEASURE = 453.6  # points between the margins of a letter
# A web address or the like, however short: it stays whole where a line can hold it.
_ADDRESS = r"\S*(?:://|www\.|\w\.\w{2,}/)\S*"
_MAY_BREAK = re.compile(r"(?<=[^:/]/)(?=[^/])")  # after a slash inside of it
_PARTS = re.compile(r"(?<=[/-])(?=\w)")  # of another long word
SHORT = 1000  # letters of a block that may move to the next page as a whole
UNKNOWN = "□"  # stands for a character that no font here has
MOST_TRIES = 40
# How typst names a character that it has no glyph for.
_NO_GLYPH = re.compile(r'the text `?"(.+?)"`? could not be displayed', re.DOTALL)


def render(paper: Paper) -> bytes:
    """The PDF of a paper. Raises typst.TypstError where it is not valid PDF/UA-1."""
    try:
        return _compile(_source(paper), ignore_system_fonts=True)
    except typst.TypstError as error:
        if not _NO_GLYPH.search(str(error)):
            raise
    return _with_other_fonts(paper)


def _with_other_fonts(paper: Paper) -> bytes:
    """Scripts that our fonts lack: fonts of the machine, and a sign with a note where none has it."""
    missing: set[str] = set()
    for _ in range(MOST_TRIES):
        told = _noted(paper) if missing else paper
        source = _source(told, lambda text: "".join(UNKNOWN if c in missing else c for c in text))
        try:
            return _compile(source, ignore_system_fonts=False)
        except typst.TypstError as error:
            found = _NO_GLYPH.search(str(error))
            if not found:
                raise
            missing.update(_like(found.group(1), source))
    return _compile(_source(_noted(paper), _only_own_letters), ignore_system_fonts=True)


def _noted(paper: Paper) -> Paper:
    """The paper with a line that says why some letters are not shown."""
    note = Note(say("pdf", "letters_title"), (say("pdf", "letters"),), "check")
    return replace(paper, blocks=(note, *paper.blocks))


def _like(text: str, source: str) -> set[str]:
    """The characters of a message, and those of the same script, so that one try settles a script."""
    scripts = {unicodedata.name(c, c).split()[0] for c in text if not c.isascii()}
    return {c for c in source if not c.isascii() and unicodedata.name(c, c).split()[0] in scripts}


def _only_own_letters(text: str) -> str:
    return "".join(
        c if unicodedata.name(c, "").startswith(OWN_SCRIPTS) or c.isascii() else UNKNOWN
        for c in text
    )


OWN_SCRIPTS = (
    "LATIN",
    "GREEK",
    "CYRILLIC",
    "HEBREW",
    "ARABIC",
    "EN DASH",
    "EM DASH",
    "RIGHT",
    "LEFT",
    "BALLOT",
)


@lru_cache(maxsize=1)
def _font_folders() -> list[str]:
    found = find_spec("fontpkg_amiri")
    return [str(Path(found.origin).parent / "files")] if found and found.origin else []


@lru_cache(maxsize=2)
def _fonts(ignore_system_fonts: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=not ignore_system_fonts, font_paths=_font_folders())


def _compile(source: str, ignore_system_fonts: bool) -> bytes:
    made = typst.compile(
        source.encode("utf-8"),
        font_paths=_fonts(ignore_system_fonts),
        ignore_system_fonts=ignore_system_fonts,
        format="pdf",
        pdf_standards=[STANDARD],
    )
    assert isinstance(made, bytes)
    return made


# --- how close it is set ---------------------------------------------------------------------------


def is_tight(paper: Paper) -> bool:
    """Whether a letter is set a little closer: where that spares it a page.

    It is found anew each time: a paper holds names, which are kept nowhere.
    """
    if paper.form != "letter":
        return False
    loose = _pages(paper, tight=False)
    return loose > 1 and _pages(paper, tight=True) < loose


def _pages(paper: Paper, tight: bool) -> int:
    told = typst.query(
        _source(paper, tight=tight).encode("utf-8"),
        "<pages>",
        field="value",
        one=True,
        font_paths=_fonts(ignore_system_fonts=True),
        ignore_system_fonts=True,
    )
    return int(told)


# --- blocks as typst calls ----------------------------------------------------------------------


class Quote(Protocol):
    """Makes a typst literal of a text whose words of `most` letters or more may be broken."""

    def __call__(self, text: str, most: int = LONG) -> str: ...


def quote(text: str, most: int = LONG) -> str:
    """A typst string literal: in it only the backslash and the quotation mark mean anything.

    A web address, and a word that may be longer than a line, stays whole where a line can hold it.
    """
    parts = re.split(rf"({_ADDRESS}|\S{{{most},}})", text)
    told = [_whole(p) if i % 2 else _literal(p) for i, p in enumerate(parts) if p]
    return f"({' + '.join(told)})" if len(told) > 1 else "".join(told) or '""'


def _whole(word: str) -> str:
    parts = (_MAY_BREAK if re.fullmatch(_ADDRESS, word) else _PARTS).split(word)
    return f"long({_array(_array(map(_literal, _pieces(p))) for p in parts)})"


def _pieces(word: str) -> list[str]:
    return [word[i : i + PIECE] for i in range(0, len(word), PIECE)]


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def _source(paper: Paper, shown: Callable[[str], str] = str, tight: bool | None = None) -> str:
    def q(text: str, most: int = LONG) -> str:
        return quote(shown(text), most)

    words = say("paper", "page", page="#", pages="#").split("#")
    head = (
        f"#show: paper.with({q(paper.title)}, {_literal(paper.language)}, {q(paper.footer)},"
        f" {_array(map(_literal, words))}, {_array(map(_literal, FACES))})"
    )
    blocks = (_held(b, q) if held else _block(b, q) for b, held in with_the_signature(paper.blocks))
    setting = "true" if (is_tight(paper) if tight is None else tight) else "false"
    ahead = f"#let form = {_literal(paper.form)}\n#let tight = {setting}"
    return "\n".join([ahead, LOOK, head, *blocks])


def _held(block: Block, q: Quote) -> str:
    """The block on one page with the signature that follows; of a long list or table its end alone."""
    match block:
        case Bullets() | Checklist() if sum(map(len, block.items)) > SHORT:
            first, last = (
                replace(block, items=block.items[:-1]),
                replace(block, items=block.items[-1:]),
            )
            return f"{_block(first, q)}\n#held[{_block(last, q)}]"
        case Table() if sum(len(cell) for row in block.rows for cell in row) > SHORT:
            return _table(block, q, last=2)
        case _:
            return f"#held[{_block(block, q)}]"


def _array(items: Iterable[str]) -> str:
    return "(" + "".join(f"{item}, " for item in items) + ")"


def _pairs(rows: Iterable[tuple[str, str]], q: Quote) -> str:
    return _array(_array((q(label), q(text))) for label, text in rows)


def _table(table: Table, q: Quote, last: int = 0) -> str:
    """A table, its `last` rows apart from the others."""
    widths = column_widths(table, MEASURE)
    most = [max(PIECE, int((width - ROOM) / LETTER)) for width in widths]

    def cells(row: tuple[str, ...]) -> str:
        return _array(q(text, room) for text, room in zip(row, most, strict=True))

    # A row without any words is high enough to write in by hand.
    rows = [cells(r) if any(r) else _array(["room-to-write"] * len(r)) for r in table.rows]
    first = len(rows) - last
    parts = (
        q(table.caption),
        _array(f"{width:.1f}fr" for width in widths),
        cells(table.columns),
        _array(rows[:first]),
        _array(rows[first:]),
    )
    return f"#sheet({', '.join(parts)})"


def _block(block: Block, q: Quote) -> str:
    match block:
        case Heading():
            return f"#heading(level: {block.level}, {q(block.text)})"
        case Paragraph():
            if block.text == BLANK:
                return "#room"
            lead = f"#strong({q(block.lead)}) " if block.lead else ""
            return f"\n{lead}#{q(block.text)}\n"
        case Bullets():
            return f"#list(..{_array(map(q, block.items))})"
        case Numbered():
            return f"#enum(..{_array(map(q, block.items))})"
        case Checklist():
            return f"#checks({_array(map(q, block.items))})"
        case Table():
            return _table(block, q)
        case Fields():
            return f"#fields({_pairs(block.rows, q)})"
        case LineBlock():
            return f"#{block.kind}({_pairs(block.rows, q)})"
        case Reference():
            return f"#reference({q(say('paper', 'about'))}, {_pairs(block.rows, q)})"
        case Enclosures():
            return f"#enclosures({q(say('paper', 'enclosures'))}, {_array(map(q, block.items))})"
        case Note():
            return f"#note({_literal(block.kind)}, {q(block.title)}, {_array(map(q, block.items))})"
        case SignatureBlock():
            return f"#signature({q(block.closing)}, {_pairs(block.lines, q)})"
