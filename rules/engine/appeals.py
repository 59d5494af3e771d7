"""The levels of appeal that a denial opens, or would open."""

from __future__ import annotations

from collections.abc import Iterator

from ..case import Denial
from ..facts.context import Facts, missing_answers
from ..facts.denials import concerns
from ..logic import Truth
from ..made_once import made_once
from ..rule_book import Book
from ..schema.appeals import AppealLevel, AppealProcess
from ..schema.conditions import Condition
from ..schema.policies import Program
from ..schema.states import WithoutAppealFirst
from ..vocabulary import DENIED_STAGES, LabelBinds
from .criteria import CriterionResult, both, leaf_condition, leaf_verdict
from .deadlines import level_days
from .label_limits import broken, limits_broken
from .outlook import RANK
from .paths import Candidate
from .policies import programs_seen
from .reading_order import LAST_LEVELS_OF
from .state_levels import in_state, opens_without_appeal


@made_once
def one_for_each_appeal_process(facts: Facts) -> list[tuple[Program, Truth]]:
    """Programmes without those whose appeal process another one has already brought (Medigap follows Part B)."""
    kept: dict[str, tuple[Program, Truth]] = {}
    for program, applies in sorted(_may_have_said_no(facts), key=lambda p: p[1] is not True):
        kept.setdefault(appeal_process_id(facts, program), (program, applies))
    return list(kept.values())


def _may_have_said_no(facts: Facts) -> list[tuple[Program, Truth]]:
    """The programmes that may have sent the letter. One that none of them can send closes no right."""
    seen = [p for p in programs_seen(facts) if not _said_no_to_nothing(facts, p[0])]
    if facts["denied"] is not True:
        return seen
    fit = [
        (program, applies)
        for program, applies in seen
        if program.notice is None or facts.test(program.notice.when).value is not False
    ]
    return fit or seen


def denial_concerns(facts: Facts, treatment: str) -> bool:
    """Whether a denial, if there is one, may be about the coverage seen and the treatment.

    One that was told is about the treatment asked for, unless it names another; one of which
    nobody has told, about any.
    """
    case = facts.case
    if case.denial is None and case.stage is None:
        return True
    if case.denial is None and case.stage not in DENIED_STAGES:
        return False
    return concerns(case, case.denial or Denial(), facts.index, treatment)


def _denial_asks(facts: Facts) -> tuple[str, ...]:
    """What a no that was told leaves open: which cover said it, and about which treatment."""
    denial = facts.case.denial
    if facts["denied"] is not True:
        return ()
    which = denial is None or denial.coverage is None
    several = len(facts.case.coverages or ()) > 1
    what = denial is None or denial.treatment is None
    return (
        *((f"{facts.denial_place}.coverage",) if which and several else ()),
        *((f"{facts.denial_place}.treatment",) if what else ()),
    )


def _appeal_process_asks(facts: Facts, program: Program) -> tuple[str, ...]:
    """The answer on which the choice of the appeal process waits."""
    if facts["denied"] is not True:
        return ()
    if program.other_appeal_process is not None:
        return missing_answers(facts, facts.test(program.other_appeal_process.when))
    if program.notice is not None and len(one_for_each_appeal_process(facts)) > 1:
        return missing_answers(facts, facts.test(program.notice.when))
    return facts.read("grandfathered").missing if program.family == "private" else ()


def appeals_to(facts: Facts, program: Program, applies: Truth, rank: int) -> Iterator[Candidate]:
    """The levels of appeal that a denial may lead to."""
    appeal_process = appeal_process_of(facts, program)
    if appeal_process is None:
        return
    limits = _limits_on_appeal(facts)
    if broken(limits) == "rules_out" and facts["denied"] is not True:
        return  # what the label rules out is not to be asked for, so no no is to be expected
    about = (
        *_denial_asks(facts),
        *_appeal_process_asks(facts, program),
        *_early_asks(facts, appeal_process, program),
    )
    for level in appeal_process.levels:
        opened, early = _opened(facts, level, program)
        if opened is None:
            continue
        judged = [opened]
        said_no = facts.test(_DENIED)
        judged.append(CriterionResult("denied", None, said_no, False, level.source))
        if applies is None and program.applies_when is not None:
            verdict = facts.test(program.applies_when)
            judged.append(CriterionResult("programme_applies", None, verdict, False, level.source))
        if level.applies_when is not None:
            verdict = facts.test(level.applies_when)
            if verdict.value is False:
                continue
            judged.append(CriterionResult("level_applies", None, verdict, False, level.source))
        found = level_days(facts, level, program)
        needs = (*found.needs, *about)
        base = _outlook_of_appeal(rank, broken(limits))
        look = "closed" if found.late else base
        caveats = ("recalled",) if level.confidence == "recalled" else ()
        yield Candidate(
            level, level.route, base, look, (*judged, *limits), True, caveats, None, program, False,
            True, needs, found.days, appeal_process, found.keep, found.ahead and _urgent(facts, level), broken(limits), early,
            ahead=found.ahead, arrives=found.arrives,
        )  # fmt: skip


