"""The floor for screening: pandas reads the table and writes it with the columns of a worklist.

`python floor.py IN.csv WORKLIST.csv OUT.csv`. Nothing is decided: the columns that screening
adds are filled with the first rows of a worklist made before, over and over, so that as many
bytes are written. No way of screening through pandas can be quicker than this.
"""

import sys

import numpy as np
import pandas as pd

table, worklist, out = sys.argv[1:]
frame = pd.read_csv(table)
sample = pd.read_csv(worklist, nrows=1_000)
again = np.arange(len(frame)) % len(sample)
added = sample[[name for name in sample.columns if name not in frame.columns]]
pd.concat([frame, added.take(again).reset_index(drop=True)], axis=1).to_csv(out, index=False)
