"""
Instance templates, regional managed instance groups and their VMs.

A VM here is its name, its zone and the template that it was made from. VMs are there as soon as a
group is told to be larger: capacity never runs out.
"""

import base64
import hashlib
import json
import random
import re
from typing import Any

from fake_google.calls import Answer, Call, Service
from fake_google.errors import ApiError, exists, invalid, not_found
from fake_google.store import Store, now

compute = Service("compute")

Json = dict[str, Any]

TEMPLATES = "compute.instanceTemplates"
GROUPS = "compute.regionInstanceGroupManagers"
INSTANCES = "compute.instances"

_NAME = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
_BASE_NAME = re.compile(r"[a-z]([-a-z0-9]{0,56}[a-z0-9])?")

_FIRST_ID = 10**18

_LARGEST = 2000
"""The VMs that a regional group can have, at most."""


@compute("projects.get")
def get_project(call: Call) -> Answer:
    """A project, by its id or its number."""
    project = call.store.project(call.parameters["project"])
    return {"kind": "compute#project", "id": call.store.number(project), "name": project}


@compute("instanceTemplates.insert")
def insert_template(call: Call) -> Answer:
    """A template, with what Google fills in."""
    project = call.parameters["project"]
    body = call.body
    _check_name(body.get("name", ""), "name")
    path = _template_path(project, body["name"])
    if call.store.get(TEMPLATES, path):
        raise exists(path)
    properties = body.get("properties") or {}
    for key in ("machineType", "disks", "networkInterfaces"):
        if not properties.get(key):
            raise invalid(f"Invalid value for field 'resource.properties.{key}': ''. Missing.")
    template = {
        "kind": "compute#instanceTemplate",
        "id": _id(call.store),
        "creationTimestamp": now(),
        "name": body["name"],
        "description": body.get("description", ""),
        "selfLink": _link(call, path),
        "properties": _filled_in(call, project, properties),
    }
    call.store.put(TEMPLATES, path, template)
    return _done(call, "insert", path, template["id"])


@compute("instanceTemplates.get")
def get_template(call: Call) -> Answer:
    """By name, or by the number that Google gave it."""
    return _relinked(call, _template(call)[1])


@compute("instanceTemplates.list")
def list_templates(call: Call) -> Answer:
    """All templates of a project."""
    below = _template_path(call.parameters["project"], "")
    found = [_relinked(call, template) for _, template in call.store.all(TEMPLATES, below)]
    return {"kind": "compute#instanceTemplateList", "items": found}


@compute("instanceTemplates.delete")
def delete_template(call: Call) -> Answer:
    """Refused while a group uses it."""
    path, template = _template(call)
    for group_path, group in call.store.all(GROUPS):
        if any(version["instanceTemplate"] == path for version in group["versions"]):
            raise ApiError(
                400,
                f"The instance_template resource '{path}' is already being used by '{group_path}'",
                reason="resourceInUseByAnotherResource",
            )
    call.store.remove(TEMPLATES, path)
    return _done(call, "delete", path, template["id"])


@compute("regionInstanceGroupManagers.insert")
def insert_group(call: Call) -> Answer:
    """A group, of the size that is asked for."""
    project, region = call.parameters["project"], call.parameters["region"]
    body = call.body
    _check_name(body.get("name", ""), "name")
    path = _group_path(project, region, body["name"])
    if call.store.get(GROUPS, path):
        raise exists(path)
    if not _BASE_NAME.fullmatch(body.get("baseInstanceName", "")):
        raise invalid(
            "Invalid value for field 'resource.baseInstanceName': "
            f"'{body.get('baseInstanceName', '')}'. Must be a match of regex '{_BASE_NAME.pattern}'"
        )
    spread = body.get("distributionPolicy", {})
    zones = _zones(spread) or [f"{region}-{letter}" for letter in "abc"]
    for zone in zones:
        if zone.rpartition("-")[0] != region:
            raise invalid(f"Invalid value for field 'zone': '{zone}'. It is not in {region}.")
    group = {
        "id": _id(call.store),
        "creationTimestamp": now(),
        "name": body["name"],
        "description": body.get("description", ""),
        "baseInstanceName": body["baseInstanceName"],
        "region": region,
        "project": project,
        "zones": zones,
        "targetShape": spread.get("targetShape", "EVEN"),
        "versions": _versions(call, body),
        "targetPools": body.get("targetPools", []),
        "targetSize": _size(body.get("targetSize", 0)),
        "updatePolicy": _update_policy(body.get("updatePolicy", {}), {}, len(zones)),
        "instanceLifecyclePolicy": {
            "defaultActionOnFailure": "REPAIR",
            "forceUpdateOnRepair": "NO",
            **body.get("instanceLifecyclePolicy", {}),
        },
        "standbyPolicy": {"mode": "MANUAL", "initialDelaySec": 0, **body.get("standbyPolicy", {})},
        "listManagedInstancesResults": body.get("listManagedInstancesResults", "PAGELESS"),
    }
    for key in ("autoHealingPolicies", "statefulPolicy", "allInstancesConfig"):
        if body.get(key):
            group[key] = body[key]
    call.store.put(GROUPS, path, group)
    _fit(call.store, path, group)
    return _done(call, "insert", path, group["id"])


