"""
Versions of secrets.

A payload is not kept, unless that is asked for: of it stays only whether two are the same.
"""

import base64
import hashlib

from fake_google.checksums import crc32c
from fake_google.errors import ApiError, invalid
from fake_google.listing import PAGED, page
from fake_google.service import Call
from fake_google.services.secretmanager.secrets import secret_of
from fake_google.services.secretmanager.service import SECRETS, VERSIONS, secretmanager
from fake_google.store import now
from fake_google.wire import Answer, Json

_LARGEST = 64 * 1024
"""The bytes of a payload, at most."""


@secretmanager("projects.secrets.addVersion")
def add_version(call: Call) -> Answer:
    """The next version, enabled."""
    secret = secret_of(call)
    try:
        payload = base64.b64decode(call.body.get("payload", {}).get("data", ""), validate=True)
    except ValueError as error:
        raise invalid("The payload is not base64.") from error
    if not payload:
        raise invalid("Secret Payload cannot be empty.")
    if len(payload) > _LARGEST:
        raise invalid(f"A payload has at most {_LARGEST} bytes.")
    checksum = call.body["payload"].get("dataCrc32c")
    if checksum is not None and int(checksum) != crc32c(payload):
        raise invalid("The payload does not match its checksum.")
    secret["last"] += 1
    call.store.put(SECRETS, secret["name"], secret)
    name = f"{secret['name']}/versions/{secret['last']}"
    version = {
        "name": name,
        "createTime": now(),
        "state": "ENABLED",
        **({"clientSpecifiedPayloadChecksum": True} if checksum is not None else {}),
        # Enough to see that two are the same, too little to guess one.
        "digest": hashlib.sha256(payload).hexdigest()[:7],
    }
    if call.options.keep_payloads:
        call.store.payloads[name] = base64.b64encode(payload).decode()
    return _version_answer(call, call.store.put(VERSIONS, name, version))


@secretmanager("projects.secrets.versions.get")
def get_version(call: Call) -> Answer:
    """A version, without its payload."""
    return _version_answer(call, _version(call))


@secretmanager("projects.secrets.versions.list", takes=("filter", *PAGED))
def list_versions(call: Call) -> Answer:
    """The versions of a secret, the newest first."""
    found = list(call.store.all(VERSIONS, f"{secret_of(call)['name']}/versions/"))
    found.sort(key=lambda entry: -int(entry[0].rpartition("/")[2]))
    versions, more = page(call, [_version_answer(call, version) for _, version in found])
    return {"versions": versions, **more}


@secretmanager("projects.secrets.versions.access")
def access_version(call: Call) -> Answer:
    """The payload of an enabled version, if payloads are kept."""
    version = _version(call)
    if version["state"] != "ENABLED":
        raise ApiError(
            400,
            f"Secret Version [{version['name']}] is in {version['state']} state.",
            word="FAILED_PRECONDITION",
        )
    data = call.store.payloads.get(version["name"])
    if data is None:
        raise ApiError(
            403, f"The fake Google does not keep payloads: {version['name']} cannot be read."
        )
    checksum = str(crc32c(base64.b64decode(data)))
    payload = {"data": data, "dataCrc32c": checksum}
    return {"name": call.store.numbered(version["name"]), "payload": payload}


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
        call.store.payloads.pop(version["name"], None)
    return _version_answer(call, call.store.put(VERSIONS, version["name"], version))


def _version(call: Call) -> Json:
    name = _numbered(call, call.store.canonical(call.parameters["name"]))
    version = call.store.get(VERSIONS, name)
    if version is None:
        raise ApiError(404, f"Secret Version [{name}] not found.")
    return version


def _numbered(call: Call, name: str) -> str:
    """The name of a version that may be called `latest`, or by an alias."""
    below, _, key = name.rpartition("/")
    if key.isdigit():
        return name
    secret = call.store.get(SECRETS, below.removesuffix("/versions")) or {"last": 0}
    number = secret.get("versionAliases", {}).get(key)
    if key == "latest" and secret["last"]:
        number = secret["last"]
    return f"{below}/{number}" if number else name


def _version_answer(call: Call, version: Json) -> Json:
    return {
        **{key: value for key, value in version.items() if key != "digest"},
        "name": call.store.numbered(version["name"]),
    }
