"""The fleet as rows, one for each managed instance group, and the rows as text."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import yaml

from pipeline_zen.fleet.cluster import clusters
from pipeline_zen.fleet.terminal import WIDE, shown
from pipeline_zen.settings import Fleet, Settings

Row: TypeAlias = dict[str, Any]

_MOSTLY = {
    "reservation": None,
    **{
        setting: Fleet.model_fields[setting].default
        for setting in (
            "target_shape",
            "target_size_mode",
            "boot_disk_gb",
            "boot_disk_type",
            "max_run_hours",
        )
    },
}
"""What is mostly the same, with the value that a table leaves out."""


def expansion(settings: Settings) -> list[Row]:
    """The fleet as rows, one for each group, by cluster and region."""
    return [
        {
            "cluster": cluster.name,
            "machine_type": cluster.machine_type,
            "accelerator": cluster.fleet.accelerator,
            "gpus": cluster.gpus,
            "capacity": cluster.capacity,
            "reservation": cluster.fleet.reservations.get(cluster.gpus),
            "target_shape": cluster.shape,
            "target_size_mode": cluster.fleet.target_size_mode,
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
    return yaml.safe_dump(rows, sort_keys=False, width=WIDE)


_COLUMNS: Mapping[str, Callable[[Row], str]] = {
    "cluster": lambda row: str(row["cluster"]),
    "machine type": lambda row: str(row["machine_type"]),
    "GPUs": lambda row: str(row["gpus"]),
    "accelerator": lambda row: str(row["accelerator"]),
    "capacity": lambda row: str(row["capacity"]),
    "image": lambda row: str(row["image_version"]),
    "VMs": lambda row: "?" if row["max_vms"] is None else str(row["max_vms"]),
    "region": lambda row: str(row["region"]),
    "zones": lambda row: " ".join(zone.rpartition("-")[2] for zone in row["zones"]),
    "group": lambda row: str(row["group"]),
    "template": lambda row: str(row["template"]),
    "bucket": lambda row: str(row["bucket"]),
}
"""The columns of a table, and what of a row is in each."""


def _besides(row: Row) -> str:
    return ", ".join(f"{key}: {row[key]}" for key, usual in _MOSTLY.items() if row[key] != usual)


def _table(rows: list[Row]) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    columns = dict(_COLUMNS)
    if any(map(_besides, rows)):
        columns["besides"] = _besides
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in columns:
        table.add_column(
            heading,
            overflow="fold",
            justify="right" if heading in ("GPUs", "VMs") else "left",
            # What a row is about stays readable in a narrow terminal.
            no_wrap=heading == "cluster",
        )
    for row in rows:
        table.add_row(*(cell(row) for cell in columns.values()))
    return shown(table, notes=[])


EXPANSION_FORMS: Mapping[str, Callable[[list[Row]], str]] = {
    "json": _json,
    "table": _table,
    "yaml": _yaml,
}
