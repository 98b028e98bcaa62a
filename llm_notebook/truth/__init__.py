"""Do the notebook and the kernel agree? Which variables and cells are stale, and what to run again.

Nothing is executed here. The kernel's log says which sources ran and in which
order; their syntax says what each made of what.
"""

from llm_notebook.truth.comparing import kernel_truth
from llm_notebook.truth.log import RunLog
from llm_notebook.truth.saying import text_of

__all__ = ["RunLog", "kernel_truth", "text_of"]
