"""The guard on recorded plans: every danger is found, and its harmless neighbour passes."""

from typing import Any

import pytest

from pipeline_zen.guard import RULES
from pipeline_zen.guard.verdict import CHECKS
from tests.plans.cases import BUCKET, GROUP, SUBSCRIPTION, TEMPLATE, TOPIC, Case, Json
from tests.plans.catalogue import CASES
from tests.plans.judged import allowance, judged, rules
from tests.plans.made import CALM, EAGER, SUB, change, made_up, updated
from tests.plans.recorded import recorded


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_danger_and_its_neighbour(case: Case) -> None:
    """A recorded change is blocked for just what is dangerous about it, or passes."""
    verdict = judged(recorded(f"case-{case.name}"))

    assert tuple(sorted(case.blocks)) == rules(verdict.blocking)
    assert tuple(sorted(case.notes)) == rules(verdict.notable)


def test_every_rule_is_tried() -> None:
    """No rule is without a plan that it finds something in."""
    tried = {rule for case in CASES for rule in (*case.blocks, *case.notes)}
    elsewhere = {
        *("account-enabled", "billing-changed"),
        "changed-outside",
        "deletion-prevented",
        "gone-outside",
        "lost-outside",
        "only-copy-lost",
        "plan-unclear",
        "policy-loosened",
        "protected-replaced",
        "protection-lowered",
        "provider-diverted",
        "provider-foreign",
        "provider-unjudged",
        "refresh-only",
        "topic-gone",
        "transfer-deletes",
        "vms-metadata",
        "vms-restarted",
        "allowance-expired",
        "allowance-unused",
        "autoscaler-lowered",
        "deleted",
        "deletion-budget",
        "first-creation",
        "forgotten",
        "plan-errored",
        "plan-incomplete",
        "rehearsal-failed",
        "rehearsal-lost",
        "resize-request-deleted",
        "state-not-recorded",
        "vm-deleted",
        "wrong-state",
    }

    assert set(RULES) == tried | elsewhere


@pytest.mark.parametrize(
    ("kind", "before", "unknown", "blocking"),
    [
        (GROUP, {"target_size": 5}, {"target_size": True}, "group-shrunk"),
        (GROUP, {"update_policy": [CALM]}, {"update_policy": True}, "group-rolled"),
        (GROUP, {"update_policy": [CALM]}, {"update_policy": [{"type": True}]}, "group-rolled"),
        (GROUP, {"auto_healing_policies": []}, {"auto_healing_policies": True}, "group-healed"),
        (SUBSCRIPTION, SUB, {"message_retention_duration": True}, "retention-shortened"),
        (SUBSCRIPTION, SUB, {"expiration_policy": True}, "subscription-expires"),
        (SUBSCRIPTION, SUB, {"expiration_policy": [{"ttl": True}]}, "subscription-expires"),
        (SUBSCRIPTION, SUB, {"push_config": True}, "delivery-diverted"),
        (SUBSCRIPTION, SUB, {"push_config": [{"push_endpoint": True}]}, "delivery-diverted"),
        (BUCKET, {"force_destroy": False}, {"force_destroy": True}, "bucket-unguarded"),
        (BUCKET, {"lifecycle_rule": []}, {"lifecycle_rule": True}, "objects-expire"),
        (BUCKET, {"lifecycle_rule": []}, {"lifecycle_rule": [{"action": True}]}, "objects-expire"),
        (BUCKET, {"soft_delete_policy": []}, {"soft_delete_policy": True}, "objects-expire"),
        (BUCKET, {"soft_delete_policy": []},
         {"soft_delete_policy": [{"retention_duration_seconds": True}]}, "objects-expire"),
        (BUCKET, {"versioning": [{"enabled": True}]}, {"versioning": True}, "objects-expire"),
        (BUCKET, {"public_access_prevention": "enforced"}, {"public_access_prevention": True},
         "access-unguarded"),
        (BUCKET, {"uniform_bucket_level_access": True}, {"uniform_bucket_level_access": True},
         "access-unguarded"),
        (BUCKET, {}, {"ip_filter": [{"mode": True}]}, "access-narrowed"),
        (BUCKET, {}, {"requester_pays": True}, "access-narrowed"),
        ("google_secret_manager_secret", {}, {"ttl": True}, "secret-deleted"),
        ("google_secret_manager_secret", {"deletion_protection": True},
         {"deletion_protection": True}, "secret-unguarded"),
        ("google_secret_manager_secret_version", {"enabled": True}, {"enabled": True},
         "secret-version-disabled"),
        ("google_storage_bucket_acl", {"predefined_acl": "private"}, {"predefined_acl": True},
         "public-access"),
        ("google_compute_firewall", {"source_ranges": ["10.0.0.0/8"], "allow": [{"ports": []}]},
         {"source_ranges": True}, "public-access"),
        ("google_secret_manager_secret", {}, {"expire_time": True}, "secret-deleted"),
        ("google_service_account", {"disabled": False}, {"disabled": True}, "account-disabled"),
        ("google_project_iam_custom_role", {"permissions": ["a"]}, {"permissions": True},
         "role-shrunk"),
        ("google_project_iam_custom_role", {"stage": "GA"}, {"stage": True}, "role-shrunk"),
        ("google_project_iam_binding", {"role": "r", "members": ["a"]}, {"members": True},
         "grant-authoritative"),
    ],
)  # fmt: skip
def test_what_is_unknown_is_taken_for_the_worse(
    kind: str, before: Json, unknown: Json, blocking: str
) -> None:
    """Be it as a whole or in a part, an unknown value blocks as the worst one would."""
    after = {name: value for name, value in before.items() if name not in unknown}

    verdict = judged(updated(kind, before, after, unknown=unknown))

    assert blocking in rules(verdict.blocking)


