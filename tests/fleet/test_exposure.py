"""The most that the groups hold at once, by hand and by the settings."""

import io
import json
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from syrupy.assertion import SnapshotAssertion

from pipeline_zen import catalog
from pipeline_zen.fleet import EXPOSURE_FORMS, Exposure, exposure
from pipeline_zen.settings import Settings, load
from tests.conftest import SETTINGS, Checkout


@pytest.fixture
def prod() -> Settings:
    (settings,) = load(SETTINGS, ["prod"])
    return settings


def changed(checkout: Checkout, old: str, new: str) -> Exposure:
    """What a changed base comes to."""
    checkout.edit("config/base.yaml", old, new)
    (settings,) = load(checkout.root, ["prod"])
    return exposure(settings)


V100 = "max_vms: {1: 8, 4: 2, 8: 1}"


class TestNumbers:
    """Against sums made by hand."""

    def test_the_fleet(self, prod: Settings) -> None:
        """1 region of V100, 10 and 5 of A100, 4 of H100, with the limits of each cluster."""
        found = exposure(prod)

        vms = 1 * (8 + 2 + 1) + 10 * (16 + 8 + 4 + 2) + 5 * (16 + 8 + 4 + 2) + 4 * 3
        gpus = 1 * (8 * 1 + 2 * 4 + 1 * 8) + (10 + 5) * (16 * 1 + 8 * 2 + 4 * 4 + 2 * 8) + 4 * 3 * 8
        assert (473, 1_080, 946.0) == (vms, gpus, vms * 2_000 / 1_000)
        assert (473, 1_080, 946.0) == (found.vms, found.gpus, found.disk_tb)
        assert ((), ()) == (found.unlimited, found.unpriced("on_demand"))

    def test_dollars(self, prod: Settings) -> None:
        """The sum is that of each VM's list price."""
        found = exposure(prod)
        (h100,) = [row for row in found.rows if row.cluster == "8xh100-80gb" and
                   row.region == "us-east5"]  # fmt: skip
        each = catalog.price("a3-highgpu-8g", "nvidia-h100-80gb", 8, "us-east5").on_demand

        assert each is not None
        assert 3 * each == h100.on_demand
        assert sum((row.on_demand or 0 for row in found.rows), Decimal()) == found.on_demand

    def test_flex_start(self, checkout: Checkout) -> None:
        """What it costs is in no list: neither the price on demand nor that of spot is counted."""
        before = exposure(load(checkout.root, ["prod"])[0])
        name = "  h100-80gb:\n"
        flex = f"{name}    capacity: flex-start\n    max_run_hours: 24\n"
        found = changed(checkout, name, flex)

        rows = [row for row in before.rows if row.cluster == "8xh100-80gb"]
        less = sum((row.on_demand or 0 for row in rows), Decimal())
        assert less > 0
        assert before.on_demand - less == found.on_demand
        assert {row.cluster for row in found.unpriced("on_demand")} == {"8xh100-80gb"}
        assert "8xh100-80gb" in {row.cluster for row in found.unpriced("spot")}
        text = EXPOSURE_FORMS["markdown"](found)
        assert "Had as flex-start, whose price is in no list that is known, and in no sum" in text
        assert "No price on demand is known of" not in text

    def test_an_n1(self, prod: Settings) -> None:
        """A V100's VM is paid for as a machine and eight GPUs."""
        found = exposure(prod)
        (row,) = [row for row in found.rows if row.cluster == "8xv100"]
        whole = catalog.price("n1-highmem-32", "nvidia-tesla-v100", 8, "us-central1").on_demand

        assert whole is not None
        assert whole == row.on_demand

    def test_quotas(self, prod: Settings) -> None:
        """Older GPUs have a metric, newer ones a family; disks, addresses and vCPUs count too."""
        quotas = {
            (quota.region, quota.metric or quota.id, quota.unit): quota.amount
            for quota in exposure(prod).quotas
        }

        assert 1_080 == quotas["all regions", "GPUS_ALL_REGIONS", "GPUs"]
        assert 24 == quotas["us-central1", "NVIDIA_V100_GPUS", "GPUs"]
        assert 64 == quotas["us-central1", "NVIDIA_A100_GPUS", "GPUs"]
        family = "GPUS-PER-GPU-FAMILY-per-project-region"
        assert 24 == quotas["us-west4", family, "GPUs"]
        assert (11 + 30 + 30) * 2_000 == quotas["us-central1", "SSD_TOTAL_GB", "GB of pd-balanced"]
        assert 71 == quotas["us-central1", "IN_USE_ADDRESSES", "addresses"]
        assert 8 * 8 + 2 * 16 + 1 * 32 == quotas["us-central1", "CPUS", "vCPUs"]

    @pytest.mark.parametrize(
        ("disk", "metric"), [("pd-ssd", "SSD_TOTAL_GB"), ("pd-standard", "DISKS_TOTAL_GB")]
    )
    def test_disks(self, disk: str, metric: str, checkout: Checkout) -> None:
        """A disk counts as fast or slow, with those of other kinds that count so."""
        found = changed(checkout, V100, f"{V100}\n    boot_disk_type: {disk}")

        (quota,) = [quota for quota in found.quotas if quota.unit == f"GB of {disk}"]
        assert ("us-central1", metric, 11 * 2_000) == (quota.region, quota.metric, quota.amount)

    def test_spot_has_other_quotas(self, checkout: Checkout) -> None:
        """A fleet had as spot counts as preemptible."""
        found = changed(checkout, V100, f"{V100}\n    capacity: spot")

        metrics = {quota.metric for quota in found.quotas if quota.region == "us-central1"}
        assert {"PREEMPTIBLE_NVIDIA_V100_GPUS", "PREEMPTIBLE_CPUS"} <= metrics
        assert not {"NVIDIA_V100_GPUS", "CPUS"} & metrics


