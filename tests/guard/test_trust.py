"""Whether it is the plan of this environment, and all of it."""

import json
from dataclasses import replace

import pytest

from pipeline_zen.guard import Provenance
from pipeline_zen.guard.trust import MOST_DELETIONS
from tests.plans.cases import (
    GRANT,
    GROUP,
    PROJECT,
    SUBSCRIPTION,
    TEMPLATE,
    TOPIC,
    VERSION,
    Json,
)
from tests.plans.judged import TARGET, allowance, judged, rules, told
from tests.plans.made import change, made_up, planned, service, updated
from tests.plans.recorded import recorded

LINEAGE = "0a1b2c3d-0000-4000-8000-0123456789ab"


def test_an_errored_plan() -> None:
    """Half a plan is no plan."""
    plan = recorded("kind-errored")
    nothing = {**plan, "resource_changes": []}

    assert "plan-errored" in rules(judged(plan).blocking)
    # What is left out is no wonder then.
    assert ("plan-errored",) == rules(judged(nothing).blocking)


def test_an_incomplete_plan() -> None:
    """Made with -target it leaves something out; without it does not."""
    assert ("plan-incomplete",) == rules(judged(recorded("kind-incomplete")).blocking)
    assert () == judged(recorded("kind-update")).blocking


@pytest.mark.parametrize(
    ("recorded_lineage", "provenance", "blocked", "noted"),
    [
        (None, Provenance(), (), ()),
        (LINEAGE, Provenance(), (), ()),
        (LINEAGE, Provenance(LINEAGE, 3), (), ()),
        (LINEAGE, Provenance("another", 3), ("wrong-state",), ()),
        (LINEAGE, Provenance("", 0), ("wrong-state",), ()),
        (None, Provenance(LINEAGE, 3), (), ("state-not-recorded",)),
        (None, Provenance("", 0), (), ()),
        (LINEAGE, Provenance(LINEAGE, 3, "states", "pipeline-zen/dev"), (), ()),
        (LINEAGE, Provenance(LINEAGE, 3, "states", "pipeline-zen/prod"), ("wrong-state",), ()),
        (LINEAGE, Provenance(LINEAGE, 3, "a file", ""), ("wrong-state",), ()),
        (LINEAGE, Provenance(LINEAGE, 3, "other", "pipeline-zen/dev"), ("wrong-state",), ()),
    ],
)
def test_the_state(
    recorded_lineage: str | None,
    provenance: Provenance,
    blocked: tuple[str, ...],
    noted: tuple[str, ...],
) -> None:
    """Lineage and place of the state are those that are recorded."""
    target = replace(TARGET, state_lineage=recorded_lineage)

    verdict = judged(recorded("kind-update"), target=target, provenance=provenance)

    assert blocked == rules(verdict.blocking)
    assert noted == rules(verdict.notable)


def test_a_first_creation() -> None:
    """To create nearly everything, somebody must have said so."""
    topics = [
        change("google_pubsub_topic", ["create"], None, {"name": f"t{n}"}, f"t{n}")
        for n in range(20)
    ]

    assert ("first-creation",) == rules(judged(made_up(*topics)).blocking)
    assert not judged(made_up(*topics), provenance=Provenance(first_creation=True)).blocked
    assert not judged(made_up(*topics[:10])).blocked
    assert judged(made_up(*topics[:11])).blocked


def test_nearly_a_first_creation() -> None:
    """Four fifths are nearly all; what is imported is there, and what is read is nothing."""

    def blocked(*, made: int, imported: int = 0, read: int = 0) -> tuple[str, ...]:
        kind = "google_pubsub_topic"
        made_ = [change(kind, ["create"], None, {}, f"m{n}") for n in range(made)]
        there = [change(kind, ["no-op"], {}, {}, f"t{n}") for n in range(20 - made)]
        for one in made_[:imported]:
            one["change"]["importing"] = {"id": "x"}
        data = [change(kind, ["read"], None, {}, f"r{n}") for n in range(read)]
        data = [{**one, "mode": "data"} for one in data]
        return rules(judged(made_up(*made_, *there, *data)).blocking)

    assert ("first-creation",) == blocked(made=16) == blocked(made=16, read=10)
    assert () == blocked(made=15) == blocked(made=16, imported=1)


