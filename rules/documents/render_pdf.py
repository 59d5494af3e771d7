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
from typing import Literal

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
    PageBreak,
    Paper,
    Paragraph,
    Reference,
    SignatureBlock,
    Table,
)
from .phrases import say

STANDARD: Literal["ua-1"] = "ua-1"
FACES = ("Libertinus Serif", "Amiri", "DejaVu Sans Mono")
LOOK = (Path(__file__).parent / "paper.typ").read_text(encoding="utf-8")
PIECE = 8
_LONG_WORD = re.compile(r"(\S{28,})")
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


# --- blocks as typst calls ----------------------------------------------------------------------


def quote(text: str) -> str:
    """A typst string literal: in it only the backslash and the quotation mark mean anything.

    A word longer than a line becomes pieces between which a line may break.
    """
    pieces = [p for word in _LONG_WORD.split(text) for p in _pieces(word)]
    literals = [f'"{p}"' for p in map(_escape, pieces)]
    return (
        f"({', '.join(literals)}).map(box).join()"
        if len(literals) > 1
        else "".join(literals) or '""'
    )


def _pieces(text: str) -> list[str]:
    if not _LONG_WORD.fullmatch(text):
        return [text] if text else []
    return [text[i : i + PIECE] for i in range(0, len(text), PIECE)]


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def _source(paper: Paper, shown: Callable[[str], str] = str) -> str:
    def q(text: str) -> str:
        return quote(shown(text))

    head = f"#show: paper.with({q(paper.title)}, {q(paper.language)}, {q(paper.footer)}, {quote(paper.form)}, {q(say('paper', 'page'))}, {_array(map(quote, FACES))})"
    return "\n".join([LOOK, head, *(_block(b, q) for b in paper.blocks)])


def _array(items: Iterable[str]) -> str:
    return "(" + "".join(f"{item}, " for item in items) + ")"


def _pairs(rows: Iterable[tuple[str, str]], q: Callable[[str], str]) -> str:
    return _array(_array((q(label), q(text))) for label, text in rows)


def _row(row: tuple[str, ...], q: Callable[[str], str]) -> str:
    """A table row; one without any words is high enough to write in by hand."""
    return _array(map(q, row) if any(row) else ("room-to-write" for _ in row))


def _block(block: Block, q: Callable[[str], str]) -> str:
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
            shares = block.widths or (1,) * len(block.columns)
            rows = _array(_row(row, q) for row in block.rows)
            widths = _array(f"{s}fr" for s in shares)
            return f"#sheet({q(block.caption)}, {widths}, {_array(map(q, block.columns))}, {rows})"
        case Fields():
            return "\n".join(f"#field({q(k)}, {q(v)})" for k, v in block.rows)
        case LineBlock():
            return f"#lines({quote(block.kind)}, {_pairs(block.rows, q)})"
        case Reference():
            return f"#reference({q(say('paper', 'about'))}, {_pairs(block.rows, q)})"
        case Enclosures():
            return f"#enclosures({q(say('paper', 'enclosures'))}, {_array(map(q, block.items))})"
        case Note():
            return f"#note({quote(block.kind)}, {q(block.title)}, {_array(map(q, block.items))})"
        case SignatureBlock():
            return f"#signature({q(block.closing)}, {_pairs(block.lines, q)})"
        case PageBreak():
            return "#pagebreak(weak: true)"
