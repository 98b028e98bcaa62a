"""What a dry run changed: variables, files, processes, hosts. And the line that tells it.

A `Watch` is made in the sandboxed child right before the first cell of a
proposal. It forks once more: that *witness* holds the state as it was and
answers about it after the run, so that nothing has to be read or copied before.
"""

from llm_notebook.dryrun.observing.summary import summarize
from llm_notebook.dryrun.observing.warming import warm
from llm_notebook.dryrun.observing.watch import Watch

__all__ = ["Watch", "summarize", "warm"]
