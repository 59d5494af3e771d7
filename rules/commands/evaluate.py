"""One case in, one result out."""

from __future__ import annotations

import argparse
import datetime as dt
import json

from ..case_reading import read_case
from ..evaluation import evaluate
from ..report.chart_note import chart_note
from ..report.text_report import render_text
from ..rule_book_files import load_rules
from .files import read_json


def run(options: argparse.Namespace) -> int:
    today = options.today or dt.date.today()
    case = read_case(read_json(options.case), today)
    result = evaluate(case, today)
    if options.format == "json":
        print(json.dumps(result.model_dump(mode="json"), ensure_ascii=False, indent=2))
    elif options.format == "chart":
        print(chart_note(case, result, load_rules()))
    else:
        print(render_text(result, options.full))
    return 0
