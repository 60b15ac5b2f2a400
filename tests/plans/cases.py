"""
Changes to a small deployment, each with what the guard must find: dangers and their neighbours.

`record.py` applies `base()` to the fake Google, makes each change in turn and records the plan.
"""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipeline_zen import versions

Json = dict[str, Any]
Edit = Callable[[Json], object]

PROJECT = "eng-ai-dev"
GROUP = "google_compute_region_instance_group_manager"
TEMPLATE = "google_compute_instance_template"
SUBSCRIPTION = "google_pubsub_subscription"
TOPIC = "google_pubsub_topic"
BUCKET = "google_storage_bucket"
SECRET = "google_secret_manager_secret"
VERSION = "google_secret_manager_secret_version"
ACCOUNT = "google_service_account"
ROLE = "google_project_iam_custom_role"
GRANT = "google_pubsub_subscription_iam_member"
MEMBER = "serviceAccount:jobs-sa@eng-ai-dev.iam.gserviceaccount.com"

_ACCOUNT = ["google_service_account.jobs"]

SCRIPT = """#!/bin/bash
set -e
export HF_TOKEN=hf_canary8c2d51e6a907
python listen.py --cluster 8xv100
sudo poweroff
"""


_DELETE_RULE = [{"action": [{"type": "Delete"}], "condition": [{"age": 30}]}]


def base() -> Json:
    """One resource of each kind, in a configuration of its own."""
    google = {"source": "hashicorp/google", "version": versions.VERSION}
    return {
        "terraform": {"required_providers": {"google": google}},
        "provider": {"google": {"project": PROJECT, "default_labels": {"env": "dev"}}},
        "resource": {
            GROUP: {"calm": _group("calm", "OPPORTUNISTIC"), "eager": _group("eager", "PROACTIVE")},
            TEMPLATE: {
                "calm": {
                    **_template("jobs-8xv100-a-tpl"),
                    "lifecycle": {"create_before_destroy": True},
                },
                "eager": {
                    **_template("jobs-8xv100-b-tpl"),
                    "lifecycle": {"create_before_destroy": True},
                },
                "spare": _template("jobs-8xv100-c-tpl"),
            },
            TOPIC: {
                "start": {
                    "project": PROJECT,
                    "name": "jobs-start",
                    "message_retention_duration": "86400s",
                }
            },
            SUBSCRIPTION: {
                "start": {
                    "project": PROJECT,
                    "name": "jobs-start-8xv100",
                    "topic": "${google_pubsub_topic.start.id}",
                    "filter": 'attributes.cluster = "8xv100"',
                    "ack_deadline_seconds": 60,
                    "message_retention_duration": "345600s",
                    "expiration_policy": {"ttl": ""},
                }
            },
            GRANT: {
                "jobs": {
                    "project": PROJECT,
                    "subscription": "jobs-start-8xv100",
                    "role": "roles/pubsub.subscriber",
                    "member": MEMBER,
                    "depends_on": ["google_pubsub_subscription.start", *_ACCOUNT],
                }
            },
            "google_pubsub_topic_iam_binding": {
                "publishers": {
                    "project": PROJECT,
                    "topic": "${google_pubsub_topic.start.name}",
                    "role": "roles/pubsub.publisher",
                    "members": [
                        MEMBER,
                        "group:ops@example.com",
                    ],
                    "depends_on": _ACCOUNT,
                }
            },
            BUCKET: {
                "results": {
                    "project": PROJECT,
                    "name": "lum-dev-results",
                    "location": "US",
                    "force_destroy": False,
                    "uniform_bucket_level_access": True,
                    "public_access_prevention": "enforced",
                    "versioning": {"enabled": True},
                    "soft_delete_policy": {"retention_duration_seconds": 2_592_000},
                },
                "public": {
                    "project": PROJECT,
                    "name": "lum-dev-public",
                    "location": "US",
                    "lifecycle_rule": _DELETE_RULE,
                    "retention_policy": {"retention_period": 864_000},
                },
            },
            SECRET: {
                "spare": {
                    "project": PROJECT,
                    "secret_id": "jobs-spare",
                    "deletion_protection": False,
                    "replication": {"auto": {}},
                },
                "config": {
                    "project": PROJECT,
                    "secret_id": "jobs-config",
                    "deletion_protection": True,
                    "replication": {"auto": {}},
                },
            },
            VERSION: {
                "spare": {
                    "secret": "${google_secret_manager_secret.spare.id}",
                    "secret_data": "not-a-secret-1",
                    "deletion_policy": "DELETE",
                },
                "config": {
                    "secret": "${google_secret_manager_secret.config.id}",
                    "secret_data": "not-a-secret-1",
                    "deletion_policy": "DISABLE",
                    "lifecycle": {"create_before_destroy": True},
                },
            },
            ACCOUNT: {"jobs": {"project": PROJECT, "account_id": "jobs-sa"}},
            ROLE: {
                "deleter": {
                    "project": PROJECT,
                    "role_id": "vm_deleter",
                    "title": "VM deleter",
                    "permissions": ["compute.instances.delete", "compute.instances.get"],
                }
            },
            "google_project_iam_member": {
                "logs": {
                    "project": PROJECT,
                    "role": "roles/logging.logWriter",
                    "member": MEMBER,
                    "depends_on": _ACCOUNT,
                }
            },
            "google_project_service": {
                "pubsub": {
                    "project": PROJECT,
                    "service": "pubsub.googleapis.com",
                    "disable_on_destroy": False,
                },
                "storage": {
                    "project": PROJECT,
                    "service": "storage.googleapis.com",
                    "disable_on_destroy": True,
                },
            },
        },
    }


