"""Hostile text in all that can be told, on every screen: it is drawn as it was typed, and does nothing."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from icalendar import Calendar
from playwright.sync_api import Locator
from streamlit.testing.v1 import AppTest

from rules import Case, evaluate, load_rules, read_case
from rules.documents import Names, make_paper, papers_for, write_papers
from rules.report.calendar_file import calendar_file
from tests.journeys.browsing import Visit
from tests.journeys.walker import TODAY, Walker
from wizard.answers_file import FORMAT, VERSION, from_file
from wizard.documents.names_fields import PARTS
from wizard.interview.sequence import plan
from wizard.shell import pages

# Each does something else where it is taken for markup. No two share a beginning.
EVIL = {
    "image": "![i](http://evil.test/a.png) i",
    "link": "[l](http://evil.test/l) l",
    "address": "http://evil.test/u or www.evil.test",
    "mail": "m@evil.test",
    "tag": "<img src=//evil.test/t.png onerror=window.evil=1>",
    "script": "<script>window.evil=2</script>s",
    "formula": "$f^2$ f $g$",
    "format": "**b** `c` _d_ ~~e~~",
    "icon": ":red[r] :material/home: :smile: h",
    "typist": "2 -- 3 -> 4 &copy; a\\b {x}",
}
# The same in a case of its own.
MORE_EVIL = {
    "code": "[j](javascript:window.evil=3) j",
    "heading": "# h1 > q - list",
    "table": "| a | b |",
    "turned": "\u202eright to left\u2069 \u200bz\u200d \u202dleft",
    "long": "Pneumono" * 20,
    "lines": "one\n\n# two\n- three\n![k](//evil.test/k)",
}
# Nothing that begins so may stand in what the page takes for markup.
BEGINS = (
    "![i]", "[l](", "[j](", "http://evil", "www.evil", "m@evil", "<img src=//", "<script>window", "javascript:",
    "$f^2$", "$g$", "**b**", "`c`", "_d_", "~~e~~", ":red[r]", ":material/home", ":smile:", "\n# h1", "- # h1", "\n# two", "| a |",
)  # fmt: skip
KINDS = ("employer", "individual", "student", "medicare", "fehb")
TOLD: dict[str, Any] = {
    "age": 42, "state": "TX", "request": "esketamine",
    "diagnosis": "treatment_resistant_depression", "stage": "denied",
    "annual_income": 38000, "household_size": 2,
    "coverages": [
        {"kind": kind, "payer": text, "network": "ppo"}
        for kind, text in zip(KINDS * 2, EVIL.values(), strict=False)
    ],
    "denial": {
        "notice_date": "2026-11-01", "reason": "experimental", "level": "initial", "coverage": 0,
        "treatment": "esketamine",
    },
    "treatments": [{"treatment": "sertraline", "outcome": "no_response", "weeks": 10}],
}  # fmt: skip
TOLD_MORE = {
    **TOLD,
    "coverages": [
        {"kind": kind, "payer": text} for kind, text in zip(KINDS * 2, MORE_EVIL.values(), strict=False)
    ],
}  # fmt: skip


def desk() -> dict[str, Any]:
    """Four variants; names, notes and an edit are hostile."""
    texts = list(EVIL.values())
    note = "\n\n".join(texts)
    return {
        "note": note,
        "variants": [
            {
                "id": i + 1, "name": texts[i * 2][:60], "note": f"{note}\n\n# {i}",
                "edits": [
                    {"kind": "answer", "place": "coverages[0].payer", "value": texts[i * 2 + 1]},
                    {"kind": "plan", "place": "1", "value": {"kind": "employer", "payer": texts[i]}},
                ] if i else [],
            }
            for i in range(4)
        ],
    }  # fmt: skip


def saved(case: dict[str, Any], role: str = "counselor", **more: Any) -> str:
    texts = list(EVIL.values())
    return json.dumps(
        {
            "format": FORMAT, "version": VERSION, "case": case, "role": role, "unknown": texts,
            "ticked": texts, "own_numbers": dict.fromkeys(texts, 1), "desk": desk(), **more,
        }
    )  # fmt: skip


def with_answers(one: Visit, text: str) -> Visit:
    one.page.goto(f"{one.address}/_stcore/health")
    one.page.evaluate("t => sessionStorage.setItem('ketapath', t)", text)
    return one


# --- what a page may not hold ----------------------------------------------------------------------------

FOUND = """() => ({
  links: [...document.querySelectorAll('a')].map(a => a.getAttribute('href') || ''),
  images: [...document.querySelectorAll('img, source, video, audio, iframe, embed, object, link')]
    .map(e => e.src || e.srcset || e.data || e.href || ''),
  formulas: document.querySelectorAll('.katex').length,
  styles: document.querySelector('[data-testid=stMain]').innerHTML.includes('url('),
  evil: window.evil === undefined ? null : window.evil,
  scripts: [...document.scripts].map(s => s.src || s.textContent),
  text: document.querySelector('[data-testid=stMain]').innerText,
  code: [...document.querySelectorAll('[data-testid=stMarkdownContainer] :is(code, del, s, h1, h2)')]
    .map(e => e.innerText),
})"""
TELLTALE = re.compile(r"evil|^data:image/svg\+xml")


def harmless(one: Visit) -> str:
    """Nothing on the page came out of hostile text; the text that it shows."""
    found = one.page.evaluate(FOUND)
    assert not [u for u in found["links"] if TELLTALE.search(u)], (one.step, found["links"])
    assert not [u for u in found["images"] if "evil" in u], (one.step, found["images"])
    assert found["formulas"] == 0, one.step
    assert found["evil"] is None, one.step
    assert not [s for s in found["scripts"] if "evil" in s], one.step
    assert not [c for c in found["code"] if c.strip() in ("c", "e", "h")], (one.step, found["code"])
    text = str(found["text"])
    assert ":color[" not in text, one.step
    assert not re.search(r"\\[\[\]!*_`$~]", text), (
        one.step,
        re.findall(r".{20}\\[\[\]!*_`$~].{20}", text),
    )
    assert not one.elsewhere, (one.step, one.elsewhere)
    assert not one.errors, (one.step, one.errors)
    return " ".join(text.split())


def opened(one: Visit, most: int = 12) -> None:
    """Open what can be opened on the screen, the first folds of it."""
    for _ in range(most):
        closed: Locator = one.page.locator("[data-testid=stMain] details:not([open]) > summary")
        if not closed.count():
            return
        closed.first.click()
        one.settled()


def shown(text: str) -> str:
    return " ".join(text.split())


# What each screen tells back of what was told.
PAYERS = tuple(EVIL)
BACK: dict[str, tuple[str, ...]] = {
    "check-answers": PAYERS, "result": PAYERS[:1], "print": PAYERS, "costs": PAYERS, "covers": PAYERS,
    "comparison": PAYERS, "quick-form": PAYERS[:1],
}  # fmt: skip
# The questions of this case; those of the third cover and later are as those of the second.
QUESTIONS = tuple(
    step.id
    for step in plan(from_file(saved(TOLD), TODAY).answers, evaluate(TOLD, TODAY), load_rules(), TODAY).steps
    if step.cover is None or step.cover < 2
)  # fmt: skip
SCREENS = (*pages.PAGES, *QUESTIONS)


def test_every_text_of_a_case_is_hostile_here() -> None:
    """A medicine has to be one that is known; what else is called one is told of when a file is opened."""
    assert set(_texts_of(Case.model_json_schema())) == {"payer", "treatment"}


def _texts_of(schema: dict[str, Any]) -> Iterator[str]:
    """The fields of a case that hold any text."""
    for model in (schema, *schema["$defs"].values()):
        for name, field in model.get("properties", {}).items():
            for one in (field, field.get("items", {}), *field.get("anyOf", ())):
                if one.get("type") == "string" and not {"enum", "const", "pattern", "format"} & set(
                    one
                ):
                    yield name


@pytest.mark.browser
def test_no_screen_makes_anything_of_hostile_text(visit: type[Visit]) -> None:
    one = with_answers(visit(), saved(TOLD))
    for step in (*SCREENS, EVIL["image"]):
        one.open(step)
        text = harmless(one)
        for name in BACK.get(step, ()):
            assert shown(EVIL[name]) in text, (step, name)


# As much as the name of a payer holds.
TOGETHER = tuple(
    " ".join(EVIL[name] for name in names)
    for names in (
        ("image", "address", "mail", "format"),
        ("link", "tag", "script", "formula", "icon"),
    )
)


@pytest.mark.browser
@pytest.mark.parametrize("payer", TOGETHER, ids=["addresses", "signs"])
def test_no_fold_makes_anything_of_a_hostile_payer(visit: type[Visit], payer: str) -> None:
    assert len(payer) <= 200
    covers = [{"kind": "employer", "payer": payer}]
    one = with_answers(visit(), saved({**TOLD, "coverages": covers}, role="patient", desk=None))
    for step in ("papers", "plan", "calendar", "costs", "result"):
        one.open(step)
        opened(one)
        text = harmless(one)
        if step in ("papers", "result", "costs"):
            assert shown(payer) in text, step


@pytest.mark.browser
def test_a_hostile_table_does_nothing(visit: type[Visit]) -> None:
    header = ["id", "age", "state", "dx", "request", "coverage_1_kind", "coverage_1_payer"]
    columns = [*header, *EVIL.values()]
    rows = [
        [f"{text}", "42", "TX", "trd", "esketamine", "employer", text, *EVIL.values()]
        for text in EVIL.values()
    ]
    rows.append([EVIL["image"], EVIL["link"], *list(EVIL.values())[:5], *EVIL.values()])
    table = "\n".join(",".join(f'"{c}"' for c in row) for row in [columns, *rows])
    one = with_answers(visit(), saved(TOLD, role="intake", desk=None))
    one.open("table")
    one.page.locator("input[type=file]").set_input_files(
        {"name": "![i](x) http://evil.test 1.csv", "mimeType": "text/csv", "buffer": table.encode()}
    )
    one.by_key("table-run").wait_for()
    one.settled()
    opened(one)
    text = harmless(one)
    assert "![i](x) http://evil.test 1.csv" in text
    one.press_key("table-run")
    text = harmless(one)
    for told in EVIL.values():
        assert shown(told) in text, told


@pytest.mark.browser
def test_a_hostile_file_is_told_of_as_text(visit: type[Visit]) -> None:
    case = {**TOLD, "age": EVIL["link"], "state": EVIL["tag"], "made_up": EVIL["image"]}
    case["treatments"] = [{"treatment": text} for text in EVIL.values()]
    one = visit()
    one.page.locator("input[type=file]").set_input_files(
        {"name": "a.json", "mimeType": "application/json", "buffer": saved(case).encode()}
    )
    one.by_key("opened-check").wait_for()
    one.settled()
    text = harmless(one)
    for told in EVIL.values():
        assert shown(told)[:40] in text, told


@pytest.mark.browser
def test_typed_names_and_searches_do_nothing(visit: type[Visit]) -> None:
    one = with_answers(visit(), saved(TOLD, role="patient", desk=None))
    one.open("papers")
    one.page.locator("[data-testid=stMain] details > summary").first.click()
    one.settled()
    fields = one.page.locator("[data-testid=stMain] [data-testid=stTextInput] input")
    for number, text in zip(range(4), (*TOGETHER, *TOGETHER), strict=True):
        fields.nth(number).fill(text)
        fields.nth(number).blur()
        one.settled()
    opened(one)
    text = harmless(one)
    assert shown(EVIL["image"]) in text
    for step in ("rule-book", "glossary", "treatments"):
        one.open(step)
        box = one.page.locator("[data-testid=stMain] [data-testid=stTextInput] input").first
        for told in TOGETHER:
            box.fill(told)
            box.blur()
            one.settled()
            harmless(one)


# --- at the widgets: all that is handed to the page as markdown ------------------------------------------------


# Where the page draws text as it stands.
AS_IT_STANDS = {
    ("selectbox", "options"), ("selectbox", "raw_value"), ("multiselect", "options"),
    ("text_input", "default"), ("text_input", "value"), ("text_area", "default"), ("text_area", "value"),
    ("bidi_component", "json"), ("code", "code_text"),
}  # fmt: skip
TAGS = (
    "<img src=//",
    "<script>window",
)  # what may not stand in HTML; signs of markdown are nothing there


def drawn(block: Any) -> Iterator[Any]:
    yield block
    for inner in getattr(block, "children", {}).values():
        yield from drawn(inner)


def texts_in(proto: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in what is sent to the page, with the name of its field."""
    for field, value in proto.ListFields():
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            continue
        for one in value if field.is_repeated else (value,):
            if field.cpp_type == field.CPPTYPE_MESSAGE:
                yield from texts_in(one, field.name)
            elif field.cpp_type == field.CPPTYPE_STRING:
                yield field.name, one


