"""What it may cost: a chart and a table by way of paying and year, and every number behind them."""

from __future__ import annotations

import html

import streamlit as st

from rules import load_rules
from rules.costs import CostPicture
from rules.costs.in_short import in_short, in_short_lines
from rules.costs.new_year import new_year_lines
from rules.costs.open_ways import (
    amount_of,
    chart_rows,
    one_sum,
    open_rows,
    read_options,
    unlikely_ways,
)
from rules.costs.picture import TableRow
from rules.costs.recipes import YOU_PAY, Period
from rules.costs.show import (
    assumption_label,
    disagreement_text,
    gap_text,
    line_name,
    no_terms_text,
    option_name,
    option_notes,
    short_name,
    span,
    words,
)
from rules.result import Result
from wizard.labels import cover_name, day
from wizard.result.plan_step_view import source_line
from wizard.session import current_case, current_result, store, today
from wizard.shell import navigation, styles
from wizard.shell.layout import heading
from wizard.shell.said import plain, said
from wizard.shell.session_cache import kept

from .cost_numbers_fields import draw_numbers
from .cost_picture import Bar, bars, best_period, periods_of, picture_with

MOST_NAMED = 4


def draw() -> None:
    result = current_result()
    styles.use("next")
    heading(said("costs.title"))
    st.markdown(said("costs.lead"))
    if store().empty():
        st.info(said("costs.nothing_yet"), icon=":material/info:")
        st.button(said("start.begin"), key="costs-begin", on_click=navigation.begin)
    picture = _picture(result)
    _draw_in_short(picture, result)
    rows = open_rows(picture, result)
    _draw_chart(picture, chart_rows(picture, result))
    _draw_table(picture, rows)
    _draw_list("costs.unlikely", unlikely_ways(picture, result))
    _draw_list("costs.new_year", new_year_lines(picture, result))
    _draw_details(picture, result, rows)
    read = read_options(picture, result)
    _draw_list("costs.find_out", _to_find_out(picture, read))
    _draw_disagreements(picture, read)
    _draw_words_only(picture)
    st.header(said("costs.numbers"), anchor=False)
    draw_numbers(picture, picture.shown_assumptions(read))
    st.caption(said("costs.limits", day=day(picture.today)))


def _picture(result: Result) -> CostPicture:
    own = store().own_numbers
    picture, dropped = kept(
        "costs",
        lambda: picture_with(current_case(), result, load_rules(), today(), own),
        tuple(sorted(own.items())),
    )
    if dropped:
        st.warning(said("costs.dropped"))
        for ident in dropped:
            own.pop(ident, None)
    return picture


def _draw_covers() -> None:
    """The sums speak of covers by number; here is which is which."""
    for number, cover in enumerate(store().covers()):
        st.caption(said("costs.cover_is", number=number + 1, name=cover_name(cover)))


def _draw_in_short(picture: CostPicture, result: Result) -> None:
    """The cheapest open way and its numbers; what the leading way costs, where it has words only."""
    st.header(said("costs.in_short"), anchor=False)
    lines = in_short_lines(picture, in_short(picture, result))
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    _draw_covers()
    for told in picture.no_sum:
        if told.path == result.best:
            st.markdown(f"**{plain(told.name)}.** {plain(told.says)}")


# --- chart and table ---------------------------------------------------------------------------------


def _draw_chart(picture: CostPicture, shown_rows: list[TableRow]) -> None:
    st.header(said("costs.chart"), anchor=False)
    shown = periods_of(picture)
    start = best_period(picture)
    if start is None:
        st.markdown(said("costs.chart_none"))
        return
    period: Period = st.radio(
        said("costs.period"), shown, index=shown.index(start), horizontal=True, key="costs-period",
        format_func=lambda p: words("period", p),
    )  # fmt: skip
    caption = said("costs.chart_caption", period=words("period", period))
    st.caption(caption)
    several = len({r.treatment for r in shown_rows}) > 1
    by_option = {r.option: r for r in shown_rows}
    items = [
        _item(bar, short_name(by_option[bar.row.option], several), picture, period)
        for bar in bars(picture, period, shown_rows)
    ]
    st.html(f"<ul class='kp-bars'>{''.join(items)}</ul>")


def _item(bar: Bar, name: str, picture: CostPicture, period: Period) -> str:
    """A bar: the way, its one figure, its range in words and as a lane with a mark at the figure."""
    row = bar.row
    one = one_sum(picture, row.option, period)
    amount = span(row.low, row.high, row.exact)
    is_range = one.kind == "about" and row.low != row.high
    ranged = f"<small>{html.escape(amount)}</small>" if is_range else ""
    lane = f"left:{bar.left:.1f}%;width:{bar.width:.1f}%"
    mark = "" if bar.mark is None else f"<i style='left:{bar.mark:.1f}%'></i>"
    kinds = {
        "kp-baseline": row.option == picture.baseline().id,
        "kp-at-most": one.kind == "at_most",
    }
    kind = " ".join(k for k, holds in kinds.items() if holds)
    item = (
        f"<div class='kp-row'><span>{html.escape(name)}</span><b>{html.escape(one.text)}</b></div>"
        f"<div class='kp-lane' aria-hidden='true'><div class='kp-bar' style='{lane}'></div>{mark}</div>"
    )
    return f"<li class='{kind}'>{item}{ranged}</li>"


