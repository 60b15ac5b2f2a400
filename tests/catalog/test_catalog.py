"""Facts about what Google sells."""

import csv
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline_zen import catalog
from pipeline_zen.settings import load
from tests.conftest import SETTINGS, Facts

FACTS = catalog.load()
DATA = sorted(Path(catalog.__file__).parent.glob("*.csv"))


@pytest.mark.parametrize(
    ("machine_type", "accelerator", "gpus"),
    [
        ("n1-highmem-8", "nvidia-tesla-v100", 1),
        ("n1-highmem-96", "nvidia-tesla-v100", 8),
        ("n1-standard-1", "nvidia-tesla-t4", 4),
        ("a2-highgpu-8g", "nvidia-tesla-a100", 8),
        ("a2-ultragpu-1g", "nvidia-a100-80gb", 1),
        ("a3-highgpu-8g", "nvidia-h100-80gb", 8),
    ],
)
def test_fits(machine_type: str, accelerator: str, gpus: int) -> None:
    """What Google sells together, goes together."""
    assert FACTS.misfit(machine_type, accelerator, gpus) is None


@pytest.mark.parametrize(
    ("machine_type", "accelerator", "gpus", "reason"),
    [
        ("a2-highgpu-8g", "nvidia-tesla-a100", 4, "a2-highgpu-8g comes with 8 nvidia-tesla-a100"),
        ("a2-highgpu-1g", "nvidia-a100-80gb", 1, "a2-highgpu-1g comes with 1 nvidia-tesla-a100"),
        ("n1-highmem-8", "nvidia-l4", 1, "nvidia-l4 cannot be attached to an N1 machine"),
        (
            "n1-highmem-8",
            "nvidia-tesla-v100",
            3,
            "3 nvidia-tesla-v100 cannot be attached to one machine",
        ),
        (
            "n1-highmem-16",
            "nvidia-tesla-v100",
            1,
            "n1-highmem-16 has 16 vCPUs and 104 GB, and 1 nvidia-tesla-v100 allow 12 and 78: "
            "n1-highcpu-8, n1-highmem-8, n1-standard-8 at most",
        ),
        # Too many vCPUs, though not too much memory.
        (
            "n1-standard-16",
            "nvidia-tesla-v100",
            1,
            "n1-standard-16 has 16 vCPUs and 60 GB, and 1 nvidia-tesla-v100 allow 12 and 78: "
            "n1-highcpu-8, n1-highmem-8, n1-standard-8 at most",
        ),
    ],
)
def test_misfits(machine_type: str, accelerator: str, gpus: int, reason: str) -> None:
    """What does not go together has a reason that names both."""
    misfit = FACTS.misfit(machine_type, accelerator, gpus)

    assert misfit
    assert reason == misfit.reason


def test_too_much_memory(facts: Facts) -> None:
    """An N1 machine with few vCPUs may still have more memory than the GPUs allow."""
    facts.add("n1_gpus.csv", "nvidia-x,1,16,50,,,,spot,pd-ssd,,,2026-11-30,seen")

    misfit = catalog.load().misfit("n1-highmem-8", "nvidia-x", 1)

    assert misfit
    assert misfit.reason.endswith(": n1-highcpu-16, n1-highmem-4, n1-standard-8 at most")


@pytest.mark.parametrize("file", DATA, ids=lambda file: file.name)
def test_every_fact_has_a_date_and_a_source(file: Path) -> None:
    """Nothing in the catalogue is hearsay: each row says when and where it was read."""
    with file.open(encoding="utf-8", newline="") as data:
        rows = list(csv.DictReader(data))

    assert rows
    for row in rows:
        assert date.fromisoformat(row["as_of"]) <= date.today()
        assert row["source"]


def test_every_answer_has_a_date_and_a_source() -> None:
    """What is read keeps when it was so, and who says it."""
    a100, n1 = ("a2-highgpu-1g", "nvidia-tesla-a100"), ("n1-highmem-8", "nvidia-tesla-v100")
    for dated in (
        FACTS.machine_types["a2-highgpu-1g"],
        FACTS.n1_machine_types["n1-highmem-8"],
        FACTS.n1_gpus["nvidia-tesla-v100", 1],
        catalog.regions()["us-central1"],
        catalog.sold_in(*a100, "us-east1-b"),
        catalog.sold_in(*a100, "us-east1-d"),
        catalog.sold_in(*a100, "me-west1-b"),
        catalog.sold_as(*a100, 1, "standard"),
        catalog.price(*a100, 1, "us-central1"),
        catalog.price(*n1, 1, "us-central1"),
        FACTS.misfit(*a100, 2),
        FACTS.misfit(*n1, 3),
        FACTS.misfit("n1-highmem-96", "nvidia-tesla-v100", 1),
        FACTS.misfit("n1-highmem-8", "nvidia-l4", 1),
        FACTS.doubt("a4x-highgpu-4g", "nvidia-gb200", 4),
    ):
        assert dated
        assert isinstance(dated.as_of, date)
        assert dated.source


