"""The levels of appeal as the state's own law has them: its outside review, and its time to decide."""

from __future__ import annotations

from ..facts.context import Facts
from ..facts.state import state_in_law
from ..made_once import made_once
from ..rule_book import Book
from ..schema.appeals import AppealLevel, AppealProcess, Clock, Decision
from ..schema.policies import Program
from ..schema.states import ExternalReview, OutsideReview, Review, WithoutAppealFirst

STATE_REVIEW = "external_review"  # the review of state insurance law
OF_MEDICAID = (
    "medicaid_outside_review"  # the review that a state gives members of its Medicaid plans
)

DAY = 24
MOST_HOURS = 72  # what is longer is told in days


def outside_review_of(facts: Facts) -> OutsideReview | None:
    """The outside review of the state where the person lives, for members of its Medicaid plans."""
    state = facts.book.states.get(facts.case.state or "")
    medicaid = state.medicaid if state is not None else None
    return medicaid.outside_review if medicaid is not None else None


def review_of_law(facts: Facts) -> ExternalReview | None:
    """The outside review in the law of the state whose insurance law counts."""
    state = state_in_law(facts)
    return state.external_review if state is not None else None


def opens_without_appeal(
    facts: Facts, level: AppealLevel, program: Program
) -> WithoutAppealFirst | None:
    """What the state says of a review with no appeal to the plan before, where it may speak here."""
    if level.state_limit == OF_MEDICAID:
        outside = outside_review_of(facts)
        return outside.without_appeal_first if outside is not None else None
    if level.state_limit != STATE_REVIEW or program.state_law != "insurance":
        return None
    review = review_of_law(facts) if facts["state_regulated"] is not False else None
    return review.without_appeal_first if review is not None else None


def in_state(facts: Facts, process: AppealProcess) -> AppealProcess:
    """An appeal process with what the state sets. A level that the state does not have is left out."""
    own = {level.state_limit for level in process.levels}
    outside = outside_review_of(facts) if OF_MEDICAID in own else None
    governs = STATE_REVIEW in own and facts["state_regulated"] is True
    return _in_state(facts.book, process, review_of_law(facts) if governs else None, outside)


@made_once
def _in_state(
    book: Book, process: AppealProcess, review: ExternalReview | None, outside: OutsideReview | None
) -> AppealProcess:
    levels: list[AppealLevel] = []
    for level in process.levels:
        if level.state_limit == OF_MEDICAID:
            if outside is not None:
                levels.append(_of_medicaid(level, outside))
        elif level.state_limit == STATE_REVIEW and review is not None:
            levels.append(_of_law(level, review))
        else:
            levels.append(level)
    return process.model_copy(update={"levels": tuple(levels)})


def _of_medicaid(level: AppealLevel, review: OutsideReview) -> AppealLevel:
    days = _days(review, review.standard_decision_days)
    decision = Decision(
        standard_before_service=days,
        standard_after_service=days,
        expedited=_hours(review.expedited_hours),
    )
    own = ("name", "file_within", "law", "how_to_start", "source", "also", "as_of", "confidence")
    told = {key: getattr(review, key) for key in (*own, "seen", "note")}
    return level.model_copy(update={**told, "decision": decision})


def _of_law(level: AppealLevel, review: ExternalReview) -> AppealLevel:
    """The state's time to decide in the place of the general one, where its law surely governs."""
    if review.confidence == "recalled":
        return level
    days = _days(review, _checked(review, "standard_decision_days"))
    hours = _hours(_checked(review, "expedited_hours"))
    if days is None and hours is None:
        return level
    general = level.decision
    decision = general.model_copy(
        update={
            "standard_before_service": days or general.standard_before_service,
            "standard_after_service": days or general.standard_after_service,
            "expedited": hours or general.expedited,
        }
    )
    return level.model_copy(update={"decision": decision, "source": review.source})


def _checked(review: ExternalReview, field: str) -> int | None:
    number: int | None = None if field in review.recalled_fields else getattr(review, field)
    return number


def _days(review: Review, number: int | None) -> Clock | None:
    return _clock(number, "business_days" if review.decision_in_business_days else "days")


def _hours(number: int | None) -> Clock | None:
    """Hours as people count them: 7 days, not 168 hours."""
    whole_days = number is not None and number > MOST_HOURS and number % DAY == 0
    return _clock(number // DAY, "days") if whole_days and number else _clock(number, "hours")


def _clock(number: int | None, unit: str) -> Clock | None:
    if number is None:
        return None
    return Clock.model_validate({"number": number, "unit": unit})