def _template(name: str) -> Json:
    return {
        "project": PROJECT,
        "name": name,
        "machine_type": "n1-highmem-32",
        "disk": [{"boot": True, "source_image": "projects/images/global/images/jobs-1"}],
        "network_interface": [{"network": "default"}],
        "guest_accelerator": [{"type": "nvidia-tesla-v100", "count": 8}],
        "scheduling": {"on_host_maintenance": "TERMINATE", "automatic_restart": False},
        "metadata": {"startup-script": SCRIPT},
    }


def _group(name: str, policy: str) -> Json:
    return {
        "project": PROJECT,
        "name": f"jobs-8xv100-{name}",
        "base_instance_name": f"jobs-8xv100-{name}-vm",
        "region": "us-central1",
        "distribution_policy_zones": ["us-central1-a", "us-central1-b"],
        "version": [{"instance_template": f"${{{TEMPLATE}.{name}.id}}"}],
        "update_policy": {
            "type": policy,
            "minimal_action": "REPLACE",
            "instance_redistribution_type": "NONE",
            "max_surge_fixed": 2,
            "max_unavailable_fixed": 2,
        },
        "instance_lifecycle_policy": {"default_action_on_failure": "DO_NOTHING"},
    }


@dataclass(frozen=True)
class Case:
    """A change, and the findings that it must lead to: rule and the end of the address."""

    name: str
    edit: Edit
    blocks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def edited(self) -> Json:
        """The base with the change made."""
        stack = copy.deepcopy(base())
        self.edit(stack)
        return stack


def _set(kind: str, id_: str, **arguments: Any) -> Edit:
    def edit(stack: Json) -> None:
        stack["resource"][kind][id_].update(arguments)

    return edit


def _policy(id_: str, **arguments: Any) -> Edit:
    def edit(stack: Json) -> None:
        stack["resource"][GROUP][id_]["update_policy"].update(arguments)

    return edit


def _drop(kind: str, id_: str, *others: tuple[str, str]) -> Edit:
    def edit(stack: Json) -> None:
        for one, name in ((kind, id_), *others):
            del stack["resource"][one][name]
            if not stack["resource"][one]:
                del stack["resource"][one]

    return edit


def _add(kind: str, id_: str, arguments: Json) -> Edit:
    def edit(stack: Json) -> None:
        stack["resource"].setdefault(kind, {})[id_] = arguments

    return edit


def _all(*edits: Edit) -> Edit:
    def edit(stack: Json) -> None:
        for one in edits:
            one(stack)

    return edit


def _section(name: str, content: Any) -> Edit:
    def edit(stack: Json) -> None:
        stack[name] = content

    return edit


