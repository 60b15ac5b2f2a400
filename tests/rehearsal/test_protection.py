"""What is protected: every road that could take it away, walked with the real OpenTofu."""

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fake_google import FakeGoogle
from pipeline_zen.rehearsal import Deployment
from pipeline_zen.tofu import RunError
from tests.conftest import Stack, stack_text
from tests.live import changing

pytestmark = [pytest.mark.tofu, pytest.mark.node]

REPLACING: dict[str, tuple[str, Any]] = {
    "google_project_iam_custom_role": ("role_id", "another"),
    "google_pubsub_subscription": ("filter", 'attributes.cluster = "another"'),
    "google_pubsub_topic": ("name", "another"),
    "google_secret_manager_secret": (
        "replication",
        {"user_managed": {"replicas": [{"location": "us-east1"}]}},
    ),
    "google_service_account": ("account_id", "another"),
    "google_storage_bucket": ("location", "ASIA"),
}
"""An attribute of each protected type that Google cannot change in place, and another value."""

COLLECTIONS = {
    "google_project_iam_custom_role": "iam.roles",
    "google_pubsub_subscription": "pubsub.subscriptions",
    "google_pubsub_topic": "pubsub.topics",
    "google_secret_manager_secret": "secretmanager.secrets",
    "google_service_account": "iam.serviceAccounts",
    "google_storage_bucket": "storage.buckets",
}
"""What the fake Google keeps them in."""


def older(stack: Stack) -> Stack:
    """The same, protected as it was before the provider had `deletion_policy`."""
    stack = copy.deepcopy(stack)
    for kind in REPLACING:
        for resource in stack["resource"][kind].values():
            del resource["deletion_policy"]
            resource["lifecycle"] = {"prevent_destroy": True, "destroy": False}
    return stack


@dataclass
class Protected:
    """One of each protected type and what they need, applied, and put back before each test."""

    google: FakeGoogle
    deployment: Deployment
    stack: Stack
    store: dict[str, Any]
    state: bytes
    file: Path

    def reset(self) -> None:
        self.google.store.load(self.store)
        self.google.forget_requests()
        self.deployment.state.write_bytes(self.state)
        self.put(self.stack)

    def put(self, stack: Stack) -> None:
        # An empty type is no JSON that OpenTofu takes.
        resources = {kind: named for kind, named in stack["resource"].items() if named}
        self.file.write_text(json.dumps({**stack, "resource": resources}), encoding="utf-8")
        self.deployment.put(self.file)

    def without(self, *kinds: str) -> Stack:
        """The stack without the ones of some types, as when their lines are taken out."""
        stack = copy.deepcopy(self.stack)
        for kind in kinds:
            del stack["resource"][kind]
        return stack

    def replacing(self, *kinds: str) -> Stack:
        """The stack with an attribute of the ones of some types changed that forces replacement."""
        stack = copy.deepcopy(self.stack)
        for kind in kinds:
            attribute, value = REPLACING[kind]
            stack["resource"][kind][self.name(kind)][attribute] = value
        return stack

    def address(self, kind: str) -> str:
        return f"{kind}.{self.name(kind)}"

    def named_in(self, text: str) -> set[str]:
        """The types whose one is named in a text by its whole address."""
        return {kind for kind in REPLACING if re.search(rf"{self.address(kind)}\b", text)}

    def name(self, kind: str) -> str:
        (name,) = self.stack["resource"][kind]
        return str(name)

    def actions(self) -> dict[str, list[str]]:
        """What is planned, by type, where it is anything."""
        return {
            change["type"]: change["change"]["actions"]
            for change in self.deployment.show_json()["resource_changes"]
            if change["change"]["actions"] != ["no-op"]
        }

    def kept(self, *kinds: str) -> bool:
        """Whether Google has just what it had of some types."""
        now = self.google.store.dump()["kinds"]
        collections = [COLLECTIONS[kind] for kind in kinds]
        return all(self.store["kinds"][name] == now[name] for name in collections)


