"""
The guard against the fake Google: what it lets pass takes nothing, opens nothing, runs nothing.

Each seed draws one or two edits of a synthesized stack. Real OpenTofu plans them, the guard judges
the plan, and it is applied to a fake Google in which VMs run. Whatever died, was lost, is open or
runs as somebody else then, the guard must have spoken of.
"""

import contextlib
import copy
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fake_google import FakeGoogle
from pipeline_zen.errors import UserError
from pipeline_zen.guard import Provenance, Severity, Target, judge
from pipeline_zen.kinds import (
    ACCOUNT,
    BUCKET,
    GROUP,
    ROLE,
    SECRET,
    SUBSCRIPTION,
    TEMPLATE,
    TOPIC,
    VERSION,
)
from pipeline_zen.plan import read
from pipeline_zen.rehearsal import lost
from pipeline_zen.settings import load
from pipeline_zen.tofu.reviews import target
from tests.live import Live, apply
from tests.plans.judged import TODAY
from tests.small_fleet import small_checkout

pytestmark = [pytest.mark.tofu, pytest.mark.node]

SEEDS = 300
SLOW = 25
"""Those that `make test-slow` takes; `make test-guard` takes all."""

SMALL = """
fleets:
  v100:
    accelerator: nvidia-tesla-v100
    machine_types: {1: n1-highmem-8}
    regions:
      us-central1: [a, b]
      us-west1: [a]
"""

Json = dict[str, Any]
Edit = Callable[[Json, random.Random], None]

VALUES: dict[str, dict[str, list[Any]]] = {
    GROUP: {
        "target_size": [0, 1, 5],
        "update_policy": [
            {"type": "PROACTIVE", "minimal_action": "REPLACE", "max_surge_fixed": 2,
             "max_unavailable_fixed": 2, "instance_redistribution_type": "NONE"},
            {"type": "OPPORTUNISTIC", "minimal_action": "REPLACE", "max_surge_fixed": 2,
             "max_unavailable_fixed": 2, "instance_redistribution_type": "PROACTIVE"},
        ],
        "description": ["another"],
        "distribution_policy_target_shape": ["EVEN", "BALANCED"],
        "instance_lifecycle_policy": [{"default_action_on_failure": "REPAIR"}],
        "named_port": [[{"name": "http", "port": 80}]],
    },
    TEMPLATE: {
        "machine_type": ["n1-highmem-16"],
        "labels": [{"team": "ml"}],
        "service_account": [
            {"email": "123-compute@developer.gserviceaccount.com",
             "scopes": ["https://www.googleapis.com/auth/cloud-platform"]},
            {"email": "pipeline-zen-jobs-sa@eng-ai-dev.iam.gserviceaccount.com",
             "scopes": ["https://www.googleapis.com/auth/devstorage.read_only"]},
        ],
        "metadata": [{"startup-script": "true"}],
        "tags": [["other"]],
    },
    TOPIC: {"labels": [{"a": "b"}], "message_retention_duration": ["86400s"]},
    SUBSCRIPTION: {
        "ack_deadline_seconds": [10, 600],
        "message_retention_duration": ["600s", "604800s"],
        "expiration_policy": [{"ttl": "86400s"}],
        "labels": [{"a": "b"}],
        "filter": ['attributes.cluster = "x"'],
    },
    BUCKET: {
        "force_destroy": [True],
        "labels": [{"a": "b"}],
        "public_access_prevention": ["enforced", "inherited"],
        "uniform_bucket_level_access": [True, False],
        "location": ["EU"],
        "lifecycle_rule": [[{"action": {"type": "Delete"}, "condition": {"age": 3}}]],
        "versioning": [{"enabled": True}],
    },
    SECRET: {"labels": [{"a": "b"}], "ttl": ["86400s"]},
    VERSION: {"enabled": [False], "deletion_policy": ["DELETE"], "secret_data_wo_version": [7]},
    ACCOUNT: {"disabled": [True], "description": ["another"], "account_id": ["another-sa"]},
    ROLE: {
        "permissions": [["compute.instances.get"], ["resourcemanager.projects.setIamPolicy"]],
        "title": ["Another"],
        "stage": ["DISABLED"],
    },
}  # fmt: skip


def _set(stack: Json, draw: random.Random) -> None:
    kind = draw.choice(sorted(VALUES.keys() & stack["resource"].keys()))
    values = stack["resource"][kind][draw.choice(sorted(stack["resource"][kind]))]
    key = draw.choice(sorted(VALUES[kind]))
    values[key] = draw.choice(VALUES[kind][key])
    if kind == TEMPLATE:
        values["name"] = values["name"].replace("-tpl", f"-{draw.randrange(1000)}-tpl")


def _drop(stack: Json, draw: random.Random) -> None:
    """A resource, with all that refers to it."""
    kind = draw.choice(sorted(stack["resource"]))
    _take(stack, kind, draw.choice(sorted(stack["resource"][kind])))


def _take(stack: Json, kind: str, name: str) -> None:
    stack["resource"][kind].pop(name, None)
    if not stack["resource"].get(kind):
        stack["resource"].pop(kind, None)
    reference = f"{kind}.{name}"
    pattern = re.compile(re.escape(reference) + r"(?![\w-])")
    for other, resources in list(stack["resource"].items()):
        for id_, values in list(resources.items()):
            if pattern.search(json.dumps(values)):
                _take(stack, other, id_)
    outputs = stack.get("output", {})
    for output in [one for one in outputs if pattern.search(json.dumps(outputs[one]))]:
        del outputs[output]


