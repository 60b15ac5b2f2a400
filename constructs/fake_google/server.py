"""The server: HTTP on loopback, in threads of its own."""

import re
import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fake_google.errors import invalid
from fake_google.wire import Json, Request, encoded

CONTROL = "/_control/"
"""Where the interface for tests stands."""

Answerer = Callable[[Request], tuple[int, bytes]]
"""The status and the body for a request; ConnectionAbortedError cuts the connection."""

Controller = Callable[[str, str, bytes], tuple[int, Json]]
"""The same for the interface for tests, by method, path and body."""


class Server(ThreadingHTTPServer):
    """Listens on a port of loopback, and hands on what comes."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, answer: Answerer, control: Controller) -> None:
        self.answer = answer
        self.control = control
        super().__init__(("127.0.0.1", port), _RequestHandler)

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away, as a killed OpenTofu does, is nothing to tell."""


class _RequestHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def _answer(self) -> None:
        try:
            raw = self._read()
        except ValueError:
            self.close_connection = True
            self._write(400, encoded(invalid("The request's length is wrong.").body()))
            return
        if self.path.startswith(CONTROL):
            path = self.path.removeprefix(CONTROL)
            status, answer = self.server.control(self.command, path, raw)
            self._write(status, encoded(answer))
            return
        try:
            status, data = self.server.answer(self._request(raw))
        except ConnectionAbortedError:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._write(status, data)

    def _request(self, raw: bytes) -> Request:
        parts = urlsplit(self.path)
        return Request(
            verb=self.command,
            # Some clients repeat the version that an endpoint ends in.
            path=re.sub(r"/(v\d+)/\1/", r"/\1/", parts.path).rstrip("/"),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            raw=raw,
            content_type=self.headers.get("Content-Type", ""),
        )

    def _read(self) -> bytes:
        """The request's body. Raises ValueError where its length makes no sense."""
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        # As Google's client in Go uploads, which does not know a length beforehand.
        chunks = []
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            """What may follow the last chunk is nothing to know."""
        return b"".join(chunks)

    def _write(self, status: int, data: bytes) -> None:
        # At once, so that an answer is one packet.
        head = (
            f"HTTP/1.1 {status} -\r\nContent-Type: application/json; charset=UTF-8\r\n"
            f"Content-Length: {len(data)}\r\n\r\n"
        )
        self.wfile.write(head.encode() + data)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - http.server's names
