"""
Single faults in the middle of an apply: a later apply always comes to the same end.

A fault is an error status, a connection that is cut before or after Google did what was asked, or
OpenTofu killed. Each is drawn from a seed. Where Google did what was asked and OpenTofu never
learnt of it, the next apply is refused, as the thing is there already; then it is adopted, as the
operating guide tells a person to.
"""

import json
import os
import random
import re
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fake_google import FakeGoogle, Fault, Logged, Request
from pipeline_zen.rehearsal.deployment import PLAN
from pipeline_zen.settings import load
from pipeline_zen.tofu import ADOPTED, RunError, adopt
from tests.conftest import SETTINGS, Checkout
from tests.live import CANARY, Live, apply
from tests.small_fleet import shrink

SEEDS = 100
QUICK = (1,)
"""Those that every test run takes."""

STATUSES = (400, 403, 404, 409, 412, 429, 500, 503)
ROUNDS = 8
"""Applies after which it must have come to its end: what depends on a thing comes after it."""

SMALL = """
fleets:
  v100:
    accelerator: nvidia-tesla-v100
    machine_types: {1: n1-highmem-8, 4: n1-highmem-16}
    regions:
      us-central1: [a, b]
      us-west1: [a]
"""

UNIMPORTANT = {
    *("creationTimestamp", "createTime", "destroyTime", "timeCreated", "updated", "effectiveTime"),
    *("lockedTime", "id", "uniqueId", "oauth2ClientId", "etag", "serial", "last", "selfLink"),
    *("generation", "metageneration"),
}
"""What another time, or another number in a sequence, makes different."""