def _unset(kind: str, id_: str, block: str, key: str) -> Edit:
    def edit(stack: Json) -> None:
        del stack["resource"][kind][id_][block][key]

    return edit


def _rename(kind: str, old: str, new: str) -> Edit:
    def edit(stack: Json) -> None:
        stack["resource"][kind][new] = stack["resource"][kind].pop(old)

    return edit


def _image(id_: str) -> Edit:
    disk = [{"boot": True, "source_image": "projects/images/global/images/jobs-2"}]
    return _set(TEMPLATE, id_, disk=disk, name=f"jobs-8xv100-{id_}-2-tpl")


_LABELS = {"team": "ml"}
_CHECK = {"health_check": "projects/p/global/healthChecks/h", "initial_delay_sec": 300}
_NEARLINE = [
    {"action": [{"type": "SetStorageClass", "storage_class": "NEARLINE"}],
     "condition": [{"age": 30}]}
]  # fmt: skip
_PUSH = {"push_endpoint": "https://example.com/push"}
_LATER = {"project": PROJECT, "name": "later"}
_POLICY = json.dumps({"bindings": [
    {"role": "roles/storage.objectViewer", "members": ["allUsers", MEMBER]}]})  # fmt: skip
_NEW_ZONES = ["us-central1-a", "us-central1-b", "us-central1-c"]

