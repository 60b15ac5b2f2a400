"""
The settings in `config/`, and what they come to: golden files, which `make golden` writes.

This is the one place that reads `config/` and VERSION. Tests about code have settings of their own.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from pipeline_zen.fleet import EXPOSURE_FORMS, exposure
from pipeline_zen.settings import ALLOW, examine, json_schema, load
from tests.conftest import ROOT, Run, Stack, stack_text
from tests.repository.conftest import CONFIGURED

TODAY = date(2026, 12, 1)
"""A day on which the catalogue is not old."""

Golden = Callable[[str], object]

of_each = pytest.mark.parametrize("environment", CONFIGURED)


@of_each
@pytest.mark.node
def test_stack(environment: str, configured: Path, golden: Golden) -> None:
    """The whole stack is the golden one."""
    assert golden(f"{environment}.tf.json") == stack_text(configured, environment) + "\n"


@of_each
@pytest.mark.node
def test_inventory(environment: str, configured: Path, golden: Golden) -> None:
    """Counts and chosen values, to read beside the whole."""
    stack = json.loads(stack_text(configured, environment))
    text = yaml.safe_dump(_inventory(stack), sort_keys=False, width=100)

    assert golden(f"{environment}.inventory.yaml") == text


@of_each
def test_fleet(environment: str, run: Run, golden: Golden) -> None:
    """The table of its groups, as `make expand GROUPS=yes` shows it in a pipe."""
    result = run("-C", ROOT, "expand", environment, "--groups", env={"FORCE_COLOR": ""})

    assert 0 == result.returncode, result.stderr
    assert golden(f"{environment}.expand.txt") == result.stdout


@of_each
def test_exposure(environment: str, golden: Golden) -> None:
    """The most that its groups hold, in VMs, quota and dollars."""
    (settings,) = load(ROOT, [environment])

    assert golden(f"{environment}.exposure.md") == EXPOSURE_FORMS["markdown"](exposure(settings))


def test_remarks(golden: Golden) -> None:
    """What `make check` has to say of all environments."""
    remarks = examine(ROOT, CONFIGURED, today=TODAY).remarks

    assert golden("remarks.txt") == "".join(f"{remark}\n\n" for remark in remarks)


def test_no_golden_file_is_left_over() -> None:
    """An environment that is no more has none: else `make golden`."""
    files = {path.name.partition(".")[0] for path in (ROOT / "tests/golden/config").iterdir()}

    assert {*CONFIGURED, "remarks"} == files


@pytest.mark.parametrize(
    "file",
    [path for path in sorted((ROOT / "config").glob("[!.]*.yaml")) if path != ROOT / ALLOW],
    ids=lambda path: path.stem,
)
def test_schema(file: Path) -> None:
    """An editor that follows the schema finds nothing wrong with a file, which names it."""
    text = file.read_text(encoding="utf-8")
    settings = yaml.safe_load(text)
    for fleet in settings.get("fleets", {}).values():
        # JSON knows only text for a name.
        for numbers in (value for value in fleet.values() if isinstance(value, dict)):
            for number in [key for key in numbers if isinstance(key, int)]:
                numbers[str(number)] = numbers.pop(number)

    jsonschema.validate(settings, yaml.safe_load(json_schema()))
    assert "# yaml-language-server: $schema=schema.json" == text.splitlines()[0]


@pytest.mark.node
@pytest.mark.process
def test_main_py_writes_what_synth_writes(tmp_path: Path, configured: Path) -> None:
    """What the CDK's command line runs gives the same bytes, where that tells it to."""
    subprocess.run(
        [sys.executable, ROOT / "main.py"],
        check=True,
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "CDKTF_OUTDIR": str(tmp_path / "out")},
    )

    for environment in CONFIGURED:
        assert stack_text(configured, environment) == stack_text(tmp_path / "out", environment)


def _inventory(stack: Stack) -> dict[str, Any]:
    resources = stack["resource"]
    subscriptions = resources["google_pubsub_subscription"].values()
    return {
        "state": stack["terraform"]["backend"]["gcs"],
        "counts": {
            "all": sum(map(len, resources.values())),
            **{kind: len(of_kind) for kind, of_kind in resources.items()},
        },
        "groups": _groups(resources["google_compute_region_instance_group_manager"].values()),
        "templates": _templates(resources["google_compute_instance_template"].values()),
        "buckets": {
            bucket["name"]: f"{bucket['location']}, {bucket['public_access_prevention']}"
            for bucket in resources["google_storage_bucket"].values()
        },
        "topics": sorted(resources["google_pubsub_topic"]),
        "subscriptions": {
            subscription["name"]: subscription.get("filter", "everything")
            for subscription in subscriptions
        },
        "roles": {
            role["role_id"]: role["permissions"]
            for role in resources["google_project_iam_custom_role"].values()
        },
        "protected": sorted(
            f"{kind}.{name}"
            for kind, of_kind in resources.items()
            for name, resource in of_kind.items()
            if resource.get("lifecycle", {}).get("prevent_destroy")
        ),
    }


def _groups(groups: Collection[Stack]) -> dict[str, Any]:
    return {
        "by region": dict(sorted(Counter(group["region"] for group in groups).items())),
        "shapes": sorted({group["distribution_policy_target_shape"] for group in groups}),
        "update policies": sorted(
            {f"{g['update_policy']['type']}/{g['update_policy']['minimal_action']}" for g in groups}
        ),
        "with a size": sum("target_size" in group for group in groups),
    }


def _templates(templates: Collection[Stack]) -> dict[str, str]:
    return {
        template["name"]: (
            f"{template['machine_type']}, {gpus['count']} {gpus['type']}, "
            f"{disk['disk_size_gb']} GB {disk['disk_type']}, "
            f"{disk['source_image'].rpartition('/')[2]}"
        )
        for template in templates
        for gpus, disk in zip(template["guest_accelerator"], template["disk"], strict=True)
    }