@pytest.mark.parametrize(
    ("machine_type", "accelerator", "gpus", "doubtful"),
    [
        # Where three zones, and GKE, allow less than the largest.
        ("n1-standard-32", "nvidia-tesla-p100", 4, False),
        ("n1-highmem-32", "nvidia-tesla-p100", 4, False),
        ("n1-standard-64", "nvidia-tesla-p100", 4, True),
        ("n1-highcpu-96", "nvidia-tesla-p100", 4, True),
        ("n1-highmem-96", "nvidia-tesla-v100", 8, False),
        ("a2-highgpu-1g", "nvidia-tesla-a100", 1, False),
        ("a4x-maxgpu-4g-metal", "nvidia-gb300", 4, True),
        ("g4-standard-24", "nvidia-rtx-pro-6000", 1, True),
    ],
)
def test_doubt(machine_type: str, accelerator: str, gpus: int, doubtful: bool) -> None:
    """What sources do not agree on, or what a machine needs beside, is kept with it."""
    assert doubtful == (FACTS.doubt(machine_type, accelerator, gpus) is not None)


ROW = "nvidia-l4,us-west9-a,g2-standard-8"


@pytest.mark.parametrize(
    ("file", "row", "message"),
    [
        (
            "zones.csv",
            f"{ROW},high,2026-11-30,seen",
            "6 values, and there are 7 columns: accelerator,zone,machine_types,confidence,note,",
        ),
        ("zones.csv", f"{ROW},hihg,,2026-11-30,seen", 'confidence is "hihg", and must be one of'),
        ("zones.csv", f"{ROW},low,,2026-11-30,seen", 'note is "", and must be some text'),
        ("zones.csv", f"{ROW},high,,30.11.2026,seen", 'as_of is "30.11.2026", and must be a day'),
        ("zones.csv", f"{ROW},high,,2026-11-31,seen", 'as_of is "2026-11-31", and must be a day'),
        ("zones.csv", f"{ROW},high,,2026-11-30,", 'source is "", and must be some text'),
        (
            "zones.csv",
            "nvidia-l4,us-west9,g2-standard-8,high,,2026-11-30,seen",
            'zone is "us-west9", and must be a zone, such as us-central1-a',
        ),
        (
            "zones.csv",
            "nvidia-l4,us-west4-a,g2-standard-8,high,,2026-11-30,seen",
            "nvidia-l4 us-west4-a is in",
        ),
        ("zones.csv", 'nvidia-l4,us-west9-a,"g2', "no CSV in UTF-8"),
        ("prices.csv", "n1-x,us-west9,abc,,,2026-11-30,seen", 'on_demand is "abc", and must be d'),
        ("prices.csv", "n1-x,us-west9,,0.0,,2026-11-30,seen", 'spot is "0.0", and must be dollars'),
        ("n1_machine_types.csv", "n1-x,,8,2026-11-30,seen", 'vcpus is "", and must be a whole'),
        ("n1_machine_types.csv", "n1-x,8,8 GB,2026-11-30,seen", 'memory_gb is "8 GB", and must be'),
        (
            "n1_gpus.csv",
            "nvidia-x,1,8,8,,,,standrad,pd-ssd,,,2026-11-30,seen",
            'provisioning_models is "standrad", and must be some of standard, spot,',
        ),
        (
            "n1_gpus.csv",
            "nvidia-x,1,8,8,,,,spot,ssd,,,2026-11-30,seen",
            'boot_disk_types is "ssd", and must be some of hyperdisk-balanced,',
        ),
        (
            "n1_gpus.csv",
            "nvidia-x,1,8,8,,,,spot,pd-ssd,nick,,2026-11-30,seen",
            'recalled is "nick", and must be some of accelerator,',
        ),
    ],
)
def test_a_slip(file: str, row: str, message: str, facts: Facts) -> None:
    """A row that was edited by hand is read strictly: what is wrong is told with its place."""
    facts.add(file, row)
    line = len((facts.root / file).read_text(encoding="utf-8").splitlines())

    with pytest.raises(catalog.CatalogError) as caught:
        _read_all()

    assert f"{file}:{line}: {message}" in str(caught.value)


