"""Which ways of paying a case has, and which sum belongs to each of its paths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rules.case import Case, Coverage
from rules.facts.context import Facts
from rules.result import PathShown, Result
from rules.rule_book import Book
from rules.vocabulary import TREATMENTS

from ..facts.coverage import programs_of
from ..made_once import made_once
from .assumptions import ONE_PERSON, PAIN, Covered, Setting
from .borrowing import card, loan, payment_plan
from .catalogue import HUNDRED, Cover, catalogue, figure
from .pick import Sum
from .recipes import (
    MedicaidRules,
    Recipe,
    TaxFacts,
    account,
    cover_sum,
    covered,
    first_year,
    out_of_network,
    savings_programme,
    self_pay,
)
from .recipes import course as whole_course

QMB = "qmb"
FULL_MEDICAID = ("fee_for_service", "managed_care")
CLOSED = "closed"
UPHILL = "uphill"
DEBT = {"payment_plan": payment_plan, "loan": loan, "card": card}


@dataclass(frozen=True)
class Option:
    """One way in which the cost falls, with the paths of the result that end in it."""

    id: str
    kind: str  # self_pay, share, out_of_network, savings_programme, hsa …
    treatment: str
    cover: int | None
    paths: tuple[str, ...]
    outlook: str | None  # the best of its paths
    recipes: tuple[Recipe, ...]
    because: tuple[str, ...] = ()  # references of the records that fix it without a sum
    notes: tuple[str, ...] = ()  # keys of words


# --- the case -----------------------------------------------------------------------------------------


def main_treatment(case: Case) -> str:
    """The treatment that the person's own numbers are about."""
    return case.request if case.request not in (None, "open") else catalogue().if_open


def setting_of(case: Case, result: Result, root: Facts) -> Setting:
    """What the assumptions are built from: the covers and who the answers are about."""
    diagnosis = root.book.diagnoses.get(case.diagnosis or "")
    return Setting(
        case=case,
        book=root.book,
        today=result.today,
        main=main_treatment(case),
        covers=tuple(_covers(case, result, root)),
        pain=diagnosis is not None and PAIN in diagnosis.groups,
    )


def _covers(case: Case, result: Result, root: Facts) -> Iterator[Covered]:
    kinds = [(c.kind, c.medicaid) for c in case.coverages or ()]
    qmb = any(k == "medicaid" and m == QMB for k, m in kinds)
    # Which kind of Medicaid stands beside Medicare may not be told: then it may take the share.
    full = any(k == "medicaid" and m in (None, *FULL_MEDICAID) for k, m in kinds)
    # As they pay: the order in which they were typed is no reason.
    paying = [p.coverage for p in result.payer_order]
    schemes = {i: _scheme(root, i, result) for i in dict.fromkeys((*paying, *range(len(kinds))))}
    answered = _answered(schemes)
    for i, found in schemes.items():
        if found is None:
            continue
        program, cover = found
        coverage = (case.coverages or ())[i]
        medicare = cover.shares == "medicare_part_b"
        if any(getattr(coverage, name) for name in cover.nothing_when):
            cover = cover.model_copy(update={"shares": "nothing", "because": cover.nothing_because})
        yield Covered(
            index=i, program=program, cover=cover, takes_answers=i == answered,
            limits_bind=not any(getattr(coverage, name) for name in cover.limits_do_not_bind),
            qmb=cover.qmb_pays and qmb, medicaid_too=medicare and full,
            medigap=coverage.medigap if medicare else False,
            high_deductible=_high_deductible(coverage),
        )  # fmt: skip


def _high_deductible(coverage: Coverage) -> bool:
    """A plan that law holds to the lower limit of high-deductible plans: 26 USC 223(c)(2).

    Bronze and catastrophic plans of a Marketplace go with an HSA without that limit.
    """
    exempt = coverage.kind == "individual" and coverage.metal_level in ("bronze", "catastrophic")
    return coverage.high_deductible_plan is True and not exempt


def _scheme(root: Facts, index: int, result: Result) -> tuple[str, Cover] | None:
    """The programme of a cover and how it reckons: the one whose rule a path rests on, else the first."""
    by_program = {p: c for c in catalogue().covers for p in c.programs}
    coverage = (root.case.coverages or ())[index]
    applying = [
        p for p, applies, _ in programs_of(root.for_coverage(index))
        if applies is not False and p.id in by_program
        and all(getattr(coverage, n) in wanted for n, wanted in by_program[p.id].only.items())
    ]  # fmt: skip
    records = {p.record for p in result.paths if p.coverage == index}
    ranked = sorted(applying, key=lambda p: not any(policy.id in records for policy in p.policies))
    return (ranked[0].id, by_program[ranked[0].id]) if ranked else None


