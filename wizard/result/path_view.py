"""A path as people read it: its face, and what opens behind it."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from rules import load_rules
from rules.messages import outlook_means, outlook_words, phrase
from rules.result import CriterionShown, DeadlineShown, PathShown, SourceShown, StepShown
from wizard.labels import asked_treatment, cover_name, day, short_name
from wizard.session import PAPERS_FOR, store, today
from wizard.shell import navigation, theme
from wizard.shell.said import Markdown, Words, counted, link, plain, said

from .step_words import (
    act_words,
    by_when,
    contact_words,
    month,
    paper_name,
    papers_words,
    short_title,
)


def path_about(path: PathShown, words: Words = said) -> str:
    """What a path is about: the treatment and, where there is one, the cover."""
    treatment = asked_treatment(path.treatment)
    covers = store().covers()
    if path.coverage is None or path.coverage >= len(covers):
        return treatment
    number = path.coverage if len(covers) > 1 else None
    cover = cover_name(covers[path.coverage], number)
    return words("paths.about", treatment=treatment, cover=cover)


def path_title(path: PathShown, words: Words = said) -> str:
    """The name of a path with what it is about, in one line: for markdown, or `bare`."""
    return words("paths.title", name=path.name, about=path_about(path, words))


def outlook_chip(outlook: str, of_cover: bool, number: int | None = None) -> Markdown:
    """The outlook, of insurance or of a way to pay, as a coloured word, for markdown.

    With `number`: how many stand there.
    """
    many = "" if number is None else f"{number:,} "
    return Markdown(
        f":{theme.OUTLOOK_COLOR[outlook]}-badge[{many}{outlook_words(outlook, of_cover)}]"
    )


def path_chip(path: PathShown) -> Markdown:
    """How a path stands, for markdown: other money and help fit or do not; the rest has an outlook."""
    if path.role not in ("pay", "help"):
        return outlook_chip(path.outlook, path.coverage is not None)
    if path.fit is None:
        return Markdown()
    return Markdown(f":{theme.FIT_COLOR[path.fit]}-badge[{said(f'paths.fit.{path.fit}')}]")


def draw_path(path: PathShown, key: str) -> None:
    """A path under a heading of its own: how it stands and its next step; the rest opens behind it."""
    st.subheader(plain(path.name), anchor=False)
    st.caption(f"{path_chip(path)} {plain(path_about(path))}".strip())
    draw_face(path)
    draw_fold(path, key)


def draw_fold(path: PathShown, key: str) -> None:
    """What is behind a path; it is drawn on opening."""
    with st.expander(
        said("paths.open", name=path.name), key=f"{key}-open", on_change="rerun"
    ) as fold:
        if fold.open:
            draw_inside(path, key)


def draw_face(path: PathShown) -> None:
    """What is seen without opening: the first thing to do, and its days."""
    if path.outlook == "closed" or path.fit == "does_not_fit":
        st.markdown(plain(path.reasons[0].text if path.reasons else path.reason))
        return
    if path.contingent:
        st.caption(said("paths.after_a_no"))
    first = path.next_step
    if first is not None:
        st.markdown(said("paths.next", step=Markdown(act_words(first, papers=False))))
    for deadline in path.deadlines:
        draw_deadline(deadline)


def draw_deadline(deadline: DeadlineShown) -> None:
    st.markdown(day_words(deadline))


def day_words(deadline: DeadlineShown) -> str:
    """A last day in a line; where only the letter tells which of several days runs, with its letter."""
    told = said(f"paths.{day_kind(deadline)}", day=day(deadline.act_by))
    if ends_today(deadline):
        told = Markdown(f"{told}. {said('paths.ends_there')}")
    return said("paths.if_came", came=deadline.came, told=Markdown(told)) if deadline.came else told


def ends_today(deadline: DeadlineShown) -> bool:
    """Whether today is the day to send something: it ends where the office is that decides."""
    to_send = ("deadline", "deadline_keep", "deadline_renew")
    return deadline.act_by == today() and day_kind(deadline) in to_send


def day_kind(deadline: DeadlineShown) -> str:
    """Which day a deadline is, as a key of words."""
    if deadline.passed:
        return "deadline_passed"
    if deadline.urgent:
        return "deadline_urgent"
    kinds = {
        "keep_care": "deadline_keep",
        "renew": "deadline_renew",
        "answer_due": "deadline_answer",
    }
    return kinds.get(deadline.kind, "deadline")


def draw_inside(path: PathShown, key: str) -> None:
    """All about a path: why, its points, what would change it, steps, papers, cost, sources."""
    _draw_reasons(path)
    _draw_criteria(path)
    _draw_changes(path)
    draw_steps(path.next_steps, f"{key}-steps")
    _draw_papers(path)
    _draw_particulars(path)
    _draw_alternatives(path)
    draw_sources(path.sources, key)


def _section(name: str) -> None:
    st.markdown(f"##### {said(f'paths.section.{name}')}")


def _draw_reasons(path: PathShown) -> None:
    _section("why")
    for text in dict.fromkeys((*(s.text for s in path.reasons), *path.doubts)):
        st.markdown(plain(text))
    if path.fit is None:
        st.caption(plain(outlook_means(path.outlook, path.coverage is not None)))
    if path.law is not None:
        st.caption(plain(phrase("law", path.law)))


def _draw_criteria(path: PathShown) -> None:
    if not path.criteria:
        return
    _section("points")
    for criterion in path.criteria:
        draw_criterion(criterion)


def draw_criterion(criterion: CriterionShown) -> None:
    """One point: met, not met or not known, with the answer behind it."""
    word = said(f"paths.value.{criterion.value}")
    st.markdown(f"**{word}**: {plain(criterion.text)}")
    beside = [] if criterion.weight == "decides" else [plain(phrase("weight", criterion.weight))]
    small = [*beside, *_answers_behind(criterion)]
    if small:
        st.caption(" · ".join(small))


def _answers_behind(criterion: CriterionShown) -> list[Markdown]:
    found = []
    if criterion.value != "unknown" and criterion.because:
        names = "; ".join(dict.fromkeys(short_name(p) for p in criterion.because))
        key = "paths.your_answer_is" if criterion.answer else "paths.your_answer"
        answer = (criterion.answer or "").replace("_", " ")
        found.append(said(key, names=names, answer=answer))
    if criterion.value == "unknown" and criterion.missing:
        names = "; ".join(dict.fromkeys(short_name(p) for p in criterion.missing))
        found.append(said("paths.not_answered", names=names))
    return found


def dated(as_of: str | None, checked: dt.date | None, confidence: str | None = None) -> str:
    """What date a source speaks for, and when it was last checked.

    What is only recalled was not checked, whatever was done with the publication that it names.
    """
    spoken = said("paths.as_of", day=as_of) if as_of else said("paths.undated")
    if checked is None or confidence == "recalled":
        return spoken
    return said("paths.checked", as_of=spoken, day=day(checked))


def sureness(confidence: str | None) -> str:
    """How sure we are, in words."""
    return said(f"paths.confidence.{confidence or 'recalled'}")


def _draw_changes(path: PathShown) -> None:
    if not path.would_change:
        return
    _section("change")
    for change in path.would_change:
        st.markdown(
            f"- {said('paths.would_change', change=change.change, chip=outlook_chip(change.to, path.coverage is not None))}"
        )


def draw_steps(steps: tuple[StepShown, ...], key: str) -> None:
    """Steps in order, each with who does it and by when; each can be ticked."""
    if not steps:
        return
    _section("steps")
    for step in steps:
        _draw_step(step, key)


def _draw_step(step: StepShown, key: str) -> None:
    ticked = store().ticked
    widget = f"{key}-{step.id}"

    def take() -> None:
        (ticked.add if st.session_state[widget] else ticked.discard)(step.id)

    who = said(f"paths.who.{step.who}")
    st.checkbox(
        f"{plain(step.text)}{by_when(step.by)} *({who})*",
        value=step.id in ticked,
        key=widget,
        on_change=take,
    )
    more = [
        contact_words(step.contact),
        papers_words(step.documents),
        plain(step.done_when or ""),
        plain(step.if_it_fails or ""),
    ]
    if any(more):
        st.caption(" ".join(m for m in more if m))


def _draw_papers(path: PathShown) -> None:
    if not path.documents:
        return
    _section("papers")
    st.markdown("\n".join(f"- {plain(paper_name(d))}" for d in path.documents))
    st.button(
        said("paths.make_papers"), key=f"papers-{path.id}", on_click=_to_papers, args=(path.id,)
    )


def _to_papers(path: str) -> None:
    PAPERS_FOR.set(path)
    navigation.go("papers")


def _draw_particulars(path: PathShown) -> None:
    rows = [
        ("cost", path.cost_note),
        (
            "benefit",
            said(f"paths.benefit.{path.benefit}")
            if path.benefit in ("medical", "pharmacy")
            else path.benefit,
        ),
        ("authorization", path.authorization),
        ("renewal", path.renewal),
        ("quantity_limit", path.quantity_limit),
        ("codes", path.bill),
    ]
    shown = [(name, text) for name, text in rows if text]
    rates = [r for r in load_rules().rates if r.id in path.rates]
    here = tuple(s.text for s in path.in_your_state)
    if not (shown or rates or path.pitfalls or path.expects or here):
        return
    _section("details")
    for name, text in shown:
        st.markdown(f"**{said(f'paths.particular.{name}')}**: {plain(text)}")
    for text in (*here, *path.expects, *path.pitfalls):
        st.markdown(f"- {plain(text)}")
    for rate in rates:
        source = load_rules().sources.get(rate.source)
        st.markdown(f"- {plain(rate.says)}")
        if source is not None:
            st.caption(
                f"{plain(source.title)} · {dated(rate.as_of, source.checked, rate.confidence)} · {sureness(rate.confidence)}"
            )


def _draw_alternatives(path: PathShown) -> None:
    """Other ways to meet it, each once."""
    told = {path.name.lower()}
    others: dict[str, str] = {}
    for other in path.alternatives:
        if other.text.lower() not in told:
            others.setdefault(other.text, other.outlook)
    if not others:
        return
    _section("alternatives")
    for text, outlook in others.items():
        st.markdown(f"- {outlook_chip(outlook, path.coverage is not None)} {plain(text)}")


def draw_sources(sources: tuple[SourceShown, ...], key: str) -> None:
    """The first source in one quiet line; all of them, each with its date and how sure, behind it."""
    if not sources:
        return
    first = sources[0]
    title = link(short_title(first.title), first.url)
    st.caption(
        said("paths.source", title=title, day=Markdown(month(first.as_of) or said("paths.undated")))
    )
    with st.expander(
        counted("paths.sources", len(sources)), type="compact", key=f"{key}-sources", on_change="rerun"
    ) as fold:  # fmt: skip
        if fold.open:
            for source in sources:
                _draw_source(source)


def _draw_source(source: SourceShown) -> None:
    name = link(source.title, source.url)
    seen = "" if source.seen else f" · {said('paths.unseen')}"
    st.caption(
        f"{name} · {dated(source.as_of, source.checked, source.confidence)} · {sureness(source.confidence)}{seen}"
    )