def _rename(stack: Json, draw: random.Random) -> None:
    kind = draw.choice(sorted(stack["resource"]))
    name = draw.choice(sorted(stack["resource"][kind]))
    new = f"{name}-moved"
    text = json.dumps(stack)
    text = re.sub(re.escape(f"{kind}.{name}") + r"(?![\w-])", f"{kind}.{new}", text)
    stack.clear()
    stack.update(json.loads(text))
    stack["resource"][kind][new] = stack["resource"][kind].pop(name)


def _grant(stack: Json, draw: random.Random) -> None:
    buckets = sorted(stack["resource"].get(BUCKET, ()))
    if not buckets:
        # An earlier edit has taken them all.
        return
    member = draw.choice(["allUsers", "user:ann@example.com", "domain:example.com"])
    role = draw.choice(["roles/storage.objectViewer", "roles/storage.admin"])
    name = stack["resource"][BUCKET][draw.choice(buckets)]["name"]
    grants = stack["resource"].setdefault("google_storage_bucket_iam_member", {})
    grants["drawn"] = {"bucket": name, "role": role, "member": member}


def _copy(stack: Json, draw: random.Random) -> None:
    """Another of a kind, beside the first."""
    kind, key = draw.choice([(TOPIC, "name"), (SUBSCRIPTION, "name"), (BUCKET, "name"),
                             (GROUP, "name"), (SECRET, "secret_id")])  # fmt: skip
    if kind not in stack["resource"]:
        return
    values = copy.deepcopy(draw.choice(sorted(stack["resource"][kind].items()))[1])
    values[key] = f"{values[key].removesuffix('-mig')}-copy"
    others = VALUES[kind]
    drawn = draw.choice(sorted(others))
    values[drawn] = draw.choice(others[drawn])
    stack["resource"][kind]["copy"] = values


EDITS: tuple[Edit, ...] = (_set, _set, _set, _drop, _rename, _grant, _copy)


@dataclass
class Fleet:
    """A small environment with VMs in every group."""

    live: Live
    target: Target
    stack: Json


@pytest.fixture(scope="module")
def fleet(tofu: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """The environment, applied."""
    from pipeline_zen.stack import synth

    assert tofu
    root = tmp_path_factory.mktemp("fuzz")
    checkout = small_checkout(root, SMALL)
    (settings,) = load(root, ["dev"])
    (written,) = synth([settings], root / "out")
    with FakeGoogle() as google:
        live = apply(google, tmp_path_factory.mktemp("deployment"), "dev", written.file)
        live.checkout = checkout
        for group in google.groups():
            google.resize(group, 2)
        live.store = google.store.dump()
        stack = json.loads(written.file.read_text(encoding="utf-8"))
        yield Fleet(live, target(settings), stack)


def _open(store: Json) -> set[str]:
    """What everybody may read."""
    return {
        key
        for key, policy in store["kinds"].get("storage.policies", {}).items()
        if "allUsers" in json.dumps(policy)
    }


def _accounts(store: Json) -> dict[str, set[str]]:
    """As whom, with what, VMs of each group start."""
    templates = {one["name"]: one for one in store["kinds"]["compute.instanceTemplates"].values()}
    found: dict[str, set[str]] = {}
    for group in store["kinds"]["compute.regionInstanceGroupManagers"].values():
        link = group["versions"][0]["instanceTemplate"].partition("?")[0].rpartition("/")[2]
        properties = templates.get(link, {}).get("properties", {})
        found[group["name"]] = {
            json.dumps([properties.get(key) for key in ("serviceAccounts", "metadata", "disks")])
        }
    return found


def _drawn(fleet: Fleet, seed: int) -> Json:
    draw = random.Random(seed)
    stack = copy.deepcopy(fleet.stack)
    for _ in range(draw.choice((1, 1, 2))):
        draw.choice(EDITS)(stack, draw)
    return stack


SEEDED = [
    pytest.param(seed, marks=pytest.mark.slow if seed < SLOW else pytest.mark.fuzz)
    for seed in range(SEEDS)
]


@pytest.mark.parametrize("seed", SEEDED)
def test_nothing_happens_unsaid(seed: int, fleet: Fleet, tmp_path: Path) -> None:
    """What the apply does to VMs, things, access and identity is in the verdict."""
    live = fleet.live
    live.reset(live.checkout)
    drawn = tmp_path / "cdk.tf.json"
    drawn.write_text(json.dumps(_drawn(fleet, seed)), encoding="utf-8")
    live.deployment.put(drawn)
    before, vms = live.google.store.dump(), set(live.google.vms())
    try:
        if not live.deployment.plan():
            return
    except UserError:
        pytest.skip("OpenTofu refuses it")
    plan = read(json.dumps(live.deployment.show_json()).encode())
    verdict = judge(plan, fleet.target, Provenance(), [], TODAY)
    live.google.forget_requests()
    # What Google refuses half-way has done the other half.
    with contextlib.suppress(UserError):
        live.deployment.apply()
    after = live.google.store.dump()

    harm = {
        "killed": sorted(vms - set(live.google.vms())),
        "lost": sorted(lost(live.google.requests)),
        "open": sorted(_open(after) - _open(before)),
        "otherwise": sorted(
            group
            for group, now in _accounts(after).items()
            if group in _accounts(before) and now != _accounts(before)[group]
        ),
    }
    said = [
        one for one in (*verdict.blocking, *verdict.notable) if one.severity is not Severity.SAFE
    ]
    if any(harm.values()):
        assert said, harm
    for worse in ("killed", "lost"):
        assert not harm[worse] or verdict.blocked, harm
