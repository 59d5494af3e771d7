"""Which treatments are looked at for a case, and whether a label names the diagnosis."""

from __future__ import annotations

from ..case import Case, CaseError, CaseFault
from ..facts.context import Facts
from ..logic import Truth, WordSet
from ..made_once import made_once
from ..rule_book import Book
from ..slips import nearest
from ..synonyms import plain_name
from ..vocabulary import TREATMENTS, Diagnosis


def check_references(case: Case, book: Book) -> None:
    """Raise CaseError where a tried treatment is not in the catalogue, naming the nearest one."""
    faults = [
        CaseFault(
            where=f"treatments[{i}].treatment",
            value=repr(t.treatment),
            message="not a treatment of the catalogue",
            nearest=nearest_treatment(book, t.treatment),
        )
        for i, t in enumerate(case.treatments or ())
        if t.treatment not in book.treatments
    ]
    if faults:
        raise CaseError(faults)


def nearest_treatment(book: Book, text: str) -> str | None:
    """The id of the treatment whose id, name or brand is closest to what was written."""
    ids = {name: t.id for t in book.treatments.values() for name in (*t.brands, t.name, t.id)}
    found = nearest(text, [plain_name(name) for name in ids]) or ""
    return next((ident for name, ident in ids.items() if plain_name(name) == found), None)


@made_once
def treatments_considered(facts: Facts) -> tuple[str, ...]:
    """The treatment asked for, and the neighbour to hold beside it.

    Esketamine stands beside a request for another form where its label fits the diagnosis (or
    may fit, or fits a further one), and ketamine by vein beside esketamine where the label does
    not fit the diagnosis stated (or may not).
    """
    request = facts.case.request
    if request is None or request == "open":
        return TREATMENTS
    fits = label_fits(facts)
    if request == "esketamine":
        return ("esketamine",) if fits is True else ("esketamine", "iv_ketamine")
    further = any(label_fits(view) is not False for view in further_views(facts))
    return (request, "esketamine") if further or fits is not False else (request,)


def surely_considered(facts: Facts, treatment: str) -> bool:
    """Whether a treatment is looked at whatever is still told of the diagnosis."""
    if facts.case.request in (None, "open", treatment):
        return True
    return label_fits(facts) is not None


@made_once
def further_views(root: Facts) -> tuple[Facts, ...]:
    """The case seen with each further diagnosis that was stated in the place of the first."""
    case = root.case
    if root.parent is not None or case.diagnosis is None:
        return ()
    told = dict.fromkeys(case.other_diagnoses or ())
    return tuple(
        Facts(_with_diagnosis(case, other), root.book, root.today)
        for other in told
        if other != case.diagnosis
    )


def _with_diagnosis(case: Case, other: Diagnosis) -> Case:
    """The case with a further diagnosis first, and the stated one behind it."""
    rest = [d for d in case.other_diagnoses or () if d != other]
    behind = [d for d in (case.diagnosis, *rest) if d is not None]
    return case.model_copy(update={"diagnosis": other, "other_diagnoses": tuple(behind)})


@made_once
def label_fits(facts: Facts, treatment: str = "esketamine") -> Truth:
    """Whether a labelled use of a treatment names the diagnosis."""
    words: WordSet = facts["indication"]
    uses = {i for use in facts.book.label_uses.get(treatment, ()) for i in use.indications}
    if uses & words.known:
        return True
    return None if uses & words.possible else False
