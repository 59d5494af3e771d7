"""A table of people: a template, an upload, how its columns were read, then the worklist."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from rules import load_rules
from rules.table import TableFault
from rules.table.columns import columns
from wizard.session import today
from wizard.shell import styles
from wizard.shell.layout import heading
from wizard.shell.said import bare, counted, plain, said

from . import spreadsheet, worklist
from .open_row_view import take_back
from .table_session import AGAIN, ASKING, NAME, ROUND, ROWS, STAMP, TOLD, WORK, forget
from .uploads import keep_in_memory
from .worklist_view import draw_worklist

MOST_NAMED = 6
EXAMPLE_LENGTH = 24
NAME_LENGTH = 60

keep_in_memory()


def draw() -> None:
    styles.use("staff")
    heading(said("table.title"))
    take_back()
    work, rows = WORK.get(), ROWS.get()
    if work is not None:
        _draw_loaded(work.rows)
        _draw_again()
        draw_worklist(work)
        return
    st.markdown(said("table.lead"))
    st.caption(said("table.private"))
    if rows is None:
        _draw_template()
        _draw_upload()
    else:
        _draw_loaded(rows)
        _draw_matching(rows)


# --- the template and the file ---------------------------------------------------------------------


def _draw_template() -> None:
    st.header(said("table.template_title"), anchor=False)
    st.markdown(said("table.template"))
    with st.container(key="table_template", horizontal=True, gap="small"):
        for kind in reversed(spreadsheet.KINDS):
            st.download_button(
                said(f"table.template_{kind}"), key=f"template-{kind}", icon=":material/download:",
                data=partial(_template, kind),
                file_name=bare("table.template_file", kind=kind), mime=spreadsheet.MIME[kind], on_click="ignore",
            )  # fmt: skip


def _template(kind: spreadsheet.Kind) -> bytes:
    return spreadsheet.template(columns(load_rules()), kind)


def _draw_upload() -> None:
    st.header(said("table.upload_title"), anchor=False)
    found = st.file_uploader(
        said("table.upload"), type=list(spreadsheet.KINDS), key=f"table-file-{ROUND.get()}",
        max_upload_size=spreadsheet.MOST_BYTES // spreadsheet.MEGABYTE,
    )  # fmt: skip
    if found is None:
        return
    try:
        with st.spinner(said("table.reading")):
            whole = spreadsheet.read(found.getvalue())
    except spreadsheet.SheetFault as fault:
        st.error(said(f"table.fault.{fault.key}", **fault.values), icon=":material/error:")
        return
    rows = worklist.own_rows(whole)
    TOLD.set(whole.attrs["told"])
    ROWS.set(rows)
    AGAIN.set(rows.shape[1] < whole.shape[1])
    NAME.set(found.name)
    STAMP.set(worklist.stamp(found.getvalue()))
    ROUND.set(ROUND.get() + 1)  # lets go of the file itself
    st.rerun()


def _draw_loaded(rows: pd.DataFrame) -> None:
    st.markdown(
        said("table.loaded", name=NAME.get()[:NAME_LENGTH], rows=f"{len(rows):,}", columns=rows.shape[1])
    )  # fmt: skip
    if AGAIN.get():
        st.markdown(said("table.given_back"))
    for text in TOLD.get():
        st.warning(plain(f"{text[:1].upper()}{text[1:]}."), icon=":material/info:")


def _draw_again() -> None:
    """The ways back: to the columns, and to another table."""
    with st.container(key="table_again", horizontal=True, gap="small"):
        st.button(said("table.again"), key="table-again", on_click=WORK.drop)
        if not ASKING.get():
            st.button(
                said("table.other"), key="table-other",
                on_click=ASKING.set, args=(True,),
            )  # fmt: skip
            return
        st.markdown(said("table.other_sure"))
        st.button(said("table.other_yes"), key="table-other-yes", type="primary", on_click=forget)
        st.button(
            said("table.other_no"), key="table-other-no",
            on_click=ASKING.set, args=(False,),
        )  # fmt: skip


# --- the columns -------------------------------------------------------------------------------------


def _draw_matching(rows: pd.DataFrame) -> None:
    book = load_rules()
    st.header(said("table.match_title"), anchor=False)
    own = worklist.matches([str(c) for c in rows.columns], book)
    place = st.container()
    with st.expander(
        said("table.correct"), expanded=not worklist.any_read(own), key="table_columns"
    ):
        chosen = _draw_columns(rows, own)
    found = worklist.corrected(own, chosen)
    with place:
        _tell_matches(found)
        ready = _tell_problems(found)
        pressed = st.button(
            _run_words(len(rows)), key="table-run",
            type="primary" if ready else "secondary", disabled=not ready,
        )  # fmt: skip
        if pressed and ready:
            _run(rows, found)


def _run_words(rows: int) -> str:
    return counted("table.run", rows) if rows < 2 else said("table.run.many", number=f"{rows:,}")


def _tell_matches(found: tuple[worklist.Match, ...]) -> None:
    read = [m for m in found if m.target is not None]
    left = [m.name for m in found if m.target is None]
    st.markdown(counted("table.matched", len(read)))
    names = ", ".join(n[:NAME_LENGTH] for n in left[:MOST_NAMED])
    names += " …" if len(left) > MOST_NAMED else ""
    st.markdown(counted("table.unmatched", len(left), names=names))


def _tell_problems(found: tuple[worklist.Match, ...]) -> bool:
    """Say what keeps the table from being worked out; whether nothing does."""
    double = worklist.twice(found)
    if double:
        st.error(said("table.twice", names=", ".join(_target_words(t) for t in double)))
    elif not worklist.any_read(found):
        st.warning(said("table.none_read"))
    else:
        return True
    return False


def _draw_columns(rows: pd.DataFrame, own: tuple[worklist.Match, ...]) -> dict[int, str | None]:
    """What each column is read as; what a person chose otherwise."""
    offered = list(
        dict.fromkeys((*worklist.targets(load_rules()), *(m.target for m in own if m.target)))
    )
    options: list[str | None] = [None, *offered]
    chosen: dict[int, str | None] = {}
    stamp = STAMP.get()[:12]
    with st.container(key="table_cells_columns"):
        for place, match in enumerate(own):
            key = f"column-{stamp}-{place}"
            picked = st.selectbox(
                _column_label(rows, place, match), options, index=options.index(match.target), key=key,
                format_func=lambda t: bare("table.not_read") if t is None else _target_words(t),
            )  # fmt: skip
            if picked != match.target:
                chosen[place] = picked
    return chosen


def _column_label(rows: pd.DataFrame, place: int, match: worklist.Match) -> str:
    values = rows.iloc[:, place]
    example = next((str(v) for v in values.head(200) if str(v).strip()), "")
    name = match.name[:NAME_LENGTH]
    if not example:
        return plain(name)
    return said("table.such_as", name=name, example=example[:EXAMPLE_LENGTH])


def _target_words(target: str) -> str:
    if target == worklist.CASE_ID:
        return bare("table.case_id")
    words = worklist.column_words(load_rules(), target).numbered
    return bare("table.column", words=words, title=target)


def _run(rows: pd.DataFrame, found: tuple[worklist.Match, ...]) -> None:
    bar = st.progress(0.0, text=said("table.running"))

    def told(share: float) -> None:
        bar.progress(share, said("table.running"))

    try:
        work = worklist.screened(rows, found, today(), load_rules(), told)
    except TableFault:
        st.error(said("table.none_read"))
        return
    WORK.set(work)
    st.rerun()
