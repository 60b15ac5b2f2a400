"""The part of GitHub's API that comments of a pull request need, on this machine."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "ghs_canary51e6a907c2d8"
ACTIONS = "github-actions[bot]"

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers and body; (0, {}, b"") cuts the connection."""


class FakeGitHub:
    """Comments of one pull request, 7 of `o/r`; answers can be ordered in advance."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.requests: list[tuple[str, str, str]] = []
        """Method, path and the Authorization header of each request."""
        self.answers: list[Answer] = []
        """Given, in turn, instead of carrying out a request."""
        self.answers_to: dict[str, list[Answer]] = {}
        """The same for the requests of a method."""
        self.unanswered: dict[str, list[Answer]] = {}
        """Given, in turn, to the requests of a method after they are carried out."""
        self.url = ""
        self._next = 1

    def add(self, body: str, login: str = ACTIONS) -> int:
        """Somebody's comment; its id."""
        number, self._next = self._next, self._next + 1
        self.comments.append({"id": number, "body": body, "user": {"login": login}})
        return number

    def methods(self) -> list[str]:
        return [method for method, _, _ in self.requests]

    def bodies(self) -> dict[int, str]:
        return {comment["id"]: comment["body"] for comment in self.comments}

    @contextmanager
    def running(self) -> Iterator["FakeGitHub"]:
        server = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Handler", (_Handler,), {"github": self})
        )
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()


class _Handler(BaseHTTPRequestHandler):
    github: FakeGitHub

    def log_message(self, *_: Any) -> None:
        pass

    def _handle(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        authorization = self.headers.get("Authorization", "")
        self.github.requests.append((self.command, self.path, authorization))
        ordered = self.github.answers or self.github.answers_to.get(self.command)
        unanswered = self.github.unanswered.get(self.command)
        self._instead = unanswered.pop(0) if unanswered and not ordered else None
        if ordered:
            self._give(ordered.pop(0))
        elif authorization != f"Bearer {TOKEN}":
            self._answer(401, b'{"message": "Bad credentials"}')
        else:
            self._carry_out(body)

    def _give(self, answer: Answer) -> None:
        status, headers, data = answer
        if status:
            self._send(status, data, headers)
        else:
            self.connection.close()

    do_GET = do_POST = do_PATCH = do_DELETE = _handle  # noqa: N815 - the server's own names

    def _carry_out(self, body: dict[str, Any]) -> None:
        listed = re.fullmatch(
            r"/repos/o/r/issues/7/comments(?:\?per_page=(\d+)&page=(\d+))?", self.path
        )
        one = re.fullmatch(r"/repos/o/r/issues/comments/(\d+)", self.path)
        if listed and self.command == "GET":
            size, page = int(listed[1]), int(listed[2])
            found = self.github.comments[size * (page - 1) : size * page]
            self._answer(200, json.dumps(found).encode())
        elif listed and self.command == "POST":
            number = self.github.add(body["body"])
            self._answer(201, json.dumps({"id": number, "html_url": f"#{number}"}).encode())
        elif one and self.command == "PATCH":
            (comment,) = [c for c in self.github.comments if c["id"] == int(one[1])]
            comment["body"] = body["body"]
            self._answer(200, json.dumps({"html_url": f"#{one[1]}"}).encode())
        elif one and self.command == "DELETE":
            self.github.comments = [c for c in self.github.comments if c["id"] != int(one[1])]
            self._answer(204, b"")
        else:
            self._answer(404, b'{"message": "Not Found"}')

    def _answer(self, status: int, data: bytes) -> None:
        if self._instead:
            self._give(self._instead)
        else:
            self._send(status, data, {})

    def _send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
