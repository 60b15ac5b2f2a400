"""
What of a change is known to do no harm: tests of the values of an attribute.

The guard is closed: what no finding speaks of must pass a test of its type's table, or it is said
not to be judged.
"""

import re
from collections.abc import Callable
from typing import Any

from pipeline_zen.guard.expressions import computes, is_of_a_local, reads_files
from pipeline_zen.guard.leaf import Leaf
from pipeline_zen.masking import masked_value
from pipeline_zen.plan import UNKNOWN

Test = Callable[[Leaf], bool]
"""Whether what becomes of an attribute does no harm."""

_LONGEST_TEXT = 512
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def anything(_leaf: Leaf) -> bool:
    """Whatever it becomes, nobody is harmed."""
    return True


def known(leaf: Leaf) -> bool:
    """Any value that can be told, and in which there is nothing of a file's, and no secret."""
    # Of a local no plan tells what it is made of.
    hidden = reads_files(leaf.written) or is_of_a_local(leaf.written)
    return leaf.new is not UNKNOWN and not hidden and not looks_secret(leaf.last, leaf.new)


def only(*values: Any) -> Test:
    """One of these values; None is no value, be it empty."""

    def test(leaf: Leaf) -> bool:
        new = None if leaf.new in ("", [], {}) else leaf.new
        return any(new == value and type(new) is type(value) for value in values)

    return test


def removed(leaf: Leaf) -> bool:
    """No value any more."""
    return leaf.new is None or leaf.new in ("", [])


def longer(leaf: Leaf) -> bool:
    """A number, or a time, that is no smaller than it was."""
    old, new = _number(leaf.old), _number(leaf.new)
    return old is not None and new is not None and new >= old


def begins(leaf: Leaf) -> bool:
    """A value where there was none."""
    return leaf.old in (None, "", []) and leaf.new is not UNKNOWN


def at_least(least: float) -> Test:
    """A number, or a time, that is no smaller than that."""

    def test(leaf: Leaf) -> bool:
        new = _number(leaf.new)
        return new is not None and new >= least

    return test


def any_of(*tests: Test) -> Test:
    """What one of these takes for harmless."""
    return lambda leaf: any(test(leaf) for test in tests)


def plain_text(leaf: Leaf) -> bool:
    """A text that nobody but people read, and that has no secret in it, as far as can be told."""
    if removed(leaf):
        return True
    text = leaf.new
    if isinstance(text, bool | int | float):
        return True
    if not isinstance(text, str) or len(text) > _LONGEST_TEXT or _UNSEEN.search(text):
        return False
    return not may_be_secret(leaf)


def may_be_secret(leaf: Leaf) -> bool:
    """Whether it looks like a secret, by itself or its key, or is taken from who knows where."""
    return looks_secret(leaf.last, leaf.new) or computes(leaf.written)


def looks_secret(key: str, value: Any) -> bool:
    """Whether a value, or some of it, looks like a secret, by itself or by its key."""
    said = {key: value}
    return bool(masked_value(said) != said)


def refers_to(*types: str) -> Test:
    """What is decided by the apply from resources of these types, which the same plan makes."""

    def test(leaf: Leaf) -> bool:
        return leaf.resource.refers_to(leaf.references, types)

    return test


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = value.removesuffix("s")
        return float(value) if re.fullmatch(r"[0-9]{1,15}(\.[0-9]+)?", value) else None
    return value if isinstance(value, int | float) else None