def _outlook_of_appeal(rank: int, limit: LabelBinds | None) -> str:
    """The outlook of an appeal by that of the best rule that covers, and by the label's limit that is broken."""
    base = "possible" if rank >= RANK["possible"] else "not_yet" if rank == 2 else "uphill"
    if limit is None:
        return base
    return "not_yet" if limit == "first" and base != "uphill" else "uphill"


def opened_early(
    facts: Facts, appeal_process: AppealProcess, program: Program
) -> Iterator[tuple[AppealLevel, str]]:
    """The levels of appeal that are open beside the next one, each with why."""
    for level in appeal_process.levels:
        _, early = _opened(facts, level, program) if facts["denied"] is True else (None, None)
        applies = level.applies_when is None or facts.test(level.applies_when).value is not False
        if early is not None and applies:
            yield level, early


def _opened(
    facts: Facts, level: AppealLevel, program: Program
) -> tuple[CriterionResult | None, str | None]:
    """What opens a level of appeal: the no at the level before it, or what opens it early, and in which words.

    (None, None) where the level of appeal is not open.
    """
    if not level.follows:
        return None, None
    denied = leaf_verdict(facts, "denial_level", tuple(level.follows))
    if denied.value is not False:
        return CriterionResult("denied_before", None, denied, False, level.source), None
    for condition, source, says in _early(facts, level, program):
        verdict = facts.test(condition)
        if verdict.value is True:
            return CriterionResult("level_applies", None, verdict, False, source), says
    return None, None


def _early_asks(facts: Facts, appeal_process: AppealProcess, program: Program) -> tuple[str, ...]:
    """The answers that could open a level of appeal early, or put one on its fast track."""
    if facts["denied"] is not True:
        return ()
    found: dict[str, None] = {}
    for level in appeal_process.levels:
        if level.decision.expedited is not None:
            found.update(dict.fromkeys(facts.read("urgent").missing))
        for condition, _, _ in _early(facts, level, program):
            found.update(dict.fromkeys(missing_answers(facts, facts.test(condition))))
    return tuple(found)


def _early(
    facts: Facts, level: AppealLevel, program: Program
) -> Iterator[tuple[Condition, str, str]]:
    """What opens a level of appeal beside the one before it: the state's law, or the appeal process itself."""
    without = opens_without_appeal(facts, level, program)
    if without is not None:
        first = leaf_condition("denial_level", ("initial",))
        why = _denied_so(facts.book, without)
        yield both(facts.book, first, why), without.source, without.says
    if level.early is not None:
        follows = leaf_condition("denial_level", level.early.follows)
        yield both(facts.book, follows, level.early.when), level.early.source, level.early.says


@made_once
def _denied_so(book: Book, without: WithoutAppealFirst) -> Condition:
    """The denials after which a state's review is open at once; made once, so that it is compiled once."""
    named = [leaf_condition("denial_reason", without.reasons)] if without.reasons else []
    urgent = [Condition(fact="urgent", is_=True)] if without.urgent else []
    return Condition(any=(*named, *urgent))


def _limits_on_appeal(facts: Facts) -> tuple[CriterionResult, ...]:
    """The label's limits that are known to be broken: they weigh on an appeal, but close no right."""
    limits = limits_broken(facts, facts.treatment or "")
    return tuple(j._replace(informs_only=True) for j in limits)


def _urgent(facts: Facts, level: AppealLevel) -> bool:
    """Whether a level of appeal is to be taken today: a plan said no, and waiting could do serious harm."""
    asks = level.route not in LAST_LEVELS_OF
    return asks and facts["denied"] is True and facts["urgent"] is True


def _said_no_to_nothing(facts: Facts, program: Program) -> bool:
    condition = program.no_appeal_when
    return condition is not None and facts.test(condition).value is True


_DENIED = Condition(fact="denied", is_=True)


def appeal_process_id(facts: Facts, program: Program) -> str:
    """A grandfathered private plan has a appeal process of its own (45 CFR 147.140(c))."""
    if (
        program.family == "private"
        and facts["grandfathered"] is True
        and "grandfathered" in facts.book.appeal_processes
    ):
        return "grandfathered"
    other = program.other_appeal_process
    if other is not None and facts.test(other.when).value is True:
        return other.appeal_process
    return program.appeal_process


def appeal_process_of(facts: Facts, program: Program) -> AppealProcess | None:
    """The levels of appeal of a programme, for this person; None where no record has them."""
    process = facts.book.appeal_processes.get(appeal_process_id(facts, program))
    return in_state(facts, process) if process is not None else None
