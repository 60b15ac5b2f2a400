"""
A value of a resource as it is shown: a line of JSON, masked and of bearable length.

Three things are no values: what is sensitive, what is not known until the apply, and what is
absent.
"""

import json
import re
from functools import lru_cache
from typing import Any, NamedTuple

from pipeline_zen.masking import (
    MASKED,
    embedded,
    is_harmless,
    is_secret_key,
    masked_text,
    masked_value,
)
from pipeline_zen.plan.marks import is_marked, mark_of

LONGEST = 10_000
"""Characters of a value that are kept; the forms show less where they have less room."""

_AS_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
"""What `json.dumps` makes anew for each value."""

ABSENT = "(none)"
SENSITIVE = "(sensitive)"
KNOWN_LATER = "(known after apply)"
"""What stands for a value that is not shown."""

_TAKES_LINKS = re.compile(
    r"(?:.*\.)?(?:network|subnetwork|region|zone|resource_policies|target_pools)(?:\[[0-9]+\])?"
    r"|.*guest_accelerator\[[0-9]+\]\.type|version\[[0-9]+\]\.instance_template"
)
"""The attributes of the provider's that it compares as links."""

_LINK = re.compile(r"https?://[^/\s]+/(?:[a-z]+/)?v[0-9a-z]+/(projects/\S+)")
_QUOTED_LINK = re.compile(
    r'"https?://(?:127\.0\.0\.1:[0-9]+|[a-z0-9.-]+\.googleapis\.com)'
    r'/(?:[a-z]+/)?v[0-9a-z]+/(projects/[^\s"\\]+)"'
)
"""A link of Google's within a value, or of the fake Google's."""

_LITERAL = re.compile(r"-?[0-9.]+|true|false|null|[\[{(\"].*|", re.DOTALL)


class Place(NamedTuple):
    """Where in a resource a value stands."""

    path: str = ""
    secret: bool = False
    """Whether a key on the way there is a secret's."""
    project: str = ""
    """The project that the resource is in; empty where that is not told."""

    @lru_cache(maxsize=10_000)  # noqa: B019 — it is a tuple, and small
    def below(self, key: str, *, secret: bool) -> "Place":
        """The value under *key*."""
        if not key.replace("_", "").replace("-", "").isalnum():
            path = f"{self.path}[{json.dumps(key, ensure_ascii=False)}]"
        else:
            path = f"{self.path}.{key}" if self.path else key
        hidden = secret or self.secret or is_secret_key(key)
        return Place(masked_text(path), hidden, self.project)

    def at(self, index: int) -> "Place":
        """The value at *index*."""
        return Place(f"{self.path}[{index}]", self.secret, self.project)

    @property
    def is_link(self) -> bool:
        """Whether the provider takes a link there for the name that it ends with, and back."""
        return bool(_TAKES_LINKS.fullmatch(self.path))


def shown(place: Place, value: Any) -> str:
    """A value as a line of JSON, masked and of bearable length."""
    if value is None or value == "":
        return ABSENT
    if place.secret and not is_harmless(value):
        return MASKED
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return cut(str(value), LONGEST)
    text = _shown_text(value) if isinstance(value, str) else _AS_JSON(masked_value(value))
    return cut(text, LONGEST)


@lru_cache(maxsize=1_000)
def _shown_text(value: str) -> str:
    """A text as it is, where nothing else could be meant."""
    text = _from_project(masked_value(value))
    if embedded(text) is None and (_LITERAL.fullmatch(text) or text != text.strip()):
        return json.dumps(text, ensure_ascii=False)
    return text


def cut(text: str, longest: int) -> str:
    """*text* without its middle, where it is longer than that."""
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[:half]} … ({len(text) - 2 * half:,} characters more) … {text[-half:]}"


def shown_marked(value: Any) -> str:
    """What stands for a value that is marked as sensitive."""
    return ABSENT if is_empty(value) else SENSITIVE


def without_marked(value: Any, marks: Any) -> Any:
    """*value* with what is marked as sensitive replaced by a word that says so."""
    if marks is True:
        return value if is_empty(value) else SENSITIVE
    if isinstance(value, dict) and isinstance(marks, dict) and marks:
        return {key: without_marked(item, mark_of(marks, key)) for key, item in value.items()}
    if isinstance(value, list) and isinstance(marks, list) and any(map(is_marked, marks)):
        return [without_marked(item, mark_of(marks, index)) for index, item in enumerate(value)]
    return SENSITIVE if is_marked(marks) and not is_empty(value) else value


def is_empty(value: Any) -> bool:
    """Whether it is nothing: the provider turns null and empty into each other."""
    return value is None or value in ("", [], {})


def links_from_project(text: str) -> str:
    """A line of JSON with Google's links in it from their project on, as one alone is shown."""
    return _QUOTED_LINK.sub(r'"\1"', text) if "://" in text else text


def _from_project(text: str) -> str:
    """A link of Google's from its project on."""
    found = _LINK.fullmatch(text)
    return found[1] if found else text
