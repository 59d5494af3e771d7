"""The coverages of a person in an order of their own: not that in which they were typed."""

from __future__ import annotations

from ..made_once import made_once
from .context import Facts


@made_once
def cover_ranks(root: Facts) -> tuple[int, ...]:
    """The rank of each coverage among all, where nothing else tells which of two comes first.

    One that is known to have said no comes before one that is not; then what was told of each
    decides. Only where all of that is the same (both spouses' plans) do two stand as they were typed.
    """
    covers = root.case.coverages or ()
    if len(covers) < 2:
        return (0,) * len(covers)
    told = [d for d in (root.case.denial, *(root.case.other_denials or ())) if d is not None]

    def key(index: int) -> tuple[bool, str, list[str], int]:
        own = [d.model_copy(update={"coverage": None}) for d in told if d.coverage == index]
        denials = sorted(d.model_dump_json() for d in own)
        return not own, covers[index].model_dump_json(), denials, index

    ordered = sorted(range(len(covers)), key=key)
    return tuple(ordered.index(i) for i in range(len(covers)))
