"""Generated cases: any mixture of known and unknown answers, over the fixed word lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel

from rules import load_rules, vocabulary
from rules.case import STATE_CODES, Case, TriedTreatment
from rules.case_dates import dates_told, out_of_order
from wizard.answers import put_at

TODAY = dt.date(2026, 11, 24)
BOOK = load_rules()
MEDICINES = sorted(
    t.id for t in BOOK.treatments.values() if t.counts_as in ("antidepressant", "augmentation")
)
OTHERS = sorted(
    t.id for t in BOOK.treatments.values() if t.counts_as not in ("antidepressant", "augmentation")
)
PAYERS = sorted(BOOK.payers)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


def word(kind: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(get_args(kind))


flags = st.booleans()
days = st.dates(dt.date(2025, 1, 1), TODAY).map(lambda d: d.isoformat())
months = st.dates(dt.date(1927, 1, 1), TODAY).map(lambda d: f"{d:%Y-%m}")


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object of which each field may be missing."""
    return st.fixed_dictionaries({}, optional={k: maybe(v) for k, v in fields.items()})


treatment = st.builds(
    lambda ident, rest: {"treatment": ident, **rest},
    st.sampled_from(MEDICINES + OTHERS[::4]),
    some(
        outcome=word(vocabulary.Outcome),
        weeks=st.integers(0, 60),
        daily_dose_mg=st.sampled_from([5, 10, 20, 50, 75, 100, 150, 225, 300, 600, 900]),
        current_episode=flags,
        years_ago=st.integers(0, 12),
    ),
)

counts = some(
    antidepressants_failed=st.integers(0, 5),
    antidepressant_classes_failed=st.integers(0, 4),
    augmentations_failed=st.integers(0, 3),
    pain_treatments_failed=st.integers(0, 5),
    psychotherapy_tried=flags,
)

codes = st.sampled_from(["CO-50", "197", "N130", "PR-999"])

coverage = some(
    kind=word(vocabulary.CoverageKind),
    payer=st.one_of(st.sampled_from(PAYERS), st.just("Some Small Insurer")),
    network=word(vocabulary.Network),
    funding=word(vocabulary.Funding),
    sponsor=word(vocabulary.Sponsor),
    employees=word(vocabulary.Employees),
    active_employee=flags,
    grandfathered=flags,
    medicare=word(vocabulary.MedicarePart),
    part_b=flags,
    part_d=flags,
    medigap=flags,
    entitled_by=word(vocabulary.EntitledBy),
    esrd_month=st.integers(1, 60),
    medicaid=word(vocabulary.MedicaidType),
    covers_as=word(vocabulary.CoversAs),
    starts=days,
    ends=days,
    active_duty=flags,
    high_deductible_plan=flags,
    visit_at_or_authorized_by_va=flags,
)

