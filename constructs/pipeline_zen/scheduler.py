"""
The contract with the scheduler: what it must know of the fleet, in the form it keeps it in.

scheduler-zen has three tables in its `app-configs`: `gpu_regions`, the regions of each GPU type;
`mig_clusters`, the GPU type of each cluster; `max_scale_limits`, how many VMs it raises one group
of a cluster to. It builds the names of groups from them, without asking Google what there is.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from pipeline_zen import names
from pipeline_zen.clusters import Cluster, clusters
from pipeline_zen.settings import Settings

TABLES = ("gpu_regions", "mig_clusters", "max_scale_limits")

Json = dict[str, Any]


class SchedulerConfigError(Exception):
    """The file is no configuration of the scheduler; the text says why."""


def fragment(settings: Settings) -> Json:
    """The three tables; a cluster without a limit in the settings has none here."""
    fleet = clusters(settings)
    return {
        "gpu_regions": {name: sorted(one.regions) for name, one in sorted(settings.fleets.items())},
        "mig_clusters": {cluster.name: _gpu_type(cluster) for cluster in fleet},
        "max_scale_limits": {
            cluster.name: cluster.max_vms for cluster in fleet if cluster.max_vms is not None
        },
    }


def text(settings: Settings) -> str:
    """The tables as YAML, to be put into the scheduler's file; says which limits are unknown."""
    unknown = [cluster.name for cluster in clusters(settings) if cluster.max_vms is None]
    head = f"# {settings.environment}: written by `pipeline-zen scheduler-config`\n"
    if unknown:
        head += f"# No max_vms, so without a limit: {', '.join(unknown)}\n"
    return head + yaml.safe_dump(fragment(settings), sort_keys=False)


def read(file: Path) -> Json:
    """The tables in a file of the scheduler. Raises SchedulerConfigError."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise SchedulerConfigError(f"{file}: {reason}") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise SchedulerConfigError(f"{file} is not YAML") from None
    if not isinstance(content, dict):
        raise SchedulerConfigError(f"{file} has none of {', '.join(TABLES)}")
    missing = [table for table in TABLES if not isinstance(content.get(table), dict)]
    if missing:
        raise SchedulerConfigError(
            f"{file} has no table {' and no table '.join(missing)}: is it the scheduler's "
            "app-configs/default.yml?"
        )
    for name, regions in content["gpu_regions"].items():
        if not isinstance(regions, list):
            raise SchedulerConfigError(f"{file}: the regions of {name} must be a list")
    return {table: content[table] for table in TABLES}


def differences(settings: Settings, theirs: Mapping[str, Any]) -> Iterator[str]:
    """What the scheduler would do wrong with its tables, a sentence for each."""
    ours = {cluster.name: cluster for cluster in clusters(settings)}
    known = theirs["mig_clusters"]
    local = set(settings.local.clusters if settings.local else ())
    for name, cluster in ours.items():
        if name not in known:
            yield f"{name}: it does not know the cluster, and refuses its jobs."
        else:
            yield from _of_cluster(cluster, theirs)
    for name in sorted(map(str, set(known) - set(ours) - local)):
        yield (
            f"{name}: it would take jobs for it and publish them, and there is no subscription "
            f"{names.start_subscription(name)}: they are lost."
        )


def _of_cluster(cluster: Cluster, theirs: Mapping[str, Any]) -> Iterator[str]:
    name = cluster.name
    gpu_type = theirs["mig_clusters"][name]
    if gpu_type not in theirs["gpu_regions"]:
        yield f"{name}: its GPU type {gpu_type} has no regions, so the scheduler does not start."
        return
    regions = set(map(str, theirs["gpu_regions"][gpu_type]))
    ours = {group.region for group in cluster.groups}
    for region in sorted(ours - regions):
        yield f"{name}: it never raises the group in {region}, so nobody gets capacity there."
    for region in sorted(regions - ours):
        group = names.group(name, region)
        yield f"{name}: it would resize {group}, which does not exist: each such job fails."
    limit = theirs["max_scale_limits"].get(name)
    if limit == cluster.max_vms:
        return
    if limit is None:
        yield (
            f"{name}: it has no limit, and raises a group as far as there are jobs, not to "
            f"{cluster.max_vms} VMs."
        )
    elif cluster.max_vms is None:
        yield f"{name}: it raises a group to {limit} VMs, and no max_vms is set here to compare."
    else:
        yield f"{name}: it raises a group to {limit} VMs instead of {cluster.max_vms}."


def _gpu_type(cluster: Cluster) -> str:
    return cluster.name.partition("x")[2]