def test_the_budget_of_deletions() -> None:
    """Many harmless deletions are too many; fewer, or named ones, are not."""
    there = [service(n, ["no-op"]) for n in range(100)]
    few = there[MOST_DELETIONS:] + [service(n, ["delete"]) for n in range(MOST_DELETIONS)]
    many = [*few, service(200, ["delete"])]

    assert not judged(made_up(*few)).blocked
    assert ("deletion-budget",) == rules(judged(made_up(*many)).blocking)


def test_the_budget_is_a_share_of_what_is_there() -> None:
    """Of a dozen resources four are too many."""
    there = [service(n, ["no-op"]) for n in range(8)]
    gone = [service(n, ["delete"]) for n in range(20, 24)]

    assert ("deletion-budget",) == rules(judged(made_up(*there, *gone)).blocking)
    assert not judged(made_up(*there, *gone[:2])).blocked
    # Of ten, or fewer, a share says nothing.
    assert not judged(made_up(*there[:6], *gone)).blocked
    assert ("deletion-budget",) == rules(judged(made_up(*there[:7], *gone)).blocking)


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        (TEMPLATE, False),
        ("google_compute_region_instance_template", False),
        ("google_secret_manager_secret_version", False),
        ("google_project_service", True),
    ],
)
def test_what_a_successor_makes_up_for(kind: str, counts: bool) -> None:
    """A release replaces every template, and the leftovers of an earlier one may go."""
    there = [service(n, ["no-op"]) for n in range(10)]
    values = {"deletion_policy": "DISABLE", "disable_on_destroy": False}
    new = {**values, "enabled": True}
    replaced, left = (
        [{**change(kind, actions, values, new if len(actions) > 1 else None, f"x{n}"),
          "deposed": deposed} for n in range(5)]
        for actions, deposed in ((["create", "delete"], ""), (["delete"], "a1b2c3d4"))
    )  # fmt: skip

    for gone in (replaced, left):
        found = rules(judged(made_up(*there, *gone)).blocking)
        assert counts == ("deletion-budget" in found)


def test_what_is_forgotten_counts() -> None:
    """Where all is protected, an empty YAML has it forgotten, not deleted."""
    there = [service(n, ["no-op"]) for n in range(8)]
    gone = [service(n, ["forget"]) for n in range(20, 24)]

    assert ("deletion-budget",) == rules(judged(made_up(*there, *gone)).blocking)


def test_a_grant_goes_along_with_what_it_is_on() -> None:
    """Of a queue that may go, the grant on it is not held against the budget."""
    there = [service(n, ["no-op"]) for n in range(10)]
    kind = "google_pubsub_subscription_iam_member"
    gone = [
        one
        for n in range(6)
        for one in (
            change(SUBSCRIPTION, ["delete"], {"name": f"s{n}"}, None, f"s{n}"),
            change(kind, ["delete"], {"subscription": f"s{n}", "role": "r"}, None, f"s{n}"),
        )
    ]
    named = allowance("subscription-deleted", f"{SUBSCRIPTION}.s*")

    assert not judged(made_up(*there, *gone), named).blocked
    # Unless anything is named, they are as many as they are.
    (counted,) = [one for one in judged(made_up(*there, *gone)).blocking
                  if one.rule == "deletion-budget"]  # fmt: skip
    assert counted.what.startswith("12 of 22 resources")


@pytest.mark.parametrize(
    ("kind", "actions", "values"),
    [
        ("google_pubsub_topic", ["create"], {"project": "eng-ai-prod"}),
        ("google_pubsub_topic", ["no-op"], {"project": "eng-ai-prod"}),
        ("google_project", ["update"], {"id": "projects/eng-ai-prod"}),
        ("google_secret_manager_secret_version", ["create"],
         {"secret": "projects/eng-ai-prod/secrets/s"}),
        (SUBSCRIPTION, ["create"], {"topic": "projects/eng-ai-prod/topics/t"}),
        ("google_service_account_iam_member", ["create"], {"role": "r", "member": "user:a",
         "service_account_id": "projects/eng-ai-prod/serviceAccounts/a"}),
        ("google_cloud_quotas_quota_preference", ["create"],
         {"parent": "projects/eng-ai-prod"}),
        (GROUP, ["create"], {"self_link": "https://a/projects/eng-ai-prod/regions/r/x/g"}),
        ("google_compute_region_per_instance_config", ["create"],
         {"instance_group_manager": "projects/eng-ai-prod/regions/r/x/g"}),
        ("google_secret_manager_secret_iam_member", ["create"],
         {"secret_id": "projects/eng-ai-prod/secrets/s"}),
        (GRANT, ["create"], {"subscription": "projects/eng-ai-prod/subscriptions/s"}),
        ("google_compute_region_autoscaler", ["create"],
         {"target": "projects/eng-ai-prod/regions/r/x/g"}),
        ("google_org_policy_policy", ["create"], {"name": "projects/eng-ai-prod/policies/p"}),
        ("google_pubsub_topic", ["update"], {"id": "x/projects/eng-ai-prod"}),
    ],
)  # fmt: skip
def test_another_project(kind: str, actions: list[str], values: Json) -> None:
    """Wherever a resource says where it is, and whether or not something happens to it."""
    verdict = judged(made_up(change(kind, actions, {"name": "x"}, {"name": "x", **values})))

    assert "wrong-project" in rules(verdict.blocking)
    here = json.loads(json.dumps(values).replace("eng-ai-prod", PROJECT))
    verdict = judged(made_up(change(kind, actions, {"name": "x"}, {"name": "x", **here})))
    assert "wrong-project" not in rules(verdict.blocking)


