"""Last days of a case as a calendar file."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from ..case_reading import read_case
from ..evaluation import evaluate
from ..messages import phrase
from ..plain_files import write_whole
from ..report.calendar_file import calendar_file, days_of
from .files import InputFault, read_json, writing


def run(options: argparse.Namespace) -> int:
    today = options.today or dt.date.today()
    case = read_case(read_json(options.case), today)
    result = evaluate(case, today)
    if not days_of(case, result):
        raise InputFault(phrase("calendar", "none"))
    with writing(options.output):
        write_whole(Path(options.output), calendar_file(case, result))
    return 0
