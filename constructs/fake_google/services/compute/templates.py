"""Instance templates, which nobody changes."""

from fake_google.errors import ApiError, exists, invalid, not_found
from fake_google.listing import COMPUTE
from fake_google.service import Call
from fake_google.services.compute.aggregation import AGGREGATED, aggregated, listed
from fake_google.services.compute.operations import done
from fake_google.services.compute.paths import (
    below_projects,
    check_name,
    digest,
    last,
    link,
    new_id,
    template_path,
)
from fake_google.services.compute.properties import check_properties
from fake_google.services.compute.service import GROUPS, TEMPLATES, compute
from fake_google.store import now
from fake_google.wire import Answer, Json


@compute("instanceTemplates.insert", takes=("requestId",))
def insert_template(call: Call) -> Answer:
    """A template, with what Google fills in."""
    project = call.parameters["project"]
    body = call.body
    check_name(body.get("name", ""), "name")
    path = template_path(project, body["name"])
    if call.store.get(TEMPLATES, path):
        raise exists(path)
    if body.get("sourceInstance") or body.get("sourceInstanceParams"):
        raise ApiError(501, "The fake Google does not make templates of instances.")
    properties = body.get("properties") or {}
    for key in ("machineType", "disks", "networkInterfaces"):
        if not properties.get(key):
            raise invalid(f"Invalid value for field 'resource.properties.{key}': ''. Missing.")
    check_properties(call, project, properties)
    template = {
        "kind": "compute#instanceTemplate",
        "id": new_id(call.store),
        "creationTimestamp": now(),
        "name": body["name"],
        "description": body.get("description", ""),
        "selfLink": link(call, path),
        "properties": _filled_in(call, project, properties),
    }
    call.store.put(TEMPLATES, path, template)
    return done(call, "insert", path, template["id"])


@compute("instanceTemplates.get")
def get_template(call: Call) -> Answer:
    """A template by its name, or by the number that Google gave it."""
    return _relinked(call, _template(call)[1])


@compute("instanceTemplates.list", takes=COMPUTE)
def list_templates(call: Call) -> Answer:
    """All templates of a project."""
    below = template_path(call.parameters["project"], "")
    found = [_relinked(call, template) for _, template in call.store.all(TEMPLATES, below)]
    return listed(call, "instanceTemplate", found)


@compute("instanceTemplates.aggregatedList", takes=AGGREGATED)
def list_all_templates(call: Call) -> Answer:
    """All templates of a project, as those of all places."""
    below = template_path(call.parameters["project"], "")
    found = [("global", _relinked(call, entry)) for _, entry in call.store.all(TEMPLATES, below)]
    return aggregated(call, "instanceTemplate", "instanceTemplates", found)


@compute("instanceTemplates.delete", takes=("requestId",))
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
    return done(call, "delete", path, template["id"])


def _template(call: Call) -> tuple[str, Json]:
    project, key = call.parameters["project"], call.parameters["instanceTemplate"]
    path = template_path(project, key)
    found = call.store.get(TEMPLATES, path)
    if found:
        return path, found
    for other, template in call.store.all(TEMPLATES, template_path(project, "")):
        if template["id"] == key:
            return other, template
    raise not_found(path)


def _filled_in(call: Call, project: str, properties: Json) -> Json:
    """A template's properties with Google's defaults."""
    return {
        **properties,
        "disks": [
            {
                "type": "PERSISTENT",
                "mode": "READ_WRITE",
                "index": index,
                "kind": "compute#attachedDisk",
                **disk,
            }
            for index, disk in enumerate(properties["disks"])
        ],
        "networkInterfaces": [
            _interface(call, project, index, interface)
            for index, interface in enumerate(properties["networkInterfaces"])
        ],
        "metadata": {
            **properties.get("metadata", {}),
            "kind": "compute#metadata",
            "fingerprint": digest(properties.get("metadata", {})),
        },
        "scheduling": {
            "automaticRestart": True,
            "onHostMaintenance": "MIGRATE",
            "preemptible": False,
            "provisioningModel": "STANDARD",
            **properties.get("scheduling", {}),
        },
    }


def _interface(call: Call, project: str, index: int, interface: Json) -> Json:
    network = below_projects(interface.get("network", "global/networks/default"))
    if not network.startswith("projects/"):
        network = f"projects/{project}/global/networks/{last(network)}"
    accesses = [
        {
            "kind": "compute#accessConfig",
            "name": "external-nat",
            "type": "ONE_TO_ONE_NAT",
            **access,
        }
        for access in interface.get("accessConfigs", [])
    ]
    return {
        "kind": "compute#networkInterface",
        **interface,
        "name": f"nic{index}",
        "network": link(call, network),
        **({"accessConfigs": accesses} if accesses else {}),
    }


def _relinked(call: Call, template: Json) -> Json:
    """The links of a template with this server's address, whichever it was made on."""
    properties = template["properties"]
    return {
        **template,
        "selfLink": link(call, below_projects(template["selfLink"])),
        "properties": {
            **properties,
            "networkInterfaces": [
                {**interface, "network": link(call, below_projects(interface["network"]))}
                for interface in properties["networkInterfaces"]
            ],
        },
    }
