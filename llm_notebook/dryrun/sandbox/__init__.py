"""The sandbox of a dry run: isolation by the kernel, in tiers, without root.

In the parent: `probe` says what there is, `scratch.make` and `reaping.Warden`
prepare. In a child that was just forked: `enter` confines it for good.
"""

from llm_notebook.dryrun.sandbox.entering import enter
from llm_notebook.dryrun.sandbox.policy import Entered, Policy, SandboxError
from llm_notebook.dryrun.sandbox.probing import probe

__all__ = ["Entered", "Policy", "SandboxError", "enter", "probe"]
