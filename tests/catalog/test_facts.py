"""The data files: every fact has a day and a source, and each row is read strictly."""

import csv
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from pipeline_zen import catalog
from tests.conftest import SETTINGS, Facts

FACTS = catalog.load()


DATA = sorted(Path(catalog.__file__).parent.glob("*.csv"))


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
            "nvidia-x,1,8,8,,,,standrad,pd-ssd,,,,2026-11-30,seen",
            'provisioning_models is "standrad", and must be some of standard, spot,',
        ),
        (
            "n1_gpus.csv",
            "nvidia-x,1,8,8,,,,spot,ssd,,,,2026-11-30,seen",
            'boot_disk_types is "ssd", and must be some of hyperdisk-balanced,',
        ),
        (
            "n1_gpus.csv",
            "nvidia-x,1,8,8,,,,spot,pd-ssd,nick,,,2026-11-30,seen",
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
