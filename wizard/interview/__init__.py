"""The questions: which come in which order, their fields, and the screens that ask them."""
