"""
Exposure: the most that the groups hold at once, if the scheduler raises each to its limit.

VMs, GPUs, disks, the quota that Google must grant for it, and what an hour of it costs by Google's
list prices. What is not known, a limit or a price, is told as unknown and kept out of the sums. It
is no bound on what runs: the scheduler counts the jobs that wait, and raises a group again once its
VMs have been detached.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline_zen import catalog
from pipeline_zen.fleet.cluster import Cluster, clusters
from pipeline_zen.fleet.quotas import Quota, quotas
from pipeline_zen.settings import Settings

MEANING = (
    "The most that the groups hold at once. A VM that takes a job leaves its group, which is "
    "raised again for the next: VMs with jobs come on top, and only quota bounds them."
)
"""What the numbers are, and are not; in every form."""


UNLISTED = "flex-start"
"""What is had so has a price of its own, which is in no list that is known here."""


@dataclass(frozen=True)
class Row:
    """A group at its limit."""

    cluster: str
    accelerator: str
    region: str
    capacity: str
    vms: int | None
    """None where no limit is set."""
    gpus: int | None
    disk_gb: int | None
    on_demand: Decimal | None
    """
    Dollars an hour for all of its VMs, by Google's list; None where it is not known, and of what
    is had as flex-start, which has a price of its own.
    """
    spot: Decimal | None
    prices_as_of: date | None
    prices_note: str
    """What these prices leave out or do not mean."""

    @property
    def dollars(self) -> Decimal | None:
        """Dollars an hour as its VMs are had; None where limit or price is not known."""
        return self.spot if self.capacity == "spot" else self.on_demand


@dataclass(frozen=True)
class Exposure:
    """The most that the groups of an environment hold at once."""

    environment: str
    rows: tuple[Row, ...]
    quotas: tuple[Quota, ...]
    unlimited: tuple[str, ...]
    """The clusters without a limit, which count nowhere."""

    @property
    def vms(self) -> int:
        """VMs of the groups that have a limit."""
        return sum(row.vms or 0 for row in self.rows)

    @property
    def gpus(self) -> int:
        """GPUs of the groups that have a limit."""
        return sum(row.gpus or 0 for row in self.rows)

    @property
    def disk_tb(self) -> float:
        """Disks of the groups that have a limit, in TB of 1,000 GB, as Google bills them."""
        return sum(row.disk_gb or 0 for row in self.rows) / 1_000

    @property
    def on_demand(self) -> Decimal:
        """Dollars an hour of what has a price."""
        return sum((row.on_demand for row in self.rows if row.on_demand is not None), Decimal())

    @property
    def spot(self) -> Decimal:
        """Dollars an hour of what has a price as spot."""
        return sum((row.spot for row in self.rows if row.spot is not None), Decimal())

    def unpriced(self, kind: str) -> tuple[Row, ...]:
        """The groups that have VMs and no price of that kind, `on_demand` or `spot`."""
        return tuple(row for row in self.rows if row.vms and getattr(row, kind) is None)


def exposure(settings: Settings) -> Exposure:
    """The most that the groups of an environment hold at once."""
    fleet = clusters(settings)
    rows = tuple(_row(cluster, group.region) for cluster in fleet for group in cluster.groups)
    return Exposure(
        environment=settings.environment,
        rows=rows,
        quotas=tuple(quotas(fleet)),
        unlimited=tuple(cluster.name for cluster in fleet if cluster.max_vms is None),
    )


def _row(cluster: Cluster, region: str) -> Row:
    vms = cluster.max_vms
    price = catalog.price(cluster.machine_type, cluster.fleet.accelerator, cluster.gpus, region)
    if cluster.capacity == UNLISTED:
        # It is had neither on demand nor as spot, and no list that is known has what it costs.
        price = catalog.Price(None, None, None)

    def times(each: Any) -> Any:
        return None if vms is None or each is None else vms * each

    return Row(
        cluster=cluster.name,
        accelerator=cluster.fleet.accelerator,
        region=region,
        capacity=cluster.capacity,
        vms=vms,
        gpus=times(cluster.gpus),
        disk_gb=times(cluster.fleet.boot_disk_gb),
        on_demand=times(price.on_demand),
        spot=times(price.spot),
        prices_as_of=price.as_of,
        prices_note=price.note,
    )
