"""Who may do what: the permission that a method needs, and whether somebody has it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fake_google.errors import ApiError, invalid
from fake_google.service import Call
from fake_google.services.iam import conditions, known
from fake_google.services.iam.service import ROLES
from fake_google.store import POLICIES, Store
from fake_google.wire import Json

ANONYMOUS = ""
ANYONE = "fake"
"""The token of somebody who may do everything, as the provider has it."""

_VERBS = {
    "aggregatedList": "list",
    "getFromFamily": "useReadOnly",
    "insert": "create",
    "patch": "update",
    "wait": "get",
}

_GROUPS = "compute.regionInstanceGroupManagers"

_UNLIKE = {
    "cloudbilling.projects.getBillingInfo": "resourcemanager.projects.get",
    "cloudquotas.projects.locations.quotaPreferences.create": "cloudquotas.quotas.update",
    "cloudquotas.projects.locations.quotaPreferences.get": "cloudquotas.quotas.get",
    "cloudquotas.projects.locations.quotaPreferences.list": "cloudquotas.quotas.get",
    "cloudquotas.projects.locations.quotaPreferences.patch": "cloudquotas.quotas.update",
    "compute.regionAutoscalers.list": "compute.autoscalers.list",
    "compute.images.getFromFamily": "compute.images.getFromFamily",
    f"{_GROUPS}.abandonInstances": "compute.instanceGroupManagers.update",
    f"{_GROUPS}.deleteInstances": "compute.instanceGroupManagers.update",
    f"{_GROUPS}.listErrors": "compute.instanceGroupManagers.get",
    f"{_GROUPS}.listManagedInstances": "compute.instanceGroupManagers.list",
    f"{_GROUPS}.resize": "compute.instanceGroupManagers.update",
    "iam.permissions.queryTestablePermissions": "",
    "openidconnect.userinfo.get": "",
    "pubsub.projects.subscriptions.acknowledge": "pubsub.subscriptions.consume",
    "pubsub.projects.subscriptions.modifyAckDeadline": "pubsub.subscriptions.consume",
    "pubsub.projects.subscriptions.pull": "pubsub.subscriptions.consume",
    "secretmanager.projects.secrets.addVersion": "secretmanager.versions.add",
    "serviceusage.operations.get": "serviceusage.services.get",
    "serviceusage.services.batchEnable": "serviceusage.services.enable",
    "storage.anywhereCaches.list": "storage.anywhereCaches.list",
    "storage.buckets.getStorageLayout": "storage.objects.list",
    "storage.buckets.lockRetentionPolicy": "storage.buckets.update",
    "storage.projects.serviceAccount.get": "resourcemanager.projects.get",
}
"""The permissions that are not called as the method is."""

_TYPES = {
    "instances": "compute.googleapis.com/Instance",
    "instanceTemplates": "compute.googleapis.com/InstanceTemplate",
    "images": "compute.googleapis.com/Image",
    "secrets": "secretmanager.googleapis.com/Secret",
    "versions": "secretmanager.googleapis.com/SecretVersion",
    "b": "storage.googleapis.com/Bucket",
    "o": "storage.googleapis.com/Object",
}
"""What conditions call the types of resources, by where they stand in a path."""


@dataclass(frozen=True)
class _Asked:
    permission: str
    project: str
    places: tuple[str, ...]
    """What the policies that count are on."""
    type: str
    name: str


def permission_of(method: str) -> str:
    """The permission that a method needs, such as `pubsub.topics.publish`; empty for none."""
    if method in _UNLIKE:
        return _UNLIKE[method]
    if method.endswith(".testIamPermissions"):
        return ""
    api, *parts = method.split(".")
    collection, verb = parts[-2], parts[-1]
    if "AccessControls" in collection:
        thing = "objects" if collection.startswith("object") else "buckets"
        return f"storage.{thing}.{'get' if verb in ('get', 'list') else 'set'}IamPolicy"
    if collection.startswith("regionInstance"):
        collection = collection.replace("regionI", "i")
    api = "resourcemanager" if api == "cloudresourcemanager" else api
    return f"{api}.{collection}.{_VERBS.get(verb, verb)}"


def check(call: Call, method: str) -> None:
    """Raise ApiError unless whoever asks has the permission that *method* needs."""
    permission = permission_of(method)
    who = _principal(call)
    if not permission or who == ANYONE:
        return
    for needed in {permission, *_also(call, method)}:
        asked = _asked(call, needed)
        if not is_granted(call.store, who, asked) and not _is_public(call, who, needed):
            raise ApiError(
                401 if who == ANONYMOUS else 403,
                f"Permission '{needed}' denied on resource '{asked.name}' (or it may not exist) "
                f"for {who or 'anonymous caller'}.",
            )


def held(call: Call, permissions: list[str]) -> Json:
    """The answer that names what of *permissions* whoever asks has on what a call is about."""
    for permission in permissions:
        if known.is_permission(permission) is False or not permission:
            raise invalid(f"Permission {permission} is not valid.")
    who = _principal(call)
    if call.options.enforce_iam and who != ANYONE:
        permissions = [each for each in permissions if _has(call, who, each)]
    return {"permissions": permissions} if permissions else {}


def _has(call: Call, who: str, permission: str) -> bool:
    if permission not in known.counted():
        raise ApiError(
            501, f"Which predefined roles have {permission} is not known to the fake Google."
        )
    return is_granted(call.store, who, _asked(call, permission))


def is_granted(store: Store, who: str, asked: _Asked) -> bool:
    """Whether a policy that counts gives somebody the permission."""
    for place in asked.places:
        for binding in (store.get(POLICIES, place) or {"bindings": []})["bindings"]:
            if not _includes(store, binding["role"], asked.permission):
                continue
            if not any(_is(store, who, member) for member in binding["members"]):
                continue
            if conditions.holds(binding.get("condition"), asked.type, asked.name):
                return True
    return False


def _principal(call: Call) -> str:
    token = call.request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    return token if "@" in token else (ANYONE if token else ANONYMOUS)


def _also(call: Call, method: str) -> Iterator[str]:
    """What an upload and a change of access need besides."""
    if method == "storage.objects.insert":
        path = f"{call.parameters['bucket']}/{call.query.get('name', '')}"
        if call.store.get("storage.objects", path):
            yield "storage.objects.delete"
    if method in ("storage.objects.patch", "storage.objects.update") and "acl" in call.body:
        yield "storage.objects.setIamPolicy"


def _asked(call: Call, permission: str) -> _Asked:
    values = call.parameters
    if "bucket" in values:
        bucket = call.store.get("storage.buckets", values["bucket"]) or {"project": ""}
        name = f"projects/_/buckets/{values['bucket']}"
        kind = _TYPES["b"]
        if values.get("object") or permission.startswith("storage.objects."):
            kind = _TYPES["o"]
            name += f"/objects/{values.get('object') or call.query.get('name', '')}"
        project = bucket["project"]
        return _Asked(permission, project, (values["bucket"], f"projects/{project}"), kind, name)
    path = _path(call)
    match = re.match(r"projects/([^/]+)", path)
    project = call.store.project(match[1]) if match else call.query.get("project", "")
    parts = path.split("/")
    kind = _TYPES.get(parts[-2] if len(parts) > 1 else "", "")
    # A version of a secret is read by what is granted on the secret.
    above = ["/".join(parts[:end]) for end in range(len(parts), 1, -2)]
    return _Asked(permission, project, (*above, f"projects/{project}"), kind, path)


def _path(call: Call) -> str:
    """The resource that a call is about, from its path, with the project's id."""
    found = re.search(r"projects/[^?:]*", call.request.path)
    path = found[0] if found else ""
    number = re.match(r"projects/(\d+)(/.*)?$", path)
    return f"projects/{call.store.project(number[1])}{number[2] or ''}" if number else path


