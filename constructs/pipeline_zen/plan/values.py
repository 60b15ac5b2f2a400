"""
The values of a resource as rules read them: by type, and unknown where they cannot be told.

Unknown is what the apply decides, what OpenTofu marks as sensitive, and what is not of the type
that it should be. A rule takes it for the worse.
"""

from enum import Enum
from typing import Any, Final


class Unknown(Enum):
    """A value that cannot be told."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN

_LARGEST = 1e15
"""What is larger, or no number at all, is no count and no time of anything."""


class Values:
    """An object, or a block of one; of one that is not there, nothing has a value."""

    def __init__(self, content: Any) -> None:
        self._content = content if content is not None else {}

    @property
    def content(self) -> Any:
        """All of it as it is in the plan, with UNKNOWN where it cannot be told."""
        return self._content

    @property
    def exists(self) -> bool:
        """Whether there is anything, be it unknown."""
        return self._content != {}

    @property
    def known(self) -> bool:
        """Whether it is known what there is; single values may still be unknown."""
        return isinstance(self._content, dict)

    def get(self, key: str) -> Any:
        """A value as it is in the plan, None where it is null or missing, or UNKNOWN."""
        return self._content.get(key) if isinstance(self._content, dict) else UNKNOWN

    def keys(self) -> frozenset[str]:
        """The names of the values that are there; none where that is not known."""
        return frozenset(self._content) if isinstance(self._content, dict) else frozenset()

    def text(self, key: str) -> str | Unknown | None:
        """A text; an empty one is none."""
        value = self.get(key)
        return None if value is None or value == "" else _of(str, value)

    def number(self, key: str) -> float | Unknown | None:
        """A number, also one written as a text."""
        value = self.get(key)
        if isinstance(value, str):
            return _number(value) if value else None
        if isinstance(value, bool):
            return UNKNOWN
        if isinstance(value, int | float):
            return value if abs(value) <= _LARGEST else UNKNOWN
        return None if value is None else UNKNOWN

    def seconds(self, key: str) -> float | Unknown | None:
        """A duration such as `345600s`, or a number of seconds."""
        value = self.get(key)
        if isinstance(value, str) and value:
            return _number(value.removesuffix("s"))
        return self.number(key)

    def flag(self, key: str) -> bool | Unknown | None:
        """True or false, also written as a text."""
        value = self.get(key)
        written = {"true": True, "false": False, "": None}
        if isinstance(value, str) and value in written:
            return written[value]
        return None if value is None else _of(bool, value)

    def texts(self, key: str) -> frozenset[str] | Unknown:
        """A list of texts, as a set."""
        value = self.get(key)
        if value is None:
            return frozenset()
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            return UNKNOWN
        return frozenset(value)

    def block(self, key: str) -> "Values":
        """A block of which there is one at most."""
        blocks = self.blocks(key)
        if blocks is UNKNOWN:
            return Values(UNKNOWN)
        return blocks[0] if blocks else Values(None)

    def blocks(self, key: str) -> "list[Values] | Unknown":
        """A block that may be there several times."""
        value = self.get(key)
        if value is None or value == "":
            return []
        return [Values(one) for one in value] if isinstance(value, list) else UNKNOWN

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Values) and self._content == other._content

    def __hash__(self) -> int:
        return hash(str(self._content))


def obscured(value: Any, marks: Any) -> Any:
    """*value* with UNKNOWN wherever *marks*, which have its form, say `true`."""
    if marks is True:
        return UNKNOWN
    if isinstance(marks, dict):
        if not isinstance(value, dict | None):
            return UNKNOWN
        told = value or {}
        hidden = {
            key: UNKNOWN if mark is True else obscured(told.get(key), mark)
            for key, mark in marks.items()
            if mark
        }
        return {**told, **hidden}
    if isinstance(marks, list):
        if not isinstance(value, list | None):
            return UNKNOWN
        items = [*(value or ()), *[None] * (len(marks) - len(value or ()))]
        return [
            obscured(item, marks[index]) if index < len(marks) and marks[index] else item
            for index, item in enumerate(items)
        ]
    return value


def _of(kind: type, value: Any) -> Any:
    return value if isinstance(value, kind) else UNKNOWN


def _number(text: str) -> float | Unknown:
    try:
        number = float(text)
    except ValueError:
        return UNKNOWN
    return number if abs(number) <= _LARGEST else UNKNOWN
