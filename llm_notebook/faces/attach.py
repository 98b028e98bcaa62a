"""Join a running shell: magics always, the comm where a kernel has one.

This runs in every kernel that a front end of ours meets, so it imports little;
the session, the store and the worker come with the first ask.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from llm_notebook.faces.comm import CommFace
from llm_notebook.faces.kernel import LiveKernel

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from llm_notebook.faces.preview_verbs import Previews
    from llm_notebook.faces.way_back import WayBack
    from llm_notebook.judging import Judging
    from llm_notebook.ports import DryRuns
    from llm_notebook.previewing import Previewing
    from llm_notebook.session import Session


class Attachment:
    """What joins one shell to its session."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.live = LiveKernel(shell)
        self.comm = CommFace(self.session, self.previewing, self.way_back, self.live, self.judging)
        self._session: Session | None = None
        self._previewing: Previewing | None = None
        self._judging: Judging | None = None
        self._previews: Previews | None = None
        self._way_back: WayBack | None = None
        self._dry_runs: list[DryRuns | None] = []
        self._lock = threading.RLock()

    def session(self) -> Session:
        """The shell's session, made on first use."""
        with self._lock:  # a magic and a front end's first word may come at once
            if self._session is None:
                self._session = self._made()
            return self._session

    def previewing(self) -> Previewing:
        """The session's dry runs, made on first use."""
        with self._lock:
            if self._previewing is None:
                import atexit

                from llm_notebook.previewing import Previewing

                timings = self.live.timings
                self._previewing = Previewing(self.session(), self.dry_runs(), timings)
                atexit.register(self._previewing.close)
            return self._previewing

    def judging(self) -> Judging:
        """The session's decisions, made on first use."""
        with self._lock:
            if self._judging is None:
                from llm_notebook.judging import Judging

                self._judging = Judging(self.previewing(), self.live.hooks)
            return self._judging

    def dry_runs(self) -> DryRuns | None:
        """The engine, made on first use; None where there is none on this system."""
        with self._lock:
            if not self._dry_runs:
                from llm_notebook.faces.dry_runs import dry_runs_of

                self._dry_runs = [dry_runs_of(self.live.shell)]
            return self._dry_runs[0]

    def way_back(self) -> WayBack:
        """Kernel truth, and variables that can be put back; made on first use."""
        with self._lock:
            if self._way_back is None:
                from llm_notebook.faces.way_back import WayBack

                self._way_back = WayBack(self.live, self.previewing)
            return self._way_back

    def previews(self) -> Previews:
        """How they are shown where there is no page."""
        with self._lock:
            if self._previews is None:
                from llm_notebook.faces.preview_verbs import Previews

                self._previews = Previews(self.previewing(), self.live)
            return self._previews

    def _made(self) -> Session:
        import atexit

        from llm_notebook.llm.client import ModelWorker
        from llm_notebook.session import Session
        from llm_notebook.store import Store

        session = Session(ModelWorker(), self.live, Store(), self.live.notebook_name())
        atexit.register(session.close)
        return session


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
