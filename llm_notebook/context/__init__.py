"""What a model is shown: chosen cells, schemas of live variables, mentioned files, the last error.

Pure Python over the syntax of cells and the types of values. Nothing of the
person's is executed, and secrets are taken out before anything is returned.
"""

from llm_notebook.context.build import DEFAULT_BUDGET, build_context, survey
from llm_notebook.context.look import look
from llm_notebook.context.pieces import estimate_tokens
from llm_notebook.context.redaction import redact
from llm_notebook.context.vouching import untrusted_in

__all__ = [
    "DEFAULT_BUDGET",
    "build_context",
    "estimate_tokens",
    "look",
    "redact",
    "survey",
    "untrusted_in",
]