def test_what_goes_from_another_project() -> None:
    """It was there, if it is nowhere afterwards."""
    gone = change("google_pubsub_topic", ["delete"], {"project": "eng-ai-prod"}, None)

    assert "wrong-project" in rules(judged(made_up(gone)).blocking)


def test_a_project_by_its_number() -> None:
    """From a number nobody here can tell which project it is, unless a bucket of ours has it."""
    one = change("google_pubsub_topic", ["create"], None, {"kms_key_name": "projects/123/x"})
    bucket = {"name": "b", "project": PROJECT, "project_number": 123}
    there = change("google_storage_bucket", ["no-op"], bucket, bucket)

    assert ("names-another",) == rules(judged(made_up(one)).blocking)
    assert () == judged(made_up(one, there)).blocking


def test_a_project_that_is_not_known_yet() -> None:
    """It may be any; of what is there already, it is known from before."""
    one = change("google_pubsub_topic", ["create"], None, {"name": "t"})
    one["change"]["after_unknown"] = {"project": True}
    old = updated("google_pubsub_topic", {"name": "t"}, {}, unknown={"project": True})

    assert ("wrong-project",) == rules(judged(made_up(one)).blocking)
    assert () == judged(old).blocking


def test_a_plan_without_a_module() -> None:
    """What is left out is found in modules, and among instances, as well."""
    configured = {"address": "null_resource.a", "mode": "managed"}
    several = {
        **configured,
        "address": "null_resource.b",
        "for_each_expression": {"constant_value": {"x": 1, "y": 2}},
    }
    unclear = {**several, "for_each_expression": {"references": ["var.x"]}}
    unclear["address"] = "null_resource.c"
    calls = {"m": {"module": {"resources": [configured]}}}
    # It may be switched off, and a data source need not be read.
    off = {**configured, "address": "null_resource.d", "enabled_expression": {"references": []}}
    data = {**configured, "address": "data.google_project.e", "type": "google_project"} | {
        "mode": "data"
    }
    resources = [several, unclear, off, data]
    module = {"root_module": {"resources": resources, "module_calls": calls}}

    def plan(*addresses: str) -> Json:
        entries = [change("null_resource", ["no-op"], {}, {}) for _ in addresses]
        for entry, address in zip(entries, addresses, strict=True):
            entry["address"] = address
        return {**made_up(*entries), "configuration": module}

    whole = ('null_resource.b["x"]', 'null_resource.b["y"]', "module.m.null_resource.a")

    verdict = judged(plan(*whole))
    assert ((), ()) == (verdict.blocking, verdict.notable)
    for left_out in whole[:2]:
        found = judged(plan(*(one for one in whole if one != left_out))).blocking
        assert ("plan-incomplete",) == rules(found)
    # What is not counted may come to nothing, unless it was there before.
    rest: Json = plan(*whole[:2])
    assert ("plan-unclear",) == rules(judged(rest).notable)
    there: Json = {"address": "module.m", "resources": [{"address": whole[2]}]}
    rest["prior_state"] = {"values": {"root_module": {"child_modules": [there]}}}
    assert ("plan-incomplete",) == rules(judged(rest).blocking)


def test_a_count_that_is_none() -> None:
    """Nobody counts to it, and nothing is missing for it."""
    one = {
        "address": "null_resource.a",
        "mode": "managed",
        "count_expression": {"constant_value": 10**15},
    }
    plan = {**made_up(), "configuration": {"root_module": {"resources": [one]}}}

    assert () == judged(plan).blocking


