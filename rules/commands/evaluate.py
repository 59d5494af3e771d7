"""One case in, one result out."""

from __future__ import annotations

import argparse
import json

from ..evaluation import evaluate
from ..report.text_report import render_text
from .files import read_json


def run(options: argparse.Namespace) -> int:
    result = evaluate(read_json(options.case), options.today)
    if options.format == "json":
        print(json.dumps(result.model_dump(mode="json"), ensure_ascii=False, indent=2))
    else:
        print(render_text(result, options.full))
    return 0
