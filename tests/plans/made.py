"""Plans that are made up, for what the fake Google does not serve or nobody would record."""

import json
from typing import Any

from pipeline_zen.fleet import STARTUP_SCRIPT
from pipeline_zen.plan import Plan, read
from tests.plans.cases import PROJECT, Json

CALM = {"type": "OPPORTUNISTIC", "instance_redistribution_type": "NONE"}
"""The update policy of a group that leaves its VMs alone."""

EAGER = {**CALM, "type": "PROACTIVE", "minimal_action": "REPLACE"}
"""One that replaces them at once."""

SUB = {"message_retention_duration": "345600s", "expiration_policy": [{"ttl": ""}]}
"""A subscription that keeps jobs for four days and never goes by itself."""

NEW_TEMPLATE: Json = {
    "name": "b",
    "can_ip_forward": False,
    "description": "VMs of a cluster",
    "disk": [{"boot": True, "auto_delete": True, "mode": "READ_WRITE"}],
    "machine_type": "n1-highmem-8",
    "metadata": {"PZ_ENV": "dev", "startup-script": STARTUP_SCRIPT},
    "network_interface": [{"network": "default"}],
    "scheduling": [{"automatic_restart": False, "on_host_maintenance": "TERMINATE",
                    "provisioning_model": "SPOT", "instance_termination_action": "DELETE"}],
    "service_account": [{"email": f"jobs-sa@{PROJECT}.iam.gserviceaccount.com",
                         "scopes": ["https://www.googleapis.com/auth/cloud-platform"]}],
}  # fmt: skip
"""What VMs of a new cluster start with."""


def change(kind: str, actions: list[str], before: Any, after: Any, name: str = "one") -> Json:
    """An entry of `resource_changes`."""
    return {
        "address": f"{kind}.{name}",
        "mode": "managed",
        "type": kind,
        "name": name,
        "change": {"actions": actions, "before": before, "after": after, "after_unknown": {}},
    }


def made_up(*changes: Json) -> Json:
    """The JSON of a plan of these changes."""
    return {"format_version": "1.2", "planned_values": {}, "resource_changes": list(changes)}


def updated(kind: str, before: Json, after: Json, *, unknown: Json | None = None) -> Json:
    """The JSON of a plan that changes one resource in place."""
    entry = change(kind, ["update"], before, after)
    entry["change"]["after_unknown"] = unknown or {}
    return made_up(entry)


def planned(kind: str, actions: str, before: Any, after: Any, unknown: Json | None = None) -> Json:
    """The JSON of a plan of one resource; of several actions there are blanks between them."""
    entry = change(kind, actions.split(), before, after)
    entry["change"]["after_unknown"] = unknown or {}
    return made_up(entry)


def decided_later(kind: str, action: str, values: Json, unknown: Json) -> Json:
    """The JSON of a plan that makes something, or updates it, of which the apply decides some."""
    after = {key: value for key, value in values.items() if key not in unknown}
    return planned(kind, action, values if action == "update" else None, after, unknown)


def plan_of(plan: Json) -> Plan:
    """The plan as the package reads it."""
    return read(json.dumps(plan).encode())


def service(number: int, actions: list[str]) -> Json:
    """What becomes of an API that stays switched on."""
    values = {"service": f"s{number}", "disable_on_destroy": False}
    after = None if actions == ["delete"] else values
    return change("google_project_service", actions, values, after, f"s{number}")
