"""What the configuration says of a resource: what is written for its arguments, and programs."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline_zen.plan.document import Configured, ConfiguredModule, RawPlan, decoded

_INDEX = re.compile(r'\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\]')


def config_address(address: str) -> str:
    """The address in the configuration of which this one may be an instance."""
    return _INDEX.sub("", address) if "[" in address else address


def configured(document: RawPlan) -> Mapping[str, Configured]:
    """The resources of the configuration by address, without the indices of instances."""
    if document.configuration is None:
        return {}
    return dict(_within(document.configuration.root_module, ""))


def _within(module: ConfiguredModule, prefix: str) -> Iterator[tuple[str, Configured]]:
    for resource in module.resources:
        yield f"{prefix}{resource.address}", resource
    for name, call in module.module_calls.items():
        yield from _within(call.module, f"{prefix}module.{name}.")


def expression(resource: Configured, keys: tuple[str, ...]) -> Any:
    """What is written for an argument, be it within blocks; None where nothing is."""
    content = decoded(resource.expressions)
    for key in keys:
        if isinstance(content, list):
            content = content[0] if content else None
        if not isinstance(content, dict):
            return content
        if "references" in content or "constant_value" in content:
            return content
        content = content.get(key)
    return content
