"""Lists: the part of all things that a call asks for, by filter, in order, page by page."""

import base64
from collections.abc import Iterable

from fake_google import filters
from fake_google.errors import invalid
from fake_google.service import Call
from fake_google.wire import Json

PAGED = ("pageSize", "pageToken")
"""What the newer APIs take of every list."""

COMPUTE = ("filter", "maxResults", "orderBy", "pageToken")
"""What Compute Engine takes of every list."""

_MOST = 500
"""The things on a page, where nobody says how many."""


def page(call: Call, items: Iterable[Json], most: int = _MOST) -> tuple[list[Json], Json]:
    """The *items* on the page that is asked for, and, as a part of the answer, the next page."""
    passed = filtered(call, items)
    key, _, direction = call.query.get("orderBy", "").partition(" ")
    if key:
        passed.sort(key=lambda item: str(item.get(key, "")), reverse=direction.strip() == "desc")
    size = int(call.query.get("pageSize") or call.query.get("maxResults") or 0) or most
    if size < 0:
        raise invalid(f"Invalid page size: {size}")
    begin = offset(call.query.get("pageToken", ""))
    end = begin + min(size, 1000)
    return passed[begin:end], {"nextPageToken": token(end)} if end < len(passed) else {}


def filtered(call: Call, items: Iterable[Json]) -> list[Json]:
    """The *items* that the call's filter lets pass."""
    try:
        test = filters.of_list(call.query.get("filter", ""))
        return [item for item in items if test(item)]
    except filters.FilterError as error:
        raise invalid(
            f"Invalid value for field 'filter': '{call.query['filter']}'. {error}."
        ) from error


def token(position: int) -> str:
    """What asks for the page that begins at *position*."""
    return base64.urlsafe_b64encode(f"from {position}".encode()).decode()


def offset(text: str) -> int:
    """Where the page begins that the token *text* asks for."""
    if not text:
        return 0
    try:
        return max(int(base64.urlsafe_b64decode(text).decode().removeprefix("from ")), 0)
    except ValueError as error:
        raise invalid(f"Invalid value for field 'pageToken': '{text}'.") from error
