"""A table in, a worklist out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..table import TableFault, screen_file
from .files import InputFault


def run(options: argparse.Namespace) -> int:
    try:
        report = screen_file(
            Path(options.table), Path(options.output), today=options.today,
            long=Path(options.long) if options.long else None,
            rejects=Path(options.rejects) if options.rejects else None,
            progress=sys.stderr if sys.stderr.isatty() else None,
        )  # fmt: skip
    except TableFault as error:
        raise InputFault(str(error)) from None
    print(report, file=sys.stderr)
    return 0
