"""
Brings the catalogue's data files up to date from downloaded public files: see docs/catalog.md.

    make catalog FILES='vms.csv initial-prices.json' AS_OF=2026-12-01

A file is known by its name. What a source lists replaces what the catalogue had of it, gone rows
included, with the day and the revision given; what it does not know at all stays as it is, with
its old day. A doubt about a zone stays with the zone for as long as it is listed; a note on a
price stays with the source that it was made about.

All files are read before anything is written: where one has something that cannot be used, nothing
changes. A price of zero is none: it is left out, and told.
"""

import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from catalog_data import Data, Origin, Row, Rows, csv_rows, number, price

from pipeline_zen import catalog

N1_GPUS = {name: f"nvidia-tesla-{name.lower()}" for name in ("P100", "P4", "T4", "V100")}
"""SkyPilot's names of the GPUs that are attached to N1 machines."""

REGION = r"[a-z]+-[a-z]+[0-9]+"

_SALES = (
    *("InstanceType", "AcceleratorName", "AcceleratorCount"),
    *("Region", "AvailabilityZone", "Price", "SpotPrice"),
)
_SIZES = ("NAME", "CPUS", "MEMORY_GB")


def zones_and_gpu_prices(file: Path, origin: Origin, data: Data) -> None:
    """SkyPilot's vms.csv: which zone sells what, and the price of an N1's GPU."""
    machines = catalog.load().machine_types
    sold: dict[tuple[str, str], set[str]] = {}
    prices: dict[tuple[str, str], Row] = {}
    for where, row in csv_rows(file, ",", *_SALES):
        machine, gpu = machines.get(row["InstanceType"]), N1_GPUS.get(row["AcceleratorName"])
        one_gpu = gpu and not row["InstanceType"] and number(row, "AcceleratorCount", where) == 1
        if not machine and not one_gpu:
            continue
        zone, region = row["AvailabilityZone"], row["Region"]
        if not re.fullmatch(rf"{REGION}-[a-z]", zone) or zone[:-2] != region:
            raise click.ClickException(f'{where}: no zone of a region: "{zone}", "{region}".')
        if machine:
            sold.setdefault((machine.accelerator, zone), set()).add(machine.name)
        elif gpu:
            sold.setdefault((gpu, zone), set()).add("n1-*")
            prices[gpu, region] = origin.of(
                of=gpu,
                region=region,
                on_demand=price(row["Price"], f"{where}: Price"),
                spot=price(row["SpotPrice"], f"{where}: SpotPrice"),
                note="",
            )
    data.merge("zones.csv", _zones(sold, origin, data), ("accelerator", "zone"))
    data.merge("prices.csv", _with_a_price(prices.values()), ("of", "region"))


def _zones(sold: dict[tuple[str, str], set[str]], origin: Origin, data: Data) -> Rows:
    """The rows of the zones that are listed, with what was doubtful about them."""
    # A doubt that is of the machine types alone is none any more: they are listed by zone here.
    doubts = {
        (row["accelerator"], row["zone"]): (row["confidence"], row["note"])
        for row in data.rows("zones.csv")
        if row["confidence"] in ("medium", "low")
    }
    fresh = []
    for (accelerator, zone), types in sold.items():
        confidence, note = doubts.get((accelerator, zone), ("high", ""))
        fresh.append(
            origin.of(
                accelerator=accelerator,
                zone=zone,
                machine_types=" ".join(sorted(types)),
                confidence=confidence,
                note=note,
            )
        )
    return fresh


def machine_prices(file: Path, origin: Origin, data: Data) -> None:
    """Karpenter's initial-prices.json: what a machine costs, by region."""
    known = catalog.load().all_machine_types()
    notes = {
        (row["of"], row["region"]): row["note"]
        for row in data.rows("prices.csv")
        if origin.wrote(row)
    }
    general = {of: note for (of, _), note in notes.items()}
    fresh = []
    for region, prices in _prices(file).items():
        on_demand, spot = prices.get("on_demand", {}), prices.get("spot", {})
        for name in sorted({*on_demand, *spot} & set(known)):
            where = f"{file}: {name} in {region}"
            fresh.append(
                origin.of(
                    of=name,
                    region=region,
                    on_demand=price(on_demand.get(name), f"{where} on demand"),
                    spot=price(spot.get(name), f"{where} as spot"),
                    note=notes.get((name, region), general.get(name, "")),
                )
            )
    data.merge("prices.csv", _with_a_price(fresh), ("of", "region"))


