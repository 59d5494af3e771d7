"""The commands of `python -m rules`: one a file, each with `run(options) -> exit code`."""
