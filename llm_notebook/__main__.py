# PYTHON_ARGCOMPLETE_OK
"""``python -m llm_notebook``, and the command ``llm-notebook``; see ``docs/command-line.md``."""

import sys

from llm_notebook.faces.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
