"""From paths to the result that travels: reasons, criteria, steps, dates, sources, in words.

Nothing is decided here. Every sentence names the answers and the rule that it rests on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from .book import Book
from .clocks import answer_times
from .codes import billed_to, codes_on
from .dates import LastDay
from .derive import SUICIDALITY, Facts
from .engine import (
    Candidate,
    KeepDay,
    Path,
    act_by,
    day_to_keep,
    headline,
    label_fits,
    must_arrive,
    running_days,
)
from .judge import Judged
from .limits import in_view, limits_told
from .logic import Verdict, leaves, open_leaves
from .model import (
    AlternativeShown,
    Case,
    Change,
    CriterionShown,
    DeadlineShown,
    PathShown,
    PayerPosition,
    Result,
    SafetyNote,
    Sentence,
    SourceShown,
)
from .order import payer_order
from .questions import questions
from .schema.appeals import Level
from .schema.base import Cited
from .schema.clinical import LabelLimit
from .schema.policies import Policy
from .schema.ways import Way
from .state_law import Told, laws_for, state_says, terms_of
from .steps import (
    day_to_ask,
    documents_of,
    first_act,
    steps_of,
    waits_for_thoughts,
)
from .whatif import known_part, suggestions
from .wording import answer_words, criterion_words, ruling_out_words, word_label
from .words import join_words, phrase

VALUES = {True: "met", False: "not_met", None: "unknown"}
OTHER_STATE_LAW = ("workers_compensation", "auto_insurance")  # a state's, but not its insurance law
CRISIS_THOUGHTS = ("passive", "active")


def present(case: Case, paths: list[Path], today: dt.date, book: Book) -> Result:
    """The result of a case, from its evaluated paths."""
    facts = paths[0].facts if paths else Facts(case, book, today)
    root = facts
    while root.parent is not None:
        root = root.parent
    shown = tuple(show_path(p, today) for p in paths)
    first = headline(paths)
    return Result(
        today=today,
        rules_version=book.version,
        safety=tuple(safety_notes(root)),
        payer_order=tuple(show_order(root)),
        paths=shown,
        best=first.id if first else None,
        first_act=first_act(first, root),
        questions=tuple(questions(case, paths, root)),
        notes=tuple(order_notes(case, book)),
    )


# --- a path -----------------------------------------------------------------------------------


def show_path(path: Path, today: dt.date) -> PathShown:
    best, book = path.best, path.facts.book
    reasons, doubts = reasons_of(path)
    steps = tuple(steps_of(path))
    days = tuple(show_last_days(path.candidates, today))
    laws, here = tuple(laws_for(path)), tuple(state_says(path))
    return PathShown(
        id=path.id,
        coverage=path.coverage,
        treatment=path.treatment,
        route=path.route,
        name=_name(path),
        outlook=path.outlook,
        reason=" ".join(s.text for s in reasons),
        reasons=reasons,
        doubts=tuple(s.text for s in doubts),
        criteria=tuple(show_criterion(path.facts, j, best.record) for j in told_criteria(path)),
        alternatives=tuple(_alternative(path, c) for c in path.candidates[1:]),
        expects=best.record.expects if isinstance(best.record, Policy) else (),
        benefit=best.record.benefit if isinstance(best.record, Policy) else None,
        authorization=_authorization(best),
        quantity_limit=best.record.quantity_limit if isinstance(best.record, Policy) else None,
        codes=_codes(path, today),
        law=_law(path),
        next_steps=steps,
        documents=tuple(documents_of(path)),
        deadlines=days,
        answer_times=tuple(answer_times(path)),
        cost_note=best.record.cost_note if isinstance(best.record, Way) else None,
        pitfalls=_pitfalls(path),
        would_change=tuple(show_changes(path)),
        laws=tuple(told.sentence for told in laws),
        in_your_state=tuple(told.sentence for told in here),
        rates=tuple(_rates(path)),
        sources=tuple(sources_of(path, book, (*laws, *here))),
        record=best.record.id,
    )


def _name(path: Path) -> str:
    record = path.best.record
    if isinstance(record, (Way, Level)):
        return record.name
    return phrase("route", path.route)


def _route_way(path: Path) -> Way | None:
    record = path.best.record
    return record if isinstance(record, Way) else path.facts.book.routes.get(path.route)


def _pitfalls(path: Path) -> tuple[str, ...]:
    """What to watch for; of a level of appeal first the amount that must be in dispute."""
    way, record = _route_way(path), path.best.record
    amount = record.amount_in_controversy if isinstance(record, Level) else None
    return (*((amount,) if amount else ()), *(way.pitfalls if way is not None else ()))


def _authorization(candidate: Candidate) -> str | None:
    record = candidate.record
    if not isinstance(record, Policy) or record.authorization.first is None:
        return None
    first = record.authorization.first
    return f"{first.number} {first.unit}" if first.number else first.note


def _codes(path: Path, today: dt.date) -> tuple[str, ...]:
    """The codes that the rule names, as they stand on the claim of a visit today."""
    best = path.best
    if not isinstance(best.record, Policy):
        return ()
    payer = billed_to(path.facts, best.program)
    return codes_on(path.facts.book, best.record.codes, payer, today)


def _law(path: Path) -> str | None:
    if path.coverage is None:
        return None
    governs = path.facts["state_law"]
    reaches = path.facts["state_regulated"]
    if governs in OTHER_STATE_LAW:
        return str(governs)
    return {True: "state", False: "not_state", None: "unknown"}[reaches]


def _rates(path: Path) -> Iterable[str]:
    if not isinstance(path.best.record, Level):
        return
    state = path.facts.case.state
    for rate in path.facts.book.rates:
        if path.route in rate.shown_for_routes and (not rate.states or state in rate.states):
            yield rate.id


# --- reasons ------------------------------------------------------------------------------------


def reasons_of(path: Path) -> tuple[tuple[Sentence, ...], list[Sentence]]:
    """Why this outlook, in full, and the part of it that tells what nobody has checked."""
    doubts = doubt_sentences(path, path.best)
    return (*_reason_sentences(path), *doubts), doubts


def _reason_sentences(path: Path) -> Iterable[Sentence]:
    """The rule's own sentence, then what is met, missing or not known."""
    best = path.best
    record = best.record
    basis = _basis(path)
    says = getattr(record, "says", None)
    for limit in _broken_limits(path):
        because = path.facts.read(limit.criterion.fact).because
        yield Sentence(text=limit.says, because=because or basis, source=limit.source)
    if isinstance(record, Policy):
        yield Sentence(
            text=says or phrase("position", record.position), because=basis, source=record.source
        )
    elif isinstance(record, Way):
        yield Sentence(text=record.says, because=basis, source=record.source)
        yield from (told.sentence for told in terms_of(path))
    else:
        denied = path.facts["denied"] is True
        yield Sentence(
            text=phrase("level", "appeal" if denied else "appeal_if"),
            because=basis,
            source=record.source,
        )
    off_label = path.facts.book.off_label.get(path.treatment)
    decides = isinstance(record, Policy) or path.route == "medical_exception"
    if off_label is not None and decides and label_fits(path.facts, path.treatment) is False:
        because = path.facts.read("indication").because or basis
        yield Sentence(text=off_label.says, because=because, source=off_label.source)
    yield from _outlook_sentence(path, best)


