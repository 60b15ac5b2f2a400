"""Writes the blocks beside the stack."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline_zen.files import OUT, stack_folder, write_whole
from pipeline_zen.settings import Settings
from pipeline_zen.tofu.adoption import stack
from pipeline_zen.tofu.adoption.by_name import imported
from pipeline_zen.tofu.adoption.by_state import managed, moved
from pipeline_zen.tofu.adoption.leftovers import of_earlier_code

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

    file = stack_folder(root / OUT, settings.environment) / FILE
    write_whole(file, json.dumps(blocks, indent=2, sort_keys=True) + "\n")
    imports, moves = len(blocks.get("import", [])), len(blocks.get("moved", []))
    return Adoption(file, imports, moves, forgotten, leftovers)
