"""The command line, run inside the test's own process, or as a process of its own."""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple
from unittest.mock import patch

from rules.__main__ import main


class Done(NamedTuple):
    """What a command gave: its exit code and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str, stdin: str | None = None) -> Done:
    """The command with these arguments, without a process: what it does not catch is a crash here."""
    given = io.TextIOWrapper(io.BytesIO((stdin or "").encode("utf-8")), encoding="utf-8")
    out, errors = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(errors), patch.object(sys, "stdin", given):
        try:
            code = main(list(arguments))
        except SystemExit as left:
            code = int(left.code or 0)
    return Done(code, _written(out), _written(errors))


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.detach().getvalue().decode("utf-8")  # type: ignore[attr-defined,no-any-return]


def run_apart(*arguments: str, stdin: str | None = None) -> Done:
    """The same as a process of its own, as a person starts it."""
    done = subprocess.run(
        [sys.executable, "-m", "rules", *arguments],
        input=stdin, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)
