"""The letters and sheets of a case: read on the screen, taken along as files."""
