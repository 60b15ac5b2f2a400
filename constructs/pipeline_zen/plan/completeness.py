"""Whether a plan is of all that is configured, or leaves something out."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

from pipeline_zen.masking import masked_text
from pipeline_zen.plan.decoding import managed_before
from pipeline_zen.plan.document import (
    ABSENT,
    Configured,
    ConfiguredModule,
    ModuleCall,
    PlanError,
    RawPlan,
    decoded,
)
from pipeline_zen.plan.given import config_address

_MOST = 100_000
"""More instances than that no plan has; a number that says so is none to count to."""

_PLAIN = re.compile(r"[\w.-]+")


def missing(document: RawPlan) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """
    The addresses of the configuration that the plan does not speak of, sorted, in two parts.

    First those that it leaves out, as with `-target`, and those of the state with them; then
    those that may as well come to nothing: of `count = length([])` OpenTofu writes no expression.
    """
    if document.configuration is None:
        return (), ()
    planned = {resource.address for resource in document.resource_changes}
    stems = set(map(config_address, planned))
    wanted = list(islice(_configured(document.configuration.root_module, ""), _MOST + 1))
    if len(wanted) > _MOST:
        raise PlanError(
            f"Its configuration has more than {_MOST:,} resources, which nobody can review: see "
            "what writes such a thing"
        )
    unspoken = [
        (address, counted)
        for address, counted in wanted
        if address not in planned and (counted or address not in stems)
    ]
    before = managed_before(document)
    there = set(map(config_address, before)) if unspoken else set()
    left_out = {address for address, counted in unspoken if counted or address in there}
    unclear = {address for address, _ in unspoken} - left_out
    # Of what is there by now, a plan of all of it says what becomes of each.
    moved = {resource.previous_address for resource in document.resource_changes}
    left_out |= before - planned - moved
    return tuple(sorted(map(masked_text, left_out))), tuple(sorted(map(masked_text, unclear)))


def _configured(module: ConfiguredModule, prefix: str) -> Iterator[tuple[str, bool]]:
    """The addresses of all resources, in modules as well, and whether they must be there."""
    for resource in module.resources:
        if resource.mode == "managed":
            for index in _indices(resource):
                # Of a module without an index it is not told how many there are either.
                counted = prefix.endswith("].") or (index and not prefix)
                yield f"{prefix}{resource.address}{index}", bool(counted)
    for name, call in module.module_calls.items():
        for index in _indices(call):
            yield from _configured(call.module, f"{prefix}module.{name}{index}.")


def _indices(configured: Configured | ModuleCall) -> list[str]:
    """What ends the addresses of its instances; none where the plan does not tell how many."""
    if configured.enabled_expression is not ABSENT:
        return []
    if configured.count_expression is not ABSENT:
        count = _constant(configured.count_expression)
        countable = isinstance(count, int) and count <= _MOST
        return [f"[{index}]" for index in range(count)] if countable else []
    if configured.for_each_expression is not ABSENT:
        keys = _constant(configured.for_each_expression)
        listed = keys if isinstance(keys, dict | list) else ()
        return [f'["{key}"]' for key in listed if isinstance(key, str) and _PLAIN.fullmatch(key)]
    return [""]


def _constant(expression: msgspec.Raw) -> Any:
    written = decoded(expression)
    return written.get("constant_value") if isinstance(written, dict) else None
