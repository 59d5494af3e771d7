"""One case, one answer, with its trace: our evaluator against zen-engine with tracing on.

Both are given plain dictionaries and must name the same rule as the table worked out by hand.
Ours evaluates all 12 rules and keeps the verdict on every condition; zen stops at the first
rule met and tells its row. Each side drops a case's trace once its answer is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from benchmarks.measure import Measured, Row, WrongAnswer, in_turns, seconds
from benchmarks.table12 import Case, Table, by_hand, evaluator, leaves_of, made_up_cases, table12
from rules.schema.conditions import Condition

CASES = 20_000
ROUNDS = 9


def measure(cases: int = CASES, rounds: int = ROUNDS) -> list[Row]:
    given = made_up_cases(cases)
    expected = [by_hand(**case) for case in given]
    table = table12()
    decide = evaluator(table)
    zen_outcome = zen_evaluator(table)

    def ours() -> list[str | None]:
        return [decide(case).outcome for case in given]

    def theirs() -> list[str]:
        return [zen_outcome(case) for case in given]

    for name, answers in (("ours", ours()), ("zen-engine", theirs())):
        if answers != expected:
            raise WrongAnswer(f"{name} does not give the answers worked out by hand")
    mine, other = in_turns(lambda: cases / seconds(ours), lambda: cases / seconds(theirs), rounds)
    return [
        Measured("one case with trace", "zen-engine, traced", mine, other, "cases/s", 1.0, True)
    ]  # fmt: skip


def zen_evaluator(table: Table) -> Callable[[Case], str]:
    """zen-engine's quickest way to one traced answer: an engine that keeps the decision loaded."""
    import zen

    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"table": zen_graph(table)}}})
    options = {"trace": True}

    def outcome(case: Case) -> str:
        answer: str = engine.evaluate("table", case, options)["result"]["outcome"]
        return answer

    return outcome


def zen_graph(table: Table) -> dict[str, Any]:
    """The table as a zen decision: one decision table with the hit policy `first`."""
    rows = []
    for number, rule in enumerate(table.rules):
        row = {f"in_{field}": "" for field in table.answers}
        row |= {f"in_{leaf.fact}": _zen_cell(leaf) for leaf in leaves_of(rule.when)}
        rows.append(row | {"_id": f"rule_{number}", "out": json.dumps(rule.outcome)})
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": f"in_{f}", "name": f, "field": f} for f in table.answers],
        "outputs": [{"id": "out", "name": "outcome", "field": "outcome"}],
        "rules": rows,
    }
    kinds = {"start": "inputNode", "table": "decisionTableNode", "end": "outputNode"}
    nodes: list[dict[str, Any]] = [
        {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}}
        for name, kind in kinds.items()
    ]
    nodes[1]["content"] = content
    edges = [
        {"id": f"{a}_{b}", "sourceId": a, "targetId": b, "type": "edge"}
        for a, b in (("start", "table"), ("table", "end"))
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def _zen_cell(leaf: Condition) -> str:
    if leaf.is_ is not None:
        return json.dumps(leaf.is_)
    if leaf.one_of is not None:
        return ", ".join(json.dumps(word) for word in leaf.one_of)
    if leaf.below is not None:
        return f"< {leaf.below:g}"
    if leaf.at_least is not None:
        return f">= {leaf.at_least:g}"
    raise NotImplementedError(f"no zen cell for {leaf}")
