"""Nobody outside is asked anything, whoever knocks."""

from __future__ import annotations

from streamlit import net_util


def ask_nobody() -> None:
    """Let Streamlit not look for this machine's address.

    It would ask a public service for it when a page of another origin tries to connect.
    """
    net_util.get_external_ip = _unknown
    net_util.get_internal_ip = _unknown


def _unknown() -> str | None:
    return None
