"""
What the configuration has for an argument, as a plan tells it: `constant_value` or `references`.

Of a configuration in JSON the text of an expression is told as well, and from that what it does
with what it refers to. Of one in HCL only the references are.
"""

import re
from collections.abc import Iterator
from typing import Any

_INDEX = r'\[(?:[0-9]+|"[^"\\]*"|each\.key|count\.index)\]'
_PATH = (
    r"(?!(?:var|local|module|path|self|terraform)\.|each\.value)"
    rf"[A-Za-z_][\w-]*(?:\.[\w-]+|{_INDEX})*"
)
"""What leads to something of the plan, step by step."""

_IDENTITIES = (
    *("email", "id", "member", "name", "policy_data", "secret_id", "self_link"),
    *("self_link_unique", "unique_id"),
)
"""The attributes by which a resource is named, or a policy that data puts together."""

_ALONE = re.compile(rf"(?:serviceAccount:)?\$\{{\s*{_PATH}\.(?:{'|'.join(_IDENTITIES)})\s*\}}")
"""Nothing but a reference; of an account as a member, with the word that makes it one."""

_ATTRIBUTE = re.compile(r"(?:data\.)?[\w-]+\.[\w-]+(?:\[.*\])?\.([\w-]+)", re.DOTALL)
"""A reference to an attribute of a resource, as a plan lists it."""

_READS = re.compile(r"\$\{.*?(?:file\w*\(|\bnonsensitive\(|\bpath\.)", re.DOTALL)
"""An expression that takes something from a file (`templatefile` too), or a secret for none."""

_PLAIN = re.compile(rf"(?:\$\$\{{|%%\{{|[^$%]|[$%](?!\{{)|\$\{{\s*{_PATH}\s*\}})*", re.DOTALL)
"""A text in which nothing is computed."""


def references_in(written: Any) -> tuple[str, ...]:
    """
    What an expression stands for: references, and no more.

    None where something is computed from them, as far as the plan tells.
    """
    text = written.get("constant_value") if isinstance(written, dict) else None
    if isinstance(text, str) and not _ALONE.fullmatch(text):
        return ()
    found = _listed(written)
    attributes = map(_ATTRIBUTE.fullmatch, found)
    return () if any(one and one[1] not in _IDENTITIES for one in attributes) else found


def reads_files(written: Any) -> bool:
    """Whether an expression takes something from a file, as far as the plan tells."""
    return any(map(_READS.search, _texts(written))) or _is_of_files(written)


def computes(written: Any) -> bool:
    """Whether an expression calls functions, asks or repeats, or reads what is no resource's."""
    if written == {}:
        # `file("…")` and its like are neither a constant nor a reference.
        return True
    texts = list(_texts(written))
    if any("{" in text for text in texts):
        return not all(map(_PLAIN.fullmatch, texts))
    return _is_of_files(written)


def is_of_a_local(written: Any) -> bool:
    """Whether it is taken from a local, of which no plan tells what is in it."""
    return any(name.startswith("local.") for name in _listed(written))


def _is_of_files(written: Any) -> bool:
    """Whether it refers to where files are."""
    return any(name.startswith("path.") for name in _listed(written))


def _listed(written: Any) -> tuple[str, ...]:
    """All that it refers to; nothing where it is of another form."""
    named = written.get("references") if isinstance(written, dict) else None
    listed = named if isinstance(named, list) else []
    return tuple(name for name in listed if isinstance(name, str))


def _texts(written: Any) -> Iterator[str]:
    """The texts of what is written, with the keys: what is in a file can be made a label's."""
    values = [written.get("constant_value")] if isinstance(written, dict) else []
    while values:
        value = values.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            values += (*value, *value.values())
        elif isinstance(value, list):
            values += value
