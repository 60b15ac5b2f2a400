"""JSON that stands in a text, such as a policy or a dashboard; and how deep JSON may be."""

import re
from itertools import accumulate
from typing import Any

import msgspec

DEEPEST = 100
"""Levels of mappings and lists that are read; the provider's own have a dozen."""

_TEXT = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))

_LONGEST = 500_000
"""Characters of a text that are looked at."""


def embedded(text: Any) -> dict[str, Any] | list[Any] | None:
    """The mapping or list that *text* is the JSON of; None where it is none."""
    if not isinstance(text, str) or len(text) > _LONGEST or text.lstrip()[:1] not in ("{", "["):
        return None
    data = text.encode(errors="surrogatepass")
    if too_deep(data):
        return None
    try:
        content = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return content if isinstance(content, dict | list) else None


def too_deep(text: bytes) -> bool:
    """Whether JSON is nested deeper than anybody writes it."""
    # Almost always it is too short for that, or has too few brackets, and counting them is quick.
    if len(text) <= 2 * DEEPEST or text.count(b"{") + text.count(b"[") <= DEEPEST:
        return False
    brackets = _TEXT.sub(b"", text).translate(None, _NO_BRACKETS)
    steps = (1 if bracket in b"[{" else -1 for bracket in brackets)
    return max(accumulate(steps), default=0) > DEEPEST
