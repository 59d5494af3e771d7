"""The command line: `python -m rules evaluate|screen|sample|schema|check|try|sources|…`.

Exit codes: 0 done, 1 the input or a record is at fault, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import io
import os
import sys
from importlib import import_module

from . import stopping

if __name__ == "__main__":
    stopping.hear()  # before all that takes time to load

from .case import CaseError
from .commands.files import InputFault
from .commands.parser import build_parser
from .rule_book import RuleBookError

MOST_FAULTS = 40  # of a case that are told


def main(arguments: list[str] | None = None) -> int:
    _write_everything()
    options = _parser().parse_args(arguments)
    try:
        done = int(import_module(f".commands.{options.module}", __package__).run(options))
        sys.stdout.flush()
        return done
    except CaseError as error:
        for fault in error.faults[:MOST_FAULTS]:
            print(fault, file=sys.stderr)
        if len(error.faults) > MOST_FAULTS:
            print(f"… and {len(error.faults) - MOST_FAULTS:,} other faults", file=sys.stderr)
        return 1
    except RuleBookError as error:
        for broken in error.faults:
            print(broken, file=sys.stderr)
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
    except MemoryError:
        print("there is not enough memory for this input", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    return build_parser(__doc__ or "")


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


if __name__ == "__main__":
    sys.exit(main())
