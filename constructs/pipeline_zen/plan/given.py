"""Attributes that the configuration gives a value: all others the provider fills in by itself."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from pipeline_zen.masking import masked_text
from pipeline_zen.plan.document import ConfiguredModule, Provisioner, RawPlan, decoded

_INDEX = re.compile(r'\[(?:[0-9]+|"[^"\\]*(?:\\.[^"\\]*)*")\]')
_STEP = re.compile(r"[^.\[\]]+")


class Given:
    """The expressions of the configuration, by the resource that they are of."""

    def __init__(self, document: RawPlan) -> None:
        configuration = document.configuration
        self._expressions: Mapping[str, msgspec.Raw] = (
            dict(_expressions(configuration.root_module, "")) if configuration else {}
        )
        self._programs: Mapping[str, list[Provisioner]] = (
            dict(_provisioners(configuration.root_module, "")) if configuration else {}
        )

    def of(self, address: str) -> msgspec.Raw | None:
        """The expressions of the resource at *address*; None where they are not known."""
        return self._expressions.get(config_address(address))

    def programs(self, address: str) -> tuple[str, ...]:
        """What runs on the machine that applies as the resource is made, or goes; masked."""
        provisioners = self._programs.get(config_address(address), ())
        return tuple(f"{one.type}: {_command(decoded(one.expressions))}" for one in provisioners)


def config_address(address: str) -> str:
    """The address in the configuration of which this one may be an instance."""
    return _INDEX.sub("", address) if "[" in address else address


def expression(content: Any, keys: tuple[str, ...]) -> Any:
    """What is written for an argument, be it within blocks; None where nothing is."""
    for key in keys:
        if isinstance(content, list):
            content = content[0] if content else None
        if not isinstance(content, dict) or not content:
            # Of what is neither a constant nor refers to something, nothing is written down.
            return content
        if "references" in content or "constant_value" in content:
            return content
        content = content.get(key)
    return content


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


def _command(expressions: Any) -> str:
    written = expressions if isinstance(expressions, dict) else {}
    command = written.get("command") or written.get("inline") or written
    constant = command.get("constant_value") if isinstance(command, dict) else command
    return masked_text(json.dumps(command if constant is None else constant, ensure_ascii=False))


def _provisioners(module: ConfiguredModule, prefix: str) -> Iterator[tuple[str, list[Provisioner]]]:
    for resource in module.resources:
        if resource.provisioners:
            yield f"{prefix}{resource.address}", resource.provisioners
    for name, call in module.module_calls.items():
        yield from _provisioners(call.module, f"{prefix}module.{name}.")


def _expressions(module: ConfiguredModule, prefix: str) -> Iterator[tuple[str, msgspec.Raw]]:
    for resource in module.resources:
        if bytes(resource.expressions):
            yield f"{prefix}{resource.address}", resource.expressions
    for name, call in module.module_calls.items():
        yield from _expressions(call.module, f"{prefix}module.{name}.")
