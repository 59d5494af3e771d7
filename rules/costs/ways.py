"""The order of ways to pay: what fits, then the dollars that it saves this person, then the effort.

Dollars that no sum tells are weighed by the record's own word for them (`saves`); such a weight
orders and is never shown.
"""

from __future__ import annotations

from decimal import Decimal

from rules.result import PathShown, Result
from rules.rule_book import Book
from rules.schema.ways import PaymentOption

from .catalogue import catalogue
from .formulas import NONE
from .picture import CostPicture
from .recipes import YOU_PAY

GROUPS = ("leads", "fits", "may_fit", "far", "debt", "does_not_fit")
FIRST_GROUPS = ("leads", "fits", "may_fit")
UPHILL = "uphill"
UNKNOWN = "unknown"
WAY_APPLIES = "way_applies"
OTHER_COVER = ("apply_medicaid", "apply_va")  # for a person with insurance, only where all is met
INSURANCE = ("apply_medicaid", "apply_marketplace", "apply_va", "apply_medicare_help")


def first_ways(result: Result, book: Book) -> tuple[PathShown, ...]:
    """The ways to pay that are shown first, in order.

    Not among them: what does not fit, debt, what saves next to nothing, and what nobody knows to
    be this person's.
    """
    insured = bool(result.payer_order)
    shown = [
        p for p in result.paths
        if p.role == "pay" and group_of(p, book, insured, result.best) in FIRST_GROUPS
        and not _saves_little(p, book)
    ]  # fmt: skip
    return tuple(shown[: catalogue().shown_first])


def with_ways_in_order(result: Result, picture: CostPicture, book: Book) -> Result:
    """The result with its ways to pay ranked, in the places that ways to pay have among the paths.

    Debt does not fit where little is left to pay anyway.
    """
    little = _little_is_left(result, picture)
    paths = [_without_debt(p, book) if little else p for p in result.paths]
    insured, whole = bool(result.payer_order), _whole_price(picture)
    ranked = iter(
        sorted(
            (p for p in paths if p.role == "pay"),
            key=lambda p: _place(p, book, insured, result.best, whole),
        )
    )
    in_order = tuple(next(ranked) if p.role == "pay" else p for p in paths)
    ranked_result = result.model_copy(update={"paths": in_order})
    shown = tuple(p.id for p in first_ways(ranked_result, book))
    costs = result.costs.model_copy(update={"first_ways": shown})
    return ranked_result.model_copy(update={"costs": costs})


def group_of(path: PathShown, book: Book, insured: bool, best: str | None) -> str:
    """How near a way is to this person: one of GROUPS."""
    way = _way(path, book)
    if path.id == best:
        return "leads"
    if path.fit == "does_not_fit":
        return "does_not_fit"
    if way is not None and way.saves == "nothing":
        return "debt"
    not_told = any(c.id == WAY_APPLIES and c.value == UNKNOWN for c in path.criteria)
    if not_told or path.outlook == UPHILL or (insured and _is_far_from_insured(path)):
        return "far"
    return path.fit or "may_fit"


def _is_far_from_insured(path: PathShown) -> bool:
    """Whether a way leads to another insurance that nobody knows to be open and worth it."""
    if path.route in OTHER_COVER:
        return any(c.value != "met" for c in path.criteria)
    return path.route == "apply_marketplace"


def _way(path: PathShown, book: Book) -> PaymentOption | None:
    return book.ways.get(path.record or "")


def _place(
    path: PathShown, book: Book, insured: bool, best: str | None, whole: Decimal
) -> tuple[object, ...]:
    way = _way(path, book)
    dollars = _dollars(path, way, whole)
    effort = catalogue().effort[way.takes] if way is not None else Decimal(1)
    group = GROUPS.index(group_of(path, book, insured, best))
    cover_first = path.route not in INSURANCE  # it pays for whatever treatment comes
    return group, _saves_little(path, book), cover_first, -dollars * effort, path.id


def _dollars(path: PathShown, way: PaymentOption | None, whole: Decimal) -> Decimal:
    """The middle of what a way saves in the first year, or the weight of the record's word for it."""
    if path.saves is not None:
        return (Decimal(path.saves[0]) + Decimal(path.saves[1])) / 2
    return whole * catalogue().saves[way.saves] if way is not None else NONE


def _saves_little(path: PathShown, book: Book) -> bool:
    """Whether a way saves less in a year than is worth the walk, at its best."""
    way = _way(path, book)
    if path.saves is not None:
        return Decimal(path.saves[1]) < catalogue().least_saving
    return way is not None and way.saves in ("little", "nothing")


def _whole_price(picture: CostPicture) -> Decimal:
    """The middle of a first year's price of the treatment asked for; 1 where it has no sum."""
    line = picture.line(picture.baseline().id, YOU_PAY, "first_year")
    if line is None or line.low is None or line.high is None:
        return Decimal(1)
    return (line.low + line.high) / 2


def _little_is_left(result: Result, picture: CostPicture) -> bool:
    """Whether the leading path leaves little to pay: public cover that is to be had, or a small share."""
    leading = result.best_path
    if leading is None:
        return False
    if leading.route == "apply_medicaid":
        return leading.fit == "fits"
    left = next((x for x in picture.lines_of_path(leading.id) if x.kind == "share"), None)
    return (
        leading.coverage is not None
        and left is not None
        and left.high is not None
        and left.high <= catalogue().small_share
    )


def _without_debt(path: PathShown, book: Book) -> PathShown:
    way = _way(path, book)
    if way is None or way.saves != "nothing":
        return path
    return path.model_copy(update={"fit": "does_not_fit"})
