"""The event store: what was asked, proposed and decided, and what is still open.

One SQLite file in Jupyter's data directory, readable by its owner only. It is
evidence, never authority: nothing is allowed because of what stands in it.
"""

from llm_notebook.store.database import BUSY_TIMEOUT, SCHEMA_VERSION, default_path
from llm_notebook.store.pruning import KEEP_BYTES, KEEP_DAYS
from llm_notebook.store.recorder import Recorder
from llm_notebook.store.store import Event, Opened, Saved, Store

__all__ = [
    "BUSY_TIMEOUT",
    "KEEP_BYTES",
    "KEEP_DAYS",
    "SCHEMA_VERSION",
    "Event",
    "Opened",
    "Recorder",
    "Saved",
    "Store",
    "default_path",
]