def test_a_column_that_is_missing(facts: Facts) -> None:
    """A file without one of its columns is told by that."""
    text = (facts.root / "regions.csv").read_text(encoding="utf-8")
    facts.write("regions.csv", text.replace("as_of", "asof", 1))

    with pytest.raises(catalog.CatalogError, match=r"regions\.csv:2: the file has no column as_of"):
        _read_all()


def _read_all() -> None:
    catalog.load()
    catalog.accelerators()
    catalog.locations()
    catalog.sold_in("g2-standard-8", "nvidia-l4", "us-west9-a")
    catalog.price("a2-highgpu-1g", "nvidia-tesla-a100", 1, "us-central1")


def test_boot_disk_types() -> None:
    """Older machines boot from persistent disks, the newest from hyperdisk only."""
    assert (
        "pd-standard",
        "pd-balanced",
        "pd-ssd",
    ) == FACTS.boot_disk_types("n1-highmem-8", "nvidia-tesla-v100", 1)
    assert ("hyperdisk-balanced",) == FACTS.boot_disk_types("a4-highgpu-8g", "nvidia-b200", 8)
    assert FACTS.boot_disk_types("n1-highmem-8", "nvidia-l4", 1) is None


@pytest.mark.parametrize(
    ("machine_type", "accelerator", "zone", "verdict", "reason"),
    [
        ("n1-highmem-8", "nvidia-tesla-v100", "us-central1-f", "yes", "it is listed there"),
        ("a3-highgpu-8g", "nvidia-h100-80gb", "us-west1-b", "yes", "it is listed there"),
        (
            "a2-highgpu-8g",
            "nvidia-tesla-a100",
            "us-east1-d",
            "no",
            "in us-east1 it is sold in us-east1-b",
        ),
        # The region has the GPU, but only in another machine type (A3 Edge).
        (
            "a3-highgpu-8g",
            "nvidia-h100-80gb",
            "europe-west2-b",
            "no",
            "no zone of europe-west2 sells it",
        ),
        (
            "a2-highgpu-1g",
            "nvidia-tesla-a100",
            "me-west1-a",
            "doubtful",
            "it is listed there, but another project was shown another letter in 2023",
        ),
        (
            "a2-highgpu-1g",
            "nvidia-tesla-a100",
            "me-west1-b",
            "doubtful",
            "lists do not agree on its zones in me-west1",
        ),
        # That the zone has the GPU is sure, and so is that another has not.
        (
            "g2-standard-8",
            "nvidia-l4",
            "us-central1-a",
            "doubtful",
            "its GPU is listed there, but it was not checked which machine types the zone has",
        ),
        (
            "g2-standard-8",
            "nvidia-l4",
            "us-central1-f",
            "no",
            "in us-central1 it is sold in us-central1-a, us-central1-b, us-central1-c",
        ),
        ("g2-standard-8", "nvidia-l4", "us-west3-a", "no", "no zone of us-west3 sells it"),
        (
            "g4-standard-48",
            "nvidia-rtx-pro-6000",
            "europe-west10-a",
            "doubtful",
            "there is a price for it in europe-west10, and no zone is listed",
        ),
        (
            "a4x-maxgpu-4g-metal",
            "nvidia-gb300",
            "us-central1-a",
            "doubtful",
            "no whole list of the zones that sell it is known",
        ),
    ],
)
def test_sold_in(machine_type: str, accelerator: str, zone: str, verdict: str, reason: str) -> None:
    """A zone sells a machine, or does not, or it cannot be told; with the reason."""
    answer = catalog.sold_in(machine_type, accelerator, zone)

    assert (verdict, reason) == (answer.verdict, answer.reason)


def test_every_zone_in_use_sells_its_machine() -> None:
    """Nothing of what is deployed is wrong or doubtful, whatever the machine type."""
    (dev,) = load(SETTINGS, ["dev"])
    verdicts = {
        (name, f"{region}-{letter}"): catalog.sold_in(
            machine_type, fleet.accelerator, f"{region}-{letter}"
        ).verdict
        for name, fleet in dev.fleets.items()
        for machine_type in fleet.machine_types.values()
        for region, letters in fleet.regions.items()
        for letter in letters
    }

    assert {"yes"} == set(verdicts.values())
    assert 32 == len(verdicts)


