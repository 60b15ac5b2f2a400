"""
A service of the fake: one API, the methods of it that are served, and what it keeps.

A service registers itself when its module is imported, and says everything about itself there.
What the provider is pointed at, what the discovery documents are cut to, what counts as left
behind and the page of what is served are derived from that.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fake_google.discovery import Api
from fake_google.endpoints import DOMAIN
from fake_google.options import Options
from fake_google.store import Store
from fake_google.wire import Answer, Json, Request


@dataclass(frozen=True)
class Call:
    """A request to one method, checked against Google's own description of it."""

    store: Store
    root: str
    """The server's address, for the links in answers: `http://127.0.0.1:8080`."""
    parameters: dict[str, str]
    """Parameters in the path."""
    request: Request
    body: Json
    """Without the fields that only Google sets."""
    api: Api
    """Google's description."""
    options: Options

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


Handler = Callable[[Call], Answer]


class Service:
    """One API: `@service("topics.create")` makes a function answer one of its methods."""

    def __init__(
        self,
        api: str,
        *,
        lasting: tuple[str, ...] = (),
        limits: tuple[str, ...] = (),
        always_on: bool = False,
    ) -> None:
        """
        Register the service of *api*, such as `compute`.

        *lasting* are the kinds that nobody can delete; *limits* is what it knowingly does not do, a
        sentence each. What is *always_on* a project can use before anything is switched on in it.
        In the store its kinds begin with its name: `compute.instances`.
        """
        self.api = api
        self.host = f"{api}{DOMAIN}"
        self.lasting = lasting
        self.limits = limits
        self.always_on = always_on
        self.handlers: dict[str, Handler] = {}
        self.takes: dict[str, frozenset[str]] = {}
        REGISTERED[api] = self

    def __call__(self, *methods: str, takes: Iterable[str] = ()) -> Callable[[Handler], Handler]:
        """
        Make the function below answer *methods*.

        *takes* are the parameters in the query that it heeds. Another one is refused, rather than
        passed over, unless it has no effect here.
        """

        def add(handler: Handler) -> Handler:
            for method in methods:
                self.handlers[method] = handler
                self.takes[method] = frozenset(takes)
            return handler

        return add


WITHOUT_EFFECT = frozenset(
    {
        "ignoreSafetyChecks",
        "noGracefulShutdown",
        "returnPartialSuccess",
        "userProject",
        "view",
    }
)
"""Parameters that change nothing here: nobody pays, and all is there and done at once."""


REGISTERED: dict[str, Service] = {}
"""The services that were imported, by API; `fake_google.services` imports all."""
