"""Money: what each path of a result costs, under assumptions that are all visible and editable.

`formulas` holds the sums, `catalogue.yaml` names the record of each default, `assumptions` fills
them in for a case, `pick` reads them at the two ends of their ranges, `recipes` and `options` say
which sum belongs to which way of paying, `picture` puts them together, `open_ways` and `in_short`
choose what a person needs, `show` puts it in words, `text` and `as_data` for a terminal and a program.
"""

from .as_data import costs_of
from .assumptions import Assumption, OverrideError
from .picture import ChartRow, CostPicture, Line, TableRow, estimate
from .show import assumption_label, money, read_numbers
from .text import costs_text

__all__ = [
    "Assumption",
    "ChartRow",
    "CostPicture",
    "Line",
    "OverrideError",
    "TableRow",
    "assumption_label",
    "costs_of",
    "costs_text",
    "estimate",
    "money",
    "read_numbers",
]