def _draw_table(picture: CostPicture, rows: list[TableRow]) -> None:
    st.header(said("costs.table"), anchor=False)
    periods = tuple(dict.fromkeys(p for r in rows for p in r.cells))
    heads = "".join(f"<th scope='col'>{html.escape(words('period', p))}</th>" for p in periods)
    body = "".join(_row(r, periods, picture) for r in rows)
    st.html(
        f"<table class='kp-sums'><caption>{html.escape(said('costs.table_caption'))}"
        f"</caption><colgroup><col class='kp-way'></colgroup><thead><tr><th scope='col'>{html.escape(said('costs.way'))}</th>{heads}</tr>"
        f"</thead><tbody>{body}</tbody></table>"
    )


def _row(row: TableRow, periods: tuple[Period, ...], picture: CostPicture) -> str:
    name = html.escape(option_name(row.kind, row.treatment, row.cover))
    cells = "".join(_cell(row, p, picture) for p in periods)
    return f"<tr><th scope='row'>{name}</th>{cells}</tr>"


def _cell(row: TableRow, period: Period, picture: CostPicture) -> str:
    """A sum, and how it stands against paying all of it; where only the most is known, that alone."""
    when = f"<span class='kp-when'>{html.escape(words('period', period))}</span>"
    cell = row.cells.get(period)
    if cell is None:
        return f"<td>{when}–</td>"
    at_most = one_sum(picture, row.option, period).kind == "at_most"
    against = None if at_most else gap_text(row, period, picture)
    small = f"<small>{html.escape(against)}</small>" if against else ""
    return f"<td>{when}{html.escape(amount_of(row, period, picture))}{small}</td>"


def _draw_list(title: str, lines: list[str]) -> None:
    if lines:
        st.header(said(title), anchor=False)
        st.markdown("\n".join(f"- {plain(line)}" for line in lines))


# --- what is behind ----------------------------------------------------------------------------------


def _draw_details(picture: CostPicture, result: Result, rows: list[TableRow]) -> None:
    with st.expander(said("costs.details"), key="costs-details", on_change="rerun") as fold:
        if fold.open:
            for row in rows:
                _draw_option(row, picture, result)


def _draw_option(row: TableRow, picture: CostPicture, result: Result) -> None:
    st.markdown(f"**{plain(option_name(row.kind, row.treatment, row.cover))}**")
    lines: list[str] = [
        said(
            "costs.detail", what=line_name(x, picture), period=words("period", x.period).lower(),
            amount=span(x.low, x.high, x.exact),
        )
        for x in picture.lines
        if x.option == row.option and x.what != YOU_PAY
    ]  # fmt: skip
    missing = list(dict.fromkeys(n for c in row.cells.values() for n in c.needs))
    if missing:
        lines.append(said("costs.needs", names="; ".join(_label(picture, n) for n in missing)))
    lines.extend(option_notes(row, picture))
    names = list(dict.fromkeys(p.name for p in result.paths if p.id in row.paths))
    if names:
        shown = "; ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
        lines.append(said("costs.detail_for", paths=shown))
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))


def _label(picture: CostPicture, ident: str) -> str:
    return assumption_label(picture.assumptions[ident])


def _to_find_out(picture: CostPicture, read: set[str]) -> list[str]:
    missing = [_label(picture, i) for i in picture.to_find_out(read)]
    return missing + [no_terms_text(cover, picture) for cover in picture.no_terms]


def _draw_disagreements(picture: CostPicture, read: set[str]) -> None:
    differ = picture.disagreements_of(read)
    if not differ:
        return
    st.header(said("costs.disagree"), anchor=False)
    st.markdown(said("costs.disagree_lead"))
    for found in differ:
        st.markdown(f"- {plain(disagreement_text(found))}")
        titles = dict.fromkeys(source_line(f.cited.source) for f in found.figures)
        st.caption(" · ".join(t for t in titles if t))


def _draw_words_only(picture: CostPicture) -> None:
    if not picture.no_sum:
        return
    with st.expander(said("costs.words_only"), key="costs-words", on_change="rerun") as fold:
        if fold.open:
            st.markdown(said("costs.words_only_lead"))
            st.markdown(
                "\n".join(f"- **{plain(n.name)}**: {plain(n.says)}" for n in picture.no_sum)
            )
