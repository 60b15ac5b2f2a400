"""
Secrets and their versions.

A payload is not kept: of it stays only whether two are the same. It cannot be read again.
"""

import base64
import hashlib
import re
from typing import Any

from fake_google import policies
from fake_google.calls import Answer, Call, Service
from fake_google.errors import ApiError, invalid
from fake_google.store import now

secretmanager = Service("secretmanager")

Json = dict[str, Any]

SECRETS = "secretmanager.secrets"
VERSIONS = "secretmanager.versions"

_CHANGEABLE = (
    "annotations",
    "expireTime",
    "labels",
    "rotation",
    "topics",
    "ttl",
    "versionAliases",
    "versionDestroyTtl",
)


@secretmanager("projects.secrets.create")
def create_secret(call: Call) -> Answer:
    """A secret, still without a version."""
    secret_id = call.query.get("secretId", "")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", secret_id):
        raise invalid(f"Invalid secret id: '{secret_id}'")
    name = call.store.canonical(f"{call.parameters['parent']}/secrets/{secret_id}")
    if call.store.get(SECRETS, name):
        raise ApiError(409, f"Secret [{name}] already exists.")
    if not call.body.get("replication"):
        raise invalid("A secret needs a replication policy.")
    secret = {**call.body, "name": name, "createTime": now(), "last": 0}
    return _answer(call, call.store.put(SECRETS, name, {**secret, "serial": call.store.serial()}))


@secretmanager("projects.secrets.get")
def get_secret(call: Call) -> Answer:
    """A secret, without its payloads."""
    return _answer(call, _secret(call))


@secretmanager("projects.secrets.list")
def list_secrets(call: Call) -> Answer:
    """The secrets of a project."""
    below = call.store.canonical(f"{call.parameters['parent']}/secrets/")
    found = call.store.all(SECRETS, below)
    return {"secrets": [_answer(call, secret) for _, secret in found]}


@secretmanager("projects.secrets.patch")
def patch_secret(call: Call) -> Answer:
    """Another value for what the mask names."""
    secret = _secret(call)
    if not call.mask:
        raise invalid("The update_mask in the request must be set.")
    for field, key in call.mask:
        if key not in _CHANGEABLE:
            raise invalid(f"The field {field} of a secret cannot be changed.")
        secret.pop(key, None)
        if call.body.get(key):
            secret[key] = call.body[key]
    secret["serial"] = call.store.serial()
    return _answer(call, call.store.put(SECRETS, secret["name"], secret))


@secretmanager("projects.secrets.delete")
def delete_secret(call: Call) -> Answer:
    """The secret with all its versions."""
    secret = _secret(call)
    for name, _ in call.store.all(VERSIONS, f"{secret['name']}/versions/"):
        call.store.remove(VERSIONS, name)
    call.store.remove(SECRETS, secret["name"])
    return {}


@secretmanager("projects.secrets.getIamPolicy")
def get_policy(call: Call) -> Answer:
    """Who may read the secret."""
    secret = _secret(call)
    version = int(call.query.get("options.requestedPolicyVersion", 1))
    return policies.get(call.store, secret["name"], version)


@secretmanager("projects.secrets.setIamPolicy")
def set_policy(call: Call) -> Answer:
    """Who may read the secret, replaced."""
    secret = _secret(call)
    return policies.put(call.store, secret["name"], call.body.get("policy", {}))


@secretmanager("projects.secrets.addVersion")
def add_version(call: Call) -> Answer:
    """The next version, enabled."""
    secret = _secret(call)
    try:
        payload = base64.b64decode(call.body.get("payload", {}).get("data", ""), validate=True)
    except ValueError as error:
        raise invalid("The payload is not base64.") from error
    if not payload:
        raise invalid("Secret Payload cannot be empty.")
    secret["last"] += 1
    call.store.put(SECRETS, secret["name"], secret)
    name = f"{secret['name']}/versions/{secret['last']}"
    version = {
        "name": name,
        "createTime": now(),
        "state": "ENABLED",
        # Enough to see that two are the same, too little to guess one.
        "digest": hashlib.sha256(payload).hexdigest()[:7],
    }
    return _version_answer(call, call.store.put(VERSIONS, name, version))


@secretmanager("projects.secrets.versions.get")
def get_version(call: Call) -> Answer:
    """A version, without its payload."""
    return _version_answer(call, _version(call))


@secretmanager("projects.secrets.versions.list")
def list_versions(call: Call) -> Answer:
    """The versions of a secret, the newest first."""
    found = list(call.store.all(VERSIONS, f"{_secret(call)['name']}/versions/"))
    found.sort(key=lambda entry: -int(entry[0].rpartition("/")[2]))
    return {"versions": [_version_answer(call, version) for _, version in found]}


@secretmanager("projects.secrets.versions.access")
def access_version(call: Call) -> Answer:
    """Never: the payload is not there any more."""
    version = _version(call)
    raise ApiError(
        403, f"The fake Google does not keep payloads: {version['name']} cannot be read."
    )


@secretmanager("projects.secrets.versions.enable")
def enable_version(call: Call) -> Answer:
    """Readable again."""
    return _with_state(call, "ENABLED")


@secretmanager("projects.secrets.versions.disable")
def disable_version(call: Call) -> Answer:
    """Not readable until it is enabled again."""
    return _with_state(call, "DISABLED")


@secretmanager("projects.secrets.versions.destroy")
def destroy_version(call: Call) -> Answer:
    """Never readable again; its number stays taken."""
    return _with_state(call, "DESTROYED")


def _with_state(call: Call, state: str) -> Json:
    version = _version(call)
    if version["state"] == "DESTROYED":
        raise ApiError(
            400, f"Secret Version [{version['name']}] is destroyed.", word="FAILED_PRECONDITION"
        )
    version["state"] = state
    if state == "DESTROYED":
        version["destroyTime"] = now()
        del version["digest"]
    return _version_answer(call, call.store.put(VERSIONS, version["name"], version))


def _secret(call: Call) -> Json:
    (key,) = (
        call.parameters[key] for key in ("name", "resource", "parent") if key in call.parameters
    )
    name = call.store.canonical(key)
    secret = call.store.get(SECRETS, name)
    if secret is None:
        raise ApiError(404, f"Secret [{name}] not found.")
    return secret


def _version(call: Call) -> Json:
    name = call.store.canonical(call.parameters["name"])
    version = call.store.get(VERSIONS, name)
    if version is None:
        raise ApiError(404, f"Secret Version [{name}] not found.")
    return version


def _answer(call: Call, secret: Json) -> Json:
    hidden = ("last", "serial")
    return {
        **{key: value for key, value in secret.items() if key not in hidden},
        "name": call.store.numbered(secret["name"]),
        "etag": f'"{secret["serial"]:x}"',
    }


def _version_answer(call: Call, version: Json) -> Json:
    return {
        **{key: value for key, value in version.items() if key != "digest"},
        "name": call.store.numbered(version["name"]),
    }
