"""Screening by Spark in its local mode: `python -m benchmarks.spark [--rows N] [--cores N]`.

Rows a second and core, and what 10 and 100 workers would need for a table of 100 million rows by
that figure. The workers are started, and the rules made, before the clock runs.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from benchmarks.measure import ROOT

TODAY = dt.date(2026, 11, 28)
MANY, WORKERS, CORES_OF_A_WORKER = 100_000_000, (10, 100), 8


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spark", description=__doc__)
    parser.add_argument("--rows", type=int, action="append", help="may be given again")
    parser.add_argument("--cores", type=int, default=2)
    options = parser.parse_args(arguments)
    for rows in options.rows or (3_000, 30_000):
        seconds, processor = measured(rows, options.cores)
        rate = rows / seconds / options.cores
        print(
            f"{rows:,} rows on {options.cores} cores: {seconds:.1f} s, {rate:,.0f} rows a second and core"
        )
        print(f"  {processor / rows * 1_000:.2f} ms of a worker's processor time for a row")
        for workers in WORKERS:
            hours = MANY / (rows / processor) / (workers * CORES_OF_A_WORKER) / 3_600
            print(
                f"  {MANY:,} rows on {workers} workers of {CORES_OF_A_WORKER} cores: {hours:,.1f} hours"
            )
    return 0


def measured(rows: int, cores: int) -> tuple[float, float]:
    """The seconds that a table takes, and the processor seconds of all workers of Spark."""
    os.environ.update(PYSPARK_PYTHON=sys.executable, PYTHONPATH=str(ROOT))
    from pyspark.sql import SparkSession

    from rules.spark import screen
    from rules.table.sample import write_sample

    named = SparkSession.builder.master(f"local[{cores}]").config("spark.ui.enabled", "false")
    for side in ("host", "bindAddress"):
        named = named.config(f"spark.driver.{side}", "127.0.0.1")
    spark = named.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        write_sample(path, rows)
        table = spark.read.csv(str(path), header=True).repartition(cores * 4).cache()
        table.count()
        screen(table.limit(cores * 8).repartition(cores), TODAY).write.format("noop").mode(
            "overwrite"
        ).save()
        before, start = _processor_seconds(), perf_counter()
        screen(table, TODAY).write.format("noop").mode("overwrite").save()
        return perf_counter() - start, _processor_seconds() - before


def _processor_seconds() -> float:
    """What the Python workers of Spark have used so far (Linux; they live as long as the session)."""
    used = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if b"pyspark.daemon" in stat.with_name("cmdline").read_bytes():
                used += sum(int(x) for x in stat.read_text().rpartition(")")[2].split()[11:13])
        except OSError:  # it has ended meanwhile
            continue
    return used / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
