"""
The fleet as plain values, made from the settings.

    template            what a VM of a cluster is made as
    cluster             settings -> clusters and their groups
    expansion_rows      the same as rows, in JSON and YAML
    expansion_tables    the same as tables: a line a cluster, or a line a group
    quotas              what Google must grant so that every group can be at its limit
    exposure_figures    the most that the groups hold at once: VMs, GPUs, quota, dollars an hour
    exposure_forms      the same as a table, Markdown or JSON
    scheduler_contract  what the scheduler must know of the fleet, in the form it keeps it in
    scheduler_check     what it would do wrong with the tables that it has
"""

from pipeline_zen.fleet.cluster import Cluster, InstanceGroup, clusters
from pipeline_zen.fleet.expansion_rows import EXPANSION_FORMS, expansion
from pipeline_zen.fleet.expansion_tables import clusters_table, groups_table
from pipeline_zen.fleet.exposure_figures import MEANING as EXPOSURE_MEANING
from pipeline_zen.fleet.exposure_figures import Exposure, exposure
from pipeline_zen.fleet.exposure_figures import Row as ExposureRow
from pipeline_zen.fleet.exposure_forms import EXPOSURE_FORMS
from pipeline_zen.fleet.quotas import Quota
from pipeline_zen.fleet.scheduler_check import scheduler_differences
from pipeline_zen.fleet.scheduler_contract import (
    SchedulerConfigError,
    read_tables,
    scheduler_tables,
    scheduler_text,
)
from pipeline_zen.fleet.template import ENDING_MODELS, RESERVATION_KEY, STARTUP_SCRIPT, labels

__all__ = [
    "ENDING_MODELS",
    "EXPANSION_FORMS",
    "EXPOSURE_FORMS",
    "EXPOSURE_MEANING",
    "RESERVATION_KEY",
    "STARTUP_SCRIPT",
    "Cluster",
    "Exposure",
    "ExposureRow",
    "InstanceGroup",
    "Quota",
    "SchedulerConfigError",
    "clusters",
    "clusters_table",
    "expansion",
    "exposure",
    "groups_table",
    "labels",
    "read_tables",
    "scheduler_differences",
    "scheduler_tables",
    "scheduler_text",
]
