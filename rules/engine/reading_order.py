"""The order in which paths are read, and which of them is put first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from ..facts.context import Facts
from ..logic import Truth
from ..result import Fit, Role
from ..schema.appeals import AppealLevel
from ..schema.policies import Policy
from ..schema.ways import PaymentOption
from ..vocabulary import COVERED, Route
from .outlook import RANK
from .paths import Candidate, Path


def best_first(candidates: list[Candidate]) -> tuple[Candidate, ...]:
    """The candidates of one route, the one that speaks first."""
    if len(candidates) == 1:
        return tuple(candidates)

    def key(c: Candidate) -> tuple[object, ...]:
        recalled = c.record.confidence == "recalled"  # a text that was read speaks first
        whether = whether_unknown(c)
        if isinstance(c.record, Policy):
            return speaks_first(c)
        first = c.last_days[0].date if c.last_days else dt.date.min  # the nearest last day leads
        return (
            whether or not has_fast_track(c), -RANK[c.outlook], whether, not c.exact,
            c.criteria_unknown, not c.ahead, first, recalled, c.record.id,
        )  # fmt: skip

    return tuple(sorted(candidates, key=key))


PROGRAM_LAYER = 2  # from here on a programme speaks, not the payer or the state


def speaks_first(c: Candidate) -> tuple[object, ...]:
    """The order in which rules speak: not the best by outlook, but the one for this person.

    The rule that surely names the diagnosis; of the programme that it is, or that it usually is;
    for this place and this age; of which the points were seen, in a text that was read. Of several
    ways to meet one rule, the way that is nearest.
    """
    program = c.program
    usual = program is None or program.default_when_unknown
    whether = whether_unknown(c)
    covers = isinstance(c.record, Policy) and c.record.position in COVERED
    of_this_state = isinstance(c.record, Policy) and bool(c.record.states)
    return (
        not c.exact,
        covers and c.outlook == "closed",
        whether and not usual,
        whether,
        any(j.id == "contract_state" and j.value is None for j in c.judged),
        _particular(c, covers),
        c.criteria_unknown,
        c.record.confidence == "recalled" or not c.record.seen,
        not of_this_state,
        -RANK[c.outlook],
        c.record.id,
    )


def _particular(c: Candidate, covers: bool) -> float:
    """How far a rule is from this person's own: the payer's, the state's, the programme's, any.

    A text that nobody has seen stands behind what a programme is known to cover, but before what a
    programme does not.
    """
    unread = c.criteria_unknown and (c.record.confidence == "recalled" or not c.record.seen)
    if c.layer < PROGRAM_LAYER:
        return PROGRAM_LAYER + 0.2 + c.layer / 10 if unread else c.layer
    return c.layer if covers or c.layer > PROGRAM_LAYER else c.layer + 0.5


def whether_unknown(candidate: Candidate) -> bool:
    """Whether nobody knows yet that the record speaks for this person."""
    return not candidate.open_points.isdisjoint(_WHETHER)


def has_fast_track(candidate: Candidate) -> bool:
    """Whether a level of appeal is urgent and can be asked for on a fast track."""
    level = candidate.record
    return (
        candidate.urgent and isinstance(level, AppealLevel) and level.decision.expedited is not None
    )


# --- the order of all paths --------------------------------------------------------------------

# The order in which paths of one outlook are read. A route that is not named stands with OTHER.
OTHER = 4

ROUTES_IN_ORDER: tuple[tuple[Route, ...], ...] = (
    ("internal_appeal", "external_review", "fair_hearing", "hearing"),  # once a plan has said no
    ("prior_authorization", "medical_exception", "formulary_exception", "claim", "facility_care", "community_care"),
    ("step_therapy_exception", "gap_exception", "secondary_claim"),
    ("apply_medicaid", "apply_marketplace", "apply_va", "apply_medicare_help"),
    (),
    ("related_services", "out_of_network_claim", "court"),
    ("hsa", "fsa", "hra", "tax_deduction", "self_pay"),
    ("complaint", "help_from_a_person", "consumer_right", "change_plan"),
    ("payment_plan", "borrowing"),  # debt comes last
)  # fmt: skip

REMEDIES = ROUTES_IN_ORDER[0]

_PLACE: dict[str, int] = {route: i for i, routes in enumerate(ROUTES_IN_ORDER) for route in routes}

_SAVES = {"most": 0, "much": 1, "some": 2, "little": 3, "nothing": 4}

_TAKES = {"days": 0, "weeks": 1, "months": 2}


def route_place(route: str, contingent: bool = False) -> int:
    """The place of a route among paths of one outlook. An appeal that waits for a no stands late."""
    if contingent and route in REMEDIES:
        return OTHER + 1
    return _PLACE.get(route, OTHER)


def pays(route: str, contingent: bool = False) -> bool:
    """Whether a path may bring or pay for the treatment by itself: no help, own money or later level of appeal."""
    return route_place(route, contingent) <= OTHER


def contingent(path: Path) -> bool:
    """Whether a path opens only if a plan says no, and nobody has said that one did."""
    return not path.best.open_points.isdisjoint(_NO)


REMEDY_ROUTES = ("complaint", "court")
SUPPORT_ROUTES = (
    "gap_exception", "step_therapy_exception", "out_of_network_claim", "related_services",
)  # fmt: skip


def role_of(path: Path) -> Role:
    """The place of a path in what a person reads: an insurance's answer, a remedy, a move, money, help."""
    record = path.best.record
    if isinstance(record, AppealLevel) or path.route in REMEDY_ROUTES:
        return "remedy"
    if path.coverage is not None:
        return "support" if path.route in SUPPORT_ROUTES else "coverage"
    way = record if isinstance(record, PaymentOption) else None
    return "help" if way is not None and way.about == "help" else "pay"


