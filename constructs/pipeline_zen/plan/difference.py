"""
What differs between two values of a resource, attribute by attribute.

A value is shown as JSON. Three things are no values: what is sensitive, what is not known until
the apply, and what is absent.
"""

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from pipeline_zen.masking.keys import MASKED, is_harmless, is_secret_key
from pipeline_zen.masking.text import masked_text

LONGEST = 300
"""Characters of a value on one line that are shown."""


_LINK = re.compile(r"https?://[^/\s]+/(?:[a-z]+/)?v[0-9a-z]+/(projects/\S+)")
_LITERAL = re.compile(r"-?[0-9.]+|true|false|null|[\[{(\"].*|", re.DOTALL)


_NAMES = ("name", "key", "Name", "Key")
_VALUES = ("value", "values", "Value", "Values")
"""The keys of a pair that stands for a key and what is under it."""


ABSENT = "(none)"
SENSITIVE = "(sensitive)"
UNKNOWN = "(known after apply)"
"""What stands for a value that is not shown."""


class _Place(NamedTuple):
    """Where in a resource a value stands."""

    path: str = ""
    secret: bool = False
    """Whether a key on the way there is a secret's."""

    def below(self, key: str, *, secret: bool) -> "_Place":
        """The value under *key*."""
        if not key.replace("_", "").replace("-", "").isalnum():
            path = f"{self.path}[{json.dumps(key, ensure_ascii=False)}]"
        else:
            path = f"{self.path}.{key}" if self.path else key
        return _Place(masked_text(path), secret or self.secret or is_secret_key(key))

    def at(self, index: int) -> "_Place":
        """The value at *index*."""
        return _Place(f"{self.path}[{index}]", self.secret)


@dataclass(frozen=True)
class AttributeChange:
    """
    An attribute with its value before and after, as they are shown; nothing secret is in them.

    `text` holds the lines of a unified diff where the value is a text of several lines, such as a
    startup script; `before` and `after` then say how long it is.
    """

    path: str
    before: str
    after: str
    text: tuple[str, ...] = ()

    @property
    def unknown(self) -> bool:
        """Whether the value after is not known yet."""
        return self.after == UNKNOWN

    @property
    def is_default_left_out(self) -> bool:
        """Whether a zero or a `false` is simply not said any more."""
        return self.after == ABSENT and self.before in ("0", "false")


def differences(
    before: Any, after: Any, unknown: Any, before_sensitive: Any, after_sensitive: Any
) -> tuple[AttributeChange, ...]:
    """
    The attributes that differ, sorted by path.

    *unknown* and the two marks have the form of the values, with `true` for what they mean, as
    in the JSON of a plan. Null and empty are the same, as are a URL of Google's and its last part:
    the provider turns one into the other and back.
    """
    found = _walk(_Place(), before, after, unknown, (before_sensitive, after_sensitive))
    return tuple(sorted(found, key=lambda change: change.path))


def _walk(
    place: _Place, before: Any, after: Any, unknown: Any, marks: tuple[Any, Any]
) -> Iterator[AttributeChange]:
    if unknown is True:
        # All that is below it is shown at once, so one mark, on either side, hides it whole.
        shown = _marked_as(before) if any(map(_marked, marks)) else _shown(place, before)
        yield AttributeChange(place.path, shown, UNKNOWN)
        return
    if before == after and not _marked(unknown):
        return
    if marks[0] is True or marks[1] is True:
        if not _same(before, after):
            yield AttributeChange(place.path, _marked_as(before), _marked_as(after))
        return
    if _both(dict, before, after, unknown):
        before, after, unknown = before or {}, after or {}, unknown or {}
        named_secret = _is_named_secret(before) or _is_named_secret(after)
        for key in _differing(before, after, unknown):
            values = (before.get(key), after.get(key), unknown.get(key))
            below = place.below(key, secret=named_secret and key in _VALUES)
            yield from _walk(below, *values, (_mark(marks[0], key), _mark(marks[1], key)))
    elif _both(list, before, after, unknown) and _has_objects(before, after, unknown):
        yield from _items(place, before or [], after or [], unknown or [], marks)
    elif not _same(before, after):
        yield _leaf(place, before, after, marks)


def _differing(before: dict[str, Any], after: dict[str, Any], unknown: dict[str, Any]) -> list[str]:
    """The keys below which there is a difference, sorted."""
    keys = {key for key, value in before.items() if after.get(key) != value}
    keys.update(key for key in after if key not in before and after[key] is not None)
    keys.update(key for key, mark in unknown.items() if mark and _marked(mark))
    return sorted(keys)


def _items(
    place: _Place, before: list[Any], after: list[Any], unknown: list[Any], marks: tuple[Any, Any]
) -> Iterator[AttributeChange]:
    """Blocks by their position; where one came in or went out, those that stayed are left out."""
    sensitive = any(map(_marked, marks))
    if len(before) != len(after) and not sensitive and not any(map(_marked, unknown)):
        gone = [item for item in before if item not in after]
        come = [item for item in after if item not in before]
        if not gone or not come:
            for item in gone or come:
                shown = _shown(place, item)
                pair = (shown, ABSENT) if gone else (ABSENT, shown)
                yield AttributeChange(place.path, *pair)
            return
    for index in range(max(len(before), len(after), len(unknown))):
        yield from _walk(
            place.at(index),
            _at(before, index),
            _at(after, index),
            _at(unknown, index),
            (_mark(marks[0], index), _mark(marks[1], index)),
        )