def machine_sizes(file: Path, origin: Origin, data: Data) -> None:
    """
    Cyclenerd's machinetypes.csv: vCPUs and memory of the machines that are known here.

    Nothing else that is known of a machine gets the new day.
    """
    sizes = {row["NAME"]: (where, row) for where, row in csv_rows(file, ";", *_SIZES)}
    for name, prefix in (("machine_types.csv", "size_"), ("n1_machine_types.csv", "")):
        rows = [dict(row) for row in data.rows(name)]
        for row in rows:
            if row["machine_type"] in sizes:
                where, size = sizes[row["machine_type"]]
                vcpus, memory = number(size, "CPUS", where), number(size, "MEMORY_GB", where)
                row["vcpus"], row["memory_gb"] = f"{float(vcpus):g}", f"{float(memory):g}"
                row[f"{prefix}as_of"], row[f"{prefix}source"] = origin.as_of, origin.source
        data.put(name, rows)


def regions(file: Path, origin: Origin, data: Data) -> None:
    """
    Cyclenerd's regions.csv, with the zones that zones.csv names.

    A region that is not listed is gone, unless zones.csv has it: then it keeps its old day.
    """
    old = {row["region"]: row for row in data.rows("regions.csv")}
    zones = {region: set(row["zones"].split()) for region, row in old.items()}
    fresh = {}
    for row in data.rows("zones.csv"):
        region, _, letter = row["zone"].rpartition("-")
        zones.setdefault(region, set()).add(letter)
        fresh[region] = Origin(row["as_of"], row["source"])
    for region in fresh.keys() & old.keys():
        fresh[region] = Origin(old[region]["as_of"], old[region]["source"])
    for where, row in csv_rows(file, ";", "NAME", "STATUS"):
        if not re.fullmatch(REGION, row["NAME"]):
            raise click.ClickException(f'{where}: NAME is "{row["NAME"]}": no region.')
        fresh[row["NAME"]] = origin
    data.put(
        "regions.csv",
        [
            one.of(region=name, zones=" ".join(sorted(zones.get(name, ()))))
            for name, one in sorted(fresh.items())
        ],
    )


READERS: dict[str, tuple[str, Callable[[Path, Origin, Data], None]]] = {
    "vms.csv": ("skypilot-catalog v9", zones_and_gpu_prices),
    "initial-prices.json": ("karpenter-provider-gcp", machine_prices),
    "machinetypes.csv": ("Cyclenerd google-cloud-pricing-cost-calculator", machine_sizes),
    "regions.csv": ("Cyclenerd google-cloud-pricing-cost-calculator regions.csv", regions),
}
"""The public files: by its name, whose each is, and what reads it."""


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--as-of", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The files' day.")
@click.option("--revision", help="The commit that they are from.")
@click.option(
    "--home", type=click.Path(file_okay=False, path_type=Path), default=catalog.HOME, hidden=True
)
def main(files: tuple[Path, ...], as_of: datetime, revision: str | None, home: Path) -> None:
    """Bring the catalogue's data up to date from downloaded FILES, each known by its name."""
    for file in files:
        if file.name not in READERS:
            raise click.UsageError(f"{file} is none of {', '.join(READERS)}.")
    data = Data(home)
    for file in files:
        whose, read = READERS[file.name]
        source = f"{whose} @{revision}" if revision else whose
        try:
            read(file, Origin(as_of.date().isoformat(), source), data)
        except catalog.CatalogError as error:
            raise click.ClickException(f"{error}.") from None
    data.write()


def _with_a_price(rows: Iterable[Row]) -> Rows:
    return [row for row in rows if row["on_demand"] or row["spot"]]


def _prices(file: Path) -> dict[str, dict[str, dict[str, object]]]:
    try:
        prices: Any = json.loads(file.read_text(encoding="utf-8"))["prices"]
        return {region: dict(of) for region, of in prices.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise click.ClickException(
            f"{file} has no prices by region: its form has changed."
        ) from None


if __name__ == "__main__":
    main()
