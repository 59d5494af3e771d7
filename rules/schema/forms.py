"""Official forms and portals: whom each serves, where it goes, and what goes into its boxes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from .base import Cited, DocumentId, InState, PayerId, Record, Slug, Words
from .conditions import Condition
from .states import Office

LevelName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*\.[a-z0-9][a-z0-9_]*$", max_length=90)
]


class FormBox(Record):
    """One box of a form, and what goes into it."""

    label: Words = Field(description="The box’s own words, as on the form.")
    answer: Slug | None = Field(
        default=None,
        description="The field of the papers (rules/documents/context.py) that goes in. Left out: none of ours does.",
    )
    write: Words | None = Field(
        default=None,
        description="What to write, where no answer of ours goes in or where it is not known.",
    )


class Form(Cited):
    """A form or portal by which a plan, a state or a program takes a request."""

    id: Slug = Field(description="The form’s own name: that of its file.")
    name: Words = Field(description="Its title, as it stands on the form.")
    number: str | None = Field(default=None, description="Its number, as CMS-20027.")
    edition: str | None = Field(
        default=None, description="The edition that was seen, as 01/20. Left out: not seen."
    )
    letter: bool = Field(
        default=False,
        description="true: there is no form; the office takes a letter. `name` says what the letter is.",
    )
    levels: tuple[LevelName, ...] = Field(
        default=(),
        description="The levels of appeal that it starts, as original_medicare.redetermination.",
    )
    documents: tuple[DocumentId, ...] = Field(
        default=(),
        description="The papers that it stands for or goes with, by the names of their files in documents/.",
    )
    states: tuple[InState, ...] = Field(
        default=(), description="Only in these states, as TX. Left out: in every one."
    )
    payers: tuple[PayerId, ...] = Field(
        default=(), description="Only for plans of these payers. Left out: for those of any."
    )
    applies_when: Condition | None = Field(
        default=None, description="For whom it is: it must surely hold. Left out: for everybody."
    )
    takers: tuple[Words, ...] = Field(
        default=(),
        description="The offices of the state’s record that take it, by their names there. Left out: `office`, "
        "or whoever the notice names.",
    )
    office: Office | None = Field(
        default=None,
        description="Who takes it, where it is no office of a state’s record.",
    )
    portal: str | None = Field(
        default=None,
        description="Where it is filed online, beginning with https://. One of its sources has this address.",
    )
    link: str | None = Field(
        default=None,
        description="Where the form is, beginning with https://. One of its sources has this address.",
    )
    who_files: Words | None = Field(default=None, description="Who may file it, in a sentence.")
    says: Words | None = Field(
        default=None, description="What to know before you fill it in, in a sentence or two."
    )
    boxes: tuple[FormBox, ...] = Field(
        default=(),
        description="Its boxes in the form’s own order. Left out: they were not seen.",
    )
