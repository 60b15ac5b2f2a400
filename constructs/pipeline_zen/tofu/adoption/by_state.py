"""What is in an old state: blocks that move it to its new address, or forget it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline_zen import kinds, names
from pipeline_zen.files import Json
from pipeline_zen.kinds import Kind
from pipeline_zen.tofu.adoption.leftovers import leftover
from pipeline_zen.tofu.adoption.stack import AdoptionError, Resource, condition

_TEMPLATE = re.compile(rf"{names.JOBS}-(?P<cluster>\d+x.+?)-\d+-\d+-\d+(-[0-9a-f]{{8}})?-tpl")

Key = tuple[str, ...]
"""A key that a resource of the stack has, and what stands for it in an old state."""


@dataclass(frozen=True)
class Old:
    """A resource of the old state."""

    address: str
    type: str
    values: Json
    key: Key


@dataclass(frozen=True)
class Moved:
    """The blocks, the addresses that are forgotten, and commands for what they leave."""

    blocks: Json
    forgotten: tuple[str, ...]
    leftovers: tuple[str, ...]


def moved(resources: Mapping[str, Resource], old: list[Old]) -> Moved:
    """What becomes of each *old* resource."""
    ours = {
        _key(resource.kind, resource.arguments): address for address, resource in resources.items()
    }
    moves: list[Json] = []
    forgotten: list[str] = []
    leftovers: list[str] = []
    for resource in old:
        target = ours.get(resource.key)
        if target is None:
            forgotten.append(resource.address)
            leftovers += leftover(resource.type, resource.values)
        elif target != resource.address:
            moves.append({"from": resource.address, "to": target})
    blocks: Json = {"moved": sorted(moves, key=lambda move: str(move["to"]))}
    # A whole resource is forgotten: of its instances, those that are moved are not there any more.
    whole = sorted({address.partition("[")[0] for address in forgotten})
    if whole:
        blocks["removed"] = [
            {"from": address, "lifecycle": {"destroy": False}} for address in whole
        ]
    return Moved(blocks, tuple(sorted(forgotten)), tuple(leftovers))


def managed(state: Path, project: str) -> list[Old]:
    """
    The resources of a state, the output of `tofu show -json`, by address.

    Raises AdoptionError where it is something else, or of another project than *project*.
    """
    try:
        shown = json.loads(state.read_text(encoding="utf-8"))
        old = [
            Old(
                str(resource["address"]),
                resource["type"],
                resource["values"],
                _key(kinds.of(resource["type"]), resource["values"]),
            )
            for module in _modules(shown["values"]["root_module"])
            for resource in module.get("resources", [])
            if resource["mode"] == "managed"
        ]
        strangers = {resource.values.get("project") for resource in old} - {None, project}
    except FileNotFoundError:
        raise AdoptionError(f"{state}: no such file") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise AdoptionError(
            f"{state} is not what `tofu show -json` prints of a state: run that in the old folder"
        ) from None
    if strangers:
        raise AdoptionError(
            f"{state} is of {', '.join(sorted(map(str, strangers)))}, "
            f"and this environment of {project}"
        )
    return sorted(old, key=lambda resource: resource.address)


def _key(kind: Kind, values: Json) -> Key:
    if kind.type == kinds.TEMPLATE:
        template = _TEMPLATE.fullmatch(values["name"])
        return (kind.type, template["cluster"] if template else values["name"])
    if kind.on:
        on = str(values.get(kind.on.attribute) or "").rpartition("/")[2]
        when = json.dumps(condition(values), sort_keys=True)
        return (kind.type, on, values["role"], values["member"], when)
    if kind.type == "google_project_service":
        return (kind.type, values["project"], values["service"])
    if not kind.import_id:
        return (kind.type, json.dumps(values, sort_keys=True, default=str))
    known = {"project": "", **values}
    if kind.worldwide:
        known["project"] = ""
    return (kind.type, kind.import_id.format(**known))


def _modules(module: Json) -> Iterator[Json]:
    yield module
    for child in module.get("child_modules", []):
        yield from _modules(child)
