"""A very small part of Jupyter's server: it tells a page the administrator's ceiling.

The page must not ask a kernel, where accepted code runs. Nothing can be set here.
"""

from __future__ import annotations

from typing import Any

import msgspec
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web

from llm_notebook.faces.ceilings import ceiling

ADDRESS = ("llm-notebook", "ceiling")


class CeilingHandler(APIHandler):  # type: ignore[misc, unused-ignore]
    """Answers with `llm_notebook.faces.ceilings.Ceiling`, read anew each time."""

    auth_resource = "llm_notebook"

    @web.authenticated
    @authorized
    def get(self) -> None:
        """Say what is the highest level here."""
        self.set_header("Cache-Control", "no-store")
        self.finish(msgspec.to_builtins(ceiling()))


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    return [{"module": "llm_notebook.faces.server"}]


def _load_jupyter_server_extension(server: Any) -> None:
    address = url_path_join(server.web_app.settings["base_url"], *ADDRESS)
    server.web_app.add_handlers(".*$", [(address, CeilingHandler)])
