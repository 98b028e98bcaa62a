"""What code would do outside the namespace, read from its syntax. Nothing is executed.

`predict` names the effects of one cell; `assess` makes a decision of them. What
cannot be read from the syntax is an effect of kind ``unknown``, so that it is asked.
"""

from llm_notebook.policy.assessing import assess
from llm_notebook.policy.predicting import predict

__all__ = ["assess", "predict"]
