"""Attributes that the configuration gives a value: all others the provider fills in by itself."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from pipeline_zen.masking import masked_text
from pipeline_zen.plan import shown
from pipeline_zen.plan.document import ABSENT, Configured, ConfiguredModule, RawPlan, decoded

_INDEX = re.compile(r'\[(?:[0-9]+|"[^"\\]*(?:\\.[^"\\]*)*")\]')
_STEP = re.compile(r"[^.\[\]]+")


class Given:
    """The expressions of the configuration, by the resource that they are of."""

    def __init__(self, document: RawPlan) -> None:
        self._configured: Mapping[str, Configured] = dict(configured_resources(document))

    def of(self, address: str) -> msgspec.Raw | None:
        """The expressions of the resource at *address*; None where they are not known."""
        configured = self._configured.get(config_address(address))
        return (
            configured.expressions if configured and configured.expressions is not ABSENT else None
        )

    def programs(self, address: str) -> tuple[str, ...]:
        """What runs on the machine that applies as the resource is made, or goes; masked."""
        configured = self._configured.get(config_address(address))
        provisioners = configured.provisioners if configured else ()
        return tuple(f"{one.type}: {_command(decoded(one.expressions))}" for one in provisioners)


def config_address(address: str) -> str:
    """The address in the configuration of which this one may be an instance."""
    return _INDEX.sub("", address) if "[" in address else address


def expression(content: Any, keys: tuple[str, ...]) -> Any:
    """What is written for an argument, be it within blocks; None where nothing is."""
    for key in keys:
        if isinstance(content, list):
            # A block, in which there may be nothing at all.
            content = (content[0] or None) if content else None
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


def may_be_generated(expressions: Any, path: str, before: str) -> bool:
    """
    Whether what *expressions* do not give a value may be in a block that is generated (`dynamic`).

    Of such a block OpenTofu writes no expression. *before* is the value that there was, as it is
    shown: where that is one of an attribute, it is in no block, but for one that is written.
    """
    block, dot, _ = path.rpartition(".")
    if dot:
        return not is_given(expressions, block)
    return before in (shown.ABSENT, shown.SENSITIVE) or before.startswith("[{")


def given(raw: msgspec.Raw | None) -> Any:
    """Expressions as values; None where they are not known."""
    return None if raw is None else decoded(raw)


def _command(expressions: Any) -> str:
    written = expressions if isinstance(expressions, dict) else {}
    command = written.get("command") or written.get("inline") or written
    constant = command.get("constant_value") if isinstance(command, dict) else command
    return masked_text(json.dumps(command if constant is None else constant, ensure_ascii=False))


def configured_resources(document: RawPlan) -> Iterator[tuple[str, Configured]]:
    """Each resource of the configuration, in modules as well, by its address there."""
    if document.configuration is not None:
        yield from _resources(document.configuration.root_module, "")


def _resources(module: ConfiguredModule, prefix: str) -> Iterator[tuple[str, Configured]]:
    for resource in module.resources:
        yield f"{prefix}{resource.address}", resource
    for name, call in module.module_calls.items():
        yield from _resources(call.module, f"{prefix}module.{name}.")
