"""Settings: what is read, how two files join, and every way in which they can be wrong."""

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from packaging.version import Version
from pydantic import ValidationError

from pipeline_zen import versions as provider
from pipeline_zen.settings import SettingsError, environments, examine, load
from tests.conftest import SETTINGS, Checkout, Run

BASE = """\
state_bucket: lum-terraform-state
images_project: neat-airport-407301

results_buckets:
  europe: EU
  us: US

fleets:
  v100:
    accelerator: nvidia-tesla-v100
    machine_types: {1: n1-highmem-8, 4: n1-highmem-16}
    regions:
      us-central1: [a, b]

  a100-40gb:
    accelerator: nvidia-tesla-a100
    machine_types: {8: a2-highgpu-8g}
    regions:
      europe-west4: [a, b]
      us-central1: [a, f]
"""

DEV = """\
project: eng-ai-dev
protected: false
local:
  clusters: [1xlocal]
"""

Edit = tuple[str, str, str]
"""A file, a text that it holds once, and what to put in its place."""

IN_DEV = "@eng-ai-dev.iam.gserviceaccount.com"

A100 = "accelerator: nvidia-tesla-a100\n"

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


MEMBERS = {
    "serviceAccount:scheduler-zen-sa@eng-ai-dev.iam.gserviceaccount.com": True,
    "serviceAccount:scheduler-zen-sa@tools-1234.iam.gserviceaccount.com": True,
    "serviceAccount:other@eng-ai-prod.iam.gserviceaccount.com": True,
    "serviceAccount:123-compute@developer.gserviceaccount.com": True,
    "serviceAccount:eng-ai-dev.svc.id.goog[jobs/scheduler]": True,
    "user:ann@b.example": True,
    "group:all@b.example": True,
    "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/s": True,
    "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/*": True,
    "serviceAccount:": False,
    "serviceAccount:scheduler@b.example": False,
    "serviceAccount:scheduler@eng-ai-dev.iam.gserviceaccount.co": False,
    "serviceaccount:scheduler@eng-ai-dev.iam.gserviceaccount.com": False,
    "user:ann": False,
    "group:a b@c.example": False,
    "principal:ann@b.example": False,
    "principalSet://": False,
    "allUsers": False,
    "domain:b.example": False,
}  # fmt: skip


@pytest.mark.parametrize(("member", "sound"), MEMBERS.items())
def test_members(member: str, sound: bool, small: Checkout) -> None:
    """Who the scheduler is has one of IAM's forms, and may be of another project."""
    small.edit("config/dev.yaml", "local:", f"scheduler: {{member: '{member}'}}\nlocal:")

    if sound:
        assert member == load(small.root, ["dev"])[0].scheduler.member  # type: ignore[union-attr]
    else:
        with pytest.raises(SettingsError, match="It must be a member as IAM writes it"):
            load(small.root, ["dev"])


def test_one_scheduler_in_the_base(small: Checkout) -> None:
    """One line in the base does not let one environment's scheduler into all others."""
    small.write("config/prod.yaml", "project: eng-ai-prod\n")
    base = (small.root / "config/base.yaml").read_text(encoding="utf-8")
    small.write(
        "config/base.yaml",
        f"{base}scheduler: {{member: 'serviceAccount:scheduler-zen-sa{IN_DEV}'}}\n",
    )

    load(small.root, ["dev"])
    with pytest.raises(SettingsError, match="the scheduler of another environment"):
        load(small.root, ["prod"])


@pytest.fixture
def small(tmp_path: Path) -> Checkout:
    """A checkout with small settings of its own, so that messages do not move with the real ones."""
    checkout = Checkout(tmp_path)
    checkout.write("VERSION", "0.60.1\n")
    checkout.write("config/base.yaml", BASE)
    checkout.write("config/dev.yaml", DEV)
    return checkout


def _file(name: str) -> str:
    return name if name == "VERSION" else f"config/{name}.yaml"


@pytest.mark.parametrize("case", PROBLEMS)
def test_problem(case: str, small: Checkout, golden: Callable[[str], object]) -> None:
    """A mistake is told with its place, its line, what is wrong and what to do."""
    for name, old, new in PROBLEMS[case]:
        small.edit(_file(name), old, new)

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


def test_an_environment_named_local(small: Checkout) -> None:
    """`local` is what developers' machines call themselves, so no environment can."""
    small.write("config/local.yaml", "project: eng-ai-local\n")

    with pytest.raises(SettingsError, match='cannot be called "local"'):
        load(small.root, ["local"])


def test_environments(small: Checkout) -> None:
    """Every file but the base's is an environment."""
    small.write("config/staging.yaml", "")

    assert ["dev", "staging"] == environments(small.root)


def test_a_section_replaces_the_bases(small: Checkout) -> None:
    """An environment gives a section whole; what it leaves out comes from the base."""
    small.edit("config/dev.yaml", "local:", "results_buckets: {europe: EU, us: NAM4}\nlocal:")

    (settings,) = load(small.root, ["dev"])

    assert {"europe": "EU", "us": "NAM4"} == settings.results_buckets
    assert "neat-airport-407301" == settings.images_project


def test_fleets_are_joined_fleet_by_fleet(small: Checkout) -> None:
    """An environment adds a fleet, replaces one whole, or leaves one out with `null`."""
    small.edit(
        "config/dev.yaml",
        "local:",
        """\
fleets:
  v100: null
  a100-40gb:
    accelerator: nvidia-tesla-a100
    machine_types: {1: a2-highgpu-1g}
    regions: {us-west1: [b]}
  l4:
    accelerator: nvidia-l4
    machine_types: {1: g2-standard-8}
    regions: {us-east1: [b, c]}
local:""",
    )

    (settings,) = load(small.root, ["dev"])

    assert {"a100-40gb", "l4"} == set(settings.fleets)
    assert {"us-west1": ("b",)} == settings.fleets["a100-40gb"].regions


