"""One attribute that changes, as the tests of what is harmless see it."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from pipeline_zen.plan import UNKNOWN, AttributeChange, Values

if TYPE_CHECKING:
    from pipeline_zen.guard.resource import Resource

_STEP = re.compile(r'\[([0-9]+)\]|\[("(?:[^"\\]|\\.)*")\]|\.?([^.\[\]]+)')


@lru_cache(maxsize=4096)
def key_of(path: str) -> str:
    """The path without the positions of blocks: `disk.source_image` of `disk[0].source_image`."""
    return re.sub(r"\[0\]", "", path)


@lru_cache(maxsize=4096)
def _steps(path: str) -> tuple[int | str, ...]:
    return tuple(
        int(index) if index else quoted[1:-1] if quoted else name
        for index, quoted, name in _STEP.findall(path)
    )


@dataclass(frozen=True)
class Leaf:
    """An attribute that changes, down to where its values are no blocks any more."""

    resource: "Resource"
    change: AttributeChange

    @property
    def path(self) -> str:
        """Where it is, as the report has it."""
        return self.change.path

    @property
    def key(self) -> str:
        """Where it is, without a position of the first of some blocks; others keep theirs."""
        return key_of(self.change.path)

    @property
    def unknown(self) -> bool:
        """Whether it is known only after the apply."""
        return self.change.unknown

    @cached_property
    def old(self) -> Any:
        """The value before; None where there is none, UNKNOWN where it cannot be told."""
        return _at(self.resource.before, self.path)

    @cached_property
    def new(self) -> Any:
        """The value after; None where there is none, UNKNOWN where it cannot be told."""
        return _at(self.resource.after, self.path)

    @cached_property
    def written(self) -> Any:
        """What the configuration has for it; None where it says nothing, or is not known."""
        return self.resource.change.expression(*self.key.split("."))

    @property
    def references(self) -> tuple[str, ...]:
        """What the configuration takes it from: `google_service_account.jobs`."""
        written = self.written
        named = written.get("references") if isinstance(written, dict) else None
        return tuple(named) if isinstance(named, list) else ()


def _at(values: Values, path: str) -> Any:
    content: Any = values.content
    for step in _steps(path):
        if isinstance(step, int):
            if not isinstance(content, list):
                return UNKNOWN if content is UNKNOWN else None
            content = content[step] if step < len(content) else None
        elif isinstance(content, dict):
            content = content.get(step)
        else:
            return UNKNOWN if content is UNKNOWN else None
    return content
