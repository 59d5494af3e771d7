"""Bad inputs by kind: files, options, tables and outputs, each with what has to come of it."""

from __future__ import annotations

import json
import os
import random
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .bad_cases import CASES, NAMES, TEXTS
from .bad_workbooks import WORKBOOKS, workbook

JSON, TABLES, XML = "JSON and options", "tables and outputs", "XML without defusedxml"
CASE: dict[str, Any] = {
    "age": 42, "state": "TX", "request": "esketamine", "stage": "denied",
    "diagnosis": "treatment_resistant_depression", "coverages": [{"kind": "employer", "payer": "Aetna"}],
    "denial": {"notice_date": "2026-11-01"},
}  # fmt: skip
TABLE = "case_id,age,state,coverage_1_kind,coverage_1_payer\n1,42,TX,employer,Aetna\n"
DAY = ("--today", "2026-11-28")


class BadInput(NamedTuple):
    """A command, and what has to come of it."""

    name: str
    kind: str
    arguments: tuple[str, ...]  # `{out}` is the folder of the output
    codes: Sequence[int] = (1,)
    words: str = ""  # that it has to say
    output: str = ""  # an older file in the folder of the output
    stdin: str | None = None
    room: int | None = None  # bytes that a file may have


def bad_inputs(home: Path) -> Iterator[BadInput]:
    (home / "case.json").write_text(json.dumps(CASE))
    (home / "table.csv").write_text(TABLE)
    (home / "many.csv").write_text(
        TABLE + "".join(f"{i},{20 + i % 60},TX,employer,Aetna\n" for i in range(2, 60_000))
    )
    yield from _texts(home)
    yield from _cases(home)
    yield from _names(home)
    yield from _options(home)
    yield from _no_files(home)
    yield from _tables(home)
    yield from _workbooks(home)
    yield from _outputs(home)


def _file(home: Path, name: str, content: bytes) -> str:
    (home / name).write_bytes(content)
    return str(home / name)


# --- JSON -----------------------------------------------------------------------------------------------


def _texts(home: Path) -> Iterator[BadInput]:
    for number, (name, content) in enumerate(TEXTS.items()):
        file = _file(home, f"text{number}.json", content)
        for command in ("evaluate", "costs"):
            yield BadInput(f"{command} {name}", JSON, (command, file, *DAY))
    big = home / "big.json"
    with big.open("wb") as hole:
        hole.truncate(300_000_000)
    yield BadInput("300 MB", JSON, ("evaluate", str(big)), words="too large")
    yield BadInput(
        "300 MB on standard input", JSON, ("evaluate", "-"), stdin=str(big), words="too large"
    )
    yield BadInput(
        "no end on standard input", JSON, ("evaluate", "-"), stdin="/dev/zero", words="too large"
    )
    yield BadInput(
        "a text of zeros", JSON, ("evaluate", "/dev/stdin"), stdin="/dev/zero", words="too large"
    )
    yield BadInput("nothing on standard input", JSON, ("evaluate", "-"))


def _cases(home: Path) -> Iterator[BadInput]:
    for number, (name, case) in enumerate(CASES.items()):
        file = _file(home, f"case{number}.json", json.dumps(case).encode())
        yield BadInput(f"evaluate {name}", JSON, ("evaluate", file, *DAY))


def _names(home: Path) -> Iterator[BadInput]:
    rest = ("-o", "{out}/papers", "--kind", "docx", *DAY)
    for number, (name, names) in enumerate(NAMES.items()):
        file = _file(home, f"names{number}.json", json.dumps(names).encode())
        yield BadInput(
            f"names {name}", JSON, ("papers", str(home / "case.json"), "--names", file, *rest)
        )


def _options(home: Path) -> Iterator[BadInput]:
    case = str(home / "case.json")
    for day in (
        "tomorrow",
        "",
        "20261128",
        "2026-W48-2",
        "9999-12-31",
        "0001-01-01",
        "2026-02-30",
        "x" * 10_000,
    ):
        yield BadInput(f"today {day[:12]}", JSON, ("evaluate", case, "--today", day), (2,))
    for rows in ("0", "-1", "1" + "0" * 20, "99999999999"):
        yield BadInput(
            f"{rows} rows", JSON, ("sample", "--rows", rows, "-o", "{out}/s.csv"), words="--rows"
        )
    for rows in ("1e20", "x", "9" * 5_000):
        yield BadInput(
            f"{rows[:8]} rows", JSON, ("sample", "--rows", rows, "-o", "{out}/s.csv"), (2,)
        )
    yield BadInput(
        "a seed below zero", JSON, ("sample", "--rows", "2", "--seed", "-1", "-o", "{out}/s.csv")
    )
    for rows in ("0", "1" + "0" * 20):
        yield BadInput(
            f"weigh {rows}", JSON, ("sources", "--weigh", "--rows", rows), words="--rows"
        )
    for own in ("x", "price=", "price=x", "price=1e999", "=1", "price=" + "9" * 10_000, "ä=1"):
        yield BadInput(f"--set {own[:12]}", JSON, ("costs", case, "--set", own, *DAY))
    for path in ("", "x", "x" * 100_000):
        yield BadInput(
            f"--path {path[:3]}", JSON, ("papers", case, "--path", path, "-o", "{out}/p", *DAY)
        )
    for name in ("", "/nowhere/x.json", "a" * 5_000, "\x00", "."):
        yield BadInput(f"a case called {name[:8]!r}", JSON, ("evaluate", name))
    yield BadInput("no command", JSON, (), (2,))
    yield BadInput("an unknown schema", JSON, ("schema", "cases"), (2,))


