"""What Google refuses in a template's properties."""

import re

from fake_google.errors import invalid
from fake_google.limits import check_labels
from fake_google.service import Call
from fake_google.services.compute.paths import below_projects, last
from fake_google.wire import Json

_MOST_VALUE = 256 * 1024
_MOST_METADATA = 512 * 1024
_KEY = re.compile(r"[a-zA-Z0-9_-]{1,128}")
_TAG = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
_MACHINE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
_LONGEST_RUN = 120 * 86_400
_LONGEST_FLEX = 7 * 86_400
_SHORTEST_RUN = 30


def check_properties(call: Call, project: str, properties: Json) -> None:
    """Raise ApiError for what no VM can have, or not together."""
    _check_machine(call, properties["machineType"])
    check_labels(properties.get("labels"))
    _check_metadata((properties.get("metadata") or {}).get("items") or [])
    _check_disks(properties["disks"])
    _check_scheduling(properties)
    for tag in (properties.get("tags") or {}).get("items") or []:
        if not _TAG.fullmatch(tag):
            raise _wrong("tags.items", tag, f"Must be a match of regex '{_TAG.pattern}'")
    for interface in properties["networkInterfaces"]:
        _check_network(project, interface)


def _wrong(field: str, value: object, why: str) -> Exception:
    return invalid(f"Invalid value for field 'resource.properties.{field}': '{value}'. {why}")


def _check_machine(call: Call, machine_type: str) -> None:
    known = call.options.machine_types
    custom = "custom-" in machine_type
    if not _MACHINE.fullmatch(machine_type):
        raise _wrong(
            "machineType", machine_type, "A machine type is a name, such as n1-standard-1."
        )
    families = {name.partition("-")[0] for name in known or ()}
    family = machine_type.partition("-")[0]
    if known is not None and machine_type not in known and family in families and not custom:
        raise _wrong("machineType", machine_type, "There is no such machine type.")


def _check_metadata(items: list[Json]) -> None:
    keys = [item.get("key") or "" for item in items]
    sizes = [len((item.get("value") or "").encode("utf-8", "replace")) for item in items]
    for key, size in zip(keys, sizes, strict=True):
        if not _KEY.fullmatch(key):
            raise _wrong("metadata.items.key", key, f"Must be a match of regex '{_KEY.pattern}'")
        if size > _MOST_VALUE:
            raise _wrong(
                "metadata.items.value", key, f"The value has more than {_MOST_VALUE} bytes."
            )
    if len(set(keys)) < len(keys):
        raise _wrong("metadata", ", ".join(sorted(keys)), "A key is there more than once.")
    if sum(sizes) + sum(map(len, keys)) > _MOST_METADATA:
        raise _wrong("metadata", "", f"All together have more than {_MOST_METADATA} bytes.")


def _check_disks(disks: list[Json]) -> None:
    boot = [disk for disk in disks if disk.get("boot")]
    if len(boot) > 1:
        raise _wrong("disks", len(boot), "Only one disk can be the boot disk.")
    names = [disk["deviceName"] for disk in disks if disk.get("deviceName")]
    if len(set(names)) < len(names):
        raise _wrong("disks", ", ".join(names), "Two disks have the same device name.")
    for disk in disks:
        wanted = disk.get("initializeParams") or {}
        check_labels(wanted.get("labels"))
        size = disk.get("diskSizeGb") or wanted.get("diskSizeGb")
        if size is not None and not 1 <= int(size) <= 65_536:  # noqa: PLR2004 - 64 TB
            raise _wrong("disks.initializeParams.diskSizeGb", size, "It is from 1 to 65536.")


def _check_scheduling(properties: Json) -> None:
    scheduling = properties.get("scheduling") or {}
    model = scheduling.get("provisioningModel") or "STANDARD"
    spot = model == "SPOT" or scheduling.get("preemptible")
    action = scheduling.get("instanceTerminationAction")
    run = (scheduling.get("maxRunDuration") or {}).get("seconds")
    ends = run is not None or scheduling.get("terminationTime")
    if action and model == "STANDARD" and not spot and not ends:
        raise _wrong(
            "scheduling.instanceTerminationAction",
            action,
            "You cannot specify a termination action for a VM instance that has the standard "
            "provisioning model (default). To use instance termination action, the VM instance "
            "must use the Spot, Reservation-Bound or Flex Start provisioning model.",
        )
    if spot and scheduling.get("automaticRestart"):
        raise _wrong(
            "scheduling.preemptible",
            "true",
            "Scheduling must have preemptible be false when AutomaticRestart is true.",
        )
    if spot and scheduling.get("onHostMaintenance") == "MIGRATE":
        raise _wrong(
            "scheduling.onHostMaintenance", "MIGRATE", "A Spot VM must have TERMINATE there."
        )
    if run is not None and not _SHORTEST_RUN <= int(run) <= _LONGEST_RUN:
        raise _wrong(
            "scheduling.maxRunDuration", run, f"It is from {_SHORTEST_RUN} to {_LONGEST_RUN} s."
        )
    if ends and not action:
        raise _wrong(
            "scheduling.instanceTerminationAction", "", "A VM whose run is limited needs one."
        )
    _check_model(model, run, properties)


def _check_model(model: str, run: str | None, properties: Json) -> None:
    affinity = properties.get("reservationAffinity") or {}
    consumes = affinity.get("consumeReservationType") or "ANY_RESERVATION"
    if model == "FLEX_START":
        if run is None:
            raise _wrong(
                "scheduling.maxRunDuration", "", "A Flex Start VM must have a maximum run duration."
            )
        if int(run) > _LONGEST_FLEX:
            raise _wrong("scheduling.maxRunDuration", run, "A Flex Start VM runs 7 days at most.")
        if consumes == "SPECIFIC_RESERVATION":
            raise _wrong(
                "reservationAffinity", consumes, "A Flex Start VM cannot consume a reservation."
            )
    if model == "RESERVATION_BOUND" and consumes != "SPECIFIC_RESERVATION":
        raise _wrong(
            "reservationAffinity", consumes, "A Reservation-Bound VM must name its reservation."
        )
    if consumes == "SPECIFIC_RESERVATION":
        if affinity.get("key") != "compute.googleapis.com/reservation-name":
            raise _wrong(
                "reservationAffinity.key",
                affinity.get("key"),
                "It must be compute.googleapis.com/reservation-name.",
            )
        for name in affinity.get("values") or [""]:
            if not _is_reservation(name):
                raise _wrong("reservationAffinity.values", name, "This is no reservation's name.")


def _is_reservation(name: str) -> bool:
    short = r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
    place = rf"(projects/[^/]+/reservations/)?{short}(/reservation(Sub)?Blocks/{short})*"
    return re.fullmatch(place, name) is not None


def _check_network(project: str, interface: Json) -> None:
    network = below_projects(interface.get("network") or "")
    shared = network.startswith("projects/") and not network.startswith(f"projects/{project}/")
    if network and not shared and last(network) != "default" and not interface.get("subnetwork"):
        raise _wrong(
            "networkInterfaces.network", network, "The referenced network resource cannot be found."
        )