def test_a_named_deletion_does_not_count() -> None:
    """What is allowed by address is not held against the budget."""
    there = [service(n, ["no-op"]) for n in range(10)]
    topics = [change(SUBSCRIPTION, ["delete"], {"name": f"s{n}"}, None, f"s{n}") for n in range(4)]
    named = allowance("subscription-deleted", f"{SUBSCRIPTION}.s*")

    assert "deletion-budget" in rules(judged(made_up(*there, *topics)).blocking)
    assert not judged(made_up(*there, *topics), named).blocked


def test_a_plan_that_only_refreshes() -> None:
    """It speaks of no resource at all, and changes the state alone."""
    resource = {"address": "null_resource.a", "mode": "managed"}
    plan = {**made_up(), "configuration": {"root_module": {"resources": [resource]}}}

    verdict = judged(plan)

    assert ((), ("refresh-only",)) == (rules(verdict.blocking), rules(verdict.notable))


def test_a_foreign_plan() -> None:
    """Of a plan of something else that is said once."""
    many = [
        change("google_pubsub_topic", ["create"], None, {"project": "other"}, f"t{n}")
        for n in range(9)
    ]
    here = change("google_pubsub_topic", ["no-op"], {"project": PROJECT}, {"project": PROJECT})

    (found,) = [one for one in judged(made_up(*many)).blocking if one.rule == "wrong-project"]
    assert "" == found.address
    assert 9 == len([one for one in judged(made_up(*many, here)).blocking
                     if one.rule == "wrong-project"])  # fmt: skip


def test_instances_of_functions() -> None:
    """Of `toset` and `length` OpenTofu writes no expression: what is planned is planned."""
    written = [{"address": f"null_resource.{name}", "mode": "managed"} for name in "ab"]
    entries = [change("null_resource", ["no-op"], {}, {}) for _ in range(3)]
    addresses = ('null_resource.a["x"]', "null_resource.b[0]", 'module.m["y"].null_resource.a')
    for entry, address in zip(entries, addresses, strict=True):
        entry["address"] = address
    calls = {"m": {"module": {"resources": written[:1]}}}
    configuration = {"root_module": {"resources": written, "module_calls": calls}}

    verdict = judged({**made_up(*entries), "configuration": configuration})

    assert ((), ()) == (verdict.blocking, verdict.notable)


def _configured(*resources: Json, **more: object) -> Json:
    """A plan of one resource, of a configuration that has more."""
    there = change("null_resource", ["no-op"], {}, {}, "there")
    written = [{"address": there["address"], "mode": "managed"}, *resources]
    return {**made_up(there), **more, "configuration": {"root_module": {"resources": written}}}


def _left_out(number: int, **more: object) -> list[Json]:
    return [
        {"address": f"null_resource.{name}", "mode": "managed", **more} for name in "abcd"[:number]
    ]


COUNTED = {"for_each_expression": {"constant_value": {"x": 1}}}


@pytest.mark.parametrize(
    ("resources", "more", "said"),
    [
        (_left_out(1), {},
         ["plan-unclear: of 1 resource of the configuration it says nothing: `null_resource.a`"]),
        (_left_out(3), {},
         ["plan-unclear: of 3 resources of the configuration it says nothing: `null_resource.a`, "
          "`null_resource.b`, `null_resource.c`"]),
        (_left_out(4), {},
         ["plan-unclear: of 4 resources of the configuration it says nothing: `null_resource.a`, "
          "`null_resource.b`, `null_resource.c` …"]),
        (_left_out(3, **COUNTED), {},
         ["plan-incomplete: 3 resources of the configuration are not in the plan: "
          '`null_resource.a["x"]`, `null_resource.b["x"]`, `null_resource.c["x"]`']),
        (_left_out(4, **COUNTED), {},
         ["plan-incomplete: 4 resources of the configuration are not in the plan: "
          '`null_resource.a["x"]`, `null_resource.b["x"]`, `null_resource.c["x"]` …']),
        # The worst of it says enough.
        (_left_out(1), {"errored": True},
         ["plan-errored: planning failed half-way, so this is not all of it"]),
        ([*_left_out(1, **COUNTED), *_left_out(4)[1:]], {},
         ["plan-incomplete: 1 resource of the configuration is not in the plan: "
          '`null_resource.a["x"]`']),
        ([*_left_out(1, **COUNTED), *_left_out(4)[1:]], {"errored": True},
         ["plan-errored: planning failed half-way, so this is not all of it"]),
    ],
)  # fmt: skip
def test_what_is_left_out(resources: list[Json], more: Json, said: list[str]) -> None:
    """It is named as far as somebody reads, and how much it is."""
    assert said == told(_configured(*resources, **more))


