"""Parts of answers: what `fields` asks for, and system parameters as all APIs take them."""

import re
from typing import Any

from fake_google.errors import invalid
from fake_google.wire import Json, Request

_SYSTEM = ("alt", "fields", "key", "prettyPrint", "quotaUser", "userIp")
"""The parameters that may have a dollar sign before them."""


def plain(request: Request) -> None:
    """Call the system parameters of a request as the older APIs do. Raises ApiError."""
    for name in _SYSTEM:
        if f"${name}" in request.query:
            request.query[name] = request.query.pop(f"${name}")
    form = request.query.get("alt", "json").partition(";")[0]
    if form not in ("json", "media"):
        raise invalid(f"Invalid value for `alt`: '{form}'. It is json or media.")
    if "callback" in request.query:
        raise invalid("The fake Google answers JSON, not JavaScript.")


def selected(answer: Json, fields: str) -> Json:
    """What *fields*, such as `items(name,id),nextPageToken`, names of an answer."""
    tokens = re.findall(r"[\w*]+|[(),/]|\S", fields)
    tree = _tree(tokens)
    if tokens:
        raise invalid(f"Invalid field selection: {fields}")
    part = _part(answer, tree)
    return part if isinstance(part, dict) else {}


def _tree(tokens: list[str]) -> Json:
    """The names at this level, each with what is wanted below it; of all, if that is empty."""
    tree: Json = {}
    while tokens and tokens[0] != ")":
        node = tree
        while tokens and re.fullmatch(r"[\w*]+", tokens[0]):
            node = node.setdefault(tokens.pop(0), {})
            if not tokens or tokens[0] != "/":
                break
            tokens.pop(0)
        if tokens and tokens[0] == "(":
            tokens.pop(0)
            node.update(_tree(tokens))
            if not tokens:
                raise invalid("Invalid field selection: a bracket is not closed.")
            tokens.pop(0)
        if tokens and tokens[0] == ",":
            tokens.pop(0)
        elif tokens and tokens[0] != ")":
            break
    return tree


def _part(value: Any, tree: Json) -> Any:
    if not tree or ("*" in tree and not tree["*"]):
        return value
    if isinstance(value, list):
        return [_part(item, tree) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _part(item, tree[key] if key in tree else tree["*"])
        for key, item in value.items()
        if key in tree or "*" in tree
    }