def essence(store: dict[str, Any]) -> Any:
    """What there is, without when it was made and under which number."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items() if key not in UNIMPORTANT}
        return [plain(item) for item in value] if isinstance(value, list) else value

    kinds = plain(store["kinds"])
    # A version that was added without an answer stays beside the next, with the same text.
    versions = kinds.pop("secretmanager.versions").values()
    newest = max(versions, key=lambda version: int(version["name"].rpartition("/")[2]))
    return kinds, {(version["digest"], version["state"]) for version in [newest, *versions]}


@dataclass
class Small:
    """A small environment, as it is before and after each of the two phases."""

    live: Live
    release: Path
    """The stack of the next release."""
    raised: dict[str, Any]
    """The store with VMs in every group."""
    released: dict[str, Any]
    """The store with VMs in every group after the next release."""
    counts: dict[str, dict[str, int]]


@pytest.fixture(scope="module")
def small(tofu: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """The environment, applied, and its next release."""
    from pipeline_zen.stack import synth

    assert tofu
    root = tmp_path_factory.mktemp("small")
    shutil.copytree(SETTINGS / "config", root / "config")
    shrink(Checkout(root), SMALL)
    stacks = []
    for version in ("0.60.1", "0.61.0"):
        (root / "VERSION").write_text(version + "\n", encoding="utf-8")
        (written,) = synth(load(root, ["dev"]), root / version)
        stacks.append(written.file)
    with FakeGoogle() as google:
        live = apply(google, tmp_path_factory.mktemp("deployment"), "dev", stacks[0])
        live.checkout = Checkout(root)
        counts = {"apply": count(google.requests)}
        for group in google.groups():
            google.resize(group, 2)
        raised = google.store.dump()
        google.forget_requests()
        live.deployment.put(stacks[1])
        assert live.deployment.plan()
        live.deployment.apply()
        counts["release"] = count(google.requests)
        yield Small(live, stacks[1], raised, google.store.dump(), counts)


READING, CHANGING = "GET", "POST|PATCH|PUT|DELETE"


def count(requests: list[Logged]) -> dict[str, int]:
    """How many requests there were that a fault of each pattern could meet."""
    return {
        pattern: sum(re.fullmatch(pattern, request.method) is not None for request in requests)
        for pattern in (READING, CHANGING)
    }


def draw(seed: int, counts: dict[str, dict[str, int]]) -> tuple[str, Fault | None, int]:
    """
    The phase, and a fault, or the number of changes after which OpenTofu is killed.

    *counts* is how many requests a phase makes. Not quite all are drawn from: the provider joins
    requests when they happen to fall together, and after the last it is too late to kill.
    """
    chance = random.Random(seed)
    phase = ("release", "apply", "release")[seed % 3]
    kind = chance.choice(["status", "status", "cut", "cut", "kill"])
    # Mostly what changes something.
    method = CHANGING if kind == "kill" else chance.choice([READING, CHANGING, CHANGING])
    part = 0.6 if kind == "kill" else 0.9
    nth = chance.randint(1, round(counts[phase][method] * part))
    if kind == "kill":
        return phase, None, nth
    when = chance.choice(["before", "after"])
    status = STATUSES[seed % len(STATUSES)] if kind == "status" else None
    return phase, Fault(method=method, nth=nth, status=status, when=when), 0


def attempt(live: Live) -> list[str]:
    """Plan and apply; the addresses that were there already, where that is what went wrong."""
    deployment = live.deployment
    try:
        if deployment.plan():
            deployment.apply()
    except RunError as error:
        problems = str(error).split("\n\n")
        there = [text for text in problems if re.search(r"already (exists|own)", text)]
        return [text.partition(":")[0] for text in there if text.startswith("google_")]
    return []


def remedy(live: Live, addresses: list[str]) -> list[str]:
    """
    Adopt what is there already; the templates that are to be deleted in the end.

    A template of the next release may be there, and a group use it, while the state still has the
    last one's under its address. So the state lets go of that first.
    """
    deployment = live.deployment
    state = json.loads(deployment.state.read_text()) if deployment.state.exists() else {}
    names = {
        f"{resource['type']}.{resource['name']}": resource["instances"][0]["attributes"]["name"]
        for resource in state.get("resources", [])
        if resource["type"] == "google_compute_instance_template"
    }
    replaced = [address for address in addresses if address in names]
    for address in replaced:
        deployment.run("state", "rm", address)
    (settings,) = load(live.checkout.root, ["dev"])
    adopt(settings, deployment.folder.parents[2], addresses)
    return [names[address] for address in replaced]


def kill(live: Live, after: int) -> None:
    """Plan, begin to apply, and kill OpenTofu once it has changed so many things."""
    assert live.deployment.plan()
    live.google.forget_requests()
    with live.deployment.tofu.running("apply", "-input=false", "-no-color", PLAN) as process:
        while process.poll() is None and count(live.google.requests)[CHANGING] < after:
            time.sleep(0.002)
        assert process.poll() is None, f"it made fewer than {after} changes"
        # The provider with it.
        os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.tofu
@pytest.mark.node
@pytest.mark.parametrize(
    "seed", [pytest.param(n, marks=[] if n in QUICK else pytest.mark.faults) for n in range(SEEDS)]
)
def test_a_fault(seed: int, small: Small) -> None:
    """Nothing is doubled, nothing lost, and no secret told."""
    live, google, deployment = small.live, small.live.google, small.live.deployment
    phase, fault, kill_after = draw(seed, small.counts)
    live.reset(live.checkout)
    deployment.output.clear()
    (deployment.folder / ADOPTED).unlink(missing_ok=True)
    if phase == "apply":
        google.store.load({"serial": 0, "kinds": {}})
        deployment.state.unlink()
        wanted = live.store
    else:
        google.store.load(small.raised)
        deployment.put(small.release)
        wanted = small.released

    if fault:
        google.faults.add(fault)
        attempt(live)
        assert 0 == google.faults.clear(), f"no request met {fault}"
    else:
        kill(live, kill_after)

    unused: list[str] = []
    for _ in range(ROUNDS):
        addresses = attempt(live)
        if addresses:
            unused += remedy(live, addresses)
        elif not deployment.plan():
            break
    else:
        pytest.fail("it did not come to an end:\n" + "".join(deployment.output)[-4000:])

    for name in unused:
        path = f"/compute/v1/projects/eng-ai-dev/global/instanceTemplates/{name}"
        status, answer = google.answer(Request("DELETE", path, {}))
        assert 200 == status, answer
    assert essence(wanted) == essence(google.store.dump())
    texts = ["".join(deployment.output), json.dumps([r.body for r in google.requests])]
    texts += [deployment.state.read_text(), json.dumps(google.store.dump())]
    assert not any(CANARY[3:] in text for text in texts)


def test_the_faults_are_of_every_kind() -> None:
    """The seeds draw both phases, cuts, every status, before and after, and killings."""
    many = {READING: 60, CHANGING: 40}
    drawn = [draw(seed, {"apply": many, "release": many}) for seed in range(SEEDS)]
    faults = [fault for _, fault, _ in drawn if fault]

    assert {"apply", "release"} == {phase for phase, _, _ in drawn}
    assert {None, *STATUSES} == {fault.status for fault in faults}
    assert {"before", "after"} == {fault.when for fault in faults if fault.status is None}
    assert len(drawn) - len(faults) > 10
