"""
The contract with the scheduler: what it must know of the fleet, in the form it keeps it in.

scheduler-zen has three tables in its `app-configs`: `gpu_regions`, the regions of each GPU type;
`mig_clusters`, the GPU type of each cluster; `max_scale_limits`, how many VMs it raises one group
of a cluster to. It builds the names of groups from them, without asking Google what there is.

It sets the size of a group, and that gives VMs of most clusters. Which need something else is in
two tables more, that it does not have today: `mig_capacity`, how the VMs of each cluster are had,
and `bulk_migs`, the clusters whose groups make all VMs at once.
"""

from collections.abc import Sequence
from pathlib import Path

import yaml

from pipeline_zen.errors import UserError
from pipeline_zen.files import Json
from pipeline_zen.fleet.cluster import Cluster, clusters
from pipeline_zen.settings import Settings, show

TABLES = ("gpu_regions", "mig_clusters", "max_scale_limits")

_LARGEST = 1_000_000
"""The bytes that a file of the scheduler's may have. It has some thousand."""

CAPACITY = "mig_capacity"
BULK = "bulk_migs"


class SchedulerConfigError(UserError):
    """The file is no configuration of the scheduler; the text says why."""


def scheduler_tables(settings: Settings) -> Json:
    """The tables; a cluster without a limit in the settings has none here."""
    all_clusters = clusters(settings)
    return {
        "gpu_regions": {
            name: sorted(fleet.regions) for name, fleet in sorted(settings.fleets.items())
        },
        "mig_clusters": {cluster.name: _gpu_type(cluster) for cluster in all_clusters},
        "max_scale_limits": {
            cluster.name: cluster.max_vms for cluster in all_clusters if cluster.max_vms is not None
        },
        CAPACITY: {cluster.name: cluster.capacity for cluster in all_clusters},
        BULK: [cluster.name for cluster in all_clusters if cluster.in_bulk],
    }


def scheduler_text(settings: Settings) -> str:
    """The tables as YAML, to be put into the scheduler's file; says which limits are unknown."""
    unknown = [cluster.name for cluster in clusters(settings) if cluster.max_vms is None]
    head = f"# {settings.environment}: written by `pipeline-zen scheduler-config`\n"
    if unknown:
        head += f"# No max_vms, so without a limit: {', '.join(unknown)}\n"
    return head + yaml.safe_dump(scheduler_tables(settings), sort_keys=False)


def read_tables(files: Sequence[Path]) -> Json:
    """
    The tables in the scheduler's *files*, read as it reads them.

    A table of a later file replaces that of an earlier one: `app-configs/prod.yml` those of
    `app-configs/default.yml`. Raises SchedulerConfigError.
    """
    content: Json = {}
    for file in files:
        content.update(_document(file))
    shown = " with ".join(map(str, files))
    problems = [
        f"{shown}: {table} is {show(content[table])}, and no table"
        for table in (*TABLES, CAPACITY)
        if not isinstance(content.get(table), dict | None)
    ]
    if not isinstance(content.get(BULK), list | None):
        problems.append(f"{shown}: {BULK} is {show(content[BULK])}, and no list")
    missing = [table for table in TABLES if content.get(table) is None]
    if missing:
        problems.append(
            f"{shown} has no table {' and no table '.join(missing)}; they are in the scheduler's "
            "app-configs/default.yml"
        )
    if problems:
        raise SchedulerConfigError(".\n".join(problems))
    return {
        **{table: content[table] for table in TABLES},
        CAPACITY: content.get(CAPACITY) or {},
        BULK: content.get(BULK) or [],
    }


def _document(file: Path) -> Json:
    try:
        with file.open("rb") as opened:
            # What has no end, such as a device, is read no further.
            data = opened.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise SchedulerConfigError(f"{file} is larger than {_LARGEST:,} bytes")
        content = yaml.safe_load(data.decode("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise SchedulerConfigError(f"{file}: {reason}") from None
    except yaml.MarkedYAMLError as error:
        raise SchedulerConfigError(f"{file} is not YAML{_where(error)}") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise SchedulerConfigError(f"{file} is not YAML") from None
    if not isinstance(content, dict):
        raise SchedulerConfigError(f"{file} has none of {', '.join(TABLES)}")
    return content


def _where(error: yaml.MarkedYAMLError) -> str:
    """Where something is no YAML, and why, as the end of a sentence."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return ""
    return f" at {mark.line + 1}:{mark.column + 1}: {error.problem or error.context}"


def _gpu_type(cluster: Cluster) -> str:
    return cluster.name.partition("x")[2]
