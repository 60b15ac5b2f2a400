"""The VMs of groups: made, deleted, detached and listed."""

import random

from fake_google.errors import invalid
from fake_google.service import Call
from fake_google.services.compute.group_fields import checked_size, group_of
from fake_google.services.compute.operations import done
from fake_google.services.compute.paths import FIRST_ID, last, link
from fake_google.services.compute.service import GROUPS, INSTANCES, compute
from fake_google.store import Store, now
from fake_google.wire import Answer, Json


@compute("regionInstanceGroupManagers.resize")
def resize_group(call: Call) -> Answer:
    """More VMs, or fewer: Google chooses which of them go."""
    path, group = group_of(call)
    if "size" not in call.query:
        raise invalid("Required parameter: size")
    group["targetSize"] = checked_size(int(call.query["size"]))
    call.store.put(GROUPS, path, group)
    fit(call.store, path, group)
    return done(call, "resize", path, group["id"])


@compute("regionInstanceGroupManagers.abandonInstances")
def abandon_instances(call: Call) -> Answer:
    """The VMs run on outside of the group, which is the smaller for it."""
    path, group = group_of(call)
    named = {last(instance) for instance in call.body.get("instances", [])}
    inside = {last(vm): (vm, instance) for vm, instance in vms_in(call.store, path)}
    if named - inside.keys():
        raise invalid(f"Not managed by the group: {', '.join(sorted(named - inside.keys()))}")
    for name in sorted(named):
        vm, instance = inside[name]
        call.store.put(INSTANCES, vm, {**instance, "group": ""})
    group["targetSize"] -= len(named)
    call.store.put(GROUPS, path, group)
    return done(call, "abandonInstances", path, group["id"])


@compute("regionInstanceGroupManagers.listManagedInstances")
def list_managed_instances(call: Call) -> Answer:
    """The VMs in the group."""
    path, _ = group_of(call)
    return {
        "managedInstances": [
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
    }


def vms_in(store: Store, group: str) -> list[tuple[str, Json]]:
    """The VMs in a group."""
    _, project, _, region, *_ = group.split("/")
    found = store.all(INSTANCES, f"projects/{project}/zones/{region}-")
    return [(vm, instance) for vm, instance in found if instance["group"] == group]


def fit(store: Store, path: str, group: Json) -> None:
    """Make and delete VMs until the group is as it should be."""
    template = group["versions"][0]["instanceTemplate"]
    if group["updatePolicy"]["type"] == "PROACTIVE":
        for vm, instance in vms_in(store, path):
            if instance["template"] != template:
                store.remove(INSTANCES, vm)
    vms = vms_in(store, path)
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
                "id": str(FIRST_ID + serial),
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
