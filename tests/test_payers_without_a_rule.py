"""What a record says of a payer whose rule nobody has read is what the engine does."""

from __future__ import annotations

import pytest

from rules import evaluate, load_rules
from rules.result import PathShown
from tests.cases_of import TODAY

SAYS = "the rule for its kind of plan is used (in programs/), with the terms of the drug’s label"
UNREAD = [p.id for p in load_rules().payers.values() if any(SAYS in (r.note or "") for r in p.policies)]  # fmt: skip
LABEL = {"certified_site", "two_antidepressants_failed", "adult"}


def request_to(payer: str, kind: str) -> PathShown:
    cover = {"kind": kind, "payer": payer, "medicare": "advantage" if kind == "medicare" else None}
    case = {
        "age": 42, "state": "TX", "request": "esketamine", "suicidal_thoughts": "none",
        "diagnosis": "treatment_resistant_depression", "coverages": [cover],
    }  # fmt: skip
    paths = evaluate(case, today=TODAY).paths
    (found,) = (p for p in paths if p.id.endswith(".esketamine.prior_authorization"))
    return found


def test_there_are_eleven_of_them() -> None:
    assert len(UNREAD) == 11


@pytest.mark.parametrize("payer", UNREAD)
def test_the_kind_of_plan_and_the_label_speak_for_it(payer: str) -> None:
    record = load_rules().payers[payer]
    (policy,) = (p for p in record.policies if SAYS in (p.note or ""))
    kind = "employer" if "commercial" in policy.lines_of_business else "medicare"
    path, of_nobody = request_to(payer, kind), request_to("a payer without a record", kind)
    assert path.reason == of_nobody.reason
    assert policy.says not in path.reason
    assert {c.id for c in path.criteria} >= LABEL
