"""Dry runs on a real kernel, as the tests of the engine start and see them."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import msgspec

from llm_notebook.core.plan import Plan, PlannedCell
from llm_notebook.core.preview import OVER, Preview
from tests.kernel.front_end import FrontEnd

INSIDE = "__import__('tests.kernel.dry_runs_inside', fromlist=['go'])"
TIMEOUT = 60.0


class DryRunKernel:
    """A kernel in which dry runs can be started."""

    def __init__(self, front_end: FrontEnd, folder: Path) -> None:
        self.front_end = front_end
        self._folder = folder
        self._plans = 0
        self._path = folder / "none"
        self._subshell: str | None = None
        self.silently(f"{INSIDE}.listen(get_ipython())")

    def silently(self, code: str) -> None:
        said = self.front_end.run(code, silent=True, store_history=False)
        assert not [m for m in said if m["msg_type"] == "error"], said

    def value(self, expression: str) -> Any:
        """The value of an expression in the kernel, by its representation."""
        message = self.front_end.client.session.msg(
            "execute_request",
            {
                "code": "",
                "silent": True,
                "store_history": False,
                "user_expressions": {"v": expression},
                "allow_stdin": False,
            },
        )
        self.front_end.client.shell_channel.send(message)
        while True:
            reply = self.front_end.client.get_shell_msg(timeout=TIMEOUT)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                break
        found = reply["content"]["user_expressions"]["v"]
        assert found["status"] == "ok", found
        return eval(found["data"]["text/plain"])

    def state(self) -> Any:
        return self.value(f"{INSIDE}.state(get_ipython())")

    def start(
        self, *sources: str, setup: tuple[str, ...] = (), here: bool = False, **plan: Any
    ) -> None:
        """Start a dry run of these cells; does not wait."""
        self._plans += 1
        self._path = self._folder / f"previews-{os.getpid()}-{self._plans}.jsonl"
        cells = tuple(PlannedCell(f"cell-{i}", source) for i, source in enumerate(sources))
        before = tuple(PlannedCell(f"setup-{i}", source) for i, source in enumerate(setup))
        plan.setdefault("budget", 20.0)
        made = Plan("p1", "hash", plan.pop("cells", cells), before, **plan)
        packed = msgspec.json.encode(made)
        self.silently(f"{INSIDE}.go({packed!r}, {str(self._path)!r}, here={here})")

    def start_from_outside(self, *sources: str) -> None:
        """Start one while a cell runs: from a message on a subshell, as a page does."""
        self._plans += 1
        self._path = self._folder / f"previews-{os.getpid()}-{self._plans}.jsonl"
        cells = tuple(PlannedCell(f"cell-{i}", source) for i, source in enumerate(sources))
        packed = msgspec.json.encode(Plan("p1", "hash", cells, budget=20.0))
        client = self.front_end.client
        if self._subshell is None:
            client.control_channel.send(client.session.msg("create_subshell_request", {}))
            self._subshell = client.get_control_msg(timeout=TIMEOUT)["content"]["subshell_id"]
        target = client.session.msg(
            "comm_open",
            {
                "comm_id": os.urandom(8).hex(),
                "target_name": "dry-run-test",
                "data": {"plan": packed.decode(), "path": str(self._path)},
            },
        )
        target["header"]["subshell_id"] = self._subshell
        client.shell_channel.send(target)

    def heard(self) -> list[Preview]:
        """Every preview of the last dry run so far."""
        try:
            lines = self._path.read_bytes().split(b"\n")[:-1]
        except FileNotFoundError:
            return []
        return [msgspec.json.decode(line, type=Preview) for line in lines]

    def until(self, true: Any, what: str, timeout: float = TIMEOUT) -> Preview:
        """The first preview of which this is true."""
        end = time.monotonic() + timeout
        while True:
            heard = self.heard()
            for preview in heard:
                if true(preview):
                    return preview
            if time.monotonic() > end or not self.front_end.manager.is_alive():
                raise AssertionError(f"waited for {what}; the last preview: {heard[-1:]}")
            time.sleep(0.02)

    def over(self, timeout: float = TIMEOUT) -> Preview:
        return self.until(lambda preview: preview.status in OVER, "the end", timeout)

    def preview(self, *sources: str, **plan: Any) -> Preview:
        """Run cells dry, to the end."""
        self.start(*sources, **plan)
        return self.over()


def stdout(preview: Preview, cell: int = 0) -> str:
    return "".join(o.text for o in preview.cells[cell].outputs if o.kind == "stdout")


def stderr(preview: Preview, cell: int = 0) -> str:
    return "".join(o.text for o in preview.cells[cell].outputs if o.kind == "stderr")