def _includes(store: Store, role: str, permission: str) -> bool:
    if role.startswith("roles/"):
        return permission in known.roles().get(role.removeprefix("roles/"), ())
    custom = store.get(ROLES, role) or {"deleted": True}
    return not custom.get("deleted") and permission in custom.get("includedPermissions", [])


def _is(store: Store, who: str, member: str) -> bool:
    if member == "allUsers" or (member == "allAuthenticatedUsers" and who != ANONYMOUS):
        return True
    kind, _, name = member.partition(":")
    basic = {"projectEditor": "editor", "projectOwner": "owner", "projectViewer": "viewer"}
    if kind in basic:
        bindings = (store.get(POLICIES, f"projects/{name}") or {"bindings": []})["bindings"]
        return any(
            binding["role"] == f"roles/{basic[kind]}"
            and any(_named(who, m) for m in binding["members"])
            for binding in bindings
        )
    return _named(who, member)


def _named(who: str, member: str) -> bool:
    kind, _, name = member.partition(":")
    return kind in ("serviceAccount", "user", "group") and name == who


def _is_public(call: Call, who: str, permission: str) -> bool:
    """Whether an object is open to all by its own list, which policies know nothing of."""
    if permission != "storage.objects.get" or "object" not in call.parameters:
        return False
    path = f"{call.parameters['bucket']}/{call.parameters['object']}"
    thing: Json = call.store.get("storage.objects", path) or {}
    readers = {"allUsers"} if who == ANONYMOUS else {"allUsers", "allAuthenticatedUsers"}
    return any(entry["entity"] in readers for entry in thing.get("acl", []))
