"""The result of a case, from its evaluated paths."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from ..case import Case
from ..engine.answers import answers_of
from ..engine.paths import Candidate, Path
from ..engine.reading_order import contingent, fit_of_path, leading_path, role_of
from ..facts.context import Facts
from ..messages import phrase
from ..result import AlternativeShown, AppealShown, PathShown, Result
from ..rule_book import Book
from ..schema.appeals import AppealLevel
from ..schema.base import Duration
from ..schema.policies import Policy
from ..schema.ways import PaymentOption
from .answers import show_answers, this_week
from .billing_codes import Claim, billed_to, codes_of, head_of, session_on
from .changes import show_changes
from .criteria import show_criterion, told_criteria
from .deadlines import days_of_path, show_last_days
from .decision_times import answer_times
from .insurance_names import level_name
from .next_steps import documents_of, first_act, steps_of
from .payer_order import order_notes, show_order
from .questions import questions
from .reasons import reasons_of
from .safety import safety_notes
from .sources import sources_of
from .state_law import laws_for, state_says
from .text_in_full import spell
from .trials import show_trials
from .windows import show_windows

OTHER_STATE_LAW = ("workers_compensation", "auto_insurance")  # a state's, but not its insurance law


def present(case: Case, paths: list[Path], today: dt.date, book: Book) -> Result:
    """The result of a case, from its evaluated paths."""
    root = _root(case, paths) or Facts(case, book, today)
    shown = tuple(show_path(p, today) for p in paths)
    answers = answers_of(root, paths)
    first = leading_path(paths)
    return Result(
        today=today,
        rules_version=book.version,
        safety=tuple(safety_notes(root)),
        payer_order=tuple(show_order(root)),
        answers=tuple(show_answers(answers, {p.id for p in paths})),
        this_week=this_week(first, root),
        windows=show_windows(root, shown),
        paths=shown,
        best=first.id if first else None,
        first_act=first_act(first, root),
        questions=tuple(questions(case, paths, root)),
        trials=show_trials(root, paths),
        notes=tuple(order_notes(case, book)),
    )


def _root(case: Case, paths: list[Path]) -> Facts | None:
    """The view of the whole case from which the paths were found, with all that it has made."""
    for path in paths:
        root = path.facts
        while root.parent is not None:
            root = root.parent
        if root.case is case:
            return root
    return None


def show_path(path: Path, today: dt.date) -> PathShown:
    best = path.best
    reasons, doubts = reasons_of(path)
    return PathShown(
        id=path.id,
        coverage=path.coverage,
        treatment=path.treatment,
        route=path.route,
        role=role_of(path),
        name=_name(path),
        outlook=path.outlook,
        fit=fit_of_path(path),
        reason=" ".join(s.text for s in reasons),
        reasons=reasons,
        doubts=tuple(s.text for s in doubts),
        caveats=best.caveats,
        contingent=contingent(path),
        criteria=tuple(show_criterion(path.facts, j, best.record) for j in told_criteria(path)),
        alternatives=tuple(_alternative(path, c, today) for c in path.candidates[1:]),
        **_of_policy(best.record),
        authorization=_authorization(best),
        **_billed(path, today),
        law=_law(path),
        **_what_to_do(path),
        deadlines=tuple(days_of_path(path, today)),
        appeal=_appeal(best),
        answer_times=tuple(answer_times(path)),
        cost_note=best.record.cost_note if isinstance(best.record, PaymentOption) else None,
        pitfalls=_pitfalls(path),
        would_change=tuple(show_changes(path)),
        **_from_the_state(path),
        rates=tuple(_rates(path)),
        record=best.record.id,
        program=best.program.id if best.program is not None else None,
    )


def _what_to_do(path: Path) -> dict[str, Any]:
    """The steps of a path and its papers."""
    steps = tuple(steps_of(path))
    return {
        "first_step": steps[0].id if steps else None,
        "next_steps": steps,
        "documents": tuple(documents_of(path)),
    }


def _from_the_state(path: Path) -> dict[str, Any]:
    """What the state's own law says on a path, and all sources that the path rests on."""
    laws, here = tuple(laws_for(path)), tuple(state_says(path))
    return {
        "laws": tuple(told.sentence for told in laws),
        "in_your_state": tuple(told.sentence for told in here),
        "sources": tuple(sources_of(path, path.facts.book, (*laws, *here))),
    }


