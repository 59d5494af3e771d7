"""The version of KetaPath, in this one place: the year and month of its rules."""

VERSION = "2026.11"
