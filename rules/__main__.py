"""The command line: `python -m rules evaluate|screen|sample|schema|check|sources`.

Exit codes: 0 done, 1 the input or a record is at fault, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import errno
import io
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from .case import CaseError

MOST_BYTES = 20_000_000  # a case is a few kilobytes; more is a mistake
FIRST_TODAY, LAST_TODAY = 2000, 2200  # years in which a rule of this book may be asked for


class InputFault(Exception):
    """The input cannot be used; the message says what to do."""


def main(arguments: list[str] | None = None) -> int:
    _write_everything()
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        done = int(options.run(options))
        sys.stdout.flush()
        return done
    except CaseError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        return 1
    except InputFault as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read the output has seen enough
        _drop_output()
        return 0
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT, errno.EBADF):
            raise
        _drop_output()
        print(f"the output cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _write_everything() -> None:
    """Output is UTF-8, whatever the machine's locale: a letter it does not know is no crash."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started the program
            setattr(sys, name, io.StringIO())
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _drop_output() -> None:
    """What is still waiting to be written goes nowhere, so that leaving is no second fault."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rules", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    one = commands.add_parser("evaluate", help="one case in, one result out")
    one.add_argument("case", help="a JSON file, or - for standard input")
    one.add_argument("--today", type=_day, default=None)
    one.add_argument("--format", choices=("json", "text"), default="json")
    one.set_defaults(run=_evaluate)

    costs = commands.add_parser("costs", help="what each path may cost, and what that rests on")
    costs.add_argument("case", help="a JSON file, or - for standard input")
    costs.add_argument("--today", type=_day, default=None)
    costs.add_argument("--format", choices=("json", "text"), default="text")
    costs.add_argument(
        "--set", action="append", default=[], metavar="ID=NUMBER", dest="numbers",
        help="your own number for an assumption; may be given several times",
    )  # fmt: skip
    costs.set_defaults(run=_costs)

    table = commands.add_parser("screen", help="a table in, a worklist out")
    table.add_argument("table", help="a CSV or XLSX file")
    table.add_argument("-o", "--output", required=True)
    table.add_argument("--long", default=None, help="one row for each path")
    table.add_argument("--rejects", default=None, help="rows that could not be read, with reasons")
    table.add_argument("--today", type=_day, default=None)
    table.set_defaults(run=_screen)

    sample = commands.add_parser("sample", help="made-up but plausible cases")
    sample.add_argument("--rows", type=int, required=True)
    sample.add_argument("--seed", type=int, default=1)
    sample.add_argument("-o", "--output", required=True)
    sample.set_defaults(run=_sample)

    schema = commands.add_parser("schema", help="JSON Schema of a case or a result")
    schema.add_argument("what", choices=("case", "result"))
    schema.set_defaults(run=_schema)

    check = commands.add_parser("check", help="validates every record")
    check.add_argument("files", nargs="*", help="files to check (left out: every file)")
    check.add_argument("--records", type=Path, default=None, help=argparse.SUPPRESS)
    check.add_argument("--today", type=_day, default=None)
    check.set_defaults(run=_check)

    sources = commands.add_parser("sources", help="every fact's source, date and confidence")
    sources.add_argument("--unchecked", action="store_true", help="only what nobody has checked")
    sources.add_argument("--older-than", type=int, default=None, metavar="DAYS")
    sources.add_argument("--today", type=_day, default=None)
    sources.set_defaults(run=_sources)

    papers = commands.add_parser("papers", help="letters, requests and sheets of a case")
    papers.add_argument("case", help="a JSON file, or - for standard input")
    papers.add_argument("-o", "--output", required=True, metavar="FOLDER")
    papers.add_argument("--names", default=None, help="a JSON file with patient_name, member_id, …")
    papers.add_argument("--kind", choices=("both", "pdf", "docx"), default="both")
    papers.add_argument("--today", type=_day, default=None)
    papers.set_defaults(run=_papers)

    dates = commands.add_parser("calendar", help="last days of a case as a calendar file")
    dates.add_argument("case", help="a JSON file, or - for standard input")
    dates.add_argument("-o", "--output", required=True)
    dates.add_argument("--today", type=_day, default=None)
    dates.set_defaults(run=_calendar)
    return parser


def read_json(name: str) -> Any:
    """The JSON of a file, or of standard input for `-`. Raises InputFault naming line and column."""
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(MOST_BYTES + 1) if sys.stdin is not None else b""
        else:
            path = Path(name)
            if path.stat().st_size > MOST_BYTES:
                raise InputFault(f"{name}: too large for a case ({path.stat().st_size:,} bytes)")
            raw = path.read_bytes()
    except OSError as error:
        raise InputFault(f"{name}: cannot be read: {error.strerror or error}") from None
    if len(raw) > MOST_BYTES:
        raise InputFault(f"{name}: too large for a case")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputFault(f"{name}: not UTF-8 text. Save the file as UTF-8 and try again") from None
    try:
        return json.loads(text, object_pairs_hook=_once_each)
    except json.JSONDecodeError as error:
        raise InputFault(f"{name}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from None
    except _Twice as error:
        raise InputFault(f"{name}: the field {error} stands twice in one object") from None
    except ValueError:  # a number of thousands of digits
        raise InputFault(f"{name}: holds a number that is too large") from None
    except RecursionError:
        raise InputFault(f"{name}: nested too deeply to be a case") from None


class _Twice(ValueError):
    """A field that stands twice in one object: nobody can tell which answer is meant."""


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key[:80])
        found[key] = value
    return found


@contextlib.contextmanager
def _writing(name: str) -> Iterator[None]:
    """Raises InputFault where a file cannot be written."""
    try:
        yield
    except OSError as error:
        raise InputFault(f"{name}: cannot be written: {error.strerror or error}") from None


def _evaluate(options: argparse.Namespace) -> int:
    from .evaluation import evaluate

    result = evaluate(read_json(options.case), options.today)
    if options.format == "json":
        print(json.dumps(result.model_dump(mode="json"), ensure_ascii=False, indent=2))
    else:
        from .report.text_report import read_aloud

        print(read_aloud(result))
    return 0


def _papers(options: argparse.Namespace) -> int:
    from .case_reading import read_case
    from .documents import Names, write_papers
    from .evaluation import evaluate
    from .rule_book_files import load_rules

    today, book = options.today or dt.date.today(), load_rules()
    case = read_case(read_json(options.case), today)
    try:
        names = Names.of(read_json(options.names) if options.names else None)
    except (ValueError, TypeError, AttributeError) as error:
        raise InputFault(f"{options.names}: {error}") from None
    kinds = ("pdf", "docx") if options.kind == "both" else (options.kind,)
    result = evaluate(case, today, book)
    with _writing(options.output):
        written = write_papers(Path(options.output), case, result, book, names, kinds)
    print(f"{len(written)} files in {options.output}", file=sys.stderr)
    return 0


def _calendar(options: argparse.Namespace) -> int:
    from .case_reading import read_case
    from .evaluation import evaluate
    from .messages import phrase
    from .report.calendar_file import calendar_file, days_of

    today = options.today or dt.date.today()
    case = read_case(read_json(options.case), today)
    result = evaluate(case, today)
    if not days_of(case, result):
        raise InputFault(phrase("calendar", "none"))
    with _writing(options.output):
        Path(options.output).write_bytes(calendar_file(case, result))
    return 0


def _costs(options: argparse.Namespace) -> int:
    from .case_reading import read_case
    from .costs import OverrideError, costs_of, costs_text, read_numbers
    from .evaluation import evaluate
    from .rule_book_files import load_rules

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
            print(costs_text(case, result, book, day, numbers))
    except OverrideError as error:
        raise InputFault(str(error)) from None
    return 0


def _screen(options: argparse.Namespace) -> int:
    from .table import TableFault, screen_file

    try:
        report = screen_file(
            Path(options.table), Path(options.output), today=options.today,
            long=Path(options.long) if options.long else None,
            rejects=Path(options.rejects) if options.rejects else None,
            progress=sys.stderr if sys.stderr.isatty() else None,
        )  # fmt: skip
    except TableFault as error:
        raise InputFault(str(error)) from None
    print(report, file=sys.stderr)
    return 0


def _sample(options: argparse.Namespace) -> int:
    from .table.sample import write_sample

    if options.rows < 1:
        raise InputFault("--rows must be at least 1")
    if options.seed < 0:
        raise InputFault("--seed must be at least 0")
    with _writing(options.output):
        write_sample(Path(options.output), options.rows, options.seed)
    return 0


def _schema(options: argparse.Namespace) -> int:
    from .case import Case
    from .result import Result

    model: Any = {"case": Case, "result": Result}[options.what]
    print(json.dumps(model.model_json_schema(), indent=2, ensure_ascii=False))
    return 0


def _check(options: argparse.Namespace) -> int:
    from .checks.run import check_records
    from .schema.files import RECORDS

    root = options.records or RECORDS
    only = tuple(_inside(root, name) for name in options.files)
    faults = check_records(root, options.today, only)
    errors = [f for f in faults if f.level == "error"]
    for fault in faults:
        prefix = "" if fault.level == "error" else "warning: "
        print(f"{prefix}{fault}", file=sys.stderr)
    if errors:
        print(f"{len(errors)} faults, {len(faults) - len(errors)} warnings", file=sys.stderr)
        return 1
    print(_count_line(faults))
    return 0


def _inside(root: Path, name: str) -> str:
    """A record file as the checker names it: relative to the records."""
    path = Path(name)
    for candidate in (path, root / path):
        if candidate.is_file():
            try:
                return candidate.resolve().relative_to(root.resolve()).as_posix()
            except ValueError:
                continue
    raise InputFault(f"{name}: no such record file under {root}")


def _count_line(faults: list[Any]) -> str:
    from .rule_book_files import load_rules
    from .schema.base import Source

    book = load_rules()
    files = sum(len(r) for r in book.records.values())
    cited = Counter(c.confidence for _, _, c in book.all_facts() if not isinstance(c, Source))
    total = ", ".join(f"{n} {word}" for word, n in sorted(cited.items()))
    return (
        f"{files} record files, {sum(cited.values())} cited facts ({total}), "
        f"{len(book.sources)} sources: no faults, {len(faults)} warnings"
    )


def _sources(options: argparse.Namespace) -> int:
    from .engine.policies import days_old
    from .rule_book_files import load_rules

    book = load_rules()
    today = options.today or dt.date.today()
    _row(sys.stdout, "file", "place", "confidence", "seen", "as_of", "source", "title", "url")
    for file, place, cited in book.all_facts():
        unchecked = cited.confidence == "recalled" or not cited.seen
        if options.unchecked and not unchecked:
            continue
        age = days_old(cited, today)
        if options.older_than is not None and age is not None and age <= options.older_than:
            continue
        source = book.sources.get(cited.source)
        _row(
            sys.stdout, file, place, cited.confidence, "yes" if cited.seen else "no",
            cited.as_of or "undated", cited.source, source.title if source else "",
            (source.url or "not seen") if source else "",
        )  # fmt: skip
    return 0


def _row(out: TextIO, *cells: str) -> None:
    out.write("\t".join(c.replace("\t", " ").replace("\n", " ") for c in cells) + "\n")


if __name__ == "__main__":
    sys.exit(main())