def test_defaults(small: Checkout) -> None:
    """What the YAML leaves out is what jobs have always had, and safe."""
    small.write("config/dev.yaml", "project: eng-ai-dev\n")

    (settings,) = load(small.root, ["dev"])

    assert settings.protected
    assert settings.public_results
    assert settings.local is None
    assert {} == settings.labels
    assert (60, 4) == (settings.delivery.ack_deadline_seconds, settings.delivery.retention_days)
    fleet = settings.fleets["v100"]
    assert (
        fleet.target_shape,
        fleet.boot_disk_gb,
        fleet.boot_disk_type,
    ) == ("ANY", 2_000, "pd-balanced")


@pytest.mark.parametrize(
    "lines",
    [
        "capacity: spot",
        "cluster_capacity: {8: spot}\n    max_run_hours: 168",
        "capacity: reservation\n    reservations: {8: ours}",
        "cluster_capacity: {8: reservation}\n    reservations: {8: ours}",
        "cluster_capacity: {8: reservation}\n    reservations: {8: projects/eng-ai-x/reservations/a}",
    ],
)
def test_legal_capacities(lines: str, small: Checkout) -> None:
    """What goes together is let pass."""
    small.edit("config/base.yaml", A100, f"{A100}    {lines}\n")

    assert load(small.root, ["dev"])


def test_the_provider_is_too_old_for_what_is_refused() -> None:
    """With a provider that can write a capacity, it has to be written instead of refused."""
    for needed in provider.NEEDED.values():
        assert Version(provider.VERSION) < Version(needed)


def test_settings_are_frozen(small: Checkout) -> None:
    """Nobody changes a setting after it was checked."""
    (settings,) = load(small.root, ["dev"])

    with pytest.raises(ValidationError, match="frozen"):
        settings.protected = True  # type: ignore[misc]


def test_the_real_settings_are_sound() -> None:
    """What is in config/ can be used."""
    dev, prod = load(SETTINGS, ["dev", "prod"])

    assert ("eng-ai-dev", False) == (dev.project, dev.protected)
    assert ("eng-ai-prod", True) == (prod.project, prod.protected)
    assert dev.fleets == prod.fleets


@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.randoms(use_true_random=False))
@example(random.Random(0))
def test_whatever_the_text_there_is_no_traceback(small: Checkout, dice: random.Random) -> None:
    """Mangled YAML loads or is refused with problems that point into its files."""
    for name, text in (("base", BASE), ("dev", DEV)):
        mangled = text
        for _ in range(dice.randint(0, 3)):
            start = dice.randint(0, len(mangled))
            end = min(len(mangled), start + dice.randint(0, 12))
            middle = dice.choice(
                [
                    "",
                    " ",
                    "\n",
                    "- ",
                    ": ",
                    "{",
                    "]",
                    "&a ",
                    "*a",
                    "null",
                    "1",
                    "'",
                    "!!int ",
                    "\t",
                    "é",
                ]
            )
            mangled = mangled[:start] + middle + mangled[end:]
        small.write(_file(name), mangled)

    try:
        load(small.root, ["dev"])
    except SettingsError as error:
        for problem in error.problems:
            lines = (small.root / problem.place.file).read_text(encoding="utf-8").splitlines()
            assert 1 <= problem.place.line <= len(lines) + 1
            assert problem.message
            assert problem.hint


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("dev", "99999999999999999999: a", "not a name: 99999999999999999999"),
        ("dev", "labels: {99999999999999999999: a}", "not a name: 99999999999999999999"),
        ("dev", '"\\uD800": a', "not a name: ?"),
        ("dev", 'labels: {"\\uD800": a}', "not a name: ?"),
        ("dev", 'labels: {a: "\\uD800"}', "half a character"),
        ("dev", '"[key]": a', "not a name: [key]"),
        ("dev", 'labels: {"[key]": a}', "not a name: [key]"),
        ("dev", f"delivery: {{retention_days: 0x{'F' * 6000}}}", "too large a number"),
        ("dev", "x: " + "[" * 1000 + "]" * 1000, "nested too deeply"),
        (
            "base",
            "a0: &a0 [1, 2]\n"
            + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)),
            "more than 20000 values",
        ),
    ],
)
def test_a_hostile_document(file: str, text: str, message: str, checkout: Checkout) -> None:
    """What no person writes is refused as quickly and as plainly as a typo."""
    path = checkout.root / "config" / f"{file}.yaml"
    checkout.write(f"config/{file}.yaml", path.read_text(encoding="utf-8") + f"\n{text}\n")

    with pytest.raises(SettingsError) as caught:
        load(checkout.root, ["dev"])

    assert message in str(caught.value)


def test_local_is_for_dev(checkout: Checkout, run: Run) -> None:
    """The buckets of developers' machines are one of a kind, so only one environment has them."""
    checkout.write("config/prod.yaml", "project: eng-ai-prod\nlocal: {clusters: [1xlocal]}\n")

    result = run("-C", checkout.root, "check", "prod")

    assert 2 == result.returncode
    assert "config/prod.yaml:2:1: local: only for dev\n" in result.stderr


def test_an_editors_hidden_file(checkout: Checkout, run: Run) -> None:
    """What an editor leaves beside an open file is no environment."""
    (checkout.root / "config" / ".#dev.yaml").symlink_to("somebody@somewhere.1234")
    checkout.write("config/.dev.yaml", "x")

    assert 0 == run("-C", checkout.root, "check").returncode
