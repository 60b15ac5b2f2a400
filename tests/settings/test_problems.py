"""Every way in which settings can be wrong, and how it is told."""

from collections.abc import Callable
from datetime import date

import pytest

from pipeline_zen.settings import SettingsError, examine, load
from tests.conftest import Checkout
from tests.settings.small import A100, DEV, IN_DEV, Edit, file_of

PROBLEMS: dict[str, list[Edit]] = {
    # Keys
    "unknown-setting": [("dev", "protected", "protectd")],
    "unknown-setting-nothing-like-it": [("dev", "protected: false", "zebra: 1")],
    "unknown-fleet-setting": [("base", "    regions:\n      europe-west4", "    region:\n      europe-west4")],
    "number-for-a-name": [("dev", "protected: false", "1: false")],
    "missing-setting": [("dev", "project: eng-ai-dev\n", "")],
    "missing-fleet-setting": [("base", f"    {A100}", "")],
    "key-given-twice": [("base", "  us: US\n", "  us: US\n  us: EU\n")],
    "section-given-twice": [("base", "results_buckets:", "fleets: {}\nresults_buckets:")],
    "key-that-is-a-word-of-yaml": [("base", "  us: US", "  us: US\n  no: EU")],
    "key-that-is-a-list": [("base", "  us: US", "  us: US\n  [a]: EU")],
    "merge-key-at-the-top": [("dev", "protected: false", "protected: false\n<<: {a: 1}")],
    "merge-key": [("base", "  v100:\n", "  v100: &v\n"), ("base", f"    {A100}", "    <<: *v\n")],
    # Types
    "text-for-true": [("dev", "protected: false", 'protected: "false"')],
    "number-for-text": [("dev", "project: eng-ai-dev", "project: 5")],
    "text-for-mapping": [("base", "    regions:\n      us-central1: [a, b]\n", "    regions: us-central1\n")],
    "text-for-list": [("base", "[a, f]", "a f")],
    "nothing-for-mapping": [("base", "  europe: EU\n  us: US\n", "")],
    "octal-number": [("base", f"    {A100}", f"    {A100}    boot_disk_gb: 0100\n")],
    "sexagesimal-number": [("base", f"    {A100}", f"    {A100}    boot_disk_gb: 1:30\n")],
    "bytes-for-text": [("dev", "project: eng-ai-dev", "project: !!binary aGk=")],
    "date-for-text": [("dev", "project: eng-ai-dev", "project: 2026-11-23")],
    "section-is-a-list": [("dev", "local:\n  clusters: [1xlocal]", "local: [1xlocal]")],
    "gpus-as-text": [("base", "{8: a2-highgpu-8g}", '{"8": a2-highgpu-8g}')],
    # Values
    "no-gpus": [("base", "{8: a2-highgpu-8g}", "{0: a2-highgpu-8g}")],
    "not-a-region": [("base", "us-central1: [a, f]", "us-central-1: [a, f]")],
    "zone-in-full": [("base", "[a, f]", "[us-central1-a, f]")],
    "no-zones": [("base", "[a, f]", "[]")],
    "no-fleets-left": [("dev", "local:", "fleets: {v100: null, a100-40gb: null}\nlocal:")],
    "not-a-fleet-name": [("base", "  a100-40gb:", "  A100_40GB:")],
    "not-a-location": [("base", "us: US", "us: us")],
    "not-a-shape": [("base", A100, f"{A100}    target_shape: ALL\n")],
    "disk-too-small": [("base", A100, f"{A100}    boot_disk_gb: 5\n")],
    "disk-too-large": [("base", A100, f"{A100}    boot_disk_gb: 65537\n")],
    "retention-too-long": [("dev", "local:", "delivery: {retention_days: 32}\nlocal:")],
    "not-a-cluster-name": [("dev", "[1xlocal]", "[local]")],
    "not-a-label": [("dev", "local:", "labels: {Team: ML}\nlocal:")],
    # Between settings
    "project-of-another-environment": [("dev", "eng-ai-dev", "eng-ai-prod")],
    "no-such-accelerator": [("base", A100, "accelerator: nvidia-a100-40gb\n")],
    "no-such-machine-type": [("base", "a2-highgpu-8g", "a2-highgpu-8")],
    "no-such-machine-type-nor-accelerator": [("base", f"{A100}    machine_types: {{8: a2-highgpu-8g}}", "accelerator: tpu\n    machine_types: {8: c3-standard-8}")],
    "machine-type-of-another-accelerator": [("base", "a2-highgpu-8g", "a2-ultragpu-8g")],
    "machine-type-with-other-gpus": [("base", "{8: a2-highgpu-8g}", "{4: a2-highgpu-8g}")],
    "accelerator-that-n1-cannot-have": [("base", "accelerator: nvidia-tesla-v100", "accelerator: nvidia-l4")],
    "n1-too-large": [("base", "1: n1-highmem-8", "1: n1-highmem-16")],
    "n1-with-three-gpus": [("base", "4: n1-highmem-16", "3: n1-highmem-16")],
    "disk-it-does-not-boot-from": [("base", A100, f"{A100}    boot_disk_type: hyperdisk-balanced\n")],
    "not-a-capacity": [("base", A100, f"{A100}    capacity: preemptible\n")],
    "flex-start": [("base", A100, f"{A100}    capacity: flex-start\n")],
    "flex-start-of-a-cluster": [("base", A100, f"{A100}    cluster_capacity: {{8: flex-start}}\n")],
    "flex-start-for-too-long": [("base", A100, f"{A100}    capacity: flex-start\n    max_run_hours: 169\n")],
    "flex-start-in-several-zones": [("base", A100, f"{A100}    capacity: flex-start\n    max_run_hours: 9\n    target_shape: EVEN\n")],
    "bulk-on-demand": [("base", A100, f"{A100}    target_size_mode: BULK\n")],
    "bulk-in-several-zones": [("base", A100, f"{A100}    target_size_mode: BULK\n    target_shape: BALANCED\n    capacity: reservation-bound\n    reservations: {{8: ours}}\n")],
    "reservation-bound-without-a-name": [("base", A100, f"{A100}    capacity: reservation-bound\n")],
    "reservation-bound-with-an-end": [("base", A100, f"{A100}    cluster_capacity: {{8: reservation-bound}}\n    reservations: {{8: ours}}\n    max_run_hours: 9\n")],
    "capacity-of-no-cluster": [("base", A100, f"{A100}    cluster_capacity: {{4: spot}}\n")],
    "reservation-of-no-cluster": [("base", A100, f"{A100}    reservations: {{4: ours}}\n")],
    "reservation-without-a-name": [("base", A100, f"{A100}    capacity: reservation\n")],
    "reservation-of-a-cluster-without-a-name": [("base", A100, f"{A100}    cluster_capacity: {{8: reservation}}\n")],
    "reservation-that-is-not-used": [("base", A100, f"{A100}    reservations: {{8: ours}}\n")],
    "reservation-that-is-a-number": [("base", A100, f"{A100}    capacity: reservation\n    reservations: {{8: 5}}\n")],
    "reservation-of-gpus-as-text": [("base", A100, f"{A100}    capacity: reservation\n    reservations: {{'8': ours}}\n")],
    "not-a-reservation": [("base", A100, f"{A100}    capacity: reservation\n    reservations: {{8: projects/x}}\n")],
    "no-hours": [("base", A100, f"{A100}    max_run_hours: 0\n")],
    "too-many-hours": [("base", A100, f"{A100}    max_run_hours: 2881\n")],
    "zone-listed-twice": [("base", "[a, f]", "[a, f, a]")],
    "region-without-results-bucket": [("base", "us-central1: [a, f]", "africa-south1: [a]")],
    "middle-eastern-region-without-results-bucket": [("base", "us-central1: [a, f]", "me-central1: [a]")],
    "local-cluster-is-rented": [("dev", "[1xlocal]", "[1xlocal, 1xv100]")],
    "local-cluster-listed-twice": [("dev", "[1xlocal]", "[1xlocal, 1xlocal]")],
    "scheduler-of-no-form": [("dev", "local:", "scheduler: {member: x}\nlocal:")],
    "scheduler-without-an-address": [("dev", "local:", "scheduler: {member: 'serviceAccount:x'}\nlocal:")],
    "scheduler-that-is-the-jobs": [("dev", "local:", f"scheduler: {{member: 'serviceAccount:pipeline-zen-jobs-sa{IN_DEV}'}}\nlocal:")],
    "scheduler-of-another-environment": [("dev", "local:", f"scheduler: {{member: 'serviceAccount:scheduler-zen-sa{IN_DEV.replace('dev', 'prod')}'}}\nlocal:")],
    "scheduler-that-is-made-and-another": [("dev", "local:", "scheduler: {member: 'user:a@b.example', create_account: true}\nlocal:")],
    "label-of-ours": [("dev", "local:", "labels: {env: test}\nlocal:")],
    "fleet-name-too-long": [("base", "  a100-40gb:", "  a100-40gb-with-much-network:")],
    "ignore-without-a-reason": [("dev", "local:", 'lint: {ignore: {zone-unused: " "}}\nlocal:')],
    "ignore-of-no-rule-id": [("dev", "local:", "lint: {ignore: {Zone Unused: no}}\nlocal:")],
    "bucket-name-too-long": [("base", "  us: US", f"  us: US\n  {'us' * 20}: US")],
    # Files
    "not-yaml-bracket": [("base", "[a, f]", "[a, f")],
    "not-yaml-tab": [("dev", "  clusters:", "\tclusters:")],
    "unknown-alias": [("dev", "[1xlocal]", "*clusters")],
    "contains-itself": [("dev", "local:\n  clusters: [1xlocal]", "local: &l\n  clusters: *l")],
    "unknown-tag": [("dev", "eng-ai-dev", "!secret eng-ai-dev")],
    "list-of-settings": [("dev", DEV, "- project: eng-ai-dev\n")],
    "version-with-a-word": [("VERSION", "0.60.1", "v0.60.1")],
    "version-empty": [("VERSION", "0.60.1\n", "")],
    # All at once
    "many": [
        ("VERSION", "0.60.1", "0.60"),
        ("dev", "protected", "protectd"),
        ("dev", "eng-ai-dev", "eng-ai-prod"),
        ("base", "us: US", "us: us"),
        ("base", "[a, f]", "[a, f, a]"),
        ("base", "{1: n1-highmem-8, 4: n1-highmem-16}", "{1: n1-highmem-8, 4: a2-highgpu-4g}"),
        ("base", "europe-west4: [a, b]", "europe-west4: [a, zz]\n      africa-south1: [a]"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("case", PROBLEMS)
def test_problem(case: str, small: Checkout, golden: Callable[[str], object]) -> None:
    """A mistake is told with its place, its line, what is wrong and what to do."""
    for name, old, new in PROBLEMS[case]:
        small.edit(file_of(name), old, new)

    with pytest.raises(SettingsError) as caught:
        examine(small.root, ["dev"], today=date(2026, 12, 1))

    assert golden(f"{case}.txt") == f"{caught.value}\n"


def test_the_small_settings_are_sound(small: Checkout) -> None:
    """Each problem comes from its edit alone: without it there is none."""
    (settings,) = load(small.root, ["dev"])

    assert {"v100", "a100-40gb"} == set(settings.fleets)


def test_file_problems(small: Checkout) -> None:
    """A file that is missing, empty, of another suffix or no text is told by its name."""
    (small.root / "config/prod.yaml").write_bytes(b"project: \xff\n")
    small.write("config/test.yml", "")
    (small.root / "VERSION").unlink()

    with pytest.raises(SettingsError) as caught:
        load(small.root, ["dev", "prod", "staging"])

    assert [
        ("VERSION", "cannot be read"),
        ("config/prod.yaml", "not UTF-8 text (byte 9)"),
        ("config/staging.yaml", "no such file"),
        ("config/test.yml", "would not be read"),
    ] == [(problem.place.file, problem.message) for problem in caught.value.problems]


def test_a_problem_of_the_base_is_told_once(small: Checkout) -> None:
    """What is wrong for every environment is one problem, not one for each."""
    small.write("config/prod.yaml", "project: eng-ai-prod\n")
    small.edit("config/base.yaml", "[a, f]", "[a, a]")

    with pytest.raises(SettingsError) as caught:
        load(small.root, ["dev", "prod"])

    assert 1 == len(caught.value.problems)
