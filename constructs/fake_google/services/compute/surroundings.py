"""What is there before anybody makes anything: places, machine types, images and networks."""

import hashlib
import re

from fake_google.errors import invalid, not_found
from fake_google.listing import COMPUTE
from fake_google.places import REGIONS, ZONES, check_region, check_zone
from fake_google.service import Call
from fake_google.services.compute.aggregation import AGGREGATED, aggregated, listed
from fake_google.services.compute.paths import link
from fake_google.services.compute.service import compute
from fake_google.wire import Answer, Json

_FAMILIES = {
    "cos-cloud": "cos-stable",
    "debian-cloud": "debian-12",
    "ubuntu-os-cloud": "ubuntu-2204",
}
"""The family of images that a list shows, by project; any other is there when it is asked for."""

_SINCE = "2020-01-01T00:00:00.000-00:00"


@compute("projects.get")
def get_project(call: Call) -> Answer:
    """A project, by its id or its number."""
    project = call.store.project(call.parameters["project"])
    number = call.store.number(project)
    return {
        "kind": "compute#project",
        "id": number,
        "name": project,
        "defaultServiceAccount": f"{number}-compute@developer.gserviceaccount.com",
        "selfLink": link(call, f"projects/{project}"),
    }


@compute("regions.get")
def get_region(call: Call) -> Answer:
    """A region."""
    region = call.parameters["region"]
    if region not in REGIONS:
        raise not_found(f"projects/{call.parameters['project']}/regions/{region}")
    return _region(call, region)


@compute("regions.list", takes=COMPUTE)
def list_regions(call: Call) -> Answer:
    """All regions."""
    return listed(call, "region", [_region(call, region) for region in REGIONS])


@compute("zones.get")
def get_zone(call: Call) -> Answer:
    """A zone."""
    zone = call.parameters["zone"]
    if zone not in ZONES:
        raise not_found(f"projects/{call.parameters['project']}/zones/{zone}")
    return _zone(call, zone)


@compute("zones.list", takes=COMPUTE)
def list_zones(call: Call) -> Answer:
    """All zones."""
    return listed(call, "zone", [_zone(call, zone) for zone in sorted(ZONES)])


@compute("machineTypes.get")
def get_machine_type(call: Call) -> Answer:
    """A machine type, in every zone; of a family that is known, only if it is."""
    zone, name = call.parameters["zone"], call.parameters["machineType"]
    check_zone(zone)
    known = call.options.machine_types or {}
    if name not in known and name.partition("-")[0] in {each.partition("-")[0] for each in known}:
        raise not_found(f"projects/{call.parameters['project']}/zones/{zone}/machineTypes/{name}")
    return _machine_type(call, zone, name)


@compute("machineTypes.list", takes=COMPUTE)
def list_machine_types(call: Call) -> Answer:
    """The machine types that whoever started this Google has named."""
    zone = call.parameters["zone"]
    check_zone(zone)
    found = [_machine_type(call, zone, name) for name in sorted(call.options.machine_types or ())]
    return listed(call, "machineType", found)


@compute("images.get")
def get_image(call: Call) -> Answer:
    """An image: every name is one."""
    return _image(call, call.parameters["image"], call.parameters["image"])


@compute("images.getFromFamily")
def get_image_of_family(call: Call) -> Answer:
    """The newest image of a family: every name is one."""
    family = call.parameters["family"]
    return _image(call, f"{family}-v20261101", family)


@compute("images.list", takes=COMPUTE)
def list_images(call: Call) -> Answer:
    """One image of those that a project of Google's is known for."""
    family = _FAMILIES.get(call.parameters["project"])
    found = [_image(call, f"{family}-v20261101", family)] if family else []
    return listed(call, "image", found)


@compute("networks.get")
def get_network(call: Call) -> Answer:
    """The network `default`, which every project has."""
    if call.parameters["network"] != "default":
        raise not_found(
            f"projects/{call.parameters['project']}/global/networks/{call.parameters['network']}"
        )
    return _network(call)


