"""One file a screen. A screen draws; it decides nothing."""
