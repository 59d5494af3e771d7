"""The wizard's words: all there, plain, without promises, and none of them in Python."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from rules.messages import read_words
from tests.reading_grade import grade
from wizard.messages import HERE, ROLES, count, entry, every_text, has, say, texts

ROOT = Path(__file__).parents[1]
WIZARD = ROOT / "wizard"
SCREENS = sorted(WIZARD.rglob("*.py"))
GUIDES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
MOST_GRADE = 8.0
# Words that promise. A person must never read them here.
PROMISES = (
    "guaranteed", "guarantee that", "you are eligible", "you’re eligible", "will be covered",
    "will be approved", "you qualify", "you are entitled", "ineligible", "not eligible",
)  # fmt: skip
ALL = list(every_text())


def without_marks(text: str) -> str:
    """Text as it is heard: without markdown, icons, links and gaps."""
    text = re.sub(r":[a-z]+(-badge)?\[|:material/\w+:", " ", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\{[a-z_]+\}", "this", text)
    text = re.sub(r"^\s*- ", "", text, flags=re.M)
    # A line that ends without a full stop is a sentence of its own.
    text = re.sub(r"(?<![.?!:])\n", ".\n", text.strip())
    return re.sub(r"[*_`\]“”]", "", text)


# --- reading them ---


def test_a_text_is_found_by_its_key_and_filled() -> None:
    assert say("common.yes") == "Yes"
    assert "3" in say("trials.too_short", weeks=3)


def test_a_role_reads_its_own_text_or_the_patients() -> None:
    assert say("start.title", "intake") != say("start.title", "patient")
    assert say("result.title", "intake") == say("result.title", "patient")


def test_numbers_have_their_forms() -> None:
    assert "1 more screen " in count("question.left", 1)
    assert "4 more screens" in count("question.left", 4)
    assert count("question.left", 0) == say("question.left.none")
    assert "0 named" in count("check.covers_told", 0)


@pytest.mark.parametrize("key", ["nothing.here", "start", "start.is", "start.title.extra"])
def test_a_key_without_one_text_is_an_error(key: str) -> None:
    with pytest.raises(KeyError):
        say(key)


def test_every_word_is_text_and_not_a_yes_that_yaml_took_for_true() -> None:
    for key, text in ALL:
        assert text not in ("True", "False"), key
        assert text.strip(), key


def test_every_file_of_words_is_one_mapping() -> None:
    for path in (HERE / "en").glob("*.yaml"):
        assert isinstance(entry(path.stem), dict), path


# --- all there ---


def literal_keys(path: Path) -> list[tuple[str, str]]:
    """(function, key) of each call of said, say, counted, count, texts or entry with a plain key."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            value = node.args[0].value
            if name in ("said", "say", "counted", "count", "texts", "entry") and isinstance(
                value, str
            ):
                if re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", value):
                    found.append((name, value))
    return found


@pytest.mark.parametrize("path", SCREENS, ids=lambda p: p.relative_to(WIZARD).as_posix())
def test_every_key_in_the_code_has_its_words(path: Path) -> None:
    for name, key in literal_keys(path):
        assert has(key), key
        if name in ("counted", "count"):
            assert has(f"{key}.one") or has(f"{key}.many"), key
            assert has(f"{key}.many"), key
        elif name == "texts":
            assert texts(key), key


def test_every_problem_with_an_answer_has_its_words() -> None:
    for path in SCREENS:
        for key in re.findall(
            r'[pP]roblem(?:=|\()\s*"([a-z_.]+)"', path.read_text(encoding="utf-8")
        ):
            assert has(key), (path, key)
        for key in re.findall(r'Notice\("([a-z_.]+)"', path.read_text(encoding="utf-8")):
            assert has(key), (path, key)


def test_every_question_has_a_short_name() -> None:
    from rules import load_rules

    known = set(entry("short"))
    questions = {q.id for q in load_rules().questions}
    assert questions <= known, questions - known
    assert known <= questions, known - questions


def test_help_is_for_questions_that_there_are() -> None:
    from rules import load_rules

    assert set(entry("help")) <= {q.id for q in load_rules().questions}


def test_every_word_for_why_a_trial_counts_is_there() -> None:
    source = (ROOT / "rules" / "facts" / "trials.py").read_text(encoding="utf-8")
    whys = set(
        re.findall(
            r'TrialJudgement\((?:None|True|False|[^,()]+(?:\([^)]*\))?),\s*"([a-z_]+)"', source
        )
    )
    assert "too_short" in whys
    for why in whys:
        assert has(f"trials.{why}"), why


