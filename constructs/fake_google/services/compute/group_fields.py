"""What a group is told, checked and filled in as Google does."""

import copy
import re

from fake_google.errors import invalid, not_found
from fake_google.places import check_zone, usual_zones
from fake_google.service import Call
from fake_google.services.compute.paths import (
    below_projects,
    check_name,
    digest,
    group_path,
    last,
    template_path,
)
from fake_google.services.compute.service import GROUPS, TEMPLATES
from fake_google.wire import Json

_LARGEST = 2000
"""The VMs that a regional group can have, at most."""

INTERNAL = ("errors", "project", "targetShape", "zones")
"""What is kept of a group in a form of our own."""

_BASE_NAME = re.compile(r"[a-z]([-a-z0-9]{0,56}[a-z0-9])?")

_JOINED = ("instanceLifecyclePolicy", "standbyPolicy", "targetSizePolicy")
"""The policies of which a patch changes what it names."""

_FIXED = ("baseInstanceName", "fingerprint", "name")
"""What nobody changes."""

_DEFAULTS: Json = {
    "description": "",
    "instanceLifecyclePolicy": {
        "defaultActionOnFailure": "REPAIR",
        "forceUpdateOnRepair": "NO",
        "onFailedHealthCheck": "DEFAULT_ACTION",
    },
    "listManagedInstancesResults": "PAGELESS",
    "standbyPolicy": {"mode": "MANUAL", "initialDelaySec": 0},
    "targetPools": [],
    "targetSize": 0,
    "targetSizePolicy": {"mode": "INDIVIDUAL"},
    "targetStoppedSize": 0,
    "targetSuspendedSize": 0,
}
"""What a group has that nobody has said anything else of."""


def group_of(call: Call) -> tuple[str, Json]:
    """The path of the group that a call is about, and the group."""
    parameters = call.parameters
    name = parameters.get("instanceGroupManager") or parameters["instanceGroup"]
    path = group_path(parameters["project"], parameters["region"], name)
    group = call.store.get(GROUPS, path)
    if group is None:
        raise not_found(path)
    return path, group


def zones_of(spread: Json) -> list[str]:
    """The names of the zones in a group's distribution policy."""
    return [last(zone.get("zone") or "") for zone in spread.get("zones") or []]


def checked_size(size: int) -> int:
    """*size*. Raises ApiError where no group can have it."""
    if not 0 <= size <= _LARGEST:
        raise invalid(f"Invalid value for field 'size': '{size}'. It is from 0 to {_LARGEST}.")
    return size


def versions_of(call: Call, body: Json) -> list[Json]:
    """The templates that a group is told to use, by path. Raises ApiError for one that is none."""
    wanted = body.get("versions") or [{"instanceTemplate": body.get("instanceTemplate")}]
    versions = []
    for version in wanted:
        path = below_projects(version.get("instanceTemplate") or "")
        name = last(path).partition("?")[0]
        project = path.split("/")[1] if path.startswith("projects/") else call.parameters["project"]
        path = _existing_template(call, template_path(project, name))
        versions.append({**version, "instanceTemplate": path})
    return versions


def _existing_template(call: Call, path: str) -> str:
    """The path of a template by name, which may be named by its number."""
    if call.store.get(TEMPLATES, path):
        return path
    below, _, number = path.rpartition("/")
    for other, template in call.store.all(TEMPLATES, f"{below}/"):
        if template["id"] == number:
            return other
    raise not_found(path)


def update_policy(wanted: Json, before: Json, zones: int) -> Json:
    """An update policy of *before* with what is *wanted*, and Google's defaults."""
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


def fingerprint(group: Json) -> str:
    """The fingerprint of a group, which every change of it changes."""
    passing = ("creationTimestamp", "errors")
    return digest({key: value for key, value in group.items() if key not in passing})


def checked_zones(region: str, spread: Json) -> list[str]:
    """The zones of a new group. Raises ApiError for one that is none, or of another region."""
    zones = zones_of(spread) or usual_zones(region)
    for zone in zones:
        check_zone(zone)
        if zone.rpartition("-")[0] != region:
            raise invalid(f"Invalid value for field 'zone': '{zone}'. It is not in {region}.")
    return zones


def check_base_name(name: str) -> None:
    """Refuse a name that those of VMs cannot begin with."""
    if not _BASE_NAME.fullmatch(name):
        raise invalid(
            f"Invalid value for field 'resource.baseInstanceName': '{name}'. "
            f"Must be a match of regex '{_BASE_NAME.pattern}'"
        )


def merged(group: Json, body: Json) -> Json:
    """A group with what it is told; what it is told as null, or as empty, goes."""
    changed = {**copy.deepcopy(_DEFAULTS), **group}
    zones = changed["zones"]
    for key, value in body.items():
        if key == "distributionPolicy":
            changed["targetShape"] = (value or {}).get("targetShape") or changed["targetShape"]
        elif key == "updatePolicy":
            changed[key] = update_policy(value or {}, changed.get(key, {}), len(zones))
        elif key in _JOINED:
            known = {name: part for name, part in (value or {}).items() if part is not None}
            changed[key] = {**changed[key], **known}
        elif key in _DEFAULTS:
            changed[key] = changed[key] if value is None else value
        elif key not in ("instanceTemplate", "versions", *_FIXED):
            changed.pop(key, None)
            if value:
                changed[key] = value
    for key in ("targetSize", "targetStoppedSize", "targetSuspendedSize"):
        checked_size(changed[key])
    _check_ports(changed.get("namedPorts", []))
    _check_bulk(changed)
    return changed


def _check_ports(ports: list[Json]) -> None:
    for port in ports:
        check_name(port.get("name") or "", "namedPorts[].name")
        if not 1 <= (port.get("port") or 0) <= 65_535:  # noqa: PLR2004 - TCP's
            raise invalid(f"Invalid value for field 'resource.namedPorts': '{port.get('port')}'.")


def _check_bulk(group: Json) -> None:
    """A group whose VMs are made all at once has them in one zone, and repairs none."""
    if group["targetSizePolicy"].get("mode") != "BULK":
        return
    wanted = {
        "distributionPolicy.targetShape": (group["targetShape"], "ANY_SINGLE_ZONE"),
        "instanceLifecyclePolicy.defaultActionOnFailure": (
            group["instanceLifecyclePolicy"]["defaultActionOnFailure"],
            "DO_NOTHING",
        ),
        "updatePolicy.instanceRedistributionType": (
            group["updatePolicy"]["instanceRedistributionType"],
            "NONE",
        ),
    }
    for field, (actual, needed) in wanted.items():
        if actual != needed:
            raise invalid(
                f"Invalid value for field 'resource.{field}': '{actual}'. With the target size "
                f"policy mode BULK it must be {needed}."
            )