def markup_of(walker: Walker) -> Iterator[tuple[str, str, str]]:
    """Every text that the page may take for markup: the kind of its element, its field, the text."""
    for element in drawn(walker.at._tree):
        if getattr(element, "proto", None) is not None:
            for field, text in texts_in(element.proto):
                if (element.type, field) not in AS_IT_STANDS:
                    yield element.type, field, text


@pytest.mark.parametrize(
    ("step", "case"), [*((s, TOLD) for s in SCREENS), *((p, TOLD_MORE) for p in pages.PAGES)],
    ids=lambda one: one if isinstance(one, str) else "more" if one is TOLD_MORE else "told",
)  # fmt: skip
def test_no_markup_holds_what_was_typed_unescaped(step: str, case: dict[str, Any]) -> None:
    walker = Walker()
    walker.at.session_state["answers"] = from_file(saved(case), TODAY).answers
    walker.go(step)
    for kind, field, text in markup_of(walker):
        for sign in TAGS if kind == "html" else BEGINS:
            assert sign not in f"\n{text}", (step, kind, field, sign, text)


def test_markup_is_found_wherever_it_is_drawn() -> None:
    """The other side: the check sees labels, help, choices, folds and HTML."""

    def page() -> None:
        import streamlit as st

        st.button("![i] 1", help="![i] 2")
        st.radio("r", ["![i] 3"], captions=["![i] 4"])
        st.expander("![i] 5").caption("![i] 6")
        st.html("<b>![i] 7</b>")
        st.pills("![i] 8", ["![i] 9"])
        st.selectbox("s", ["![i] as it stands"])

    walker = Walker.__new__(Walker)
    walker.at = AppTest.from_function(page).run()
    found = {text[-1] for _, _, text in markup_of(walker) if "![i]" in text.replace("</b>", "")}
    assert found >= set("12345689")
    assert not [text for *_, text in markup_of(walker) if "as it stands" in text]


