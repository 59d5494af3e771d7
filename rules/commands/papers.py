"""Letters, requests and sheets of a case: those of one act, or all that fit."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path

from ..case_reading import read_case
from ..documents import Names, write_papers
from ..evaluation import evaluate
from ..rule_book_files import load_rules
from ..slips import nearest
from .files import InputFault, read_json, writing


def run(options: argparse.Namespace) -> int:
    today, book = options.today or dt.date.today(), load_rules()
    case = read_case(read_json(options.case), today)
    try:
        names = Names.of(read_json(options.names) if options.names else None)
    except (ValueError, TypeError, AttributeError) as error:
        raise InputFault(f"{options.names}: {error}") from None
    kinds = ("pdf", "docx") if options.kind == "both" else (options.kind,)
    result = evaluate(case, today, book)
    _check_path(options.path, [p.id for p in result.paths])
    with writing(options.output):
        written = write_papers(
            Path(options.output), case, result, book, names, kinds, options.path, options.more
        )
    print(f"{len(written)} files in {options.output}", file=sys.stderr)
    return 0


def _check_path(path: str | None, known: list[str]) -> None:
    if path is not None and path not in known:
        close = nearest(path, known)
        meant = f" Nearest valid: {close}." if close else ""
        raise InputFault(f"--path {path}: not a path of this case.{meant}")