@pytest.fixture(scope="module")
def applied(
    tofu: str, synthesized: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Protected]:
    """One of each protected type of prod, first protected as it once was, then moved over."""
    assert tofu
    root = tmp_path_factory.mktemp("protected")
    stack: Stack = json.loads(stack_text(synthesized, "prod"))
    del stack["output"]
    resources = stack["resource"]
    subscription = resources["google_pubsub_subscription"]["pipeline-zen-jobs-stop-runner"]
    stack["resource"] = {
        "google_project_service": resources["google_project_service"],
        **{kind: dict(list(resources[kind].items())[:1]) for kind in REPLACING},
        "google_pubsub_subscription": {"pipeline-zen-jobs-stop-runner": subscription},
        "google_pubsub_topic": {
            "pipeline-zen-jobs-stop": resources["google_pubsub_topic"]["pipeline-zen-jobs-stop"]
        },
    }
    with FakeGoogle() as google:
        deployment = Deployment(google, root / "now", "prod")
        protected = Protected(google, deployment, stack, {}, b"", root / "stack.tf.json")
        protected.put(older(stack))
        deployment.apply_all()
        protected.store = google.store.dump()
        assert b'"skip_destroy":true' in deployment.state.read_bytes().replace(b" ", b"")

        # What moves an older state over: an apply that adds the argument, and asks Google nothing.
        google.forget_requests()
        protected.put(stack)
        assert deployment.plan()
        assert {kind: ["update"] for kind in REPLACING} == protected.actions()
        deployment.apply()
        assert [] == changing(google.requests)
        deployment.require_settled()
        protected.state = deployment.state.read_bytes()
        assert b"skip_destroy" not in protected.state
        yield protected


@pytest.fixture
def protected(applied: Protected) -> Protected:
    """All of it, protected, and nothing to change."""
    applied.reset()
    return applied


FIRST = ("google_pubsub_topic",)
REST = tuple(kind for kind in REPLACING if kind not in FIRST)
"""In another plan: what depends on a topic that is refused is not looked at."""

REFUSED = "Resource instance cannot be destroyed"


@pytest.mark.parametrize("kinds", [FIRST, REST], ids=["first", "rest"])
def test_replacing_is_refused(kinds: tuple[str, ...], protected: Protected) -> None:
    """What Google cannot change in place is not made anew in its place, whatever the type."""
    protected.put(protected.replacing(*kinds))

    with pytest.raises(RunError, match=REFUSED) as refused:
        protected.deployment.plan()

    assert set(kinds) == protected.named_in(str(refused.value))
    assert protected.kept(*REPLACING)


def test_lines_taken_out(protected: Protected) -> None:
    """OpenTofu calls it a destruction; the provider asks Google nothing, and all stays there."""
    protected.put(protected.without(*REPLACING))

    assert protected.deployment.plan()
    assert {kind: ["delete"] for kind in REPLACING} == protected.actions()
    protected.deployment.apply()

    assert [] == changing(protected.google.requests)
    assert protected.kept(*REPLACING)
    protected.deployment.require_settled()


@pytest.mark.parametrize("kinds", [FIRST, REST], ids=["first", "rest"])
def test_tainted(kinds: tuple[str, ...], protected: Protected) -> None:
    """Nor is it made anew because a read after its creation failed; `untaint` is the way on."""
    for kind in kinds:
        protected.deployment.run("taint", protected.address(kind))

    with pytest.raises(RunError, match=REFUSED) as refused:
        protected.deployment.plan()

    assert set(kinds) == protected.named_in(str(refused.value))
    for kind in kinds:
        protected.deployment.run("untaint", protected.address(kind))
    protected.deployment.require_settled()


def test_gone_at_google(protected: Protected) -> None:
    """OpenTofu would make it anew: no protection of its own reaches there, so the guard says it."""
    store = copy.deepcopy(protected.store)
    for collection in COLLECTIONS.values():
        store["kinds"][collection].clear()
    protected.google.store.load(store)

    assert protected.deployment.plan()
    assert {kind: ["create"] for kind in REPLACING} == protected.actions()


def test_destroying_all(protected: Protected) -> None:
    """`tofu destroy` is refused as a whole."""
    with pytest.raises(RunError, match=REFUSED):
        protected.deployment.destroy()

    assert [] == changing(protected.google.requests)


def test_an_older_state(protected: Protected) -> None:
    """Where the first apply does more than add the argument: both are protected all the same."""
    deployment = protected.deployment
    deployment.state.unlink()
    protected.google.store.load({"serial": 0, "kinds": {}})
    protected.put(older(protected.stack))
    deployment.apply_all()

    protected.put(protected.replacing("google_storage_bucket"))
    with pytest.raises(RunError, match=REFUSED):
        deployment.plan()

    protected.put(protected.without("google_storage_bucket"))
    assert deployment.plan()
    assert ["forget"] == protected.actions()["google_storage_bucket"]
