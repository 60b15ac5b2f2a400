"""Operations, which are done by the time that anyone asks."""

from fake_google.errors import not_found
from fake_google.service import Call
from fake_google.services.compute.paths import link
from fake_google.services.compute.service import compute
from fake_google.store import now
from fake_google.wire import Answer, Json


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
    path = f"projects/{parameters['project']}/{scope}/operations/{parameters['operation']}"
    kept = call.store.recall(path)
    if kept is None:
        raise not_found(path)
    return kept


def done(call: Call, kind: str, target: str, target_id: str) -> Json:
    """An operation on *target*, where that is: global, or in its region or zone."""
    _, project, scope = target.split("/", 2)
    place = scope.split("/", 2)
    where = "global" if place[0] == "global" else "/".join(place[:2])
    operation = {
        **_operation(call, project, where, f"operation-{call.store.serial()}"),
        "operationType": kind,
        "targetLink": link(call, target),
        "targetId": target_id,
    }
    call.store.remember(f"projects/{project}/{where}/operations/{operation['name']}", operation)
    return operation


def _operation(call: Call, project: str, scope: str, name: str) -> Json:
    time = now()
    operation = {
        "kind": "compute#operation",
        "id": name.removeprefix("operation-"),
        "user": "fake@example.com",
        "insertTime": time,
        "startTime": time,
        "endTime": time,
        "name": name,
        "status": "DONE",
        "progress": 100,
        "selfLink": link(call, f"projects/{project}/{scope}/operations/{name}"),
    }
    kind, _, place = scope.partition("/")
    if place:
        operation[kind.removesuffix("s")] = link(call, f"projects/{project}/{scope}")
    return operation