@compute("networks.list", takes=COMPUTE)
def list_networks(call: Call) -> Answer:
    """The network `default`."""
    return listed(call, "network", [_network(call)])


@compute("subnetworks.get")
def get_subnetwork(call: Call) -> Answer:
    """The part of the network `default` that is in a region."""
    region, name = call.parameters["region"], call.parameters["subnetwork"]
    if name != "default":
        raise not_found(
            f"projects/{call.parameters['project']}/regions/{region}/subnetworks/{name}"
        )
    check_region(region)
    return _subnetwork(call, region)


@compute("subnetworks.list", takes=COMPUTE)
def list_subnetworks(call: Call) -> Answer:
    """The one subnetwork of a region."""
    check_region(call.parameters["region"])
    return listed(call, "subnetwork", [_subnetwork(call, call.parameters["region"])])


@compute("subnetworks.aggregatedList", takes=AGGREGATED)
def list_all_subnetworks(call: Call) -> Answer:
    """The subnetworks of all regions."""
    found = [(f"regions/{region}", _subnetwork(call, region)) for region in REGIONS]
    return aggregated(call, "subnetwork", "subnetworks", found)


@compute("regionAutoscalers.list", takes=COMPUTE)
def list_autoscalers(call: Call) -> Answer:
    """None: gcloud asks before it deletes a group."""
    check_region(call.parameters["region"])
    return {"kind": "compute#regionAutoscalerList", "items": []}


def _thing(call: Call, kind: str, path: str) -> Json:
    whole = f"projects/{call.parameters['project']}/{path}"
    number = int(hashlib.sha256(whole.encode()).hexdigest(), 16) % 10**18 + 10**18
    return {
        "kind": f"compute#{kind}",
        "id": str(number),
        "name": path.rpartition("/")[2],
        "creationTimestamp": _SINCE,
        "selfLink": link(call, whole),
    }


def _region(call: Call, region: str) -> Json:
    below = f"projects/{call.parameters['project']}/zones"
    return {
        **_thing(call, "region", f"regions/{region}"),
        "status": "UP",
        "zones": [link(call, f"{below}/{zone}") for zone in REGIONS[region]],
    }


def _zone(call: Call, zone: str) -> Json:
    region = f"projects/{call.parameters['project']}/regions/{zone.rpartition('-')[0]}"
    return {
        **_thing(call, "zone", f"zones/{zone}"),
        "status": "UP",
        "region": link(call, region),
    }


def _machine_type(call: Call, zone: str, name: str) -> Json:
    cpus, memory = (call.options.machine_types or {}).get(name, (1, 1024))
    return {
        **_thing(call, "machineType", f"zones/{zone}/machineTypes/{name}"),
        "guestCpus": cpus,
        "memoryMb": memory,
        "zone": zone,
    }


def _image(call: Call, name: str, family: str | None) -> Json:
    if not re.fullmatch(r"[a-z][-a-z0-9_.]*", name):
        raise invalid(f"Invalid value for field 'image': '{name}'.")
    return {
        **_thing(call, "image", f"global/images/{name}"),
        "family": family,
        "status": "READY",
        "diskSizeGb": "10",
        "sourceType": "RAW",
        "architecture": "X86_64",
    }


def _network(call: Call) -> Json:
    below = f"projects/{call.parameters['project']}/regions"
    return {
        **_thing(call, "network", "global/networks/default"),
        "autoCreateSubnetworks": True,
        "routingConfig": {"routingMode": "REGIONAL"},
        "subnetworks": [link(call, f"{below}/{region}/subnetworks/default") for region in REGIONS],
    }


def _subnetwork(call: Call, region: str) -> Json:
    project = call.parameters["project"]
    number = sorted(REGIONS).index(region)
    return {
        **_thing(call, "subnetwork", f"regions/{region}/subnetworks/default"),
        "ipCidrRange": f"10.{128 + number}.0.0/20",
        "network": link(call, f"projects/{project}/global/networks/default"),
        "region": link(call, f"projects/{project}/regions/{region}"),
        "privateIpGoogleAccess": False,
        "purpose": "PRIVATE",
        "stackType": "IPV4_ONLY",
    }
