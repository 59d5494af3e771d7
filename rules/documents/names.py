"""Who the paper is about. Typed in at the end, used in the paper, and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass, fields

# Some scripts need these to join letters; other invisible characters could reorder a whole line.
JOINERS = "\u200c\u200d\u200e\u200f"


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

    @classmethod
    def of(cls, given: dict[str, str | None] | None) -> Names:
        """Names from plain data. Raises ValueError naming a key that is none of the parts."""
        known = {f.name for f in fields(cls)}
        given = given or {}
        if not isinstance(given, dict):
            raise ValueError('names are an object, such as {"patient_name": "…"}')
        wrong = sorted(set(given) - known)
        if wrong:
            raise ValueError(f"unknown: {', '.join(wrong)} (known: {', '.join(sorted(known))})")
        return cls(**{k: clean(v) for k, v in given.items() if v is not None})

    def cleaned(self) -> Names:
        """The same names without control characters."""
        return Names(**{f.name: clean(getattr(self, f.name)) for f in fields(self)})


def clean(text: str) -> str:
    """Text as typed, without characters that no page can show (control codes, lone surrogates)."""
    shown = "".join(c if c.isprintable() or c in JOINERS else " " for c in str(text))
    return " ".join(shown.split())
