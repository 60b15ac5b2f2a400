"""JSON, the requests that bring it and the answers that take it."""

import json
from dataclasses import dataclass
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
    content_type: str = ""

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


Answer = Json | Media


def encoded(answer: Answer) -> bytes:
    """The bytes of an answer."""
    return answer.data if isinstance(answer, Media) else json.dumps(answer).encode()
