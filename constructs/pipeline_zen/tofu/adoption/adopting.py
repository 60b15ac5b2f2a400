"""Writes the blocks beside the stack."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline_zen.files import OUT, Json, stack_folder, write_whole
from pipeline_zen.settings import Settings
from pipeline_zen.tofu.adoption import stack
from pipeline_zen.tofu.adoption.by_name import imported
from pipeline_zen.tofu.adoption.by_state import managed, moved
from pipeline_zen.tofu.adoption.leftovers import of_earlier_code
from pipeline_zen.tofu.adoption.stack import AdoptionError

FILE = "adopt.tf.json"


@dataclass(frozen=True)
class Adoption:
    """The file that was written, and what is left to a person."""

    file: Path
    imports: int
    moves: int
    forgotten: tuple[str, ...]
    """Addresses of the old state that this project has nothing for."""
    leftovers: tuple[str, ...]
    """A command for each thing that can go after the cut-over."""


def adopt(
    settings: Settings,
    root: Path,
    addresses: Sequence[str] = (),
    state: Path | None = None,
    *,
    everything: bool = False,
) -> Adoption:
    """
    Write the blocks beside the environment's stack.

    Without *state*, everything is imported that a deployment of the earlier code has, or just
    *addresses*, or, with *everything*, all of the stack that has a name; with it, the output of
    `tofu show -json`, what is in that state is moved. Raises AdoptionError where the stack or the
    state cannot be read, or an address cannot be imported.
    """
    resources = stack.resources(root, settings.environment)
    forgotten: tuple[str, ...] = ()
    leftovers: tuple[str, ...] = ()
    if state:
        of_state = moved(resources, managed(state, settings.project))
        blocks = of_state.blocks
        forgotten, leftovers = of_state.forgotten, of_state.leftovers
    else:
        blocks = imported(resources, addresses, everything=everything)
        if not addresses and not everything:
            leftovers = tuple(of_earlier_code(settings, resources.values()))

    return _written(_file(settings, root), blocks, forgotten, leftovers)


def leave_out(settings: Settings, root: Path, addresses: Sequence[str]) -> Adoption:
    """
    Take *addresses* out of what is to be imported, as Google has no such things.

    The file is deleted where nothing is left in it. Raises AdoptionError where there is none, or
    where it does not import one of them.
    """
    file = _file(settings, root)
    try:
        blocks: Json = json.loads(file.read_text(encoding="utf-8"))
        imports = [(block["to"], block) for block in blocks.get("import", [])]
    except FileNotFoundError:
        raise AdoptionError(f"There is no {file}, so nothing is to be adopted") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise AdoptionError(f"{file} is not what `adopt` writes: have it written anew") from None
    for address in addresses:
        if address not in [to for to, _ in imports]:
            raise AdoptionError(f"{file} does not import {address}")
    blocks["import"] = [block for to, block in imports if to not in addresses]
    adoption = _written(file, blocks)
    if not any(blocks.values()):
        file.unlink()
    return adoption


def _file(settings: Settings, root: Path) -> Path:
    return stack_folder(root / OUT, settings.environment) / FILE


def _written(
    file: Path, blocks: Json, forgotten: tuple[str, ...] = (), leftovers: tuple[str, ...] = ()
) -> Adoption:
    write_whole(file, json.dumps(blocks, indent=2, sort_keys=True) + "\n")
    imports, moves = len(blocks.get("import", [])), len(blocks.get("moved", []))
    return Adoption(file, imports, moves, forgotten, leftovers)
