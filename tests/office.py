"""Word files as LibreOffice sets them: what a page of a DOCX holds can be seen only by setting it."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from pypdf import PdfReader

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(
    SOFFICE is None,
    reason="LibreOffice is not here. `make office` gets it, or: apt-get install libreoffice-writer-nogui",
)
MOST_SECONDS = 300


def pages_of(data: bytes) -> list[str]:
    """The text of each page of a PDF."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def set_by_office(files: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """DOCX files as PDF, all by one start of LibreOffice with a profile of its own in `folder`."""
    assert SOFFICE is not None
    for name, data in files.items():
        (folder / f"{name}.docx").write_bytes(data)
    subprocess.run(
        [
            SOFFICE,
            f"-env:UserInstallation=file://{folder / 'profile'}",
            "--headless",
            *("--convert-to", "pdf", "--outdir", str(folder)),
            *(str(folder / f"{name}.docx") for name in files),
        ],
        check=True,
        capture_output=True,
        timeout=MOST_SECONDS,
    )
    return {name: (folder / f"{name}.pdf").read_bytes() for name in files}
