"""Quotas: what Google must grant so that every group can be at its limit."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline_zen import catalog
from pipeline_zen.fleet.cluster import Cluster

ANYWHERE = "all regions"

_DISK_METRICS = {
    "pd-balanced": "SSD_TOTAL_GB",
    "pd-ssd": "SSD_TOTAL_GB",
    "pd-standard": "DISKS_TOTAL_GB",
}


@dataclass(frozen=True)
class Quota:
    """A line to ask Google for."""

    region: str
    metric: str | None
    """The name in `gcloud compute regions describe`; None where the GPU has none there."""
    id: str | None
    """The id in Cloud Quotas; None where it is not known."""
    dimensions: tuple[tuple[str, str], ...]
    amount: int
    unit: str
    doubtful: bool
    """Whether the name is by analogy only."""
    partial: bool
    """Whether clusters without a limit count against it, too, so that more is needed."""

    def words(self) -> str:
        """The amount, and whether that is all."""
        if not self.partial:
            return f"{self.amount:,} {self.unit}"
        return f"{self.amount:,} + unknown {self.unit}" if self.amount else f"unknown {self.unit}"


@dataclass
class _Amount:
    """How much the clusters need of one quota."""

    known: int = 0
    partial: bool = False

    def add(self, vms: int | None, each: int) -> None:
        self.known += (vms or 0) * each
        self.partial |= vms is None


def quotas(fleet: Iterable[Cluster]) -> Iterator[Quota]:
    """The quotas of a fleet: GPUs everywhere, GPUs by region, then disks, addresses and vCPUs."""
    clusters = list(fleet)
    yield from _everywhere(clusters)
    yield from _gpus(clusters)
    yield from _others(clusters)


def _everywhere(fleet: Iterable[Cluster]) -> Iterator[Quota]:
    amounts: dict[str, _Amount] = defaultdict(_Amount)
    for cluster in fleet:
        total = catalog.quotas(cluster.fleet.accelerator, cluster.capacity).everywhere
        for _ in cluster.groups:
            amounts[total].add(cluster.max_vms, cluster.gpus)
    for total, amount in sorted(amounts.items()):
        yield Quota(
            region=ANYWHERE,
            metric=total,
            id=f"{total.replace('_', '-')}-per-project",
            dimensions=(),
            amount=amount.known,
            unit="GPUs",
            doubtful=True,
            partial=amount.partial,
        )


def _gpus(fleet: Iterable[Cluster]) -> Iterator[Quota]:
    amounts: dict[tuple[str, catalog.Quotas], _Amount] = defaultdict(_Amount)
    for cluster in fleet:
        counted = catalog.quotas(cluster.fleet.accelerator, cluster.capacity)
        for group in cluster.groups:
            amounts[group.region, counted].add(cluster.max_vms, cluster.gpus)
    for (region, counted), amount in sorted(amounts.items(), key=lambda item: str(item[0])):
        family = (("gpu_family", counted.gpu_family),) if counted.gpu_family else ()
        yield Quota(
            region=region,
            metric=counted.metric,
            id=counted.id,
            dimensions=(("region", region), *family),
            amount=amount.known,
            unit="GPUs",
            doubtful=counted.doubtful,
            partial=amount.partial,
        )


def _others(fleet: Iterable[Cluster]) -> Iterator[Quota]:
    amounts: dict[tuple[str, str | None, str], _Amount] = defaultdict(_Amount)
    machines = catalog.load().n1_machine_types
    for cluster in fleet:
        disk, vms = cluster.fleet.boot_disk_type, cluster.max_vms
        cpus = "PREEMPTIBLE_CPUS" if cluster.capacity in ("spot", "flex-start") else "CPUS"
        n1 = machines.get(cluster.machine_type)
        for group in cluster.groups:
            region = group.region
            amounts[region, _DISK_METRICS.get(disk), f"GB of {disk}"].add(
                vms, cluster.fleet.boot_disk_gb
            )
            amounts[region, "IN_USE_ADDRESSES", "addresses"].add(vms, 1)
            if n1:
                amounts[region, cpus, "vCPUs"].add(vms, n1.vcpus)
    for (region, metric, unit), amount in sorted(amounts.items(), key=lambda item: str(item[0])):
        yield Quota(
            region=region,
            metric=metric,
            id=None,
            dimensions=(("region", region),),
            amount=amount.known,
            unit=unit,
            doubtful=False,
            partial=amount.partial,
        )
