"""Clusters and regions: where which GPUs can be had, and what that comes to at most."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline_zen import names
from pipeline_zen.atlas.overlay import Mark, Overlay
from pipeline_zen.atlas.sources import Link, Sources
from pipeline_zen.fleet import Cluster, Exposure, ExposureRow, InstanceGroup, clusters
from pipeline_zen.settings import Settings

CONTINENTS = {
    "africa": "Africa",
    "asia": "Asia",
    "australia": "Australia",
    "europe": "Europe",
    "me": "Middle East",
    "northamerica": "North America",
    "southamerica": "South America",
    "us": "United States",
}
"""The parts of the world, by a region's first word."""


@dataclass(frozen=True)
class Sum:
    """What some groups come to at most, with what is not known of it."""

    groups: int
    vms: int
    gpus: int
    disk_gb: int
    dollars: Decimal
    """Dollars an hour, for what has a limit and a price."""
    unlimited: int
    """The groups without a limit, which are in no number."""
    unpriced: int
    """The groups without a limit or a price, which are not in the dollars."""


@dataclass(frozen=True)
class Column:
    """A cluster."""

    cluster: str
    fleet: str
    gpus: int
    accelerator: str
    machine_type: str
    capacity: str
    reservation: str
    release: str
    is_usual_release: bool
    max_vms: int | None
    link: Link | None
    release_link: Link | None
    mark: Mark


@dataclass(frozen=True)
class Cell:
    """A group: a cluster in a region."""

    column: Column
    zones: str
    """Zones by letter."""
    vms: int | None
    dollars: Decimal | None
    """Dollars an hour of all its VMs at the limit; None where limit or price is not known."""
    link: Link | None
    mark: Mark


@dataclass(frozen=True)
class Line:
    """A region with its groups, one place for each cluster."""

    region: str
    bucket: str
    bucket_link: Link | None
    bucket_mark: Mark
    cells: tuple[Cell | None, ...]
    sum: Sum


@dataclass(frozen=True)
class Continent:
    """A part of the world with its regions."""

    name: str
    lines: tuple[Line, ...]
    sum: Sum
    share: int
    """The share of the dollars of all, in percent."""


@dataclass(frozen=True)
class Matrix:
    """All clusters in all regions."""

    columns: tuple[Column, ...]
    sums: tuple[tuple[Column, Sum], ...]
    """What each cluster comes to in all regions."""
    continents: tuple[Continent, ...]
    sum: Sum
    new: Sum
    """What the groups come to that a change makes."""

    @property
    def fleets(self) -> list[tuple[str, str, list[Column]]]:
        """The columns by fleet, each with its GPU."""
        fleets: dict[tuple[str, str], list[Column]] = {}
        for column in self.columns:
            fleets.setdefault((column.fleet, column.accelerator), []).append(column)
        return [(fleet, accelerator, below) for (fleet, accelerator), below in fleets.items()]

    @property
    def releases(self) -> list[tuple[str, list[Column]]]:
        """The clusters by the release that they boot."""
        releases: dict[str, list[Column]] = {}
        for column in self.columns:
            if column.release:
                releases.setdefault(column.release, []).append(column)
        return sorted(releases.items())


def matrix(settings: Settings, sources: Sources, exposure: Exposure, change: Overlay) -> Matrix:
    """The matrix of an environment, with what a change takes out still in it."""
    fleet = {cluster.name: cluster for cluster in clusters(settings)}
    columns = [_column(settings, sources, cluster, change) for cluster in fleet.values()]
    columns += [_former(cluster) for cluster in sorted(change.clusters_gone - {*fleet})]
    places = _Places(
        sources,
        change,
        {
            (cluster.name, each.region): each
            for cluster in fleet.values()
            for each in cluster.groups
        },
        {(row.cluster, row.region): row for row in exposure.rows},
    )
    lines = [_line(settings, places, region, columns) for region in places.regions]
    total = _sum(exposure.rows)
    return Matrix(
        columns=tuple(columns),
        sums=tuple(
            (column, _sum(row for row in exposure.rows if row.cluster == column.cluster))
            for column in columns
        ),
        continents=tuple(_continents(lines, exposure.rows, total)),
        sum=total,
        new=_sum(
            row for at, row in places.rows.items() if change.groups.get(at, Mark.NONE) is Mark.NEW
        ),
    )


