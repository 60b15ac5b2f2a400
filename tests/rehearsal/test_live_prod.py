"""A live prod changed: applied by real OpenTofu, judged by what was asked of Google."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline_zen.tofu import RunError
from tests.conftest import Checkout
from tests.live import (
    GROUPS,
    SUBSCRIPTIONS,
    TEMPLATES,
    Live,
    changing,
    first_applied,
    named,
    refused,
)

pytestmark = [pytest.mark.tofu, pytest.mark.node]


@pytest.fixture(scope="module")
def applied(
    tofu: str, synthesized: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    """The environment, applied from nothing."""
    assert tofu
    with first_applied("prod", synthesized, tmp_path_factory.mktemp("prod")) as live:
        yield live


@pytest.fixture
def prod(applied: Live, checkout: Checkout) -> Live:
    """The environment as it was after its first apply, and settings to change it by."""
    applied.reset(checkout)
    return applied


def test_an_edit_without_a_release(prod: Live) -> None:
    """A larger boot disk is another template, just as a release is, in prod too."""
    for group in prod.google.groups():
        prod.google.resize(group, 1)
    vms = prod.google.vms()
    base = (prod.checkout.root / "config/base.yaml").read_text(encoding="utf-8")
    disk = "    boot_disk_gb: 2500\n    accelerator:"
    prod.checkout.write("config/base.yaml", base.replace("    accelerator:", disk))
    prod.synth()

    actions, requests = prod.change()

    assert {"create-delete": 12, "update": 67} == actions
    assert {
        f"{TEMPLATES}.insert": 12,
        f"{GROUPS}.patch": 67,
        f"{TEMPLATES}.delete": 12,
    } == Counter(request.name for request in requests)
    for request in named(requests, f"{TEMPLATES}.insert"):
        (disk,) = request.body["properties"]["disks"]
        assert "2500" == str(disk["initializeParams"]["diskSizeGb"])
    assert [] == refused(prod.google.requests)
    assert vms == prod.google.vms()
    assert prod.settled()


def test_a_deleted_line(prod: Live) -> None:
    """In prod a fleet that is no longer in the YAML takes neither its queues nor a role along."""
    base = prod.checkout.root / "config/base.yaml"
    text = base.read_text(encoding="utf-8")
    base.write_text(text[: text.index("  h100-80gb:")], encoding="utf-8")
    prod.synth()

    actions, requests = prod.change()

    # Four groups, a template, the grant on the subscription, and that, which stays behind.
    assert {"delete": 7} == actions
    assert {
        f"{GROUPS}.delete": 4,
        f"{TEMPLATES}.delete": 1,
        f"{SUBSCRIPTIONS}.setIamPolicy": 1,
    } == Counter(request.name for request in requests)
    left = prod.google.store.dump()["kinds"]
    name = "projects/eng-ai-prod/subscriptions/pipeline-zen-jobs-start-runner-8xh100-80gb"
    assert name in left["pubsub.subscriptions"]
    for kind in ("storage.buckets", "pubsub.topics", "iam.serviceAccounts", "iam.roles"):
        assert prod.store["kinds"][kind] == left[kind]
    assert prod.settled()


def test_destroying_prod_loses_nothing(prod: Live) -> None:
    """`tofu destroy` of prod is refused as a whole, before anything is asked of Google."""
    with pytest.raises(RunError, match="Resource instance cannot be destroyed"):
        prod.deployment.destroy()

    kept = (
        "storage.buckets",
        "pubsub.topics",
        "pubsub.subscriptions",
        "secretmanager.secrets",
        "iam.serviceAccounts",
        "iam.roles",
    )
    left = prod.google.store.dump()["kinds"]
    assert {kind: prod.store["kinds"][kind] for kind in kept} == {k: left[k] for k in kept}
    versions = left["secretmanager.versions"].values()
    assert ["ENABLED"] == [version["state"] for version in versions]
    assert [] == changing(prod.google.requests)
