"""Why a path has its outlook, in sentences, each with the answers and the source it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..case import Case
from ..engine.criteria import CriterionResult
from ..engine.paths import Candidate, Path
from ..engine.treatments import label_fits
from ..facts.context import Facts
from ..facts.denials import OWN
from ..logic import leaves
from ..made_once import made_once
from ..messages import as_of_words, join_words, phrase
from ..result import Sentence
from ..schema.appeals import AppealLevel
from ..schema.clinical import LabelLimit
from ..schema.policies import Policy
from ..schema.ways import PaymentOption
from .condition_text import criterion_words, ruling_out_words
from .criteria import answers_behind
from .state_law import terms_of

# What chooses which treatments, rules and ways are looked at, the nearest first.
CHOOSE = ("request", "diagnosis", "coverages", "stage", "state", "age")


def reasons_of(path: Path) -> tuple[tuple[Sentence, ...], list[Sentence]]:
    """Why this outlook, in full, and the part of it that tells what nobody has checked."""
    doubts = caveat_sentences(path, path.best)
    return (*_reason_sentences(path), *doubts), doubts


def _reason_sentences(path: Path) -> Iterable[Sentence]:
    """The rule's own sentence, then what is met, missing or not known."""
    best = path.best
    record = best.record
    basis = _basis(path)
    says = getattr(record, "says", None)
    for limit in _broken_limits(path):
        because = path.facts.read(limit.criterion.fact).because
        yield Sentence(text=limit.says, because=because or basis, source=limit.source)
    if isinstance(record, Policy):
        yield Sentence(
            text=says or phrase("position", record.position), because=basis, source=record.source
        )
    elif isinstance(record, PaymentOption):
        yield Sentence(text=record.says, because=basis, source=record.source)
        yield from (told.sentence for told in terms_of(path))
    else:
        denied = path.facts["denied"] is True
        yield Sentence(
            text=phrase("level", "appeal" if denied else "appeal_if"),
            because=basis,
            source=record.source,
        )
    off_label = path.facts.book.off_label.get(path.treatment)
    decides = isinstance(record, Policy) or path.route == "medical_exception"
    if off_label is not None and decides and label_fits(path.facts, path.treatment) is False:
        because = path.facts.read("indication").because or basis
        yield Sentence(text=off_label.says, because=because, source=off_label.source)
    yield from _outlook_sentence(path, best)


def _broken_limits(path: Path) -> list[LabelLimit]:
    """The limits of the label that the answers break: said before all other reasons."""
    ids = {j.id for j in path.best.judged if j.binds is not None and j.value is False}
    limits = path.facts.book.label_limits.get(path.treatment, ())
    return [limit for limit in limits if limit.id in ids]


@made_once
def _basis(path: Path) -> tuple[str, ...]:
    """The answers that led to this record: the cover it speaks for and the diagnosis."""
    because: list[str] = []
    if path.coverage is not None:
        cover = path.facts.coverage
        because.append(f"coverages[{path.coverage}].kind")
        if cover is not None and cover.payer:
            because.append(f"coverages[{path.coverage}].payer")
    for judged in path.best.judged:
        for leaf in leaves(judged.verdict):
            because.extend(path.facts.read(leaf.node.key).because)
        if len(because) > 4:
            break
    return tuple(dict.fromkeys(because)) or _first_told(path.facts)


def _first_told(facts: Facts) -> tuple[str, ...]:
    """For what is shown to everybody: the answer that chose what is looked at, as far as one was given."""
    fields = (*CHOOSE, *Case.model_fields)
    told = next((name for name in fields if getattr(facts.case, name) is not None), "request")
    return (facts.denial_place if told == OWN else told,)


def _outlook_sentence(path: Path, best: Candidate) -> Iterable[Sentence]:
    """What is met, missing or not known, as far as the outlook rests on it."""
    deciding = [j for j in best.judged if not j.informs_only]
    limits = [j for j in best.judged if j.binds is not None and j.value is None]
    unknown = [j for j in deciding if j.value is None] or limits
    unmet = [j for j in deciding if j.value is False]
    met = [j for j in deciding if j.value is True and j.criterion is not None]
    match path.outlook:
        case "likely" if met:
            yield _sentence(path, "likely", met, "met")
        case "likely":
            yield _sentence(path, "likely_plain")
        case "possible":
            if best.criteria_unknown:
                yield _sentence(path, "possible_placeholder")
            if unknown:
                yield _sentence(path, "possible_unknown", unknown, "unknown")
            elif not best.criteria_unknown and not best.caveats:
                yield _sentence(path, "possible_plain")
        case "not_yet" if unmet:
            yield _sentence(path, "not_yet", unmet, "unmet")
        case "uphill" if not isinstance(best.record, PaymentOption) and best.broken is None:
            yield _sentence(path, "uphill")
        case "closed":
            yield _closed_sentence(path, best, unmet)


def _closed_sentence(path: Path, best: Candidate, unmet: list[CriterionResult]) -> Sentence:
    """Why a path is closed: too late, ruled out, or a point that cannot be met any more."""
    holds = [j for j in unmet if j.excludes]
    if isinstance(best.record, AppealLevel) and best.outlook == "closed" and not unmet:
        return _sentence(path, "deadline_passed")
    if holds:
        return _sentence(path, "excluded_by", holds, "met")
    if unmet:
        return _sentence(path, "closed", [j for j in unmet if not j.changeable] or unmet, "unmet")
    return _sentence(path, "closed_plain")


def _sentence(
    path: Path, key: str, judged: Sequence[CriterionResult] = (), name: str = ""
) -> Sentence:
    """The sentence `key` of a path, naming criteria in its gap `name`."""
    facts = path.facts
    because = dict.fromkeys(
        b for j in judged for leaf in leaves(j.verdict) for b in answers_behind(facts, leaf)
    )
    tell = ruling_out_words if key == "excluded_by" else criterion_words
    words = {name: join_words([tell(facts, j) for j in judged])} if judged else {}
    sources = [j.source for j in judged if j.source]
    return Sentence(
        text=phrase("level", key, **words),
        because=tuple(because) or _basis(path),
        source=sources[0] if sources else path.best.record.source,
    )


def caveat_sentences(path: Path, candidate: Candidate) -> list[Sentence]:
    """What nobody has checked about a rule, and whom to ask."""
    record = candidate.record
    ask = phrase("ask", "plan" if path.coverage is not None else "office")
    weeks = path.facts.book.default_trial.min_weeks
    found = []
    for caveat in candidate.caveats:
        text = phrase(
            "doubt",
            caveat,
            ask=ask,
            as_of=as_of_words(record.as_of),
            weeks=weeks,
            disagreement=getattr(record, "disagreement", None),
        )
        found.append(Sentence(text=text, because=_basis(path), source=record.source))
    return found
