"""Names for the papers: held by the fields themselves, in this session, and by nothing else.

They are no answers: neither the saved file nor the tab's own storage ever holds them.
"""

from __future__ import annotations

import streamlit as st

from rules.documents import Names
from rules.documents.names import LONGEST_NAME
from wizard.session import store
from wizard.shell.said import said

# By part of the form; the word beside each tells the browser what it may fill in.
PARTS: dict[str, dict[str, str]] = {
    "you": {
        "patient_name": "name", "date_of_birth": "bday", "patient_address": "street-address",
        "patient_phone": "tel", "patient_email": "email",
    },
    "plan": {
        "member_id": "off", "group_number": "off", "claim_number": "off", "denial_words": "off", "employer_name": "off",
        "plan_address": "off",
    },
    "clinician": {
        "clinician_name": "off", "clinician_credentials": "off", "clinician_npi": "off",
        "clinician_phone": "off", "clinician_fax": "off", "clinic_name": "off",
        "clinic_address": "off", "clinic_tin": "off", "icd10": "off",
        "session_minutes": "off", "date_of_service": "off",
    },
}  # fmt: skip
PREFIX = "name-"


def names() -> Names:
    """The names as the fields hold them now, without what cannot be read."""
    typed = [f for part in PARTS.values() for f in part if _typed(f)]
    return Names.of({f: _typed(f) for f in typed if not _unreadable(f)})


def _typed(name: str) -> str:
    return str(st.session_state.get(PREFIX + name) or "")


def _unreadable(name: str) -> bool:
    """Whether a field holds what is no number, or no date, where one is meant."""
    try:
        Names.of({name: _typed(name)})
    except ValueError:
        return True
    return False


def draw_names() -> None:
    """The fields, all optional, and what becomes of them."""
    st.markdown(said("papers.names_note"))
    for part, fields in PARTS.items():
        st.markdown(f"##### {said(f'papers.part.{part}')}")
        with st.container(key=f"names_{part}"):
            for name, purpose in fields.items():
                _draw_name(name, purpose)
    st.button(said("papers.names_clear"), key="names-clear", on_click=_clear)


def _draw_name(name: str, purpose: str) -> None:
    # On a shared computer the browser's own memory must not offer what others typed.
    fill = purpose if store().keep_in_browser else "off"
    st.text_input(
        said(f"papers.name.{name}"), key=PREFIX + name, max_chars=LONGEST_NAME, autocomplete=fill,
        persist_state="session",
    )  # fmt: skip
    if _unreadable(name):
        st.caption(said(f"papers.unreadable.{name}"))


def _clear() -> None:
    for fields in PARTS.values():
        for name in fields:
            st.session_state[PREFIX + name] = ""
