"""Finding a treatment by the name that people know, however it is spelled."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from rules import Book
from rules.made_once import made_once
from rules.schema.clinical import TreatmentRecord
from wizard.messages import say

CLOSE_ENOUGH = 68  # of 100; below this a misspelling and a different name look alike
MOST_FOUND = 8
LONGEST = 60  # letters of a search that are read

FAMILIES = (
    "antidepressant", "augmentation", "psychotherapy", "neuromodulation", "pain_medicine",
    "pain_procedure", "pain_other", "migraine_preventive", "migraine_acute",
    "substance_use_medicine", "sickle_cell_medicine", "none",
)  # fmt: skip


@made_once
def _names(book: Book) -> tuple[tuple[str, str], ...]:
    """(name, id) for the name of every treatment and each of its brands."""
    return tuple(
        (name, record.id)
        for record in book.treatments.values()
        for name in (record.name, *record.brands, record.id.replace("_", " "))
    )


def find_treatments(text: str, book: Book) -> tuple[TreatmentRecord, ...]:
    """The treatments whose name or brand is closest to a text, best first; forgives misspelling."""
    wanted = text.strip()[:LONGEST]
    if len(wanted) < 2:
        return ()
    names = _names(book)
    found = process.extract(
        wanted, [n for n, _ in names], scorer=_close, processor=utils.default_process,
        limit=40, score_cutoff=CLOSE_ENOUGH,
    )  # fmt: skip
    best: dict[str, float] = {}
    for _, score, place in found:
        ident = names[place][1]
        best[ident] = max(best.get(ident, 0.0), score)
    ordered = sorted(best, key=lambda i: (-best[i], i))[:MOST_FOUND]
    return tuple(book.treatments[i] for i in ordered)


def _close(wanted: str, name: str, *, score_cutoff: float | None = None) -> float:
    """How close a name is: as a whole, or by its beginning as people type it."""
    whole = float(fuzz.ratio(wanted, name))
    if name.startswith(wanted):
        return max(whole, 96.0)
    if len(wanted) >= 4:
        return max(
            whole,
            float(fuzz.token_set_ratio(wanted, name)) - 2,
            fuzz.ratio(wanted, name[: len(wanted)]) - 6,
        )
    return whole


@dataclass(frozen=True)
class Brand:
    """A brand of a medicine: an entry of a list behind the medicines themselves."""

    name: str
    ident: str


@made_once
def medicine_options(book: Book) -> dict[object, str]:
    """What a list of treatments offers: each by its own name, then by its brands.

    A medicine that stands in two families bears its family where it is not the first.
    """
    order = {family: i for i, family in enumerate(FAMILIES)}
    known = sorted(book.treatments.values(), key=lambda t: (order.get(t.counts_as, 99), t.name))
    found: dict[object, str] = {}
    taken: set[str] = set()
    for record in known:
        name = record.name
        if name in taken:
            name = f"{name} · {say(f'treatments.families.{record.counts_as}')}"
        taken.add(name)
        found[record.id] = name
    for record in known:
        for brand in record.brands:
            if brand not in taken:
                taken.add(brand)
                found[Brand(brand, record.id)] = f"{brand} · {record.name}"
    return found


def by_family(
    book: Book, families: tuple[str, ...] = FAMILIES
) -> dict[str, dict[str, list[TreatmentRecord]]]:
    """All treatments by family and class, each list by name."""
    found: dict[str, dict[str, list[TreatmentRecord]]] = {}
    for family in families:
        members = [t for t in book.treatments.values() if t.counts_as == family]
        for record in sorted(members, key=lambda t: (t.drug_class or "~", t.name)):
            found.setdefault(family, {}).setdefault(record.drug_class or "", []).append(record)
    return found