@pytest.mark.parametrize(
    ("kind", "key", "before", "unknown", "blocking"),
    [
        (GROUP, "target_size", 5, True, "group-shrunk"),
        (GROUP, "update_policy", [{**EAGER, "type": "x"}], [{"type": True}], "group-rolled"),
        (GROUP, "update_policy", [EAGER], [{"minimal_action": True}], "group-rolled"),
        (GROUP, "update_policy", [CALM], [{"instance_redistribution_type": True}],
         "group-rebalanced"),
        (GROUP, "auto_healing_policies", [{"health_check": "h"}], [{"health_check": True}],
         "group-healed"),
        ("google_compute_region_autoscaler", "autoscaling_policy", [{"max_replicas": 3}],
         [{"max_replicas": True}], "autoscaler-lowered"),
    ],
)  # fmt: skip
def test_what_is_marked_and_becomes_unknown(
    kind: str, key: str, before: Any, unknown: Any, blocking: str
) -> None:
    """Unknown on both sides is no reason to believe that it stays as it is."""
    kept = [{name: one[name] for name in one if name not in unknown[0]} for one in before] if (
        isinstance(before, list)) else None  # fmt: skip
    plan = updated(kind, {key: before}, {key: kept}, unknown={key: unknown})
    plan["resource_changes"][0]["change"]["before_sensitive"] = {key: unknown}

    assert blocking in rules(judged(plan).blocking)


def test_no_type_with_a_rule_goes_silently() -> None:
    """But for those of which nothing is lost with them."""
    silent = set()
    for kind in (type_ for type_ in CHECKS if type_[0] != "*"):
        verdict = judged(made_up(change(kind, ["delete"], {"name": "a"}, None)))
        if not verdict.blocking and not verdict.notable:
            silent.add(kind)

    assert {
        "google_cloud_quotas_quota_preference",
        "google_compute_instance_template",
        "google_compute_region_instance_template",
    } == silent


