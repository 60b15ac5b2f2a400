"""One attribute that changes, as the tests of what is harmless see it."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline_zen.guard.expressions import references_in
from pipeline_zen.masking import MASKED
from pipeline_zen.plan import UNKNOWN, Values

if TYPE_CHECKING:
    from pipeline_zen.guard.resource import Resource

_LAST = re.compile(r'(?:^|\.)[^.\[\]]+$|\[[0-9]+\]$|\["(?:[^"\\]|\\.)*"\]$')
"""The last step of a path."""

_STEP = re.compile(r'\[([0-9]+)\]|\[("(?:[^"\\]|\\.)*")\]|\.?([^.\[\]]+)')


@lru_cache(maxsize=4096)
def key_of(path: str) -> str:
    """The path without the positions of blocks: `disk.source_image` of `disk[0].source_image`."""
    return re.sub(r"\[0\]", "", path)


@lru_cache(maxsize=4096)
def enclosing(key: str) -> tuple[str, ...]:
    """The key itself, and those of all that it is within, the innermost first."""
    found = []
    while key:
        found.append(key)
        key = _LAST.sub("", key)
    return tuple(found)


@lru_cache(maxsize=4096)
def _steps(path: str) -> tuple[int | str, ...]:
    return tuple(
        int(index) if index else json.loads(quoted) if quoted else name
        for index, quoted, name in _STEP.findall(path)
    )


@lru_cache(maxsize=4096)
def arguments_of(key: str) -> tuple[str, ...]:
    """
    The names of an argument, and of the blocks or mappings that it is in, as they are written.

    One name that is no argument's, where it is in a further one of several blocks.
    """
    steps = () if MASKED in key else _steps(key)
    names = tuple(step for step in steps if isinstance(step, str))
    return names if names and len(names) == len(steps) else (key,)


class Leaf(NamedTuple):
    """An attribute that changes, down to where its values are no blocks any more."""

    resource: "Resource"
    path: str
    """Where it is, as the report has it."""
    unknown: bool = False
    """Whether it is known only after the apply."""

    @property
    def key(self) -> str:
        """Where it is, without a position of the first of some blocks; others keep theirs."""
        return key_of(self.path)

    @property
    def last(self) -> str:
        """The last step to it; nothing where it is all there is, or is masked."""
        steps = () if MASKED in self.path else _steps(self.path)
        return str(steps[-1]) if steps else ""

    @property
    def old(self) -> Any:
        """The value before; None where there is none, UNKNOWN where it cannot be told."""
        return _at(self.resource.before, self.path)

    @property
    def new(self) -> Any:
        """The value after; None where there is none, UNKNOWN where it cannot be told."""
        return _at(self.resource.after, self.path)

    @property
    def written(self) -> Any:
        """What the configuration has for it; None where it says nothing, or is not known."""
        if not self.resource.change.is_configured:
            return None
        return self.resource.change.expression(*arguments_of(self.key))

    @property
    def is_left_out(self) -> bool:
        """
        Whether the configuration leaves it to the provider, as far as it is known.

        Of what is in a block, only where the block itself is written: one that is generated
        (`dynamic`) is not in what OpenTofu tells of the configuration.
        """
        change, blocks = self.resource.change, arguments_of(self.key)[:-1]
        if not change.is_configured:
            return True
        return self.written is None and (not blocks or change.expression(*blocks) is not None)

    @property
    def references(self) -> tuple[str, ...]:
        """What the configuration takes it from: `google_service_account.jobs`."""
        return references_in(self.written)


def leaves_of(resource: "Resource") -> Iterator[Leaf]:
    """The attributes that change; of a block that comes, all that is in it."""
    for change in resource.change.attributes:
        leaf = Leaf(resource, change.path, change.unknown)
        # Most of what is new is unknown, and that is told more quickly than its values.
        if not leaf.unknown and leaf.old in (None, []) and isinstance(leaf.new, list):
            yield from _within(leaf, leaf.new)
        else:
            yield leaf


def _within(leaf: Leaf, blocks: list[Any]) -> Iterator[Leaf]:
    if not all(isinstance(block, dict) for block in blocks):
        yield leaf
        return
    for index, block in enumerate(blocks):
        there = {key: value for key, value in block.items() if value not in (None, "", [], {})}
        if not there:
            yield Leaf(leaf.resource, f"{leaf.path}[{index}]")
        for key, value in there.items():
            below = Leaf(leaf.resource, f"{leaf.path}[{index}].{key}")
            yield from _within(below, value) if isinstance(value, list) else (below,)


def _at(values: Values, path: str) -> Any:
    if MASKED in path:
        # What stands there cannot be found by it.
        return UNKNOWN
    content: Any = values.content
    for step in _steps(path):
        if isinstance(step, int):
            if not isinstance(content, list):
                return UNKNOWN if content is UNKNOWN else None
            content = content[step] if step < len(content) else None
        elif isinstance(content, dict):
            content = content.get(step)
        else:
            # What is in a text, such as JSON, is looked at by nobody.
            return None if content is None else UNKNOWN
    return content
