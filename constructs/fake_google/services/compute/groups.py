"""Regional managed instance groups."""

from fake_google.errors import ApiError, exists, invalid
from fake_google.listing import COMPUTE
from fake_google.places import check_region
from fake_google.service import Call
from fake_google.services.compute.aggregation import AGGREGATED, aggregated, listed
from fake_google.services.compute.group_fields import (
    INTERNAL,
    check_base_name,
    checked_zones,
    fingerprint,
    group_of,
    merged,
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

_PREFIX = 54
"""So much of a group's name do the names of its VMs begin with, where nothing else is said."""


@compute("regionInstanceGroupManagers.insert", takes=("requestId",))
def insert_group(call: Call) -> Answer:
    """A group, of the size that is asked for."""
    project, region = call.parameters["project"], call.parameters["region"]
    body = call.body
    check_region(region)
    check_name(body.get("name", ""), "name")
    path = group_path(project, region, body["name"])
    if call.store.get(GROUPS, path):
        raise exists(path)
    base_name = body.get("baseInstanceName") or body["name"][:_PREFIX]
    check_base_name(base_name)
    zones = checked_zones(region, body.get("distributionPolicy", {}))
    begun = {
        "id": new_id(call.store),
        "creationTimestamp": now(),
        "name": body["name"],
        "baseInstanceName": base_name,
        "region": region,
        "project": project,
        "zones": zones,
        "targetShape": "EVEN",
        "updatePolicy": update_policy({}, {}, len(zones)),
        "versions": versions_of(call, body),
    }
    group = merged(begun, body)
    call.store.put(GROUPS, path, group)
    fit(call, path, group)
    return done(call, "insert", path, group["id"])


@compute("regionInstanceGroupManagers.get")
def get_group(call: Call) -> Answer:
    """The group and how it stands."""
    path, group = group_of(call)
    return _answer(call, path, group)


@compute("regionInstanceGroupManagers.list", takes=COMPUTE)
def list_groups(call: Call) -> Answer:
    """The groups of a region."""
    below = group_path(call.parameters["project"], call.parameters["region"], "")
    found = [_answer(call, path, group) for path, group in call.store.all(GROUPS, below)]
    return listed(call, "regionInstanceGroupManager", found)


@compute("regionInstanceGroupManagers.patch", takes=("requestId",))
def patch_group(call: Call) -> Answer:
    """Changes what is given; the fingerprint, if given, must be the group's newest."""
    path, group = group_of(call)
    body = call.body
    if body.get("fingerprint") and body["fingerprint"] != fingerprint(group):
        raise ApiError(412, f"Supplied fingerprint does not match current for '{path}'.")
    wanted = body.get("distributionPolicy") or {}
    if "zones" in wanted and zones_of(wanted) != group["zones"]:
        raise invalid("The zones of a regional managed instance group cannot be changed.")
    if body.get("versions") or body.get("instanceTemplate"):
        group["versions"] = versions_of(call, body)
    group = merged(group, body)
    call.store.put(GROUPS, path, group)
    # A VM that has deleted itself is not made anew for the sake of another change.
    if body.get("targetSize") is not None or group["updatePolicy"]["type"] == "PROACTIVE":
        fit(call, path, group)
    return done(call, "patch", path, group["id"])


@compute("regionInstanceGroupManagers.delete", takes=("requestId",))
def delete_group(call: Call) -> Answer:
    """The group and the VMs that are still in it."""
    path, group = group_of(call)
    for vm, _ in vms_in(call.store, path):
        call.store.remove(INSTANCES, vm)
    call.store.remove(GROUPS, path)
    return done(call, "delete", path, group["id"])


def _answer(call: Call, path: str, group: Json) -> Json:
    template = group["versions"][0]["instanceTemplate"]
    vms = vms_in(call.store, path)
    region_path = f"projects/{group['project']}/regions/{group['region']}"
    return {
        **{key: value for key, value in group.items() if key not in INTERNAL},
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


@compute("instanceGroupManagers.aggregatedList", takes=AGGREGATED)
def list_all_groups(call: Call) -> Answer:
    """The groups of all regions."""
    found = [
        (f"regions/{group['region']}", _answer(call, path, group))
        for path, group in call.store.all(GROUPS, f"projects/{call.parameters['project']}/")
    ]
    return aggregated(call, "instanceGroupManager", "instanceGroupManagers", found)


@compute("regionInstanceGroups.get")
def get_instances_of_group(call: Call) -> Answer:
    """The VMs of a managed group as a group of VMs: how many there are."""
    path, group = group_of(call)
    return _instances(call, path, group)


@compute("regionInstanceGroups.list", takes=COMPUTE)
def list_instances_of_groups(call: Call) -> Answer:
    """The sizes of all groups in a region, which gcloud asks for."""
    below = group_path(call.parameters["project"], call.parameters["region"], "")
    found = [_instances(call, path, group) for path, group in call.store.all(GROUPS, below)]
    return listed(call, "regionInstanceGroup", found)


def _instances(call: Call, path: str, group: Json) -> Json:
    region = f"projects/{group['project']}/regions/{group['region']}"
    return {
        "kind": "compute#instanceGroup",
        "id": group["id"],
        "name": group["name"],
        "creationTimestamp": group["creationTimestamp"],
        "namedPorts": group.get("namedPorts", []),
        "region": link(call, region),
        "selfLink": link(call, f"{region}/instanceGroups/{group['name']}"),
        "size": len(vms_in(call.store, path)),
    }
