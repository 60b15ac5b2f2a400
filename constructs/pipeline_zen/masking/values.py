"""What is a secret in values of JSON: by its key, or by the name that stands beside it."""

from collections.abc import Mapping
from typing import Any

from pipeline_zen.masking.keys import MASKED, is_harmless, is_secret_key
from pipeline_zen.masking.text import masked_text

PAIR_VALUES = ("value", "values", "Value", "Values")
"""The keys that, in a pair of name and value, the value stands under."""

_PAIR_NAMES = ("name", "key", "Name", "Key")


def masked_value(value: Any) -> Any:
    """*value* without what looks like a secret, by key or by itself."""
    if isinstance(value, str):
        return masked_text(value)
    if isinstance(value, list):
        return [masked_value(item) for item in value]
    if isinstance(value, dict):
        named = names_secret(value)
        return {
            masked_text(key): MASKED
            if (is_secret_key(key) or (named and key in PAIR_VALUES)) and not is_harmless(item)
            else masked_value(item)
            for key, item in value.items()
        }
    return value


def names_secret(mapping: Mapping[str, Any]) -> bool:
    """Whether it is a pair of name and value whose name is a secret's: an environment variable."""
    return any(key in mapping for key in PAIR_VALUES) and any(
        isinstance(name := mapping.get(key), str) and is_secret_key(name) for key in _PAIR_NAMES
    )
