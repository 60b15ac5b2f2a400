"""Service accounts, and who may use them."""

import re

from fake_google.errors import ApiError, invalid
from fake_google.listing import PAGED, page
from fake_google.service import Call
from fake_google.services.iam import access, policies
from fake_google.services.iam.service import ACCOUNTS, check_texts, etag, iam
from fake_google.store import Store
from fake_google.wire import Answer, Json


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
    wanted = call.body.get("serviceAccount", {})
    check_texts(wanted)
    described = {key: wanted[key] for key in ("displayName", "description") if key in wanted}
    account = {**described, **new_account(call.store, email)}
    return call.store.put(ACCOUNTS, name, account)


@iam("projects.serviceAccounts.get")
def get_account(call: Call) -> Answer:
    """The account, by its e-mail address or its number."""
    return _account(call, call.parameters["name"])


@iam("projects.serviceAccounts.list", takes=PAGED)
def list_accounts(call: Call) -> Answer:
    """The accounts of a project."""
    below = f"{call.parameters['name']}/serviceAccounts/"
    accounts, more = page(call, [account for _, account in call.store.all(ACCOUNTS, below)])
    return {"accounts": accounts, **more}


@iam("projects.serviceAccounts.patch")
def patch_account(call: Call) -> Answer:
    """Another title or description."""
    account = _account(call, call.parameters["name"])
    wanted = call.body.get("serviceAccount") or {}
    check_texts(wanted)
    for field, key in call.mask:
        if key not in ("displayName", "description"):
            raise invalid(f"The field {field} of a service account cannot be changed.")
        account[key] = wanted.get(key) or ""
    return call.store.put(ACCOUNTS, account["name"], {**account, "etag": etag(call.store)})


@iam("projects.serviceAccounts.delete")
def delete_account(call: Call) -> Answer:
    """The account goes; what it was granted stays, for an account that is gone."""
    account = _account(call, call.parameters["name"])
    call.store.set_aside(ACCOUNTS, account, account["uniqueId"])
    policies.forget_account(call.store, account["email"], account["uniqueId"])
    return {}


@iam("projects.serviceAccounts.undelete")
def undelete_account(call: Call) -> Answer:
    """The account is back, by its number, with who may use it and all that it was granted."""
    _, project, _, number = call.parameters["name"].split("/")
    kept = dict(call.store.aside(ACCOUNTS)).get(number)
    if kept is None or project not in ("-", kept["projectId"]):
        raise ApiError(404, f"Unknown service account: {call.parameters['name']}")
    if call.store.get(ACCOUNTS, kept["name"]):
        raise ApiError(
            400, f"There is an account {kept['email']} by now.", word="FAILED_PRECONDITION"
        )
    account = call.store.bring_back(ACCOUNTS, number)
    policies.remember_account(call.store, account["email"], number)
    return {"restoredAccount": account}


@iam("projects.serviceAccounts.getIamPolicy", takes=("options.requestedPolicyVersion",))
def get_account_policy(call: Call) -> Answer:
    """Who may use the account."""
    account = _account(call, call.parameters["resource"])
    version = int(call.query.get("options.requestedPolicyVersion", 1))
    return policies.get(call.store, account["name"], version)


@iam("projects.serviceAccounts.setIamPolicy")
def set_account_policy(call: Call) -> Answer:
    """Who may use the account, replaced."""
    account = _account(call, call.parameters["resource"])
    return policies.change(call, account["name"])


@iam("projects.serviceAccounts.testIamPermissions")
def test_account_permissions(call: Call) -> Answer:
    """Which of some permissions whoever asks has on the account."""
    _account(call, call.parameters["resource"])
    return access.held(call, call.body.get("permissions", []))


def new_account(store: Store, email: str) -> Json:
    """A service account that nothing is said of but its address."""
    project = email.partition("@")[2].partition(".")[0]
    unique_id = str(10**20 + store.serial())
    return {
        "name": f"projects/{project}/serviceAccounts/{email}",
        "projectId": project,
        "uniqueId": unique_id,
        "email": email,
        "oauth2ClientId": unique_id,
        "etag": etag(store),
    }


def _account(call: Call, name: str) -> Json:
    """By name; the project may be left open with `-`, the address may be the number."""
    _, project, _, key = name.split("/")
    for _, account in call.store.all(ACCOUNTS):
        if project in ("-", account["projectId"]) and key in (
            account["email"],
            account["uniqueId"],
        ):
            return account
    # Every project has the account that its VMs run as where nobody says otherwise.
    number, at, domain = key.partition("-compute@")
    if at and domain == "developer.gserviceaccount.com" and number.isdigit():
        return _default_account(call, number, key)
    raise ApiError(404, f"Unknown service account: {name}")


def _default_account(call: Call, number: str, email: str) -> Json:
    project = call.store.project(number)
    return {
        "name": f"projects/{project}/serviceAccounts/{email}",
        "projectId": project,
        "uniqueId": f"1{number}{number[:8]}",
        "email": email,
        "displayName": "Compute Engine default service account",
        "etag": "MDEwMjE5MjA=",
    }
