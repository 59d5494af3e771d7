"""Puts a mutant into the running process: whoever holds the old function or constant holds the new one."""

from __future__ import annotations

import ast
import gc
import sys
import types
from functools import _lru_cache_wrapper
from pathlib import Path


class CannotBePut(Exception):
    """The change does not compile, or reaches nothing that a process can be given afterwards."""


def put(file: Path, original: str, mutated: str) -> None:
    """Change the code of all functions that differ, and the constants of the module that do."""
    try:
        old, new = (compile(text, str(file), "exec") for text in (original, mutated))
    except SyntaxError as fault:
        raise CannotBePut(str(fault)) from fault
    changed = _functions(old, new)
    constants = _constants(file, original, mutated)
    if not changed and not constants:
        raise CannotBePut("nothing that runs is changed")
    _give_functions(file, changed)
    forget(("rules", "tests"))


def forget(packages: tuple[str, ...]) -> None:
    """Empty all that functions remember, but for the rule book as it was read."""
    for kept in gc.get_objects():
        if isinstance(kept, _lru_cache_wrapper):
            module = getattr(kept, "__module__", None) or ""
            if module.split(".")[0] in packages and kept.__name__ != "load_rules":
                kept.cache_clear()


def _functions(old: types.CodeType, new: types.CodeType) -> dict[tuple[str, int], types.CodeType]:
    """New code by the name and line of the old one, for functions that are no part of another."""
    found: dict[tuple[str, int], types.CodeType] = {}
    inner = [[c for c in code.co_consts if isinstance(c, types.CodeType)] for code in (old, new)]
    if len(inner[0]) != len(inner[1]):
        raise CannotBePut("functions come or go")
    for was, now in zip(*inner, strict=True):
        if was.co_flags & 0x2:  # a function, not the body of a class
            if was != now:
                found[was.co_qualname, was.co_firstlineno] = now
        else:
            found |= _functions(was, now)
    return found


def _give_functions(file: Path, changed: dict[tuple[str, int], types.CodeType]) -> None:
    given = 0
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType) and one.__code__.co_filename == str(file):
            new = changed.get((one.__code__.co_qualname, one.__code__.co_firstlineno))
            if new is not None:
                try:
                    one.__code__ = new
                except ValueError as fault:
                    raise CannotBePut(str(fault)) from fault
                given += 1
    if changed and not given:
        raise CannotBePut("no function of the process has this code")


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
