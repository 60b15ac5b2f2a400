"""Every kind of machine and capacity, by YAML alone, in one environment that OpenTofu plans."""

import json
import os
import subprocess
from collections import defaultdict
from datetime import date
from typing import Any

import pytest

from pipeline_zen.fleet import clusters
from pipeline_zen.settings import Settings, SettingsError, examine, load
from tests.conftest import Checkout, Stack, stack_text

TODAY = date(2026, 12, 1)

BASE = """\
state_bucket: lum-terraform-state
images_project: neat-airport-407301
results_buckets: {asia: ASIA, australia: AUSTRALIA-SOUTHEAST1, us: US}
fleets:
  h100-80gb:
    accelerator: nvidia-h100-80gb
    machine_types: {1: a3-highgpu-1g, 2: a3-highgpu-2g, 4: a3-highgpu-4g, 8: a3-highgpu-8g}
    capacity: spot
    cluster_capacity: {8: standard}
    max_run_hours: 168
    regions:
      australia-southeast1: [c]
      us-central1: [a, b, c]
  h100-mega:
    accelerator: nvidia-h100-mega-80gb
    machine_types: {8: a3-megagpu-8g}
    capacity: reservation
    reservations: {8: mega-block}
    regions: {us-east4: [a, b]}
  h200:
    accelerator: nvidia-h200-141gb
    machine_types: {8: a3-ultragpu-8g}
    capacity: spot
    boot_disk_type: hyperdisk-balanced
    regions: {us-central1: [b]}
  b200:
    accelerator: nvidia-b200
    machine_types: {8: a4-highgpu-8g}
    capacity: reservation-bound
    reservations: {8: projects/eng-ai-shared/reservations/b200}
    target_size_mode: BULK
    boot_disk_type: hyperdisk-balanced
    regions: {us-central1: [b]}
  l4:
    accelerator: nvidia-l4
    machine_types: {1: g2-standard-8, 8: g2-standard-96}
    cluster_capacity: {8: flex-start}
    max_run_hours: 24
    regions:
      asia-east1: [a, b, c]
      us-central1: [a, b, c]
  t4:
    accelerator: nvidia-tesla-t4
    machine_types: {1: n1-standard-8, 4: n1-standard-32}
    cluster_capacity: {1: spot}
    regions: {us-central1: [a, b, c, f]}
  rtx-pro-6000:
    accelerator: nvidia-rtx-pro-6000
    machine_types: {1: g4-standard-48, 8: g4-standard-384}
    boot_disk_type: hyperdisk-balanced
    regions: {us-central1: [b]}
lint:
  ignore:
    region-unused: only what is needed to plan
    zone-doubtful: not deployed
    zone-unused: only what is needed to plan
    capacity-doubtful: not deployed
"""


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout with a fleet of each machine that is not in the deployed ones."""
    checkout = Checkout(tmp_path_factory.mktemp("machines"))
    checkout.write("VERSION", "0.60.1\n")
    checkout.write("config/base.yaml", BASE)
    checkout.write("config/dev.yaml", "project: eng-ai-dev\nprotected: false\n")
    return checkout


@pytest.fixture(scope="module")
def settings(machines: Checkout) -> Settings:
    """Its settings."""
    (settings,) = examine(machines.root, ["dev"], today=TODAY).settings
    return settings


@pytest.fixture(scope="module")
def stack(machines: Checkout, settings: Settings) -> Stack:
    """Its stack."""
    from pipeline_zen.stack import synth

    synth([settings], machines.root / "cdktf.out")
    stack: Stack = json.loads(stack_text(machines.root / "cdktf.out", "dev"))
    return stack


def test_added_by_yaml_alone(machines: Checkout) -> None:
    """The catalogue knows each of them, and there is nothing to say against the settings."""
    examined = examine(machines.root, ["dev"], today=TODAY)

    assert () == examined.remarks
    assert 13 == len(clusters(examined.settings[0]))


def test_a_new_part_of_the_world_needs_a_results_bucket(machines: Checkout) -> None:
    """A VM in Australia looks for the bucket of that name when its job is done."""
    machines.edit("config/base.yaml", "australia: AUSTRALIA-SOUTHEAST1, ", "")
    try:
        with pytest.raises(SettingsError) as caught:
            examine(machines.root, ["dev"], today=TODAY)
    finally:
        machines.write("config/base.yaml", BASE)

    (problem,) = caught.value.problems
    assert "fleets.h100-80gb.regions.australia-southeast1" == problem.path
    assert 'to the bucket "australia"' in problem.hint


@pytest.mark.node
def test_nothing_gets_lost_on_the_way(settings: Settings, stack: Stack) -> None:
    """What the template says in values stands in the stack, block by block."""
    templates = {
        template["name"]: template
        for template in stack["resource"]["google_compute_instance_template"].values()
    }

    for cluster in clusters(settings):
        template = templates[cluster.template_name]
        for block in ("scheduling", "reservation_affinity"):
            assert cluster.template[block] == template[block], cluster.name


@pytest.mark.node
def test_no_mode_touches_what_runs(stack: Stack) -> None:
    """Whatever the capacity, a group neither updates, repairs nor moves a VM by itself."""
    groups = stack["resource"]["google_compute_region_instance_group_manager"].values()

    assert {("OPPORTUNISTIC", "NONE", "NONE", "DO_NOTHING")} == {
        (
            group["update_policy"]["type"],
            group["update_policy"]["minimal_action"],
            group["update_policy"]["instance_redistribution_type"],
            group["instance_lifecycle_policy"]["default_action_on_failure"],
        )
        for group in groups
    }
    assert not [group for group in groups if "target_size" in group]


@pytest.mark.slow
@pytest.mark.node
@pytest.mark.tofu
def test_planned(tofu: str, machines: Checkout, stack: Stack) -> None:
    """The provider knows every argument of every mode, and plans all of it."""
    planned = _planned(tofu, machines)

    templates = planned["google_compute_instance_template"]
    assert len(stack["resource"]["google_compute_instance_template"]) == len(templates)
    (spot,) = templates["pipeline-zen-jobs-1xh100-80gb-tpl"]["scheduling"]
    assert ("SPOT", True, "DELETE", [{"nanos": None, "seconds": 604_800}]) == (
        spot["provisioning_model"],
        spot["preemptible"],
        spot["instance_termination_action"],
        spot["max_run_duration"],
    )
    (affinity,) = templates["pipeline-zen-jobs-8xb200-tpl"]["reservation_affinity"]
    assert [
        {
            "key": "compute.googleapis.com/reservation-name",
            "values": ["projects/eng-ai-shared/reservations/b200"],
        }
    ] == affinity["specific_reservation"]
    groups = planned["google_compute_region_instance_group_manager"]
    bulk = groups["pipeline-zen-jobs-8xb200-us-central1-mig"]
    assert [{"mode": "BULK"}] == bulk["target_size_policy"]
    assert "ANY_SINGLE_ZONE" == bulk["distribution_policy_target_shape"]


def _planned(tofu: str, machines: Checkout) -> dict[str, dict[str, Any]]:
    """What is planned, by type and name; it is validated first."""
    folder = machines.root / "cdktf.out/stacks/dev"
    machines.write("dev-config.env", "PZ_HUGGINGFACE_TOKEN=none\n")
    machines.write(
        "cdktf.out/stacks/dev/zz_override.tf.json", '{"terraform":{"backend":{"local":{}}}}'
    )

    def run(*arguments: str) -> str:
        result = subprocess.run(
            [tofu, f"-chdir={folder}", *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "GOOGLE_OAUTH_ACCESS_TOKEN": "no-token"},
        )
        assert 0 == result.returncode, result.stdout[-2000:] + result.stderr[-2000:]
        return result.stdout

    run("init", "-input=false", "-no-color")
    validated = json.loads(run("validate", "-json"))
    assert (True, []) == (validated["valid"], validated["diagnostics"])
    run("plan", "-input=false", "-no-color", "-out=planned")
    changes = json.loads(run("show", "-json", "planned"))["resource_changes"]

    planned: dict[str, dict[str, Any]] = defaultdict(dict)
    for change in changes:
        planned[change["type"]][change["name"]] = change["change"]["after"]
    return planned


@pytest.mark.parametrize("limits", ["{1: 0}", "{1: -1}", "{1: many}", "{3: 1}"])
def test_a_limit_that_is_none(limits: str, checkout: Checkout) -> None:
    """A limit is a number of VMs, of a cluster that there is."""
    checkout.edit("config/base.yaml", "max_vms: {1: 8, 4: 2, 8: 1}", f"max_vms: {limits}")

    with pytest.raises(SettingsError, match=r"fleets\.v100\.max_vms"):
        load(checkout.root, ["dev"])
