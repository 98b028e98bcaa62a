"""Join a running shell: magics always, the comm where a kernel has one.

This runs in every kernel that a front end of ours meets, so it imports little;
the session, the store and the worker come with the first ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llm_notebook.faces.comm import CommFace
from llm_notebook.faces.kernel import LiveKernel

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from llm_notebook.session import Session


class Attachment:
    """What joins one shell to its session."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.live = LiveKernel(shell)
        self.comm = CommFace(self.session, self.live)
        self._session: Session | None = None

    def session(self) -> Session:
        """The shell's session, made on first use."""
        if self._session is None:
            import atexit

            from llm_notebook.llm.client import ModelWorker
            from llm_notebook.session import Session
            from llm_notebook.store import Store

            self._session = Session(ModelWorker(), self.live, Store(), self.live.notebook_name())
            atexit.register(self._session.close)
        return self._session


_attached: dict[int, Attachment] = {}


def attach(shell: Any | None = None) -> Attachment:
    """Register magics and comm target on a shell; a second time changes nothing.

    Parameters
    ----------
    shell : InteractiveShell, optional
        Default: the running one.

    Returns
    -------
    Attachment

    Raises
    ------
    RuntimeError
        Outside IPython.
    """
    if shell is None:
        from IPython.core.getipython import get_ipython

        shell = get_ipython()
    if shell is None:
        raise RuntimeError("llm_notebook needs a running IPython shell.")
    known = _attached.get(id(shell))
    if known is not None:
        return known
    from llm_notebook.faces.magics import register_magics

    attachment = Attachment(shell)
    register_magics(shell, attachment)
    manager = getattr(attachment.live.kernel, "comm_manager", None)
    if manager is not None:
        attachment.comm.register(manager)
    _attached[id(shell)] = attachment
    return attachment
