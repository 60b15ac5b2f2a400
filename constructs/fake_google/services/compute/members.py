"""The VMs of groups: made, deleted, detached and listed."""

import random

from fake_google.errors import invalid
from fake_google.listing import COMPUTE, page
from fake_google.service import Call
from fake_google.services.compute.group_fields import checked_size, group_of
from fake_google.services.compute.operations import done
from fake_google.services.compute.paths import FIRST_ID, below_projects, last, link
from fake_google.services.compute.service import GROUPS, INSTANCES, compute
from fake_google.store import Store, now
from fake_google.wire import Answer, Json

_ERRORS = 20
"""The errors that a group remembers, at most."""


@compute("regionInstanceGroupManagers.resize", takes=("requestId", "size"))
def resize_group(call: Call) -> Answer:
    """More VMs, or fewer: Google chooses which of them go."""
    path, group = group_of(call)
    if "size" not in call.query:
        raise invalid("Required parameter: size")
    group["targetSize"] = checked_size(int(call.query["size"]))
    call.store.put(GROUPS, path, group)
    fit(call, path, group)
    return done(call, "resize", path, group["id"])


@compute("regionInstanceGroupManagers.abandonInstances", takes=("requestId",))
def abandon_instances(call: Call) -> Answer:
    """The VMs run on outside of the group, which is the smaller for it."""
    path, group = group_of(call)
    named = _named(call, path, group)
    for vm, instance in named:
        call.store.put(INSTANCES, vm, {**instance, "group": ""})
    return _smaller(call, "abandonInstances", path, group, len(named))


@compute("regionInstanceGroupManagers.deleteInstances", takes=("requestId",))
def delete_instances(call: Call) -> Answer:
    """The VMs go, and the group is the smaller for it."""
    path, group = group_of(call)
    named = _named(call, path, group)
    for vm, _ in named:
        call.store.remove(INSTANCES, vm)
    return _smaller(call, "deleteInstances", path, group, len(named))


@compute("regionInstanceGroupManagers.listManagedInstances", takes=COMPUTE)
def list_managed_instances(call: Call) -> Answer:
    """The VMs in the group."""
    path, _ = group_of(call)
    found = [
        {
            "instance": link(call, vm),
            "name": instance["name"],
            "id": instance["id"],
            "instanceStatus": "RUNNING",
            "currentAction": "NONE",
            "version": {"instanceTemplate": link(call, instance["template"])},
        }
        for vm, instance in vms_in(call.store, path)
    ]
    managed, more = page(call, found)
    return {"managedInstances": managed, **more}


@compute("regionInstanceGroupManagers.listErrors", takes=COMPUTE)
def list_errors(call: Call) -> Answer:
    """Why the group is smaller than it is told to be."""
    _, group = group_of(call)
    errors, more = page(call, group.get("errors", []))
    return {"items": errors, **more}


def vms_in(store: Store, group: str) -> list[tuple[str, Json]]:
    """The VMs in a group."""
    _, project, _, region, *_ = group.split("/")
    found = store.all(INSTANCES, f"projects/{project}/zones/{region}-")
    return [(vm, instance) for vm, instance in found if instance["group"] == group]


def fit(call: Call, path: str, group: Json) -> None:
    """Make and delete VMs until the group is as it should be, as far as there is room."""
    store = call.store
    template = group["versions"][0]["instanceTemplate"]
    if group["updatePolicy"]["type"] == "PROACTIVE":
        for vm, instance in vms_in(store, path):
            if instance["template"] != template:
                store.remove(INSTANCES, vm)
    vms = vms_in(store, path)
    for vm, _ in vms[group["targetSize"] :]:
        store.remove(INSTANCES, vm)
    errors = []
    for number in range(len(vms), group["targetSize"]):
        name, error = _place(call, group, number)
        if error:
            errors.append(error)
        else:
            store.put(INSTANCES, name, _instance(store, name, path, template))
        if len(errors) == _ERRORS:
            break
    if errors or group.get("errors"):
        store.put(GROUPS, path, {**group, "errors": errors})


def _place(call: Call, group: Json, number: int) -> tuple[str, Json]:
    """The path of the next VM, and why it cannot be made, where that is so."""
    zones = group["zones"]
    first = number % len(zones)
    choice = [*zones[first:], *zones[:first]]
    # Only where VMs need not be spread evenly, another zone will do.
    open_zones = [zone for zone in choice if _has_room(call, zone)]
    even = group["targetShape"] == "EVEN"
    zone = choice[0] if even or not open_zones else open_zones[0]
    name = _new_name(call.store, group, zone)
    if not _has_room(call, group["region"]):
        return name, _error(call, name, "QUOTA_EXCEEDED", f"Quota in {group['region']}.")
    if zone not in open_zones:
        text = f"The zone '{link(call, '/'.join(name.split('/')[:4]))}' does not have enough."
        return name, _error(call, name, "ZONE_RESOURCE_POOL_EXHAUSTED", text)
    return name, {}


def _has_room(call: Call, place: str) -> bool:
    room = call.options.capacity.get(place)
    if room is None:
        return True
    parts = (path.split("/")[3] for path, _ in call.store.all(INSTANCES))
    return sum(zone == place or zone.rpartition("-")[0] == place for zone in parts) < room


def _error(call: Call, name: str, code: str, text: str) -> Json:
    return {
        "error": {"code": code, "message": text},
        "instanceActionDetails": {"action": "CREATING", "instance": link(call, name)},
        "timestamp": now(),
    }


def _new_name(store: Store, group: Json, zone: str) -> str:
    """As Google names them: four letters or digits after the base name."""
    below = f"projects/{group['project']}/zones/{zone}/instances/{group['baseInstanceName']}"
    dice = random.Random(store.serial())  # noqa: S311
    while True:
        suffix = "".join(dice.choices("bcdfghjklmnpqrstvwxz0123456789", k=4))
        if store.get(INSTANCES, f"{below}-{suffix}") is None:
            return f"{below}-{suffix}"


def _instance(store: Store, path: str, group: str, template: str) -> Json:
    return {
        "id": str(FIRST_ID + store.serial()),
        "name": last(path),
        "group": group,
        "template": template,
        "creationTimestamp": now(),
    }


def _named(call: Call, path: str, group: Json) -> list[tuple[str, Json]]:
    """The VMs that a call names, each by its zone. Raises ApiError for one of another group."""
    inside = dict(vms_in(call.store, path))
    named = {}
    for address in call.body.get("instances", []):
        vm = below_projects(address)
        if vm.startswith("zones/"):
            vm = f"projects/{group['project']}/{vm}"
        if vm not in inside:
            raise invalid(f"Not managed by the group: {address}")
        named[vm] = inside[vm]
    return sorted(named.items())


def _smaller(call: Call, kind: str, path: str, group: Json, less: int) -> Json:
    group["targetSize"] = max(group["targetSize"] - less, 0)
    call.store.put(GROUPS, path, group)
    return done(call, kind, path, group["id"])
