"""
Ten thousand made-up plans: no change of what is judged is dropped without a word.

Each takes an object as real OpenTofu has planned it, and changes one attribute of it, whichever,
to another value. What may become anything is written here once more, apart from the guard's own
tables, so that a slip in one of the two is seen.
"""

import copy
import random
from functools import cache
from typing import Any

import pytest

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
from pipeline_zen.plan import Action
from tests.plans.cases import Json
from tests.plans.catalogue import CASES
from tests.plans.judged import judged
from tests.plans.made import change, made_up, plan_of
from tests.plans.recorded import recorded

PLANS = 10_000
PARTS = 4

BOOKS = {
    "creation_timestamp", "create_time", "effective_annotations", "effective_labels", "etag",
    "fingerprint", "generation", "id", "metageneration", "name", "numeric_id", "project_number",
    "self_link", "status", "terraform_labels", "time_created", "unique_id", "update_time",
    "updated", "url",
}  # fmt: skip
TEXTS = {"annotations", "description", "display_name", "labels", "title", "timeouts"}

FREE = {
    ACCOUNT: {"email", "member"},
    "google_project_service": {"disable_on_destroy"},
    BUCKET: {"hierarchical_namespace", "ip_filter", "lifecycle_rule", "logging",
             "soft_delete_policy", "versioning"},
    GROUP: {"named_port", "wait_for_instances_status", "wait_for_instances", "target_size",
            "list_managed_instances_results", "update_policy", "standby_policy", "version",
            "instance_lifecycle_policy", "distribution_policy_target_shape"},
    ROLE: {"deleted"},
    SECRET: {"replication", "rotation", "topics"},
    SUBSCRIPTION: {"retain_acked_messages", "message_retention_duration", "ack_deadline_seconds"},
    # What of a new one only the provider fills in is unknown by rights.
    TEMPLATE: {"confidential_instance_config", "disk", "instance_description",
               "metadata_fingerprint", "name_prefix", "region", "scheduling", "self_link_unique"},
    TOPIC: {"message_retention_duration"},
    VERSION: {"secret_data", "secret_data_wo", "secret_data_wo_version", "destroy_time", "version",
              "enabled"},
}  # fmt: skip
"""What has values that do no harm, beside those that do; other tests tell them apart."""


@cache
def objects() -> list[tuple[str, Json]]:
    """What the recorded plans have of each type, as it was before."""
    found: dict[str, Json] = {}
    for case in CASES:
        for entry in recorded(f"case-{case.name}")["resource_changes"]:
            before = entry["change"]["before"]
            if before and entry["type"].startswith("google_"):
                found.setdefault(entry["type"], before)
    return sorted(found.items())


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all that is in an object, blocks and what is empty with them."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else (
        enumerate(value) if isinstance(value, list) else ())  # fmt: skip
    return found + [leaf for key, item in items for leaf in _leaves(item, (*path, key))]


def _other(value: Any, draw: random.Random) -> Any:
    """Another value of about the same form."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return draw.choice([value + 1, max(0, value - 1), value * 7 + 3])
    if isinstance(value, str):
        return draw.choice([f"{value}-x", "other", "0", "ALWAYS", "https://example.com/x"])
    if isinstance(value, list):
        return draw.choice([[*value, "other"], [{"other": "x"}], value[1:]])
    if isinstance(value, dict):
        return {**value, "other": "x"}
    return draw.choice(["other", 7, True, [{"other": "x"}]])


def _mutated(values: Json, path: tuple[Any, ...], draw: random.Random) -> Json:
    mutated: Any = copy.deepcopy(values)
    inner = mutated
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = _other(inner[path[-1]], draw)
    return mutated  # type: ignore[no-any-return]


def _plan(kind: str, before: Json, path: tuple[Any, ...], draw: random.Random) -> Json:
    after = _mutated(before, path, draw)
    actions = ["update"]
    if kind == TEMPLATE:
        # It is only ever replaced, under another name.
        actions, after = ["create", "delete"], {**after, "name": "jobs-8xv100-next-tpl"}
    elif kind == VERSION and draw.random() < 0.5:
        actions = ["create", "delete"]
    entry = change(kind, actions, before, after)
    how = draw.random()
    if how < 0.2:
        # The apply decides it.
        entry["change"]["after_unknown"] = {path[0]: True}
        entry["change"]["after"].pop(path[0])
    elif how < 0.3:
        entry["change"]["after_sensitive"] = {path[0]: True}
    return made_up(entry)


@pytest.mark.thorough
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_dropped(part: int) -> None:
    """Whatever becomes of an attribute that is not free to become anything, something is said."""
    dropped = []
    for seed in range(part, PLANS, PARTS):
        draw = random.Random(seed)
        kind, before = draw.choice(objects())
        path = draw.choice(_leaves(before))
        if path[0] in BOOKS | TEXTS | FREE.get(kind, set()) or path[0] == "project":
            continue
        plan = _plan(kind, before, path, draw)
        (planned,) = plan_of(plan).changes
        if not planned.attributes or planned.action is Action.NO_OP:
            # What the provider turns one into the other: nothing changes.
            continue
        roots = {one.path.partition("[")[0].partition(".")[0] for one in planned.attributes}
        if path[0] not in roots:
            continue
        verdict = judged(plan)
        if not any(one.address == planned.address for one in verdict.blocking + verdict.notable):
            dropped.append((seed, kind, path, plan["resource_changes"][0]["change"]["actions"]))

    assert [] == dropped[:10], len(dropped)


def test_of_what_types() -> None:
    """There is an object of each that the stacks have data, jobs or identities in."""
    assert {ACCOUNT, BUCKET, GROUP, ROLE, SECRET, SUBSCRIPTION, TEMPLATE, TOPIC, VERSION} <= {
        kind for kind, _ in objects()
    }
