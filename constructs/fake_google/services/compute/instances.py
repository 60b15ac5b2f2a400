"""VMs, in groups and out of them. One is its name, its zone and its template."""

from fake_google.errors import not_found
from fake_google.listing import COMPUTE
from fake_google.places import check_zone
from fake_google.service import Call
from fake_google.services.compute.aggregation import AGGREGATED, aggregated, listed
from fake_google.services.compute.operations import done
from fake_google.services.compute.paths import link
from fake_google.services.compute.service import INSTANCES, TEMPLATES, compute
from fake_google.wire import Answer, Json

_OF_TEMPLATE = (
    "canIpForward",
    "guestAccelerators",
    "labels",
    "metadata",
    "scheduling",
    "serviceAccounts",
    "tags",
)
"""What a VM has from its template as it stands there."""


@compute("instances.get")
def get_instance(call: Call) -> Answer:
    """A VM, in a group or not."""
    path, instance = _instance(call)
    return _answer(call, path, instance)


@compute("instances.list", takes=COMPUTE)
def list_instances(call: Call) -> Answer:
    """The VMs of a zone."""
    check_zone(call.parameters["zone"])
    below = f"projects/{call.parameters['project']}/zones/{call.parameters['zone']}/instances/"
    found = [_answer(call, path, instance) for path, instance in call.store.all(INSTANCES, below)]
    return listed(call, "instance", found)


@compute("instances.aggregatedList", takes=AGGREGATED)
def list_all_instances(call: Call) -> Answer:
    """The VMs of all zones."""
    found = [
        ("/".join(path.split("/")[2:4]), _answer(call, path, instance))
        for path, instance in call.store.all(INSTANCES, f"projects/{call.parameters['project']}/")
    ]
    return aggregated(call, "instance", "instances", found)


@compute("instances.delete", takes=("requestId",))
def delete_instance(call: Call) -> Answer:
    """Deletion as a VM deletes itself: one still in a group is not made anew, and counts on."""
    path, instance = _instance(call)
    call.store.remove(INSTANCES, path)
    return done(call, "delete", path, instance["id"])


def _instance(call: Call) -> tuple[str, Json]:
    parameters = call.parameters
    path = (
        f"projects/{parameters['project']}/zones/{parameters['zone']}"
        f"/instances/{parameters['instance']}"
    )
    found = call.store.get(INSTANCES, path)
    if found is not None:
        return path, found
    for other, instance in call.store.all(INSTANCES, path.rpartition("/")[0]):
        if instance["id"] == parameters["instance"]:
            return other, instance
    raise not_found(path)


def _answer(call: Call, path: str, instance: Json) -> Json:
    zone = "/".join(path.split("/")[:4])
    template = call.store.get(TEMPLATES, instance["template"]) or {"properties": {}}
    properties = template["properties"]
    machine = properties.get("machineType")
    created_by = {"key": "created-by", "value": instance["group"]}
    answer = {
        "kind": "compute#instance",
        "id": instance["id"],
        "name": instance["name"],
        "creationTimestamp": instance["creationTimestamp"],
        "status": "RUNNING",
        "zone": link(call, zone),
        "selfLink": link(call, path),
        **{key: properties[key] for key in _OF_TEMPLATE if key in properties},
        **({"machineType": link(call, f"{zone}/machineTypes/{machine}")} if machine else {}),
    }
    if instance["group"]:
        metadata = answer.get("metadata", {})
        answer["metadata"] = {**metadata, "items": [*metadata.get("items", []), created_by]}
    return answer
