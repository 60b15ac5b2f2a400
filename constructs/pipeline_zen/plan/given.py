"""Attributes that the configuration gives a value: all others the provider fills in by itself."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from pipeline_zen.plan.document import ConfiguredModule, RawPlan, decoded

_INDEX = re.compile(r'\[(?:[0-9]+|"[^"\\]*(?:\\.[^"\\]*)*")\]')
_STEP = re.compile(r"[^.\[\]]+")


class Given:
    """The expressions of the configuration, by the resource that they are of."""

    def __init__(self, document: RawPlan) -> None:
        configuration = document.configuration
        self._expressions: Mapping[str, msgspec.Raw] = (
            dict(_expressions(configuration.root_module, "")) if configuration else {}
        )

    def of(self, address: str) -> msgspec.Raw | None:
        """The expressions of the resource at *address*; None where they are not known."""
        return self._expressions.get(_INDEX.sub("", address))


def is_given(expressions: Any, path: str) -> bool:
    """Whether *expressions* give the attribute at *path* a value, be it by a reference."""
    node = expressions
    for step in _STEP.findall(path):
        if isinstance(node, list) and step.isdigit():
            # Blocks that one expression makes several of are written once.
            if not node:
                return True
            node = node[min(int(step), len(node) - 1)]
        elif not isinstance(node, dict) or "references" in node or "constant_value" in node:
            return True
        elif step not in node:
            return False
        else:
            node = node[step]
    return True


def given(raw: msgspec.Raw | None) -> Any:
    """Expressions as values; None where they are not known."""
    return None if raw is None else decoded(raw)


def _expressions(module: ConfiguredModule, prefix: str) -> Iterator[tuple[str, msgspec.Raw]]:
    for resource in module.resources:
        if bytes(resource.expressions):
            yield f"{prefix}{resource.address}", resource.expressions
    for name, call in module.module_calls.items():
        yield from _expressions(call.module, f"{prefix}module.{name}.")