def test_zones_selling() -> None:
    """The zones of one region or of all, each with its doubt."""
    in_west = catalog.zones_selling("a2-highgpu-1g", "nvidia-tesla-a100", "me-west1")
    everywhere = catalog.zones_selling("a3-highgpu-8g", "nvidia-h100-80gb")

    assert {"me-west1-a": "doubtful", "me-west1-c": "yes"} == {
        zone: answer.verdict for zone, answer in in_west.items()
    }
    assert {"us-west1-a", "us-west1-b"} < set(everywhere)
    assert list(everywhere) == sorted(everywhere)
    assert {} == catalog.zones_selling("a2-highgpu-1g", "nvidia-tesla-v100")


@pytest.mark.parametrize(
    ("machine_type", "accelerator", "gpus", "model", "verdict"),
    [
        ("a2-highgpu-8g", "nvidia-tesla-a100", 8, "standard", "yes"),
        ("a3-highgpu-1g", "nvidia-h100-80gb", 1, "standard", "no"),
        ("a3-highgpu-1g", "nvidia-h100-80gb", 1, "spot", "yes"),
        ("n1-highmem-8", "nvidia-tesla-v100", 1, "standard", "yes"),
        ("n1-highmem-8", "nvidia-tesla-v100", 1, "flex-start", "doubtful"),
        ("a3-edgegpu-8g", "nvidia-h100-80gb", 8, "flex-start", "no"),
        ("a3-edgegpu-8g", "nvidia-h100-80gb", 8, "spot", "doubtful"),
        # A price on demand is listed, as for a3-highgpu-1g, which is not sold so.
        ("g4-standard-48", "nvidia-rtx-pro-6000", 1, "standard", "doubtful"),
        ("g4-standard-48", "nvidia-rtx-pro-6000", 1, "spot", "yes"),
        ("n1-standard-8", "nvidia-tesla-t4", 1, "standard", "doubtful"),
        ("n1-highmem-8", "nvidia-tesla-v100", 1, "spot", "doubtful"),
        # That it is not sold so is what is recalled.
        ("a4x-highgpu-4g", "nvidia-gb200", 4, "spot", "doubtful"),
    ],
)
def test_sold_as(
    machine_type: str, accelerator: str, gpus: int, model: catalog.Model, verdict: str
) -> None:
    """A provisioning model is offered, or not, or only somebody's memory says so."""
    assert verdict == catalog.sold_as(machine_type, accelerator, gpus, model).verdict


def test_the_price_of_a_machine_with_its_gpus() -> None:
    """A bundled machine has one price, with all that is in it."""
    price = catalog.price("a2-highgpu-1g", "nvidia-tesla-a100", 1, "asia-northeast1")

    assert (Decimal("4.049591"), Decimal("2.429675")) == (price.on_demand, price.spot)
    assert date(2026, 8, 3) == price.as_of


def test_the_price_of_an_n1_machine() -> None:
    """An N1's price is that of the machine and of each GPU, as old as the older of the two."""
    one = catalog.price("n1-highmem-32", "nvidia-tesla-v100", 1, "us-central1")
    eight = catalog.price("n1-highmem-32", "nvidia-tesla-v100", 8, "us-central1")

    assert one == catalog.Price(None, None, None, "no price is known"), "it is too large for one"
    assert (Decimal("21.732848"), date(2026, 7, 1)) == (eight.on_demand, eight.as_of)


@pytest.mark.parametrize(
    ("machine_type", "accelerator", "gpus", "region"),
    [
        ("a4x-highgpu-4g", "nvidia-gb200", 4, "us-central1"),
        ("a2-highgpu-1g", "nvidia-tesla-a100", 1, "africa-south1"),
        ("a2-highgpu-1g", "nvidia-tesla-a100", 2, "us-central1"),
        ("n1-highmem-8", "nvidia-tesla-v100", 1, "europe-north1"),
        ("c3-standard-8", "nvidia-l4", 1, "us-central1"),
    ],
)
def test_an_unknown_price_is_none(
    machine_type: str, accelerator: str, gpus: int, region: str
) -> None:
    """What is not known is None, not zero; so is the sum of which a part is not known."""
    price = catalog.price(machine_type, accelerator, gpus, region)

    assert (None, None, None) == (price.on_demand, price.spot, price.as_of)


def test_a_price_that_leaves_something_out_says_so() -> None:
    """Where only spot is known there is no price on demand, and what is missing in it is told."""
    price = catalog.price("a3-ultragpu-8g", "nvidia-h200-141gb", 8, "asia-south1")

    assert (None, Decimal("49.56375")) == (price.on_demand, price.spot)
    assert "without the bundled local SSDs" == price.note


