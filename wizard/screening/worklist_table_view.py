"""The rows of a worklist as one table: who insures the person, what the answer is, what is open, what is due."""

from __future__ import annotations

import html
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from rules.messages import phrase
from wizard.shell import styles
from wizard.shell.said import bare

from . import worklist
from .worklist import Screening

COLUMNS = ("insurer", "kind", "state", "answer", "approval", "open", "next", "by")


def draw_rows(work: Screening, rows: Sequence[object], names: pd.Series) -> None:
    """A page of the worklist, with the clinic's own columns behind."""
    own = worklist.own_to_show(work)
    heads = (bare("table.case_id"), *(bare(f"table.column_names.{c}") for c in COLUMNS), *own)
    head = "".join(f"<th scope='col'>{html.escape(h)}</th>" for h in heads)
    lines = "".join(_line(work, row, str(names[row]), heads, own) for row in rows)
    caption = html.escape(bare("table.caption"))
    label = html.escape(bare("table.worklist"), quote=True)
    region = f"<div class='kp-wide' role='region' tabindex='0' aria-label='{label}'>"
    table = f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{lines}</tbody>"
    st.html(f"{styles.sheet('desk')}{region}<table class='kp-desk kp-list'>{table}</table></div>")


def _line(work: Screening, row: object, name: str, heads: Sequence[str], own: Sequence[str]) -> str:
    found, about = work.results.loc[row], work.about.loc[row]
    outlook = found["best_outlook"]
    stands = phrase("outlook", outlook) if outlook else bare("table.not_known")
    approval = found["pa_required"]
    cells = (
        _text(about["insurer"]),
        _text(about["kind"]),
        _text(about["state"]),
        f"<strong>{_text(stands)}.</strong> {_text(found['answer'])}",
        _text(bare(f"table.approvals.{approval}")) if approval else "",
        _text(found["why"] or _missing(found["missing"])),
        _text(found["next_step"]),
        _text(found["by_when"]),
        *(_text(str(work.rows.at[row, n])) for n in own),
    )
    urgent = f"<p><strong>{_text(bare('table.safety'))}</strong></p>" if worklist.in_crisis(found["safety"]) else ""  # fmt: skip
    told = f"<p>{_text(found['remarks'])}</p>" if found["remarks"] else ""
    parts = [f"<th scope='row'>{_text(name)}{urgent}{told}</th>"]
    for head, inside in zip(heads[1:], cells, strict=True):
        parts.append(f"<td><span class='kp-who'>{_text(head)}</span>{inside or '–'}</td>")
    return f"<tr>{''.join(parts)}</tr>"


def _text(text: str) -> str:
    return html.escape(text)


def _missing(text: str) -> str:
    """The answers that are open, by their short words; at most four."""
    missing = worklist.missing_of(text)
    named = [worklist.missing_words(title) for title in missing[: worklist.MOST_MISSING]]
    rest = len(missing) - len(named)
    return "; ".join([*named, *([bare("table.missing_more", number=rest)] if rest else [])])
