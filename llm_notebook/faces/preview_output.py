"""A preview under the cell that asked, in a notebook front end that is not ours.

Texts and pictures only: such a front end would run scripts of unreviewed code.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from llm_notebook.core.preview import OVER, Preview
from llm_notebook.faces.pacing import Pacing
from llm_notebook.faces.preview_files import picture_of
from llm_notebook.faces.preview_text import Shown, preview_text

if TYPE_CHECKING:
    from llm_notebook.core.notebook import Snapshot
    from llm_notebook.faces.kernel import LiveKernel
    from llm_notebook.previewing import Previewing

MOST_PICTURES = 12


class PreviewOutput:
    """Keeps one proposal's preview up to date in the output of the cell that runs now.

    Parameters
    ----------
    proposal_id : str
    after : Snapshot
        The notebook as it would be.
    previewing : Previewing
    live : LiveKernel
    parent : dict
        The request under whose cell it is shown.
    """

    def __init__(
        self,
        proposal_id: str,
        after: Snapshot,
        previewing: Previewing,
        live: LiveKernel,
        parent: dict[str, Any],
    ) -> None:
        self._id = proposal_id
        self._after = after
        self._kernel = live.kernel
        self._parent = parent
        self._is_sent = False
        self._pacing = Pacing(self._show)
        self._stop = previewing.listen(self._heard)

    def _heard(self, preview: Preview) -> None:
        if preview.proposal_id == self._id:
            self._pacing.put(preview)
            if preview.status in OVER:
                self._stop()

    def _show(self, preview: Preview) -> None:
        self._send(
            "update_display_data" if self._is_sent else "display_data",
            {"text/plain": preview_text(preview, Shown(self._after, color=True))},
            {"display_id": f"llm-{self._id}-preview"},
        )
        self._is_sent = True
        if preview.status in OVER:
            found = [picture_of(o) for run in preview.cells for o in run.outputs]
            for picture in [p for p in found if p is not None][:MOST_PICTURES]:
                data = base64.b64encode(picture[1]).decode()
                self._send("display_data", {picture[0]: data, "text/plain": "a picture"}, {})

    def _send(self, kind: str, data: dict[str, str], transient: dict[str, str]) -> None:
        assert self._kernel is not None
        self._kernel.session.send(
            self._kernel.iopub_socket,
            kind,
            {"data": data, "metadata": {}, "transient": transient},
            parent=self._parent,
            ident=b"display_data",
        )
