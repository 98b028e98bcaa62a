"""What a model is shown: chosen cells, schemas of live variables, file names, the last error.

Pure Python over the syntax of cells and the types of values. Nothing of the
person's is executed, and secrets are taken out before anything is returned.
"""

from llm_notebook.context.build import build_context, estimate_tokens
from llm_notebook.context.redaction import redact

__all__ = ["build_context", "estimate_tokens", "redact"]
