"""The way back from a change to the setting that was changed, whichever it is."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline_zen.files import stack_file
from pipeline_zen.report.origins import Origins
from pipeline_zen.settings import Settings, load
from pipeline_zen.stack import synth
from tests.conftest import Checkout

FLEET = "fleets.a100-40gb"
BASE = """\
state_bucket: lum-terraform-state
images_project: neat-airport-407301
results_buckets: {us: US}
fleets:
  a100-40gb:
    accelerator: nvidia-tesla-a100
    machine_types: {8: a2-highgpu-8g}
    max_vms: {8: 1}
    regions:
      us-central1: [a, f]
"""
DEV = "project: eng-ai-dev\n"
SCHEDULER = "scheduler: {member: 'user:a@b.example'}\n"
QUOTA = "quota_preferences: {contact_email: a@b.example}\n"

Files = tuple[str, str]


def _fleet(lines: str, base: str = BASE) -> Files:
    return base.replace("    regions:", f"{lines}    regions:"), DEV


def _dev(lines: str) -> Files:
    return BASE, f"{DEV}{lines}"


PLAIN = (BASE, DEV)
FLEX = "    capacity: flex-start\n    max_run_hours: 9\n"
OURS = "    capacity: reservation\n    reservations: {8: ours}\n"

CHANGES: dict[str, tuple[Files, Files]] = {
    f"{FLEET}.target_shape": (PLAIN, _fleet("    target_shape: EVEN\n")),
    f"{FLEET}.target_size_mode": (_fleet(FLEX), _fleet(f"{FLEX}    target_size_mode: BULK\n")),
    f"{FLEET}.capacity": (_fleet("    max_run_hours: 9\n"), _fleet(FLEX)),
    f"{FLEET}.cluster_capacity.8": (PLAIN, _fleet("    cluster_capacity: {8: spot}\n")),
    f"{FLEET}.reservations.8": (_fleet(OURS), _fleet(OURS.replace("ours", "theirs"))),
    f"{FLEET}.max_run_hours": (PLAIN, _fleet("    max_run_hours: 9\n")),
    f"{FLEET}.boot_disk_gb": (PLAIN, _fleet("    boot_disk_gb: 100\n")),
    f"{FLEET}.boot_disk_type": (PLAIN, _fleet("    boot_disk_type: pd-ssd\n")),
    f"{FLEET}.image_version": (PLAIN, _fleet("    image_version: 0.61.0\n")),
    f"{FLEET}.cluster_image_versions.8": (
        PLAIN,
        _fleet("    cluster_image_versions: {8: 0.61.0}\n"),
    ),
    f"{FLEET}.regions.us-central1": (PLAIN, (BASE.replace("[a, f]", "[a]"), DEV)),
    "labels": (PLAIN, _dev("labels: {team: ml}\n")),
    "results_buckets.us": (PLAIN, (BASE.replace("us: US", "us: US-EAST1"), DEV)),
    "public_results": (PLAIN, _dev("public_results: false\n")),
    "datasets_location": (PLAIN, _dev("datasets_location: EU\n")),
    "delivery.ack_deadline_seconds": (PLAIN, _dev("delivery: {ack_deadline_seconds: 61}\n")),
    "delivery.retention_days": (PLAIN, _dev("delivery: {retention_days: 5}\n")),
    "local.location": (
        _dev("local: {clusters: [1xlocal]}\n"),
        _dev("local: {clusters: [1xlocal], location: EU}\n"),
    ),
    "protected": (PLAIN, _dev("protected: false\n")),
    "scheduler.member": (_dev(SCHEDULER), _dev(SCHEDULER.replace("a@", "c@"))),
    "quota_preferences.contact_email": (_dev(QUOTA), _dev(QUOTA.replace("a@", "c@"))),
}
"""Of a setting by its path, the files before and after a change of it."""

BY_THE_CODE = ("lifecycle", "name")
"""What a plan has no such attribute of, and what follows from all that a template is."""


def _stack(checkout: Checkout, files: Files, out: Path) -> tuple[Settings, Any]:
    for name, text in zip(("base", "dev"), files, strict=True):
        checkout.write(f"config/{name}.yaml", text)
    (settings,) = load(checkout.root, ["dev"])
    synth([settings], out)
    return settings, json.loads(stack_file(out, "dev").read_text(encoding="utf-8"))["resource"]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The attributes below *path*, as a plan calls them: a block there is a list."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _leaves(below, f"{path}[0].{key}" if path else key)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for index, below in enumerate(value):
            for key, leaf in _leaves(below):
                yield f"{path}[{index}].{key}", leaf
    else:
        yield path, value


@pytest.mark.node
@pytest.mark.parametrize("setting", CHANGES)
def test_a_change(setting: str, tmp_path: Path) -> None:
    """Whatever a changed setting changes in a stack leads to its line, or to what is beside it."""
    checkout = Checkout(tmp_path)
    checkout.write("VERSION", "0.60.1\n")
    before, after = CHANGES[setting]
    _, old = _stack(checkout, before, tmp_path / "before")
    settings, new = _stack(checkout, after, tmp_path / "after")
    origins = Origins(settings, checkout.root)
    changed = [
        (kind, name, path)
        for kind, resources in new.items()
        for name, resource in resources.items()
        for path, value in _leaves(resource)
        if name in old.get(kind, {})
        and dict(_leaves(old[kind][name])).get(path) != value
        and path.split("[")[0] not in BY_THE_CODE
    ]

    assert changed
    for kind, name, path in changed:
        (origin,) = origins.of(kind, name, [path])
        assert setting == origin.setting, f"{kind}.{name}: {path}"
        assert origin.place, f"{kind}.{name}: {path}"
