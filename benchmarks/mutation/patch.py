"""Puts a mutant into the running process: whoever holds the old function or constant holds the new one."""

from __future__ import annotations

import ast
import gc
import inspect
import sys
import types
from functools import _lru_cache_wrapper
from pathlib import Path

# What is read from files that no fault in code changes.
READ_ONCE = frozenset({"load_rules", "read_examples", "_people"})


class CannotBePut(Exception):
    """The change does not compile, or reaches nothing that a process can be given afterwards."""


class Process:
    """What of the running process may be changed: found once, as to find it takes a while."""

    def __init__(self, root: Path) -> None:
        gc.collect()
        self.functions: dict[str, list[types.FunctionType]] = {}
        self.caches = []
        for one in gc.get_objects():
            if isinstance(one, types.FunctionType) and one.__code__.co_filename.startswith(
                str(root)
            ):
                self.functions.setdefault(one.__code__.co_filename, []).append(one)
            elif isinstance(one, _lru_cache_wrapper):
                package = (getattr(one, "__module__", None) or "").split(".")[0]
                if package in ("rules", "tests") and one.__name__ not in READ_ONCE:
                    self.caches.append(one)
        gc.freeze()  # what a child does not look at, it does not copy

    def forget(self) -> None:
        """Empty all that functions remember of what was worked out before."""
        for kept in self.caches:
            kept.cache_clear()

    def put(self, file: Path, original: str, mutated: str) -> None:
        """Change the code of all functions that differ, and the constants of the module that do."""
        try:
            old, new = (compile(text, str(file), "exec") for text in (original, mutated))
        except SyntaxError as fault:
            raise CannotBePut(str(fault)) from fault
        changed = _functions(old, new)
        constants = _constants(file, original, mutated)
        if not changed and not constants:
            raise CannotBePut("nothing that runs is changed")
        given = 0
        for one in self.functions.get(str(file), ()):
            code = changed.get((one.__code__.co_qualname, one.__code__.co_firstlineno))
            if code is not None:
                try:
                    one.__code__ = code
                except ValueError as fault:
                    raise CannotBePut(str(fault)) from fault
                given += 1
        if changed and not given:
            raise CannotBePut("no function of the process has this code")
        self.forget()


def _functions(
    old: types.CodeType, new: types.CodeType, inside: bool = False
) -> dict[tuple[str, int], types.CodeType]:
    """New code by the name and line of the old one; of functions in functions too, as they may be made already."""
    found: dict[tuple[str, int], types.CodeType] = {}
    inner = [[c for c in code.co_consts if isinstance(c, types.CodeType)] for code in (old, new)]
    if len(inner[0]) != len(inner[1]):
        if inside:
            return found
        raise CannotBePut("functions come or go")
    for was, now in zip(*inner, strict=True):
        is_function = bool(
            was.co_flags & inspect.CO_NEWLOCALS and was.co_flags & inspect.CO_OPTIMIZED
        )
        if is_function and was != now:
            found[was.co_qualname, was.co_firstlineno] = now
        found |= _functions(was, now, inside or is_function)
    return found


def _constants(file: Path, original: str, mutated: str) -> int:
    """Give every module that holds a constant of this one the changed one; the count of those changed."""
    module = next(
        (m for m in list(sys.modules.values()) if getattr(m, "__file__", "") == str(file)), None
    )
    if module is None:
        raise CannotBePut("the module is not imported")
    count = 0
    for was, now in zip(ast.parse(original).body, ast.parse(mutated).body, strict=True):
        if not isinstance(now, ast.Assign) or ast.dump(was) == ast.dump(now):
            continue
        room = dict(vars(module))
        exec(compile(ast.Module([now], []), str(file), "exec"), room)
        for target in now.targets:
            if isinstance(target, ast.Name):
                _give_constant(target.id, vars(module)[target.id], room[target.id])
                count += 1
    return count


def _give_constant(name: str, old: object, new: object) -> None:
    for module in list(sys.modules.values()):
        if vars(module).get(name) is old:
            setattr(module, name, new)
