"""The rule book to search and read: entries, records, pictures, plain words."""
