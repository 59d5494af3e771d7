"""JSON Schema of a case, a result or a kind of record."""

from __future__ import annotations

import argparse
import json
import sys

from ..case import Case
from ..plain_files import write_folder
from ..result import Result
from ..schema.export import schema_text, schemas
from .files import writing


def run(options: argparse.Namespace) -> int:
    if options.all is not None:
        return _all(options)
    if options.what in ("case", "result"):
        model = Case if options.what == "case" else Result
        print(json.dumps(model.model_json_schema(), indent=2, ensure_ascii=False))
    else:
        print(schema_text(options.what), end="")
    return 0


def _all(options: argparse.Namespace) -> int:
    with writing(str(options.all)):
        written = write_folder(options.all, ((n, t.encode()) for n, t in schemas()))
    print(f"{len(written)} files in {options.all}", file=sys.stderr)
    return 0
