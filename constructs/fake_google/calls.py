"""What a service of the fake is made of: functions that answer one of Google's methods each."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fake_google.store import Store

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """What came over the wire."""

    verb: str
    path: str
    query: dict[str, str]
    raw: bytes = b""
    content_type: str = ""


@dataclass(frozen=True)
class Call:
    """A request to one method, checked against Google's own description of it."""

    store: Store
    root: str
    """The server's address, for the links in answers: `http://127.0.0.1:8080`."""
    parameters: dict[str, str]
    """From the path."""
    request: Request
    body: Json
    """Without the fields that only Google sets."""

    @property
    def query(self) -> dict[str, str]:
        """What stands after the question mark."""
        return self.request.query

    @property
    def mask(self) -> list[tuple[str, str]]:
        """
        The fields that a change is to be of, as they were named and as a body has them.

        The provider has them in the query, other clients in the body; Google takes
        `display_name` for `displayName`.
        """
        given = self.body.get("updateMask") or self.query.get("updateMask", "")
        return [
            (field, re.sub(r"_(\w)", lambda letter: letter[1].upper(), field))
            for field in given.split(",")
            if field
        ]


@dataclass(frozen=True)
class Media:
    """An answer that is a file's contents."""

    data: bytes


Answer = Json | Media
Handler = Callable[[Call], Answer]


class Service:
    """The methods of one API that are served: `@service("topics.create")` adds one."""

    def __init__(self, api: str) -> None:
        self.api = api
        self.handlers: dict[str, Handler] = {}

    def __call__(self, *methods: str) -> Callable[[Handler], Handler]:
        """Make the function below answer *methods*."""

        def add(handler: Handler) -> Handler:
            for method in methods:
                self.handlers[method] = handler
            return handler

        return add