def _of_policy(record: Policy | PaymentOption | AppealLevel) -> dict[str, Any]:
    """What only a policy says."""
    if not isinstance(record, Policy):
        return {}
    return {
        "renewal": _renewal(record),
        "expects": record.documentation_required,
        "benefit": record.benefit,
        "quantity_limit": record.quantity_limit,
    }


def _name(path: Path) -> str:
    record = path.best.record
    if isinstance(record, AppealLevel):
        return level_name(path) or phrase("route", path.route)
    if isinstance(record, PaymentOption):
        return record.name
    return phrase("route", path.route)


def _route_way(path: Path) -> PaymentOption | None:
    record = path.best.record
    return record if isinstance(record, PaymentOption) else path.facts.book.routes.get(path.route)


def _pitfalls(path: Path) -> tuple[str, ...]:
    """What to watch for; of a level of appeal first the amount that must be in dispute."""
    way, record = _route_way(path), path.best.record
    amount = record.amount_in_controversy if isinstance(record, AppealLevel) else None
    return (*((amount,) if amount else ()), *(way.pitfalls if way is not None else ()))


def _authorization(candidate: Candidate) -> str | None:
    record = candidate.record
    return _duration(record.authorization.first) if isinstance(record, Policy) else None


def _renewal(record: Policy) -> str | None:
    """How long a renewal lasts, and what it asks for."""
    period = record.authorization
    again = _duration(period.renewal)
    told = [spell(again, "renewal")] if again else []
    if period.renewal_needs:
        told.append(phrase("authorization", "needs", needs=period.renewal_needs))
    return " ".join(told) or None


def _duration(period: Duration | None) -> str | None:
    if period is None:
        return None
    return f"{period.number} {period.unit}" if period.number else period.note


def claim_of(path: Path, today: dt.date) -> Claim:
    """The codes of a session today, by the rule and by what its payer takes."""
    rule, facts = path.best.record, path.facts
    if not isinstance(rule, Policy):
        return ()
    payer, session = billed_to(facts, path.best.program), session_on(facts, rule.treatment, today)
    return codes_of(facts.book, rule.treatment, payer, session, rule)


def _billed(path: Path, today: dt.date) -> dict[str, Any]:
    claim = claim_of(path, today)
    return {"codes": tuple(dict.fromkeys(c.code.code for c in claim)), "bill": head_of(claim)}


def _law(path: Path) -> str | None:
    if path.coverage is None:
        return None
    governs = path.facts["state_law"]
    reaches = path.facts["state_regulated"]
    if governs in OTHER_STATE_LAW:
        return str(governs)
    return {True: "state", False: "not_state", None: "unknown"}[reaches]


def _rates(path: Path) -> Iterable[str]:
    if not isinstance(path.best.record, AppealLevel):
        return
    state = path.facts.case.state
    for rate in path.facts.book.rates:
        if path.route in rate.shown_for_routes and (not rate.states or state in rate.states):
            yield rate.id


def _appeal(candidate: Candidate) -> AppealShown | None:
    """What the law says of the level of appeal that a candidate is."""
    level, appeal_process = candidate.record, candidate.appeal_process
    if not isinstance(level, AppealLevel) or appeal_process is None:
        return None
    return AppealShown(
        appeal_process=appeal_process.id,
        level=level.id,
        program=candidate.program.id if candidate.program is not None else None,
        how_to_start=level.how_to_start,
        keeps_benefits=level.keeps_benefits,
        before_you_start=appeal_process.before_you_start,
        source=level.source,
    )


def _alternative(path: Path, candidate: Candidate, today: dt.date) -> AlternativeShown:
    record = candidate.record
    text = getattr(record, "says", None) or getattr(record, "name", "") or ""
    if isinstance(record, Policy) and candidate.alternative:
        text = next(
            (a.says or text for a in record.alternatives if a.id == candidate.alternative), text
        )
    return AlternativeShown(
        id=f"{record.id}.{candidate.alternative}" if candidate.alternative else record.id,
        text=text or record.id,
        outlook=candidate.outlook,
        criteria=tuple(show_criterion(path.facts, j, record) for j in candidate.judged),
        appeal=_appeal(candidate),
        deadlines=tuple(show_last_days((candidate,), today)),
    )