class TestUnknown:
    """What is not known is told, and in no sum."""

    def test_a_limit(self, checkout: Checkout, golden: Callable[[str], SnapshotAssertion]) -> None:
        """A cluster without a limit counts nowhere, and every form says so."""
        found = changed(checkout, V100, "max_vms: {1: 8}")

        assert ("4xv100", "8xv100") == found.unlimited
        assert (473 - 3, 1_080 - 16) == (found.vms, found.gpus)
        whole = json.loads(EXPOSURE_FORMS["json"](found))
        assert ["4xv100", "8xv100"] == whole["unknown"]["limits"]
        assert golden("unlimited.md") == EXPOSURE_FORMS["markdown"](found)

    def test_a_quota(self, checkout: Checkout) -> None:
        """Where a cluster without a limit counts against a quota, its amount is not all."""
        found = changed(checkout, V100, "max_vms: {1: 8}")

        words = {
            (quota.region, quota.metric): quota.words() for quota in found.quotas if quota.partial
        }
        assert {
            ("all regions", "GPUS_ALL_REGIONS"): "1,064 + unknown GPUs",
            ("us-central1", "NVIDIA_V100_GPUS"): "8 + unknown GPUs",
            ("us-central1", "CPUS"): "64 + unknown vCPUs",
            ("us-central1", "IN_USE_ADDRESSES"): "68 + unknown addresses",
            ("us-central1", "SSD_TOTAL_GB"): "136,000 + unknown GB of pd-balanced",
        } == words

    def test_a_quota_of_nothing_else(self, checkout: Checkout) -> None:
        """A quota that only clusters without a limit count against is told, as unknown."""
        found = changed(checkout, V100, "max_vms: {}")

        (v100,) = [quota for quota in found.quotas if quota.metric == "NVIDIA_V100_GPUS"]
        assert "unknown GPUs" == v100.words()

    def test_what_a_price_means(self, checkout: Checkout) -> None:
        """A price that does not mean what it says comes with its reason."""
        new = "machine_types: {1: a3-highgpu-1g}\n    capacity: spot\n    max_vms: {1: 3}"
        checkout.edit("config/base.yaml", "    max_vms: {8: 3}\n", "")
        found = changed(checkout, "machine_types: {8: a3-highgpu-8g}", new)

        assert (
            "nvidia-h100-80gb in europe-west4, nvidia-h100-80gb in us-east5, "
            "nvidia-h100-80gb in us-west1, nvidia-h100-80gb in us-west4: "
            "on demand is a list price: the machine is not sold so.\n"
        ) in EXPOSURE_FORMS["markdown"](found)

    def test_a_price(self, checkout: Checkout) -> None:
        """A machine without a price is in the sum of VMs, and not in that of dollars."""
        new = """  b200:
    accelerator: nvidia-b200
    machine_types: {8: a4-highgpu-8g}
    max_vms: {8: 2}
    capacity: spot
    boot_disk_type: hyperdisk-balanced
    regions:
      us-central1: [b]

  v100:"""
        found = changed(checkout, "  v100:", new)

        (row,) = [row for row in found.rows if row.cluster == "8xb200"]
        assert (2, 16, None) == (row.vms, row.gpus, row.on_demand)
        assert 475 == found.vms
        assert (row,) == found.unpriced("on_demand")
        assert "No price on demand is known of nvidia-b200 in us-central1." in (
            EXPOSURE_FORMS["table"](found)
        )
        lines = EXPOSURE_FORMS["markdown"](found).splitlines()
        (line,) = [line for line in lines if line.startswith("| nvidia-b200 |")]
        assert ["us-central1", "2", "16", "4", "unknown"] == line.split(" | ")[1:6]
        assert "8xb200" not in found.unlimited
        disks = {quota.unit: quota.metric for quota in found.quotas}
        assert disks["GB of hyperdisk-balanced"] is None


@pytest.mark.parametrize(
    ("form", "suffix"), [("table", "txt"), ("markdown", "md"), ("json", "json")]
)
def test_forms(
    form: str, suffix: str, prod: Settings, golden: Callable[[str], SnapshotAssertion]
) -> None:
    """The fleet as it is, in each form."""
    assert golden(f"prod.{suffix}") == EXPOSURE_FORMS[form](exposure(prod))


def test_a_terminal_of_80_columns(prod: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """No name and no id is broken over lines: each can be copied."""
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    found = exposure(prod)

    text = re.sub(r"\x1b\[[0-9;]*m", "", EXPOSURE_FORMS["table"](found))

    assert max(map(len, text.splitlines())) <= 80
    for quota in found.quotas:
        assert quota.id is None or quota.id in text
    for row in found.rows:
        assert f" {row.accelerator} " in text
        assert f" {row.region} " in text
