"""A table of people: read, seen column by column, evaluated once for rows that look the same, spread.

columns   what a column holds: names and synonyms, from the question records
cells     one cell: from what people write to answers, or to what is wrong with it
rows      rows as answers, one or many
cases     answers as a case, a result as a row: what a table's answer means
trace     what a part of the evaluation looks at, found by watching it
units     the parts: facts, conditions, candidates
project   rows to answers, by the parts
files     CSV and XLSX in, a worklist out: the whole way
write     CSV and XLSX out, harmless cells
worklist  rows to result columns
"""

from .cases import RESULT_COLUMNS, RowFault, Summary, summarise
from .files import Report, screen_file
from .rows import case_of_row, remarks_of_row, used_slots
from .worklist import TableFault, screen

__all__ = [
    "RESULT_COLUMNS",
    "Report",
    "RowFault",
    "Summary",
    "TableFault",
    "case_of_row",
    "remarks_of_row",
    "screen",
    "screen_file",
    "summarise",
    "used_slots",
]
