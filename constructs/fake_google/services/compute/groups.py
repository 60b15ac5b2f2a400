"""Regional managed instance groups."""

import re

from fake_google.errors import ApiError, exists, invalid
from fake_google.service import Call
from fake_google.services.compute.group_fields import (
    checked_size,
    fingerprint,
    group_of,
    update_policy,
    versions_of,
    zones_of,
)
from fake_google.services.compute.members import fit, vms_in
from fake_google.services.compute.operations import done
from fake_google.services.compute.paths import check_name, group_path, link, new_id
from fake_google.services.compute.service import GROUPS, INSTANCES, compute
from fake_google.store import now
from fake_google.wire import Answer, Json

_BASE_NAME = re.compile(r"[a-z]([-a-z0-9]{0,56}[a-z0-9])?")

_JOINED = ("instanceLifecyclePolicy", "standbyPolicy")
"""The policies of which a patch changes what it names."""

_WHOLE = ("allInstancesConfig", "autoHealingPolicies", "statefulPolicy")
"""What a patch replaces, or takes away where it is empty."""

_PLAIN = ("description", "listManagedInstancesResults", "targetPools", "targetSize")


@compute("regionInstanceGroupManagers.insert")
def insert_group(call: Call) -> Answer:
    """A group, of the size that is asked for."""
    project, region = call.parameters["project"], call.parameters["region"]
    body = call.body
    check_name(body.get("name", ""), "name")
    path = group_path(project, region, body["name"])
    if call.store.get(GROUPS, path):
        raise exists(path)
    _check_base_name(body.get("baseInstanceName", ""))
    zones = _checked_zones(region, body.get("distributionPolicy", {}))
    group = {
        **_fields(body, zones),
        "id": new_id(call.store),
        "creationTimestamp": now(),
        "name": body["name"],
        "baseInstanceName": body["baseInstanceName"],
        "region": region,
        "project": project,
        "versions": versions_of(call, body),
    }
    call.store.put(GROUPS, path, group)
    fit(call.store, path, group)
    return done(call, "insert", path, group["id"])


@compute("regionInstanceGroupManagers.get")
def get_group(call: Call) -> Answer:
    """The group and how it stands."""
    path, group = group_of(call)
    return _answer(call, path, group)


@compute("regionInstanceGroupManagers.list")
def list_groups(call: Call) -> Answer:
    """The groups of a region."""
    below = group_path(call.parameters["project"], call.parameters["region"], "")
    items = [_answer(call, path, group) for path, group in call.store.all(GROUPS, below)]
    return {"kind": "compute#regionInstanceGroupManagerList", "items": items}


@compute("regionInstanceGroupManagers.patch")
def patch_group(call: Call) -> Answer:
    """Changes what is given; the fingerprint, if given, must be the group's newest."""
    path, group = group_of(call)
    body = call.body
    if body.get("fingerprint") and body["fingerprint"] != fingerprint(group):
        raise ApiError(412, f"Supplied fingerprint does not match current for '{path}'.")
    wanted = body.get("distributionPolicy") or {}
    if "zones" in wanted and zones_of(wanted) != group["zones"]:
        raise invalid("The zones of a regional managed instance group cannot be changed.")
    if wanted.get("targetShape"):
        group["targetShape"] = wanted["targetShape"]
    if body.get("versions") or body.get("instanceTemplate"):
        group["versions"] = versions_of(call, body)
    if body.get("updatePolicy"):
        group["updatePolicy"] = update_policy(
            body["updatePolicy"], group["updatePolicy"], len(group["zones"])
        )
    _merge(group, body)
    checked_size(group["targetSize"])
    call.store.put(GROUPS, path, group)
    # A VM that has deleted itself is not made anew for the sake of another change.
    if body.get("targetSize") is not None or group["updatePolicy"]["type"] == "PROACTIVE":
        fit(call.store, path, group)
    return done(call, "patch", path, group["id"])


