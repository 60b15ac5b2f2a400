"""Service accounts and custom roles, and the policies of projects."""

import base64
import re
from typing import Any

from fake_google import policies
from fake_google.calls import Answer, Call, Service
from fake_google.errors import ApiError, invalid, not_found
from fake_google.store import Store, now

iam = Service("iam")
projects = Service("cloudresourcemanager")

ACCOUNTS = "iam.serviceAccounts"
ROLES = "iam.roles"

Json = dict[str, Any]


@iam("projects.serviceAccounts.create")
def create_account(call: Call) -> Answer:
    """A service account; its e-mail address follows from its id and project."""
    project = call.parameters["name"].removeprefix("projects/")
    account_id = call.body.get("accountId", "")
    if not re.fullmatch(r"[a-z]([-a-z0-9]{4,28}[a-z0-9])", account_id):
        raise invalid(f"Invalid service account id: {account_id}")
    email = f"{account_id}@{project}.iam.gserviceaccount.com"
    name = f"projects/{project}/serviceAccounts/{email}"
    if call.store.get(ACCOUNTS, name):
        raise ApiError(
            409, f"Service account {account_id} already exists within project {project}."
        )
    unique_id = str(10**20 + call.store.serial())
    wanted = call.body.get("serviceAccount", {})
    account = {
        **{key: wanted[key] for key in ("displayName", "description") if key in wanted},
        "name": name,
        "projectId": project,
        "uniqueId": unique_id,
        "email": email,
        "oauth2ClientId": unique_id,
        "etag": _etag(call.store),
    }
    return call.store.put(ACCOUNTS, name, account)


@iam("projects.serviceAccounts.get")
def get_account(call: Call) -> Answer:
    """The account, by its e-mail address or its number."""
    return _account(call, call.parameters["name"])


@iam("projects.serviceAccounts.list")
def list_accounts(call: Call) -> Answer:
    """The accounts of a project."""
    below = f"{call.parameters['name']}/serviceAccounts/"
    return {"accounts": [account for _, account in call.store.all(ACCOUNTS, below)]}


@iam("projects.serviceAccounts.patch")
def patch_account(call: Call) -> Answer:
    """Another title or description."""
    account = _account(call, call.parameters["name"])
    wanted = call.body.get("serviceAccount") or {}
    for field, key in call.mask:
        if key not in ("displayName", "description"):
            raise invalid(f"The field {field} of a service account cannot be changed.")
        account[key] = wanted.get(key) or ""
    return call.store.put(ACCOUNTS, account["name"], {**account, "etag": _etag(call.store)})


@iam("projects.serviceAccounts.delete")
def delete_account(call: Call) -> Answer:
    """The account goes; what it was granted stays, for an account that is gone."""
    account = _account(call, call.parameters["name"])
    call.store.remove(ACCOUNTS, account["name"])
    policies.forget_account(call.store, account["email"], account["uniqueId"])
    return {}


@iam("projects.serviceAccounts.getIamPolicy")
def get_account_policy(call: Call) -> Answer:
    """Who may use the account."""
    account = _account(call, call.parameters["resource"])
    version = int(call.query.get("options.requestedPolicyVersion", 1))
    return policies.get(call.store, account["name"], version)


@iam("projects.serviceAccounts.setIamPolicy")
def set_account_policy(call: Call) -> Answer:
    """Who may use the account, replaced."""
    account = _account(call, call.parameters["resource"])
    return policies.put(call.store, account["name"], call.body.get("policy", {}))


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
    role = {"stage": "GA", **call.body.get("role", {}), "name": name, "etag": _etag(call.store)}
    _check_permissions(role)
    call.store.put(ROLES, name, role)
    return role


@iam("projects.roles.get")
def get_role(call: Call) -> Answer:
    """The role, a deleted one too."""
    return _role(call)


@iam("projects.roles.list")
def list_roles(call: Call) -> Answer:
    """The roles of a project."""
    deleted = call.query.get("showDeleted") == "true"
    found = call.store.all(ROLES, f"{call.parameters['parent']}/roles/")
    return {"roles": [role for _, role in found if deleted or not role.get("deleted")]}


@iam("projects.roles.patch")
def patch_role(call: Call) -> Answer:
    """Other contents of a role."""
    role = _role(call)
    if call.body.get("etag") and call.body["etag"] != role["etag"]:
        raise ApiError(409, "There were concurrent changes to the role.", word="ABORTED")
    for key in [key for _, key in call.mask] or list(call.body):
        if key not in ("title", "description", "includedPermissions", "stage", "etag"):
            raise invalid(f"The field {key} of a role cannot be changed.")
        role[key] = call.body.get(key) or ([] if key == "includedPermissions" else "")
    _check_permissions(role)
    role["etag"] = _etag(call.store)
    call.store.put(ROLES, role["name"], role)
    return role


@iam("projects.roles.delete")
def delete_role(call: Call) -> Answer:
    """The role is marked deleted, and stays for 37 days."""
    role = _role(call)
    if role.get("deleted"):
        raise ApiError(400, f"The role {role['name']} is deleted.", word="FAILED_PRECONDITION")
    role = {**role, "deleted": True, "etag": _etag(call.store)}
    call.store.put(ROLES, role["name"], role)
    return role


@iam("projects.roles.undelete")
def undelete_role(call: Call) -> Answer:
    """The role is back as it was."""
    role = _role(call)
    if not role.get("deleted"):
        raise ApiError(400, f"The role {role['name']} is not deleted.", word="FAILED_PRECONDITION")
    del role["deleted"]
    role["etag"] = _etag(call.store)
    call.store.put(ROLES, role["name"], role)
    return role


@projects("projects.get")
def get_project(call: Call) -> Answer:
    """A project: every id is one."""
    project = call.parameters["projectId"]
    return {
        "projectId": project,
        "projectNumber": call.store.number(project),
        "name": project,
        "lifecycleState": "ACTIVE",
        "createTime": now(),
    }


@projects("projects.getIamPolicy")
def get_project_policy(call: Call) -> Answer:
    """Who may do what in a project."""
    version = call.body.get("options", {}).get("requestedPolicyVersion", 1)
    return policies.get(call.store, f"projects/{call.parameters['resource']}", version)


@projects("projects.setIamPolicy")
def set_project_policy(call: Call) -> Answer:
    """Who may do what in a project, replaced."""
    return policies.put(
        call.store, f"projects/{call.parameters['resource']}", call.body.get("policy", {})
    )


def _account(call: Call, name: str) -> Json:
    """By name; the project may be left open with `-`, the address may be the number."""
    _, project, _, key = name.split("/")
    for _, account in call.store.all(ACCOUNTS):
        if project in ("-", account["projectId"]) and key in (
            account["email"],
            account["uniqueId"],
        ):
            return account
    raise ApiError(404, f"Unknown service account: {name}")


def _role(call: Call) -> Json:
    role = call.store.get(ROLES, call.parameters["name"])
    if role is None:
        raise not_found(call.parameters["name"])
    return role


def _check_permissions(role: Json) -> None:
    for permission in role.get("includedPermissions", []):
        if not re.fullmatch(r"[a-z]+(\.[a-zA-Z]+){2,3}", permission):
            raise invalid(f"Permission {permission} is not valid.")


def _etag(store: Store) -> str:
    return base64.b64encode(store.serial().to_bytes(8, "big")).decode()