def _column(settings: Settings, sources: Sources, cluster: Cluster, change: Overlay) -> Column:
    fleet = cluster.name.partition("x")[2]
    start = ("fleets", fleet)
    release_link = (
        sources.link(*start, "cluster_image_versions", cluster.gpus)
        or sources.link(*start, "image_version")
        or sources.link("VERSION")
    )
    return Column(
        cluster=cluster.name,
        fleet=fleet,
        gpus=cluster.gpus,
        accelerator=cluster.fleet.accelerator,
        machine_type=cluster.machine_type,
        capacity=cluster.capacity,
        reservation=cluster.fleet.reservations.get(cluster.gpus, ""),
        release=cluster.image_version,
        is_usual_release=cluster.image_version == settings.version,
        max_vms=cluster.max_vms,
        link=sources.nearest(*start, "machine_types", cluster.gpus),
        release_link=release_link,
        mark=change.clusters.get(cluster.name, Mark.NONE),
    )


def _former(cluster: str) -> Column:
    gpus, _, fleet = cluster.partition("x")
    return Column(
        cluster=cluster,
        fleet=fleet,
        gpus=int(gpus),
        accelerator="",
        machine_type="",
        capacity="",
        reservation="",
        release="",
        is_usual_release=True,
        max_vms=None,
        link=None,
        release_link=None,
        mark=Mark.GONE,
    )


def _line(settings: Settings, places: "_Places", region: str, columns: Sequence[Column]) -> Line:
    suffix = names.results_suffix(region)
    bucket = names.results_bucket(settings.environment, suffix)
    return Line(
        region=region,
        bucket=bucket,
        bucket_link=places.sources.link("results_buckets", suffix),
        bucket_mark=places.change.buckets.get(bucket, Mark.NONE),
        cells=tuple(places.cell(column, region) for column in columns),
        sum=_sum(row for (_, at), row in places.rows.items() if at == region),
    )


@dataclass(frozen=True)
class _Places:
    """What is known of each place, by cluster and region."""

    sources: Sources
    change: Overlay
    groups: Mapping[tuple[str, str], InstanceGroup]
    rows: Mapping[tuple[str, str], ExposureRow]

    @property
    def regions(self) -> list[str]:
        return sorted({at[1] for at in (*self.groups, *self.change.groups)})

    def cell(self, column: Column, region: str) -> Cell | None:
        at = (column.cluster, region)
        mark = self.change.groups.get(at, Mark.NONE)
        if at not in self.groups:
            return Cell(column, "", None, None, None, mark) if mark is Mark.GONE else None
        return Cell(
            column=column,
            zones=" ".join(zone.rpartition("-")[2] for zone in self.groups[at].zones),
            vms=self.rows[at].vms,
            dollars=self.rows[at].dollars,
            link=self.sources.nearest("fleets", column.fleet, "regions", region),
            mark=mark,
        )


def _sum(rows: Iterable[ExposureRow]) -> Sum:
    rows = list(rows)
    prices = [row.dollars for row in rows]
    return Sum(
        groups=len(rows),
        vms=sum(row.vms or 0 for row in rows),
        gpus=sum(row.gpus or 0 for row in rows),
        disk_gb=sum(row.disk_gb or 0 for row in rows),
        dollars=sum((price for price in prices if price is not None), Decimal()),
        unlimited=sum(row.vms is None for row in rows),
        unpriced=sum(price is None for price in prices),
    )


def _continents(lines: Iterable[Line], rows: Iterable[ExposureRow], total: Sum) -> list[Continent]:
    by_name: dict[str, list[Line]] = {}
    for line in lines:
        by_name.setdefault(continent(line.region), []).append(line)
    rows = list(rows)
    return [
        Continent(name, tuple(below), part := _part(below, rows), _share(part, total))
        for name, below in sorted(by_name.items())
    ]


def _part(lines: Sequence[Line], rows: Sequence[ExposureRow]) -> Sum:
    regions = {line.region for line in lines}
    return _sum(row for row in rows if row.region in regions)


def _share(part: Sum, total: Sum) -> int:
    return round(100 * part.dollars / total.dollars) if total.dollars else 0


def continent(region: str) -> str:
    """The part of the world that a region is in; its first word where that is not known."""
    first = region.partition("-")[0]
    return CONTINENTS.get(first, first)
