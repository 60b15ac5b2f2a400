"""
The contract with the scheduler: what it must know of the fleet, in the form it keeps it in.

scheduler-zen has three tables in its `app-configs`: `gpu_regions`, the regions of each GPU type;
`mig_clusters`, the GPU type of each cluster; `max_scale_limits`, how many VMs it raises one group
of a cluster to. It builds the names of groups from them, without asking Google what there is.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

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


class _Tables(BaseModel):
    """As strict as the scheduler is: a limit in quotes stops it from raising anything."""

    model_config = ConfigDict(strict=True)

    gpu_regions: dict[str, list[str]]
    mig_clusters: dict[str, str]
    max_scale_limits: dict[str, int]


def read(files: Sequence[Path]) -> Json:
    """
    The tables in the scheduler's *files*, read as it reads them.

    A table of a later file replaces that of an earlier one: `app-configs/prod.yml` those of
    `app-configs/default.yml`. Raises SchedulerConfigError.
    """
    content: Json = {}
    for file in files:
        content.update(_document(file))
    shown = " with ".join(map(str, files))
    missing = [table for table in TABLES if content.get(table) is None]
    if missing:
        raise SchedulerConfigError(
            f"{shown} has no table {' and no table '.join(missing)}; they are in the scheduler's "
            "app-configs/default.yml"
        )
    try:
        return _Tables.model_validate(content).model_dump()
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(key) for key in first["loc"] if key != "[key]")
        raise SchedulerConfigError(f"{shown}: {where}: {first['msg']}") from None


def _document(file: Path) -> Json:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise SchedulerConfigError(f"{file}: {reason}") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise SchedulerConfigError(f"{file} is not YAML") from None
    if not isinstance(content, dict):
        raise SchedulerConfigError(f"{file} has none of {', '.join(TABLES)}")
    return content


def differences(settings: Settings, theirs: Mapping[str, Any]) -> list[str]:
    """What the scheduler would do wrong with its tables: a sentence for all whom it is true of."""
    said: dict[str, list[str]] = {}
    for name, sentence in _differences(settings, theirs):
        said.setdefault(sentence, []).append(name)
    return [f"{', '.join(of)}: {sentence}" for sentence, of in said.items()]


def _differences(settings: Settings, theirs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    ours = {cluster.name: cluster for cluster in clusters(settings)}
    subscribed = {*ours, *(settings.local.clusters if settings.local else ())}
    known = theirs["mig_clusters"]
    for name in ours:
        if name not in known:
            yield name, "it does not know the cluster, and refuses its jobs."
    for name in [*(name for name in ours if name in known), *sorted(set(known) - set(ours))]:
        if name not in subscribed:
            yield (
                name,
                "it takes jobs for it and publishes them, and there is no subscription "
                f"{names.start_subscription(name)}: they are lost.",
            )
        if known[name] not in theirs["gpu_regions"]:
            yield (
                name,
                f"its GPU type {known[name]} has no regions, so the scheduler does not start.",
            )
            continue
        cluster = ours.get(name)
        regions = set(theirs["gpu_regions"][known[name]])
        there = {group.region for group in cluster.groups} if cluster else set()
        for region in sorted(there - regions):
            yield name, f"it never raises a group in {region}: jobs find no capacity there."
        for region in sorted(regions - there):
            yield (
                name,
                f"it resizes {names.group(name, region)}, which does not exist: while a job waits "
                "for the cluster, each of its cycles ends in an error.",
            )
        if cluster:
            yield from ((name, sentence) for sentence in _limit(cluster, theirs))


def _limit(cluster: Cluster, theirs: Mapping[str, Any]) -> Iterator[str]:
    limit = theirs["max_scale_limits"].get(cluster.name)
    if limit == cluster.max_vms:
        return
    if limit is None:
        yield (
            "it has no limit, and raises a group as far as there are jobs, not to "
            f"{_vms(cluster.max_vms)}."
        )
    elif cluster.max_vms is None:
        yield f"it raises a group to {_vms(limit)}, and no max_vms is set here to compare."
    else:
        yield f"it raises a group to {_vms(limit)} instead of {cluster.max_vms}."


def _vms(count: int | None) -> str:
    return f"{count} VM" if count == 1 else f"{count} VMs"


def _gpu_type(cluster: Cluster) -> str:
    return cluster.name.partition("x")[2]
