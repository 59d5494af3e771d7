"""Names, amounts and notes of the cost picture in words. Every sentence stands in `rules/words/en/costs.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from rules.messages import has_phrase, phrase

from .assumptions import Assumption, OverrideError
from .formulas import cents
from .picture import CostPicture, Disagreement, Line, TableRow
from .recipes import Period

LANGUAGE = "en"
HUNDRED = Decimal(100)
DOLLAR = Decimal(1)


def words(group: str, key: str, language: str = LANGUAGE, **values: object) -> str:
    """A phrase of the cost picture."""
    return phrase(group, key, file="costs", language=language, **values)


def _has(group: str, key: str, language: str = LANGUAGE) -> bool:
    return has_phrase(group, key, file="costs", language=language)


# --- amounts ------------------------------------------------------------------------------------------


def money(amount: Decimal) -> str:
    """Dollars, with cents where there are any."""
    whole = cents(abs(amount))
    shown = f"{whole:,.0f}" if whole == whole.to_integral_value() else f"{whole:,.2f}"
    return f"-${shown}" if amount < 0 and whole else f"${shown}"


def span(low: Decimal | None, high: Decimal | None, exact: bool, language: str = LANGUAGE) -> str:
    """A sum as it is read: exact, about, or from low to high."""
    if low is None or high is None:
        return words("amount", "not_known", language)
    if exact:
        return words("amount", "exact", language, low=money(low))
    # Cents would make an estimate look surer than it is.
    low, high = low.quantize(DOLLAR, ROUND_HALF_UP), high.quantize(DOLLAR, ROUND_HALF_UP)
    key = "about" if low == high else "range" if low else "up_to"
    return words("amount", key, language, low=money(low), high=money(high))


def _number(value: Decimal, unit: str) -> str:
    if unit == "usd":
        return money(value)
    if unit == "share":
        return f"{(value * HUNDRED).normalize():f}%"
    return f"{value.normalize():f}"


def assumption_amount(a: Assumption, language: str = LANGUAGE) -> str:
    """An assumption's number or range as it is read."""
    if a.stood_in:
        return words("stands_in", a.label, language)
    if a.low is None or a.high is None:
        key = {"no_limit": "no_limit", "open": "open"}.get(a.blank, "not_known")
        return words("amount", key, language)
    if a.origin == "blank" and a.low == a.high == 0:
        return words("amount", "none_counted", language)
    if a.low == a.high:
        shown = _number(a.low, a.unit)
        return shown if a.exact else words("amount", "about", language, low=shown)
    low, high = _number(a.low, a.unit), _number(a.high, a.unit)
    key = "up_to" if a.low == 0 else "range"
    return words("amount", key, language, low=low, high=high)


# --- names --------------------------------------------------------------------------------------------


def _treatment(treatment: str, language: str) -> str:
    return words("treatment", treatment, language)


def cover_name(index: int, language: str = LANGUAGE) -> str:
    """A cover by its place in the case, counted from 1."""
    return words("cover", "numbered", language, number=index + 1)


def assumption_label(a: Assumption, language: str = LANGUAGE) -> str:
    """What an assumption is, in words."""
    return words(
        "assumption", a.label, language,
        treatment=_treatment(a.treatment, language) if a.treatment else "",
        cover=cover_name(a.cover, language) if a.cover is not None else "",
    )  # fmt: skip


def assumption_why(a: Assumption, language: str = LANGUAGE) -> str | None:
    """What to know or whom to ask about an assumption; None where there is nothing to add."""
    own = f"{a.label}_{a.origin}"
    key = own if _has("why", own, language) else a.label
    parts = [words("why", key, language)] if _has("why", key, language) else []
    coming = a.next_year
    if coming is not None and coming.low is not None:
        amount = span(coming.low, coming.high, coming.low == coming.high, language)
        parts.append(words("next_year", "known", language, year=coming.year, amount=amount))
    elif coming is not None:
        parts.append(words("next_year", "not_known", language, year=coming.year))
    return " ".join(parts) or None


def option_name(kind: str, treatment: str, cover: int | None, language: str = LANGUAGE) -> str:
    """A way of paying, in words; paying over time what an insurance leaves is named apart."""
    own = f"{kind}_of_share"
    key = own if cover is not None and _has("option", own, language) else kind
    name = words(
        "option", key, language,
        treatment=_treatment(treatment, language),
        cover=cover_name(cover, language) if cover is not None else "",
    )  # fmt: skip
    return name[0].upper() + name[1:]