def test_every_family_of_treatments_has_a_name() -> None:
    from rules import load_rules

    for record in load_rules().treatments.values():
        assert has(f"treatments.families.{record.counts_as}"), record.id


def test_every_screen_has_a_title() -> None:
    from wizard.shell.pages import PAGES

    for page in PAGES.values():
        assert has(page.title), page.name
    assert all(has(f"start.role.{r}") for r in ROLES)


# --- plain and without promises ---


def test_no_text_promises() -> None:
    found = [(key, promise) for key, text in ALL for promise in PROMISES if promise in text.lower()]
    assert not found, found


@pytest.mark.parametrize("path", sorted((HERE / "en").glob("*.yaml")), ids=lambda p: p.stem)
def test_each_file_reads_at_grade_8_or_lower(path: Path) -> None:
    sentences = [without_marks(t).strip() for k, t in ALL if k.split(".")[0] == path.stem]
    long_ones = [s if s[-1:] in ".?!:" else f"{s}." for s in sentences if len(s.split()) >= 5]
    if len(long_ones) >= 3:
        assert grade(" ".join(long_ones)) <= MOST_GRADE


PATIENT_LONG = [
    (k, t)
    for k, t in ALL
    if len(without_marks(t).split()) >= 12 and not k.endswith((".intake", ".counselor"))
]


def test_no_long_text_is_hard_to_read() -> None:
    # One text is a small sample, so a name such as "lifeline" may lift it a little above the whole.
    grades = {key: (grade(without_marks(text)), without_marks(text)) for key, text in PATIENT_LONG}
    hard = {key: told for key, told in grades.items() if told[0] > MOST_GRADE + 2}
    assert not hard, hard


def test_the_patients_words_as_a_whole_read_at_grade_8_or_lower() -> None:
    whole = " ".join(without_marks(t) for _, t in PATIENT_LONG)
    assert grade(whole) <= MOST_GRADE


# --- American ---

# A British "cover" as far as its neighbors tell it from the verb ("a plan covers it", "the right to
# cover"), and other words that Americans do not write.
NOUN_BEFORE = (
    "health", "drug", "private", "public", "government", "commercial", "retiree", "auto", "medical",
    "marketplace", "individual", "family", "real", "your", "my", "their", "his", "whose", "a",
    "this", "each", "every", "any", "no", "one", "other", "another", "second", "of", "for", "with",
    "without", "about", "lose", "losing", "lost", "had", "has", "keep", "what",
)  # fmt: skip
NOUN_AFTER = (
    "from ",
    "starts",
    "started",
    "began",
    "ends",
    "ended",
    "rests",
    "comes",
    r"\{number\}",
)
UNAMERICAN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:{'|'.join(NOUN_BEFORE)}) cover\b(?! (?:sheet|letter|page|list)s?\b)",
        rf"\bcover (?:{'|'.join(NOUN_AFTER)})",
        r"\bthe cover\b(?! (?:sheet|letter|page|list)s?\b)",
        r"\b(?:your|two|three|many|more|other|of|all|the|these|those) covers\b",
        r"\bhealth covers\b(?! \w)",  # but Select Health covers it
        r"\binsurances\b", r"\b(?:un)?tick(?:s|ed|ing)?\b", r"\bprogrammes?\b",
        r"\bleave (?:quickly|this (?:page|site))\b",
        r"\bbehaviour", r"\bcounsell", r"\benrolments?\b", r"\blabelled\b", r"\brecognis", r"\bfavour",
        r"\bcolour", r"\bcentres?\b", r"\bcheques?\b", r"\bjudgement", r"\blicence", r"\bauthoris",
        r"\bafterwards\b", r"\bcatalogue",
    )
)  # fmt: skip
# What people type is understood in every wording, and a name stays what it is.
TYPED = ("cells", "headers", "passed_over", "names", "also_called")


def texts_in(place: str, found: object) -> Iterator[tuple[str, str]]:
    """(place, text) of every text in a file, what people type and links left out."""
    if isinstance(found, dict):
        for key, part in found.items():
            if key not in TYPED and not str(key).endswith("synonyms"):
                yield from texts_in(f"{place} {key}", part)
    elif isinstance(found, list):
        for number, part in enumerate(found):
            yield from texts_in(f"{place}[{number}]", part)
    elif isinstance(found, str) and "://" not in found:
        yield place, found


