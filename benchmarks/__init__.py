"""Ratios against other engines and against the floor: `python -m benchmarks`."""
