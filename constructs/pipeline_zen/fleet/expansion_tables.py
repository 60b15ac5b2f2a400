"""The fleet as tables for people: a line for each cluster, or one for each of its groups."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

from pipeline_zen import console, names
from pipeline_zen.fleet.expansion_rows import expansion
from pipeline_zen.fleet.exposure_figures import exposure
from pipeline_zen.settings import Fleet, Settings

if TYPE_CHECKING:
    from rich.table import Table

Row: TypeAlias = dict[str, Any]

_MOSTLY = {
    "reservation": None,
    **{
        setting: Fleet.model_fields[setting].default
        for setting in (
            "target_shape",
            "target_size_mode",
            "boot_disk_gb",
            "boot_disk_type",
            "max_run_hours",
        )
    },
}
"""What is mostly the same, with the value that a table leaves out."""

_NUMBERS = ("GPUs", "VMs", "regions", "$/h")


def _vms(row: Row) -> str:
    return "?" if row["max_vms"] is None else str(row["max_vms"])


def _zones(row: Row) -> str:
    return " ".join(zone.rpartition("-")[2] for zone in row["zones"])


_COLUMNS: Mapping[str, Callable[[Row], str]] = {
    "cluster": lambda row: str(row["cluster"]),
    "machine type": lambda row: str(row["machine_type"]),
    "GPUs": lambda row: str(row["gpus"]),
    "accelerator": lambda row: str(row["accelerator"]),
    "capacity": lambda row: str(row["capacity"]),
    "image": lambda row: str(row["image_version"]),
    "VMs": _vms,
    "region": lambda row: str(row["region"]),
    "zones": _zones,
    "group": lambda row: str(row["group"]),
    "template": lambda row: str(row["template"]),
    "bucket": lambda row: str(row["bucket"]),
}
"""The columns of the table of groups, and what of a row is in each."""


def clusters_table(settings: Settings) -> str:
    """A line for each cluster: where it is, and what its groups come to at their limits."""
    rows = expansion(settings)
    at_most = exposure(settings)
    dollars = {(row.cluster, row.region): row.dollars for row in at_most.rows}
    table = _table(["cluster", "machine type", "capacity", "regions", "VMs", "GPUs", "$/h"])
    for cluster, groups in _by_cluster(rows):
        first = groups[0]
        vms = None if first["max_vms"] is None else first["max_vms"] * len(groups)
        table.add_row(
            cluster,
            first["machine_type"],
            first["capacity"],
            str(len(groups)),
            "?" if vms is None else f"{vms:,}",
            "?" if vms is None else f"{vms * first['gpus']:,}",
            _sum(dollars[cluster, row["region"]] for row in groups),
        )
    table.add_section()
    table.add_row(
        "all",
        "",
        "",
        str(len({row["region"] for row in rows})),
        f"{at_most.vms:,}{' + ?' if at_most.unlimited else ''}",
        f"{at_most.gpus:,}{' + ?' if at_most.unlimited else ''}",
        _sum(dollars.values()),
    )
    return console.shown(table, *_places(settings), *_specials(rows, settings), _MEANING)


_MEANING = (
    "VMs, GPUs and dollars an hour (Google's list, of the VMs alone) are those of groups at their "
    "limits; ? is not known. The groups: --groups (make expand … GROUPS=yes)."
)


def groups_table(settings: Settings) -> str:
    """A line for each group; where a terminal is too narrow for that, one below each cluster."""
    rows = expansion(settings)
    columns = dict(_COLUMNS)
    if any(map(_besides, rows)):
        columns["besides"] = _besides
    table = _table(columns)
    for row in rows:
        table.add_row(*(cell(row) for cell in columns.values()))
    if console.needed(table) <= console.console().width:
        return console.shown(table)
    return "\n".join(_of_a_cluster(cluster, groups) for cluster, groups in _by_cluster(rows))


def _of_a_cluster(cluster: str, groups: list[Row]) -> str:
    first = groups[0]
    about = [
        f"{first['gpus']} x {first['accelerator']}",
        *(str(first[key]) for key in ("machine_type", "capacity", "image_version", "template")),
        names.group(cluster, "REGION"),
        *filter(None, [_besides(first)]),
    ]
    table = _table(["region", "zones", "VMs", "bucket"])
    for row in groups:
        table.add_row(row["region"], _zones(row), _vms(row), row["bucket"])
    return console.shown(f"{cluster}: {', '.join(about)}", table)


def _table(headings: Iterable[str]) -> "Table":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(
            heading,
            overflow="fold",
            justify="right" if heading in _NUMBERS else "left",
            # What a row is about stays readable in a narrow terminal.
            no_wrap=heading == "cluster",
        )
    return table


def _by_cluster(rows: list[Row]) -> Iterable[tuple[str, list[Row]]]:
    return ((name, list(rows)) for name, rows in groupby(rows, key=lambda row: str(row["cluster"])))


def _places(settings: Settings) -> list[str]:
    """The regions of each fleet, with the letters of their zones."""
    return [
        f"{name}: "
        + ", ".join(f"{region} {' '.join(sorted(zones))}" for region, zones in sorted(regions))
        for name, fleet in sorted(settings.fleets.items())
        for regions in [fleet.regions.items()]
    ]


def _specials(rows: list[Row], settings: Settings) -> list[str]:
    """What is not the usual of a cluster."""
    specials = []
    for cluster, groups in _by_cluster(rows):
        release = str(groups[0]["image_version"])
        besides = [f"image_version: {release}"] if release != settings.version else []
        besides += filter(None, [_besides(groups[0])])
        if besides:
            specials.append(f"{cluster}: {', '.join(besides)}")
    return specials


def _besides(row: Row) -> str:
    return ", ".join(f"{key}: {row[key]}" for key, usual in _MOSTLY.items() if row[key] != usual)


def _sum(prices: Iterable[Decimal | None]) -> str:
    prices = list(prices)
    known = [price for price in prices if price is not None]
    if not known:
        return "?"
    return f"{sum(known, Decimal()):,.2f}{' + ?' if len(known) < len(prices) else ''}"
