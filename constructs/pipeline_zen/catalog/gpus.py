"""
The GPUs, and the names of the quotas they count against. How much there is, only Google knows.

Older GPUs have a metric in `regions.quotas`, newer ones only an id in the Cloud Quotas API, where
those on demand share one id and differ in its dimension `gpu_family`. A metric that
`gcloud compute regions describe` does not show is unknown, not zero.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from pipeline_zen.catalog.facts import Row, rows
from pipeline_zen.catalog.machines import ProvisioningModel

EVERYWHERE = "GPUS_ALL_REGIONS"
"""Counts every GPU of the project, whatever it is; often 0 or 1 until one asks for more."""


@dataclass(frozen=True)
class Quotas:
    """Where the GPUs of one kind and provisioning model are counted, for each region."""

    metric: str | None
    """The name in `regions.quotas` of the Compute API; None where there is none."""
    id: str | None
    """The name in the Cloud Quotas API."""
    gpu_family: str | None
    """The dimension of the id there; None where the id is of that GPU alone."""
    doubtful: bool
    """Whether these names are by analogy with others."""
    as_of: date | None
    everywhere: str = EVERYWHERE


@dataclass(frozen=True)
class Accelerator:
    """A GPU: its own memory, and whether Google still sells it to everyone (`GA`)."""

    name: str
    memory_gb: int
    status: str
    on_demand: Quotas
    preemptible: Quotas
    recalled: tuple[str, ...]
    source: str


def quotas(accelerator: str, model: ProvisioningModel | Literal["reservation"]) -> Quotas:
    """
    The quotas that a VM with *accelerator* counts against.

    Spot and flex-start count as preemptible. A reservation counts as on demand when it is made, and
    its VMs no more.
    """
    known = accelerators().get(accelerator)
    if known is None:
        return Quotas(None, None, None, doubtful=True, as_of=None)
    return known.preemptible if model in ("spot", "flex-start") else known.on_demand


@cache
def accelerators() -> dict[str, Accelerator]:
    """Every accelerator that has quotas, by name; also those that no machine has any more."""
    return {
        row["accelerator"]: _accelerator(row) for row in rows("accelerators.csv", "accelerator")
    }


def _accelerator(row: Row) -> Accelerator:
    recalled = row.words("recalled", row.fields)
    as_of = row.day("as_of")
    return Accelerator(
        name=row.text("accelerator"),
        memory_gb=row.whole("memory_gb"),
        status=row.text("status"),
        on_demand=Quotas(
            metric=row["on_demand_metric"] or None,
            id=row["on_demand_id"] or None,
            gpu_family=row["gpu_family"] or None,
            doubtful="on_demand_id" in recalled,
            as_of=as_of,
        ),
        preemptible=Quotas(
            metric=row["preemptible_metric"] or None,
            id=row["preemptible_id"] or None,
            gpu_family=None,
            doubtful="preemptible_id" in recalled,
            as_of=as_of,
        ),
        recalled=recalled,
        source=row.text("source"),
    )