def fit_of_path(path: Path) -> Fit | None:
    """The fit of a path whose role is `pay` or `help`; None for what an insurance pays."""
    way = path.best.record
    if not isinstance(way, PaymentOption) or role_of(path) not in ("pay", "help"):
        return None
    fit = fit_of(way, path.best)
    asked_for = path.treatment in ("open", path.facts.case.request)
    # A cheap price of another treatment is no way to pay for the one that was asked for.
    return "may_fit" if fit == "fits" and way.about == "money" and not asked_for else fit


def in_reading_order(paths: Sequence[Path], first: Path | None) -> list[Path]:
    """All paths as they are to be read: `first`, then by outlook, and what pays before help, own
    money and appeals that are not due; among equals in the order in which they are given.
    """
    return sorted(
        paths,
        key=lambda p: (p is not first, -RANK[p.outlook], route_place(p.route, contingent(p))),
    )


def path_order(path: Path) -> tuple[object, ...]:
    """Outlook, then what it saves, then time: a running deadline first, then how long it takes.

    A path of which nobody knows yet whether it is this person's stands behind the sure ones.
    """
    best = path.best
    record = best.record
    way = record if isinstance(record, PaymentOption) else path.facts.book.routes.get(path.route)
    level = isinstance(record, AppealLevel)
    return (
        -RANK[path.outlook],
        path.coverage is None,
        whether_unknown(best),
        _SAVES[way.saves] if way else 0,
        not best.last_days,
        isinstance(record, PaymentOption),  # the plan's own rule before the ways around it
        path.treatment != (path.facts.case.request or path.treatment),
        _TAKES[way.takes] if way else 1,
        _number_of_level(best) if level else 0,
        path.id,
    )


def _number_of_level(candidate: Candidate) -> int:
    levels = candidate.appeal_process.levels if candidate.appeal_process is not None else ()
    return next((i for i, level in enumerate(levels) if level is candidate.record), 0)


# Criteria that say whether a record speaks for this person at all.
_NO = ("denied", "denied_before")
_WHETHER = ("programme_applies", "way_applies", "level_applies", *_NO)

# Places among the paths that may be put first, the first one leading. Between them stands the
# order of the paths. Help, a cheaper price and one's own money never lead for a person with cover.
AFTER_A_NO = 0.0