@compute("regionInstanceGroupManagers.get")
def get_group(call: Call) -> Answer:
    """The group and how it stands."""
    path, group = _group(call)
    return _group_answer(call, path, group)


@compute("regionInstanceGroupManagers.list")
def list_groups(call: Call) -> Answer:
    """The groups of a region."""
    below = _group_path(call.parameters["project"], call.parameters["region"], "")
    items = [_group_answer(call, path, group) for path, group in call.store.all(GROUPS, below)]
    return {"kind": "compute#regionInstanceGroupManagerList", "items": items}


@compute("regionInstanceGroupManagers.patch")
def patch_group(call: Call) -> Answer:
    """Changes what is given; the fingerprint, if given, must be the group's newest."""
    path, group = _group(call)
    body = call.body
    if body.get("fingerprint") and body["fingerprint"] != _fingerprint(group):
        raise ApiError(412, f"Supplied fingerprint does not match current for '{path}'.")
    wanted = body.get("distributionPolicy") or {}
    if "zones" in wanted and _zones(wanted) != group["zones"]:
        raise invalid("The zones of a regional managed instance group cannot be changed.")
    if wanted.get("targetShape"):
        group["targetShape"] = wanted["targetShape"]
    if body.get("versions") or body.get("instanceTemplate"):
        group["versions"] = _versions(call, body)
    if body.get("updatePolicy"):
        group["updatePolicy"] = _update_policy(
            body["updatePolicy"], group["updatePolicy"], len(group["zones"])
        )
    for key in ("instanceLifecyclePolicy", "standbyPolicy"):
        group[key] = {**group[key], **(body.get(key) or {})}
    for key in ("autoHealingPolicies", "statefulPolicy", "allInstancesConfig"):
        if key in body:
            group.pop(key, None)
            if body[key]:
                group[key] = body[key]
    for key in ("targetSize", "targetPools", "listManagedInstancesResults", "description"):
        if body.get(key) is not None:
            group[key] = body[key]
    _size(group["targetSize"])
    call.store.put(GROUPS, path, group)
    # A VM that has deleted itself is not made anew for the sake of another change.
    if body.get("targetSize") is not None or group["updatePolicy"]["type"] == "PROACTIVE":
        _fit(call.store, path, group)
    return _done(call, "patch", path, group["id"])


@compute("regionInstanceGroupManagers.delete")
def delete_group(call: Call) -> Answer:
    """The group and the VMs that are still in it."""
    path, group = _group(call)
    for vm, _ in _vms(call.store, path):
        call.store.remove(INSTANCES, vm)
    call.store.remove(GROUPS, path)
    return _done(call, "delete", path, group["id"])


@compute("regionInstanceGroupManagers.resize")
def resize_group(call: Call) -> Answer:
    """More VMs, or fewer: Google chooses which of them go."""
    path, group = _group(call)
    if "size" not in call.query:
        raise invalid("Required parameter: size")
    group["targetSize"] = _size(int(call.query["size"]))
    call.store.put(GROUPS, path, group)
    _fit(call.store, path, group)
    return _done(call, "resize", path, group["id"])


