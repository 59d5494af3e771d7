"""The worklist of a screened table: its tally, its rejected rows, its rows, its downloads."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from rules import load_rules
from rules.messages import phrase
from rules.vocabulary import OUTLOOKS
from wizard.result.path_view import outlook_chip
from wizard.session import today
from wizard.shell.said import Markdown, bare, counted, plain, said

from . import spreadsheet, worklist
from .open_row_view import open_row
from .table_session import FIXES, PUT_BACK, ROWS, VIEWED, WORK
from .worklist import Screening, View
from .worklist_table_view import draw_rows

PAGE = 25
MOST_TO_FIX = 20
MOST_IN_FIELD = 500
WINDOWS: tuple[int | None, ...] = (None, 14, 30, 60)


def draw_worklist(work: Screening) -> None:
    """All of it, for a table that was worked out."""
    _draw_tally(work)
    if len(work.rejected):
        _draw_rejects(work)
    _tell_put_back()
    st.header(said("table.worklist"), anchor=False)
    view = _draw_filters(work)
    rows = _looked_at(work, view)
    st.markdown(
        counted("table.shown", len(rows))
        if len(rows) < 2
        else said("table.shown.many", number=f"{len(rows):,}")
    )
    _draw_page(work, rows, view)
    _draw_downloads(work, rows)


def _draw_tally(work: Screening) -> None:
    st.markdown(said("table.ready", read=f"{len(work.read):,}"))
    chips = [outlook_chip(o, True, n) for o, n in worklist.tally(work).items()]
    if chips:
        st.markdown(said("table.tally", chips=Markdown(" ".join(chips))))
    in_danger = int(work.results.loc[work.read, "safety"].map(worklist.in_crisis).sum())
    if in_danger:
        st.markdown(f":material/favorite: **{counted('table.safety_count', in_danger)}**")


# --- rejected rows -----------------------------------------------------------------------------------


def _draw_rejects(work: Screening) -> None:
    rejected = work.rejected
    shown = rejected[:MOST_TO_FIX]
    st.header(said("table.rejects_title", count=f"{len(rejected):,}"), anchor=False)
    st.markdown(said("table.rejects"))
    if len(shown) < len(rejected):
        st.caption(said("table.rejects_part", shown=len(shown)))
    fields: dict[Hashable, dict[str, str]] = {}
    names = worklist.case_names(work)
    with st.form("rejects", border=False):
        for row in shown:
            fields[row] = _draw_reject(work, row, str(names[row]))
        st.form_submit_button(
            said("table.put_back"), key="table-put-back", type="primary", on_click=_put_back, args=(work, fields)
        )  # fmt: skip


def _draw_reject(work: Screening, row: Hashable, name: str) -> dict[str, str]:
    """A rejected row: its reasons, and a field for each cell at fault (own column name -> widget)."""
    keys: dict[str, str] = {}
    fixes = FIXES.get()
    faults = worklist.faults_of(work, row, today(), load_rules())
    with st.container(key=f"reject_{row}", border=True):
        reasons = " ".join(why for _, why in faults) or str(work.results.at[row, "error"])
        st.markdown(f"**{plain(name)}** · {plain(reasons)}")
        with st.container(key=f"table_cells_reject_{row}"):
            for column, _ in faults:
                key = keys[column] = f"fix-{fixes}-{row}-{len(keys)}"
                st.text_input(
                    said("table.fix", column=column, case=name),
                    value=str(work.rows.at[row, column])[:MOST_IN_FIELD], max_chars=MOST_IN_FIELD, key=key,
                )  # fmt: skip
    return keys


def _put_back(work: Screening, fields: dict[Hashable, dict[str, str]]) -> None:
    """Work the corrected rows out anew; those that can be read now leave the list."""
    fixed = {
        row: changed
        for row, keys in fields.items()
        if (
            changed := {
                c: t for c, k in keys.items() if (t := st.session_state[k]) != work.rows.at[row, c]
            }
        )
    }
    before = len(work.rejected)
    if fixed:
        work = worklist.put_back(work, fixed, today(), load_rules())
    WORK.set(work)
    ROWS.set(work.rows)
    FIXES.set(FIXES.get() + 1)
    PUT_BACK.set(before - len(work.rejected))


def _tell_put_back() -> None:
    number = PUT_BACK.take()
    if number is not None:
        (st.success if number else st.warning)(counted("table.put_well", number))


# --- what is looked at -------------------------------------------------------------------------------


def _distinct(work: Screening, column: str) -> tuple[str, ...]:
    return tuple(sorted({v for v in work.about.loc[work.read, column] if v}))


def _several(
    name: str, options: Sequence[str], words: Callable[[str], str] = str
) -> tuple[str, ...]:
    """A list to choose several from; none chosen is all."""
    chosen: list[str] = st.multiselect(
        said(f"table.filters.{name}"), options, format_func=words,
        placeholder=said("table.all_outlooks"), key=f"work-{name}", persist_state="session",
    )  # fmt: skip
    return tuple(chosen)


def _draw_filters(work: Screening) -> View:
    with st.container(key="table_cells_filters"):
        insurers = _several("insurers", _distinct(work, "insurer"))
        states = _several("states", _distinct(work, "state"))
        approvals = _several(
            "approval", ("yes", "no", "ask"), lambda a: bare(f"table.approvals.{a}")
        )
        outlooks = _several("outlooks", OUTLOOKS, lambda o: phrase("outlook", o))
        text = st.text_input(
            said("table.search"), key="work-text", max_chars=60, placeholder=said("table.search_example"),
            persist_state="session",
        )  # fmt: skip
        window = st.selectbox(
            said("table.window"), WINDOWS, key="work-window",
            persist_state="session",
            format_func=lambda d: said(f"table.windows.{'any' if d is None else d}"),
        )  # fmt: skip
        sort = st.selectbox(
            said("table.sort"), worklist.SORTS, key="work-sort",
            persist_state="session",
            format_func=lambda s: said(f"table.sorts.{s}"),
        )  # fmt: skip
        safety = st.checkbox(said("table.safety_only"), key="work-safety", persist_state="session")
    return View(
        outlooks, text or "", insurers, states, approvals, safety_only=safety, within_days=window, sort=sort
    )  # fmt: skip


def _looked_at(work: Screening, view: View) -> pd.Index:
    """The rows of a view, kept until the work or the view is another one."""
    kept = VIEWED.get()
    if kept is None or kept[0] is not work or kept[1] != view:
        kept = (work, view, worklist.looked_at(work, view, today()))
        VIEWED.set(kept)
    return kept[2]


# --- rows --------------------------------------------------------------------------------------------


def _draw_page(work: Screening, rows: pd.Index, view: View) -> None:
    if not len(rows):
        return
    pages = -(-len(rows) // PAGE)
    key = f"work-page-{hash(view)}"  # another view begins on its first page
    page = max(1, min(st.session_state.get(key, 1), pages))
    names = worklist.case_names(work)
    shown = list(rows[(page - 1) * PAGE : page * PAGE])
    _draw_open(work, shown, names)
    draw_rows(work, shown, names)
    if pages > 1:
        st.pagination(pages, key=key, persist_state="session")


def _draw_open(work: Screening, shown: list[Hashable], names: pd.Series) -> None:
    """Choose a row of the page and open it as a case."""
    with st.container(key="work_open", horizontal=True, vertical_alignment="bottom", gap="small"):
        row = st.selectbox(
            said("table.open_which"), shown, format_func=lambda r: str(names[r]),
            key=f"work-open-{hash(tuple(shown))}",
        )  # fmt: skip
        st.button(
            said("table.open"), key="work-open", on_click=open_row, args=(work, row, str(names[row]))
        )  # fmt: skip


# --- downloads ---------------------------------------------------------------------------------------


def _draw_downloads(work: Screening, rows: pd.Index) -> None:
    st.header(said("table.download_title"), anchor=False)
    only = False
    if len(rows) < len(work.rows):
        only = st.checkbox(said("table.download_shown", number=f"{len(rows):,}"), key="work-only")
    with st.container(key="table_downloads", horizontal=True, gap="small"):
        for kind in reversed(spreadsheet.KINDS):
            st.download_button(
                said(f"table.download_{kind}"), key=f"download-{kind}", icon=":material/download:",
                data=partial(_file, work, rows if only else None, kind), mime=spreadsheet.MIME[kind],
                file_name=bare("table.download_file", day=today().isoformat(), kind=kind), on_click="ignore",
            )  # fmt: skip


def _file(work: Screening, rows: pd.Index | None, kind: spreadsheet.Kind) -> bytes:
    whole = worklist.with_results(work)
    return spreadsheet.write(whole if rows is None else whole.loc[rows], kind)