case_data = some(
    age=st.integers(0, 99),
    birth_month=months,
    state=st.sampled_from(STATE_CODES),
    household_size=st.integers(1, 8),
    annual_income=st.sampled_from([0, 9000, 16000, 21000, 30000, 45000, 64000, 120000]),
    pregnant=flags,
    disabled=flags,
    parent_of_child=flags,
    veteran=flags,
    lost_coverage_date=days,
    request=word(vocabulary.Request),
    diagnosis=word(vocabulary.Diagnosis),
    other_diagnoses=st.lists(word(vocabulary.Diagnosis), max_size=2),
    severity=st.lists(
        some(scale=word(vocabulary.Scale), score=st.integers(0, 27), date=days).filter(
            lambda s: s.get("scale")
        ),
        max_size=2,
    ),
    suicidal_thoughts=word(vocabulary.SuicidalThoughts),
    taking_antidepressant=flags,
    health=some(
        psychosis=flags,
        bipolar_disorder=flags,
        substance_use=word(vocabulary.SubstanceUse),
        vessel_condition=flags,
        ketamine_allergy=flags,
    ),
    treatments=st.lists(treatment, max_size=5),
    treatment_counts=counts,
    coverages=st.lists(coverage, max_size=3),
    stage=word(vocabulary.Stage),
    denial=some(
        notice_date=days,
        received_date=days,
        reason=word(vocabulary.DenialReason),
        level=word(vocabulary.DenialLevel),
        urgent=flags,
        subject=word(vocabulary.DenialSubject),
        kind=word(vocabulary.DenialKind),
        codes=st.lists(codes, max_size=2),
        treatment=word(vocabulary.Treatment),
    ),
    other_denials=st.lists(
        some(
            notice_date=days,
            reason=word(vocabulary.DenialReason),
            treatment=word(vocabulary.Treatment),
        ),
        max_size=2,
    ),
    appeal=some(sent_date=days),
    request_sent_date=days,
    treatment_status=some(
        started=flags,
        date=days,
        sessions_so_far=st.integers(0, 30),
        score_before=st.integers(0, 27),
        score_now=st.integers(0, 27),
        sessions_per_week=st.sampled_from([0.5, 1, 2, 3]),
        dose_mg=st.sampled_from([28, 56, 84]),
    ),
    provider=some(
        found=flags,
        in_network=flags,
        rems_certified=flags,
        setting=word(vocabulary.Setting),
        prescriber=word(vocabulary.Prescriber),
        psychiatrist_consulted=flags,
    ),
    money=some(hsa=flags, fsa=flags, hra=flags, itemizes=flags, credit_fair_or_better=flags),
)


# --- as wide as a case can be ---------------------------------------------------------------------------


def widest(model: type[BaseModel], most: int = 4) -> st.SearchStrategy[dict[str, Any]]:
    """An object of a model in its whole width: every field may be missing, every number at an end."""
    fields = {
        name: maybe(_of_type(f.annotation, f.metadata, most))
        for name, f in model.model_fields.items()
        if name != "treatment"
    }
    if "treatment" in model.model_fields:
        names = (
            MEDICINES + OTHERS if model is TriedTreatment else list(get_args(vocabulary.Treatment))
        )
        return st.fixed_dictionaries({"treatment": st.sampled_from(names)}, optional=fields)
    return st.fixed_dictionaries({}, optional=fields)


def _of_type(kind: Any, limits: Sequence[Any], most: int) -> st.SearchStrategy[Any]:
    """Values of a field's type within its limits (`ge`, `le`, `max_length`)."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _of_type(inner[0], [m for x in inner[1:] for m in getattr(x, "metadata", [x])], most)
    if origin in (Union, UnionType):
        return st.one_of([_of_type(k, limits, most) for k in inner if k is not type(None)])
    if origin is Literal:
        return st.sampled_from(inner)
    if origin is tuple:
        return st.lists(_of_type(inner[0], (), most), max_size=most)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return widest(kind, most)
    low, high = (next((getattr(m, n) for m in limits if hasattr(m, n)), None) for n in ("ge", "le"))
    if kind is int:
        top = 9 if high is None else high
        return st.one_of(st.sampled_from([low, min(1, top), top]), st.integers(low, top))
    if kind is float:
        assert low is not None
        assert high is not None
        ends = [low, high, min(1e-9, high), min(0.1, high), min(50.0, high), high / 3]
        return st.one_of(st.sampled_from(ends), st.floats(low, high))
    if kind is bool:
        return flags
    if kind is dt.date:
        return days
    patterns = [m.pattern for m in limits if getattr(m, "pattern", None)]
    if patterns:
        return codes if "[A-Z]" in patterns[0] else months
    return st.one_of(st.sampled_from(PAYERS), st.text(min_size=1, max_size=20))


widest_case = widest(Case)


def dates_in_order(data: dict[str, Any]) -> dict[str, Any]:
    """A case without the dates that cannot be true beside others: it comes through the door."""
    told = dates_told(Case.model_validate(data))
    for broken in out_of_order(told, TODAY):
        # An age decides more than a month of birth does.
        put_at(data, "birth_month" if broken.pair.key == "birth" else broken.later, None)
    return data


case_data = case_data.map(dates_in_order)
