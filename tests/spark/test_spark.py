"""A table that Spark holds and a table in memory: the same answers, row by row.

Run by `make test-spark`: it needs Java, and Spark (`requirements-spark.txt`).
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
import os
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from pyspark.errors import PythonException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import types as t

from rules import load_rules
from rules import screen as screen_here
from rules.rule_book_files import OtherRules, pack_rules, unpack_rules
from rules.spark import _Work, screen
from rules.table import RESULT_COLUMNS, TableFault, pool
from rules.table.sample import draw_rows

ROOT = Path(__file__).parents[2]
TODAY = dt.date(2026, 11, 28)
ROWS, PARTITIONS = 330, 5
# What stands in some rows instead of an answer: each such row is at fault, and no other.
FAULTS = {"age": "4200", "state": "ZZ", "coverage_1_kind": "a plan", "denial_date": "soon"}


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = str(ROOT)
    named = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    for side in ("host", "bindAddress"):
        named = named.config(f"spark.driver.{side}", "127.0.0.1")
    session = named.config("spark.sql.execution.arrow.maxRecordsPerBatch", "40").getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    """Made-up people, texts in every column; some rows at fault, one twice, one that is nobody."""
    drawn = draw_rows(load_rules(), ROWS, seed=13)
    frame = pd.DataFrame({name: column.to_pylist() for name, column in drawn.items()}, dtype=object)
    frame = frame.map(lambda cell: None if cell is None or cell == "" else str(cell))
    for number, (name, text) in enumerate(FAULTS.items()):
        assert name in frame
        frame.loc[frame.index[number * 17 :: 71], name] = text
    frame.iloc[7, 1:] = frame.iloc[8, 1:]
    frame.iloc[9] = None
    frame["the clinic's own. note"] = [f"row {n}" for n in range(len(frame))]
    return frame


def held(spark: SparkSession, frame: pd.DataFrame) -> DataFrame:
    """The frame as Spark holds it, texts as texts, over several partitions."""
    schema = t.StructType([t.StructField(name, t.StringType()) for name in frame.columns])
    rows = [tuple(None if pd.isna(c) else c for c in row) for row in frame.itertuples(index=False)]
    return spark.createDataFrame(rows, schema).repartition(PARTITIONS)


def given_back(frame: DataFrame) -> pd.DataFrame:
    return pd.DataFrame([tuple(row) for row in frame.collect()], columns=frame.columns)


def test_spark_and_memory_agree_row_by_row(spark: SparkSession, people: pd.DataFrame) -> None:
    asked = held(spark, people)
    answered = screen(asked, TODAY)
    assert asked.rdd.getNumPartitions() == PARTITIONS
    assert answered.columns == [*people.columns, *RESULT_COLUMNS]
    assert {f.dataType for f in answered.schema.fields[-len(RESULT_COLUMNS) :]} == {t.StringType()}
    order = "the clinic's own. note"
    there = given_back(answered).set_index(order).sort_index()
    here = screen_here(people, TODAY).set_index(order).sort_index()
    pd.testing.assert_frame_equal(there, here, check_dtype=False)
    assert len(there) == ROWS
    at_fault = there["error"] != ""
    assert at_fault.sum() == 19
    assert (there.loc[at_fault, "best_path"] == "").all()
    assert (there.loc[~at_fault, "answer"] != "").sum() >= 250


def test_columns_with_types_come_back_as_they_are(spark: SparkSession) -> None:
    """Whole numbers beside gaps, days, cells of several values, names that stand twice or hold dots."""
    fields = {
        "age": t.IntegerType(), "state": t.StringType(), "coverage_1_kind": t.StringType(),
        "denial_date": t.DateType(), "phq9": t.DoubleType(), "veteran": t.BooleanType(),
        "big": t.LongType(), "paid": t.DecimalType(10, 2), "policy": t.StringType(),
        "seen.at": t.TimestampType(), "tags": t.ArrayType(t.StringType()),
        "more": t.MapType(t.StringType(), t.IntegerType()),
    }  # fmt: skip
    rows = [
        (42, "TX", "employer", dt.date(2026, 11, 1), 21.0, True, 2**60 + 1,
         decimal.Decimal("1.50"), "P-1", dt.datetime(2026, 11, 1, 9, 30), ["a", "b"], {"k": 1}),
        (None,) * len(fields),
        (4200, "CT", "medicare", None, None, None, None, None, None, None, [], None),
    ]  # fmt: skip
    schema = t.StructType([t.StructField(n, kind) for n, kind in fields.items()])
    twice = t.StructType([*schema.fields, t.StructField("state", t.StringType())])
    frame = spark.createDataFrame([(*row, "written again") for row in rows], twice)
    answered = screen(frame, TODAY)
    names = [n if n != "policy" else "policy (own)" for n in fields]
    assert answered.columns == [*names, "state", *RESULT_COLUMNS]
    kinds = [f.dataType for f in answered.schema.fields]
    assert kinds[: len(fields)] == list(fields.values())
    found = {row[0]: row for row in answered.collect()}
    for row in rows:
        assert list(found[row[0]][: len(fields)]) == list(row)
    texts = pd.DataFrame(
        [[42, "TX", "employer", "2026-11-01", 21, "yes"]], columns=list(fields)[:6]
    )
    expected = screen_here(texts, TODAY).iloc[0]
    assert [found[42][n] for n in RESULT_COLUMNS] == [expected[n] for n in RESULT_COLUMNS]
    assert found[4200]["error"].startswith("age: ")


def test_a_worklist_may_be_given_back(spark: SparkSession, people: pd.DataFrame) -> None:
    few = people.iloc[10:16]
    once = screen(held(spark, few), TODAY)
    again = screen(once, TODAY)
    assert again.columns == once.columns
    order = "the clinic's own. note"
    first, second = (given_back(f).sort_values(order, ignore_index=True) for f in (once, again))
    pd.testing.assert_frame_equal(first, second)


def test_a_table_without_a_known_column_is_refused_before_any_work(spark: SparkSession) -> None:
    frame = spark.createDataFrame([("a", "b")], ["colour", "shape"])
    with pytest.raises(TableFault, match=r"no column of this table is known.*colour"):
        screen(frame, TODAY)


def test_no_row_is_no_fault(spark: SparkSession) -> None:
    answered = screen(spark.createDataFrame([], "age int, state string"), TODAY)
    assert answered.collect() == []
    assert answered.columns == ["age", "state", *RESULT_COLUMNS]


# --- the rules travel ---------------------------------------------------------------------------------


def of_other_program() -> bytes:
    packed = json.loads(zlib.decompress(pack_rules()))
    return zlib.compress(json.dumps(["another program", *packed[1:]]).encode())


def test_a_worker_with_another_program_says_so(spark: SparkSession) -> None:
    frame = spark.createDataFrame([("42",)], "age string")
    work = _Work(("age",), (), TODAY, of_other_program())
    with pytest.raises(PythonException, match="another version of KetaPath"):
        frame.mapInPandas(work, frame.schema).collect()


def test_the_packed_rules_are_the_rules() -> None:
    assert unpack_rules(pack_rules()).version == load_rules().version
    assert repr(unpack_rules(pack_rules()).records) == repr(load_rules().records)
    with pytest.raises(OtherRules):
        unpack_rules(of_other_program())


def test_a_worker_starts_no_processes_of_its_own(
    people: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def started() -> None:
        raise AssertionError("a worker of Spark has one core")

    monkeypatch.setenv("KETAPATH_CORES", "8")
    monkeypatch.setattr(pool, "Worker", started)
    monkeypatch.setattr(pool, "WORTH_IT", 1)
    work = _Work(tuple(people.columns), (), TODAY, pack_rules())
    (found,) = work(iter([people.iloc[:12]]))
    assert len(found) == 12
    assert pool.cores() == 1