@pytest.mark.parametrize(
    ("kind", "actions", "values", "rule"),
    [
        ("google_compute_instance_group_manager", ["delete"], {}, "group-deleted"),
        ("google_compute_region_instance_template", ["delete", "create"], {"name": "a"},
         "template-deleted-first"),
        ("google_compute_autoscaler", ["delete"], {}, "autoscaler-lowered"),
        ("google_compute_region_autoscaler", ["delete"], {}, "autoscaler-lowered"),
        ("google_compute_resize_request", ["delete"], {}, "resize-request-deleted"),
        ("google_compute_region_resize_request", ["delete"], {}, "resize-request-deleted"),
        *((f"google_storage_{kind}", ["create"], {"entity": "allUsers"}, "public-access")
          for kind in ("bucket_access_control", "default_object_access_control",
                       "object_access_control", "bucket_acl", "default_object_acl",
                       "object_acl")),
        *((f"google_secret_manager_{kind}", ["delete"], {}, "secret-deleted")
          for kind in ("secret", "regional_secret")),
        *((f"google_secret_manager_{kind}_version", ["delete"], {}, "secret-version-lost")
          for kind in ("secret", "regional_secret")),
        *((f"google_{kind}_iam_custom_role", ["delete"], {}, "role-deleted")
          for kind in ("project", "organization")),
        *((kind, ["create"], {}, "access-denied")
          for kind in ("google_iam_deny_policy", "google_org_policy_policy",
                       "google_project_organization_policy")),
    ],
)  # fmt: skip
def test_types_of_a_kind(kind: str, actions: list[str], values: Json, rule: str) -> None:
    """What Google has in several places, or in two ways, is judged alike."""
    before = None if actions == ["create"] else values
    after = None if actions == ["delete"] else values

    assert (rule,) == rules(judged(made_up(change(kind, actions, before, after))).blocking)


@pytest.mark.parametrize(
    ("kind", "key"),
    [(GROUP, "named_port")],
)  # fmt: skip
def test_attributes_that_are_judged(kind: str, key: str) -> None:
    """What has a rule, or can do no harm, is not said to be without one."""
    values = {"update_policy": [CALM], "role": "roles/pubsub.viewer", "member": "user:a"}
    verdict = judged(updated(kind, values, {**values, key: [{"a": "b"}]}))

    assert () == verdict.blocking
    assert "unjudged" not in rules(verdict.notable)


def test_attributes_of_like_names() -> None:
    """One that only begins as another does is another; one below it is the same."""
    eager = {"update_policy": [EAGER]}
    likewise = updated(GROUP, {**eager, "version_x": 1}, {**eager, "version_x": 2})
    below = updated("google_compute_instance", {"scheduling": {"a": 1}},
                    {"scheduling": {"a": 2}})  # fmt: skip

    assert () == judged(likewise).blocking
    assert ("vm-deleted",) == rules(judged(below).blocking)


def test_the_worst_comes_first() -> None:
    """By severity, then by rule and address."""
    kinds = {"a": "google_service_account", "c": BUCKET, "b": BUCKET, "d": GROUP}
    gone = [change(kind, ["delete"], {"name": name}, None, name) for name, kind in kinds.items()]

    assert ["d", "b", "c", "a"] == [one.name for one in judged(made_up(*gone)).blocking]


@pytest.mark.parametrize(
    ("key", "value", "written", "told"),
    [
        ("labels", {"a": "ml"}, {"constant_value": {"a": "ml"}}, ()),
        ("labels", {"a": "ml"}, None, ()),
        # `file()` and its like are neither a constant nor a reference.
        ("labels", {"a": "ml"}, {}, ("unjudged",)),
        ("labels", {"a": "hf_canary8c2d51e6a907"}, None, ("unjudged",)),
        ("labels", {"a": "line\nline"}, None, ("unjudged",)),
        ("labels", {"a": "\u202eml"}, None, ("unjudged",)),
    ],
)
def test_texts_that_only_people_read(
    key: str, value: Any, written: Any, told: tuple[str, ...]
) -> None:
    """They do no harm, unless a secret, or what nobody sees, may have got into one."""
    plan = updated(TOPIC, {"name": "t"}, {"name": "t", key: value})
    if written is not None:
        resource = {"address": f"{TOPIC}.one", "mode": "managed", "expressions": {key: written}}
        plan["configuration"] = {"root_module": {"resources": [resource]}}

    verdict = judged(plan)

    assert ((), told) == (verdict.blocking, rules(verdict.notable))