@compute("regionInstanceGroupManagers.delete")
def delete_group(call: Call) -> Answer:
    """The group and the VMs that are still in it."""
    path, group = group_of(call)
    for vm, _ in vms_in(call.store, path):
        call.store.remove(INSTANCES, vm)
    call.store.remove(GROUPS, path)
    return done(call, "delete", path, group["id"])


def _check_base_name(name: str) -> None:
    if not _BASE_NAME.fullmatch(name):
        raise invalid(
            f"Invalid value for field 'resource.baseInstanceName': '{name}'. "
            f"Must be a match of regex '{_BASE_NAME.pattern}'"
        )


def _checked_zones(region: str, spread: Json) -> list[str]:
    zones = zones_of(spread) or [f"{region}-{letter}" for letter in "abc"]
    for zone in zones:
        if zone.rpartition("-")[0] != region:
            raise invalid(f"Invalid value for field 'zone': '{zone}'. It is not in {region}.")
    return zones


def _fields(body: Json, zones: list[str]) -> Json:
    """What a new group is told, with Google's defaults."""
    return {
        "description": body.get("description", ""),
        "zones": zones,
        "targetShape": body.get("distributionPolicy", {}).get("targetShape", "EVEN"),
        "targetPools": body.get("targetPools", []),
        "targetSize": checked_size(body.get("targetSize", 0)),
        "updatePolicy": update_policy(body.get("updatePolicy", {}), {}, len(zones)),
        "instanceLifecyclePolicy": {
            "defaultActionOnFailure": "REPAIR",
            "forceUpdateOnRepair": "NO",
            "onFailedHealthCheck": "DEFAULT_ACTION",
            **body.get("instanceLifecyclePolicy", {}),
        },
        "standbyPolicy": {"mode": "MANUAL", "initialDelaySec": 0, **body.get("standbyPolicy", {})},
        "listManagedInstancesResults": body.get("listManagedInstancesResults", "PAGELESS"),
        **{key: body[key] for key in _WHOLE if body.get(key)},
    }


def _merge(group: Json, body: Json) -> None:
    """Change what needs no look at anything else."""
    for key in _JOINED:
        group[key] = {**group[key], **(body.get(key) or {})}
    for key in body.keys() & set(_WHOLE):
        group.pop(key, None)
        if body[key]:
            group[key] = body[key]
    for key in _PLAIN:
        if body.get(key) is not None:
            group[key] = body[key]


def _answer(call: Call, path: str, group: Json) -> Json:
    template = group["versions"][0]["instanceTemplate"]
    vms = vms_in(call.store, path)
    hidden = ("project", "zones", "targetShape")
    region_path = f"projects/{group['project']}/regions/{group['region']}"
    return {
        **{key: value for key, value in group.items() if key not in hidden},
        "kind": "compute#instanceGroupManager",
        "region": link(call, region_path),
        "selfLink": link(call, path),
        "instanceGroup": link(call, f"{region_path}/instanceGroups/{group['name']}"),
        "instanceTemplate": link(call, template),
        "distributionPolicy": {
            "zones": [
                {"zone": link(call, f"projects/{group['project']}/zones/{zone}")}
                for zone in group["zones"]
            ],
            "targetShape": group["targetShape"],
        },
        "versions": [
            {
                "targetSize": {"calculated": group["targetSize"]},
                **version,
                "instanceTemplate": link(call, version["instanceTemplate"]),
            }
            for version in group["versions"]
        ],
        "fingerprint": fingerprint(group),
        "targetStoppedSize": 0,
        "targetSuspendedSize": 0,
        "currentActions": {"none": len(vms)},
        "status": _status(group, [vm for _, vm in vms]),
    }


def _status(group: Json, vms: list[Json]) -> Json:
    template = group["versions"][0]["instanceTemplate"]
    return {
        "isStable": True,
        "versionTarget": {"isReached": all(vm["template"] == template for vm in vms)},
        "stateful": {
            "hasStatefulConfig": "statefulPolicy" in group,
            "perInstanceConfigs": {"allEffective": True},
        },
        "allInstancesConfig": {"effective": True},
    }
