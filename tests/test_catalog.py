"""Facts about what Google sells."""

import csv
from datetime import date
from pathlib import Path

import pytest

from pipeline_zen import catalog

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
            "n1-highmem-16 has 16 vCPUs and 104 GB, and 1 nvidia-tesla-v100 allow 12 and 78",
        ),
    ],
)
def test_misfits(machine_type: str, accelerator: str, gpus: int, reason: str) -> None:
    """What does not go together has a reason that names both."""
    assert reason == FACTS.misfit(machine_type, accelerator, gpus)


@pytest.mark.parametrize("file", DATA, ids=lambda file: file.name)
def test_every_fact_has_a_date_and_a_source(file: Path) -> None:
    """Nothing in the catalogue is hearsay: each row says when and where it was read."""
    with file.open(encoding="utf-8", newline="") as data:
        rows = list(csv.DictReader(data))

    assert rows
    for row in rows:
        assert date.fromisoformat(row["as_of"]) <= date.today()
        assert row["source"]


def test_boot_disk_types() -> None:
    """Older machines boot from persistent disks, the newest from hyperdisk only."""
    assert (
        "pd-standard",
        "pd-balanced",
        "pd-ssd",
    ) == FACTS.boot_disk_types("n1-highmem-8", "nvidia-tesla-v100", 1)
    assert ("hyperdisk-balanced",) == FACTS.boot_disk_types("a4-highgpu-8g", "nvidia-b200", 8)
    assert FACTS.boot_disk_types("n1-highmem-8", "nvidia-l4", 1) is None
