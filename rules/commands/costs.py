"""What each path may cost, and what that rests on."""

from __future__ import annotations

import argparse
import datetime as dt
import json

from ..case_reading import read_case
from ..costs import OverrideError, costs_of, costs_text, read_numbers
from ..evaluation import evaluate
from ..rule_book_files import load_rules
from .files import InputFault, read_json


def run(options: argparse.Namespace) -> int:
    day = options.today or dt.date.today()
    book = load_rules()
    case = read_case(read_json(options.case), day)
    result = evaluate(case, day, book)
    try:
        numbers = read_numbers(options.numbers)
        if options.format == "json":
            found = costs_of(case, result, book, day, numbers)
            print(json.dumps(found, ensure_ascii=False, indent=2))
        else:
            print(costs_text(case, result, book, day, numbers, full=options.full))
    except OverrideError as error:
        raise InputFault(str(error)) from None
    return 0
