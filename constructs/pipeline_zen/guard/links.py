"""Links of Compute Engine, as a whole: the host, the project, the place and the name."""

import re
from functools import lru_cache
from typing import NamedTuple

HOSTS = ("compute.googleapis.com", "www.googleapis.com")
"""Where Google has what a link of Compute Engine leads to."""

_LINK = re.compile(
    r"(?:https?://(?P<host>[^/]+)/compute/[a-z0-9_]+/)?"
    r"(?:projects/(?P<project>[^/]+)/)?"
    r"(?:(?P<place>global|regions/[^/]+)/(?P<collection>\w+)/)?"
    r"(?P<name>[^/?]+)(?:\?uniqueId=(?P<number>[0-9]+))?"
)


class Link(NamedTuple):
    """Where a link leads; empty is what a shorter form of it does not say."""

    host: str
    project: str
    place: str
    """`global`, or `regions/us-central1`."""
    collection: str
    name: str
    number: str
    """Google's own for one thing of that name."""

    def may_lead_to(self, other: "Link") -> bool:
        """Whether nothing that both of them say is different."""
        pairs = zip(self[1:], other[1:], strict=True)
        host = self.host in ("", other.host, *HOSTS)
        return host and all(one == another or "" in (one, another) for one, another in pairs)


def parsed(link: object) -> Link | None:
    """What a link says; None where it is none, or none that is known."""
    return _parsed(link) if isinstance(link, str) else None


@lru_cache(maxsize=4096)
def _parsed(link: str) -> Link | None:
    found = _LINK.fullmatch(link)
    return Link(*(part or "" for part in found.groups())) if found else None
