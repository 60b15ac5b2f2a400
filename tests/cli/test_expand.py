"""The verb `expand`: what the settings come to."""

import json
import re
from collections.abc import Callable

import pytest
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
    "target_size_mode",
    "boot_disk_gb",
    "boot_disk_type",
    "max_run_hours",
    "image_version",
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
    table = run("-C", checkout.root, "expand", "dev", "--groups").stdout.splitlines()
    short = run("-C", checkout.root, "expand", "dev").stdout

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
        assert f"\n{cluster}: {besides}\n" in short
    (line,) = [line for line in table if line.startswith(" 8xa100-40gb") and "us-east1 " in line]
    assert line.endswith("lum-dev-pipeline-zen-jobs-us")


def test_a_line_a_group(run: Run, golden: Callable[[str], object]) -> None:
    """In a pipe each group is one line, not broken, however narrow the terminal is."""
    table = run("-C", SETTINGS, "expand", "dev", "--groups", env={"COLUMNS": "60"}).stdout

    assert golden("expand.txt") == table


def test_a_line_a_cluster(run: Run, golden: Callable[[str], object]) -> None:
    """Usually it is a line a cluster, with its regions below, on one screen."""
    table = run("-C", SETTINGS, "expand", "dev").stdout

    assert golden("clusters.txt") == table
    assert len(table.splitlines()) <= 24


@pytest.mark.parametrize("columns", [60, 80, 100, 300])
@pytest.mark.parametrize("options", [[], ["--groups"]])
def test_no_wider_than_a_terminal(columns: int, options: list[str], run: Run) -> None:
    """No line is wider, and from 80 columns on none is broken in a cell."""
    terminal = {"COLUMNS": f"{columns}", "FORCE_COLOR": "1"}

    shown = run("-C", SETTINGS, "expand", "dev", *options, env=terminal).stdout

    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert max(map(len, lines)) <= columns
    words = {word for line in lines for word in line.replace(",", " ").split()}
    assert "us-central1" in words
    if columns >= 80:
        assert len(lines) <= (200 if options else 40)
        assert {"8xa100-40gb", "a2-highgpu-8g", "standard"} <= {word.rstrip(":") for word in words}


def test_what_is_not_known_is_no_zero(checkout: Checkout, run: Run) -> None:
    """A cluster without a limit has question marks, and so have the sums that it is missing in."""
    checkout.edit("config/base.yaml", "    max_vms: {8: 3}\n", "")

    lines = run("-C", checkout.root, "expand", "dev").stdout.splitlines()

    (h100,) = [line.split() for line in lines if line.startswith(" 8xh100-80gb")]
    (total,) = [line.split("   ") for line in lines if line.startswith(" all")]
    assert ["4", "?", "?", "?"] == h100[-4:]
    assert ["461 + ?", "984 + ?", "4,377.57 + ?"] == [cell.strip() for cell in total[-3:]]
