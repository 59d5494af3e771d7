"""Mutation tests: small faults put into the rules and the records, and how many of them the tests tell."""
