"""Machine types and the GPUs in them or attached to them."""

import pytest

from pipeline_zen import catalog
from tests.conftest import Facts

FACTS = catalog.load()


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
    facts.add("n1_gpus.csv", "nvidia-x,1,16,50,,,,spot,pd-ssd,,,,2026-11-30,seen")

    misfit = catalog.load().misfit("n1-highmem-8", "nvidia-x", 1)

    assert misfit
    assert misfit.reason.endswith(": n1-highcpu-16, n1-highmem-4, n1-standard-8 at most")


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
