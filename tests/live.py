"""An environment that was applied to a fake Google, to be changed as often as tests like."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fake_google import FakeGoogle, Logged
from pipeline_zen.rehearsal import Deployment
from tests.conftest import Checkout, stack_file

CANARY = "hf_canary8c2d51e6a907"
"""Stands for a secret; the fake and OpenTofu must never show it."""

SECRET = f"PZ_HUGGINGFACE_TOKEN={CANARY}\nPZ_CUSTOMER_API_KEY={CANARY}\n"

BUCKETS = "storage.buckets"
GROUPS = "compute.regionInstanceGroupManagers"
SUBSCRIPTIONS = "pubsub.projects.subscriptions"
TEMPLATES = "compute.instanceTemplates"
VERSIONS = "secretmanager.projects.secrets.versions"


@dataclass
class Live:
    """An environment that was applied, and goes back to that before each test."""

    google: FakeGoogle
    deployment: Deployment
    checkout: Checkout
    """The settings that it is changed by."""
    stack: Path
    """As it was applied."""
    store: dict[str, Any]
    state: bytes
    payloads: dict[str, str] = field(default_factory=dict)
    """Of secrets, where the fake keeps them."""

    def reset(self, checkout: Checkout) -> None:
        self.checkout = checkout
        self.google.store.load(self.store)
        self.google.forget_requests()
        self.deployment.state.write_bytes(self.state)
        self.deployment.put(self.stack)

    def synth(self) -> None:
        """Make the checkout's settings, as they are now, the stack."""
        from pipeline_zen.settings import load
        from pipeline_zen.stack import synth

        environment = self.deployment.environment
        (written,) = synth(load(self.checkout.root, [environment]), self.checkout.root / "out")
        self.deployment.put(written.file)

    def change(self) -> tuple[dict[str, int], list[Logged]]:
        """Plan and apply; the plan's actions, counted, and the requests that changed something."""
        assert self.deployment.plan(), "nothing was to change"
        changes = self.deployment.show_json()["resource_changes"]
        actions = Counter("-".join(change["change"]["actions"]) for change in changes)
        del actions["no-op"]
        self.google.forget_requests()
        self.deployment.apply()
        return dict(actions), changing(self.google.requests)

    def settled(self) -> bool:
        """Whether a plan finds nothing to do."""
        return not self.deployment.plan()

    def sizes(self) -> dict[str, int]:
        groups = self.google.store.dump()["kinds"][GROUPS]
        return {group["name"]: group["targetSize"] for group in groups.values()}


def changing(requests: list[Logged]) -> list[Logged]:
    """Those that were carried out and changed something."""
    return [
        request
        for request in requests
        if request.method != "GET" and request.status < 400 and "getIamPolicy" not in request.name
    ]


def named(requests: list[Logged], name: str) -> list[Logged]:
    return [request for request in requests if request.name == name]


def refused(requests: list[Logged]) -> list[Logged]:
    """Requests that Google would not carry out, but for looking for what is not there yet."""
    return [request for request in requests if request.status >= 400 and request.method != "GET"]


def apply(google: FakeGoogle, root: Path, environment: str, stack: Path) -> Live:
    """Apply *stack* from nothing, without a request that Google would refuse."""
    deployment = Deployment(google, root, environment)
    deployment.config.write_text(SECRET, encoding="utf-8")
    deployment.put(stack)
    deployment.init()
    assert deployment.plan()
    deployment.apply()
    assert [] == refused(google.requests)
    state = deployment.state.read_bytes()
    return Live(google, deployment, Checkout(root), stack, google.store.dump(), state)


@contextmanager
def first_applied(environment: str, synthesized: Path, root: Path) -> Iterator[Live]:
    """An environment of the tests' own settings, applied from nothing to a fake of its own."""
    with FakeGoogle() as google:
        yield apply(google, root, environment, stack_file(synthesized, environment))
