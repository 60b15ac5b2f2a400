"""What is done every week, planned by real OpenTofu: it passes, and all of it is judged."""

import json
from collections.abc import Iterator

import pytest

from fake_google import FakeGoogle
from pipeline_zen.guard import Provenance, Target, Verdict, judge
from pipeline_zen.plan import Plan, read
from pipeline_zen.settings import load
from pipeline_zen.tofu import adopt
from pipeline_zen.tofu.reviews import target
from tests.conftest import Checkout
from tests.live import CANARY, Live, apply
from tests.plans.judged import TODAY, rules
from tests.small_fleet import shrink, small_checkout

pytestmark = [pytest.mark.tofu, pytest.mark.node]

FLEETS = """
fleets:
  v100:
    accelerator: nvidia-tesla-v100
    machine_types: {1: n1-highmem-8, 4: n1-highmem-16}
    max_vms: {1: 8, 4: 2}
    regions:
      us-central1: [a, b, c, f]

  h100-80gb:
    accelerator: nvidia-h100-80gb
    machine_types: {8: a3-highgpu-8g}
    max_vms: {8: 3}
    regions:
      us-east5: [a]
"""

FLEET = """
  t4:
    accelerator: nvidia-tesla-t4
    machine_types: {1: n1-standard-8}
    max_vms: {1: 2}
    regions:
      us-central1: [a, b, c, f]
"""

SCHEDULER = """
scheduler:
  member: serviceAccount:scheduler-zen-sa@eng-ai-dev.iam.gserviceaccount.com
"""

HEARTBEATS = f"{SCHEDULER}  create_account: true\n  create_heartbeat_subscription: true\n"

QUOTAS = """
quota_preferences: {contact_email: ops@example.com}
"""

EDITS: dict[str, tuple[str, str, str]] = {
    "release": ("VERSION", "0.60.1", "0.61.0"),
    "region": (
        "config/base.yaml",
        "      us-central1: [a, b, c, f]\n",
        "      us-central1: [a, b, c, f]\n      us-west1: [a, b]\n",
    ),
    "fleet": ("config/base.yaml", "\n  h100-80gb:", f"{FLEET}\n  h100-80gb:"),
    "scheduler": ("config/dev.yaml", "protected: false\n", f"protected: false\n{SCHEDULER}"),
    "heartbeats": ("config/dev.yaml", "protected: false\n", f"protected: false\n{HEARTBEATS}"),
    "quotas": ("config/dev.yaml", "protected: false\n", f"protected: false\n{QUOTAS}"),
    "protection": ("config/dev.yaml", "protected: false\n", "protected: true\n"),
}
"""The file, what stands there, and what it becomes."""

EXPECTED = {
    "release": set(),
    "region": {"gpus-added"},
    "fleet": {"gpus-added", "grant-added"},
    "scheduler": {"grant-added"},
    "heartbeats": {"grant-added"},
    "quotas": {"quota-asked"},
    "protection": set(),
}
"""What is told, and does not block."""


@pytest.fixture(scope="module")
def applied(tofu: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """An environment with two fleets, applied from nothing, and a VM or two in every group."""
    from pipeline_zen.stack import synth

    assert tofu
    root = tmp_path_factory.mktemp("ordinary")
    small_checkout(root, FLEETS)
    (written,) = synth(load(root, ["dev"]), root / "out")
    with FakeGoogle() as google:
        live = apply(google, root / "live", "dev", written.file)
        for group in google.groups():
            google.resize(group, 2)
        live.store = google.store.dump()
        yield live


@pytest.fixture
def dev(applied: Live, checkout: Checkout) -> Live:
    """The environment as it was after its first apply, with VMs, and settings to change it by."""
    shrink(checkout, FLEETS)
    applied.reset(checkout)
    return applied


def _planned(dev: Live, *options: str) -> Plan:
    dev.deployment.plan(*options)
    return read(json.dumps(dev.deployment.show_json()).encode())


def _target(dev: Live) -> Target:
    (settings,) = load(dev.checkout.root, ["dev"])
    return target(settings)


def _judged(dev: Live, plan: Plan, provenance: Provenance | None = None) -> Verdict:
    return judge(plan, _target(dev), provenance or Provenance(), [], TODAY)


def _told(verdict: Verdict) -> list[str]:
    return [f"{one.rule} {one.address}: {one.what}" for one in verdict.blocking + verdict.notable]


@pytest.mark.parametrize("name", EDITS)
def test_an_ordinary_change(name: str, dev: Live) -> None:
    """It is not blocked, and there is nothing in it that is not judged."""
    dev.checkout.edit(*EDITS[name])
    dev.synth()

    verdict = _judged(dev, _planned(dev))

    assert () == verdict.blocking, _told(verdict)
    assert EXPECTED[name] == set(rules(verdict.notable)), _told(verdict)


def test_a_rotation(dev: Live) -> None:
    """Another text of the secret."""
    text = dev.deployment.config.read_text(encoding="utf-8")
    dev.deployment.config.write_text(f"{text}PZ_MORE={CANARY}\n", encoding="utf-8")
    try:
        verdict = _judged(dev, _planned(dev))
    finally:
        dev.deployment.config.write_text(text, encoding="utf-8")

    assert ((), ()) == (verdict.blocking, verdict.notable), _told(verdict)


def test_nothing_to_do(dev: Live) -> None:
    """The scheduler has raised every group, and that is all."""
    verdict = _judged(dev, _planned(dev))

    assert ((), ()) == (verdict.blocking, verdict.notable), _told(verdict)


def test_a_first_creation(dev: Live) -> None:
    """All of it is made, and judged."""
    dev.deployment.state.unlink()

    plan = _planned(dev)
    verdict = _judged(dev, plan, Provenance(first_creation=True))

    assert () == verdict.blocking, _told(verdict)
    assert {"gpus-added", "grant-added", "secret-unprotected"} == set(rules(verdict.notable)), (
        _told(verdict)
    )


def test_an_adoption(dev: Live) -> None:
    """The state is new, and all that has a name is there: it is imported, and judged as it is."""
    dev.deployment.state.unlink()
    root = dev.deployment.folder.parents[2]
    (settings,) = load(dev.checkout.root, ["dev"])
    result = adopt(settings, root, (), None)
    try:
        plan = _planned(dev)
    finally:
        (dev.deployment.folder / "adopt.tf.json").unlink()

    assert result.imports == sum(bool(one.import_id) for one in plan.changes) > 20
    verdict = _judged(dev, plan)
    assert () == verdict.blocking, _told(verdict)
    assert {"grant-added"} == set(rules(verdict.notable)), _told(verdict)