CASES = [
    # Groups
    Case("group-deleted", _drop(GROUP, "calm"), ("group-deleted",)),
    Case("group-zones", _set(GROUP, "calm", distribution_policy_zones=_NEW_ZONES),
         ("group-replaced",)),
    Case("group-description", _set(GROUP, "calm", description="x"), ("group-replaced",)),
    Case("group-base-name", _set(GROUP, "calm", base_instance_name="jobs-8xv100-vm"),
         ("group-replaced",)),
    Case("group-shape", _set(GROUP, "calm", distribution_policy_target_shape="ANY")),
    Case("group-added", _add(GROUP, "more", _group("more", "OPPORTUNISTIC") | {
        "version": [{"instance_template": f"${{{TEMPLATE}.calm.id}}"}]}),
        notes=("gpus-added",)),
    Case("group-shrunk", _set(GROUP, "calm", target_size=1), ("group-shrunk",)),
    Case("group-raised", _set(GROUP, "calm", target_size=5), notes=("size-raised",)),
    Case("group-made-eager", _policy("calm", type="PROACTIVE"), ("group-rolled",)),
    Case("group-made-calm", _policy("eager", type="OPPORTUNISTIC")),
    Case("group-surge", _policy("eager", max_surge_fixed=3)),
    Case("group-rebalanced", _policy("calm", instance_redistribution_type="PROACTIVE"),
         ("group-rebalanced",)),
    Case("group-healed", _set(GROUP, "calm", auto_healing_policies=_CHECK), ("group-healed",)),
    Case("group-repairs", _set(GROUP, "calm", instance_lifecycle_policy={
        "default_action_on_failure": "REPAIR"}), notes=("group-repairs",)),
    Case("group-renamed-address", _rename(GROUP, "calm", "still"),
         ("group-deleted", "renamed"), ("gpus-added",)),
    Case("group-of-unknown-size", _all(
        _add(TOPIC, "later", _LATER),
        _set(GROUP, "calm", target_size="${length(google_pubsub_topic.later.id)}")),
        ("group-shrunk",)),
    Case("group-with-vms", _add(GROUP, "more", _group("more", "OPPORTUNISTIC") | {
        "target_size": 3,
        "version": [{"instance_template": f"${{{TEMPLATE}.calm.id}}"}]}),
        notes=("size-raised",)),
    Case(
        "group-spread-unsaid",
        _unset(GROUP, "calm", "update_policy", "instance_redistribution_type"),
        ("group-rebalanced",),
    ),
    Case("group-stateful", _set(GROUP, "calm", stateful_disk=[
        {"device_name": "results", "delete_rule": "NEVER"}]), ("group-state-changed",)),
    Case("group-standby", _set(GROUP, "calm", standby_policy={"mode": "SCALE_OUT_POOL"}),
         notes=("unjudged",)),
    Case("group-forgotten", _all(
        _drop(GROUP, "calm", (TEMPLATE, "calm")),
        _section("removed", [{"from": f"{GROUP}.calm", "lifecycle": {"destroy": False}}])),
        ("template-in-use",), ("forgotten",)),
    Case("autoscaler-added", _add("google_compute_region_autoscaler", "calm", {
        "project": PROJECT, "name": "calm", "region": "us-central1",
        "target": f"${{{GROUP}.calm.id}}",
        "autoscaling_policy": [{"min_replicas": 0, "max_replicas": 1}]}),
        ("autoscaler-changed",)),
    Case("vm-added", _add("google_compute_instance", "one", {
        "project": PROJECT, "name": "one", "zone": "us-central1-a",
        "machine_type": "a2-highgpu-1g", "network_interface": [{"network": "default"}],
        "boot_disk": {"initialize_params": {"image": "jobs-1"}}}), notes=("gpus-added",)),
    Case("commitment-added", _add("google_compute_region_commitment", "one", {
        "project": PROJECT, "name": "one", "region": "us-central1", "plan": "TWELVE_MONTH",
        "resources": [{"type": "VCPU", "amount": "4"}]}), notes=("paid-ahead",)),
    Case("quota-asked", _add("google_cloud_quotas_quota_preference", "one", {
        "parent": f"projects/{PROJECT}", "name": "one", "service": "compute.googleapis.com",
        "quota_id": "NVIDIA-V100-GPUS-per-project-region",
        "dimensions": {"region": "us-central1"}, "quota_config": {"preferred_value": 8}}),
        notes=("quota-asked",)),
    # Templates
    Case("release-calm", _image("calm")),
    Case("release-eager", _image("eager"), ("group-rolled",)),
    Case("template-in-place", _image("spare"), ("template-deleted-first",)),
    Case("template-dropped", _drop(TEMPLATE, "spare")),
    Case("template-machine", _all(
        _image("calm"), _set(TEMPLATE, "calm", guest_accelerator=[
            {"type": "nvidia-tesla-v100", "count": 16}])),
        notes=("gpus-added", "vms-cost-otherwise")),
    Case("template-name-kept", _set(TEMPLATE, "calm", machine_type="n1-highmem-16"),
         ("template-name-kept",), ("vms-cost-otherwise",)),
    Case("template-spot", _all(_image("calm"), _set(TEMPLATE, "calm", scheduling={
        "on_host_maintenance": "TERMINATE", "automatic_restart": False, "preemptible": True,
        "provisioning_model": "SPOT"})), notes=("vms-cost-otherwise", "vms-end-early")),
    Case("template-disk", _all(_image("calm"), _set(TEMPLATE, "calm", disk=[
        {"boot": True, "disk_size_gb": 4_000,
         "source_image": "projects/images/global/images/jobs-1"}])),
        notes=("vms-cost-otherwise",)),
    Case("template-script", _all(_image("calm"), _set(TEMPLATE, "calm", metadata={
        "startup-script": SCRIPT.replace("8xv100", "8xv100 --fast")})), notes=("unjudged",)),
    # Topics and subscriptions
    Case("topic-deleted", _all(
        _drop(TOPIC, "start"), _set(SUBSCRIPTION, "start", topic="jobs-start"),
        _set("google_pubsub_topic_iam_binding", "publishers", topic="jobs-start")),
        ("topic-deleted",)),
    Case("topic-retention", _set(TOPIC, "start", message_retention_duration="3600s"),
         ("retention-shortened",)),
    Case("topic-schema", _set(TOPIC, "start", schema_settings={
        "schema": f"projects/{PROJECT}/schemas/s", "encoding": "JSON"}), ("delivery-diverted",)),
    Case("subscription-transformed", _set(SUBSCRIPTION, "start", message_transforms=[
        {"javascript_udf": {"function_name": "drop",
                            "code": "function drop(m) { return null; }"}}]),
        ("delivery-diverted",)),
    Case("subscription-replaced-grant-dropped", _all(
        _drop(GRANT, "jobs"), _set(SUBSCRIPTION, "start", filter='attributes.cluster = "x"')),
        ("grant-removed", "subscription-replaced")),
    Case("topic-label", _set(TOPIC, "start", labels=_LABELS)),
    Case("subscription-deleted", _drop(SUBSCRIPTION, "start", (GRANT, "jobs")),
         ("subscription-deleted",)),
    Case("subscription-filter", _set(SUBSCRIPTION, "start", filter='attributes.cluster = "x"'),
         ("subscription-replaced",)),
    Case("subscription-ordering", _set(SUBSCRIPTION, "start", enable_message_ordering=True),
         ("subscription-replaced",)),
    Case("subscription-shorter", _set(
        SUBSCRIPTION, "start", message_retention_duration="86400s"), ("retention-shortened",)),
    Case("subscription-longer", _set(
        SUBSCRIPTION, "start", message_retention_duration="604800s")),
    Case("subscription-expires", _set(SUBSCRIPTION, "start", expiration_policy={
        "ttl": "2678400s"}), ("subscription-expires",)),
    Case("subscription-deadline", _set(SUBSCRIPTION, "start", ack_deadline_seconds=120)),
    Case("subscription-pushed", _set(SUBSCRIPTION, "start", push_config=_PUSH),
         ("delivery-diverted",)),
    Case("subscription-dead-letters", _set(SUBSCRIPTION, "start", dead_letter_policy={
        "dead_letter_topic": f"projects/{PROJECT}/topics/dead", "max_delivery_attempts": 5}),
        ("delivery-diverted",)),
    Case("subscription-added", _add(SUBSCRIPTION, "more", {
        "project": PROJECT, "name": "jobs-start-1xv100", "topic": "jobs-start"})),
    # Buckets
    Case("bucket-deleted", _drop(BUCKET, "results"), ("bucket-deleted",)),
    Case("bucket-location", _set(BUCKET, "results", location="EU"), ("bucket-replaced",)),
    Case("bucket-force", _set(BUCKET, "results", force_destroy=True), ("bucket-unguarded",)),
    Case("bucket-rule", _set(BUCKET, "results", lifecycle_rule=_DELETE_RULE),
         ("objects-expire",)),
    Case("bucket-nearline", _set(BUCKET, "results", lifecycle_rule=_NEARLINE)),
    Case("bucket-soft-delete", _set(BUCKET, "results", soft_delete_policy={
        "retention_duration_seconds": 604_800}), ("objects-expire",)),
    Case("bucket-versioning", _set(BUCKET, "results", versioning={"enabled": False}),
         ("objects-expire",)),
    Case("bucket-public", _set(BUCKET, "results", public_access_prevention="inherited"),
         ("access-unguarded",)),
    Case("bucket-acls", _set(BUCKET, "results", uniform_bucket_level_access=False),
         ("access-unguarded",)),
    Case("bucket-unpublished", _set(BUCKET, "public", uniform_bucket_level_access=True),
         ("access-narrowed",)),
    Case("bucket-prevented", _set(BUCKET, "public", public_access_prevention="enforced"),
         ("access-narrowed",)),
    Case("bucket-requester-pays", _set(BUCKET, "public", requester_pays=True),
         ("access-narrowed",)),
    Case("bucket-rule-later", _set(BUCKET, "public", lifecycle_rule=[
        {"action": [{"type": "Delete"}], "condition": [{"age": 60}]}])),
    Case("bucket-rule-sooner", _set(BUCKET, "public", lifecycle_rule=[
        {"action": [{"type": "Delete"}], "condition": [{"age": 10}]}]), ("objects-expire",)),
    Case("bucket-retention", _set(BUCKET, "public", retention_policy={
        "retention_period": 3_600}), ("objects-expire",)),
    Case("bucket-retention-longer", _set(BUCKET, "public", retention_policy={
        "retention_period": 1_728_000}), ("access-narrowed",)),
    Case("bucket-cors", _set(BUCKET, "public", cors=[{"origin": ["https://example.com"]}]),
         notes=("unjudged",)),
    Case("bucket-force-sensitive", _all(
        _section("variable", {"yes": {"type": "bool", "default": True, "sensitive": True}}),
        _set(BUCKET, "results", force_destroy="${var.yes}")), ("bucket-unguarded",)),
    Case("bucket-acl", _add("google_storage_bucket_access_control", "all", {
        "bucket": "lum-dev-public", "role": "READER", "entity": "allUsers"}),
        ("public-access",)),
    Case("bucket-acl-of-one", _add("google_storage_bucket_access_control", "one", {
        "bucket": "lum-dev-public", "role": "READER", "entity": "user-ann@example.com"}),
        notes=("grant-added",)),
    Case("bucket-policy", _add("google_storage_bucket_iam_policy", "all", {
        "bucket": "lum-dev-public", "policy_data": _POLICY}),
        ("grant-authoritative", "public-access"), ("grant-added",)),
    Case("bucket-label", _set(BUCKET, "results", labels=_LABELS)),
    # Secrets
    Case("secret-replication", _set(SECRET, "config", replication={
        "user_managed": {"replicas": [{"location": "us-central1"}]}}),
        ("secret-deleted",)),
    Case("secret-unguarded", _set(SECRET, "config", deletion_protection=False),
         ("secret-unguarded",)),
    Case("secret-expires", _set(SECRET, "config", ttl="86400s"), ("secret-deleted",)),
    Case("secret-label", _set(SECRET, "config", labels=_LABELS)),
    Case("secret-rotated", _set(VERSION, "config", secret_data="not-a-secret-2")),
    Case("secret-rotated-badly", _set(VERSION, "config", secret_data="not-a-secret-2",
                                      lifecycle={}), ("secret-version-disabled",)),
    Case("secret-version-dropped", _drop(VERSION, "config"), ("secret-version-disabled",)),
    Case("secret-version-destroyed", _drop(VERSION, "spare"), ("secret-version-lost",)),
    Case("secret-dropped", _drop(SECRET, "spare", (VERSION, "spare")),
         ("secret-deleted", "secret-version-lost")),
    Case("secret-rotated-disabled", _set(
        VERSION, "config", secret_data="not-a-secret-2", enabled=False),
        ("secret-version-disabled",)),
    Case("secret-version-unguarded", _set(VERSION, "config", deletion_policy="DELETE"),
         ("secret-unguarded",)),
    Case("secret-disabled", _set(VERSION, "config", enabled=False),
         ("secret-version-disabled",)),
    # Identities
    Case("account-renamed", _set(ACCOUNT, "jobs", account_id="jobs-sa-2"), ("account-deleted",)),
    Case("account-deleted", _all(
        _set(GRANT, "jobs", depends_on=[]),
        _set("google_project_iam_member", "logs", depends_on=[]),
        _set("google_pubsub_topic_iam_binding", "publishers", depends_on=[]),
        _drop(ACCOUNT, "jobs")), ("account-deleted",)),
    Case("account-disabled", _set(ACCOUNT, "jobs", disabled=True), ("account-disabled",)),
    Case("account-described", _set(ACCOUNT, "jobs", description="runs jobs")),
    Case("account-key", _add("google_service_account_key", "key", {
        "service_account_id": "jobs-sa@eng-ai-dev.iam.gserviceaccount.com"}), ("account-key",)),
    Case("role-shrunk", _set(ROLE, "deleter", permissions=["compute.instances.get"]),
         ("role-shrunk",)),
    Case("role-widened", _set(ROLE, "deleter", permissions=[
        "compute.instances.delete", "compute.instances.get", "compute.instances.list"]),
        notes=("role-widened",)),
    Case("role-titled", _set(ROLE, "deleter", title="Deletes VMs")),
    Case("role-disabled", _set(ROLE, "deleter", stage="DISABLED"), ("role-shrunk",)),
    Case("role-deleted", _drop(ROLE, "deleter"), ("role-deleted",)),
    Case("grant-removed", _drop(GRANT, "jobs"), ("grant-removed",)),
    Case("grant-changed", _set(GRANT, "jobs", role="roles/pubsub.viewer"), ("grant-removed",),
         ("grant-added",)),
    Case("grant-added", _add("google_project_iam_member", "metrics", {
        "project": PROJECT, "role": "roles/monitoring.metricWriter", "member": MEMBER}),
        notes=("grant-added",)),
    Case("grant-public", _add("google_storage_bucket_iam_member", "all", {
        "bucket": "lum-dev-results", "role": "roles/storage.objectViewer",
        "member": "allUsers"}), ("public-access",)),
    Case("grant-owner", _add("google_project_iam_member", "owner", {
        "project": PROJECT, "role": "roles/owner", "member": MEMBER}), ("basic-role",)),
    Case("grant-viewer", _add("google_project_iam_member", "viewer", {
        "project": PROJECT, "role": "roles/viewer", "member": MEMBER}), ("basic-role",)),
    Case("grant-of-granting", _add("google_project_iam_member", "admin", {
        "project": PROJECT, "role": "roles/resourcemanager.projectIamAdmin", "member": MEMBER}),
        ("powerful-role",)),
    Case("grant-to-a-pool", _add("google_project_iam_member", "pool", {
        "project": PROJECT, "role": "roles/logging.logWriter",
        "member": "principalSet://iam.googleapis.com/projects/1/locations/global/"
                  "workloadIdentityPools/p/*"}), ("public-access",)),
    Case("grant-unknown", _all(
        _add(TOPIC, "later", _LATER),
        _add("google_project_iam_member", "later", {
            "project": PROJECT, "role": "roles/logging.logWriter",
            "member": "user:${google_pubsub_topic.later.id}"})), ("grant-unknown",)),
    Case("grant-sensitive", _all(
        _section("variable", {"who": {"default": "allUsers", "sensitive": True}}),
        _add("google_storage_bucket_iam_member", "all", {
            "bucket": "lum-dev-results", "role": "roles/storage.objectViewer",
            "member": "${var.who}"})), ("grant-unknown",)),
    Case("grant-to-a-new-account", _all(
        _add(ACCOUNT, "more", {"project": PROJECT, "account_id": "more-sa"}),
        _add("google_project_iam_member", "more", {
            "project": PROJECT, "role": "roles/logging.logWriter",
            "member": "serviceAccount:${google_service_account.more.unique_id}"})),
        notes=("grant-added",)),
    Case("grant-taken", _add("google_project_iam_member_remove", "logs", {
        "project": PROJECT, "role": "roles/logging.logWriter", "member": MEMBER}),
        ("grant-removed",)),
    Case("default-accounts", _add("google_project_default_service_accounts", "all", {
        "project": PROJECT, "action": "DISABLE"}), ("account-disabled",)),
    Case("denied", _add("google_iam_deny_policy", "all", {
        "parent": "cloudresourcemanager.googleapis.com%2Fprojects%2Feng-ai-dev", "name": "no",
        "rules": [{"deny_rule": {
            "denied_principals": ["principalSet://goog/public:all"],
            "denied_permissions": ["pubsub.googleapis.com/topics.publish"]}}]}),
        ("access-denied",)),
    Case("firewall-open", _add("google_compute_firewall", "all", {
        "project": PROJECT, "name": "all", "network": "default",
        "allow": [{"protocol": "tcp"}], "source_ranges": ["0.0.0.0/0"]}), ("public-access",)),
    Case("firewall-narrow", _add("google_compute_firewall", "some", {
        "project": PROJECT, "name": "some", "network": "default",
        "allow": [{"protocol": "tcp"}], "source_ranges": ["10.0.0.0/8"]}),
        notes=("unjudged",)),
    Case("network-added", _add("google_compute_network", "more", {
        "project": PROJECT, "name": "more"}), notes=("unjudged",)),
    Case("binding-extended", _set(
        "google_pubsub_topic_iam_binding", "publishers",
        members=[MEMBER, "group:ops@example.com", "group:more@example.com"]),
        notes=("grant-added",)),
    Case("binding-added", _add("google_storage_bucket_iam_binding", "all", {
        "bucket": "lum-dev-results", "role": "roles/storage.objectViewer",
        "members": [MEMBER]}), ("grant-authoritative",), ("grant-added",)),
    Case("binding-shrunk", _set(
        "google_pubsub_topic_iam_binding", "publishers", members=[MEMBER]),
        ("grant-authoritative",)),
    Case("api-disabled", _drop("google_project_service", "storage"), ("api-disabled",)),
    Case("api-forgotten", _drop("google_project_service", "pubsub")),
    # What is not of this environment, or too much of it
    Case("other-project", _add(TOPIC, "stray", {"project": "eng-ai-prod", "name": "stray"}),
         ("wrong-project",)),
    Case("nothing", lambda _stack: None),
]  # fmt: skip
