"""Keeping what a step is about to change, so that its undo puts the variables back."""

from llm_notebook.keeping.keeper import Keeper, Need

__all__ = ["Keeper", "Need"]
