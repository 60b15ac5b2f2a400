"""
Exposure: the most that the groups hold at once, if the scheduler raises each to its limit.

VMs, GPUs, disks, the quota that Google must grant for it, and what an hour of it costs by Google's
list prices. What is not known, a limit or a price, is told as unknown and kept out of the sums. It
is no bound on what runs: the scheduler counts the jobs that wait, and raises a group again once its
VMs have been detached.
"""

import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline_zen import catalog
from pipeline_zen.fleet.clusters import Cluster, clusters
from pipeline_zen.settings import Settings

ANYWHERE = "all regions"

MEANING = (
    "The most that the groups hold at once. A VM that takes a job leaves its group, which is "
    "raised again for the next: VMs with jobs come on top, and only quota bounds them."
)
"""What the numbers are, and are not; in every form."""

_SSD = ("pd-balanced", "pd-ssd")
_WIDE = 1_000


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
    """Dollars an hour for all of its VMs, by Google's list; None where it is not known."""
    spot: Decimal | None
    prices_as_of: date | None
    prices_note: str
    """What these prices leave out or do not mean."""


@dataclass(frozen=True)
class Quota:
    """A line to ask Google for."""

    region: str
    metric: str | None
    """In `gcloud compute regions describe`; None where the GPU has none there."""
    id: str | None
    """In Cloud Quotas; None where it is not known."""
    dimensions: tuple[tuple[str, str], ...]
    amount: int
    unit: str
    doubtful: bool = False
    """Whether the name is by analogy only."""
    partial: bool = False
    """Whether clusters without a limit count against it, too, so that more is needed."""

    def words(self) -> str:
        """The amount, and whether that is all."""
        if not self.partial:
            return f"{self.amount:,} {self.unit}"
        return f"{self.amount:,} + unknown {self.unit}" if self.amount else f"unknown {self.unit}"


@dataclass(frozen=True)
class Exposure:
    """All of it."""

    environment: str
    rows: tuple[Row, ...]
    quotas: tuple[Quota, ...]
    unlimited: tuple[str, ...]
    """The clusters without a limit, which count nowhere."""

    @property
    def vms(self) -> int:
        """Of the groups that have a limit."""
        return sum(row.vms or 0 for row in self.rows)

    @property
    def gpus(self) -> int:
        """Of the groups that have a limit."""
        return sum(row.gpus or 0 for row in self.rows)

    @property
    def disk_tb(self) -> float:
        """In TB of 1,000 GB, as Google bills them, of the groups that have a limit."""
        return sum(row.disk_gb or 0 for row in self.rows) / 1_000

    @property
    def on_demand(self) -> Decimal:
        """Dollars an hour of what has a price."""
        return sum((row.on_demand for row in self.rows if row.on_demand is not None), Decimal())

    @property
    def spot(self) -> Decimal:
        """The same as spot."""
        return sum((row.spot for row in self.rows if row.spot is not None), Decimal())

    def unpriced(self, kind: str) -> tuple[Row, ...]:
        """The groups that have VMs and no price of that kind, `on_demand` or `spot`."""
        return tuple(row for row in self.rows if row.vms and getattr(row, kind) is None)


def exposure(settings: Settings) -> Exposure:
    """What the groups come to at most."""
    fleet = clusters(settings)
    rows = tuple(_row(cluster, group.region) for cluster in fleet for group in cluster.groups)
    return Exposure(
        environment=settings.environment,
        rows=rows,
        quotas=tuple(_quotas(fleet)),
        unlimited=tuple(cluster.name for cluster in fleet if cluster.max_vms is None),
    )


def _row(cluster: Cluster, region: str) -> Row:
    vms = cluster.max_vms
    price = catalog.price(cluster.machine_type, cluster.fleet.accelerator, cluster.gpus, region)

    def times(one: Any) -> Any:
        return None if vms is None or one is None else vms * one

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


@dataclass
class _Amount:
    """What the clusters need of one quota."""

    known: int = 0
    partial: bool = False

    def add(self, vms: int | None, each: int) -> None:
        self.known += (vms or 0) * each
        self.partial |= vms is None


def _quotas(fleet: Iterable[Cluster]) -> Iterable[Quota]:
    gpus: dict[tuple[str, catalog.Quotas], _Amount] = defaultdict(_Amount)
    others: dict[tuple[str, str | None, str], _Amount] = defaultdict(_Amount)
    everywhere: dict[str, _Amount] = defaultdict(_Amount)
    machines = catalog.load()
    for cluster in fleet:
        counted = catalog.quotas(cluster.fleet.accelerator, cluster.capacity)
        disk = cluster.fleet.boot_disk_type
        metric = (
            "SSD_TOTAL_GB" if disk in _SSD else "DISKS_TOTAL_GB" if disk == "pd-standard" else None
        )
        preemptible = cluster.capacity in ("spot", "flex-start")
        vms = cluster.max_vms
        for group in cluster.groups:
            region = group.region
            gpus[region, counted].add(vms, cluster.gpus)
            everywhere[counted.everywhere].add(vms, cluster.gpus)
            others[region, metric, f"GB of {disk}"].add(vms, cluster.fleet.boot_disk_gb)
            others[region, "IN_USE_ADDRESSES", "addresses"].add(vms, 1)
            n1 = machines.n1_machine_types.get(cluster.machine_type)
            if n1:
                cpus = "PREEMPTIBLE_CPUS" if preemptible else "CPUS"
                others[region, cpus, "vCPUs"].add(vms, n1.vcpus)
    for total, amount in sorted(everywhere.items()):
        id_ = f"{total.replace('_', '-')}-per-project"
        yield Quota(ANYWHERE, total, id_, (), amount.known, "GPUs", True, amount.partial)
    for (region, counted), amount in sorted(gpus.items(), key=lambda one: (one[0][0], str(one))):
        family = (("gpu_family", counted.gpu_family),) if counted.gpu_family else ()
        yield Quota(
            region,
            counted.metric,
            counted.id,
            (("region", region), *family),
            amount.known,
            "GPUs",
            counted.doubtful,
            amount.partial,
        )
    for (region, metric, unit), amount in sorted(others.items(), key=str):
        place = (("region", region),)
        yield Quota(region, metric, None, place, amount.known, unit, partial=amount.partial)