# --- what is taken along --------------------------------------------------------------------------------------


def hostile_names() -> Names:
    # Minutes and the day hold no text: whatever else is typed there is refused.
    fields = [f for part in PARTS.values() for f in part if f not in ("session_minutes", "date_of_service")]  # fmt: skip
    texts = [*EVIL.values(), '#eval("1+1") \\ " ] #image("/etc/passwd")', "\x00x\x0bz\r\nFOO:bar"]
    return Names.of({f: texts[i % len(texts)] for i, f in enumerate(fields)})


CONTROL = "a\x00b\x0bc\r\nATTACH:http://evil.test/x\rEND:VEVENT"


@pytest.fixture(scope="module")
def told() -> tuple[Any, Any]:
    case = read_case(
        {
            **TOLD,
            "coverages": [
                {"kind": "employer", "payer": f'#image("/etc/passwd") {EVIL["link"]} \\ " ]'},
                {"kind": "medicare", "payer": CONTROL},
            ],
        }
    )
    return case, evaluate(case, TODAY)


def test_papers_hold_what_was_typed_as_text(told: tuple[Any, Any], tmp_path: Any) -> None:
    case, result = told
    book = load_rules()
    found = papers_for(case, result, book)
    assert found
    written = write_papers(tmp_path, case, result, book, hostile_names(), more=True)
    for path in written:
        content = path.read_bytes()
        if path.suffix == ".pdf":
            assert b"/URI" not in content, path.name
            assert b"/JavaScript" not in content
            continue
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            for name in parts.namelist():
                part = parts.read(name).decode("utf-8", "replace")
                if name.startswith("word/") and name.endswith((".xml", ".rels")):
                    assert "<w:hyperlink " not in part, (path.name, name)
                    # The only fields are the numbers of the pages.
                    fields = re.findall(r"<w:instrText[^>]*>([^<]*)<", part)
                    assert set(fields) <= {"PAGE", "NUMPAGES"}, (path.name, name)
                    assert len(fields) == part.count("w:instrText") / 2
                    assert "w:fldSimple" not in part
                if name.endswith(".rels"):
                    assert "evil" not in part, (path.name, name)


def test_a_paper_on_the_screen_holds_no_markup_of_what_was_typed(told: tuple[Any, Any]) -> None:
    from rules.documents import markdown
    from wizard.shell.said import plain

    case, result = told
    for offer in papers_for(case, result, load_rules()):
        paper = make_paper(offer.id, case, result, load_rules(), hostile_names(), offer.path)
        text = markdown(paper, plain)
        for sign in BEGINS:
            assert sign not in text, (offer.id, sign)
        assert "http://" not in text


def test_a_calendar_holds_what_was_typed_as_text(told: tuple[Any, Any]) -> None:
    case, result = told
    content = calendar_file(case, result)
    for line in re.split(rb"\r\n|\r|\n", content):
        assert not line.startswith((b"ATTACH", b"URL", b"END:VEVENTX"))
    assert content.count(b"BEGIN:VEVENT") == content.count(b"END:VEVENT")
    events = Calendar.from_ical(content).walk("VEVENT")
    assert events
    for event in events:
        assert "ATTACH" not in event
        assert "URL" not in event
