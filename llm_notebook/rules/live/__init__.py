"""What the names that code uses really stand for in the live kernel. No user code is called.

Code that a person accepted may have put something else where a library or a builtin
is looked for. So each name is followed: modules to installed files, functions and
classes of the notebook to their source, which is then read like the cell itself.
What cannot be followed is a finding, and so is asked.
"""

from llm_notebook.rules.live.looking import Looked, look

__all__ = ["Looked", "look"]
