"""Files as they are read and written.

An input is a plain file: a device or a pipe may have no end. An output takes its name only when it
is whole; a fault, a full disk or a signal leaves an older file as it was, and nothing else.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Literal

NOT_PLAIN = {
    stat.S_IFDIR: "it is a folder",
    stat.S_IFCHR: "it is a device, not a file",
    stat.S_IFBLK: "it is a device, not a file",
    stat.S_IFIFO: "it is a pipe, not a file",
    stat.S_IFSOCK: "it is a socket, not a file",
}
# Names of what is open already: the program's own streams, and what a shell hands over as `<(…)`.
STREAMS = ("/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/self/fd/")
_unfinished: set[str] = set()  # what has not taken its name


def open_plain(path: Path | str) -> IO[bytes]:
    """A file, to be read. Raises OSError where it is none; no pipe is waited for."""
    _check_plain(os.stat(path))
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        _check_plain(os.fstat(handle))
        return open(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def is_stream(path: Path | str) -> bool:
    return str(path).startswith(STREAMS)


def _check_plain(found: os.stat_result) -> None:
    kind = stat.S_IFMT(found.st_mode)
    if kind in NOT_PLAIN:
        raise OSError(errno.EINVAL, NOT_PLAIN[kind])


class NewFile:
    """A file that is being written, beside the place that it is to take."""

    def __init__(self, path: Path) -> None:
        self._part: str | None = None
        self._place = os.path.realpath(path)
        found = None if is_stream(path) else _stat(self._place)
        if is_stream(path) or (found is not None and stat.S_ISCHR(found.st_mode)):
            self.file = _opened(str(path), "wb")  # nothing stands in for a device
            return
        if found is not None:
            _check_plain(found)
            if not os.access(self._place, os.W_OK):
                raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        part = os.path.join(os.path.dirname(self._place), f".{os.urandom(8).hex()}.part")
        _unfinished.add(part)
        self._part = part
        try:
            self.file = _opened(part, "xb")
            if found is not None:  # who may read the old one may read the new one, and nobody else
                os.chmod(part, stat.S_IMODE(found.st_mode))
        except BaseException:
            self.drop()
            raise

    def finish(self) -> None:
        """Write what still waits: all that can fail for want of room."""
        self.file.close()

    def take_name(self) -> None:
        if self._part is not None:
            os.replace(self._part, self._place)
            _unfinished.discard(self._part)
            self._part = None

    def drop(self) -> None:
        """Leave nothing of it."""
        with contextlib.suppress(OSError, AttributeError):
            self.file.close()
        if self._part is not None:
            with contextlib.suppress(OSError):
                os.unlink(self._part)
            _unfinished.discard(self._part)
            self._part = None


def _opened(place: str, how: Literal["wb", "xb"]) -> IO[bytes]:
    return open(place, how)


def _stat(place: str) -> os.stat_result | None:
    try:
        return os.stat(place)
    except FileNotFoundError:
        return None


class NewFiles:
    """Files that all take their names at the end, or none does."""

    def __init__(self) -> None:
        self._all: list[NewFile] = []

    def open(self, path: Path) -> NewFile:
        self._all.append(NewFile(path))
        return self._all[-1]

    def __enter__(self) -> NewFiles:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                for new in self._all:
                    new.finish()
                for new in self._all:
                    new.take_name()
        finally:
            for new in self._all:
                new.drop()


def write_whole(path: Path, content: bytes) -> None:
    """Write one file, or leave what stands there."""
    with NewFiles() as new:
        new.open(path).file.write(content)


def write_folder(folder: Path, files: Iterable[tuple[str, bytes]]) -> list[Path]:
    """Write files into a folder by their names, all or none; the folder is made. Their places."""
    made: list[Path] = []
    written: list[Path] = []
    try:
        with NewFiles() as new:
            for name, content in files:
                path = folder / name
                _make_folder(path.parent, made)
                new.open(path).file.write(content)
                written.append(path)
    except BaseException:
        for empty in reversed(made):
            with contextlib.suppress(OSError):
                empty.rmdir()
        raise
    return written


def _make_folder(folder: Path, made: list[Path]) -> None:
    """A folder and those around it, each told in `made`."""
    if not folder.exists():
        _make_folder(folder.parent, made)
        folder.mkdir()
        made.append(folder)


@contextlib.contextmanager
def passing_folder() -> Iterator[Path]:
    """A folder for what is looked at once."""
    folder = tempfile.mkdtemp()
    _unfinished.add(folder)
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _unfinished.discard(folder)


def drop_unfinished() -> None:
    """Take away all that has not taken its name: the program is about to end."""
    for part in list(_unfinished):
        if os.path.isdir(part):
            shutil.rmtree(part, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                os.unlink(part)
