"""A server on this machine that notes who calls: nothing that is shown may."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Iterator


class Beacon:
    """What was asked of it so far, by path."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.hits: list[str] = []

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{name}"

    def lures(self, place: str) -> str:
        """Everything that would call if it were drawn as HTML, Markdown or CSS."""
        url = self.url
        return " ".join(
            (
                f"![x]({url(f'{place}-markdown.png')})",
                f"[![y]({url(f'{place}-nested.png')})]({url(f'{place}-around')})",
                f'<img src="{url(f"{place}-img")}" srcset="{url(f"{place}-srcset")} 2x">',
                f'<svg><image href="{url(f"{place}-svg")}"/></svg>',
                f"<style>@import url({url(f'{place}-import')})</style>",
                f"<b style=\"background:url('{url(f'{place}-style')}')\">b</b>",
                f'<link rel="prefetch" href="{url(f"{place}-prefetch")}">',
                f'<iframe src="{url(f"{place}-frame")}"></iframe>',
                f'<video poster="{url(f"{place}-poster")}" autoplay></video>',
                f"<script>window.itRan = 1; fetch('{url(f'{place}-fetch')}')</script>",
                f"<img src=x onerror=\"window.itRan=1;fetch('{url(f'{place}-onerror')}')\">",
                f'<a href="{url(f"{place}-a")}" ping="{url(f"{place}-ping")}">press</a>',
                f"<{url(f'{place}-auto')}> {url(f'{place}-bare')}",
                f"[go](javascript:window.itRan=1) [ref][r] [r]: {url(f'{place}-ref')}",
            )
        )


@contextlib.contextmanager
def beacon() -> Iterator[Beacon]:
    """A running one."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.hits.append(self.path)
            self.send_response(204)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        do_POST = do_HEAD = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Beacon(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
