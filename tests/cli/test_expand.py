"""The verb `expand`: what the settings come to."""

import json
import re
from collections.abc import Callable

import yaml

from pipeline_zen.settings import Fleet
from tests.conftest import SETTINGS, Checkout, Run

COLUMNS = {
    "cluster",
    "machine_type",
    "accelerator",
    "gpus",
    "capacity",
    "reservation",
    "target_shape",
    "boot_disk_gb",
    "boot_disk_type",
    "max_run_hours",
    "image_version",
    "target_size_mode",
    "max_vms",
    "region",
    "zones",
    "group",
    "template",
    "bucket",
}


def test_expand_as_json_and_yaml(run: Run) -> None:
    """Both forms hold the same 67 rows, each with all columns."""
    from_json = json.loads(run("-C", SETTINGS, "expand", "prod", "--format", "json").stdout)
    from_yaml = yaml.safe_load(run("-C", SETTINGS, "expand", "prod", "--format", "yaml").stdout)

    assert from_json == from_yaml
    assert 67 == len(from_json)
    assert {frozenset(COLUMNS)} == {frozenset(row) for row in from_json}
    (row,) = [row for row in from_json if row["cluster"] == "8xv100"]
    assert "pipeline-zen-jobs-8xv100-us-central1-mig" == row["group"]
    assert ["us-central1-a", "us-central1-b", "us-central1-c", "us-central1-f"] == row["zones"]
    assert "lum-prod-pipeline-zen-jobs-us" == row["bucket"]


EXPANDED = {
    "accelerator": "accelerator",
    "machine_types": "machine_type",
    "regions": "zones",
    "target_shape": "target_shape",
    "target_size_mode": "target_size_mode",
    "capacity": "capacity",
    "cluster_capacity": "capacity",
    "reservations": "reservation",
    "max_run_hours": "max_run_hours",
    "boot_disk_gb": "boot_disk_gb",
    "boot_disk_type": "boot_disk_type",
    "image_version": "image_version",
    "cluster_image_versions": "image_version",
    "max_vms": "max_vms",
}
"""Where each setting of a fleet is seen."""


def test_expand_hides_nothing(checkout: Checkout, run: Run) -> None:
    """Whatever a fleet can set is in its rows, and in the table where it is not the usual."""
    assert set(Fleet.model_fields) == set(EXPANDED)
    assert set(EXPANDED.values()) <= COLUMNS
    checkout.edit(
        "config/base.yaml",
        "    max_vms: {1: 8, 4: 2, 8: 1}",
        "    target_shape: EVEN\n    cluster_capacity: {4: spot, 8: reservation}\n"
        "    reservations: {8: our-v100s}\n    max_run_hours: 168\n    boot_disk_gb: 500\n"
        "    boot_disk_type: pd-ssd",
    )

    rows = json.loads(run("-C", checkout.root, "expand", "dev", "--format", "json").stdout)
    table = run("-C", checkout.root, "expand", "dev").stdout.splitlines()

    (row,) = [row for row in rows if row["cluster"] == "8xv100"]
    expected = {
        "capacity": "reservation",
        "reservation": "our-v100s",
        "target_shape": "EVEN",
        "boot_disk_gb": 500,
        "boot_disk_type": "pd-ssd",
        "max_run_hours": 168,
    }
    assert expected == {key: row[key] for key in expected}
    usual = "target_shape: EVEN, boot_disk_gb: 500, boot_disk_type: pd-ssd, max_run_hours: 168"
    for cluster, besides in (("4xv100", usual), ("8xv100", f"reservation: our-v100s, {usual}")):
        (line,) = [line for line in table if line.startswith(f" {cluster}")]
        assert line.endswith(f"  {besides}")
        assert " nvidia-tesla-v100 " in line
    (line,) = [line for line in table if line.startswith(" 8xa100-40gb") and "us-east1 " in line]
    assert line.endswith("lum-dev-pipeline-zen-jobs-us")


def test_expand_as_a_table(run: Run, golden: Callable[[str], object]) -> None:
    """In a pipe each group is one line, not broken, however narrow the terminal is."""
    table = run("-C", SETTINGS, "expand", "dev", env={"COLUMNS": "60"}).stdout

    assert golden("expand.txt") == table


def test_expand_in_a_narrow_terminal(run: Run) -> None:
    """On a terminal the table folds to its width."""
    wide = run("-C", SETTINGS, "expand", "dev", env={"COLUMNS": "100", "FORCE_COLOR": "1"}).stdout

    text = re.sub(r"\x1b\[[0-9;]*m", "", wide)
    assert max(map(len, text.splitlines())) <= 100
    assert "8xa100-40gb" in text
