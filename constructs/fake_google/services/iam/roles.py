"""Custom roles, of which a deleted one stays for a while."""

import re

from fake_google.errors import ApiError, invalid, not_found
from fake_google.listing import PAGED, offset, page, token
from fake_google.service import Call
from fake_google.services.iam import known
from fake_google.services.iam.service import ROLES, check_texts, etag, iam
from fake_google.store import Store
from fake_google.wire import Answer, Json

_MOST = 3000
_LONGEST_PAGE = 1000
_STAGES = ("ALPHA", "BETA", "DEPRECATED", "DISABLED", "EAP", "GA", "")
_PERMISSION = re.compile(r"[a-z][a-z0-9]*(\.[a-zA-Z0-9]+){2,3}")


@iam("projects.roles.create")
def create_role(call: Call) -> Answer:
    """A custom role; the id of a deleted one cannot be used again."""
    role_id = call.body.get("roleId", "")
    if not re.fullmatch(r"[a-zA-Z0-9_.]{3,64}", role_id):
        raise invalid(f"The role_id ({role_id}) must match [a-zA-Z0-9_.]{{3,64}}.")
    name = f"{call.parameters['parent']}/roles/{role_id}"
    before = call.store.get(ROLES, name)
    if before and before.get("deleted"):
        raise ApiError(
            400,
            f"You can't create a role with role_id ({role_id}) where there is an existing role "
            "with that role_id in a deleted state.",
            word="FAILED_PRECONDITION",
        )
    if before:
        raise ApiError(
            409, f"A role named {role_id} in {call.parameters['parent']} already exists."
        )
    role = {"stage": "GA", **call.body.get("role", {}), "name": name, "etag": etag(call.store)}
    _check_permissions(call.store, role)
    call.store.put(ROLES, name, role)
    return role


@iam("projects.roles.get")
def get_role(call: Call) -> Answer:
    """The role, a deleted one too."""
    return _role(call)


@iam("projects.roles.list", takes=(*PAGED, "showDeleted"))
def list_roles(call: Call) -> Answer:
    """The roles of a project."""
    deleted = call.query.get("showDeleted", "").lower() == "true"
    found = call.store.all(ROLES, f"{call.parameters['parent']}/roles/")
    shown = [role for _, role in found if deleted or not role.get("deleted")]
    roles, more = page(call, shown)
    return {"roles": roles, **more}


@iam("projects.roles.patch", takes=("updateMask",))
def patch_role(call: Call) -> Answer:
    """Other contents of a role."""
    role = _role(call)
    if call.body.get("etag") and call.body["etag"] != role["etag"]:
        raise ApiError(409, "There were concurrent changes to the role.", word="ABORTED")
    for key in [key for _, key in call.mask] or list(call.body):
        if key not in ("title", "description", "includedPermissions", "stage", "etag"):
            raise invalid(f"The field {key} of a role cannot be changed.")
        role[key] = call.body.get(key) or ([] if key == "includedPermissions" else "")
    _check_permissions(call.store, role)
    role["etag"] = etag(call.store)
    call.store.put(ROLES, role["name"], role)
    return role


@iam("projects.roles.delete", takes=("etag",))
def delete_role(call: Call) -> Answer:
    """The role is marked deleted, and stays for 37 days."""
    role = _role(call)
    if call.query.get("etag") not in (None, "", role["etag"]):
        raise ApiError(409, "There were concurrent changes to the role.", word="ABORTED")
    if role.get("deleted"):
        raise ApiError(400, f"The role {role['name']} is deleted.", word="FAILED_PRECONDITION")
    role = {**role, "deleted": True, "etag": etag(call.store)}
    call.store.put(ROLES, role["name"], role)
    return role


@iam("projects.roles.undelete")
def undelete_role(call: Call) -> Answer:
    """The role is back as it was."""
    role = _role(call)
    if not role.get("deleted"):
        raise ApiError(400, f"The role {role['name']} is not deleted.", word="FAILED_PRECONDITION")
    del role["deleted"]
    role["etag"] = etag(call.store)
    call.store.put(ROLES, role["name"], role)
    return role


@iam("permissions.queryTestablePermissions")
def list_permissions(call: Call) -> Answer:
    """All permissions that are known here: gcloud asks before it makes a role."""
    names = [{"name": name, "stage": "GA"} for name in sorted(known.permissions())]
    size = int(call.body.get("pageSize") or _LONGEST_PAGE)
    begin = offset(call.body.get("pageToken") or "")
    end = begin + min(max(size, 1), _LONGEST_PAGE)
    more = {"nextPageToken": token(end)} if end < len(names) else {}
    return {"permissions": names[begin:end], **more}


def _role(call: Call) -> Json:
    role = call.store.get(ROLES, call.parameters["name"])
    if role is None:
        raise not_found(call.parameters["name"])
    return role


def _check_permissions(store: Store, role: Json) -> None:
    check_texts(role)
    if role.get("stage", "GA") not in _STAGES:
        raise invalid(f"Invalid stage: {role['stage']}")
    if len(role.get("includedPermissions", [])) > _MOST:
        raise invalid(f"A role has at most {_MOST} permissions.")
    for permission in role.get("includedPermissions", []):
        exists = known.is_permission(permission)
        if exists is False or not _PERMISSION.fullmatch(permission):
            raise invalid(f"Permission {permission} is not valid.")
        if exists is None:
            store.notes[f"Whether there is a permission {permission} is not known here."] = None
