"""What is read, how two files are joined, and what is left out."""

import pytest
from pydantic import ValidationError

from pipeline_zen.settings import SettingsError, environments, load
from tests.conftest import SETTINGS, Checkout, Run
from tests.settings.small import IN_DEV


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


def test_environments(small: Checkout) -> None:
    """Every file but the base's is an environment."""
    small.write("config/staging.yaml", "")

    assert ["dev", "staging"] == environments(small.root)


def test_an_environment_named_local(small: Checkout) -> None:
    """`local` is what developers' machines call themselves, so no environment can."""
    small.write("config/local.yaml", "project: eng-ai-local\n")

    with pytest.raises(SettingsError, match='cannot be called "local"'):
        load(small.root, ["local"])


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


def test_an_editors_hidden_file(checkout: Checkout, run: Run) -> None:
    """What an editor leaves beside an open file is no environment."""
    (checkout.root / "config" / ".#dev.yaml").symlink_to("somebody@somewhere.1234")
    checkout.write("config/.dev.yaml", "x")

    assert 0 == run("-C", checkout.root, "check").returncode


def test_local_is_for_dev(checkout: Checkout, run: Run) -> None:
    """The buckets of developers' machines are one of a kind, so only one environment has them."""
    checkout.write("config/prod.yaml", "project: eng-ai-prod\nlocal: {clusters: [1xlocal]}\n")

    result = run("-C", checkout.root, "check", "prod")

    assert 2 == result.returncode
    assert "config/prod.yaml:2:1: local: only for dev\n" in result.stderr
