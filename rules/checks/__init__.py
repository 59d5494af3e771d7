"""What is checked of the records: one kind of fault a file."""