def test_an_n1_has_the_notes_of_both_its_prices(facts: Facts) -> None:
    """What is noted on the price of the machine or of its GPU is true of their sum."""
    text = (facts.root / "prices.csv").read_text(encoding="utf-8")
    for of, note in (("n1-highmem-8", "the machine's"), ("nvidia-tesla-v100", "the GPU's")):
        text = re.sub(
            rf"^({of},us-central1,[^,]*,[^,]*),,", rf"\1,{note},", text, flags=re.MULTILINE
        )
    facts.write("prices.csv", text)

    price = catalog.price("n1-highmem-8", "nvidia-tesla-v100", 1, "us-central1")

    assert "the machine's; the GPU's" == price.note


def test_no_price_is_zero() -> None:
    """A price that is not known is empty in the data."""
    with (Path(catalog.__file__).with_name("prices.csv")).open(encoding="utf-8") as data:
        for row in csv.DictReader(data):
            assert all(row[kind] == "" or float(row[kind]) > 0 for kind in ("on_demand", "spot"))


def test_quotas() -> None:
    """Older GPUs have a metric, newer ones an id with a family, and spot one of its own."""
    v100 = catalog.quotas("nvidia-tesla-v100", "standard")
    h100 = catalog.quotas("nvidia-h100-80gb", "standard")
    spot = catalog.quotas("nvidia-h100-mega-80gb", "spot")

    assert ("NVIDIA_V100_GPUS", None) == (v100.metric, v100.gpu_family)
    assert (None, "GPUS-PER-GPU-FAMILY-per-project-region", "NVIDIA_H100") == (
        h100.metric,
        h100.id,
        h100.gpu_family,
    )
    assert (None, "PREEMPTIBLE-NVIDIA-H100-MEGA-GPUS-per-project-region", None) == (
        spot.metric,
        spot.id,
        spot.gpu_family,
    )
    assert spot == catalog.quotas("nvidia-h100-mega-80gb", "flex-start")
    assert h100 == catalog.quotas("nvidia-h100-80gb", "reservation-bound")


def test_unknown_quotas() -> None:
    """A name by analogy is doubtful, and a GPU that is not known has none."""
    assert catalog.quotas("nvidia-gb300", "standard").doubtful
    assert catalog.quotas("nvidia-gb300", "spot").doubtful
    assert not catalog.quotas("nvidia-l4", "spot").doubtful
    assert not catalog.quotas("nvidia-l4", "standard").doubtful
    assert catalog.Quotas(None, None, None, doubtful=True, as_of=None) == catalog.quotas(
        "nvidia-a1", "spot"
    )


def test_every_accelerator_has_quotas_and_every_zone_a_region() -> None:
    """The files agree with each other."""
    assert set(FACTS.accelerators()) <= set(catalog.accelerators())
    regions = catalog.regions()
    for row in csv.DictReader(
        (Path(catalog.__file__).with_name("zones.csv")).read_text(encoding="utf-8").splitlines()
    ):
        region, _, letter = row["zone"].rpartition("-")
        assert letter in regions[region].zones
        assert row["accelerator"] in catalog.accelerators()
        for machine_type in row["machine_types"].split():
            assert machine_type == "n1-*" or (
                FACTS.machine_types[machine_type].accelerator == row["accelerator"]
            )
    for (gpus_of, region), _ in {
        ((row["of"], row["region"]), None)
        for row in csv.DictReader(
            (Path(catalog.__file__).with_name("prices.csv")).read_text().splitlines()
        )
    }:
        assert region in regions
        assert FACTS.knows(gpus_of) or gpus_of in catalog.accelerators()


def test_locations() -> None:
    """A bucket can be in any region, and in a few wider places."""
    assert {"US", "EU", "ASIA", "NAM4", "ME-WEST1"} <= set(catalog.locations())


def test_a_file_is_read_when_it_is_asked_for() -> None:
    """To check what is deployed, neither prices nor quotas are read."""
    code = (
        "import datetime, pathlib, sys; from pipeline_zen import settings; "
        "from pipeline_zen.catalog import gpus, prices, sales; "
        "settings.examine(pathlib.Path(sys.argv[1]), ['dev'], today=datetime.date(2026, 12, 1)); "
        "print(prices._prices.cache_info().misses, gpus.accelerators.cache_info().misses, "
        "sales.regions.cache_info().misses)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code, SETTINGS], check=True, capture_output=True, text=True
    )

    assert "0 0 1\n" == shown.stdout
