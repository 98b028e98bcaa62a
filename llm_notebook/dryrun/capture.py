"""In the child: what its code shows becomes events, and nothing leaves by another way.

An ipykernel forwards a forked child's output by design, so its ways out are
taken over at their lowest point: the session that would send a message, and the
streams that would be written. So everything above is the kernel's own code, and
shows what a real run shows. A shell without a kernel has its displays taken over.
"""

from __future__ import annotations

import io
import sys
from typing import Any

from llm_notebook.dryrun import wire
from llm_notebook.dryrun.telling import Teller


class TextStream(io.TextIOBase):
    """Standard output or error, as events."""

    def __init__(self, teller: Teller, name: str) -> None:
        self._teller = teller
        self.name = f"<{name}>"
        self._stream = name

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """UTF-8."""
        return "utf-8"

    @property
    def buffer(self) -> io.FileIO:
        """For what writes bytes; they arrive as a process's would."""
        return io.FileIO(self.fileno(), "w", closefd=False)

    def writable(self) -> bool:
        """It is."""
        return True

    def fileno(self) -> int:
        """The descriptor that a process started here would write to."""
        return 2 if self._stream == "stderr" else 1

    def write(self, text: str) -> int:
        """Show text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._teller.stream(self._stream, text)
        return len(text)


def capture(shell: Any, teller: Teller, line_of: Any) -> None:
    """Take over what `shell` shows.

    Parameters
    ----------
    shell : InteractiveShell
        The live shell, in the child.
    teller : Teller
    line_of : callable
        The line of the running cell for an exception, or None.
    """
    kernel = getattr(shell, "kernel", None)
    if kernel is not None and getattr(kernel, "session", None) is not None:
        _take_session(kernel.session, teller, line_of)
        _take_publisher(kernel)
    else:
        _take_displays(shell, teller, line_of)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name, None)
        if hasattr(stream, "pub_thread"):
            _take_out_stream(type(stream), teller)
            # IPython leaves a method of its own on the stream, which goes to the old one.
            vars(stream).pop("write", None)
        else:
            setattr(sys, name, TextStream(teller, name))


# -- a kernel ---------------------------------------------------------------------


def _take_out_stream(cls: Any, teller: Teller) -> None:
    def write(self: Any, string: str) -> int:
        if not isinstance(string, str):
            raise TypeError(f"write() argument must be str, not {type(string)}")
        teller.stream("stderr" if self.name == "stderr" else "stdout", string)
        return len(string)

    def nothing(self: Any) -> None:
        return None

    cls.write = write
    cls.flush = cls._flush = cls._schedule_flush = nothing
    cls.writelines = lambda self, lines: [write(self, line) for line in lines] and None


def _take_publisher(kernel: Any) -> None:
    def nothing(self: Any, *args: Any, **kwargs: Any) -> None:
        return None

    for thread in (kernel.iopub_thread, getattr(sys.stdout, "pub_thread", None)):
        cls: Any = type(thread)
        if thread is not None:
            cls.schedule = cls.send_multipart = cls._really_send = nothing


def _take_session(session: Any, teller: Teller, line_of: Any) -> None:
    def send(
        self: Any, stream: Any, message: Any, content: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        if isinstance(message, dict):
            kind, content = message.get("msg_type", ""), message.get("content")
        else:
            kind = message
        if isinstance(content, dict):
            _message(str(kind), content, teller, line_of)
        return message if isinstance(message, dict) else {"header": {"msg_id": ""}, "content": {}}

    classes: Any = type(session).__mro__
    for cls in classes:
        if "send" in vars(cls):
            cls.send = send


def _message(kind: str, content: dict[str, Any], teller: Teller, line_of: Any) -> None:
    """A message that a kernel would send. Comms, widgets' ways to the page, go nowhere."""
    if kind in ("display_data", "update_display_data", "execute_result"):
        teller.shown(
            "result" if kind == "execute_result" else "display",
            _text_images(content.get("data") or {}),
            content.get("metadata") or {},
            content.get("transient") or {},
            update=kind == "update_display_data",
        )
    elif kind == "stream":
        teller.stream(str(content.get("name")), str(content.get("text", "")))
    elif kind == "clear_output" and not teller.muted:
        teller.tell(wire.Cleared(bool(content.get("wait"))))
    elif kind == "error":
        trace = content.get("traceback") or []
        _raised(teller, str(content.get("ename")), str(content.get("evalue")), trace, line_of)


def _raised(teller: Teller, name: str, message: str, trace: list[str], line_of: Any) -> None:
    if not teller.muted:
        teller.raised = True
        teller.tell(wire.Raised(name, message, line_of(sys.exc_info()[1]), "\n".join(trace)))


# -- a shell without a kernel --------------------------------------------------------


def _take_displays(shell: Any, teller: Teller, line_of: Any) -> None:
    from types import MethodType

    def publish(
        self: Any,
        data: Any,
        metadata: Any = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: bool = False,
        **kwargs: Any,
    ) -> None:
        self._validate_data(data, metadata)
        teller.shown("display", _text_images(data), metadata or {}, transient, update)

    def clear_output(self: Any, wait: bool = False) -> None:
        if not teller.muted:
            teller.tell(wire.Cleared(bool(wait)))

    def showtraceback(self: Any, etype: Any, evalue: Any, stb: list[str]) -> None:
        _raised(teller, str(etype.__name__), str(evalue), stb, line_of)

    def write_output_prompt(self: Any) -> None:
        return None

    def write_format_data(self: Any, format_dict: Any, md_dict: Any = None) -> None:
        teller.shown("result", _text_images(format_dict), md_dict or {})

    publisher = type(shell.display_pub)
    publisher.publish, publisher.clear_output = publish, clear_output
    hook = type(shell.displayhook)
    hook.write_output_prompt, hook.write_format_data = write_output_prompt, write_format_data
    hook.finish_displayhook = lambda self: None
    shell._showtraceback = MethodType(showtraceback, shell)
    # A terminal asks objects for plain text only; a preview shows what a notebook would.
    formatter = shell.display_formatter
    formatter.active_types = list(formatter.format_types)


def _text_images(data: dict[str, Any]) -> dict[str, Any]:
    """Bytes as base64, as a kernel's messages have them."""
    from base64 import b64encode

    return {
        mime: b64encode(value).decode("ascii") if isinstance(value, bytes) else value
        for mime, value in data.items()
    }