@compute("regionInstanceGroupManagers.abandonInstances")
def abandon_instances(call: Call) -> Answer:
    """The VMs run on outside of the group, which is the smaller for it."""
    path, group = _group(call)
    named = {_last(instance) for instance in call.body.get("instances", [])}
    inside = {_last(vm): (vm, instance) for vm, instance in _vms(call.store, path)}
    if named - inside.keys():
        raise invalid(f"Not managed by the group: {', '.join(sorted(named - inside.keys()))}")
    for name in sorted(named):
        vm, instance = inside[name]
        call.store.put(INSTANCES, vm, {**instance, "group": ""})
    group["targetSize"] -= len(named)
    call.store.put(GROUPS, path, group)
    return _done(call, "abandonInstances", path, group["id"])


@compute("regionInstanceGroupManagers.listManagedInstances")
def list_managed_instances(call: Call) -> Answer:
    """The VMs in the group."""
    path, _ = _group(call)
    return {
        "managedInstances": [
            {
                "instance": _link(call, vm),
                "name": instance["name"],
                "id": instance["id"],
                "instanceStatus": "RUNNING",
                "currentAction": "NONE",
                "version": {"instanceTemplate": _link(call, instance["template"])},
            }
            for vm, instance in _vms(call.store, path)
        ]
    }


@compute("instances.get")
def get_instance(call: Call) -> Answer:
    """A VM, in a group or not."""
    path, instance = _instance(call)
    return _instance_answer(call, path, instance)


@compute("instances.list")
def list_instances(call: Call) -> Answer:
    """The VMs of a zone."""
    below = f"projects/{call.parameters['project']}/zones/{call.parameters['zone']}/instances/"
    found = call.store.all(INSTANCES, below)
    return {
        "kind": "compute#instanceList",
        "items": [_instance_answer(call, path, instance) for path, instance in found],
    }


@compute("instances.delete")
def delete_instance(call: Call) -> Answer:
    """As a VM deletes itself: one still in a group is not made anew, and counts on."""
    path, instance = _instance(call)
    call.store.remove(INSTANCES, path)
    return _done(call, "delete", path, instance["id"])


@compute(
    "globalOperations.get",
    "globalOperations.wait",
    "regionOperations.get",
    "regionOperations.wait",
    "zoneOperations.get",
    "zoneOperations.wait",
)
def get_operation(call: Call) -> Answer:
    """Every operation is done by the time that its name is known."""
    parameters = call.parameters
    scope = next(
        (f"{kind}s/{parameters[kind]}" for kind in ("region", "zone") if kind in parameters),
        "global",
    )
    return _operation(call, parameters["project"], scope, parameters["operation"])


def _template(call: Call) -> tuple[str, Json]:
    project, key = call.parameters["project"], call.parameters["instanceTemplate"]
    path = _template_path(project, key)
    found = call.store.get(TEMPLATES, path)
    if found:
        return path, found
    for other, template in call.store.all(TEMPLATES, _template_path(project, "")):
        if template["id"] == key:
            return other, template
    raise not_found(path)


def _group(call: Call) -> tuple[str, Json]:
    parameters = call.parameters
    path = _group_path(
        parameters["project"], parameters["region"], parameters["instanceGroupManager"]
    )
    group = call.store.get(GROUPS, path)
    if group is None:
        raise not_found(path)
    return path, group


def _instance(call: Call) -> tuple[str, Json]:
    parameters = call.parameters
    path = (
        f"projects/{parameters['project']}/zones/{parameters['zone']}"
        f"/instances/{parameters['instance']}"
    )
    instance = call.store.get(INSTANCES, path)
    if instance is None:
        raise not_found(path)
    return path, instance


def _vms(store: Store, group: str) -> list[tuple[str, Json]]:
    _, project, _, region, *_ = group.split("/")
    found = store.all(INSTANCES, f"projects/{project}/zones/{region}-")
    return [(vm, instance) for vm, instance in found if instance["group"] == group]


def _fit(store: Store, path: str, group: Json) -> None:
    """Make and delete VMs until the group is as it should be."""
    template = group["versions"][0]["instanceTemplate"]
    if group["updatePolicy"]["type"] == "PROACTIVE":
        for vm, instance in _vms(store, path):
            if instance["template"] != template:
                store.remove(INSTANCES, vm)
    vms = _vms(store, path)
    for vm, _ in vms[group["targetSize"] :]:
        store.remove(INSTANCES, vm)
    for number in range(len(vms), group["targetSize"]):
        serial = store.serial()
        zone = group["zones"][number % len(group["zones"])]
        below = f"projects/{group['project']}/zones/{zone}/instances/"
        dice = random.Random(serial)  # noqa: S311
        name = _instance_name(group, dice)
        while store.get(INSTANCES, below + name):
            name = _instance_name(group, dice)
        store.put(
            INSTANCES,
            below + name,
            {
                "id": str(_FIRST_ID + serial),
                "name": name,
                "group": path,
                "template": template,
                "creationTimestamp": now(),
            },
        )


