"""Who the paper is about. Typed in at the end, used in the paper, and kept nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields

# Some scripts need these to join letters; other invisible characters could reorder a whole line.
JOINERS = "\u200c\u200d\u200e\u200f"

LONGEST = 24 * 60  # minutes of a session
LONGEST_NAME = 300  # characters of any part
MOST_WRONG = 5  # unknown parts that are named
DATES = ("%Y-%m-%d", "%m/%d/%Y", "%B %d, %Y")


@dataclass(frozen=True)
class Names:
    """Every part may stay empty; an empty part is a line to write on."""

    patient_name: str = ""
    date_of_birth: str = ""
    patient_address: str = ""
    patient_phone: str = ""
    patient_email: str = ""
    member_id: str = ""
    group_number: str = ""
    claim_number: str = ""
    denial_words: str = ""  # the reason in the notice's own words
    employer_name: str = ""
    plan_address: str = ""
    clinician_name: str = ""
    clinician_credentials: str = ""
    clinician_npi: str = ""
    clinician_phone: str = ""
    clinician_fax: str = ""
    clinic_name: str = ""
    clinic_address: str = ""
    clinic_tin: str = ""
    icd10: str = ""
    session_minutes: str = ""  # how long the drug runs in, by which the codes change
    date_of_service: str = ""  # by which they change too

    @classmethod
    def of(cls, given: dict[str, str | None] | None) -> Names:
        """Names from plain data. Raises ValueError naming a key that is none of the parts, or is unreadable."""
        known = {f.name for f in fields(cls)}
        given = given or {}
        if not isinstance(given, dict):
            raise ValueError('names are an object, such as {"patient_name": "…"}')
        wrong = sorted(k[:40] for k in set(given) - known)
        if wrong:
            shown = ", ".join(wrong[:MOST_WRONG]) + (" …" if len(wrong) > MOST_WRONG else "")
            raise ValueError(f"unknown: {shown} (known: {', '.join(sorted(known))})")
        _check_texts(given)
        names = cls(**{k: clean(v) for k, v in given.items() if v is not None})
        if names.session_minutes and names.minutes is None:
            raise ValueError(
                f"session_minutes: {names.session_minutes!r} is no whole number from 1 to {LONGEST}"
            )
        if names.date_of_service and names.day is None:
            raise ValueError(
                f"date_of_service: {names.date_of_service!r} is no date, such as 2026-12-01"
            )
        return names

    @property
    def minutes(self) -> int | None:
        """The minutes of a session; None where none were typed, or what was typed is no such number."""
        text = self.session_minutes
        told = (
            int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(LONGEST)) else 0
        )
        return told if 1 <= told <= LONGEST else None

    @property
    def day(self) -> dt.date | None:
        """The day of service; None where none was typed, or what was typed is no date."""
        for form in DATES:
            try:
                return dt.datetime.strptime(self.date_of_service, form).date()
            except ValueError:
                continue
        return None

    def cleaned(self) -> Names:
        """The same names without control characters."""
        return Names(**{f.name: clean(getattr(self, f.name)) for f in fields(self)})


def _check_texts(given: Mapping[str, object]) -> None:
    """Raises ValueError naming a part that is no text, or too long for a line of a letter."""
    for part, text in given.items():
        if text is None:
            continue
        if isinstance(text, bool) or not isinstance(text, str | int):
            raise ValueError(f"{part}: a text is needed here")
        if len(str(text)) > LONGEST_NAME:
            raise ValueError(f"{part}: at most {LONGEST_NAME} characters are read here")


def clean(text: str) -> str:
    """Text as typed, without characters that no page can show (control codes, lone surrogates)."""
    shown = "".join(c if c.isprintable() or c in JOINERS else " " for c in str(text))
    return " ".join(shown.split())
