"""Checks the rule book as a whole: what a single file cannot show.

Every fault names file, line and field. `error` stops the book from loading as sound; `warning`
is told (a fact past its review date). Only structure is judged here, never what is true.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from rules import terms
from rules.derive import COUNTED, DERIVED
from rules.model import PARTS, STATE_CODES
from rules.spoken import Meaning, meaning, plain, plain_name
from rules.terms import COVERAGE_KINDS, TREATMENTS

from .appeals import DecisionClock, Ladder, Level
from .base import Cited, Fact, Record, Source, lies_ahead
from .clinical import Code, DiagnosisRecord, IcdCodes, NotATrial
from .conditions import NUMERIC_OPERATORS, Condition, facts_read
from .other import Document, FactRecord, OrderFilter, PaperField, Question
from .policies import OtherLadder, Payer, PlanName, Policy, Program, Step, TrialStandard
from .read import RECORDS, read_all
from .sheets import ROOMS, Sources
from .states import State
from .ways import Parameter, Way
from .yaml_sheet import Fault, Place, Sheet

PLACEHOLDER = re.compile(
    r"\b(todo|tbd|fixme|xxx+|lorem ipsum|placeholder|to be determined|fill in here)\b|^\s*(\.{3}|…|\?+|-+|n/?a)\s*$",
    re.IGNORECASE,
)
# Words that no record may say: nobody can promise that a plan pays.
PROMISE = re.compile(
    r"\b(guaranteed|you(’|')?( a)?re eligible|you are entitled|will be (covered|approved))\b",
    re.IGNORECASE,
)
MARKUP = re.compile(r"<[a-zA-Z/!]")
URL = re.compile(r"^https?://[^\s/]+\.[^\s]+$")
URL_FIELDS = ("url", "apply_url")
PHONE = re.compile(r"^[+\d][\d\-() .]{1,24}(\s?(ext\.?|x|press|option)\s?\d+)?$")
PHONE_FIELDS = ("phone", "other_phone")
# Which words a coverage order filter may test besides the dictionary of facts: case fields.
CASE_ONLY_FACTS = ("condition_related_to", "active_duty", "visit_at_or_authorized_by_va")

Found = tuple[Sheet, Record]
Listed = list[tuple[Place, Any]]  # every part of a record with its place


def check_records(
    root: Path = RECORDS, today: dt.date | None = None, only: tuple[str, ...] = ()
) -> list[Fault]:
    """Everything that is wrong with the records under `root`, in the order of the files.

    `only` names files (relative to `root`) whose own contents are checked; what the files say
    together is always checked.
    """
    return check_found(list(read_all(root)), today, only)


def check_found(
    items: list[tuple[Sheet, Record] | Fault],
    today: dt.date | None = None,
    only: tuple[str, ...] = (),
) -> list[Fault]:
    """The same for files that were read already."""
    day = today or dt.date.today()
    faults = [item for item in items if isinstance(item, Fault)]
    found = [item for item in items if not isinstance(item, Fault)]
    book = _Index(found)
    for sheet, record in found:
        files = (sheet.file, *(s.file for s, _ in sheet.shared.values()))
        if not only or any(file in only for file in files):
            listed = list(parts(record))
            for check in CHECKS:
                faults.extend(check(book, sheet, record, listed, day))
    faults.extend(_whole(book))
    order = {sheet.file: i for i, (sheet, _) in enumerate(found)}
    return sorted(set(faults), key=lambda f: (order.get(f.file, -1), f.line, f.field, f.message))


class _Index:
    """Ids of everything that other records may name."""

    def __init__(self, found: list[Found]) -> None:
        self.found = found
        self.sources: dict[str, str] = {}  # the file in which each stands first
        self.facts: dict[str, FactRecord] = {}
        self.treatments: set[str] = set()
        self.codes: dict[str, Code] = {}
        self.ids: dict[str, set[str]] = {}
        self.by_file: dict[str, Sheet] = {s.file: s for s, _ in found}
        room_of = {r.model: r.name for r in ROOMS}
        for sheet, record in found:
            name = room_of.get(type(record), "")
            if sheet.file.split("/")[0] in ("routes", "ways_to_pay"):
                name = sheet.file.split("/")[0]
            ident = getattr(record, "id", None) or getattr(record, "code", None)
            if ident:
                self.ids.setdefault(name, set()).add(str(ident))
            for thing in getattr(record, "sources", ()):
                if isinstance(thing, Source):
                    self.sources.setdefault(thing.id, sheet.file)
            if sheet.file == "facts.yaml":
                self.facts = {f.id: f for f in getattr(record, "facts", ())}
            if sheet.file == "treatments.yaml":
                self.treatments = {t.id for t in getattr(record, "treatments", ())}
            if sheet.file == "codes.yaml":
                self.codes = {c.code: c for c in getattr(record, "codes", ())}

    def has(self, room: str, ident: str) -> bool:
        return ident in self.ids.get(room, set())


def parts(thing: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every part of a record with its place, as the file names it."""
    yield place, thing
    if isinstance(thing, Record):
        for name, info in type(thing).model_fields.items():
            yield from parts(getattr(thing, name), (*place, info.alias or name))
    elif isinstance(thing, tuple):
        for i, part in enumerate(thing):
            yield from parts(part, (*place, i))
    elif isinstance(thing, dict):
        for key, part in thing.items():
            yield from parts(part, (*place, key))


