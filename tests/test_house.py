"""The house holds together as it says: one way through it, no circle, small files and functions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import (
    House,
    circles,
    climbs,
    drawing_elsewhere,
    imports_of,
    long_files,
    long_functions,
    read_house,
)

ROOT = Path(__file__).parents[1]

# The stages of `rules/`, from below to above. A module imports what stands above its own line in this
# table, never what stands beside it or below. A new package needs a line.
STAGES = (
    "version vocabulary messages slips",  # closed lists of words; sentences by key; what is told of a slip
    "plain_files",  # how files are read and written
    "stopping",  # what a signal does
    "schema",  # what a record may hold
    "logic synonyms made_once",  # conditions and their values; what people type; what is kept
    "case result",  # what comes in, what goes out
    "case_dates",  # which dates of a case cannot be true
    "case_reading",  # a case from plain data, its faults told
    "rule_book",  # the records and their indexes
    "rule_book_files coverage_names",  # the book from its files; names of plans
    "facts",  # what is derived from a case
    "checks engine",  # faults of records; criteria, answers and paths
    "report",  # what is told
    "costs",  # what each path of a result costs
    "evaluation",  # a case to its result
    "documents table",  # what is made of a result
    "spark",  # a table on many machines
    "__init__",  # the front door
    "commands",  # each command of the command line
    "__main__",  # the command line
)
# Which files of `wizard/` may know Streamlit: those that draw, and the server.
DRAW = ("*_screen.py", "*_view.py", "*_fields.py", "shell/*", "server/*", "session.py")
# Functions that may be longer than the rest, each with its reason.
LONG: dict[str, str] = {}


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(ROOT)


def test_no_circle(house: House) -> None:
    assert circles(house) == []


def test_the_rules_know_neither_wizard_nor_screens(house: House) -> None:
    assert imports_of(house, "rules", ("wizard", "streamlit", "tests")) == []


def test_only_screens_views_fields_shell_and_session_draw(house: House) -> None:
    assert drawing_elsewhere(house, "wizard", DRAW, "streamlit") == []


def test_no_stage_imports_one_above_it(house: House) -> None:
    assert climbs(house, "rules", STAGES) == []


def test_no_file_is_too_long(house: House) -> None:
    assert long_files(house) == []


def test_no_function_is_too_long_without_a_reason(house: House) -> None:
    assert long_functions(house, LONG) == []


# --- each of these checks can fail ------------------------------------------------------------


def built(root: Path, **files: str) -> House:
    """A made-up house: `rules__engine__paths="import x"` is rules/engine/paths.py."""
    for name, text in files.items():
        place = name.replace("__init__", "init").replace("__", "/").replace("/init", "/__init__")
        path = root / f"{place}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    return read_house(root)


def test_a_sound_house_has_no_fault(tmp_path: Path) -> None:
    sound = built(
        tmp_path,
        rules__a="import json",
        rules__b="from .a import x\nfrom . import a",
        wizard__start_screen="import streamlit as st\nfrom rules import b",
    )
    assert circles(sound) == []
    assert imports_of(sound, "rules", ("wizard", "streamlit")) == []
    assert drawing_elsewhere(sound, "wizard", DRAW, "streamlit") == []
    assert climbs(sound, "rules", ("a", "b")) == []
    assert long_files(sound) == []
    assert long_functions(sound, {}) == []


@pytest.mark.parametrize(
    ("back", "why"),
    [
        ("from rules.b import x", "a name out of a module"),
        ("import rules.b", "a module"),
        ("from .b import x", "a relative name"),
        ("from . import b", "a relative module"),
        ("def f():\n    from .b import x\n    return x", "inside a function"),
        ("class A:\n    def f(self):\n        import rules.b", "inside a method"),
        ("if TYPE_CHECKING:\n    from .b import X", "for types alone"),
    ],
)
def test_a_circle_is_found_however_it_is_hidden(back: str, why: str, tmp_path: Path) -> None:
    house = built(tmp_path, rules__a=back, rules__b="from .a import y")
    assert circles(house) == ["rules.a <-> rules.b"], why


def test_a_circle_over_several_folders_is_one(tmp_path: Path) -> None:
    house = built(
        tmp_path,
        wizard__one__a="from ..two.b import x",
        wizard__two__b="from wizard.three import c",
        wizard__three__c="def f():\n    from ..one import a",
        wizard__four="from .one import a",
    )
    assert circles(house) == ["wizard.one.a <-> wizard.three.c <-> wizard.two.b"]


def test_a_package_that_its_own_module_imports_is_a_circle(tmp_path: Path) -> None:
    house = built(
        tmp_path,
        rules__costs____init__="from .show import x",
        rules__costs__show="import rules.costs",
    )
    assert circles(house) == ["rules.costs <-> rules.costs.show"]


@pytest.mark.parametrize(
    "text",
    [
        "import streamlit as st",
        "from streamlit.testing.v1 import AppTest",
        "from wizard import answers",
        "def f():\n    import wizard.answers",
    ],
)
def test_rules_that_know_the_wizard_or_screens_are_found(text: str, tmp_path: Path) -> None:
    house = built(tmp_path, rules__engine__paths=text, wizard__answers="import streamlit")
    (found,) = imports_of(house, "rules", ("wizard", "streamlit"))
    assert found.startswith(f"rules/engine/paths.py:{text.count(chr(10)) + 1}: imports ")


@pytest.mark.parametrize(
    "name", ["wizard__answers", "wizard__result__paths", "wizard__screens", "wizard__view"]
)
def test_a_file_that_draws_under_a_name_that_may_not_is_found(name: str, tmp_path: Path) -> None:
    house = built(tmp_path, **{name: "def f():\n    import streamlit as st"})
    assert len(drawing_elsewhere(house, "wizard", DRAW, "streamlit")) == 1


@pytest.mark.parametrize(
    "name",
    [
        "wizard__session",
        "wizard__shell__layout",
        "wizard__result__paths_view",
        "wizard__costs__costs_screen",
    ],
)
def test_a_file_that_draws_under_a_name_that_may_is_none(name: str, tmp_path: Path) -> None:
    house = built(tmp_path, **{name: "import streamlit as st"})
    assert drawing_elsewhere(house, "wizard", DRAW, "streamlit") == []


def test_a_stage_that_reaches_up_or_to_its_side_is_found(tmp_path: Path) -> None:
    house = built(
        tmp_path,
        rules__facts__trials="def f():\n    from ..report.build import x",
        rules__report__build="from ..facts import trials",
        rules__costs__show="from rules.documents import fill",
        rules__documents__fill="import json",
    )
    assert climbs(house, "rules", ("facts", "report", "costs documents")) == [
        "rules/costs/show.py:1: costs imports documents",
        "rules/facts/trials.py:2: facts imports report",
    ]


def test_a_package_without_a_place_and_a_place_without_a_package_are_found(tmp_path: Path) -> None:
    house = built(tmp_path, rules__facts="", rules__extra__new="", rules____init__="")
    assert climbs(house, "rules", ("facts gone", "__init__")) == [
        "extra: no stage has a place for it",
        "gone: a stage that is not there",
    ]


def test_a_long_file_is_found(tmp_path: Path) -> None:
    house = built(tmp_path, rules__a="x = 1\n" * 500, rules__b="x = 1\n" * 499)
    assert long_files(house) == ["rules/a.py: 501 lines"]


def test_a_long_function_needs_a_reason_and_a_reason_a_long_function(tmp_path: Path) -> None:
    body = "    x = 1\n"
    house = built(
        tmp_path,
        rules__a="def f():\n" + body * 40,
        rules__b="class B:\n    async def g(self):\n" + ("    " + body) * 40,
        rules__c="def h():\n" + body * 39,
    )
    assert long_functions(house, {}) == [
        "rules/a.py:1: rules.a.f is too long",
        "rules/b.py:2: rules.b.g is too long",
    ]
    reasons = {"rules.a.f": "so", "rules.b.g": "so", "rules.c.h": "so"}
    assert long_functions(house, reasons) == ["rules.c.h: is not too long, so it needs no reason"]
