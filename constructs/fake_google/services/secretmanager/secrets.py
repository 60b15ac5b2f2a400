"""Secrets, and who may read them."""

import re
from datetime import datetime, timedelta, timezone

from fake_google.errors import ApiError, invalid
from fake_google.limits import check_duration, check_labels, seconds
from fake_google.listing import PAGED, page
from fake_google.service import Call
from fake_google.services.iam import access, policies
from fake_google.services.secretmanager.service import SECRETS, VERSIONS, secretmanager
from fake_google.store import now
from fake_google.wire import Answer, Json

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


@secretmanager("projects.secrets.create", takes=("secretId",))
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
    _ttl_as_time(secret)
    _check(call, secret)
    return _answer(call, call.store.put(SECRETS, name, {**secret, "serial": call.store.serial()}))


@secretmanager("projects.secrets.get")
def get_secret(call: Call) -> Answer:
    """A secret, without its payloads."""
    return _answer(call, secret_of(call))


@secretmanager("projects.secrets.list", takes=("filter", *PAGED))
def list_secrets(call: Call) -> Answer:
    """The secrets of a project."""
    below = call.store.canonical(f"{call.parameters['parent']}/secrets/")
    found = call.store.all(SECRETS, below)
    secrets, more = page(call, [_answer(call, secret) for _, secret in found])
    return {"secrets": secrets, **more}


@secretmanager("projects.secrets.patch", takes=("updateMask",))
def patch_secret(call: Call) -> Answer:
    """Another value for what the mask names."""
    secret = secret_of(call)
    _check_etag(call.body.get("etag"), secret)
    if not call.mask:
        raise invalid("The update_mask in the request must be set.")
    for field, key in call.mask:
        if key not in _CHANGEABLE:
            raise invalid(f"The field {field} of a secret cannot be changed.")
        secret.pop(key, None)
        if call.body.get(key):
            secret[key] = call.body[key]
    _ttl_as_time(secret)
    _check(call, secret)
    secret["serial"] = call.store.serial()
    return _answer(call, call.store.put(SECRETS, secret["name"], secret))


@secretmanager("projects.secrets.delete", takes=("etag",))
def delete_secret(call: Call) -> Answer:
    """The secret with all its versions."""
    secret = secret_of(call)
    _check_etag(call.query.get("etag"), secret)
    for name, _ in call.store.all(VERSIONS, f"{secret['name']}/versions/"):
        call.store.remove(VERSIONS, name)
        call.store.payloads.pop(name, None)
    call.store.remove(SECRETS, secret["name"])
    return {}


@secretmanager("projects.secrets.getIamPolicy", takes=("options.requestedPolicyVersion",))
def get_policy(call: Call) -> Answer:
    """Who may read the secret."""
    secret = secret_of(call)
    version = int(call.query.get("options.requestedPolicyVersion", 1))
    return policies.get(call.store, secret["name"], version)


@secretmanager("projects.secrets.setIamPolicy")
def set_policy(call: Call) -> Answer:
    """Who may read the secret, replaced."""
    secret = secret_of(call)
    return policies.change(call, secret["name"])


@secretmanager("projects.secrets.testIamPermissions")
def test_permissions(call: Call) -> Answer:
    """Which of some permissions whoever asks has; none on what does not exist."""
    if call.store.get(SECRETS, call.store.canonical(call.parameters["resource"])) is None:
        return {}
    return access.held(call, call.body.get("permissions", []))


def secret_of(call: Call) -> Json:
    """The secret that a call is about, by id or number of its project."""
    (key,) = (
        call.parameters[key] for key in ("name", "resource", "parent") if key in call.parameters
    )
    name = call.store.canonical(key)
    secret = call.store.get(SECRETS, name)
    if secret is None:
        raise ApiError(404, f"Secret [{name}] not found.")
    return secret


def _check_etag(etag: str | None, secret: Json) -> None:
    if etag and etag != f'"{secret["serial"]:x}"':
        raise ApiError(400, "The etag is not that of the secret.", word="FAILED_PRECONDITION")


def _ttl_as_time(secret: Json) -> None:
    """A secret's time to live is only ever told as the time when it ends."""
    if ttl := secret.pop("ttl", None):
        end = datetime.now(timezone.utc) + timedelta(seconds=seconds(ttl, "ttl"))
        secret["expireTime"] = end.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _check(call: Call, secret: Json) -> None:
    """Refuse labels, durations and topics that are none."""
    check_labels(secret.get("labels"))
    rotation = secret.get("rotation") or {}
    check_duration(rotation.get("rotationPeriod"), "rotation.rotationPeriod", 3600, 3.15e9)
    check_duration(secret.get("versionDestroyTtl"), "versionDestroyTtl", 86_400, 3.15e9)
    if rotation and not secret.get("topics"):
        raise invalid("A secret that is to be rotated needs a topic to say so.")
    for topic in secret.get("topics") or []:
        name = topic.get("name") or ""
        if call.store.get("pubsub.topics", name) is None:
            raise invalid(f"The topic {name} does not exist.")


def _answer(call: Call, secret: Json) -> Json:
    hidden = ("last", "serial")
    return {
        **{key: value for key, value in secret.items() if key not in hidden},
        "name": call.store.numbered(secret["name"]),
        "etag": f'"{secret["serial"]:x}"',
    }
