"""Partial-autonomy notebooks: a model proposes cells, a person decides."""

__version__ = "0.1.0"
