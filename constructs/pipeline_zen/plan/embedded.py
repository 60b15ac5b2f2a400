"""JSON that stands in a text, such as a policy or a dashboard."""

from typing import Any

import msgspec

from pipeline_zen.plan.document import too_deep

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
