"""VMs, in groups and out of them. One is its name, its zone and its template."""

from fake_google.errors import not_found
from fake_google.service import Call
from fake_google.services.compute.operations import done
from fake_google.services.compute.paths import link
from fake_google.services.compute.service import INSTANCES, compute
from fake_google.wire import Answer, Json


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
    return done(call, "delete", path, instance["id"])


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


def _instance_answer(call: Call, path: str, instance: Json) -> Json:
    zone = "/".join(path.split("/")[:4])
    return {
        "kind": "compute#instance",
        "id": instance["id"],
        "name": instance["name"],
        "creationTimestamp": instance["creationTimestamp"],
        "status": "RUNNING",
        "zone": link(call, zone),
        "selfLink": link(call, path),
    }
