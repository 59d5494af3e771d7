"""From criteria to an outlook: the one place where the five outlooks are decided.

Ranks: likely 4, possible 3, not_yet 2, uphill 1, closed 0. A candidate starts from what its rule
would give at best (`base`), and loses what its criteria and the caveats about the rule take away.
"""

from __future__ import annotations

from collections.abc import Sequence

from .criteria import CriterionResult

RANK = {"closed": 0, "uphill": 1, "not_yet": 2, "possible": 3, "likely": 4}
BY_RANK = {v: k for k, v in RANK.items()}


def at_most_possible(found: str) -> str:
    return BY_RANK[min(RANK[found], RANK["possible"])]


def outlook(base: str, judged: Sequence[CriterionResult], limited_by_confidence: bool) -> str:
    """The outlook of a rule whose best is `base`.

    Not met and unchangeable is closed; not met but changeable is not yet; unknown is at most
    possible; a rule that nobody has checked is at most possible too (`capped`).
    A base of uphill or closed keeps what it is, but what rules a path out still closes it.
    Where the drug's label does not speak for the person, people try by exception: uphill.
    """
    deciding = [j for j in judged if not j.informs_only]
    stuck = [j for j in deciding if j.value is False and not j.changeable]
    if any(j.binds != "outside_label" for j in stuck):
        return "closed"
    if stuck or RANK[base] <= RANK["uphill"]:
        return BY_RANK[min(RANK[base], RANK["uphill"])]
    values = [(j.value, j.changeable) for j in deciding]
    if any(v is False for v, _ in values):
        return "not_yet"
    if limited_by_confidence or any(v is None for v, _ in values):
        return at_most_possible(base)
    return base


def outlook_of_label(
    base: str, judged: Sequence[CriterionResult], limited_by_confidence: bool
) -> str:
    """The outlook where only the label's terms are known: one that rules out makes it uphill."""
    found = outlook(base, judged, limited_by_confidence)
    stuck = any(j.informs_only and j.value is False and not j.changeable for j in judged)
    return "uphill" if stuck and RANK[found] > RANK["uphill"] else found
