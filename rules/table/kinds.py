"""What a file is, told from what stands in it and never from its name; and why it cannot be read."""

from __future__ import annotations

import contextlib
import io
import re
import struct
import zipfile
from pathlib import Path
from typing import IO, Any

from ..plain_files import open_plain
from .text import say

LOOK_AT = 1 << 16  # bytes from which the kind of a file is told
ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
Input = Path | bytes  # a file, or all that stands in one

# First bytes -> what the file is, by the key of its words.
STARTS = {
    b"%PDF": "pdf", b"\x1f\x8b": "packed", b"7z\xbc\xaf\x27\x1c": "packed", b"Rar!\x1a": "packed",
    b"BZh91AY": "packed", b"\xfd7zXZ": "packed", b"\x28\xb5\x2f\xfd": "packed", b"PK\x05\x06": "packed",
    b"\x89PNG": "picture", b"\xff\xd8\xff": "picture", b"GIF8": "picture", b"II*\x00": "picture",
    b"MM\x00*": "picture", b"{\\rtf": "text", b"PAR1": "data", b"SQLite format 3": "data",
    b"ARROW1": "data",
}  # fmt: skip
# What a ZIP holds -> what it is. The first that fits.
PARTS = (
    ("xl/workbook.bin", "xlsb"), ("word/", "text"), ("ppt/", "slides"), ("Index/", "numbers"),
)  # fmt: skip
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
# Names in the folder of an old Office file, as they stand there.
LOCKED, OLD_WORD = ("EncryptedPackage".encode("utf-16-le"), "WordDocument".encode("utf-16-le"))
WEB_PAGE = re.compile(r"\s*<(!doctype|html|head|body|meta|table|style|div)\b", re.IGNORECASE)
XML = re.compile(r"\s*<\?(xml|mso)\b")
JSON = re.compile(r'\s*(\{\s*"|\[\s*[\[{"])')


class Unreadable(Exception):
    """Raised with the key of the message and its gaps."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def opened(source: Input) -> IO[bytes]:
    return io.BytesIO(source) if isinstance(source, bytes) else open_plain(source)


def head_of(source: Input) -> bytes:
    """The first bytes of a table. Raises Unreadable where they are none, or those of no table."""
    try:
        if isinstance(source, Path) and not source.exists():
            raise Unreadable("missing_file")
        if isinstance(source, Path) and source.is_file() and not source.stat().st_size:
            raise Unreadable("empty")  # the machine's own files tell no size either
        with opened(source) as file:
            head = file.read(LOOK_AT)
            if head.startswith(ZIP):
                _check_parts(file)
            elif head.startswith(OLD_OFFICE):
                raise _old_office(file)
    except OSError as error:
        raise Unreadable("unreadable", why=error.strerror or error) from None
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("empty")
    return head


def check_kind(head: bytes) -> None:
    """Raises Unreadable for the first bytes of a file that people take for a table."""
    for start, kind in STARTS.items():
        if head.startswith(start):
            raise foreign(kind)


def check_start(text: str) -> None:
    """Raises Unreadable for a text of another kind: a web page that is called .xls, data of a program."""
    text = text.removeprefix("\ufeff")
    for start, kind in ((WEB_PAGE, "web_page"), (XML, "xml"), (JSON, "data")):
        if start.match(text):
            raise foreign(kind)


def foreign(kind: str) -> Unreadable:
    return Unreadable("foreign", what=say("kinds", kind))


def _check_parts(file: IO[bytes]) -> None:
    """Raises Unreadable where a ZIP is no workbook; one that is damaged is told when it is read."""
    with contextlib.suppress(zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError):
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if "mimetype" in names:
                with archive.open("mimetype") as part:
                    told = part.read(100)
                if told.startswith(OPEN_DOCUMENT):
                    sheet = told.removeprefix(OPEN_DOCUMENT).startswith(b"spreadsheet")
                    raise foreign("ods" if sheet else "text")
        for start, kind in PARTS:
            if any(n.startswith(start) for n in names):
                raise foreign(kind)
        if "[Content_Types].xml" not in names:
            raise foreign("packed")


def _old_office(file: IO[bytes]) -> Unreadable:
    """What an Office file of the old make is: its folder names what stands in it."""
    file.seek(0)
    top = file.read(52)
    with contextlib.suppress(struct.error, ValueError, OverflowError):
        size = 1 << struct.unpack_from("<H", top, 30)[0]
        file.seek((struct.unpack_from("<I", top, 48)[0] + 1) * size)
    names = file.read(LOOK_AT)
    if LOCKED in names:
        return Unreadable("locked")
    return foreign("text") if OLD_WORD in names else Unreadable("old_excel")
