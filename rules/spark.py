"""A table of people that Spark holds: screened where its rows lie, on as many machines as it has.

Every worker needs this program and its packages; the rule book travels with the work. Nothing else
of the project imports Spark (`requirements-spark.txt`).
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from functools import lru_cache

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql.types import ArrayType, MapType, StringType, StructField, StructType

from .rule_book import Book
from .rule_book_files import load_rules, pack_rules, unpack_rules
from .table import RESULT_COLUMNS
from .table import screen as screen_here
from .table.again import own_columns
from .table.worklist import known_header

NESTED = (ArrayType, MapType, StructType)  # cells of several values, which only pass through


def screen(frame: DataFrame, today: dt.date | None = None) -> DataFrame:
    """The table with the result columns of `rules.screen` added, worked out when Spark needs them.

    Its own columns come back as they are, without those that an earlier run added. A row that
    cannot be read has only `error`. The day and the rule book are those of the machine that asks.
    Raises TableFault, at once, where no column is known.
    """
    own = own_columns(frame.columns)
    known_header(load_rules(), own.names, "DataFrame")
    # By number on the way, since a name may stand twice, or hold what Spark reads as a path.
    numbered = frame.toDF(*(f"c{i}" for i in range(len(frame.columns))))
    kept = numbered.select(*(f"c{i}" for i in own.places))
    schema = StructType(
        [*kept.schema.fields, *(StructField(n, StringType()) for n in RESULT_COLUMNS)]
    )
    nested = tuple(i for i, f in enumerate(kept.schema.fields) if isinstance(f.dataType, NESTED))
    work = _Work(own.names, nested, today or dt.date.today(), pack_rules())
    return kept.mapInPandas(work, schema).toDF(*own.names, *RESULT_COLUMNS)


class _Work:
    """What a worker does with the rows that it holds. It travels there with all that it needs."""

    def __init__(
        self, names: tuple[str, ...], nested: tuple[int, ...], today: dt.date, rules: bytes
    ) -> None:
        self._names = names
        self._nested = nested
        self._today = today
        self._rules = rules

    def __call__(self, parts: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        os.environ["KETAPATH_CORES"] = "1"  # Spark has a worker on each core already
        book = _book(self._rules)
        for part in parts:
            read = part.copy(deep=False)
            for place in self._nested:
                read.isetitem(place, part.iloc[:, place].map(str))
            found = screen_here(read.set_axis(list(self._names), axis=1), self._today, book)
            yield pd.concat([part, found[list(RESULT_COLUMNS)]], axis=1)


@lru_cache(maxsize=1)
def _book(rules: bytes) -> Book:
    """The rule book of this worker, made once for all rows that it gets."""
    return unpack_rules(rules)
