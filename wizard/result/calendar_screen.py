"""The dates: the next last day, all of them on one line, how each was counted, and a calendar file."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from rules import load_rules
from rules.report.windows import first_sentence
from rules.result import WindowShown
from rules.vocabulary import DENIED_STAGES
from wizard.labels import day
from wizard.messages import texts
from wizard.session import current_case, current_result, store, today
from wizard.shell import navigation, styles
from wizard.shell.layout import heading
from wizard.shell.said import counted, plain, said

from .calendar_file_view import calendar_button
from .path_view import dated, day_kind, ends_today, path_title, sureness
from .plan_step_view import source_line
from .timeline import TimelineDay, approval_end, last_days, marks, next_window
from .timeline_view import draw_timeline

NOTICE_DATE = "denial.notice_date"


def draw() -> None:
    styles.use("next")
    heading(said("calendar.title"))
    case, result = current_case(), current_result()
    found = last_days(result)
    coming = tuple(d for d in found if not d.shown.passed)
    passed = tuple(d for d in found if d.shown.passed)
    if not found and approval_end(case) is None and not result.windows:
        _draw_none()
        _draw_good()
        return
    _draw_next(coming[0] if coming else None, next_window(result))
    if not found:
        _draw_ask_for_letter()
    if calendar_button(said("calendar.download"), "calendar-file"):
        st.caption(said("calendar.download_note"))
    _draw_passed(passed)
    st.header(said("calendar.picture"), anchor=False)
    draw_timeline(marks(case, result))
    _draw_days(coming)
    _draw_windows(result.windows)
    _draw_approval()
    _draw_good()
    st.button(
        said("calendar.to_papers"),
        key="calendar-to-papers",
        on_click=navigation.go,
        args=("papers",),
    )


def _draw_none() -> None:
    st.markdown(said("calendar.none"))
    _draw_ask_for_letter()


def _draw_ask_for_letter() -> None:
    asked = navigation.walk().step_of(NOTICE_DATE)
    if asked and store().get("stage") in DENIED_STAGES and store().get(NOTICE_DATE) is None:
        st.markdown(said("calendar.none_denied"))
        st.button(
            said("calendar.to_date"), key="calendar-to-date", type="primary",
            on_click=navigation.change, args=(asked.id,),
        )  # fmt: skip


def _draw_next(first: TimelineDay | None, window: tuple[WindowShown, dt.date] | None) -> None:
    """The day that comes first: a last day, or one of a window."""
    if first is not None and (window is None or first.shown.act_by <= window[1]):
        when, what = first.shown.act_by, said("calendar.next_for", path=path_title(first.path))
    elif window is not None:
        when, what = window[1], plain(first_sentence(window[0]))
    else:
        return
    with st.container(key="lead"):
        left = counted("calendar.left", (when - today()).days)
        st.markdown(said("calendar.next", day=day(when), left=left))
        st.markdown(what)
        if first is not None and when == first.shown.act_by and ends_today(first.shown):
            st.markdown(said("paths.ends_there"))


# --- each last day -----------------------------------------------------------------------------------


def _draw_days(coming: tuple[TimelineDay, ...]) -> None:
    if not coming:
        return
    st.header(said("calendar.days"), anchor=False)
    for number, found in enumerate(coming):
        with st.container(key=f"last_day_{number}", border=True):
            _draw_day(found)


def _draw_day(found: TimelineDay) -> None:
    shown = found.shown
    st.markdown(f"**{path_title(found.path)}**")
    if shown.came:
        st.markdown(said("calendar.if_came", came=shown.came))
    act = said(f"calendar.{day_kind(shown)}", day=day(shown.act_by))
    st.markdown(f":material/event: {act}. {counted('calendar.left', found.days_left)}")
    if shown.says:
        st.markdown(plain(shown.says))
    if found.moved:
        key = f"calendar.moved.{shown.earlier_because or shown.kind}"
        st.markdown(said(key, date=day(shown.date), act_by=day(shown.act_by)))
    st.markdown(said("calendar.counted", day=day(found.leads.start), how=found.leads.how))
    key = "calendar.others_longer" if shown.cautious else "calendar.others"
    for other in found.others:
        start = day(other.start)
        st.markdown(said(key, day=day(other.date), start=start, how=other.how))
    _draw_rule(found)
    _draw_appeal(found)


def _draw_rule(found: TimelineDay) -> None:
    title = source_line(found.shown.source)
    if title:
        source = next((s for s in found.path.sources if s.id == found.shown.source), None)
        when = (
            dated(source.as_of, source.checked, found.shown.confidence)
            if source is not None
            else ""
        )
        parts = [said("calendar.rule", title=title), when, sureness(found.shown.confidence)]
        st.caption(" · ".join(p for p in parts if p))


def _draw_appeal(found: TimelineDay) -> None:
    lines, appeal = [], found.appeal
    if appeal is not None:
        if appeal.before_you_start:
            lines.append(said("calendar.before", text=appeal.before_you_start))
        lines.append(said("calendar.how", text=appeal.how_to_start))
    times = " ".join(t.text for t in found.path.answer_times)
    if times:
        lines.append(said("calendar.answers", text=times))
    if appeal is not None and appeal.keeps_benefits:
        lines.append(said("calendar.keeps", text=appeal.keeps_benefits))
    if lines:
        st.markdown("\n\n".join(lines))


# --- windows ------------------------------------------------------------------------------------------


def _draw_windows(windows: tuple[WindowShown, ...]) -> None:
    if not windows:
        return
    st.header(said("calendar.windows"), anchor=False)
    for number, window in enumerate(windows):
        with st.container(key=f"window_{number}", border=True):
            when = window_days(window)
            if when:
                st.markdown(f":material/event: {when}")
            st.markdown(plain(window.text))
            source = load_rules().sources.get(window.source)
            if source is not None and source.url is not None:
                st.caption(said("calendar.rule", title=source_line(window.source)))


def window_days(window: WindowShown) -> str:
    """The days of a window as a line; empty where none is known."""
    days = {
        name: day(d) for name in ("opens", "closes") if (d := getattr(window, name)) is not None
    }
    return said(f"calendar.window.{'_'.join(days)}", **days) if days else ""


# --- what else ---------------------------------------------------------------------------------------


def _draw_approval() -> None:
    case = current_case()
    end, by = case.authorization.end if case.authorization else None, approval_end(case)
    if end is None or by is None or by < today():
        return
    st.header(said("calendar.approval"), anchor=False)
    st.markdown(said("calendar.approval_ends", day=day(end)))
    st.markdown(said("calendar.approval_renew", day=day(by)))


def _draw_passed(passed: tuple[TimelineDay, ...]) -> None:
    if not passed:
        return
    st.header(said("calendar.passed"), anchor=False)
    rows = [
        f"- {said('calendar.passed_day', name=path_title(d.path), day=day(d.shown.date))}"
        for d in passed
    ]
    st.markdown("\n".join(rows))
    ways = "\n".join(f"- {text}" for text in texts("calendar.passed_ways"))
    st.markdown(f"{said('calendar.passed_left')}\n\n{ways}")


def _draw_good() -> None:
    st.header(said("calendar.good"), anchor=False)
    st.markdown("\n".join(f"- {text}" for text in texts("calendar.good_ways")))
