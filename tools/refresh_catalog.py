"""
Brings the catalogue's data files up to date from downloaded public files: see docs/catalog.md.

    make catalog FILES='vms.csv initial-prices.json' AS_OF=2026-12-01

A file is known by its name. What a source lists replaces what the catalogue had of it, gone rows
included, with the day and the revision given; what it does not know at all stays as it is, with
its old day. A doubt about a zone stays with the zone for as long as it is listed.
"""

import csv
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import click

from pipeline_zen import catalog

Row = dict[str, str]
Rows = list[Row]

HOME = Path(catalog.__file__).parent

N1_GPUS = {name: f"nvidia-tesla-{name.lower()}" for name in ("P100", "P4", "T4", "V100")}
"""SkyPilot's names of the GPUs that are attached to N1 machines."""


class Origin(NamedTuple):
    """What is written beside each fact: when it was so, and who says it."""

    as_of: str
    source: str

    def of(self, **fields: str) -> Row:
        """A row with both."""
        return {**fields, "as_of": self.as_of, "source": self.source}


def zones_and_gpu_prices(file: Path, origin: Origin, home: Path) -> None:
    """SkyPilot's vms.csv: which zone sells what, and the price of an N1's GPU."""
    machines = catalog.load().machine_types
    sold: dict[tuple[str, str], set[str]] = {}
    prices: dict[tuple[str, str], Row] = {}
    for row in _csv(file, ",", "InstanceType", "AcceleratorName", "AvailabilityZone", "SpotPrice"):
        machine, zone = machines.get(row["InstanceType"]), row["AvailabilityZone"]
        gpu = N1_GPUS.get(row["AcceleratorName"])
        if machine:
            sold.setdefault((machine.accelerator, zone), set()).add(machine.name)
        elif gpu and not row["InstanceType"] and float(row["AcceleratorCount"]) == 1:
            sold.setdefault((gpu, zone), set()).add("n1-*")
            prices[gpu, row["Region"]] = origin.of(
                of=gpu,
                region=row["Region"],
                on_demand=row["Price"],
                spot=row["SpotPrice"],
                note="",
            )

    old = {(row["accelerator"], row["zone"]): row for row in _csv(home / "zones.csv")}
    fresh = [
        origin.of(
            accelerator=accelerator,
            zone=zone,
            machine_types=" ".join(sorted(types)),
            confidence=old.get((accelerator, zone), {}).get("confidence", "high"),
            note=old.get((accelerator, zone), {}).get("note", ""),
        )
        for (accelerator, zone), types in sold.items()
    ]
    _merge(home / "zones.csv", fresh, ("accelerator", "zone"))
    _merge(home / "prices.csv", prices.values(), ("of", "region"))


def machine_prices(file: Path, origin: Origin, home: Path) -> None:
    """Karpenter's initial-prices.json: what a machine costs, by region."""
    known = catalog.load().all_machine_types()
    notes = {(row["of"], row["region"]): row["note"] for row in _csv(home / "prices.csv")}
    general = {of: note for (of, _), note in notes.items()}
    fresh = []
    for region, prices in _prices(file).items():
        on_demand, spot = prices.get("on_demand", {}), prices.get("spot", {})
        for name in sorted({*on_demand, *spot} & set(known)):
            fresh.append(
                origin.of(
                    of=name,
                    region=region,
                    on_demand=_money(on_demand.get(name)),
                    spot=_money(spot.get(name)),
                    note=notes.get((name, region), general.get(name, "")),
                )
            )
    _merge(home / "prices.csv", fresh, ("of", "region"))


def machine_sizes(file: Path, origin: Origin, home: Path) -> None:
    """Cyclenerd's machinetypes.csv: vCPUs and memory of the machines that are known here."""
    sizes = {row["NAME"]: row for row in _csv(file, ";", "NAME", "CPUS", "MEMORY_GB")}
    for name in ("machine_types.csv", "n1_machine_types.csv"):
        rows = _csv(home / name)
        for row in rows:
            size = sizes.get(row["machine_type"])
            if size:
                row["vcpus"], row["memory_gb"] = size["CPUS"], f"{float(size['MEMORY_GB']):g}"
                others = row["source"].split("; ")[1:]
                row["as_of"], row["source"] = origin.as_of, "; ".join([origin.source, *others])
        _write(home / name, rows)


