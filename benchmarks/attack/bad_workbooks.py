"""Workbooks that are none, that are damaged, or that were made to do harm."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from collections.abc import Callable
from functools import partial
from typing import Any

import xlsxwriter
from openpyxl import Workbook

SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
TEXTS = "xl/sharedStrings.xml"
NUMBER = b"<v>42</v>"
LINES: tuple[list[Any], ...] = (["case_id", "age", "state"], [1, 42, "TX"], [2, 43, None])


def workbook(change: Callable[[Workbook], Any] = lambda book: None) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for line in LINES:
        book.worksheets[0].append(line)
    change(book)
    book.save(out)
    return out.getvalue()


def with_texts() -> bytes:
    """A workbook whose cells share their texts."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate(LINES):
            sheet.write_row(row, 0, line)
    return out.getvalue()


def changed(old: bytes, new: bytes, part: str = SHEET, junk: int = 0, use: bool = False) -> bytes:
    """A workbook with something else in one of its parts; `junk`: bytes that do not shrink;
    `use`: a cell holds the entity.

    Raises ValueError where the part has nothing of the kind.
    """
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(with_texts() if part == TEXTS else workbook())) as whole,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in whole.namelist():
            content = whole.read(name)
            if name == part:
                content.index(old)
                content = content.replace(old, new, 1)
                content = content.replace(NUMBER, b"<v>&e;</v>") if use else content
            packed.writestr(name, content)
        if junk:
            packed.writestr("xl/media/image1.png", os.urandom(junk))
    return out.getvalue()


def archive(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return out.getvalue()


def old_office(name: str) -> bytes:
    """The least of an Office file of the old make: its head, and its folder with one name."""
    content = bytearray(4096)
    content[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", content, 30, 9)
    struct.pack_into("<I", content, 48, 3)
    named = name.encode("utf-16-le")
    content[2048 : 2048 + len(named)] = named
    return bytes(content)


def laughs(root: bytes) -> bytes:
    """Entities that unfold ten times each, nine times over."""
    inner = b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    return b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + inner + b"]>" + root


def outside(root: bytes) -> bytes:
    return b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + root


def other_sheet(book: Workbook) -> None:
    book.create_sheet("Patients B").append(["case_id"])
    book["Patients B"].append([7])


def hide(book: Workbook) -> None:
    book.worksheets[0].row_dimensions[2].hidden = True


def damaged() -> bytes:
    whole = workbook()
    half = len(whole) // 2
    return whole[:half] + b"\xff" * 40 + whole[half + 40 :]


# name -> how it is made, what has to be said (`+`: it is read), whether it is an attack by XML
WORKBOOKS: dict[str, tuple[Callable[[], bytes], str, bool]] = {
    "ODS": (partial(archive, mimetype="application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument", False),
    "ODT": (partial(archive, mimetype="application/vnd.oasis.opendocument.text"), "text document", False),
    "DOCX": (partial(archive, **{"word/document.xml": "<x/>"}), "text document", False),
    "PPTX": (partial(archive, **{"ppt/presentation.xml": "<x/>"}), "slides", False),
    "XLSB": (partial(archive, **{"xl/workbook.bin": "x"}), "binary Excel", False),
    "ZIP": (partial(archive, **{"table.csv": "age\n4\n"}), "ZIP", False),
    "ZIP of nothing": (archive, "ZIP", False),
    "XLS": (partial(old_office, "Workbook"), "old Excel", False),
    "with a password": (partial(old_office, "EncryptedPackage"), "password", False),
    "DOC": (partial(old_office, "WordDocument"), "text document", False),
    "called as it may": (workbook, "+0 rejects", False),
    "damaged in the middle": (damaged, "damaged", False),
    "cut in half": (lambda: workbook()[:2000], "damaged", False),
    "broken XML": (partial(changed, NUMBER, b"<v>42</w>"), "damaged", False),
    "broken XML of the book": (partial(changed, b"<sheets>", b"<sheets", BOOK), "damaged", False),
    "no number": (partial(changed, NUMBER, b"<v>4x2</v>"), "damaged", False),
    "no such text": (partial(changed, b'r="B2"', b'r="B2" t="s"'), "damaged", False),
    "no such style": (partial(changed, b'r="B2"', b'r="B2" s="99999"'), "+0 rejects", False),
    "no such column": (partial(changed, b'r="B2"', b'r="ZZZZZZ2"'), "damaged", False),
    "a row far below": (partial(changed, b'<row r="2"', b'<row r="999999999999"'), "more than", False),
    "a cell of 60 MB": (partial(changed, NUMBER, b"<v>" + b"4" * 60_000_000 + b"</v>"), "unpacks", False),
    "a long cell beside what does not shrink": (
        partial(changed, NUMBER, b"<v>" + b"4" * 60_000_000 + b"</v>", junk=1_000_000), "unpacks", False),
    "a million cells in a row": (partial(changed, NUMBER, b"</c>" + b"<c/>" * 3_000_000 + b"<c>"), "unpacks", False),
    "a merge of 60 MB": (
        partial(changed, b"</sheetData>", b"</sheetData><mergeCells>" + b'<mergeCell ref="A1:A2"/>' * 500_000 + b"</mergeCells>"),
        "unpacks", False),
    "merged cells": (lambda: workbook(lambda b: b.worksheets[0].merge_cells("C2:C3")), "+C2:C3", False),
    "further sheets": (partial(workbook, other_sheet), "+Patients B", False),
    "hidden rows": (partial(workbook, hide), "+1 hidden row", False),
    "a formula never worked out": (partial(changed, NUMBER, b"<f>40+2</f>"), "+1 rejects", False),
    "XXE": (partial(changed, b"<worksheet", outside(b"<worksheet")), "unfold", True),
    "XXE that is used": (
        partial(changed, b"<worksheet", outside(b"<worksheet"), use=True), "unfold", True),
    "XXE of the book": (partial(changed, b"<workbook", outside(b"<workbook"), BOOK), "unfold", True),
    "billion laughs": (partial(changed, b"<worksheet", laughs(b"<worksheet")), "unfold", True),
    "billion laughs of the book": (partial(changed, b"<workbook", laughs(b"<workbook"), BOOK), "unfold", True),
    "billion laughs of the contents": (
        partial(changed, b"<Types", laughs(b"<Types"), "[Content_Types].xml"), "unfold", True),
    "billion laughs of the styles": (
        partial(changed, b"<styleSheet", laughs(b"<styleSheet"), "xl/styles.xml"), "unfold", True),
    "billion laughs of the texts": (
        partial(changed, b"<sst", laughs(b"<sst"), TEXTS), "unfold", True),
}  # fmt: skip
