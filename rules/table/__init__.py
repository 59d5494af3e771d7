"""A table of people: read, understood row by row as cases, evaluated, written with its results.

read      CSV and XLSX in, from a file or from bytes
columns   what a column holds: names and synonyms, from the question records
cells     one cell: from what people write to answers, or to what is wrong with it
rows      cells of rows to answers by their place in a case
remarks   what is told of rows beside their answers
cases     a row's answers as a case
summary   a case as a row: the paths of the one evaluator, in the columns of a worklist
pool      many cases to their summaries, over several processes where that is worth it
worklist  a frame in, a frame out
files     a file in, files out: the whole way
write     CSV and XLSX out, harmless cells
"""

from .cases import RowFault, case_of_row, remarks_of_row, used_slots
from .files import Report, screen_file
from .summary import RESULT_COLUMNS, Summary, summarise
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
