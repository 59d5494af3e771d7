"""Every fact's source, date and confidence, as a table."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from typing import TextIO

from ..engine.policies import days_old
from ..rule_book_files import load_rules


def run(options: argparse.Namespace) -> int:
    book = load_rules()
    today = options.today or dt.date.today()
    _row(sys.stdout, "file", "place", "confidence", "seen", "as_of", "source", "title", "url")
    for file, place, cited in book.all_facts():
        unchecked = cited.confidence == "recalled" or not cited.seen
        if options.unchecked and not unchecked:
            continue
        age = days_old(cited, today)
        if options.older_than is not None and age is not None and age <= options.older_than:
            continue
        source = book.sources.get(cited.source)
        _row(
            sys.stdout, file, place, cited.confidence, "yes" if cited.seen else "no",
            cited.as_of or "undated", cited.source, source.title if source else "",
            (source.url or "not seen") if source else "",
        )  # fmt: skip
    return 0


def _row(out: TextIO, *cells: str) -> None:
    out.write("\t".join(c.replace("\t", " ").replace("\n", " ") for c in cells) + "\n")
