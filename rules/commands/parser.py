"""What each command takes, in one place."""

from __future__ import annotations

import argparse
import datetime as dt
import re
from pathlib import Path

from ..schema.export import KINDS

WEIGH = (
    "only what nobody has checked and can decide an outcome, by the number of made-up people for whom it "
    "does, per 1,000: what speaks in an answer, a point of a label on which it hangs, what a last day is "
    "counted by, the part of a state's record or the federal figure that alone opens or closes a way or "
    "meets a point, a rule that gives a coverage its place in the order of payment"
)
FIRST_TODAY, LAST_TODAY = 2000, 2200  # years in which a rule of this book may be asked for


def build_parser(description: str) -> argparse.ArgumentParser:
    """The whole command line. Each command names its module under `commands` as `module`."""
    parser = argparse.ArgumentParser(prog="python -m rules", description=description)
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, text: str, module: str | None = None) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = commands.add_parser(name, help=text)
        added.set_defaults(module=module or name)
        return added

    _evaluate(command("evaluate", "one case in, one result out"))
    _costs(command("costs", "what each path may cost, and what that rests on"))
    _screen(command("screen", "a table in, a worklist out"))
    _sample(command("sample", "made-up but plausible cases"))
    _schema(command("schema", "JSON Schema of a case, a result or a kind of record"))
    _check(command("check", "validates every record"))
    _try(command("try", "what a changed record changes in a case", "try_record"))
    _sources(command("sources", "every fact's source, date and confidence"))
    _papers(command("papers", "letters, requests and sheets of a case"))
    _calendar(command("calendar", "last days of a case as a calendar file"))
    return parser


def _day(text: str) -> dt.date:
    try:
        found = dt.date.fromisoformat(text if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else "")
    except ValueError:
        raise argparse.ArgumentTypeError(f"a date is written YYYY-MM-DD, not {text!r}") from None
    if not FIRST_TODAY <= found.year <= LAST_TODAY:
        raise argparse.ArgumentTypeError(
            f"today lies between {FIRST_TODAY} and {LAST_TODAY}, not in {found.year}"
        )
    return found


def _case(command: argparse.ArgumentParser) -> None:
    command.add_argument("case", help="a JSON file, or - for standard input")


def _today(command: argparse.ArgumentParser) -> None:
    command.add_argument("--today", type=_day, default=None)


def _evaluate(command: argparse.ArgumentParser) -> None:
    _case(command)
    _today(command)
    command.add_argument("--format", choices=("json", "text", "chart"), default="json")
    command.add_argument(
        "--full", action="store_true", help="as text: every way, rule and source, not one page"
    )


def _costs(command: argparse.ArgumentParser) -> None:
    _case(command)
    _today(command)
    command.add_argument("--full", action="store_true", help="every number behind the sums too")
    command.add_argument("--format", choices=("json", "text"), default="text")
    command.add_argument(
        "--set", action="append", default=[], metavar="ID=NUMBER", dest="numbers",
        help="your own number for an assumption; may be given several times",
    )  # fmt: skip


def _screen(command: argparse.ArgumentParser) -> None:
    command.add_argument("table", help="a CSV or XLSX file")
    command.add_argument("-o", "--output", required=True)
    command.add_argument("--long", default=None, help="one row for each path")
    command.add_argument(
        "--rejects", default=None, help="rows that could not be read, with reasons"
    )
    _today(command)


def _sample(command: argparse.ArgumentParser) -> None:
    command.add_argument("--rows", type=int, required=True)
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("-o", "--output", required=True)


def _schema(command: argparse.ArgumentParser) -> None:
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument("what", nargs="?", choices=("case", "result", *KINDS), metavar="KIND",
        help="case, result, or a kind of record: " + ", ".join(KINDS))  # fmt: skip
    what.add_argument(
        "--all", type=Path, default=None, metavar="FOLDER", help="every kind of record, a file each"
    )


def _check(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", nargs="*", help="files to check (left out: every file)")
    command.add_argument("--records", type=Path, default=None, help=argparse.SUPPRESS)
    _today(command)


def _try(command: argparse.ArgumentParser) -> None:
    command.add_argument("record", help="the changed record, as payers/aetna.yaml or any file")
    _case(command)
    command.add_argument(
        "--against", type=Path, default=None, metavar="FILE",
        help="the record before (left out: as it was last committed)",
    )  # fmt: skip
    _today(command)


def _sources(command: argparse.ArgumentParser) -> None:
    command.add_argument("--unchecked", action="store_true", help="only what nobody has checked")
    command.add_argument("--weigh", action="store_true", help=WEIGH)
    command.add_argument("--rows", type=int, default=1000, help="made-up people to weigh by")
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("--older-than", type=int, default=None, metavar="DAYS")
    _today(command)


def _papers(command: argparse.ArgumentParser) -> None:
    _case(command)
    command.add_argument("-o", "--output", required=True, metavar="FOLDER")
    command.add_argument(
        "--names", default=None, help="a JSON file with patient_name, member_id, …"
    )
    command.add_argument("--kind", choices=("both", "pdf", "docx"), default="both")
    command.add_argument(
        "--path",
        default=None,
        metavar="ID",
        help="the path that the papers are for (left out: the next act of the leading answer)",
    )
    command.add_argument(
        "--more", action="store_true", help="every other paper that fits too, by purpose"
    )
    _today(command)


def _calendar(command: argparse.ArgumentParser) -> None:
    _case(command)
    command.add_argument("-o", "--output", required=True)
    _today(command)
