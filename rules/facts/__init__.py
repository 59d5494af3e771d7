"""What follows from the answers of a case: each fact has one definition here."""

from . import coverage, diagnosis, income, pairs, situation, state, trials

__all__ = ["coverage", "diagnosis", "income", "pairs", "situation", "state", "trials"]
