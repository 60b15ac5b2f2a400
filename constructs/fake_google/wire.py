"""JSON, the requests that bring it and the answers that take it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
"""A JSON object."""


@dataclass(frozen=True)
class Request:
    """A request, as it came."""

    verb: str
    path: str
    query: dict[str, str]
    raw: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers by their names in small letters."""
    host: str = ""
    """Google's host, where a client came by way of a proxy."""

    @property
    def content_type(self) -> str:
        """The form that the body is in."""
        return self.headers.get("content-type", "")

    def json(self) -> Json:
        """The body, which is an object or nothing. Raises ValueError where it is neither."""
        if not self.raw:
            return {}
        try:
            body = json.loads(self.raw)
        except (RecursionError, ValueError) as error:
            raise ValueError("Invalid JSON payload received.") from error
        if not isinstance(body, dict):
            raise ValueError("Invalid JSON payload received: an object was expected.")
        return body


@dataclass(frozen=True)
class Media:
    """An answer that is a file's contents."""

    data: bytes
    content_type: str = "application/octet-stream"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Json | Media


@dataclass(frozen=True)
class Reply:
    """An answer as it goes over the wire."""

    status: int
    data: bytes
    content_type: str = "application/json; charset=UTF-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    """What it would be the length of, where there is nothing but a head."""


def encoded(answer: Json, *, pretty: bool = False) -> bytes:
    """The bytes of an answer."""
    return json.dumps(answer, indent=2 if pretty else None).encode()


def reply(answer: Answer, *, pretty: bool = False) -> Reply:
    """An answer to a request that was carried out."""
    if isinstance(answer, Media):
        return Reply(answer.status, answer.data, answer.content_type, answer.headers)
    return Reply(200, encoded(answer, pretty=pretty))