def _fault(sheet: Sheet, place: Place, message: str, level: str = "error") -> Fault:
    return sheet.fault(place, message, level)


def _citations(
    book: _Index, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if not isinstance(part, Cited):
            continue
        for i, ident in enumerate((part.source, *part.also)):
            where = (*place, "source") if i == 0 else (*place, "also", i - 1)
            if ident not in book.sources:
                yield _fault(sheet, where, f"no such source: {ident}")
        if part.as_of is not None and lies_ahead(part.as_of, today):
            yield _fault(sheet, (*place, "as_of"), f"this date lies in the future: {part.as_of}")
        if part.review_by is not None and part.review_by < today:
            yield _fault(
                sheet, (*place, "review_by"), f"past its review date {part.review_by}", "warning"
            )


def _sources(
    book: _Index, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    if not isinstance(record, Sources):
        return
    seen: set[str] = set()
    for i, source in enumerate(record.sources):
        if sheet.file != f"sources/{source.kind}.yaml":
            text = f"a source of this kind stands in sources/{source.kind}.yaml"
            yield _fault(sheet, ("sources", i, "kind"), text)
        if source.id in seen or book.sources[source.id] != sheet.file:
            yield _fault(sheet, ("sources", i, "id"), f"this id stands twice: {source.id}")
        seen.add(source.id)
        if source.checked > today:
            yield _fault(
                sheet, ("sources", i, "checked"), f"this date lies in the future: {source.checked}"
            )
        if source.review_by < source.checked:
            yield _fault(sheet, ("sources", i, "review_by"), "the review date is before the check")
        elif source.review_by < today:
            text = f"past its review date {source.review_by}"
            yield _fault(sheet, ("sources", i, "review_by"), text, "warning")


def _texts(
    book: _Index, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if not isinstance(part, str):
            continue
        name = place[-1] if place else ""
        if name not in URL_FIELDS and PLACEHOLDER.search(part):
            yield _fault(sheet, place, f"placeholder text: {part[:40]!r}")
        if name not in ("title", "names_on_forms") and (found := PROMISE.search(part)):
            yield _fault(sheet, place, f"a promise that nobody can keep: {found[0]!r}")
        if MARKUP.search(part):
            yield _fault(sheet, place, f"markup in a text: {part[:40]!r}")
        if name in URL_FIELDS and not URL.match(part):
            yield _fault(sheet, place, f"not a URL: {part[:60]!r}")
        if name in PHONE_FIELDS and not PHONE.match(part):
            yield _fault(sheet, place, f"not a phone number: {part[:40]!r}")


def _periods(
    book: _Index, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        start, end = getattr(part, "start", None), getattr(part, "end", None)
        if isinstance(start, dt.date) and isinstance(end, dt.date) and end < start:
            yield _fault(sheet, place, f"ends ({end}) before it begins ({start})")
        if isinstance(part, Parameter):
            yield from _overlaps(sheet, place, part)


def _overlaps(sheet: Sheet, place: Place, parameter: Parameter) -> Iterator[Fault]:
    first, last = dt.date.min, dt.date.max
    spans = sorted(
        (v.in_force.start or first, v.in_force.end or last, i)
        for i, v in enumerate(parameter.values)
    )
    for (_, end, _), (start, _, i) in itertools.pairwise(spans):
        if start <= end:
            where = (*place, "values", i, "in_force")
            yield _fault(sheet, where, f"overlaps another value of {parameter.id}")


def _numbers(
    book: _Index, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if isinstance(part, Fact) and isinstance(part.value, (int, float)):
            if not isinstance(part.value, bool) and not part.unit:
                yield _fault(sheet, (*place, "value"), "a number without its unit")


def _conditions(
    book: _Index, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if not isinstance(part, Condition) or part.fact is None:
            continue
        fact = book.facts.get(part.fact)
        if fact is None:
            if part.fact not in CASE_ONLY_FACTS:
                yield _fault(sheet, (*place, "fact"), f"no such fact: {part.fact}")
            continue
        numeric = [op for op in NUMERIC_OPERATORS if getattr(part, op) is not None]
        if numeric and fact.kind != "number":
            yield _fault(sheet, (*place, numeric[0]), f"{part.fact} is not a number")
        if numeric and part.unit != fact.unit:
            yield _fault(
                sheet, (*place, "unit"), f"{part.fact} is counted in {fact.unit}, not {part.unit}"
            )
        if isinstance(part.is_, bool) and fact.kind != "yes_no":
            yield _fault(sheet, (*place, "is"), f"{part.fact} is not answered by yes or no")
        yield from _valid_words(book, sheet, place, part)


def _valid_words(book: _Index, sheet: Sheet, place: Place, leaf: Condition) -> Iterator[Fault]:
    valid = _words_for(book, leaf.fact or "")
    if valid is None:
        return
    for op in ("one_of", "has_any", "has_all"):
        for i, word in enumerate(getattr(leaf, op) or ()):
            if word not in valid:
                yield _fault(sheet, (*place, op, i), f"{leaf.fact} is never {word!r}")


def _words_for(book: _Index, fact: str) -> set[str] | None:
    groups = set(get_args(terms.DiagnosisGroup))
    lists: dict[str, set[str]] = {
        "diagnosis": set(terms.DIAGNOSES),
        "indication": set(terms.DIAGNOSES) | groups,
        "diagnosis_group": set(terms.DIAGNOSES) | groups,
        "all_diagnoses": set(terms.DIAGNOSES),
        "coverage_kind": set(COVERAGE_KINDS),
        "any_coverage_kind": set(COVERAGE_KINDS),
        "network": set(get_args(terms.Network)),
        "funding": set(get_args(terms.Funding)),
        "sponsor": set(get_args(terms.Sponsor)),
        "employees": set(get_args(terms.Employees)),
        "medicare_part": set(get_args(terms.MedicarePart)),
        "medicaid_type": set(get_args(terms.MedicaidType)),
        "entitled_by": set(get_args(terms.EntitledBy)),
        "stage": set(get_args(terms.Stage)),
        "denial_reason": set(get_args(terms.DenialReason)),
        "denial_level": set(get_args(terms.DenialLevel)),
        "setting": set(get_args(terms.Setting)),
        "prescriber": set(get_args(terms.Prescriber)),
        "substance_use": set(get_args(terms.SubstanceUse)),
        "suicidal_thoughts": set(get_args(terms.SuicidalThoughts)),
        "treatment": set(TREATMENTS),
        "request": set(get_args(terms.Request)),
        "state": set(STATE_CODES),
        "payer": book.ids.get("payers", set()),
    }
    return lists.get(fact)


def _references(
    book: _Index, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if isinstance(part, (Step, Way, Level, FactRecord)):
            yield from _named(book, sheet, place, part.documents, "documents", "documents")
        if isinstance(part, Document):
            yield from _named(book, sheet, place, part.attachments, "attachments", "documents")
            yield from _named(book, sheet, place, part.see_also, "see_also", "documents")
        if isinstance(part, (Program, OtherLadder)) and not book.has("appeals", part.ladder):
            yield _fault(sheet, (*place, "ladder"), f"no such appeal ladder: {part.ladder}")
        if isinstance(part, DecisionClock):
            yield from _named(book, sheet, place, part.programs, "programs", "programs")
        if isinstance(part, TrialStandard):
            for i, ident in enumerate(part.add_ons):
                if ident not in book.treatments:
                    yield _fault(sheet, (*place, "add_ons", i), f"no such treatment: {ident}")
        if isinstance(part, NotATrial):
            for i, ident in enumerate(part.treatments):
                if ident not in book.treatments:
                    yield _fault(sheet, (*place, "treatments", i), f"no such treatment: {ident}")
        states = getattr(part, "states", None)
        if isinstance(states, tuple) and isinstance(part, Record):
            yield from _named(book, sheet, place, states, "states", "states")


def _named(
    book: _Index, sheet: Sheet, place: Place, idents: tuple[str, ...], field: str, room: str
) -> Iterator[Fault]:
    for i, ident in enumerate(idents):
        if not book.has(room, ident):
            word = room[:-1] if room.endswith("s") else room
            yield _fault(sheet, (*place, field, i), f"no such {word}: {ident}")


def _diagnosis_codes(
    book: _Index, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    if not isinstance(record, DiagnosisRecord) or record.icd10cm is None:
        return
    import simple_icd_10_cm as icd

    for place, part in listed:
        if isinstance(part, IcdCodes):
            for i, code in enumerate(part.codes):
                if not icd.is_valid_item(code) or icd.add_dot(code) != code:
                    yield _fault(sheet, (*place, "codes", i), f"no such ICD-10-CM code: {code}")
                elif not icd.is_leaf(code):
                    yield _fault(
                        sheet, (*place, "codes", i), f"not billable, needs more digits: {code}"
                    )


def _billing_codes(
    book: _Index, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    """Every billing code that a record names is known, and had not ended when its text spoke."""
    for place, part in listed:
        if isinstance(part, Code):
            named = [("replaces", part.replaces)] if part.replaces else []
            named += [("instead_of", c) for c in part.instead_of]
            for field, code in named:
                if code not in book.codes:
                    yield _fault(sheet, (*place, field), f"no such billing code: {code}")
        if not isinstance(part, Policy):
            continue
        for i, name in enumerate(part.codes):
            where = (*place, "codes", i)
            known = book.codes.get(name)
            end = known.in_force.end if known is not None else None
            if known is None:
                yield _fault(sheet, where, f"no such billing code: {name}")
            elif end is not None and part.as_of is not None and lies_ahead(part.as_of, end):
                yield _fault(sheet, where, f"{name} ended on {end}, before {part.as_of}")


def _questions(
    book: _Index, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    if sheet.file != "questions.yaml":
        return
    columns: set[str] = set()
    for i, question in enumerate(getattr(record, "questions", ())):
        if not isinstance(question, Question):
            continue
        if not _is_field(question.field):
            yield _fault(sheet, ("questions", i, "field"), f"a case has no field {question.field}")
        if question.column is not None:
            if question.column in columns:
                yield _fault(
                    sheet,
                    ("questions", i, "column"),
                    f"this column stands twice: {question.column}",
                )
            columns.add(question.column)
        yield from _synonyms(sheet, ("questions", i, "synonyms"), question)


def _synonyms(sheet: Sheet, place: Place, question: Question) -> Iterator[Fault]:
    """What a word says must be answers that a case can hold; one word says one thing."""
    said: dict[str, Meaning] = {}
    for word, value in question.synonyms.items():
        where, meant = (*place, word), meaning(question, value)
        if said.setdefault(plain(word), meant) != meant:
            yield _fault(sheet, where, f"{word!r} stands twice, with another meaning")
        if not meant.sets and not meant.tell:
            yield _fault(sheet, where, f"{word!r} says nothing: it needs an answer, or `tell`")
        for field, answer in meant.sets:
            if question.kind not in ("scores", "treatments"):
                yield from _answer(sheet, where, field, answer)
        if meant.nearest is not None:
            yield from _answer(sheet, where, question.field, meant.nearest)


def _answer(sheet: Sheet, where: Place, field: str, value: Any) -> Iterator[Fault]:
    """Whether a case can hold a value in a field."""
    if not _is_field(field):
        yield _fault(sheet, where, f"a case has no field {field}")
        return
    home, _, name = field.rpartition(".")
    model = PARTS[home]
    many = field == "other_diagnoses"
    try:
        model.model_validate({name: (value,) if many else value}, strict=True)
    except ValidationError:
        yield _fault(sheet, where, f"{field} is never {value!r}")


def _names_of_plans(
    book: _Index, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    for place, part in listed:
        if isinstance(part, Payer):
            for i, name in enumerate(part.only_alone):
                if name not in (part.name, *part.also_called):
                    yield _fault(
                        sheet, (*place, "only_alone", i), f"{name!r} is no name of {part.id}"
                    )
        if not isinstance(part, PlanName):
            continue
        if part.payer is not None and not book.has("payers", part.payer):
            yield _fault(sheet, (*place, "payer"), f"no such payer: {part.payer}")
        if not (part.payer or part.sets or part.tell):
            yield _fault(sheet, place, f"{part.id} says nothing: it needs payer, sets or tell")
        yield from _named(book, sheet, place, part.not_states, "not_states", "states")
        for name, value in part.sets.items():
            yield from _answer(sheet, (*place, "sets", name), f"coverages[].{name}", value)


def _is_field(dotted: str) -> bool:
    part, _, name = dotted.rpartition(".")
    return part in PARTS and name in PARTS[part].model_fields


def _fact_records(
    book: _Index, sheet: Sheet, record: Record, listed: Listed, today: dt.date
) -> Iterator[Fault]:
    if sheet.file != "facts.yaml":
        return
    for i, fact in enumerate(getattr(record, "facts", ())):
        if fact.kind == "number" and not fact.unit:
            yield _fault(sheet, ("facts", i, "id"), f"{fact.id} is a number without a unit")
        for j, field in enumerate(fact.fields):
            if not _is_field(field):
                yield _fault(sheet, ("facts", i, "fields", j), f"a case has no field {field}")
        if len(fact.fields) > 1 and fact.id not in DERIVED and fact.id not in COUNTED:
            yield _fault(
                sheet,
                ("facts", i, "id"),
                f"nothing computes {fact.id} from its {len(fact.fields)} fields",
            )


CHECKS: tuple[Callable[[_Index, Sheet, Record, Listed, dt.date], Iterator[Fault]], ...] = (
    _citations,
    _sources,
    _texts,
    _periods,
    _numbers,
    _conditions,
    _references,
    _diagnosis_codes,
    _billing_codes,
    _questions,
    _names_of_plans,
    _fact_records,
)


def _whole(book: _Index) -> Iterator[Fault]:
    """What only all files together can show: missing combinations, unreachable paths, clashes."""
    yield from _once_each(book)
    yield from _coverage_gaps(book)
    yield from _unreachable(book)
    yield from _clashing_policies(book)


def _once_each(book: _Index) -> Iterator[Fault]:
    """Names by which a rule or a payer is found stand once, or one would hide the other."""
    policies: set[str] = set()
    payers: dict[str, str] = {}
    for sheet, record in book.found:
        for place, part in parts(record):
            if isinstance(part, Policy):
                if part.id in policies:
                    yield _fault(sheet, (*place, "id"), f"the policy {part.id} stands twice")
                policies.add(part.id)
                yield from _criteria_once(sheet, place, part)
            if isinstance(part, Ladder):
                yield from _levels_once(sheet, place, part)
        if isinstance(record, Payer):
            names = [(("id",), record.id), (("name",), record.name)]
            names += [(("also_called", i), n) for i, n in enumerate(record.also_called)]  # type: ignore[misc]
            for where, name in names:
                other = payers.setdefault(plain_name(name), record.id)
                if other != record.id:
                    yield _fault(sheet, where, f"{name!r} is a name of {other} too")


def _levels_once(sheet: Sheet, place: Place, ladder: Ladder) -> Iterator[Fault]:
    seen: set[str] = set()
    for i, level in enumerate(ladder.levels):
        if level.id in seen:
            where = (*place, "levels", i, "id")
            yield _fault(sheet, where, f"the level {level.id} stands twice")
        seen.add(level.id)


def _criteria_once(sheet: Sheet, place: Place, policy: Policy) -> Iterator[Fault]:
    bundles = [((*place, "alternatives", i), a.criteria) for i, a in enumerate(policy.alternatives)]
    for where, criteria in [((*place,), policy.criteria), *bundles]:
        own = [] if criteria is policy.criteria else [c.id for c in policy.criteria]
        for i, criterion in enumerate(criteria):
            if criterion.id in own:
                at = (*where, "criteria", i, "id")
                yield _fault(sheet, at, f"the criterion {criterion.id} stands twice")
            own.append(criterion.id)


def _coverage_gaps(book: _Index) -> Iterator[Fault]:
    """Every kind of coverage has, for every treatment, a rule that speaks for any diagnosis."""
    programs = [(s, r) for s, r in book.found if isinstance(r, Program)]
    for kind in COVERAGE_KINDS:
        mine = [(s, p) for s, p in programs if kind in p.kinds]
        if not mine:
            yield Fault("programs", 1, "kinds", f"no programme speaks for coverage kind {kind}")
    for sheet, program in programs:
        for treatment in TREATMENTS if program.kinds else ():
            if not any(
                p.treatment == treatment and "any" in p.indications for p in program.policies
            ):
                text = f"no path for {treatment} with any diagnosis under {program.id}"
                yield _fault(sheet, ("policies",), text)


def _unreachable(book: _Index) -> Iterator[Fault]:
    """A policy that no case can reach: its payer's line is spoken for by no programme, or it can
    never hold because it asks for both sides of a threshold."""
    lines = {r.line for _, r in book.found if isinstance(r, Program) and r.line is not None}
    for sheet, record in book.found:
        for place, part in parts(record):
            if isinstance(part, Policy):
                if sheet.file.startswith("payers/") and not set(part.lines) & lines:
                    yield _fault(
                        sheet,
                        (*place, "lines"),
                        f"no case can reach {part.id}: no programme has this line",
                    )
                criteria = [*part.criteria]
                for bundle in [a.criteria for a in part.alternatives] or [()]:
                    clash = _impossible([*criteria, *bundle])
                    if clash:
                        yield _fault(
                            sheet, (*place, "criteria"), f"no case can reach {part.id}: {clash}"
                        )
            if isinstance(part, Way) and part.applies_when is not None:
                clash = _impossible([part.applies_when, *part.requires])
                if clash:
                    yield _fault(
                        sheet, (*place, "applies_when"), f"no case can reach {part.id}: {clash}"
                    )


def _impossible(conditions: list[Any]) -> str | None:
    """A plain contradiction among conditions that must all hold."""
    least: dict[str, float] = {}
    most: dict[str, float] = {}
    sets: dict[str, set[Any]] = {}

    def visit(c: Condition) -> None:
        for part in c.all or ():
            visit(part)
        if c.fact is None:
            return
        for op, store, pick in (
            ("at_least", least, max),
            ("above", least, max),
            ("at_most", most, min),
            ("below", most, min),
        ):
            limit = getattr(c, op)
            if limit is not None:
                limit = limit + (0.5 if op == "above" else -0.5 if op == "below" else 0)
                store[c.fact] = pick(store.get(c.fact, limit), limit)
        words = set(c.one_of) if c.one_of is not None else ({c.is_} if c.is_ is not None else None)
        if words is not None:
            sets[c.fact] = sets[c.fact] & words if c.fact in sets else set(words)

    for condition in conditions:
        visit(condition)
    for fact, low in least.items():
        if fact in most and low > most[fact]:
            return f"{fact} would have to be at least {low:g} and at most {most[fact]:g}"
    for fact, words in sets.items():
        if not words and fact not in (
            "indication",
            "diagnosis_group",
            "any_coverage_kind",
            "all_diagnoses",
        ):
            return f"{fact} would have to be two things at once"
    return None


def _clashing_policies(book: _Index) -> Iterator[Fault]:
    """Two policies of a payer for the same treatment, line and diagnosis with opposite positions."""
    kind = {"covered": "yes", "covered_with_criteria": "yes", "unproven": "no", "excluded": "no"}
    for sheet, record in book.found:
        policies: Any = getattr(record, "policies", None) or getattr(
            getattr(record, "medicaid", None), "policies", ()
        )
        room: Place = ("policies",) if hasattr(record, "policies") else ("medicaid", "policies")
        for i, a in enumerate(policies):
            for j in range(i + 1, len(policies)):
                b = policies[j]
                if a.id == b.id:
                    yield _fault(sheet, (*room, j, "id"), f"this id stands twice: {b.id}")
                same = (
                    a.treatment == b.treatment
                    and set(a.indications) & set(b.indications)
                    and (set(a.lines) & set(b.lines) or a.lines == b.lines)
                    and (not a.states or not b.states or set(a.states) & set(b.states))
                    and not _apart(a, b)
                )
                if same and {kind.get(a.position), kind.get(b.position)} == {"yes", "no"}:
                    yield _fault(
                        sheet,
                        (*room, j, "position"),
                        f"{b.id} and {a.id} say the opposite of the same use",
                    )


def _apart(a: Policy, b: Policy) -> bool:
    """Whether two policies are in force at different times."""
    first, last = dt.date.min, dt.date.max
    return (a.in_force.end or last) < (b.in_force.start or first) or (b.in_force.end or last) < (
        a.in_force.start or first
    )


__all__ = ["Fault", "OrderFilter", "PaperField", "State", "check_records", "facts_read"]
