"""The answer as six to ten plain lines for a patient's chart.

It names no person. What tells of thoughts of suicide is left out unless it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..case import Case
from ..facts.context import Facts
from ..facts.diagnosis import SUICIDALITY
from ..messages import day_words, in_mid_sentence, phrase
from ..result import AnswerShown, PointShown, Result, StepShown, WindowShown
from ..rule_book import Book
from .clinic_voice import for_clinic
from .condition_text import word_label
from .course import course_words
from .insurance_names import diagnosis_short, insurance_name, treatment_short
from .rule_words import is_own, rule_words
from .windows import day_of, first_sentence

CHART = "chart"  # the file of words
MOST_LINES = 10
MOST_POINTS = 4
# What gives way first where there is more to say than there are lines.
GIVES_WAY = ("window", "other", "met")
DIAGNOSIS, THOUGHTS = "diagnosis_named", "suicidal_thoughts"
WITHOUT_IT = "major_depression"  # what stands for suicidality where it is not told

Line = tuple[str, str]


def chart_note(
    case: Case, result: Result, book: Book, label: str = "", thoughts: bool = False
) -> str:
    """The note. `label` is what the clinic calls the case; `thoughts`: tell of suicide as well."""
    lines = [(kind, _without_thoughts(t, book, thoughts)) for kind, t in _lines(case, result, book)]
    who = phrase("line", "who", file=CHART, parts=", ".join(_who(case, book, label)))
    kept = [("who", who), *((kind, text) for kind, text in lines if text)]
    if thoughts and case.suicidal_thoughts is not None:
        told = phrase("thoughts", case.suicidal_thoughts, file=CHART)
        kept.append(("thoughts", phrase("line", "thoughts", file=CHART, told=told)))
    for kind in GIVES_WAY:
        if len(kept) > MOST_LINES:
            kept = [line for line in kept if line[0] != kind]
    return "\n".join(" ".join(text.split()) for _, text in kept[:MOST_LINES])


def subject(result: Result) -> AnswerShown | None:
    """The answer that the note is about: the leading one, or the one for what was asked for."""
    lead = result.leading
    if lead is not None and lead.asked_for:
        return lead
    return next((a for a in result.answers if a.asked_for), lead)


def first_window(result: Result) -> WindowShown | None:
    """The dated window that closes, or opens, first."""
    return next((w for w in result.windows if day_of(w) is not None), None)


def _lines(case: Case, result: Result, book: Book) -> Iterator[Line]:
    about, lead = subject(result), result.leading
    settled = all(p.position != "undecided" for p in result.payer_order)
    key = "insurance" if settled else "insurance_open"
    yield "insurance", _line(key, plans="; ".join(_plans(case, result, book)))
    yield "request", _line("request", **_request(case, book))
    course = course_words(case)
    if course:
        yield "course", _line("course", course=course)
    for note in result.safety:
        if note.kind == "health":
            yield "safety", for_clinic(note.text)
    if about is None:
        return
    yield "answer", _line("answer", sentence=for_clinic(about.sentence))
    if lead is not None and lead is not about:
        yield "other", _line("other", sentence=for_clinic(lead.sentence))
    yield from _points(about)
    if about.rule is not None and is_own(about.rule, book):
        yield "rule", _line("rule", rule=rule_words(about.rule, book))
    yield "bill", _bill(about, result)
    yield "next", _next(about, lead, result)
    window = first_window(result)
    if window is not None:
        yield "window", _line("window", text=for_clinic(first_sentence(window)))
    no = about.if_no or (lead.if_no if lead is not None else None)
    if no is not None:
        yield "if_no", _line("if_no", text=for_clinic(no.text))


def _line(key: str, **values: str) -> str:
    return phrase("line", key, file=CHART, **values)


def _part(key: str, **values: object) -> str:
    return phrase("part", key, file=CHART, **{k: str(v) for k, v in values.items()})


# --- who, insured by whom, asking for what ---------------------------------------------------------


def _who(case: Case, book: Book, label: str) -> Iterator[str]:
    if label.strip():
        yield " ".join(label.split())
    if case.age is not None:
        yield _part("age", age=case.age)
    state = book.states.get(case.state or "")
    yield state.name if state is not None else _part("state_unknown")


def _plans(case: Case, result: Result, book: Book) -> Iterator[str]:
    """Each coverage by its name with its place among the payers, in the order of payment."""
    covers = case.coverages
    if not covers:
        yield _part("insurance_unknown" if covers is None else "no_insurance")
        return
    root = Facts(case, book, result.today)
    places = {p.coverage: p.position for p in result.payer_order}
    for index in dict.fromkeys((*places, *range(len(covers)))):
        name = for_clinic(insurance_name(root.for_coverage(index)))
        kind = covers[index].kind
        if covers[index].payer and kind is not None:
            label = in_mid_sentence(word_label(book, "coverage_kind", kind))
            name = _part("plan_kind", name=name, kind=label)
        place = places.get(index, "undecided")
        alone = len(covers) == 1 or place == "undecided"
        yield name if alone else _part("plan", name=name, place=phrase("place", place))


def _request(case: Case, book: Book) -> dict[str, str]:
    open_request = case.request in (None, "open")
    treatment = _part("treatment_open") if open_request else treatment_short(case.request or "open")
    told = case.diagnosis is not None
    diagnosis = diagnosis_short(book, case.diagnosis) if told else _part("diagnosis_unknown")
    return {"treatment": treatment, "diagnosis": diagnosis}


# --- the answer ------------------------------------------------------------------------------------


def _points(answer: AnswerShown) -> Iterator[Line]:
    """The points that are met, and those that are open: the deciding ones first."""
    order = {ident: place for place, ident in enumerate(answer.deciding)}
    ranked = sorted(answer.points, key=lambda p: order.get(p.id, len(order)))
    asked = [p for p in ranked if p.id != DIAGNOSIS and not _of_thoughts(p)]
    for kind, points in (
        ("met", [p for p in asked if p.value == "met"]),
        ("open", [p for p in asked if p.value != "met"]),
    ):
        if points:
            told = [_point(p, kind == "open") for p in points[:MOST_POINTS]]
            if len(points) > MOST_POINTS:
                told.append(_part("more", number=len(points) - MOST_POINTS))
            yield kind, _line(kind, points="; ".join(told))


def _of_thoughts(point: PointShown) -> bool:
    return THOUGHTS in point.because and point.value != "met"


def _point(point: PointShown, with_has: bool) -> str:
    asks = for_clinic(point.asks).rstrip(".")
    if with_has and point.has:
        return _part("point_has", asks=asks, has=for_clinic(point.has))
    return asks


def _bill(answer: AnswerShown, result: Result) -> str:
    """The codes of its path, where the plan may pay on them."""
    path = result.path_of(answer.path)
    if path is None or not path.bill or path.outlook in ("uphill", "closed"):
        return ""
    codes = path.bill
    if path.benefit in ("medical", "pharmacy"):
        codes = f"{codes} ({_part('benefit', benefit=path.benefit)})"
    return _line("bill", codes=codes)


def _next(about: AnswerShown, lead: AnswerShown | None, result: Result) -> str:
    """The first act, with the day to act by where one is running."""
    acts: Iterable[StepShown] = (
        *result.this_week,
        *(lead.next_steps if lead is not None else ()),
        *about.next_steps,
    )
    step = next((s for s in acts if not _speaks_of_suicide(s.text)), None)
    if step is None:
        return ""
    path = result.path_of(lead.path) if lead is not None else None
    days = [d.act_by for d in path.deadlines_ahead] if path is not None else []
    day = step.by or min(days, default=None)
    by = _part("by", date=day_words(day)) if day is not None else ""
    who = _contact(step)
    return _line("next", text=for_clinic(step.text) + who, by=by)


def _contact(step: StepShown) -> str:
    contact = step.contact
    if contact is None:
        return ""
    reach = contact.phone or contact.url
    return f" ({contact.name}: {reach})" if reach else f" ({contact.name})"


# --- what is left out unless it is asked for ---------------------------------------------------------


def _speaks_of_suicide(text: str) -> bool:
    signs = phrase("left_out", "signs", file=CHART)
    return re.search(signs, text, re.IGNORECASE) is not None


def _without_thoughts(text: str, book: Book, thoughts: bool) -> str:
    """A text that says nothing of suicide: the diagnosis by its plain name, else its parts left out."""
    if thoughts or not _speaks_of_suicide(text):
        return text
    for name in (book.diagnoses[SUICIDALITY].in_sentence, book.diagnoses[SUICIDALITY].name):
        plain = book.diagnoses[WITHOUT_IT].in_sentence
        text = re.sub(re.escape(name), plain, text, flags=re.IGNORECASE)
    head, colon, rest = text.partition(": ")
    parts = [p for p in re.split(r"(?<=[.;]) ", rest) if not _speaks_of_suicide(p)]
    return f"{head}{colon}{' '.join(parts)}".rstrip("; ") if parts else ""
