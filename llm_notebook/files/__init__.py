"""Notebook files: read into snapshots, and written so that only what changed has other bytes."""

from llm_notebook.files.notebook_file import NotebookFile, read, write

__all__ = ["NotebookFile", "read", "write"]