def unamerican(text: str) -> list[str]:
    """The parts of a text that no American would write."""
    return [part[0] for pattern in UNAMERICAN for part in [pattern.search(text)] if part]


# A source keeps its own title.
READ_BY_PEOPLE = [
    path
    for folder in (HERE / "en", ROOT / "rules" / "words" / "en", ROOT / "rules" / "records")
    for path in sorted(folder.rglob("*.yaml"))
    if path.parent.name != "sources"
]


def test_people_read_american_words() -> None:
    found = [
        (place, words, text)
        for path in READ_BY_PEOPLE
        for place, text in texts_in(path.relative_to(ROOT).as_posix(), read_words(path))
        if (words := unamerican(text))
    ]
    assert not found, found


def helps_in(found: object) -> Iterator[str]:
    """What an editor explains of each field of a schema."""
    if isinstance(found, dict):
        if isinstance(text := found.get("description"), str):
            yield text
        found = list(found.values())
    if isinstance(found, list):
        for part in found:
            yield from helps_in(part)


def test_editors_read_american_words() -> None:
    found = [
        (path.name, words, text)
        for path in sorted((ROOT / "schemas").glob("*.json"))
        for text in helps_in(json.loads(path.read_text(encoding="utf-8")))
        if (words := unamerican(text))
    ]
    assert not found, found


@pytest.mark.parametrize("path", GUIDES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_guides_are_american(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [(n, words) for n, text in enumerate(lines, 1) if (words := unamerican(text))]
    assert not found, found


@pytest.mark.parametrize(
    "text",
    [
        "Which kinds of health cover do you have?", "Your cover (Aetna) said no.", "Enter it as a second cover.",
        "Add this cover", "Cover {number}: {name}", "Cover starts on the day of the event.", "Health covers",
        "or they are two covers", "First take out the covers", "Tick all of them.", "You ticked both.",
        "The safety programme", "Special enrolment", "A labelled use", "Leave quickly", "two insurances",
    ],
)  # fmt: skip
def test_a_british_word_is_found(text: str) -> None:
    assert unamerican(text)


@pytest.mark.parametrize(
    "text",
    [
        "A plan covers it.", "Select Health covers Spravato.", "The plan that covers the patient pays first.",
        "A duty to cover", "It may not cover the stay.",
        "Cover this clinic at the in-network share.", "Policies that cover Spravato", "With a cover sheet",
        "Kind of insurance", "Check all that apply.", "Medicaid can cover it.", "{treatment} paid by {cover}",
    ],
)  # fmt: skip
def test_the_verb_is_american(text: str) -> None:
    assert not unamerican(text)


# --- none of them in Python ---


DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def sentences_in(path: Path) -> list[str]:
    """Texts in code that read like a sentence: docstrings and errors for programmers are none."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skip: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node):
            skip.add(id(node.body[0].value))  # type: ignore[attr-defined]
        if isinstance(node, ast.Raise):
            skip.update(id(part) for part in ast.walk(node))
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in skip
        and not node.value.lstrip().startswith(("<", "http"))
        and len(re.findall(r"[A-Za-z]{2,}", node.value)) >= 4
        and " " in node.value.strip()
        and not re.fullmatch(r"[a-z0-9_ ]+", node.value)
    ]


@pytest.mark.parametrize("path", SCREENS, ids=lambda p: p.relative_to(WIZARD).as_posix())
def test_no_sentence_lives_in_python(path: Path) -> None:
    assert sentences_in(path) == []


@pytest.mark.parametrize("folder", ["rules", "wizard"])
def test_every_key_of_words_is_a_word(folder: str) -> None:
    """`yes` without quotes is a truth value in YAML, and no look-up finds it."""

    def keys(group: object) -> list[object]:
        inner = group.items() if isinstance(group, dict) else ()
        return [k for name, below in inner for k in (name, *keys(below))]

    files = list((ROOT / folder / "words").rglob("*.yaml"))
    assert files
    found = [(p.name, k) for p in files for k in keys(yaml.safe_load(p.read_text("utf-8")))]
    assert [(name, key) for name, key in found if not isinstance(key, str)] == []