def _broken_limits(path: Path) -> list[LabelLimit]:
    """The limits of the label that the answers break: said before all other reasons."""
    ids = {j.id for j in path.best.judged if j.binds is not None and j.value is False}
    limits = path.facts.book.label_limits.get(path.treatment, ())
    return [limit for limit in limits if limit.id in ids]


def _basis(path: Path) -> tuple[str, ...]:
    """The answers that led to this record: the cover it speaks for and the diagnosis."""
    if "basis" not in path.memo:
        path.memo["basis"] = _basis_of(path)
    kept: tuple[str, ...] = path.memo["basis"]
    return kept


def _basis_of(path: Path) -> tuple[str, ...]:
    because: list[str] = []
    if path.coverage is not None:
        cover = path.facts.coverage
        because.append(f"coverages[{path.coverage}].kind")
        if cover is not None and cover.payer:
            because.append(f"coverages[{path.coverage}].payer")
    for judged in path.best.judged:
        for leaf in leaves(judged.verdict):
            because.extend(path.facts.read(leaf.node.key).because)
        if len(because) > 4:
            break
    return tuple(dict.fromkeys(because)) or ("request",)


def _outlook_sentence(path: Path, best: Candidate) -> Iterable[Sentence]:
    facts = path.facts
    deciding = [j for j in best.judged if not j.informs_only]
    unknown = [j for j in deciding if j.value is None]
    unmet = [j for j in deciding if j.value is False]
    met = [j for j in deciding if j.value is True and j.criterion is not None]
    source = best.record.source

    def sentence(key: str, judged: list[Judged], name: str) -> Sentence:
        because = tuple(
            dict.fromkeys(
                b for j in judged for leaf in leaves(j.verdict) for b in _because(facts, leaf)
            )
        )
        tell = ruling_out_words if key == "excluded_by" else criterion_words
        words = {name: join_words([tell(facts, j) for j in judged])} if judged else {}
        sources = [j.source for j in judged if j.source]
        return Sentence(
            text=phrase("level", key, **words),
            because=because or _basis(path),
            source=sources[0] if sources else source,
        )

    match path.outlook:
        case "likely":
            yield sentence("likely", met, "met") if met else sentence("likely_plain", [], "")
        case "possible":
            if best.placeholder:
                yield sentence("possible_placeholder", [], "")
            if unknown:
                yield sentence("possible_unknown", unknown, "unknown")
            elif not best.placeholder and not best.doubts:
                yield sentence("possible_plain", [], "")
        case "not_yet":
            if unmet:
                yield sentence("not_yet", unmet, "unmet")
        case "uphill":
            if not isinstance(best.record, Way) and best.broken is None:
                yield sentence("uphill", [], "")
        case "closed":
            late = isinstance(best.record, Level) and best.outlook == "closed" and not unmet
            holds = [j for j in unmet if j.excludes]
            if late:
                yield sentence("deadline_passed", [], "")
            elif holds:
                yield sentence("excluded_by", holds, "met")
            elif unmet:
                yield sentence("closed", [j for j in unmet if not j.changeable] or unmet, "unmet")
            else:
                yield sentence("closed_plain", [], "")


