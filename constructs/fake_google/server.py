"""The server: HTTP on loopback, in threads of its own; as a proxy, HTTPS for Google's hosts."""

import io
import re
import socket
import ssl
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from fake_google.endpoints import asked, is_google
from fake_google.errors import ApiError
from fake_google.wire import Json, Reply, Request, encoded

if TYPE_CHECKING:
    from fake_google.certificates import Certificates

CONTROL = "/_control/"
"""Where the interface for tests stands."""

LONGEST = 64 * 2**20
"""The bytes of a body, at most; an upload of more comes in pieces."""

_SPOKEN = (
    "The fake Google speaks HTTP/1.1 and no gRPC: have the client use REST, as with "
    '`transport="rest"` in Python.'
)

Answerer = Callable[[Request], Reply]
"""The answer to a request; ConnectionAbortedError cuts the connection."""

Controller = Callable[[str, str, bytes], tuple[int, Json]]
"""What answers on the interface for tests, by method, path and body."""


class Server(ThreadingHTTPServer):
    """Listens on a port of loopback, and hands on what comes."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, answer: Answerer, control: Controller) -> None:
        self.answer = answer
        self.control = control
        self.certificates: Certificates | None = None
        super().__init__(("127.0.0.1", port), _RequestHandler)

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def trust(self) -> "Certificates":
        """The certificates; made when they are first needed, which takes a tenth of a second."""
        if self.certificates is None:
            from fake_google.certificates import Certificates

            self.certificates = Certificates()
        return self.certificates

    def server_close(self) -> None:
        """Stop listening, and leave no file behind."""
        super().server_close()
        if self.certificates:
            self.certificates.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away, as a killed OpenTofu does, is nothing to tell."""


_USUAL = re.compile(rb"([A-Z]+) (/(?!/)[^\s]*|https?://[^\s]+) HTTP/1\.1\r?\n")
"""The first line of a request, but for such as are odd, or old."""

_LINE, _LINES = 65_536, 100
"""The bytes of a header, and the headers, at most; as http.server has them."""


def _heads(file: io.BufferedIOBase) -> dict[str, str]:
    """The headers that follow. Raises ValueError, with a status and a text, where they are none."""
    heads: dict[str, str] = {}
    for _ in range(_LINES + 1):
        line = file.readline(_LINE + 1)
        if len(line) > _LINE:
            raise ValueError(431, "A header is too long.")
        if line in (b"\r\n", b"\n", b""):
            return heads
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or name != name.strip():
            raise ValueError(400, "A header is none.")
        heads[name.lower()] = value.strip()
    raise ValueError(431, "There are too many headers.")


class _RequestHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server
    heads: Mapping[str, str]
    """Headers by their names in small letters."""
    host = ""
    """Google's host that the client takes this server for, where it came by way of a proxy."""

    def parse_request(self) -> bool:
        """
        Read a request's head; whether it is one.

        The usual ones are read here: Python's own way takes as long as all of the rest does.
        """
        usual = _USUAL.fullmatch(self.raw_requestline)
        if usual is None:
            if not super().parse_request():
                return False
            self.heads = {name.lower(): value for name, value in self.headers.items()}
            return True
        self.requestline = self.raw_requestline.decode("latin-1").rstrip("\r\n")
        self.command, self.path = usual[1].decode(), usual[2].decode("latin-1")
        self.request_version = self.protocol_version
        try:
            self.heads = _heads(self.rfile)
        except ValueError as error:
            self.send_error(*error.args)
            return False
        self.close_connection = self.heads.get("connection", "").lower() == "close"
        if self.heads.get("expect", "").lower() == "100-continue":
            return self.handle_expect_100()
        return True

    def _answer(self) -> None:
        try:
            raw = self._read()
        except ValueError:
            self.close_connection = True
            self._refuse(400, "The request's length is wrong.")
            return
        if self.path.startswith(CONTROL) and not self.host:
            path = self.path.removeprefix(CONTROL)
            status, answer = self.server.control(self.command, path, raw)
            self._write(Reply(status, encoded(answer)))
            return
        try:
            request = asked(self.command, self.path, self.host, self.heads, raw)
            reply = self.server.answer(request)
        except ConnectionAbortedError:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._write(reply)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815

    def do_CONNECT(self) -> None:
        """Be the host that a client wants to reach, if that is one of Google's."""
        host = self.path.rpartition(":")[0]
        self.close_connection = True
        if not is_google(host):
            self._refuse(501, f"The fake Google does not lead to {host}.")
            return
        context = self.server.trust().context(host)
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            self.connection = context.wrap_socket(self.connection, server_side=True)
        except (OSError, ssl.SSLError):
            return
        self.rfile = self.connection.makefile("rb", -1)
        self.wfile = self.connection.makefile("wb", 0)
        self.host = host
        self.close_connection = False

    def finish(self) -> None:
        """End the connection; a socket that was wrapped is nobody else's to close."""
        super().finish()
        if self.host:
            self.connection.close()

    def _read(self) -> bytes:
        """The request's body. Raises ValueError where its length makes no sense."""
        if self.heads.get("transfer-encoding", "").lower() != "chunked":
            return self._exactly(int(self.heads.get("content-length") or 0))
        # As Google's client in Go uploads, which does not know a length beforehand.
        chunks = io.BytesIO()
        while size := int(self.rfile.readline(80).partition(b";")[0], 16):
            chunks.write(self._exactly(size))
            if chunks.tell() > LONGEST:
                raise ValueError
            self.rfile.readline(80)
        while self.rfile.readline(1000).strip():
            """What may follow the last chunk is nothing to know."""
        return chunks.getvalue()

    def _exactly(self, size: int) -> bytes:
        if not 0 <= size <= LONGEST:
            raise ValueError
        data = self.rfile.read(size)
        if len(data) != size:
            raise ConnectionAbortedError
        return data

    def _refuse(self, status: int, message: str) -> None:
        self._write(ApiError(status, message).reply(), message)

    def _write(self, reply: Reply, reason: str = "-") -> None:
        # At once, so that an answer is one packet. A proxy's client tells only the reason.
        length = reply.length if reply.length is not None else len(reply.data)
        head = "".join(
            f"{name}: {value}\r\n"
            for name, value in {
                "Content-Type": reply.content_type,
                "Content-Length": length,
                **reply.headers,
            }.items()
        )
        close = "Connection: close\r\n" if self.close_connection else ""
        data = b"" if self.command == "HEAD" else reply.data
        text = f"HTTP/1.1 {reply.status} {reason}\r\n{head}{close}\r\n"
        self.wfile.write(text.encode("latin-1", "replace") + data)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What http.server itself refuses, such as too long an address: as JSON, and an end."""
        self.close_connection = True
        self.command = getattr(self, "command", None) or ""
        text = _SPOKEN if code == HTTPStatus.HTTP_VERSION_NOT_SUPPORTED else explain or message
        self._refuse(code, text or "The request is not HTTP.")

    def __getattr__(self, name: str) -> Any:
        # Whatever the method of a request is, it is answered.
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)
