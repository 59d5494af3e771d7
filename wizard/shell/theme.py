"""Icons and colours of what a screen tells; the word always stands beside them."""

from __future__ import annotations

OUTLOOK_ICON = {
    "likely": ":material/check_circle:",
    "possible": ":material/help:",
    "not_yet": ":material/hourglass_top:",
    "uphill": ":material/landscape:",
    "closed": ":material/block:",
}
OUTLOOK_COLOR = {
    "likely": "green",
    "possible": "blue",
    "not_yet": "orange",
    "uphill": "violet",
    "closed": "gray",
}
FIT_COLOR = {"fits": "green", "may_fit": "blue", "does_not_fit": "gray"}