def _instance_name(group: Json, dice: random.Random) -> str:
    """As Google names them: four letters or digits after the base name."""
    suffix = "".join(dice.choices("bcdfghjklmnpqrstvwxz0123456789", k=4))
    return f"{group['baseInstanceName']}-{suffix}"


def _zones(spread: Json) -> list[str]:
    return [_last(zone.get("zone") or "") for zone in spread.get("zones") or []]


def _size(size: int) -> int:
    if not 0 <= size <= _LARGEST:
        raise invalid(f"Invalid value for field 'size': '{size}'. It is from 0 to {_LARGEST}.")
    return size


def _versions(call: Call, body: Json) -> list[Json]:
    wanted = body.get("versions") or [{"instanceTemplate": body.get("instanceTemplate")}]
    versions = []
    for version in wanted:
        path = _below_projects(version.get("instanceTemplate") or "")
        name = _last(path).partition("?")[0]
        project = path.split("/")[1] if path.startswith("projects/") else call.parameters["project"]
        path = _template_path(project, name)
        if call.store.get(TEMPLATES, path) is None:
            raise not_found(path)
        versions.append({**version, "instanceTemplate": path})
    return versions


def _update_policy(wanted: Json, before: Json, zones: int) -> Json:
    policy = {
        "type": "OPPORTUNISTIC",
        "instanceRedistributionType": "PROACTIVE",
        "minimalAction": "REPLACE",
        "replacementMethod": "SUBSTITUTE",
        "maxSurge": {"fixed": zones},
        "maxUnavailable": {"fixed": zones},
        **before,
        **{key: value for key, value in wanted.items() if value not in (None, "")},
    }
    for key in ("maxSurge", "maxUnavailable"):
        limit = {name: value for name, value in policy[key].items() if value is not None}
        fixed = limit.get("fixed", 0)
        if "percent" not in limit and fixed != 0 and fixed < zones:
            raise invalid(
                f"Invalid value for field 'resource.updatePolicy.{key}.fixed': '{fixed}'. Fixed "
                f"{key} must be either 0 or at least the number of zones, {zones}."
            )
        limit["calculated"] = fixed
        policy[key] = limit
    return policy


def _group_answer(call: Call, path: str, group: Json) -> Json:
    template = group["versions"][0]["instanceTemplate"]
    vms = _vms(call.store, path)
    hidden = ("project", "zones", "targetShape")
    region_path = f"projects/{group['project']}/regions/{group['region']}"
    return {
        **{key: value for key, value in group.items() if key not in hidden},
        "kind": "compute#instanceGroupManager",
        "region": _link(call, region_path),
        "selfLink": _link(call, path),
        "instanceGroup": _link(call, f"{region_path}/instanceGroups/{group['name']}"),
        "instanceTemplate": _link(call, template),
        "distributionPolicy": {
            "zones": [
                {"zone": _link(call, f"projects/{group['project']}/zones/{zone}")}
                for zone in group["zones"]
            ],
            "targetShape": group["targetShape"],
        },
        "versions": [
            {
                "targetSize": {"calculated": group["targetSize"]},
                **version,
                "instanceTemplate": _link(call, version["instanceTemplate"]),
            }
            for version in group["versions"]
        ],
        "fingerprint": _fingerprint(group),
        "targetStoppedSize": 0,
        "targetSuspendedSize": 0,
        "currentActions": {"none": len(vms)},
        "status": {
            "isStable": True,
            "versionTarget": {"isReached": all(vm["template"] == template for _, vm in vms)},
            "stateful": {
                "hasStatefulConfig": "statefulPolicy" in group,
                "perInstanceConfigs": {"allEffective": True},
            },
            "allInstancesConfig": {"effective": True},
        },
    }


