"""
A small deployment, and the ways to change it of which `catalogue.py` has the dangers made.

`record.py` applies `base()` to the fake Google, makes each change in turn and records the plan.
"""

import copy
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

ACCOUNT_EMAIL = MEMBER.removeprefix("serviceAccount:")

SCRIPT = """#!/bin/bash
set -e
export HF_TOKEN=hf_canary8c2d51e6a907
python listen.py --cluster 8xv100
sudo poweroff
"""


DELETE_RULE = [{"action": [{"type": "Delete"}], "condition": [{"age": 30}]}]


def base() -> Json:
    """One resource of each kind, in a configuration of its own."""
    google = {"source": "hashicorp/google", "version": versions.VERSION}
    return {
        "terraform": {"required_providers": {"google": google}},
        "provider": {"google": {"project": PROJECT, "default_labels": {"env": "dev"}}},
        "resource": {**_machines(), **_queues(), **_storage(), **_secrets(), **_identity()},
    }


def _machines() -> Json:
    """One group that is told and one that is replaced, with their templates."""
    return {
        GROUP: {"calm": group("calm", "OPPORTUNISTIC"), "eager": group("eager", "PROACTIVE")},
        TEMPLATE: {
            "calm": {
                **template("jobs-8xv100-a-tpl"),
                "lifecycle": {"create_before_destroy": True},
            },
            "eager": {
                **template("jobs-8xv100-b-tpl"),
                "lifecycle": {"create_before_destroy": True},
            },
            "spare": template("jobs-8xv100-c-tpl"),
        },
    }


def _queues() -> Json:
    """A queue, and who may read it and write to it."""
    return {
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
                "members": [MEMBER, "group:ops@example.com"],
                "depends_on": _ACCOUNT,
            }
        },
    }


def _storage() -> Json:
    """A protected bucket, and an open one."""
    return {
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
                "lifecycle_rule": DELETE_RULE,
                "retention_policy": {"retention_period": 864_000},
            },
        },
    }


def _secrets() -> Json:
    """Secrets with a version each."""
    return {
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
    }


def _identity() -> Json:
    """The account, what it may do, and what is switched on for it."""
    return {
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
    }


def template(name: str) -> Json:
    """A template."""
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


def group(name: str, policy: str) -> Json:
    """A group."""
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


def setting(kind: str, id_: str, **arguments: Any) -> Edit:
    """Arguments of a resource set."""

    def edit(stack: Json) -> None:
        stack["resource"][kind][id_].update(arguments)

    return edit


def policy(id_: str, **arguments: Any) -> Edit:
    """Arguments of a group's update policy set."""

    def edit(stack: Json) -> None:
        stack["resource"][GROUP][id_]["update_policy"].update(arguments)

    return edit


def drop(kind: str, id_: str, *others: tuple[str, str]) -> Edit:
    """Resources taken out, and their type with the last of it."""

    def edit(stack: Json) -> None:
        for one, name in ((kind, id_), *others):
            del stack["resource"][one][name]
            if not stack["resource"][one]:
                del stack["resource"][one]

    return edit


def add(kind: str, id_: str, arguments: Json) -> Edit:
    """A resource added."""

    def edit(stack: Json) -> None:
        stack["resource"].setdefault(kind, {})[id_] = arguments

    return edit


def together(*edits: Edit) -> Edit:
    """Several edits, one after the other."""

    def edit(stack: Json) -> None:
        for one in edits:
            one(stack)

    return edit


def section(name: str, content: Any) -> Edit:
    """A section of the configuration set."""

    def edit(stack: Json) -> None:
        stack[name] = content

    return edit


def unset(kind: str, id_: str, block: str, key: str) -> Edit:
    """An argument of a block taken out."""

    def edit(stack: Json) -> None:
        del stack["resource"][kind][id_][block][key]

    return edit


def rename(kind: str, old: str, new: str) -> Edit:
    """A resource at another address."""

    def edit(stack: Json) -> None:
        stack["resource"][kind][new] = stack["resource"][kind].pop(old)

    return edit


def image(id_: str) -> Edit:
    """Another image for the VMs of a template, under another name."""
    disk = [{"boot": True, "source_image": "projects/images/global/images/jobs-2"}]
    return setting(TEMPLATE, id_, disk=disk, name=f"jobs-8xv100-{id_}-2-tpl")
