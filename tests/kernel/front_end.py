"""A front end without a page: speaks Jupyter's messages and our protocol to a real kernel."""

from __future__ import annotations

import queue
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import msgspec

from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.origin import Origin
from llm_notebook.core.protocol import COMM_TARGET, PROTOCOL_VERSION, Ask, Decided, Hello

ATTACH = "__import__('llm_notebook.faces.attach', fromlist=['attach']).attach()"
TIMEOUT = 60.0


class FrontEnd:
    """One client of a kernel; keeps every message of the IOPub channel."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.manager: Any = None
        self.messages: list[dict[str, Any]] = []
        self._arrived = threading.Condition()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self._others: list[FrontEnd] = []
        self.comm_id = uuid.uuid4().hex
        self.subshell: str | None = None

    def _read(self) -> None:
        while not self._stop.is_set():
            try:
                message = self.client.get_iopub_msg(timeout=0.1)
            except queue.Empty:
                continue
            with self._arrived:
                self.messages.append(message)
                self._arrived.notify_all()

    def close(self) -> None:
        for other in self._others:
            other.close()
            other.client.stop_channels()
        self._stop.set()
        self._thread.join()

    def another(self) -> FrontEnd:
        """A second window on the same kernel; it has not said hello yet."""
        client = self.manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=TIMEOUT)
        other = FrontEnd(client)
        other.manager = self.manager
        self._others.append(other)
        return other

    def wait(self, found: Callable[[], Any], what: str, timeout: float = TIMEOUT) -> Any:
        """Wait for a true value; `found` is tried after each message."""
        end = time.monotonic() + timeout
        with self._arrived:
            while True:
                value = found()
                if value:
                    return value
                left = end - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"waited {timeout} s for {what}")
                self._arrived.wait(min(left, 0.5))

    # -- cells ------------------------------------------------------------------

    def start(self, code: str, cell_id: str = "asking", **options: Any) -> str:
        """Run a cell as JupyterLab does, naming it; does not wait."""
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": False,
            **options,
        }
        message = self.client.session.msg("execute_request", content)
        message["metadata"] = {"cellId": cell_id}
        self.client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    def run(self, code: str, **options: Any) -> list[dict[str, Any]]:
        """Run a cell to its end; its messages on IOPub."""
        request = self.start(code, **options)
        self.wait(lambda: self._idle(request), f"the end of {code!r}")
        return self.of(request)

    def of(self, request: str) -> list[dict[str, Any]]:
        return [m for m in self.messages if m["parent_header"].get("msg_id") == request]

    def _idle(self, request: str) -> bool:
        return any(
            m["msg_type"] == "status" and m["content"]["execution_state"] == "idle"
            for m in self.of(request)
        )

    # -- our protocol -----------------------------------------------------------

    def open(
        self,
        *,
        subshell: bool = True,
        protocol: int = PROTOCOL_VERSION,
        notebook: str = "analysis.ipynb",
        client: str = "",
        cells: tuple[str, ...] = (),
    ) -> None:
        """Attach, open the comm, say hello."""
        self.run(ATTACH, silent=True, store_history=False)
        if subshell:
            request = self.client.session.msg("create_subshell_request", {})
            self.client.control_channel.send(request)
            reply = self.client.get_control_msg(timeout=TIMEOUT)
            self.subshell = reply["content"]["subshell_id"]
        self._comm("comm_open", target_name=COMM_TARGET, data={})
        self.send(Hello(protocol=protocol, notebook=notebook, client=client, cells=cells))

    def leave(self) -> None:
        """Close the window as a page does."""
        self._comm("comm_close", data={})

    def send(self, message: Any) -> None:
        self.send_raw(msgspec.to_builtins(message))

    def send_raw(self, data: Any) -> None:
        self._comm("comm_msg", data=data)

    def _comm(self, kind: str, **content: Any) -> None:
        message = self.client.session.msg(kind, {"comm_id": self.comm_id, **content})
        message["header"]["subshell_id"] = self.subshell
        self.client.shell_channel.send(message)

    def told(self, kind: str) -> list[dict[str, Any]]:
        """What the kernel has sent of one type, in order."""
        return [
            m["content"]["data"]
            for m in tuple(self.messages)
            if m["msg_type"] == "comm_msg"
            and m["content"]["comm_id"] == self.comm_id
            and m["content"]["data"]["type"] == kind
        ]

    def expect(self, kind: str, count: int = 1, timeout: float = TIMEOUT) -> dict[str, Any]:
        """The `count`-th message of a type."""

        def found() -> dict[str, Any] | None:
            told = self.told(kind)
            return told[count - 1] if len(told) >= count else None

        return self.wait(found, f"message {count} of type {kind}", timeout)  # type: ignore[no-any-return]

    def ask(
        self,
        prompt: str,
        sources: list[str],
        model: str,
        proposal_id: str | None = None,
        level: int = 2,
        **options: Any,
    ) -> str:
        proposal_id = proposal_id or uuid.uuid4().hex[:8]
        cells = tuple(Cell(f"cell-{i}", "code", s) for i, s in enumerate(sources))
        self.send(
            Ask(
                proposal_id=proposal_id,
                origin=Origin(prompt, model, target=cells[-1].id if cells else None),
                snapshot=Snapshot(cells),
                level=level,  # type: ignore[arg-type]
                **options,
            )
        )
        return proposal_id

    def decided(self, proposal_id: str, verdict: Any, edits_hash: str = "", **options: Any) -> None:
        self.send(Decided(proposal_id, verdict, edits_hash, **options))

    def stands(self, proposal_id: str, true: Callable[[Any], bool], what: str) -> dict[str, Any]:
        """A proposal once the kernel has told that this is true of it."""

        def found() -> dict[str, Any] | None:
            for message in reversed(self.told("changed")):
                proposal = message["proposal"]
                if proposal["id"] == proposal_id and true(proposal):
                    return dict(proposal)
            return None

        return self.wait(found, what)  # type: ignore[no-any-return]

    def settled(self, proposal_id: str, timeout: float = TIMEOUT) -> dict[str, Any]:
        """A proposal once it no longer streams."""

        def found() -> dict[str, Any] | None:
            for message in reversed(self.told("changed")):
                proposal = message["proposal"]
                if proposal["id"] == proposal_id and proposal["status"] != "drafting":
                    return dict(proposal)
            return None

        return self.wait(found, f"the end of proposal {proposal_id}", timeout)  # type: ignore[no-any-return]