def _instance_answer(call: Call, path: str, instance: Json) -> Json:
    zone = "/".join(path.split("/")[:4])
    return {
        "kind": "compute#instance",
        "id": instance["id"],
        "name": instance["name"],
        "creationTimestamp": instance["creationTimestamp"],
        "status": "RUNNING",
        "zone": _link(call, zone),
        "selfLink": _link(call, path),
    }


def _filled_in(call: Call, project: str, properties: Json) -> Json:
    """A template's properties with Google's defaults."""
    filled = dict(properties)
    filled["disks"] = [
        {
            "type": "PERSISTENT",
            "mode": "READ_WRITE",
            "index": index,
            "kind": "compute#attachedDisk",
            **disk,
        }
        for index, disk in enumerate(properties["disks"])
    ]
    interfaces = []
    for index, interface in enumerate(properties["networkInterfaces"]):
        network = _below_projects(interface.get("network", "global/networks/default"))
        if not network.startswith("projects/"):
            network = f"projects/{project}/global/networks/{_last(network)}"
        accesses = [
            {
                "kind": "compute#accessConfig",
                "name": "external-nat",
                "type": "ONE_TO_ONE_NAT",
                **access,
            }
            for access in interface.get("accessConfigs", [])
        ]
        interfaces.append(
            {
                "kind": "compute#networkInterface",
                **interface,
                "name": f"nic{index}",
                "network": _link(call, network),
                **({"accessConfigs": accesses} if accesses else {}),
            }
        )
    filled["networkInterfaces"] = interfaces
    filled["metadata"] = {
        **properties.get("metadata", {}),
        "kind": "compute#metadata",
        "fingerprint": _digest(properties.get("metadata", {})),
    }
    filled["scheduling"] = {
        "automaticRestart": True,
        "onHostMaintenance": "MIGRATE",
        "preemptible": False,
        "provisioningModel": "STANDARD",
        **properties.get("scheduling", {}),
    }
    return filled


def _relinked(call: Call, template: Json) -> Json:
    """The links of a template with this server's address, whichever it was made on."""
    properties = template["properties"]
    return {
        **template,
        "selfLink": _link(call, _below_projects(template["selfLink"])),
        "properties": {
            **properties,
            "networkInterfaces": [
                {**interface, "network": _link(call, _below_projects(interface["network"]))}
                for interface in properties["networkInterfaces"]
            ],
        },
    }


def _done(call: Call, kind: str, target: str, target_id: str) -> Json:
    """An operation on *target*, where that is: global, or in its region or zone."""
    _, project, scope = target.split("/", 2)
    place = scope.split("/", 2)
    where = "global" if place[0] == "global" else "/".join(place[:2])
    return {
        **_operation(call, project, where, f"operation-{call.store.serial()}"),
        "operationType": kind,
        "targetLink": _link(call, target),
        "targetId": target_id,
    }


def _operation(call: Call, project: str, scope: str, name: str) -> Json:
    operation = {
        "kind": "compute#operation",
        "id": name.removeprefix("operation-"),
        "name": name,
        "status": "DONE",
        "progress": 100,
        "selfLink": _link(call, f"projects/{project}/{scope}/operations/{name}"),
    }
    kind, _, place = scope.partition("/")
    if place:
        operation[kind.removesuffix("s")] = _link(call, f"projects/{project}/{scope}")
    return operation


def _fingerprint(group: Json) -> str:
    return _digest({key: value for key, value in group.items() if key != "creationTimestamp"})


def _digest(value: Json) -> str:
    text = json.dumps(value, sort_keys=True)
    return base64.b64encode(hashlib.sha256(text.encode()).digest()[:8]).decode()


def _check_name(name: str, field: str) -> None:
    if not _NAME.fullmatch(name):
        raise invalid(
            f"Invalid value for field 'resource.{field}': '{name}'. "
            f"Must be a match of regex '(?:{_NAME.pattern})'"
        )


def _template_path(project: str, name: str) -> str:
    return f"projects/{project}/global/instanceTemplates/{name}"


def _group_path(project: str, region: str, name: str) -> str:
    return f"projects/{project}/regions/{region}/instanceGroupManagers/{name}"


def _below_projects(link: str) -> str:
    """A link without its server: `projects/…`."""
    return re.sub(r"^https?://.*?/(?=projects/)", "", link)


def _link(call: Call, path: str) -> str:
    return f"{call.root}/compute/v1/{path}"


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _id(store: Store) -> str:
    return str(_FIRST_ID + store.serial())
