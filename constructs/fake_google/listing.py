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
    begin = _offset(call.query.get("pageToken", ""))
    end = begin + min(size, 1000)
    return passed[begin:end], {"nextPageToken": _token(end)} if end < len(passed) else {}


def filtered(call: Call, items: Iterable[Json]) -> list[Json]:
    """The *items* that the call's filter lets pass."""
    try:
        test = filters.of_list(call.query.get("filter", ""))
        return [item for item in items if test(item)]
    except filters.FilterError as error:
        raise invalid(
            f"Invalid value for field 'filter': '{call.query['filter']}'. {error}."
        ) from error


def _token(offset: int) -> str:
    return base64.urlsafe_b64encode(f"from {offset}".encode()).decode()


def _offset(token: str) -> int:
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token).decode().removeprefix("from "))
    except ValueError as error:
        raise invalid(f"Invalid value for field 'pageToken': '{token}'.") from error
