"""What a group is told, checked and filled in as Google does."""

from fake_google.errors import invalid, not_found
from fake_google.service import Call
from fake_google.services.compute.paths import (
    below_projects,
    digest,
    group_path,
    last,
    template_path,
)
from fake_google.services.compute.service import GROUPS, TEMPLATES
from fake_google.wire import Json

_LARGEST = 2000
"""The VMs that a regional group can have, at most."""


def group_of(call: Call) -> tuple[str, Json]:
    """The path of the group that a call is about, and the group."""
    parameters = call.parameters
    path = group_path(
        parameters["project"], parameters["region"], parameters["instanceGroupManager"]
    )
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
        path = template_path(project, name)
        if call.store.get(TEMPLATES, path) is None:
            raise not_found(path)
        versions.append({**version, "instanceTemplate": path})
    return versions


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
    return digest({key: value for key, value in group.items() if key != "creationTimestamp"})