def doubt_sentences(path: Path, candidate: Candidate) -> list[Sentence]:
    """What nobody has checked about a rule, and whom to ask."""
    record = candidate.record
    ask = phrase("ask", "plan" if path.coverage is not None else "office")
    weeks = path.facts.book.default_trial.min_weeks
    found = []
    for doubt in candidate.doubts:
        values: dict[str, Any] = {
            "ask": ask,
            "as_of": record.as_of,
            "weeks": weeks,
            "disagreement": getattr(record, "disagreement", None),
        }
        text = phrase("doubt", doubt, **values)
        found.append(Sentence(text=text, because=_basis(path), source=record.source))
    return found


# --- criteria -----------------------------------------------------------------------------------


def _because(facts: Facts, leaf: Verdict) -> tuple[str, ...]:
    return facts.read(leaf.node.key).because


def told_criteria(path: Path) -> list[Judged]:
    """The criteria to list. What only an answer about thoughts of suicide would settle is not one."""
    return [j for j in path.best.judged if not waits_for_thoughts(path.facts, j.verdict)]


def show_criterion(facts: Facts, judged: Judged, record: Cited) -> CriterionShown:
    """One criterion with its value, its answer, and what would settle it."""
    found = leaves(judged.verdict)
    reads = [facts.read(leaf.node.key) for leaf in found]
    value = judged.value
    return CriterionShown(
        id=judged.id,
        text=criterion_words(facts, judged),
        value=VALUES[value],
        because=tuple(dict.fromkeys(b for r in reads for b in r.because)),
        answer=answer_words(judged.verdict),
        source=judged.source,
        as_of=record.as_of,
        confidence=record.confidence,
        changeable=judged.changeable,
        exclusion=judged.excludes,
        of_label=judged.binds is not None,
        weight=_weight(judged, record),
        parts=_parts_of(facts, judged, record),
        missing=tuple(
            dict.fromkeys(
                m for leaf in open_leaves(judged.verdict) for m in facts.read(leaf.node.key).missing
            )
        ),
    )


def _weight(judged: Judged, record: Cited) -> Literal["decides", "helps", "expected"]:
    """What a criterion does to the outlook: what only informs is a help, or what a plan may ask."""
    if not judged.informs_only:
        return "decides"
    return "helps" if isinstance(record, Way) else "expected"