def _leaf(place: _Place, before: Any, after: Any, marks: tuple[Any, Any]) -> AttributeChange:
    if any(map(_marked, marks)):
        return AttributeChange(place.path, _marked_as(before), _marked_as(after))
    texts = [x if isinstance(x, str) else "" for x in (before, after)]
    if any("\n" in text for text in texts) and not place.secret:
        old_lines, new_lines = (masked_text(text).splitlines() for text in texts)
        diff = list(difflib.unified_diff(old_lines, new_lines, n=2, lineterm=""))[2:]
        if not diff:
            diff = ["(differs in nothing but what is masked)"]
        old, new = (
            ABSENT if _empty(x) else f"({len(own)} lines)"
            for x, own in ((before, old_lines), (after, new_lines))
        )
        return AttributeChange(place.path, old, new, tuple(diff))
    if isinstance(before, list) and isinstance(after, list):
        return AttributeChange(place.path, *_lists(place, before, after))
    return AttributeChange(place.path, _shown(place, before), _shown(place, after))


def _marked_as(value: Any) -> str:
    """What stands for a value that is marked as sensitive."""
    return ABSENT if _empty(value) else SENSITIVE


def _lists(place: _Place, before: list[Any], after: list[Any]) -> tuple[str, str]:
    """Two lists of plain values: whole where they are short, else what is in only one of them."""
    whole = (_shown(place, before), _shown(place, after))
    if max(map(len, whole)) < LONGEST or sorted(map(str, before)) == sorted(map(str, after)):
        return whole
    only = ([x for x in before if x not in after], [x for x in after if x not in before])
    old, new = (f"{_shown(place, x)} and {len(before) - len(only[0])} more" for x in only)
    return old, new


def _shown(place: _Place, value: Any) -> str:
    """A value as a line of JSON, masked and of bearable length."""
    if value is None or value == "":
        return ABSENT
    if place.secret and not is_harmless(value):
        return MASKED
    if isinstance(value, str):
        # As it is, where nothing else could be meant.
        text = _short(masked_text(value))
        if _LITERAL.fullmatch(text) or text != text.strip():
            text = json.dumps(text, ensure_ascii=False)
    else:
        text = json.dumps(masked_value(value), ensure_ascii=False, sort_keys=True)
    if len(text) > LONGEST:
        half = LONGEST // 2
        text = f"{text[:half]} … ({len(text) - 2 * half} characters more) … {text[-half:]}"
    return text


def masked_value(value: Any) -> Any:
    """*value* without what looks like a secret, by key or by itself."""
    if isinstance(value, str):
        return masked_text(value)
    if isinstance(value, list):
        return [masked_value(item) for item in value]
    if isinstance(value, dict):
        named = _is_named_secret(value)
        return {
            masked_text(key): MASKED
            if (is_secret_key(key) or (named and key in _VALUES)) and not is_harmless(item)
            else masked_value(item)
            for key, item in value.items()
        }
    return value


def without_marked(value: Any, marks: Any) -> Any:
    """*value* with what is marked as sensitive replaced by a word that says so."""
    if marks is True:
        return value if _empty(value) else SENSITIVE
    if isinstance(value, dict) and isinstance(marks, dict) and marks:
        return {key: without_marked(item, _mark(marks, key)) for key, item in value.items()}
    if isinstance(value, list) and isinstance(marks, list) and any(map(_marked, marks)):
        return [without_marked(item, _mark(marks, index)) for index, item in enumerate(value)]
    return SENSITIVE if _marked(marks) and not _empty(value) else value


def _short(text: str) -> str:
    """A link of Google's from its project on."""
    found = _LINK.fullmatch(text)
    return found[1] if found else text


def _is_named_secret(value: dict[str, Any]) -> bool:
    """Whether it is a pair of name and value whose name is a secret's: an environment variable."""
    return any(key in value for key in _VALUES) and any(
        isinstance(name := value.get(key), str) and is_secret_key(name) for key in _NAMES
    )


def _same(before: Any, after: Any) -> bool:
    if before == after or (_empty(before) and _empty(after)):
        return True
    if isinstance(before, str) and isinstance(after, str):
        return _is_url_of(before, after) or _is_url_of(after, before)
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return all(_same(one, other) for one, other in zip(before, after, strict=True))
    return False


def _is_url_of(url: str, name: str) -> bool:
    return url.startswith(("https://", "http://")) and name != "" and url.endswith(f"/{name}")


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _both(kind: type, *values: Any) -> bool:
    """Whether all are of *kind* where they are there, and one is."""
    there = [value for value in values if value is not None and value is not False]
    return bool(there) and all(isinstance(value, kind) for value in there)


def _has_objects(*values: Any) -> bool:
    return any(isinstance(item, dict | list) for value in values for item in value or ())


def _marked(mark: Any) -> bool:
    if isinstance(mark, dict):
        return any(map(_marked, mark.values()))
    if isinstance(mark, list):
        return any(map(_marked, mark))
    return mark is True


def _mark(marks: Any, key: str | int) -> Any:
    """The mark of what is under *key*; marks of another form than the value are of all of it."""
    if isinstance(marks, dict) and isinstance(key, str):
        return marks.get(key)
    if isinstance(marks, list) and isinstance(key, int):
        return _at(marks, key)
    return _marked(marks)


def _at(values: list[Any], index: int) -> Any:
    return values[index] if index < len(values) else None