def _no_files(home: Path) -> Iterator[BadInput]:
    os.mkfifo(home / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as heard:
        os.chdir(home)  # a socket's name is short
        heard.bind("socket.csv")
    os.symlink("loop.csv", home / "loop.csv")
    found = [
        home / "pipe.csv",
        home / "socket.csv",
        home / "loop.csv",
        home,
        Path("/dev/zero"),
        Path("/dev/random"),
    ]
    found += [
        Path(p) for p in ("/proc/self/mem", "/proc/self/environ", "/dev/null") if Path(p).exists()
    ]
    for place in found:
        name = str(place)
        yield BadInput(f"evaluate {place.name}", JSON, ("evaluate", name))
        yield BadInput(
            f"screen {place.name}", TABLES, ("screen", name, "-o", "{out}/o.csv"), output="o.csv"
        )
        rest = ("-o", "{out}/p", *DAY)
        yield BadInput(
            f"names {place.name}", JSON, ("papers", str(home / "case.json"), "--names", name, *rest)
        )


# --- tables ---------------------------------------------------------------------------------------------

NO_TABLES: dict[str, bytes] = {
    "nothing": b"", "blanks": b" \n\t\n", "a header alone": b"age,state\n", "foreign names": b"hello,world\n1,2\n",
    "a title above": b"Patients of November\nage,state\n42,TX\n", "all bytes": bytes(range(256)) * 64, "zeros": b"\x00" * 5_000,
    "a PDF": b"%PDF-1.7\n%\xe2\xe3", "gzip": b"\x1f\x8b\x08\x00abc", "7z": b"7z\xbc\xaf\x27\x1c" + b"x" * 99, "a picture": b"\x89PNG\r\n\x1a\n" + b"x" * 99,
    "a web page": b"<!DOCTYPE html><table><tr><td>age</td></tr></table>", "XML": b'<?xml version="1.0"?><Workbook/>', "JSON": b'[{"age": 4}]',
    "RTF": b"{\\rtf1 age}", "parquet": b"PAR1" + b"x" * 99, "half a ZIP": b"PK\x03\x04 no", "half an old file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "20,000 columns": b",".join(b"c%d" % i for i in range(20_000)) + b"\n1\n", "70 MB in a line": b"age\n" + b"x" * 70_000_000,
    "a quote of 70 MB": b'age,state\n42,"' + b"x\n" * 35_000_000,
}  # fmt: skip
READ: dict[str, tuple[bytes, str]] = {
    "sep=;": (b"sep=;\r\nage;state\r\n42;TX\r\n", "1 rows, 0 rejects"), "sep=tab": (b"sep=\t\nage\tstate\n42\tTX\n", "1 rows, 0 rejects"),
    "sep=; in UTF-16": ("sep=;\r\nage;state\r\n42;TX\r\n".encode("utf-16"), "1 rows, 0 rejects"), "CR alone": (b"age,state\r42,TX\r", "1 rows, 0 rejects"),
    "an error": (b"age,coverage_1_payer\n42,#REF!\n", "1 rejects"), "a quote not closed": (b'age,state\n42,"TX\n43,CA\n', "1 rejects"),
    "twice the same name": (b"age,age,state\n42,43,TX\n", "says the same as"), "a name not known": (b"age,agge\n42,1\n", "passed through unread: agge"),
    "a row too long": (b"age,state\n42,TX,x\n", "1 rejects"), "a row too short": (b"age,state\n42\n43,TX\n", "1 rejects"),
    "a cell of 1 MB": (b"age,state\n42," + b"x" * 1_000_000 + b"\n", "1 rejects"), "a total": (b"age,state\n42,TX\nTotal,\n", "a total, not a person"),
    "one id twice": (b"case_id,age\n1,42\n1,43\n", "stands in more than one row"), "cp1252": ("age,clinic\n42,Café\n".encode("cp1252"), "not UTF-8"),
    "a number for a day": (b"age,denial_date,stage\n42,463270,denied\n", "1 rejects"), "two covers, the second refused": (
        b"age,stage,coverage_1_kind,coverage_2_kind,denial_coverage\n42,denied,employer,medicare,2\n", "1 rows, 0 rejects"),
}  # fmt: skip


def _tables(home: Path) -> Iterator[BadInput]:
    for number, (name, content) in enumerate(NO_TABLES.items()):
        file = _file(home, f"no{number}.csv", content)
        yield BadInput(
            f"screen {name}", TABLES, ("screen", file, "-o", "{out}/o.csv", *DAY), output="o.csv"
        )
    for number, (name, (content, words)) in enumerate(READ.items()):
        file = _file(home, f"read{number}.csv", content)
        yield BadInput(
            f"screen {name}",
            TABLES,
            ("screen", file, "-o", "{out}/o.csv", *DAY),
            (0,),
            words,
            "o.csv",
        )


def _workbooks(home: Path) -> Iterator[BadInput]:
    for number, (name, (make, words, xml)) in enumerate(WORKBOOKS.items()):
        file = _file(home, f"book{number}.{'csv' if number % 2 else 'xlsx'}", make())
        read = words.startswith("+")
        rest = ("-o", "{out}/o.xlsx", *DAY)
        yield BadInput(
            f"screen {name}", XML if xml else TABLES, ("screen", file, *rest), (int(not read),),
            words.removeprefix("+"), "o.xlsx",
        )  # fmt: skip


# --- outputs --------------------------------------------------------------------------------------------


def _outputs(home: Path) -> Iterator[BadInput]:
    case, table = str(home / "case.json"), str(home / "many.csv")
    for room in (0, 100, 5_000):
        for name, arguments in {
            "o.csv": ("screen", table, *DAY), "o.xlsx": ("screen", table, *DAY), "s.csv": ("sample", "--rows", "2000"),
            "o.ics": ("calendar", case, *DAY),
        }.items():  # fmt: skip
            if name == "o.ics" and room > 100:
                continue  # it has room enough
            yield BadInput(
                f"{name}, {room} bytes left", TABLES, (*arguments, "-o", f"{{out}}/{name}"),
                words="cannot be written", output=name, room=room,
            )  # fmt: skip
        yield BadInput(
            f"papers, {room} bytes left", TABLES, ("papers", case, *DAY, "-o", "{out}/p"), room=room
        )
        yield BadInput(
            f"schemas, {room} bytes left", TABLES, ("schema", "--all", "{out}/s"), room=room
        )
    for place in (
        "/nowhere/o.csv",
        "{out}",
        str(home / "pipe.csv"),
        "/dev/full",
        "/proc/o.csv",
        "{out}/" + "a" * 300 + ".csv",
    ):
        yield BadInput(f"sample to {place[:12]}", TABLES, ("sample", "--rows", "2", "-o", place))
        yield BadInput(f"calendar to {place[:12]}", TABLES, ("calendar", case, *DAY, "-o", place))
    for name in ("o.pdf", "o", "o.xls"):
        yield BadInput(
            f"screen to {name}",
            TABLES,
            ("screen", table, "-o", f"{{out}}/{name}"),
            words=".csv or .xlsx",
        )
    twice = ("-o", "{out}/o.csv", "--long", "{out}/o.csv")
    yield BadInput(
        "two tables in one file", TABLES, ("screen", table, *twice), words="Give each its own"
    )
    yield BadInput(
        "the input as output", TABLES, ("screen", table, "-o", table), words="overwrite the input"
    )
    yield BadInput(
        "papers over a file", TABLES, ("papers", case, *DAY, "-o", "{out}/o"), output="o"
    )


# --- damaged by chance ------------------------------------------------------------------------------------


def garbled(home: Path, count: int, dice: random.Random) -> Iterator[BadInput]:
    """Sound files with some bytes changed: read or refused, but never a crash."""
    sound = {"xlsx": workbook(), "csv": TABLE.encode() * 9, "json": json.dumps(CASE).encode()}
    for number in range(count):
        for kind, content in sound.items():
            bad = bytearray(content)
            for _ in range(dice.randint(1, 12)):
                bad[dice.randrange(len(bad))] = dice.randrange(256)
            file = _file(
                home,
                f"garbled.{kind}",
                bytes(bad[: dice.choice((len(bad), dice.randrange(len(bad))))]),
            )
            rest = (
                ("evaluate", file, *DAY)
                if kind == "json"
                else ("screen", file, "-o", "{out}/o.csv", *DAY)
            )
            yield BadInput(
                f"garbled {kind} {number}", TABLES if kind != "json" else JSON, rest, (0, 1)
            )