def _parts_of(facts: Facts, judged: Judged, record: Cited) -> tuple[CriterionShown, ...]:
    if judged.verdict.node.kind not in ("all", "any"):
        return ()
    parts = (
        Judged(f"{judged.id}_{i}", None, part, judged.changeable, judged.source)
        for i, part in enumerate(judged.verdict.parts)
    )
    return tuple(show_criterion(facts, part, record) for part in parts)


def _alternative(path: Path, candidate: Candidate) -> AlternativeShown:
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
    )


def show_last_days(candidates: Sequence[Candidate], today: dt.date) -> Iterable[DeadlineShown]:
    """The day to ask that care goes on, then the last day to file."""
    yield from sorted(
        (*_show_day_to_keep(candidates, today), *_show_day_to_file(candidates, today)),
        key=lambda d: (d.passed, d.act_by, d.kind == "file"),
    )


def _show_day_to_keep(candidates: Sequence[Candidate], today: dt.date) -> Iterable[DeadlineShown]:
    """The day to ask that care which runs goes on; just past, it says what is left."""
    kept = day_to_keep(candidates, today)
    if kept is None or kept[0].date is None:
        return
    day, candidate = kept
    assert day.date is not None
    assert day.start is not None
    ask = day_to_ask(day, today)
    told = "keep_care_over" if day.over(today) else "keep_care"
    values = {"date": day.date.isoformat(), "act_by": ask.isoformat()}
    says = day.care.if_late if day.over(today) else day.care.says
    yield DeadlineShown(
        id=f"{candidate.record.id}.keep_care",
        kind="keep_care",
        date=day.date,
        act_by=ask,
        counted_from=_counted_to_keep(day),
        text=f"{phrase('deadline', told, **values)} {says}",
        passed=False,
        says=says,
        source=day.care.source,
        confidence=day.care.confidence,
    )


def _counted_to_keep(day: KeepDay) -> str:
    assert day.start is not None
    return f"{day.start.isoformat()}: {phrase('deadline', day.how)}"


def _show_day_to_file(candidates: Sequence[Candidate], today: dt.date) -> Iterable[DeadlineShown]:
    """The last day to file: the earliest reading leads, the others stand beside it."""
    days = running_days(candidates)
    if not days:
        return
    first, candidate = days[0]
    others = dict.fromkeys(
        f"{d.date.isoformat()} ({_counted_from(d)})" for d, _ in days[1:] if d.date != first.date
    )
    act = act_by(first, candidate, today)
    told = "text" if first.date >= today else "passed" if _all_over(candidates) else "passed_once"
    text = phrase("deadline", told, date=first.date.isoformat())
    why = _why_earlier(candidate) if told == "text" and act != first.date else None
    if why is not None:
        text += phrase("deadline", why, act_by=act.isoformat())
    yield DeadlineShown(
        id=f"{candidate.record.id}.file",
        urgent=candidate.urgent and told == "text",
        earlier_because=why,
        date=first.date,
        act_by=act,
        counted_from=_counted_from(first),
        text=text,
        passed=first.date < today,
        source=first.reading.source,
        confidence=first.reading.confidence,
        other_readings=tuple(others),
    )


def _why_earlier(candidate: Candidate) -> Literal["weekend", "arrival", "urgent"]:
    """Why the day to act by lies before the last day."""
    if candidate.urgent:
        return "urgent"
    return "arrival" if must_arrive(candidate) else "weekend"


def _all_over(candidates: Sequence[Candidate]) -> bool:
    """Whether the time to file is over by every way of counting that may apply."""
    return all(c.outlook == "closed" for c in candidates if c.last_days)


def _counted_from(day: LastDay) -> str:
    return (
        f"{day.start.isoformat()}: {phrase('deadline', day.counted_from, days=day.presumed_days)}"
    )


# --- what would change it ---------------------------------------------------------------------------


def show_changes(path: Path) -> Iterable[Change]:
    for suggestion in suggestions(path):
        parts = [_change_text(path.facts, e.leaf, e.value) for e in suggestion.edits]
        yield Change(
            change=phrase("change", "and").join(dict.fromkeys(parts)),
            to=suggestion.to,
            edits=tuple(
                dict.fromkeys(
                    e.key[0] if isinstance(e.key, tuple) else e.key for e in suggestion.edits
                )
            ),
        )