def _json(found: Exposure) -> str:
    def plain(value: Any) -> Any:
        if isinstance(value, date):
            return value.isoformat()
        return float(value) if isinstance(value, Decimal) else value

    content = {
        "environment": found.environment,
        "meaning": MEANING,
        "vms": found.vms,
        "gpus": found.gpus,
        "disk_tb": found.disk_tb,
        "dollars_an_hour": {"on_demand": plain(found.on_demand), "spot": plain(found.spot)},
        "unknown": {
            "limits": found.unlimited,
            **{
                kind: [f"{row.cluster} {row.region}" for row in found.unpriced(kind)]
                for kind in ("on_demand", "spot")
            },
        },
        "groups": [{key: plain(value) for key, value in asdict(row).items()} for row in found.rows],
        "quotas": [
            {**asdict(quota), "dimensions": dict(quota.dimensions)} for quota in found.quotas
        ],
    }
    return json.dumps(content, indent=2) + "\n"


Table = tuple[str, list[str], list[list[str]]]


def _tables(found: Exposure) -> list[Table]:
    """The tables of the forms that people read: title, headings, rows."""
    places: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in found.rows:
        places[row.accelerator, row.region].append(row)
    heads = ["GPU", "region", "VMs", "GPUs", "disk TB", "$/h on demand", "$/h spot"]
    lines = [
        [accelerator, region, *_sums(rows)]
        for (accelerator, region), rows in sorted(places.items())
    ]
    lines.append(["all", "", *_sums(list(found.rows))])
    quotas = [
        [
            quota.region,
            quota.metric or "none known",
            (quota.id or "unknown") + (" (by analogy)" if quota.doubtful and quota.id else ""),
            dict(quota.dimensions).get("gpu_family", ""),
            quota.words(),
        ]
        for quota in found.quotas
    ]
    return [
        ("In groups at most", heads, lines),
        (
            "Quota to ask for",
            ["region", "metric", "Cloud Quotas id", "gpu_family", "amount"],
            quotas,
        ),
    ]


def _sums(rows: list[Row]) -> list[str]:
    known = [row for row in rows if row.vms is not None]
    mark = "" if len(known) == len(rows) else " + unknown"
    cells = [
        f"{sum(row.vms or 0 for row in known):,}{mark}",
        f"{sum(row.gpus or 0 for row in known):,}{mark}",
        f"{sum(row.disk_gb or 0 for row in known) / 1_000:,g}{mark}",
    ]
    for kind in ("on_demand", "spot"):
        prices = [getattr(row, kind) for row in known]
        some = [price for price in prices if price is not None]
        more = " + unknown" if len(some) < len(rows) else ""
        cells.append(f"{sum(some, Decimal()):,.2f}{more}" if some else "unknown")
    return cells


def _notes(found: Exposure) -> list[str]:
    days = sorted({row.prices_as_of for row in found.rows if row.prices_as_of})
    ago = f" of {days[0]}" + (f" to {days[-1]}" if len(days) > 1 else "") if days else ""
    notes = [
        MEANING,
        f"Dollars are Google's list prices{ago}, of the VMs alone: no disks, no network, no "
        "discounts.",
    ]
    if found.unlimited:
        notes.append(f"Without max_vms, so counted nowhere: {', '.join(found.unlimited)}.")
    for kind, words in (("on_demand", "on demand"), ("spot", "as spot")):
        unpriced = sorted({f"{row.accelerator} in {row.region}" for row in found.unpriced(kind)})
        if unpriced:
            notes.append(f"No price {words} is known of {', '.join(unpriced)}.")
    special: dict[str, set[str]] = defaultdict(set)
    for row in found.rows:
        if row.vms and row.prices_as_of and row.prices_note:
            special[row.prices_note].add(f"{row.accelerator} in {row.region}")
    notes += [f"{', '.join(sorted(of))}: {note}." for note, of in sorted(special.items())]
    return notes


def _markdown(found: Exposure) -> str:
    parts = [f"# {found.environment}: exposure\n"]
    for title, heads, lines in _tables(found):
        right = [
            "--:" if head in ("VMs", "GPUs", "amount") or "$" in head or "TB" in head else "---"
            for head in heads
        ]
        parts.append(f"## {title}\n\n| {' | '.join(heads)} |\n| {' | '.join(right)} |")
        parts += [f"| {' | '.join(line)} |" for line in lines]
        parts.append("")
    return "\n".join([*parts, *_notes(found)]) + "\n"


def _table(found: Exposure) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as Rich

    console = Console()
    if not console.is_terminal:
        console = Console(file=io.StringIO(), width=_WIDE)
    with console.capture() as captured:
        for title, heads, lines in _tables(found):
            table = Rich(box=SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left")
            for head in heads:
                number = head in ("VMs", "GPUs", "amount") or "$" in head or "TB" in head
                table.add_column(head, justify="right" if number else "left", overflow="fold")
            for line in lines:
                table.add_row(*line)
            console.print(table)
        for note in _notes(found):
            console.print(note, markup=False, highlight=False)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


FORMS: Mapping[str, Callable[[Exposure], str]] = {
    "json": _json,
    "markdown": _markdown,
    "table": _table,
}
