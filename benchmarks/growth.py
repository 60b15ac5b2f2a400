"""An environment that grows: how long its synthesis takes, and how much memory."""

import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import yaml

from benchmarks.measuring import PIPELINE_ZEN, measure

FLEET = "a100-40gb"
"""The fleet that is repeated under other names."""


def grow(sizes: Iterable[int], checkout: Path) -> None:
    """Measure environments of about so many resources, made of *checkout*, and print a table."""
    print("\nOne environment of growing size:\n")
    print("| resources | s | ms for each more | peak MB |")
    print("|---|---|---|---|")
    before: tuple[int, float] | None = None
    for size in sizes:
        resources, seconds, megabytes = _one_size(size, checkout)
        each = f"{(seconds - before[1]) / (resources - before[0]) * 1_000:.1f}" if before else ""
        print(f"| {resources} | {seconds:.2f} | {each} | {megabytes:.0f} |")
        before = (resources, seconds)


def _one_size(size: int, checkout: Path) -> tuple[int, float, float]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_settings(root, size, checkout)
        measured = measure(
            [*PIPELINE_ZEN, "-C", folder, "synth", "prod"], passes=(0,), environment={}
        )
        resources = re.match(r"prod: (\d+) resources", measured.output)
        assert resources, measured.output
        return int(resources[1]), measured.seconds, measured.megabytes


def write_settings(root: Path, size: int, checkout: Path) -> None:
    """
    Write the settings of an environment with about *size* resources, most of them groups.

    The regions are those that are sold, so what grows is the number of fleets.
    """
    shutil.copytree(checkout / "config", root / "config")
    shutil.copy(checkout / "VERSION", root / "VERSION")
    base = yaml.safe_load((root / "config" / "base.yaml").read_text(encoding="utf-8"))
    fleet = base["fleets"][FLEET]
    clusters, regions = len(fleet["machine_types"]), len(fleet["regions"])
    # Of each cluster a template, a subscription and its grant; about 40 are there in any case.
    each = clusters * (regions + 3)
    fleets = max(1, round((size - 40) / each))
    base["fleets"] = {f"{FLEET}-{number}": fleet for number in range(fleets)}
    (root / "config" / "base.yaml").write_text(yaml.safe_dump(base), encoding="utf-8")
