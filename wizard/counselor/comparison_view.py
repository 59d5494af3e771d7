"""Variants side by side, as a table: what changed, and every difference marked in word and icon."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

import streamlit as st

from rules import Result, load_rules
from rules.case import PlainCase, PlainPart
from rules.costs.recipes import YOU_PAY
from rules.costs.show import span
from rules.messages import outlook_words
from rules.result import PathShown
from wizard.costs.cost_picture import picture_with
from wizard.labels import asked_treatment, cover_name, day, in_words, short_name, treatment_name
from wizard.result.step_words import paper_name
from wizard.session import case_of, result_of, store, today
from wizard.shell import styles, theme
from wizard.shell.said import bare, counted, said

from .scenario import CounselorDesk, Scenario, ScenarioChange
from .scenarios import ComparisonCell, Row, Sign, apply, compare, longest_trial, moves, path_rows

PERIOD = "first_year"
MOST_MOVES = 5
SIGN_ICON: dict[Sign, str] = {
    "same": "drag_handle",
    "better": "arrow_upward",
    "worse": "arrow_downward",
    "new": "add",
    "gone": "remove",
    "other": "change_history",
}
SIGN_COLOR: dict[Sign, str] = {
    "same": "gray",
    "better": "green",
    "worse": "orange",
    "new": "blue",
    "gone": "gray",
    "other": "violet",
}


# --- the desk of this session -----------------------------------------------------------------------------


def desk() -> CounselorDesk:
    """The variants of this session; at first only the case as told."""
    return store().desk or CounselorDesk((Scenario(1, bare("counselor.base")),))


def keep_desk(changed: CounselorDesk) -> None:
    """Keep the desk with the answers."""
    store().desk = changed


def cases_of(found: CounselorDesk) -> list[PlainCase]:
    """The case of each variant, made from the present answers."""
    base = store().case_data()
    return [apply(base, v.edits, load_rules()) for v in found.variants]


def results_of(cases: Sequence[PlainCase]) -> list[Result]:
    """The result of each case, from the engine."""
    return [result_of(case) for case in cases]


def costs_of_leads(cases: Sequence[PlainCase], results: Sequence[Result]) -> list[str | None]:
    """What the leading path of each variant costs the person in the first year, in words."""
    return [_lead_cost(c, r) for c, r in zip(cases, results, strict=True)]


def _lead_cost(case: PlainCase, result: Result) -> str | None:
    lead = result.best_path
    if lead is None:
        return None
    picture, _ = picture_with(case_of(case), result, load_rules(), today(), store().own_numbers)
    for line in picture.lines_of_path(lead.id):
        if line.what == YOU_PAY and line.period == PERIOD and line.low is not None:
            amount = span(line.low, line.high, line.exact)
            return bare("counselor.cost_first_year", amount=amount)
    return lead.cost_note or bare("counselor.cost_unknown")


# --- words --------------------------------------------------------------------------------------------------


def edit_words(edit: ScenarioChange, covers: list[PlainPart]) -> str:
    """One edit as people read it."""
    match edit.kind:
        case "answer":
            value = in_words(edit.place, edit.value, covers)
            if edit.place.startswith("coverages["):
                number = int(edit.place[len("coverages[") : edit.place.index("]")]) + 1
                return bare(
                    "counselor.edit.answer_cover",
                    name=short_name(edit.place), number=number, value=value,
                )  # fmt: skip
            return bare("counselor.edit.answer", name=short_name(edit.place), value=value)
        case "plan":
            cover = cover_name(edit.value)
            if not edit.place:
                return bare("counselor.edit.plan_new", cover=cover)
            return bare("counselor.edit.plan", number=int(edit.place) + 1, cover=cover)
        case "trial":
            weeks = longest_trial(load_rules())
            name = treatment_name(edit.value)
            return bare("counselor.edit.trial", name=name, weeks=weeks)
        case "counted":
            return bare("counselor.edit.counted")


def path_name(path: PathShown) -> str:
    """A path by its name, treatment and the number of its cover."""
    treatment = asked_treatment(path.treatment)
    if path.coverage is None:
        return bare("counselor.path_name", name=path.name, treatment=treatment)
    return bare(
        "counselor.path_name_cover", name=path.name, treatment=treatment, number=path.coverage + 1
    )


# --- drawing --------------------------------------------------------------------------------------------------


def draw_comparison(
    found: CounselorDesk, cases: Sequence[PlainCase], results: Sequence[Result]
) -> None:
    """The main points of all variants side by side."""
    rows = compare(results, costs_of_leads(cases, results))
    edits = [_edit_list(v, c) for v, c in zip(found.variants, cases, strict=True)]
    lines = [_html_row(bare("counselor.row.edits"), edits, found)]
    for row in rows:
        name = bare(f"counselor.row.{row.kind}")
        cells = [_cell(row.kind, cell) for cell in row.cells]
        lines.append(_html_row(name, cells, found, row))
    lines.append(_moves_row(found, results))
    notes = [html.escape(v.note) for v in found.variants]
    if any(notes):
        lines.append(_html_row(bare("counselor.row.note"), notes, found))
    _draw_table(found, lines)


def _moves_row(found: CounselorDesk, results: Sequence[Result]) -> str:
    """Which ways become better or worse in each variant, the first few by name."""
    rows = path_rows(results)
    cells = [""]
    for number in range(1, len(results)):
        moved = moves(rows, number)
        shown = [f"<p>{_sign(c.sign)}{_path_moved(c)}</p>" for c in moved[:MOST_MOVES]]
        rest = len(moved) - len(shown)
        if rest > 0:
            shown.append(f"<p>{html.escape(counted('counselor.more_moves', rest))}</p>")
        cells.append("".join(shown) or f"<p>{html.escape(bare('counselor.none'))}</p>")
    return _html_row(bare("counselor.row.moves"), cells, found)


def _path_moved(cell: ComparisonCell) -> str:
    if cell.path is None:
        return ""
    return f"{outlook_html(cell.path)} {html.escape(path_name(cell.path))}"


def differing(results: Sequence[Result]) -> int:
    """How many paths differ between the variants."""
    return sum(r.differs for r in path_rows(results))


def draw_path_rows(found: CounselorDesk, results: Sequence[Result], only_differing: bool) -> None:
    """Every path in each variant; or those alone that differ."""
    rows = [r for r in path_rows(results) if r.differs or not only_differing]
    if not rows:
        st.markdown(said("counselor.no_difference"))
        return
    lines = [
        _html_row(
            path_name(r.name) if r.name else "", [_cell("path", c) for c in r.cells], found, r
        )
        for r in rows
    ]
    _draw_table(found, lines)


def _draw_table(found: CounselorDesk, lines: list[str]) -> None:
    names = "".join(f"<th scope='col'>{html.escape(v.name)}</th>" for v in found.variants)
    columns = "<col class='kp-what'>" + "<col>" * len(found.variants)
    st.html(
        f"{styles.sheet('desk')}<table class='kp-desk'><caption>{html.escape(bare('counselor.compare_caption'))}"
        f"</caption><colgroup>{columns}</colgroup><thead><tr><td></td>{names}</tr></thead>"
        f"<tbody>{''.join(lines)}</tbody></table>"
    )


def _html_row(name: str, cells: Sequence[str], found: CounselorDesk, row: Row | None = None) -> str:
    parts = [f"<tr><th scope='row'>{html.escape(name)}</th>"]
    for number, (variant, inside) in enumerate(zip(found.variants, cells, strict=True)):
        changed = row is not None and row.cells[number].sign not in ("first", "same", "none")
        who = f"<span class='kp-who'>{html.escape(variant.name)}</span>"
        parts.append(f"<td{' class=kp-changed' if changed else ''}>{who}{inside}</td>")
    return "".join([*parts, "</tr>"])


def _edit_list(variant: Scenario, case: PlainCase) -> str:
    if not variant.edits:
        return html.escape(bare("counselor.as_told"))
    return _list([edit_words(e, case.get("coverages") or []) for e in variant.edits])


def _list(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return f"<p>{html.escape(texts[0])}</p>"
    return "<ul>" + "".join(f"<li>{html.escape(t)}</li>" for t in texts) + "</ul>"


def _cell(kind: str, cell: ComparisonCell) -> str:
    name = LISTS.get(kind)
    if name is not None and cell.sign in ("same", "other"):
        return _sign(cell.sign) + _list_changes(cell, name)
    return _sign(cell.sign) + _CELLS[kind](cell)


def _list_changes(cell: ComparisonCell, name: Callable[[str], str]) -> str:
    """Only what a list has more or less than the first variant's: the rest stands there."""
    shown = ""
    for key, items in (("added", cell.added), ("dropped", cell.dropped)):
        if items:
            texts = "; ".join(dict.fromkeys(name(i) for i in items))
            shown += f"<p>{html.escape(bare(f'counselor.{key}', items=texts))}</p>"
    return shown