@pytest.mark.parametrize(
    ("lineage", "provenance", "said"),
    [
        ("L", Provenance("M", 3), "wrong-state: the state has the lineage M, and dev's has L"),
        ("L", Provenance("", 0), "wrong-state: the state is empty, and dev's has L"),
        (None, Provenance("M", 3),
         "state-not-recorded: the state's lineage is not recorded: `state_lineage: M`"),
        ("L", Provenance("L", 3, "states", "x"),
         "wrong-state: the state is in states/x, and should be in states/pipeline-zen/dev"),
        ("L", Provenance(None, None, "other", "pipeline-zen/dev"),
         "wrong-state: the state is in other/pipeline-zen/dev, and should be in "
         "states/pipeline-zen/dev"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_state(lineage: str | None, provenance: Provenance, said: str) -> None:
    """Which one it is, and which one it should be."""
    target = replace(TARGET, state_lineage=lineage)
    verdict = judged(made_up(), target=target, provenance=provenance)

    assert [said] == [f"{one.rule}: {one.what}" for one in (*verdict.blocking, *verdict.notable)]


@pytest.mark.parametrize(
    ("kind", "values", "unknown", "said"),
    [
        (TOPIC, {"project": "other"}, {}, ["wrong-project: in `other`, and dev is `eng-ai-dev`"]),
        (TOPIC, {"project": "other", "name": "projects/third/topics/t"}, {},
         ["wrong-project: in `other`, `third`, and dev is `eng-ai-dev`"]),
        (TOPIC, {"project": PROJECT, "name": "projects/-/topics/t"}, {}, []),
        (TOPIC, {"project": PROJECT, "name": "projects/other"}, {},
         ["wrong-project: in `other`, and dev is `eng-ai-dev`"]),
        (TOPIC, {"project": PROJECT, "name": "my-projects/other"}, {}, []),
        (TOPIC, {}, {"project": True},
         ["wrong-project: in a project that is not known yet, and dev is `eng-ai-dev`",
          "unjudged: new, with `project`"]),
        # A version is where its secret is.
        (VERSION, {"deletion_policy": "DISABLE"}, {"project": True},
         ["secret-version-misplaced: new, on a secret that is not known yet, which this plan does "
          "not have"]),
    ],
)  # fmt: skip
def test_what_is_told_of_a_project(kind: str, values: Json, unknown: Json, said: list[str]) -> None:
    """Each other one, once."""
    assert said == told(planned(kind, "create", None, values, unknown))


def test_how_many_are_told() -> None:
    """What is made, or goes, of how many."""
    topics = [change(TOPIC, ["create"], None, {"name": f"t{n}"}, f"t{n}") for n in range(11)]
    there = [service(n, ["no-op"]) for n in range(8)]
    gone = [service(n, ["delete"]) for n in range(20, 24)]
    new = [service(n, ["create"]) for n in range(30, 40)]
    strangers = [change(TOPIC, ["create"], None, {"project": "p"}, name) for name in "ab"]

    assert ["first-creation: 11 of 11 resources of dev would be created"] == told(made_up(*topics))
    # What is new makes up for nothing.
    for plan in (made_up(*there, *gone), made_up(*there, *gone, *new)):
        assert (
            "deletion-budget: 4 of 12 resources would be deleted or forgotten without being named, "
            "and 3 may be"
        ) in told(plan)
    assert [
        "wrong-project: nothing of it is in `eng-ai-dev`: it is the plan of something else"
    ] == told(made_up(*strangers))


def test_a_grant_on_what_stays_counts() -> None:
    """That something else is named makes up for nothing."""
    there = [service(n, ["no-op"]) for n in range(10)]
    kind = "google_pubsub_subscription_iam_member"
    queue = change(SUBSCRIPTION, ["delete"], {"name": "s"}, None, "s")
    grants = [
        change(kind, ["delete"], {"subscription": f"t{n}", "role": "r"}, None, f"g{n}")
        for n in range(5)
    ]
    named = allowance("subscription-deleted", f"{SUBSCRIPTION}.s")

    verdict = judged(made_up(*there, queue, *grants), named)
    (counted,) = [one for one in verdict.blocking if one.rule == "deletion-budget"]
    assert counted.what.startswith("5 of 16 resources")
