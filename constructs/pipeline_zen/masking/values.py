"""Secrets in values of JSON: by their key, or by what stands beside them."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from pipeline_zen.masking.arguments import given, is_secret_option
from pipeline_zen.masking.embedded import embedded
from pipeline_zen.masking.ends import says_nothing
from pipeline_zen.masking.keys import (
    MASKED,
    NAMES,
    is_harmless,
    is_pairs_value,
    is_reference_key,
    is_secret_key,
    names_by,
    part_of_pair,
)
from pipeline_zen.masking.text import masked_text

_PAIR = 2


def masked_value(value: Any) -> Any:
    """*value* without what looks like a secret, by key, by its neighbour or by itself."""
    if isinstance(value, str):
        return _masked_text(value)
    if isinstance(value, list):
        return _masked_list(value)
    if isinstance(value, dict):
        named = names_secret(value)
        return {masked_text(key): _under(key, item, named=named) for key, item in value.items()}
    return value


def _under(key: str, item: Any, *, named: bool) -> Any:
    """What stands under *key* of a mapping, in which a neighbour has *named* its value a secret."""
    if is_secret_key(key) or (named and is_pairs_value(key)):
        return item if is_harmless(item) else MASKED
    return _source(item) if named and part_of_pair(key) == "source" else masked_value(item)


def _source(item: Any) -> Any:
    """What a named value comes from: a reference is shown, and all else is the value itself."""
    if isinstance(item, list):
        return list(map(_source, item))
    if not isinstance(item, dict):
        return masked_value(item)
    return {
        masked_text(way): masked_value(where)
        if is_reference_key(way) or is_harmless(where)
        else MASKED
        for way, where in item.items()
    }


def names_secret(mapping: Mapping[str, Any]) -> bool:
    """Whether it is a pair of name and value whose name is a secret's: an environment variable."""
    return any(_names(part, mapping[key]) for key, part in _naming_keys(tuple(mapping)))


@lru_cache(maxsize=1_000)
def _naming_keys(keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The keys that name what is beside them, each with how; none without a value."""
    parts = [(key, part) for key in keys if (part := part_of_pair(key))]
    names = tuple((key, part) for key, part in parts if part in NAMES)
    return names if len(names) < len(parts) else ()


def _names(part: str, name: Any) -> bool:
    """Whether what is beside *name*, or beside a list of names, is a secret."""
    if isinstance(name, list):
        return any(isinstance(one, str) and is_secret_key(one) for one in name)
    return isinstance(name, str) and names_by(part, name)


def _masked_text(text: str) -> str:
    """A text; where it is JSON, by the keys of that."""
    content = embedded(text)
    if content is not None:
        masked = masked_value(content)
        if masked != content:
            text = json.dumps(masked, ensure_ascii=False)
    return masked_text(text)


def _masked_list(items: Sequence[Any]) -> list[Any]:
    """A list, of which an element may say what stands behind it: an option, a name."""
    texts = tuple(item if isinstance(item, str) else "" for item in items)
    shown = given(texts, paired=True) if any(texts) else {}
    masked = [
        masked_text(shown[index])
        if index in shown
        else MASKED
        if index and is_secret_option(texts[index - 1]) and not _refers(item)
        else masked_value(item)
        for index, item in enumerate(items)
    ]
    if items and all(map(_is_pair, items)):
        return [[pair[0], MASKED if is_secret_key(pair[0]) else pair[1]] for pair in masked]
    return masked


def _refers(item: Any) -> bool:
    """Whether all that is in it only says where a secret is, or is none."""
    if isinstance(item, dict):
        return all(is_reference_key(key) or _refers(where) for key, where in item.items())
    if isinstance(item, list):
        return all(map(_refers, item))
    return not isinstance(item, str) or item.startswith("-") or says_nothing(item)


def _is_pair(item: Any) -> bool:
    return isinstance(item, list) and len(item) == _PAIR and isinstance(item[0], str)
