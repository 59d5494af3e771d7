"""How a screen reads a result: what leads, what stands in the first handful, what is folded.

Pure. The outlooks are the engine's; here is only the order in which a person meets the paths.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.result import PathShown, QuestionShown, Result, StepShown
from rules.vocabulary import OUTLOOKS

# The order in which a person meets paths of one outlook. A route that is not named stands with "other".
READING_ORDER: tuple[tuple[str, ...], ...] = (
    ("internal_appeal", "external_review", "fair_hearing", "hearing"),  # once a plan has said no
    ("prior_authorization", "medical_exception", "formulary_exception", "claim", "facility_care", "community_care"),
    ("step_therapy_exception", "gap_exception", "secondary_claim"),
    ("apply_medicaid", "apply_marketplace", "apply_va", "apply_medicare_help"),
    ("other",),
    ("related_services", "out_of_network_claim", "court"),
    ("hsa", "fsa", "hra", "tax_deduction", "payment_plan", "borrowing", "self_pay"),
    ("complaint", "help_from_a_person", "consumer_right", "change_plan"),
)  # fmt: skip
OTHER = next(i for i, routes in enumerate(READING_ORDER) if "other" in routes)
AFTER_A_NO = READING_ORDER[0]
MOST_TO_LEAD = OTHER  # what stands later pays nothing by itself, or is one's own money
FIRST_HANDFUL = 5


@dataclass(frozen=True)
class Group:
    """The paths of one outlook, of covers or of ways to pay, in the order to read them."""

    outlook: str
    of_cover: bool
    paths: tuple[PathShown, ...]


def in_reading_order(result: Result) -> tuple[PathShown, ...]:
    """All paths: by outlook, then those that pay before help, own money and appeals not yet due."""
    place = {p.id: i for i, p in enumerate(result.paths)}
    return tuple(
        sorted(result.paths, key=lambda p: (OUTLOOKS.index(p.outlook), _weight(p), place[p.id]))
    )


def _weight(path: PathShown) -> int:
    if path.route in AFTER_A_NO and waits_for_a_no(path):
        return OTHER + 1
    return next((i for i, routes in enumerate(READING_ORDER) if path.route in routes), OTHER)


def waits_for_a_no(path: PathShown) -> bool:
    """Whether this path opens only if a plan says no, and nobody has said that it did."""
    return any(c.id in ("denied", "denied_before") and c.value == "unknown" for c in path.criteria)


def best_path(result: Result) -> PathShown | None:
    """The path to lead with: the engine names it."""
    return next((p for p in result.paths if p.id == result.best), None)


def due_appeal(result: Result) -> PathShown | None:
    """The next way to ask again where a plan said no, the earliest last day first."""
    due = [p for p in in_reading_order(result) if is_due_appeal(p)]
    return min(due, key=lambda p: p.deadlines[0].act_by, default=None)


def is_due_appeal(path: PathShown) -> bool:
    """Whether a plan said no and this is the next way to ask again, with its last day still ahead."""
    return (
        path.route in AFTER_A_NO
        and path.outlook != "closed"
        and not waits_for_a_no(path)
        and any(not d.passed for d in path.deadlines)
    )


def next_step(path: PathShown) -> StepShown | None:
    """The first thing to do on a path. What has to be found out first is listed as questions."""
    doing = [s for s in path.next_steps if s.kind == "do"]
    return next(iter(doing or path.next_steps), None)


def groups(result: Result) -> tuple[Group, ...]:
    """The paths of covers by outlook, best first, then the ways to pay; empty ones are left out."""
    ordered = in_reading_order(result)
    return tuple(
        Group(o, of_cover, found)
        for of_cover in (True, False)
        for o in OUTLOOKS
        if (
            found := tuple(
                p for p in ordered if p.outlook == o and (p.coverage is not None) is of_cover
            )
        )
    )


def handful(result: Result, lead: PathShown | None) -> tuple[PathShown, ...]:
    """The few paths to look at first: the leading one, an appeal that is due, then the best others."""
    due = due_appeal(result)
    open_ones = [p for p in in_reading_order(result) if p.outlook != "closed"]
    first = [p for p in open_ones if _weight(p) <= MOST_TO_LEAD]
    others = [p for p in (*first, *open_ones) if lead is None or p.id != lead.id]
    found = dict.fromkeys(
        p.id for p in [*([lead] if lead else []), *([due] if due else []), *others]
    )
    by_id = {p.id: p for p in result.paths}
    return tuple(by_id[i] for i in list(found)[:FIRST_HANDFUL])


def find_out_first(result: Result) -> tuple[QuestionShown, ...]:
    """The open questions, those that most paths wait for first."""
    return result.questions