def regions(file: Path, origin: Origin, home: Path) -> None:
    """Cyclenerd's regions.csv, with the zones that zones.csv names."""
    zones = {row["region"]: set(row["zones"].split()) for row in _csv(home / "regions.csv")}
    for row in _csv(home / "zones.csv"):
        region, _, letter = row["zone"].rpartition("-")
        zones.setdefault(region, set()).add(letter)
    listed = {row["NAME"] for row in _csv(file, ";", "NAME", "STATUS")}
    fresh = [
        origin.of(region=name, zones=" ".join(sorted(zones.get(name, ()))))
        for name in sorted(listed | zones.keys())
    ]
    _write(home / "regions.csv", fresh)


READERS: dict[str, tuple[str, Callable[[Path, Origin, Path], None]]] = {
    "vms.csv": ("skypilot-catalog v9", zones_and_gpu_prices),
    "initial-prices.json": ("karpenter-provider-gcp", machine_prices),
    "machinetypes.csv": ("Cyclenerd google-cloud-pricing-cost-calculator", machine_sizes),
    "regions.csv": ("Cyclenerd google-cloud-pricing-cost-calculator regions.csv", regions),
}
"""By a file's name: whose it is, and what reads it."""


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--as-of", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The files' day.")
@click.option("--revision", help="The commit that they are from.")
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), default=HOME, hidden=True)
def main(files: tuple[Path, ...], as_of: datetime, revision: str | None, home: Path) -> None:
    """Bring the catalogue's data up to date from downloaded FILES, each known by its name."""
    for file in files:
        if file.name not in READERS:
            raise click.UsageError(f"{file} is none of {', '.join(READERS)}.")
    for file in files:
        whose, read = READERS[file.name]
        source = f"{whose} @{revision}" if revision else whose
        read(file, Origin(as_of.date().isoformat(), source), home)


def _merge(file: Path, fresh: Iterable[Row], key: tuple[str, str]) -> None:
    """Replace all rows of what *fresh* knows: of what has the same first key."""
    rows = list(fresh)
    known = {row[key[0]] for row in rows}
    kept = [row for row in _csv(file) if row[key[0]] not in known]
    _write(file, sorted([*kept, *rows], key=lambda row: (row[key[0]], row[key[1]])))


def _prices(file: Path) -> dict[str, dict[str, dict[str, float]]]:
    try:
        prices: Any = json.loads(file.read_text(encoding="utf-8"))["prices"]
        return {region: dict(of) for region, of in prices.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise click.ClickException(
            f"{file} has no prices by region: its form has changed."
        ) from None


def _csv(file: Path, delimiter: str = ",", *columns: str) -> Rows:
    with file.open(encoding="utf-8", newline="") as data:
        reader = csv.DictReader(data, delimiter=delimiter)
        missing = set(columns) - set(reader.fieldnames or ())
        if missing:
            lacking = ", ".join(sorted(missing))
            raise click.ClickException(f"{file} has no column {lacking}: its form has changed.")
        return list(reader)


def _write(file: Path, rows: Rows) -> None:
    before = _csv(file)
    with file.open("w", encoding="utf-8", newline="") as data:
        writer = csv.DictWriter(data, list(before[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    facts = [{tuple(_facts(row)) for row in version} for version in (before, rows)]
    click.echo(f"{file.name}: {len(facts[1] - facts[0])} new, {len(facts[0] - facts[1])} gone")


def _facts(row: Row) -> list[str]:
    return [value for name, value in row.items() if name not in ("as_of", "source")]


def _money(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")


if __name__ == "__main__":
    main()
