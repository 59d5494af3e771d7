"""evaluate(case, today) -> Result: case, facts, criteria, candidates, paths, result, costs."""

from __future__ import annotations

import datetime as dt

from .case import Case, PlainCase
from .case_reading import read_case
from .costs.by_path import with_costs, with_open_sums
from .costs.picture import estimate
from .costs.ways import with_ways_in_order
from .engine.find_paths import find_paths
from .engine.treatments import check_references
from .report.build import present
from .result import Result
from .rule_book import Book
from .rule_book_files import load_rules


def evaluate(
    case: Case | PlainCase, today: dt.date | None = None, book: Book | None = None
) -> Result:
    """What the rule book says of one case on one day.

    Pure and safe to call from several threads: the same case and the same `today` give the same
    result. `today` defaults to the date of the machine. Raises CaseError where the case is at fault.
    """
    day = today or dt.date.today()
    rules = book or load_rules()
    told = case if isinstance(case, Case) else read_case(case, day)
    check_references(told, rules)
    result = present(told, find_paths(told, day, rules), day, rules)
    picture = estimate(told, result, rules, day)
    ranked = with_ways_in_order(with_costs(result, picture), picture, rules)
    return with_open_sums(ranked, picture)
