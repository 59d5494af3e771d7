"""Scenarios of one case side by side, for a counselor."""
