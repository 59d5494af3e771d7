"""What a changed record changes in a case, before and after."""

from __future__ import annotations

import argparse
import datetime as dt
import subprocess
from pathlib import Path

from ..case_reading import read_case
from ..checks.run import check_found
from ..evaluation import evaluate
from ..messages import phrase
from ..plain_files import passing_folder
from ..report.differences import differences_text
from ..rule_book import Book
from ..rule_book_files import load_rules, read_some
from ..schema.base import Record
from ..schema.files import RECORDS, read_record
from ..schema.record_types import RECORD_TYPES, record_type_of
from ..schema.shared import FOLDER, Shared
from ..schema.yaml_reader import Fault, RecordFile, read_record_file
from .files import InputFault, read_json

COMMITTED = "HEAD"


def run(options: argparse.Namespace) -> int:
    today = options.today or dt.date.today()
    case = read_case(read_json(options.case), today)
    path = _changed_file(options.record)
    home = _home(path)
    after = _record(path, home, str(options.record), today)
    if options.against is not None:
        before = _record(options.against, home, str(options.against), today)
    else:
        before = _committed(home, str(options.record), today)
    book = load_rules()
    results = [evaluate(case, today, _with(book, home, record)) for record in (before, after)]
    print(phrase("try", "heading", record=home, today=today.isoformat()))
    print()
    print(differences_text(*results))
    return 0


def _changed_file(name: str) -> Path:
    """A file as it was named: from here, or from the records."""
    for path in (Path(name), RECORDS / name):
        if path.is_file():
            return path
    raise InputFault(f"{name}: no such record file, here or under {RECORDS}")


def _home(path: Path) -> str:
    """Which record of the book a file is a version of: by its place, by its id, or by its name."""
    try:
        return path.resolve().relative_to(RECORDS.resolve()).as_posix()
    except ValueError:
        pass
    sheet = read_record_file(path, str(path))
    if isinstance(sheet, Fault):
        raise InputFault(str(sheet))
    data = sheet.data if isinstance(sheet.data, dict) else {}
    stem = str(data.get("id") or data.get("code") or path.stem).lower()
    found = [
        file.relative_to(RECORDS).as_posix()
        for room in RECORD_TYPES
        for file in sorted(RECORDS.glob(room.pattern))
        if file.stem == stem
    ]
    inside = [file for file in found if file.partition("/")[0] == path.resolve().parent.name]
    found = inside or found
    if not found:
        raise InputFault(phrase("try", "no_such_record", record=str(path)))
    if len(found) > 1:
        raise InputFault(phrase("try", "several", record=str(path), files=", ".join(found)))
    return found[0]


def _record(path: Path, home: str, shown: str, today: dt.date) -> Record:
    """A version of the record `home`, held against all others. Raises InputFault naming each fault."""
    room = record_type_of(home)
    if home.startswith(f"{FOLDER}/"):  # what it says stands in other records by now
        raise InputFault(phrase("try", "shared", record=shown))
    if room is None:
        raise InputFault(phrase("try", "no_such_record", record=shown))
    items = [
        (item[0]._replace(file=home), item[1]) if not isinstance(item, Fault) else item
        for item in read_record(room, path, home, Shared(RECORDS))
    ]
    sound: list[tuple[RecordFile, Record] | Fault] = [i for i in items if not isinstance(i, Fault)]
    others = [sheet for sheet in read_some(RECORDS, (home,))[1] if sheet.file != home]
    faults = check_found(sound or items, today, (home,), others)
    told = [f._replace(file=shown) for f in faults if f.level == "error"]
    if told or not sound:
        raise InputFault("\n".join(str(f) for f in told))
    return next(item[1] for item in sound if not isinstance(item, Fault))


def _committed(home: str, shown: str, today: dt.date) -> Record:
    """The record as it was last committed. Raises InputFault where there is no such version."""
    try:
        done = subprocess.run(
            ["git", "-C", str(RECORDS), "show", f"{COMMITTED}:./{home}"],
            capture_output=True, check=False,
        )  # fmt: skip
    except OSError:  # there is no git
        raise InputFault(phrase("try", "not_committed", record=shown)) from None
    if done.returncode != 0:
        raise InputFault(phrase("try", "not_committed", record=shown))
    with passing_folder() as folder:
        path = folder / Path(home).name
        path.write_bytes(done.stdout)
        return _record(path, home, f"{COMMITTED}:{home}", today)


def _with(book: Book, home: str, record: Record) -> Book:
    """The rule book with another version of one record."""
    records = {
        room: [(file, record if file == home else kept) for file, kept in found]
        for room, found in book.records.items()
    }
    return Book(records, home)