def _answered(schemes: dict[int, tuple[str, Cover] | None]) -> int | None:
    """The cover that answers on deductible and coinsurance are about: the first that has them."""
    for i, found in schemes.items():
        if found is not None and found[1].shares in ("plan", "medicare_part_b"):
            return i
    return None


# --- options -------------------------------------------------------------------------------------------


def options_of(case: Case, result: Result, root: Facts, setting: Setting) -> list[Option]:
    """Every way of paying that has a sum; paths that are closed have none."""
    paths = [p for p in result.paths if p.outlook != CLOSED]
    found = [*_self_pay(paths, setting)]
    for one in setting.covers:
        found.extend(_of_cover(paths, one, root, setting))
    found.extend(_programme(paths, setting))
    found.extend(_taxes(paths, setting, root))
    found.extend(
        _debts(paths, setting, _share_that_leads(result, found, setting.main), medicaid_rules(root))
    )
    return found


def _kind(path: PathShown) -> str | None:
    return catalogue().ways.get(path.record or "") if path.coverage is None else None


def _best(paths: list[PathShown]) -> str | None:
    return paths[0].outlook if paths else None


def _option(
    kind: str, treatment: str, cover: int | None, paths: list[PathShown], recipes: Iterator[Recipe]
) -> Option:
    whose = "self" if cover is None else f"cover{cover}"
    return Option(
        f"{whose}.{treatment}.{kind}", kind, treatment, cover, tuple(p.id for p in paths),
        _best(paths), tuple(recipes),
    )  # fmt: skip


def _treatments(paths: list[PathShown], setting: Setting) -> list[str]:
    shown = {p.treatment for p in paths}
    considered = set(TREATMENTS) if "open" in shown else shown | {setting.main}
    return [setting.main, *(t for t in TREATMENTS if t in considered and t != setting.main)]


def _self_pay(paths: list[PathShown], setting: Setting) -> Iterator[Option]:
    own = [p for p in paths if _kind(p) == "self_pay"]
    for t in _treatments(paths, setting):
        mine = [p for p in own if p.treatment == t or (p.treatment == "open" and t == setting.main)]
        yield _option("self_pay", t, None, mine, self_pay(t))


def _of_cover(
    paths: list[PathShown], one: Covered, root: Facts, setting: Setting
) -> Iterator[Option]:
    mine = [p for p in paths if p.coverage == one.index]
    rules = medicaid_rules(root)
    # A rule of another programme under the same cover (Part D beside Part B) has other terms.
    programs = _program_of_rule(root.book)
    for t in TREATMENTS:
        agreed = [
            p
            for p in mine
            if p.treatment == t
            and p.route in catalogue().cover_routes
            and programs.get(p.record or "", one.program) in one.cover.programs
        ]
        if agreed:
            made = _option("share", t, one.index, agreed, covered(t, one, rules))
            yield replace(
                made,
                because=catalogue().qmb_because if one.qmb else one.cover.because,
                notes=tuple(_cover_notes(one, len(setting.covers) > 1)),
            )
        outside = [
            p for p in mine if p.treatment == t and p.route in catalogue().out_of_network_routes
        ]
        if outside:
            yield _option("out_of_network", t, one.index, outside, out_of_network(t, one))


@made_once
def _program_of_rule(book: Book) -> dict[str, str]:
    return {policy.id: p.id for p in book.programs.values() for policy in p.policies}


def _cover_notes(one: Covered, several: bool) -> Iterator[str]:
    yield "share"
    if one.cover.shares == "nothing":
        yield "nothing"
    if one.cover.note is not None:
        yield one.cover.note
    if one.high_deductible and one.cover.high_deductible:
        yield "high_deductible"
    if one.qmb:
        yield "qmb"
    elif one.medicaid_too:
        yield "medicaid_too"
    if one.cover.shares in ("plan", "medicare_part_b") and not one.qmb:
        yield "new_year"
    if several:
        yield "two_covers"


