"""Templates of papers: a closed little language in YAML, read strictly.

A template is a list of blocks, and for what is signed a second list: the worksheet, a paper of its
own for the person who signs (what to check, what speaks against it, where to send it). Each block has exactly one kind (`heading`, `text`, `bullets`,
`table`, …) and may have `when` (a condition) and, where it repeats, `each` (a list). A sentence
may name gaps: `{plan_name}`. A condition is the name of a field, `not` and a name, or a list of
these that must all hold. There are no expressions, so every gap can be checked when it is loaded.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import yaml

from ..messages import WORDS
from .blocks import Audience, Form, NoteKind, Purpose
from .context import KINDS, is_word, row_fields

KIND_NAMES = (
    "heading", "text", "letterhead", "address", "reference", "bullets", "numbered", "checklist",
    "table", "fields", "note", "signature", "enclosures", "use",
)  # fmt: skip
_EXTRA = {
    "heading": {"level"},
    "text": {"lead", "each"},
    "table": set(),
    "note": {"items"},
    "signature": {"closing"},
}
# Kinds whose items are labels with their values.
_LABELLED = ("letterhead", "address", "reference", "fields", "signature")
_ALLOWED = frozenset(
    {
        "id",
        "title",
        "audience",
        "purpose",
        "document",
        "stands_for",
        "levels",
        "open_level",
        "fits",
        "why",
        "form",
        "blocks",
        "worksheet",
    }
)
_CHOICES = {
    "audience": get_args(Audience),
    "purpose": get_args(Purpose),
    "form": get_args(Form),
}


class TemplateError(ValueError):
    """A template that cannot be used; the message names file, place and what is wrong."""


Condition = tuple[tuple[bool, str], ...]  # (wanted, field) pairs that must all hold


@dataclass(frozen=True)
class TemplateEntry:
    """One item of a list: plain words, or words for each row of a list, under a condition."""

    text: str
    cells: tuple[str, ...] = ()
    each: str = ""
    when: Condition = ()


@dataclass(frozen=True)
class TemplatePart:
    """One block of a template."""

    kind: str
    when: Condition = ()
    text: str = ""
    lead: str = ""
    level: int = 2
    note_kind: NoteKind = "tip"
    columns: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    entries: tuple[TemplateEntry, ...] = ()


@dataclass(frozen=True)
class Template:
    id: str
    title: str
    audience: Audience
    purpose: Purpose
    why: str
    fits: tuple[Condition, ...]  # the paper fits where any of these holds
    form: Form
    parts: tuple[TemplatePart, ...]
    worksheet: tuple[TemplatePart, ...] = ()  # a paper of its own for who signs: what to check
    document: str = ""
    stands_for: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    open_level: bool = False  # offered only where one of its levels is open to this case


@lru_cache(maxsize=4)
def load_templates(language: str = "en") -> dict[str, Template]:
    """Every template of a language, by id. Raises TemplateError naming file and place."""
    folder = WORDS / language / "papers"
    shared = _Reader(folder / "_shared.yaml", {}).fragments()
    found: dict[str, Template] = {}
    for path in sorted(folder.glob("[!_]*.yaml")):
        template = _Reader(path, shared).template()
        if template.id != path.stem:
            raise TemplateError(f"{path.name}: id: is {template.id}, the file says {path.stem}")
        found[template.id] = template
    return found


class _Reader:
    """Reads one file and says where it is at fault."""

    def __init__(self, path: Path, shared: dict[str, tuple[TemplatePart, ...]]) -> None:
        self.name = path.name
        self.data = yaml.safe_load(path.read_text(encoding="utf-8"))
        self.shared = shared

    def fail(self, place: str, what: str) -> TemplateError:
        return TemplateError(f"{self.name}: {place}: {what}")

    def fragments(self) -> dict[str, tuple[TemplatePart, ...]]:
        for name, blocks in self.data.items():
            self.shared[name] = tuple(self.blocks(blocks, name))
        return self.shared

    def template(self) -> Template:
        data = self.data
        unknown = set(data) - _ALLOWED
        if unknown:
            raise self.fail("top", f"unknown key {sorted(unknown)[0]}")
        for key in ("id", "title", "audience", "purpose", "form", "fits", "why", "blocks"):
            if key not in data:
                raise self.fail("top", f"{key} is missing")
        for key, choices in _CHOICES.items():
            if data[key] not in choices:
                raise self.fail(key, f"not one of {', '.join(choices)}")
        self.gaps(data["title"], None, "title")
        return Template(
            id=data["id"],
            title=data["title"],
            audience=data["audience"],
            purpose=data["purpose"],
            why=data["why"],
            fits=tuple(self.condition(c, "fits") for c in data["fits"]),
            form=data["form"],
            parts=tuple(self.blocks(data["blocks"], "blocks")),
            worksheet=tuple(self.blocks(data.get("worksheet", ()), "worksheet")),
            document=data.get("document", ""),
            stands_for=tuple(data.get("stands_for", ())),
            levels=tuple(data.get("levels", ())),
            open_level=bool(data.get("open_level", False)),
        )

    def condition(self, told: Any, place: str) -> Condition:
        pairs = []
        for word in [told] if isinstance(told, str) else told or ():
            wanted = not word.startswith("not ")
            name = word.removeprefix("not ")
            if name not in KINDS:
                raise self.fail(place, f"no such condition: {name}")
            pairs.append((wanted, name))
        return tuple(pairs)

    def blocks(self, told: list[dict[str, Any]], place: str) -> Iterator[TemplatePart]:
        for i, block in enumerate(told):
            where = f"{place}[{i}]"
            kinds = [k for k in KIND_NAMES if k in block]
            if len(kinds) != 1:
                raise self.fail(where, f"a block is exactly one of: {', '.join(KIND_NAMES)}")
            kind = kinds[0]
            unknown = set(block) - {kind, "when"} - _EXTRA.get(kind, set())
            if unknown:
                raise self.fail(where, f"unknown key {sorted(unknown)[0]}")
            when = self.condition(block.get("when"), where)
            if kind == "use":
                yield from self.used(block["use"], when, where)
            else:
                yield self.part(kind, block, when, where)

    def used(self, name: str, when: Condition, where: str) -> Iterator[TemplatePart]:
        if name not in self.shared:
            raise self.fail(where, f"no such shared part: {name}")
        for part in self.shared[name]:
            yield replace(part, when=(*when, *part.when))

    def part(self, kind: str, block: dict[str, Any], when: Condition, where: str) -> TemplatePart:
        body = block[kind]
        if kind == "heading":
            return TemplatePart(
                kind, when, self.gaps(body, None, where), level=block.get("level", 2)
            )
        if kind == "text":
            lead = self.gaps(block.get("lead", ""), None, where)
            if "each" in block:
                entry = self.entry({"each": block["each"], "item": body}, where)
                return TemplatePart(kind, when, lead=lead, entries=(entry,))
            return TemplatePart(kind, when, self.gaps(body, None, where), lead=lead)
        if kind == "note":
            return TemplatePart(
                kind, when, self.gaps(body["title"], None, where), note_kind=body.get("kind", "tip"),
                entries=self.entries(body["items"], where),
            )  # fmt: skip
        if kind == "table":
            return self.table(body, when, where)
        if kind in _LABELLED:
            closing = self.gaps(block.get("closing", ""), None, where)
            rows = tuple(self.field(e, where) for e in body)
            return TemplatePart(kind, when, lead=closing, entries=rows)
        return TemplatePart(kind, when, entries=self.entries(body, where))

    def table(self, body: dict[str, Any], when: Condition, where: str) -> TemplatePart:
        columns = tuple(body["columns"])
        entries = []
        for row in body.get("rows", ()):
            entries.append(TemplateEntry("", tuple(self.gaps(c, None, where) for c in row)))
        if "each" in body:
            names = self.row_names(body["each"], where)
            cells = tuple(self.gaps(c, names, where) for c in body["row"])
            entries.append(TemplateEntry("", cells, body["each"]))
        if body.get("empty_rows"):
            entries.extend(
                TemplateEntry("", ("",) * len(columns)) for _ in range(body["empty_rows"])
            )
        if any(len(e.cells) != len(columns) for e in entries):
            raise self.fail(where, "a row has not as many cells as there are columns")
        return TemplatePart(
            "table", when, self.gaps(body["caption"], None, where), columns=columns,
            widths=tuple(body.get("widths", ())), entries=tuple(entries),
        )  # fmt: skip

    def field(self, told: dict[str, Any], where: str) -> TemplateEntry:
        """`{label: value}`, with a condition where it has one; or `each` with `item`, without labels."""
        if "each" in told:
            entry = self.entry(told, where)
            return replace(entry, cells=("", entry.text))
        rest = {k: v for k, v in told.items() if k != "when"}
        if len(rest) != 1:
            raise self.fail(where, "a field is one label with its value")
        ((label, value),) = rest.items()
        cells = (self.gaps(label, None, where), self.gaps(str(value or ""), None, where))
        return TemplateEntry("", cells, when=self.condition(told.get("when"), where))

    def entries(self, told: list[Any], where: str) -> tuple[TemplateEntry, ...]:
        return tuple(self.entry(e, where) for e in told)

    def entry(self, told: Any, where: str) -> TemplateEntry:
        if isinstance(told, str):
            return TemplateEntry(self.gaps(told, None, where))
        each = told.get("each", "")
        names = self.row_names(each, where) if each else None
        text = told.get("item", told.get("text"))
        if text is None or set(told) - {"each", "item", "text", "when"}:
            raise self.fail(where, "an item is words, or `each` with `item`, or `text` with `when`")
        return TemplateEntry(
            self.gaps(text, names, where), (), each, self.condition(told.get("when"), where)
        )

    def row_names(self, each: str, where: str) -> frozenset[str]:
        names = row_fields(each)
        if names is None:
            raise self.fail(where, f"no such list: {each}")
        return names

    def gaps(self, text: str, row: frozenset[str] | None, where: str) -> str:
        """The text itself, after a look at every gap in it."""
        try:
            parts = list(string.Formatter().parse(text))
        except ValueError as error:
            raise self.fail(where, f"{error} in {text[:60]!r}") from None
        for _, name, spec, conversion in parts:
            if name is None:
                continue
            if spec or conversion:
                raise self.fail(where, f"a gap is a plain name, not {{{name}!{conversion}:{spec}}}")
            if not is_word(name) and not (row and name in row):
                raise self.fail(where, f"unknown gap {{{name}}}")
        return text