def _change_text(facts: Facts, leaf: Verdict, value: Any) -> str:
    record = facts.book.facts[leaf.node.fact or ""]
    if leaf.node.kind == "at_least" and leaf.value is False:
        more = value - known_part(facts.read(leaf.node.key))
        return phrase("change", "number", more=f"{more:g}", name=record.name, value=f"{value:g}")
    if isinstance(value, bool):
        text = record.says_yes if value else record.says_no
        return phrase("change", "confirm", text=text) if leaf.value is None else str(text)
    if isinstance(value, (int, float)):
        return phrase(
            "change", "number_set", name=record.name, value=f"{value:g}", unit=record.unit or ""
        )
    return phrase(
        "change", "words", name=record.name, value=word_label(facts.book, record.id, str(value))
    )


# --- sources, questions, order, safety ------------------------------------------------------------------


def sources_of(path: Path, book: Book, laws: tuple[Told, ...]) -> Iterable[SourceShown]:
    """Every source that the path rests on, each once: the record's first."""
    cited: dict[str, Cited] = {}
    for candidate in path.candidates:
        for ident in (candidate.record.source, *candidate.record.also):
            cited.setdefault(ident, candidate.record)
        for judged in candidate.judged:
            cited.setdefault(judged.source, candidate.record)
        for day in candidate.last_days:
            cited.setdefault(day.reading.source, day.reading)
    for told in (*laws, *terms_of(path)):
        cited.setdefault(told.section.source, told.section)
    shown = (_source_as_cited(book, ident, by) for ident, by in cited.items())
    return (s for s in shown if s is not None)


def _source_as_cited(book: Book, ident: str, by: Cited) -> SourceShown | None:
    """A source with the date and confidence of the record (or part of one) that cites it."""
    key = ("source", ident, id(by))  # records live as long as the book that holds them
    if key not in book.memo:
        source = book.sources.get(ident)
        book.memo[key] = source and SourceShown(
            id=ident, title=source.title, url=source.url, as_of=by.as_of,
            confidence=by.confidence, seen=by.seen, checked=source.checked,
        )  # fmt: skip
    kept: SourceShown | None = book.memo[key]
    return kept


def show_order(root: Facts) -> Iterable[PayerPosition]:
    for place in payer_order(root):
        yield PayerPosition(
            coverage=place.coverage,
            position=place.position,
            why=place.why,
            source=place.source,
            questions=place.missing,
        )


def order_notes(case: Case, book: Book) -> Iterable[Sentence]:
    """What else holds where these kinds of cover meet (for example: a QMB may not be billed)."""
    kinds = {c.kind for c in case.coverages or () if c.kind}
    if len(case.coverages or ()) < 2 or book.coordination is None:
        return
    for note in book.coordination.modifiers:
        if set(note.applies_to) <= kinds or (
            len(note.applies_to) > 2 and kinds & set(note.applies_to)
        ):
            because = tuple(
                f"coverages[{i}].kind"
                for i, c in enumerate(case.coverages or ())
                if c.kind in note.applies_to
            )
            yield Sentence(text=note.says, because=because, source=note.source)


def safety_notes(root: Facts) -> Iterable[SafetyNote]:
    """What comes before anything else: crisis lines, then a condition that has to be seen to first."""
    yield from crisis_notes(root.case, root.book)
    for limit in limits_told(root, in_view(root.case.request)):
        verdict = root.book.test(limit.criterion)(root)
        because = tuple(p for leaf in leaves(verdict) for p in _because(root, leaf))
        yield SafetyNote(
            id=limit.id, text=limit.says, source=limit.source, kind="health", because=because
        )


def crisis_notes(case: Case, book: Book) -> Iterable[SafetyNote]:
    """Crisis lines, as soon as thoughts of suicide were mentioned anywhere."""
    mentioned = (
        case.suicidal_thoughts in CRISIS_THOUGHTS
        or case.diagnosis == SUICIDALITY
        or SUICIDALITY in (case.other_diagnoses or ())
    )
    if not mentioned:
        return
    lines = book.crisis_lines
    veteran = case.veteran or any(
        c.kind in ("va", "champva", "tricare") for c in case.coverages or ()
    )
    shown = ["anyone", *(["veterans"] if veteran else []), "emergency"]
    if case.diagnosis == "postpartum_depression":
        shown.append("mothers")
    for line in sorted((x for x in lines if x.who in shown), key=lambda x: shown.index(x.who)):
        yield SafetyNote(id=line.id, text=line.says, source=line.source)