UNDER_A_RULE = 1.0

BESIDE_IT = 2.0

BY_EXCEPTION = 3.0

LAST_LEVELS = 4.0

AROUND_IT = 5.0

WITHOUT_COVER = {"cover": 1.0, "treatment": 2.0, "money": 3.0, "help": 4.0}

# Insurance that one can get: the public kind before one with a premium.
COVER_IN_ORDER: tuple[Route, ...] = ("apply_medicaid", "apply_marketplace", "apply_va")

LAST_LEVELS_OF = ("court", "complaint")  # after all else, whatever the appeal process says


def fit_of(way: PaymentOption, best: Candidate) -> Fit:
    """Not met is `does_not_fit`; open is `may_fit`, and so is a point that would help and is not met.

    Of what few people have, nobody is told that it may fit until they say that they have it.
    """
    asked = [j for j in best.judged if not j.informs_only]
    if best.outlook == "closed" or any(j.value is False for j in asked):
        return "does_not_fit"
    if way.rare and whether_unknown(best):
        return "does_not_fit"
    open_ones = any(j.value is None for j in asked)
    weaker = any(j.value is False for j in best.judged if j.informs_only)
    return "may_fit" if open_ones or weaker else "fits"


def lead_of_cover(route: str, best: Candidate) -> float | None:
    """The place of a cover's path among those that may lead; None where it never does.

    After a no the next open level of appeal leads, the first of its appeal process before others. What the label
    rules out never leads. A rule of which nobody knows that it is this person's does not lead to
    treatment "without prior approval".
    """
    if best.outlook == "closed":
        return None
    if isinstance(best.record, AppealLevel):
        told = all(j.value is not None for j in best.judged if j.id == "denied")
        if not told or best.broken == "rules_out":
            return None
        if route in LAST_LEVELS_OF:
            return LAST_LEVELS
        return AFTER_A_NO + _number_of_level(best) / 100 + _hurry(best)
    if best.broken is not None or (route == "claim" and whether_unknown(best)):
        return None
    if route == "related_services":
        return AROUND_IT
    if RANK[best.outlook] < RANK["not_yet"]:
        return BY_EXCEPTION
    rules = isinstance(best.record, Policy) and not route.endswith("_exception")
    return UNDER_A_RULE if rules else BESIDE_IT


def _hurry(best: Candidate) -> float:
    """What moves a level of appeal before the others of its process, or behind them.

    One that keeps running care going comes first; then a review that the law opens at once, though
    nothing is urgent. One whose day has passed by the careful count comes behind those that run, and
    last of all one of which nobody knows whether it is this person's.
    """
    if whether_unknown(best):
        return 0.5
    if not best.ahead:
        return 0.4
    if best.keep is not None:
        return -0.7
    return -0.5 if best.early is not None and not best.urgent else 0.0


def lead_of_way(way: PaymentOption, best: Candidate, root: Facts) -> float | None:
    """The place of a way to pay, or to get help, among the paths that may lead."""
    insured: Truth = root["insured"]
    if insured is not False or best.broken is not None:
        return None
    fit = fit_of(way, best)
    if fit == "does_not_fit":
        return None
    place = WITHOUT_COVER[way.about]
    if way.about != "cover":
        return place
    # One that fits leads; one of which too little is known comes next; one that lacks what would
    # make it cheap, or that few people have, waits behind the ways to the treatment itself.
    unlikely = whether_unknown(best) or any(j.value is False for j in best.judged)
    condition = way.leads_without_help_when
    if condition is not None and root.test(condition).value is True:
        unlikely = False
    place += 1.5 if unlikely else 0.3 if fit == "may_fit" else 0.0
    return place + (COVER_IN_ORDER.index(way.route) / 100 if way.route in COVER_IN_ORDER else 0.1)


def leading_path(paths: Sequence[Path]) -> Path | None:
    """The path to put first before a person, of paths in reading order; None where none may lead."""
    return next((p for p in paths[:1] if p.lead is not None), None)
