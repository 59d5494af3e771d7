"""Where the session keeps a table of people; nothing of it is ever anywhere else."""

from __future__ import annotations

from typing import Any

import pandas as pd

from wizard.session import Slot

from .worklist import Screening, View

ROWS: Slot[pd.DataFrame | None] = Slot("table_rows", lambda: None)
NAME: Slot[str] = Slot("table_name", str)
STAMP: Slot[str] = Slot("table_stamp", str)
WORK: Slot[Screening | None] = Slot("table_work", lambda: None)
TOLD: Slot[tuple[str, ...]] = Slot("table_told", tuple)  # what was not read as it stands
AGAIN: Slot[bool] = Slot("table_given_back", bool)  # whether the file was an earlier worklist
ASKING: Slot[bool] = Slot("table_other", bool)  # whether another table is to take its place
PUT_BACK: Slot[int | None] = Slot("table_put_back", lambda: None)  # the rows just put back
VIEWED: Slot[tuple[Screening, View, pd.Index] | None] = Slot("table_viewed", lambda: None)
# Counts the files taken and the corrections made, so that each finds fresh widgets.
ROUND: Slot[int] = Slot("table_round", int)
FIXES: Slot[int] = Slot("table_fixes", int)


def forget() -> None:
    """Forget the table and all that was worked out from it."""
    slots: tuple[Slot[Any], ...] = (ROWS, NAME, STAMP, TOLD, AGAIN, WORK, ASKING, PUT_BACK, VIEWED)
    for slot in slots:
        slot.drop()
