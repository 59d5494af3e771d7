"""What is written to a patient, in the voice of the clinic that reads it about the patient."""

from __future__ import annotations

import re
from functools import lru_cache

from ..messages import words_of

VOICE = "voice"  # the file of words
PATIENT = "the patient"
_YOU = re.compile(r"\byou(?: (\w+))?\b|\byour\b", re.IGNORECASE)


def for_clinic(text: str) -> str:
    """The same text without `you`: the patient is spoken of, not to."""
    told = _phrases().sub(_phrase, text)
    return _YOU.sub(_you, told)


@lru_cache(maxsize=1)
def _phrases() -> re.Pattern[str]:
    known = sorted(words_of(VOICE)["phrases"], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, known))})\b", re.IGNORECASE)


def _phrase(found: re.Match[str]) -> str:
    return _as_begun(found[0], words_of(VOICE)["phrases"][found[0].lower()])


def _you(found: re.Match[str]) -> str:
    if found[0].lower() == "your":
        return _as_begun(found[0], f"{PATIENT}’s")
    verb = found[1]
    if verb is None:
        return _as_begun(found[0], PATIENT)
    return _as_begun(found[0], f"{PATIENT} {words_of(VOICE)['verbs'].get(verb.lower(), verb)}")


def _as_begun(old: str, new: str) -> str:
    """The new words with a capital where the old ones had one."""
    return new[:1].upper() + new[1:] if old[:1].isupper() else new
