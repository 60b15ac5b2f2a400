"""
What a plan takes from its resources, and no expression of its configuration says where.

Of blocks that are generated (`dynamic`), and of locals, OpenTofu writes nothing into the
configuration of a plan. What they refer to is among its `relevant_attributes` all the same.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import msgspec

from pipeline_zen.masking import masked_text
from pipeline_zen.plan.document import (
    Configured,
    ConfiguredModule,
    ModuleCall,
    RawPlan,
    decoded,
)
from pipeline_zen.plan.given import config_address

_Source = tuple[str, str]
"""A resource by its address in the configuration, and an attribute; empty where it is whole."""


def hidden(document: RawPlan) -> tuple[str, ...]:
    """The addresses of what is referred to where nobody can read it, sorted."""
    if not document.relevant_attributes:
        return ()
    relevant = {
        (config_address(one.resource), str(next(iter(one.attribute), "")))
        for one in document.relevant_attributes
    }
    told = set(_told(document.configuration.root_module, "")) if document.configuration else set()
    return tuple(sorted({masked_text(address) for address, _ in relevant - told}))


def _told(module: ConfiguredModule, prefix: str) -> Iterator[_Source]:
    """What the expressions of a module refer to, and of those in it."""
    repeated: Iterable[Configured | ModuleCall] = chain(
        module.resources, module.module_calls.values()
    )
    written = [output.expression for output in module.outputs.values()]
    for one in repeated:
        written += [one.expressions, one.count_expression, one.for_each_expression]
    for raw in written:
        for reference in _references(raw):
            yield _source(reference, prefix)
    for name, call in module.module_calls.items():
        yield from _told(call.module, f"{prefix}module.{name}.")


def _source(reference: str, prefix: str) -> _Source:
    steps = config_address(reference).split(".")
    named = 3 if steps[0] == "data" else 2
    return prefix + ".".join(steps[:named]), "".join(steps[named : named + 1])


def _references(raw: msgspec.Raw) -> Iterator[str]:
    """
    The references of expressions, each once.

    OpenTofu writes each of them down again without its last step, down to the resource itself.
    """
    waiting = [decoded(raw)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            found = node.get("references")
            if isinstance(found, list):
                yield from _whole(found)
            elif "constant_value" not in node:
                waiting += node.values()


def _whole(references: list[Any]) -> Iterator[str]:
    longer = ""
    for reference in references:
        if isinstance(reference, str):
            if not longer.startswith((f"{reference}.", f"{reference}[")):
                yield reference
            longer = reference
