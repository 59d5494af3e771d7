"""One walk through the generated cases, the same on every machine; others on demand.

A test that draws other cases each time is red by chance, on somebody else's change. `EXPLORE=1`
draws new cases: to be run by hand, and what it finds becomes a case of its own.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile("explore" if os.environ.get("EXPLORE") else "same")
