"""A live dev changed: applied by real OpenTofu, judged by what was asked of Google."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_google import Logged
from tests.conftest import Checkout
from tests.live import (
    CANARY,
    GROUPS,
    TEMPLATES,
    VERSIONS,
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
    with first_applied("dev", synthesized, tmp_path_factory.mktemp("dev")) as live:
        yield live


@pytest.fixture
def dev(applied: Live, checkout: Checkout) -> Live:
    """The environment as it was after its first apply, and settings to change it by."""
    applied.reset(checkout)
    return applied


def test_the_scheduler_is_left_alone(dev: Live) -> None:
    """Groups that the scheduler has raised, and VMs that it has detached, are no difference."""
    raised = [f"projects/eng-ai-dev/regions/{region}/instanceGroupManagers/{name}" for region, name
              in (
                  ("us-central1", "pipeline-zen-jobs-1xv100-us-central1-mig"),
                  ("me-west1", "pipeline-zen-jobs-8xa100-40gb-me-west1-mig"),
                  ("us-east5", "pipeline-zen-jobs-8xh100-80gb-us-east5-mig"),
              )]  # fmt: skip
    for group in raised:
        dev.google.resize(group, 5)
    vms = dev.google.vms()
    dev.google.abandon(raised[0], [vm for vm in vms if "1xv100" in vm][:2])

    assert dev.settled()
    assert 15 == len(vms)
    assert vms == dev.google.vms()
    assert [3, 5, 5] == sorted(size for size in dev.sizes().values() if size)
    assert [] == named(changing(dev.google.requests), f"{GROUPS}.patch")


def test_a_release(dev: Live) -> None:
    """
    A new VERSION: 12 templates before 12 go, 67 groups told, and nothing else.

    No group ever names a template that is missing, none is resized and no VM is touched.
    """
    for group in dev.google.groups():
        dev.google.resize(group, 2)
    vms, sizes = dev.google.vms(), dev.sizes()
    template_names = _template_names(dev)
    dev.checkout.write("VERSION", "0.61.0\n")
    dev.synth()

    actions, requests = dev.change()

    assert {"create-delete": 12, "update": 67} == actions
    assert {
        f"{TEMPLATES}.insert": 12,
        f"{GROUPS}.patch": 67,
        f"{TEMPLATES}.delete": 12,
    } == Counter(request.name for request in requests)
    _assert_in_order(requests, template_names)
    # The fake refuses to delete a template that a group names, and a group that names none.
    assert [] == refused(dev.google.requests)
    assert (vms, sizes) == (dev.google.vms(), dev.sizes())
    assert dev.settled()


def _template_names(dev: Live) -> dict[str, str]:
    """Names of templates by what the provider deletes them by, which is name or number."""
    templates = dev.google.store.dump()["kinds"][TEMPLATES].values()
    return {t["name"]: t["name"] for t in templates} | {t["id"]: t["name"] for t in templates}


def _assert_in_order(requests: list[Logged], template_names: dict[str, str]) -> None:
    """The new template of each cluster comes before its groups, they before the old one goes."""
    patched: dict[str, list[int]] = {}
    for request in named(requests, f"{GROUPS}.patch"):
        assert {"fingerprint", "versions"} == request.body.keys()
        template = request.body["versions"][0]["instanceTemplate"].rpartition("/")[2]
        patched.setdefault(template.partition("-0-61-0-")[0], []).append(request.number)
    inserted = {
        request.body["name"].partition("-0-61-0-")[0]: request.number
        for request in named(requests, f"{TEMPLATES}.insert")
    }
    deleted = {
        template_names[request.path.rpartition("/")[2]].partition("-0-60-1-")[0]: request.number
        for request in named(requests, f"{TEMPLATES}.delete")
    }
    assert inserted.keys() == patched.keys() == deleted.keys()
    for cluster, numbers in patched.items():
        assert inserted[cluster] < min(numbers)
        assert max(numbers) < deleted[cluster]


def test_a_changed_secret(dev: Live) -> None:
    """Another version is enabled before the one that it replaces is disabled."""
    text = dev.deployment.config.read_text(encoding="utf-8")
    dev.deployment.config.write_text(text + "PZ_MORE=1\n", encoding="utf-8")
    try:
        actions, requests = dev.change()
        settled = dev.settled()
    finally:
        dev.deployment.config.write_text(text, encoding="utf-8")

    assert {"create-delete": 1} == actions
    secret = "secretmanager.projects.secrets"
    steps = [r.name for r in requests if not r.name.endswith(".enable")]
    assert [f"{secret}.addVersion", f"{VERSIONS}.disable"] == steps
    versions = dev.google.store.dump()["kinds"]["secretmanager.versions"]
    states = {name.rpartition("/")[2]: version["state"] for name, version in versions.items()}
    assert {"1": "DISABLED", "2": "ENABLED"} == states
    assert settled


def test_dev_is_destroyed_whole(dev: Live) -> None:
    """What was made is taken away again, and nothing is left."""
    dev.deployment.destroy()

    assert [] == dev.google.left()
    assert [] == refused(dev.google.requests)


def test_nothing_is_known_of_the_secret(dev: Live) -> None:
    """Neither OpenTofu's words and files nor the fake's log and store have the secret's text."""
    texts = {
        "output": "".join(dev.deployment.output),
        "requests": json.dumps([request.body for request in dev.google.requests]),
        "store": json.dumps(dev.store),
        "state": dev.state.decode(),
    }
    for path in dev.deployment.folder.iterdir():
        if path.is_file():
            texts[path.name] = path.read_bytes().decode(errors="replace")

    assert {"terraform.tfstate", "planned", "cdk.tf.json"} <= texts.keys()
    for name, text in texts.items():
        assert CANARY[3:] not in text, name
