"""What is told of rows beside their answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Rows = npt.NDArray[np.int64]


class Remarks:
    """What is told of rows beside their answers: many rows share a text."""

    def __init__(self, size: int) -> None:
        self.counts: Counter[str] = Counter()
        self.codes = np.zeros(size, dtype=np.int64)
        self._texts = [""]
        self._code_of = {"": 0}

    def add(self, rows: Rows, which: np.ndarray, texts: Sequence[str]) -> None:
        """Tell `rows` the texts that `which` names; '' is nothing."""
        pairs, back = np.unique(self.codes[rows] * len(texts) + which, return_inverse=True)
        joined = []
        for pair, times in zip(
            pairs.tolist(), np.bincount(back, minlength=len(pairs)), strict=True
        ):
            before, text = self._texts[pair // len(texts)], texts[pair % len(texts)]
            if text and text not in before:
                self.counts[text] += int(times)
                before = f"{before} {text}".strip()
            joined.append(self._code_of.setdefault(before, len(self._texts)))
            if joined[-1] == len(self._texts):
                self._texts.append(before)
        if rows.size:
            self.codes[rows] = np.array(joined, dtype=np.int64)[back]

    def column(self) -> pa.Array:
        """The texts, row by row; null where there is nothing to tell."""
        return pa.array([t or None for t in self._texts], pa.string()).take(pa.array(self.codes))
