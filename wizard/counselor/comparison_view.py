"""Variants side by side, as a table: what changed, and every difference marked in word and icon."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from rules import Result, load_rules
from rules.case import PlainCase, PlainPart
from rules.costs.recipes import YOU_PAY
from rules.costs.show import span
from rules.messages import outlook_words
from rules.result import PathShown
from wizard.costs.cost_picture import picture_with
from wizard.labels import asked_treatment, in_words, short_name, treatment_name
from wizard.session import case_of, result_of, store, today
from wizard.shell import styles, theme
from wizard.shell.said import bare, said

from .answer_rows import AnswerCell, Line, Variant, answer_rows, cover_short
from .presets import open_to_client, other_request
from .scenario import CounselorDesk, Scenario, ScenarioChange
from .scenarios import ComparisonCell, Sign, apply, longest_trial, path_rows

PERIOD = "first_year"
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


def worked_out(found: CounselorDesk) -> list[Variant]:
    """Each variant with its case, its result and what else the table tells."""
    base = store().case_data()
    made = []
    for variant, case in zip(found.variants, cases_of(found), strict=True):
        result = result_of(case)
        made.append(
            Variant(
                case=case,
                result=result,
                other=result_of({**case, "request": other_request(case)}),
                open_to=open_to_client(base, variant.edits, load_rules(), today()),
                cost=_lead_cost(case, result),
            )
        )
    return made


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
    """One edit as people read it; `covers` are the plans as they stand before it."""
    match edit.kind:
        case "answer":
            value = in_words(edit.place, edit.value, covers)
            name = short_name(edit.place)
            if edit.place.startswith("coverages["):
                number = int(edit.place[len("coverages[") : edit.place.index("]")])
                cover = _named(covers, number)
                return bare("counselor.edit.answer_cover", name=name, cover=cover, value=value)
            return bare("counselor.edit.answer", name=name, value=value)
        case "plan":
            cover = cover_short(edit.value, load_rules())
            if not edit.place:
                return bare("counselor.edit.plan_new", cover=cover)
            return bare("counselor.edit.plan", old=_named(covers, int(edit.place)), cover=cover)
        case "gone":
            return bare("counselor.edit.gone", cover=_named(covers, int(edit.place)))
        case "trial":
            weeks = longest_trial(load_rules())
            name = treatment_name(edit.value)
            return bare("counselor.edit.trial", name=name, weeks=weeks)
        case "counted":
            return bare("counselor.edit.counted")


def edits_in_words(variant: Scenario) -> list[str]:
    """The edits of a variant, each with the plans named as they stood when it was made."""
    base, book = store().case_data(), load_rules()
    before = [apply(base, variant.edits[:i], book) for i in range(len(variant.edits))]
    return [
        edit_words(edit, case.get("coverages") or [])
        for edit, case in zip(variant.edits, before, strict=True)
    ]


def _named(covers: list[PlainPart], number: int) -> str:
    """A plan by its insurer; where two would read alike, or none is there, by its number."""
    names = [cover_short(c, load_rules()) for c in covers]
    if number < len(names) and names.count(names[number]) == 1:
        return names[number]
    return bare("counselor.insurance_number", number=number + 1)


def path_name(path: PathShown, covers: list[PlainPart]) -> str:
    """A path by its name, treatment and insurer."""
    treatment = asked_treatment(path.treatment)
    if path.coverage is None:
        return bare("counselor.path_name", name=path.name, treatment=treatment)
    cover = _named(covers, path.coverage)
    return bare("counselor.path_name_cover", name=path.name, treatment=treatment, cover=cover)


# --- drawing --------------------------------------------------------------------------------------------------


def draw_comparison(found: CounselorDesk, variants: Sequence[Variant], notes: bool = True) -> None:
    """The answers of all variants side by side."""
    edits = [_edit_list(v) for v in found.variants]
    lines = [_html_row(bare("counselor.row.edits"), edits, found)]
    for row in answer_rows(variants, load_rules()):
        cells = [_answer_cell(cell) for cell in row.cells]
        changed = [c.sign not in ("first", "same", "none") for c in row.cells]
        lines.append(_html_row(bare(f"counselor.row.{row.kind}"), cells, found, changed))
    told = [f"<p>{html.escape(v.note)}</p>" if v.note else "" for v in found.variants]
    if notes and any(told):
        lines.append(_html_row(bare("counselor.row.note"), told, found))
    _draw_table(found, lines, variants)


def _answer_cell(cell: AnswerCell) -> str:
    lines = "".join(_line(line) for line in cell.lines)
    # On paper there is room for what differs only: the same stands in the first column.
    inside = f"<div class='kp-same'>{lines}</div>" if cell.sign == "same" else lines
    return _sign(cell.sign) + inside


def _line(line: Line) -> str:
    chip = ""
    if line.outlook is not None:
        chip = outlook_html(line.outlook, line.of_cover)
    elif line.asks_open:
        key = {True: "yes", False: "no", None: "unknown"}[line.open]
        color = {True: "green", False: "orange", None: "gray"}[line.open]
        icon = {True: "check", False: "block", None: "help"}[line.open]
        chip = _chip(icon, bare(f"counselor.open.{key}"), color)
    quiet = f"<span class='kp-quiet'>{html.escape(line.quiet)}</span>" if line.quiet else ""
    return f"<p>{chip}{html.escape(line.text)}{quiet}</p>"


def differing(results: Sequence[Result]) -> int:
    """How many paths differ between the variants."""
    return sum(r.differs for r in path_rows(results))


def draw_path_rows(found: CounselorDesk, variants: Sequence[Variant], only_differing: bool) -> None:
    """Every path in each variant; or those alone that differ."""
    results = [v.result for v in variants]
    rows = [r for r in path_rows(results) if r.differs or not only_differing]
    if not rows:
        st.markdown(said("counselor.no_difference"))
        return
    lines = []
    for row in rows:
        home = next(v for v, c in zip(variants, row.cells, strict=True) if c.path is not None)
        name = path_name(row.name, home.case.get("coverages") or [])
        changed = [c.sign not in ("first", "same", "none") for c in row.cells]
        cells = [_sign(c.sign) + _path(c) for c in row.cells]
        lines.append(_html_row(name, cells, found, changed))
    _draw_table(found, lines, variants)


def _draw_table(found: CounselorDesk, lines: list[str], variants: Sequence[Variant]) -> None:
    names = "".join(
        f"<th scope='col'>{html.escape(v.name)}<span class='kp-quiet'>{html.escape(_plans(w))}"
        "</span></th>"
        for v, w in zip(found.variants, variants, strict=True)
    )
    columns = "<col class='kp-what'>" + "<col>" * len(found.variants)
    st.html(
        f"{styles.sheet('desk')}<table class='kp-desk'><caption>{html.escape(bare('counselor.compare_caption'))}"
        f"</caption><colgroup>{columns}</colgroup><thead><tr><td></td>{names}</tr></thead>"
        f"<tbody>{''.join(lines)}</tbody></table>"
    )


def _plans(variant: Variant) -> str:
    """The insurance of a variant, by name."""
    covers = variant.case.get("coverages")
    if not covers:
        return bare("counselor.order.none" if covers == [] else "counselor.order.unknown")
    return " + ".join(cover_short(c, load_rules()) for c in covers)


def _html_row(
    name: str, cells: Sequence[str], found: CounselorDesk, changed: Sequence[bool] = ()
) -> str:
    parts = [f"<tr><th scope='row'>{html.escape(name)}</th>"]
    for number, (variant, inside) in enumerate(zip(found.variants, cells, strict=True)):
        marked = bool(changed) and changed[number]
        who = f"<span class='kp-who'>{html.escape(variant.name)}</span>"
        parts.append(f"<td{' class=kp-changed' if marked else ''}>{who}{inside}</td>")
    return "".join([*parts, "</tr>"])


def _edit_list(variant: Scenario) -> str:
    if not variant.edits:
        return html.escape(bare("counselor.as_told"))
    return _list(edits_in_words(variant))


def _list(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return f"<p>{html.escape(texts[0])}</p>"
    return "<ul>" + "".join(f"<li>{html.escape(t)}</li>" for t in texts) + "</ul>"


def _sign(sign: Sign) -> str:
    if sign not in SIGN_ICON:
        return ""
    return _chip(SIGN_ICON[sign], bare(f"counselor.sign.{sign}"), SIGN_COLOR[sign])


def _chip(icon: str, text: str, color: str) -> str:
    mark = f"<span class='kp-icon' aria-hidden='true'>{icon}</span>"
    return f"<span class='kp-chip kp-{color}'>{mark}{html.escape(text)}</span>"


def outlook_html(outlook: str, of_cover: bool) -> str:
    """An outlook as a word with icon and colour."""
    icon = theme.OUTLOOK_ICON[outlook].removeprefix(":material/").removesuffix(":")
    return _chip(icon, outlook_words(outlook, of_cover), theme.OUTLOOK_COLOR[outlook])


def _path(cell: ComparisonCell) -> str:
    if cell.path is None:
        return f"<p>{html.escape(bare('counselor.no_path'))}</p>"
    shown = outlook_html(cell.path.outlook, cell.path.coverage is not None)
    first = cell.path.next_step
    if first is not None and "step" in cell.parts:
        shown += f"<p>{html.escape(first.text)}</p>"
    others = [bare(f"counselor.part.{p}") for p in cell.parts if p != "outlook"]
    if others:
        text = bare("counselor.also_differs", parts=", ".join(others))
        shown += f"<p>{html.escape(text)}</p>"
    return shown
