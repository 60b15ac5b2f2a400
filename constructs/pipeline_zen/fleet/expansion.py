"""The fleet as rows, one for each managed instance group, and the rows as text."""

import io
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import yaml

from pipeline_zen.fleet.clusters import clusters
from pipeline_zen.settings import Fleet, Settings

Row: TypeAlias = dict[str, Any]

_WIDE = 1_000
"""Columns of a table that goes into a file or a pipe, so that no row is broken."""

_MOSTLY = {
    "reservation": None,
    **{
        setting: Fleet.model_fields[setting].default
        for setting in ("target_shape", "boot_disk_gb", "boot_disk_type", "max_run_hours")
    },
}
"""What is mostly the same, with the value that a table leaves out."""


def rows(settings: Settings) -> list[Row]:
    """A row for each group, by cluster and region."""
    return [
        {
            "cluster": cluster.name,
            "machine_type": cluster.machine_type,
            "accelerator": cluster.fleet.accelerator,
            "gpus": cluster.gpus,
            "capacity": cluster.capacity,
            "reservation": cluster.fleet.reservations.get(cluster.gpus),
            "target_shape": cluster.fleet.target_shape,
            "boot_disk_gb": cluster.fleet.boot_disk_gb,
            "boot_disk_type": cluster.fleet.boot_disk_type,
            "max_run_hours": cluster.fleet.max_run_hours,
            "image_version": cluster.image_version,
            "max_vms": cluster.max_vms,
            "region": group.region,
            "zones": list(group.zones),
            "group": group.name,
            "template": cluster.template_name,
            "bucket": group.results_bucket,
        }
        for cluster in clusters(settings)
        for group in cluster.groups
    ]


def _json(rows: list[Row]) -> str:
    return json.dumps(rows, indent=2) + "\n"


def _yaml(rows: list[Row]) -> str:
    return yaml.safe_dump(rows, sort_keys=False, width=_WIDE)


def _table(rows: list[Row]) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in (
        "cluster",
        "machine type",
        "GPUs",
        "accelerator",
        "capacity",
        "image",
        "VMs",
        "region",
        "zones",
        "group",
        "template",
    ):
        table.add_column(
            heading,
            overflow="fold",
            justify="right" if heading in ("GPUs", "VMs") else "left",
            # What a row is about stays readable in a narrow terminal.
            no_wrap=heading == "cluster",
        )
    table.add_column("bucket", overflow="fold")
    special = [
        ", ".join(f"{key}: {row[key]}" for key, usual in _MOSTLY.items() if row[key] != usual)
        for row in rows
    ]
    if any(special):
        table.add_column("besides", overflow="fold")
    for row, besides in zip(rows, special, strict=True):
        letters = " ".join(zone.rpartition("-")[2] for zone in row["zones"])
        table.add_row(
            row["cluster"],
            row["machine_type"],
            str(row["gpus"]),
            row["accelerator"],
            row["capacity"],
            row["image_version"],
            "?" if row["max_vms"] is None else str(row["max_vms"]),
            row["region"],
            letters,
            row["group"],
            row["template"],
            row["bucket"],
            *([besides] if any(special) else []),
        )
    console = Console()
    if not console.is_terminal:
        console = Console(file=io.StringIO(), width=_WIDE)
    with console.capture() as captured:
        console.print(table)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


FORMS: Mapping[str, Callable[[list[Row]], str]] = {"json": _json, "table": _table, "yaml": _yaml}
