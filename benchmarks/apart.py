"""Runs a command and prints its seconds, those of the processors and its peak memory.

`python apart.py COMMAND…`. What the command starts and waits for is counted in.

A process of its own, and a small one: on Linux the peak of a child starts at what its parent
held when it was started.
"""

import os
import sys
import time

start = time.perf_counter()
child = os.spawnvp(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(child, 0)
spent = time.perf_counter() - start
unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
print(spent, used.ru_utime + used.ru_stime, used.ru_maxrss * unit)
sys.exit(os.waitstatus_to_exitcode(status))