def _sign(sign: Sign) -> str:
    if sign not in SIGN_ICON:
        return ""
    return _chip(SIGN_ICON[sign], bare(f"counselor.sign.{sign}"), SIGN_COLOR[sign])


def _chip(icon: str, text: str, color: str) -> str:
    mark = f"<span class='kp-icon' aria-hidden='true'>{icon}</span>"
    return f"<span class='kp-chip kp-{color}'>{mark}{html.escape(text)}</span>"


def outlook_html(path: PathShown) -> str:
    """The outlook of a path as a word with icon and colour."""
    icon = theme.OUTLOOK_ICON[path.outlook].removeprefix(":material/").removesuffix(":")
    words = outlook_words(path.outlook, path.coverage is not None)
    return _chip(icon, words, theme.OUTLOOK_COLOR[path.outlook])


def _lead(cell: ComparisonCell) -> str:
    if cell.path is None:
        return f"<p>{html.escape(bare('counselor.none'))}</p>"
    return f"{outlook_html(cell.path)}<p>{html.escape(path_name(cell.path))}</p>"


def _path(cell: ComparisonCell) -> str:
    if cell.path is None:
        return f"<p>{html.escape(bare('counselor.no_path'))}</p>"
    shown = outlook_html(cell.path)
    first = cell.path.next_step
    if first is not None and "step" in cell.parts:
        shown += f"<p>{html.escape(first.text)}</p>"
    others = [bare(f"counselor.part.{p}") for p in cell.parts if p != "outlook"]
    if others:
        text = bare("counselor.also_differs", parts=", ".join(others))
        shown += f"<p>{html.escape(text)}</p>"
    return shown


def _items(name: Callable[[str], str]) -> Callable[[ComparisonCell], str]:
    def draw(cell: ComparisonCell) -> str:
        texts = list(dict.fromkeys(name(i) for i in cell.items))
        return _list(texts) if texts else f"<p>{html.escape(bare('counselor.none'))}</p>"

    return draw


def _day(cell: ComparisonCell) -> str:
    if cell.day is None:
        return f"<p>{html.escape(bare('counselor.no_day'))}</p>"
    return "".join(f"<p>{html.escape(text)}</p>" for text in (day(cell.day), *cell.items))


LISTS: dict[str, Callable[[str], str]] = {"papers": paper_name, "find_out": short_name}
_CELLS: dict[str, Callable[[ComparisonCell], str]] = {
    "lead": _lead,
    "path": _path,
    "step": _items(str),
    "day": _day,
    "deadline": _day,
    "papers": _items(paper_name),
    "find_out": _items(short_name),
    "cost": _items(str),
}
