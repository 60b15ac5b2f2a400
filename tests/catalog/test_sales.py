"""Where machines are sold, and how."""

import pytest

from pipeline_zen import catalog
from pipeline_zen.settings import load
from tests.conftest import SETTINGS


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
        ("n1-highmem-8", "nvidia-tesla-v100", 1, "flex-start", "no"),
        ("a2-highgpu-8g", "nvidia-tesla-a100", 8, "reservation-bound", "no"),
        ("a4-highgpu-8g", "nvidia-b200", 8, "reservation-bound", "yes"),
        # One source has it so, and another has not.
        ("a3-edgegpu-8g", "nvidia-h100-80gb", 8, "flex-start", "doubtful"),
        ("g4-standard-48", "nvidia-rtx-pro-6000", 1, "flex-start", "doubtful"),
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
    machine_type: str, accelerator: str, gpus: int, model: catalog.ProvisioningModel, verdict: str
) -> None:
    """A provisioning model is offered, or not, or only somebody's memory says so."""
    assert verdict == catalog.sold_as(machine_type, accelerator, gpus, model).verdict


def test_locations() -> None:
    """A bucket can be in any region, and in a few wider places."""
    assert {"US", "EU", "ASIA", "NAM4", "ME-WEST1"} <= set(catalog.locations())