def short_name(row: TableRow, several: bool, language: str = LANGUAGE) -> str:
    """A way of paying in few words; its treatment only where there are several to tell apart."""
    cover = cover_name(row.cover, language) if row.cover is not None else ""
    way = words("short", row.kind, language, cover=cover)
    way = way[0].upper() + way[1:]
    if not several:
        return way
    treatment = words("short_treatment", row.treatment, language)
    return words("short", "of", language, way=way, treatment=treatment)


def line_name(line: Line, picture: CostPicture, language: str = LANGUAGE) -> str:
    """What a sum is, in words."""
    payment = picture.assumptions["promo_payment"]
    if payment.low is not None and _has("what_with_payment", line.what, language):
        return words("what_with_payment", line.what, language, payment=money(payment.low))
    return words("what", line.what, language)


def option_notes(row: TableRow, picture: CostPicture, language: str = LANGUAGE) -> list[str]:
    """What to know about a way of paying."""
    return [
        words("note", key, language, cover=cover_name(row.cover or 0, language))
        for key in _note_keys(row, picture)
    ]


def _note_keys(row: TableRow, picture: CostPicture) -> Iterator[str]:
    option = next(o for o in picture.options if o.id == row.option)
    if row.kind in ("share", "savings_programme", "out_of_network"):
        told = picture.coming_year is not None  # the new year is told of apart
        yield from (n for n in option.notes if not (told and n == "new_year"))
    if row.kind in ("share", "savings_programme"):
        own = picture.assumptions.get(f"cover{row.cover}.{row.treatment}.allowed")
        if own is not None and own.id in row.uses and not own.known:
            yield "stand_in"
    if row.kind in _ALWAYS_NOTED:
        yield row.kind
    if row.kind in ("hsa", "fsa", "tax_deduction"):
        yield from option.notes
    sessions = picture.assumptions.get(f"{row.treatment}.sessions")
    if row.kind == "self_pay" and row.treatment == "im_ketamine" and sessions is not None:
        if sessions.origin == "record":
            yield "infusion_figures"


_ALWAYS_NOTED = (
    "out_of_network", "savings_programme", "card", "loan", "payment_plan",
)  # fmt: skip


def disagreement_text(found: Disagreement, language: str = LANGUAGE) -> str:
    """Two figures that do not agree, with the reason."""
    return words(
        "disagreement",
        found.id,
        language,
        first=found.figures[0].says,
        second=found.figures[1].says,
        low=money(found.figures[0].low),
        high=money(found.figures[1].high),
    )


def no_terms_text(cover: int, picture: CostPicture, language: str = LANGUAGE) -> str:
    """What to ask a cover of whose shares no figure was found, and whom."""
    own = f"no_terms_{picture.cover_kinds[cover]}"
    key = own if _has("note", own, language) else "no_terms"
    return words("note", key, language, cover=cover_name(cover, language))


def gap_text(
    row: TableRow, period: Period, picture: CostPicture, language: str = LANGUAGE
) -> str | None:
    """How a way of paying stands against paying all of it; None where nothing can be said."""
    saves = picture.saves(row.option, period)
    if saves is None:
        return None
    treatment = _treatment(picture.main, language)
    low, high = saves
    if low == high == 0:
        return words("gap", "same", language, treatment=treatment)
    if low >= 0:
        return words("gap", "less", language, amount=_gap(low, high, language), treatment=treatment)
    if high <= 0:
        return words(
            "gap", "more", language, amount=_gap(-high, -low, language), treatment=treatment
        )
    less, more = (money(n.quantize(DOLLAR, ROUND_HALF_UP)) for n in (high, -low))
    return words("gap", "either", language, less=less, more=more, treatment=treatment)


def _gap(low: Decimal, high: Decimal, language: str) -> str:
    return span(low, high, low == high, language)


def read_numbers(pairs: Iterable[str]) -> dict[str, Decimal]:
    """Numbers as people type them, `ID=NUMBER` each: dollars with or without a sign, 12% or 0.12.

    Raises OverrideError for what is not a number.
    """
    found: dict[str, Decimal] = {}
    for pair in pairs:
        ident, sign, text = pair.partition("=")
        plain = text.strip().removeprefix("$").replace(",", "")
        try:
            number = Decimal(plain.removesuffix("%"))
            found[ident.strip()] = number / HUNDRED if plain.endswith("%") else number
        except ArithmeticError:  # no number, or one beyond all numbers
            shown = text.strip() if sign else words("text", "bad_pair")
            raise OverrideError(ident.strip(), shown or words("text", "bad_pair")) from None
    return found
