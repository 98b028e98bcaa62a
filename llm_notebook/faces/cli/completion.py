"""``llm-notebook completion``."""

from __future__ import annotations

import argparse
import sys

from llm_notebook.faces.cli.out import Exit, Out


def run(options: argparse.Namespace, out: Out) -> Exit:
    """Print the script that makes a shell complete our commands."""
    from argcomplete.shell_integration import shellcode

    sys.stdout.write(shellcode(["llm-notebook"], shell=options.shell))
    return Exit.DONE
