"""YAML as editors read it, which is newer than PyYAML's: `yes` and a day are texts to it."""

import re
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    pass


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", "~nN"),
):
    for _letter in (*_first, *([""] if _tag == "null" else [])):
        _Loader.yaml_implicit_resolvers.setdefault(_letter, []).append(
            (f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"))
        )


def read(text: str) -> Any:
    """What an editor holds against a schema: names are texts to JSON. Raises YAMLError."""
    return _with_names(yaml.load(text, Loader=_Loader))  # noqa: S506 - a safe loader


def _with_names(node: Any) -> Any:
    if isinstance(node, list):
        return [_with_names(item) for item in node]
    if isinstance(node, dict):
        return {_name(key): _with_names(value) for key, value in node.items()}
    return node


def _name(key: Any) -> str:
    if isinstance(key, bool):
        return str(key).lower()
    return "null" if key is None else str(key)
