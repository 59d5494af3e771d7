"""A cell as a day or as a month of a year, as people and spreadsheets write them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # day numbers of Excel: 1954 to 2119
EXCEL_DAY_ZERO = dt.date(1899, 12, 30)
TIME_OF_DAY = r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([ap]\.?m\.?|z|[+-]\d{2}:?\d{2})?$"


class Bad(Exception):
    """Raised with the key of the message and its gaps."""

    def __init__(self, key: str, depends: bool = False, /, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.depends = depends
        self.values = values


def read_day(text: str) -> dt.date:
    """A day: ISO, US (month first), a day number of Excel. Raises Bad."""
    bare = re.sub(TIME_OF_DAY, "", text.strip(), flags=re.IGNORECASE)
    iso = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", bare)
    us = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})", bare)
    serial = re.fullmatch(r"(\d{5})(\.\d+)?", bare)
    try:
        if iso:
            return dt.date(int(iso[1]), int(iso[2]), int(iso[3]))
        if us:
            year = int(us[3]) if len(us[3]) == 4 else 2000 + int(us[3])
            return dt.date(year, int(us[1]), int(us[2]))
    except ValueError:
        raise Bad("no_day") from None
    if serial and FIRST_SERIAL <= int(serial[1]) <= LAST_SERIAL:
        return EXCEL_DAY_ZERO + dt.timedelta(days=int(serial[1]))
    for form in ("%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%Y%m%d"):
        try:
            return dt.datetime.strptime(bare, form).date()
        except ValueError:
            continue
    raise Bad("date")


def read_month(text: str) -> str:
    """A month of a year (`1962-03`), told alone (3/1962) or by a day of it. Raises Bad."""
    told = re.fullmatch(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{4})", text.strip())
    if told is None:
        return f"{read_day(text):%Y-%m}"
    year, month = told[1] or told[4], int(told[2] or told[3])
    if not 1 <= month <= 12:
        raise Bad("no_day")
    return f"{year}-{month:02}"
