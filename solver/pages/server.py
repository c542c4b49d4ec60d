# SPDX-License-Identifier: MIT
"""The page of a run that is going on: a server for this machine that makes it anew when asked.

It reads the run folder and writes nothing, so it may begin before the first step and stays while
the run ends, fails, is restarted or is replaced.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from solver.base.errors import InputError
from solver.pages import run_page
from solver.pages.markup import text
from solver.pages.page import Page

HOST = "127.0.0.1"
"""Nobody else on the network reads a run."""
NAMES = (HOST, "localhost")
"""By which a browser may call it: a page of another site cannot, whatever its name resolves to."""
FILES = ("resolved.yaml", "scalars.csv", "fields.xdmf", "fields.vtkhdf", "run.json")
"""What a change of makes another page."""
REST = 5.0
"""Pause after making a page, in durations of that: it takes no more than a sixth of a core."""


class Watched:
    """The page of a run folder as it is now, for any number of readers."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._lock = threading.Lock()
        self._state, self._ready = "", 0.0

    def state(self) -> str:
        """What stands for the present content of the folder; the same during the pause."""
        with self._lock:
            if time.monotonic() >= self._ready:
                self._state = self._now()
            return self._state

    def page(self) -> str:
        """Make the page; what cannot be shown yet is said."""
        with self._lock:
            begun, self._state = time.monotonic(), self._now()
            try:
                return run_page.content(self.folder, live=self._state)
            except InputError as error:
                return self._waiting(str(error))
            finally:
                ended = time.monotonic()
                self._ready = ended + REST * (ended - begun)

    def _now(self) -> str:
        found = []
        for name in FILES:
            try:
                status = (self.folder / name).stat()
                found.append(f"{status.st_mtime_ns}/{status.st_size}")
            except OSError:
                found.append("-")
        return " ".join(found)

    def _waiting(self, why: str) -> str:
        name = self.folder.resolve().name
        page = Page(name, live=self._state)
        return page.whole(
            f'<header><h1>{text(name)}</h1><p><span class="status running">waiting</span> '
            f'for a run<span id="contact"></span></p></header><p class="sub">{text(why)}</p>'
        )


def _handler(watched: Watched) -> type[BaseHTTPRequestHandler]:
    answers = {"/": ("text/html", watched.page), "/state": ("text/plain", watched.state)}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802
            """Answer with the page or the state."""
            kind, answer = answers.get(self.path, (None, None))
            if self.headers.get("Host", "").rpartition(":")[0] not in NAMES:
                self.send_error(HTTPStatus.FORBIDDEN)
            elif answer is None:
                self.send_error(HTTPStatus.NOT_FOUND)
            else:
                self._send(kind, answer().encode())

        def _send(self, kind: str, content: bytes) -> None:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            try:
                self.wfile.write(content)
            except ConnectionError:  # the reader has gone
                self.close_connection = True

        def log_message(self, *_) -> None:
            """Say nothing of every request."""

    return Handler


@contextmanager
def serving(folder: Path, port: int) -> Iterator[ThreadingHTTPServer]:
    """Give a server that shows a run folder at `http://127.0.0.1:port/`.

    Args:
        folder: The run folder.
        port: 0 for any free one; `server_port` of the server tells which.

    Raises:
        InputError: The port cannot be used.
    """
    try:
        server = ThreadingHTTPServer((HOST, port), _handler(Watched(folder)))
    except OSError as error:
        raise InputError(
            f"--port {port}: cannot be used ({error.strerror}); choose another one, or 0 for any "
            "that is free."
        ) from None
    with server:
        yield server
