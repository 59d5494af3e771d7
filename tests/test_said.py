"""The door of the screen: text that somebody typed is drawn as it stands, whatever is in it."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.how_often import often
from wizard.messages import say
from wizard.shell.said import Markdown, bare, counted, link, plain, plain_lines, said

BREAK = ":color[]"
HOSTILE = (
    # addresses: the browser makes links of them in the text that is left when escapes are gone
    "http://evil.test", "https://evil.test/x?y=1&z=2#f", "HTTP://EVIL.TEST", "www.evil.test",
    "wWw.evil.test/a_b", "a@evil.test", "mailto:a@evil.test", "xmpp:a@evil.test",
    "(http://evil.test)", "x:http://evil.test", "https://e.test:80/@a.b", "http&#58;//evil.test",
    # links and images
    "![i](http://evil.test/a.png)", "[x](http://evil.test)", "[x]: http://evil.test", "[x][y]",
    "<http://evil.test>", "<a@evil.test>", "![x]", "[^1]", "](http://evil.test)", "[x](javascript:a)",
    # HTML and entities
    "<img src=http://evil.test/a.png onerror=alert(1)>", "<script>alert(1)</script>", "&copy; &#65;",
    "<!-- c -->", "<b>b</b>",
    # formatting
    "**b** __b__ *i* _i_ ~~s~~", "`code`", "``` x", "~~~", "$a^2$ $b$", "$$x$$", "a|b", "\\", "a\\",
    "\\[x](y)",
    # blocks, at the start of a line
    "# h", "- l", "* l", "+ l", "1. l", "1) l", "> q", "---", "===", "    code", "\tcode", "t\n===",
    "t\n\n# h", "- [ ] task",
    # what Streamlit adds: colours, badges, icons, emoji, arrows
    ":red[r]", ":red-badge[r]", ":small[s]", ":help[x]", ":help", "::red", ":::x", ":color[c]{a=b}",
    "x:{a=b}", ":material/home:", ":material_home:", ":streamlit:", ":smile:", ":+1:", "x -> y",
    "a <- b", "a <-> b", "a -- b", "a >= 2", "a <= 3", "~= 4", "->",
    # signs without a picture
    "\u202eevil\u202c x", "\x00x\x07", "a\u2028b",
    # and what people really type
    "Aetna", "Blue Cross & Blue Shield (PPO): 1-800-555", "O'Brien's \"own\" plan #7", "50% / $20",
    "snake_case", "10:30", "{evil} {0} %s", "Ångström אבג 😀",
)  # fmt: skip

# What the browser looks for in each piece of text, once all escapes are taken off.
MEANS_MORE = tuple(
    re.compile(p, re.IGNORECASE)
    for p in (
        r"https?://", r"www\.", r"[-.\w+]@[-\w]", r":[\w+-]+:",
        r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)",
    )
)  # fmt: skip
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def pieces(markdown: str) -> list[str]:
    """The pieces of text that a reader of markdown finds, without their escapes."""
    return [html.unescape(ESCAPED.sub(r"\1", p)) for p in markdown.split(BREAK)]


def words(text: str) -> str:
    """Text as a page shows it: its spaces folded, signs without a picture left out."""
    seen = "".join(c for c in text if c.isprintable() or c.isspace() or ord(c) > 0x206F)
    return " ".join(re.sub("[\u202a-\u202e\u2066-\u2069]", "", seen).split())


def check(text: str) -> None:
    made = plain(text)
    found = pieces(made)
    assert "".join(found) == words(text)
    for piece in found:
        for more in MEANS_MORE:
            assert not more.search(piece), (text, piece)
    # Of the signs of markdown, none is left that is not escaped.
    bare_text = ESCAPED.sub("", made.replace(BREAK, ""))
    assert not re.search(r"[\\`*_\[\]{}$~|<>]", bare_text), made
    assert not re.search(r"&(?!amp;|lt;|gt;)", bare_text), made
    assert not re.search(r":\S", bare_text), made
    assert not re.match(r"[#+=-]|\d+[.)]|\s", bare_text) or made.startswith("\\"), made
    assert "\n" not in made


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_drawn_as_it_stands(text: str) -> None:
    check(text)


SIGNS = st.sampled_from(
    ["http", "https", ":", "/", "www", ".", "@", "evil.test", "a", "_", "*", "`", "[", "]", "(", ")",
     "!", "<", ">", "&", "$", "~", "-", "=", "{", "}", "\\", "|", "#", "+", " ", "\n", "1.", BREAK,
     "material/x", "red", "&amp;", "é"]
)  # fmt: skip


@settings(max_examples=often(1000), deadline=None)
@given(st.one_of(st.lists(SIGNS, max_size=12).map("".join), st.text(max_size=40)))
def test_any_text_is_drawn_as_it_stands(text: str) -> None:
    made = plain(text)
    found = pieces(made)
    for piece in found:
        for more in MEANS_MORE:
            assert not more.search(piece), (text, piece)
    assert plain(made) is made


def test_what_people_usually_type_is_hardly_touched() -> None:
    for text in ("Aetna", "United Healthcare (PPO)", "St. Mary's, Plan 3", "Call 1-800-555."):
        assert plain(text) == text


def test_the_gaps_of_a_sentence_take_text_unless_it_is_marked() -> None:
    told = "[x](http://evil.test)"
    assert said("paths.title", name=told, about="y").startswith("\\[x\\](")
    assert "**b**" in said("paths.title", name=Markdown("**b**"), about="y")
    assert said("paths.title", name=plain(told), about="y") == said(
        "paths.title", name=told, about="y"
    )
    nested = said("paths.open", name=said("paths.title", name=told, about="y"))
    assert "\\\\" not in nested
    assert bare("paths.title", name=told, about="y") == say("paths.title", name=told, about="y")
    assert counted("plan.done", 2, total=3) == say("plan.done.many", number=2, total=3)


def test_a_link_leads_where_the_rule_book_says_and_nowhere_else() -> None:
    assert link("A [b](c)", "https://www.cms.gov/x") == "[A \\[b\\](c)](<https://www.cms.gov/x>)"
    assert link("http://evil.test", None) == plain("http://evil.test")


def test_a_note_keeps_its_lines_and_nothing_else() -> None:
    assert plain_lines("a\n# b\n\n- c") == "a  \n\\# b  \n  \n\\- c"
