"""What every attack gives back: how much was tried, and how much of it did harm."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tried:
    """One line of a table: a kind of attack, how often it was tried and how often it got through."""

    what: str  # a key of `before.yaml` where the same attack was counted before
    tried: int
    failed: int
    shown: tuple[str, ...] = ()  # the first inputs that got through, small enough to read

    @property
    def rate(self) -> float:
        return self.failed / self.tried if self.tried else 0.0
