"""The worklist of a screened table: its tally, its rejected rows, its rows, its downloads."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from rules import load_rules
from rules.messages import phrase
from rules.vocabulary import OUTLOOKS
from wizard.answers import Answers
from wizard.labels import day
from wizard.result.path_view import outlook_chip
from wizard.session import LAST_CALLER, replace, store, today
from wizard.shell import navigation
from wizard.shell.said import Markdown, bare, counted, plain, said

from . import spreadsheet, worklist
from .table_session import FIXES, PUT_BACK, ROWS, VIEWED, WORK
from .worklist import Screening, View

PAGE = 25
MOST_TO_FIX = 20
MOST_IN_FIELD = 500
MOST_MISSING = 4
WINDOWS: tuple[int | None, ...] = (None, 14, 30, 60)


def draw_worklist(work: Screening) -> None:
    """All of it, for a table that was worked out."""
    _draw_tally(work)
    if len(work.rejected):
        _draw_rejects(work)
    _tell_put_back()
    st.header(said("table.worklist"), anchor=False)
    view = _draw_filters()
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
    fields: dict[Any, dict[str, str]] = {}
    names = worklist.case_names(work)
    with st.form("rejects", border=False):
        for row in shown:
            fields[row] = _draw_reject(work, row, str(names[row]))
        st.form_submit_button(
            said("table.put_back"), key="table-put-back", type="primary", on_click=_put_back, args=(work, fields)
        )  # fmt: skip


def _draw_reject(work: Screening, row: Any, name: str) -> dict[str, str]:
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


def _put_back(work: Screening, fields: dict[Any, dict[str, str]]) -> None:
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


def _draw_filters() -> View:
    with st.container(key="table_cells_filters"):
        outlooks: list[str] = st.multiselect(
            said("table.outlooks"), OUTLOOKS, format_func=lambda o: phrase("outlook", o),
            placeholder=said("table.all_outlooks"), key="work-outlooks",
            persist_state="session",
        )  # fmt: skip
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
    return View(tuple(outlooks), text or "", safety, window, sort)


def _looked_at(work: Screening, view: View) -> pd.Index:
    """The rows of a view, kept until the work or the view is another one."""
    kept = VIEWED.get()
    if kept is None or kept[0] is not work or kept[1] != view:
        kept = (work, view, worklist.looked_at(work, view, today()))
        VIEWED.set(kept)
    return kept[2]


# --- rows --------------------------------------------------------------------------------------------


def _draw_page(work: Screening, rows: pd.Index, view: View) -> None:
    pages = -(-len(rows) // PAGE)
    key = f"work-page-{hash(view)}"  # another view begins on its first page
    page = max(1, min(st.session_state.get(key, 1), pages))
    names = worklist.case_names(work)
    for row in rows[(page - 1) * PAGE : page * PAGE]:
        _draw_row(work, row, str(names[row]))
    if pages > 1:
        st.pagination(pages, key=key, persist_state="session")


def _draw_row(work: Screening, row: Any, name: str) -> None:
    found = work.results.loc[row]
    with st.container(
        key=f"work_row_{row}",
        border=True,
        horizontal=True,
        vertical_alignment="center",
        gap="small",
    ):
        st.markdown(_row_words(found, name))
        st.button(
            said("table.open", case=name), key=f"open-{row}",
            on_click=partial(_open, work, row),
        )  # fmt: skip


def _row_words(found: pd.Series, name: str) -> str:
    """A row in three short lines: who and where it stands, what to do by when, what is missing."""
    path, treatment = worklist.path_words(found["best_path"], load_rules())
    about = said("table.path", name=path, treatment=treatment) if treatment else plain(path)
    of_cover = not found["best_path"].startswith("self.")
    chip = outlook_chip(found["best_outlook"], of_cover) if found["best_outlook"] else ""
    urgent = (
        f":red-badge[:material/favorite: {said('table.safety')}] "
        if worklist.in_crisis(found["safety"])
        else ""
    )
    lines = [f"{urgent}{chip} **{plain(name)}** · {about}"]
    date = found["next_deadline"]
    dated = f" :material/event: {said('table.by', day=day(date))}" if date else ""
    if found["next_step"] or dated:
        lines.append(said("table.next", step=found["next_step"]) + dated)
    lines.append(_missing_words(found["missing"]))
    if found["remarks"]:
        lines.append(said("table.told", remarks=found["remarks"]))
    return "  \n".join(lines)


def _missing_words(text: str) -> str:
    missing = worklist.missing_of(text)
    if not missing:
        return f":gray[{said('table.nothing_missing')}]"
    names = []
    for title in missing[:MOST_MISSING]:
        words, cover = worklist.column_words(load_rules(), title)
        several = cover is not None and cover > 1
        names.append(bare("table.of_cover", words=words, number=cover) if several else words)
    if len(missing) > MOST_MISSING:
        names.append(bare("table.missing_more", number=len(missing) - MOST_MISSING))
    return f":gray[{said('table.missing', names='; '.join(names))}]"


def _open(work: Screening, row: Any) -> None:
    """One row as a case: its answers become those of the session; the last ones can be brought back."""
    last = store()
    if not last.empty():
        LAST_CALLER.set(last)
    case = worklist.case_of(work, row, today(), load_rules())
    replace(Answers(case=case, role=last.role, keep_in_browser=last.keep_in_browser))
    navigation.leave_review(navigation.RESULT)


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