def test_what_is_allowed_is_sorted() -> None:
    """By rule, then by address, whatever stands first in the file."""
    kinds = {"a": SUBSCRIPTION, "c": BUCKET, "b": BUCKET}
    gone = [change(kind, ["delete"], {"name": name}, None, name) for name, kind in kinds.items()]
    named = [
        allowance("subscription-deleted", f"{SUBSCRIPTION}.a"),
        allowance("bucket-deleted", f"{BUCKET}.c"),
        allowance("bucket-deleted", f"{BUCKET}.b"),
    ]

    verdict = judged(made_up(*gone), *named)
    assert ["b", "c", "a"] == [one.finding.name for one in verdict.allowed]
    assert ((), False) == (verdict.blocking, verdict.blocked)


def test_the_remedy_of_what_is_tainted() -> None:
    """It is that of what blocks; and its address is one word to a shell."""
    values = {"name": "a", "guest_accelerator": [{"count": 1}]}
    after = {"name": "a", "guest_accelerator": [{"count": 2}]}
    entry = change(TEMPLATE, ["create", "delete"], values, after)
    entry |= {"action_reason": "replace_because_tainted", "address": f'{TEMPLATE}.one["x"]'}
    verdict = judged(made_up(entry))

    (kept,) = verdict.blocking
    assert f"`tofu untaint '{TEMPLATE}.one[\"x\"]'`" in kept.advice
    (costs,) = verdict.notable
    assert RULES["gpus-added"].todo == costs.advice


def test_the_remedy_of_what_stays() -> None:
    """To move it is that of what is deleted at one address and made at another."""
    shorter = {**SUB, "name": "s", "message_retention_duration": "600s"}
    stays = change(SUBSCRIPTION, ["update"], {**SUB, "name": "s"}, shorter, "old")
    new = change(SUBSCRIPTION, ["create"], None, {**SUB, "name": "s"}, "new")

    assert not [one for one in judged(made_up(stays, new)).blocking if "moved {" in one.advice]


MARKED: dict[str, Json] = {
    GROUP: {"update_policy": [CALM], "target_size": 3, "auto_healing_policies": [{}],
            "instance_lifecycle_policy": [{}], "stateful_disk": [{}], "version": [{}]},
    SUBSCRIPTION: {**SUB, "push_config": [{}], "dead_letter_policy": [{}], "topic": "t",
                   "ack_deadline_seconds": 9, "message_transforms": [{}]},
    TOPIC: {"message_retention_duration": "9s", "schema_settings": [{}],
            "message_transforms": [{}]},
    BUCKET: {"force_destroy": True, "ip_filter": [{}], "lifecycle_rule": [{}], "versioning": [{}],
             "public_access_prevention": "x", "requester_pays": True, "retention_policy": [{}],
             "soft_delete_policy": [{}], "storage_class": "x", "uniform_bucket_level_access": True},
    "google_secret_manager_secret": {"deletion_protection": True, "expire_time": "x", "ttl": "9s"},
    "google_secret_manager_secret_version": {"deletion_policy": "x", "enabled": True, "secret": "s",
                                             "secret_data": "x"},
    "google_service_account": {"disabled": True},
    "google_project_iam_custom_role": {"permissions": ["a"], "stage": "x"},
    "google_project_service": {"disable_on_destroy": True, "disable_dependent_services": True},
    "google_project": {"billing_account": "x"},
    "google_compute_instance": {"desired_status": "x", "machine_type": "x", "scheduling": [{}]},
    "google_compute_autoscaler": {"target": "x"},
    "google_cloud_quotas_quota_preference": {"quota_config": [{}]},
}  # fmt: skip


@pytest.mark.parametrize("kind", MARKED)
def test_what_is_marked_and_stays(kind: str) -> None:
    """It is not told what it is, and it is what it was: nothing is said of it."""
    values = MARKED[kind]
    plan = updated(kind, {**values, "description": "a"}, {**values, "description": "b"})
    for side in ("before_sensitive", "after_sensitive"):
        plan["resource_changes"][0]["change"][side] = dict.fromkeys(values, True)

    verdict = judged(plan)
    assert ((), ()) == (verdict.blocking, verdict.notable)
