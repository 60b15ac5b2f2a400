"""The fleet as rows, one for each managed instance group, and the rows for programs."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import yaml

from pipeline_zen.console import WIDE
from pipeline_zen.fleet.cluster import clusters
from pipeline_zen.settings import Settings

Row: TypeAlias = dict[str, Any]


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


EXPANSION_FORMS: Mapping[str, Callable[[list[Row]], str]] = {
    "json": _json,
    "yaml": _yaml,
}