def medicaid_rules(root: Facts) -> MedicaidRules:
    """Medicaid's shares for this person, from the rule book and the income told."""
    terms = catalogue().medicaid
    line, middle, middle_to, above, cap = (
        figure(root.book, r, root.today)
        for r in (
            terms.threshold, terms.share_middle, terms.middle_to, terms.share_above, terms.family_cap,
        )
    )  # fmt: skip
    percent = root["income_percent_of_poverty"]
    in_middle = percent is not None and middle_to is not None and percent <= middle_to.high
    share = middle if in_middle else above
    return MedicaidRules(
        above_line=percent is not None and line is not None and percent > line.high,
        share_above=share.high / HUNDRED if share else None,
        family_cap_share=cap.high / HUNDRED if cap else None,
    )


def _programme(paths: list[PathShown], setting: Setting) -> Iterator[Option]:
    """The maker's programme, on top of the first private cover that has an open path for its drug."""
    own = [p for p in paths if _kind(p) == "savings_programme"]
    if not own:
        return
    kinds = {i: c.kind for i, c in enumerate(setting.case.coverages or ())}
    for one in setting.covers:
        private = kinds[one.index] in setting.book.private_kinds and one.cover.shares == "plan"
        t = own[0].treatment
        with_cover = any(
            p.coverage == one.index and p.treatment == t and p.route in catalogue().cover_routes
            for p in paths
        )
        if private and with_cover:
            rebate = any(p.record == catalogue().rebate for p in own)
            recipes = savings_programme(t, one, rebate)
            made = _option("savings_programme", t, one.index, own, recipes)
            yield made if rebate else replace(made, notes=("no_rebate",))
            return


def _taxes(paths: list[PathShown], setting: Setting, root: Facts) -> Iterator[Option]:
    """Untaxed accounts and the tax deduction, on the whole price."""
    t = setting.main
    facts = tax_facts(root, setting)
    kinds = {_kind(p) for p in paths if p.fit != "does_not_fit"}
    for path in paths:
        kind = _kind(path)
        if kind in ("hsa", "fsa", "tax_deduction"):
            made = _option(kind, t, None, [path], account(t, kind, facts))
            yield replace(made, notes=tuple(_tax_notes(kind, kinds, facts, setting.case)))


def _tax_notes(kind: str, kinds: set[str | None], facts: TaxFacts, case: Case) -> Iterator[str]:
    if kind == "hsa" and facts.new_money is False:
        yield "hsa_closed"
    elif kind in ("hsa", "fsa") and {"hsa", "fsa"} <= kinds:
        yield "fsa_bars_hsa"
    if kind == "tax_deduction":
        itemizes = case.money is not None and case.money.itemizes is True
        yield "tax_itemizes" if itemizes else "tax_deduction"
        if case.money is not None and case.money.medical_spending is not None:
            yield "medical_spending"


def _share_that_leads(result: Result, found: list[Option], main: str) -> Option | None:
    """What an insurance leaves to pay, where its answer on the treatment asked for leads."""
    best = result.best_path
    if best is None or best.coverage is None or best.outlook in (CLOSED, UPHILL):
        return None
    if best.treatment != main:  # what was asked for would still have to be paid
        return None
    return next((o for o in found if o.kind == "share" and best.id in o.paths), None)


def _debts(
    paths: list[PathShown], setting: Setting, leads: Option | None, rules: MedicaidRules
) -> Iterator[Option]:
    """Paying over time: the whole price, or what the leading insurance leaves of it."""
    t, cover = (setting.main, None) if leads is None else (leads.treatment, leads.cover)
    course, year = _to_be_paid(t, cover, setting, rules)
    for path in paths:
        kind = _kind(path)
        if kind in DEBT:
            yield _option(kind, t, cover, [path], DEBT[kind](course, year))


def _to_be_paid(
    t: str, cover: int | None, setting: Setting, rules: MedicaidRules
) -> tuple[Sum, Sum]:
    if cover is None:
        return (lambda p: whole_course(p, t)), (lambda p: first_year(p, t))
    one = next(c for c in setting.covers if c.index == cover)
    return cover_sum(t, one, "first_course", rules), cover_sum(t, one, "first_year", rules)


def tax_facts(root: Facts, setting: Setting) -> TaxFacts:
    """Whether new money may go into an HSA, and which ages have come."""
    medicare = root["enrolled_in_medicare"]
    return TaxFacts(
        new_money=None if medicare is None else not medicare,
        catch_up=_old_enough(setting, catalogue().hsa_catch_up_age),
        older=_old_enough(setting, catalogue().older_deduction_age),
        alone=setting.case.household_size == ONE_PERSON,
    )


def _old_enough(setting: Setting, reference: str) -> bool | None:
    age, told = figure(setting.book, reference, setting.today), setting.case.age
    return None if age is None or told is None else told >= age.low
