"""The command line; see ``docs/command-line.md``."""
