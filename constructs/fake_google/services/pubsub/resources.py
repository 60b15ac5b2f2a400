"""What topics and subscriptions have in common: names, masks and policies."""

import re

from fake_google.errors import ApiError, invalid
from fake_google.service import Call
from fake_google.services.iam import access, policies
from fake_google.services.pubsub.service import pubsub
from fake_google.wire import Answer, Json

_ID = re.compile(r"[A-Za-z][A-Za-z0-9._~+%-]{2,254}")


@pubsub("projects.topics.get", "projects.subscriptions.get")
def get(call: Call) -> Answer:
    """A topic or a subscription."""
    return existing(call, *place(call))


@pubsub(
    "projects.topics.getIamPolicy",
    "projects.subscriptions.getIamPolicy",
    takes=("options.requestedPolicyVersion",),
)
def get_policy(call: Call) -> Answer:
    """Who may use the topic or subscription."""
    kind, name = place(call)
    existing(call, kind, name)
    return policies.get(call.store, name, int(call.query.get("options.requestedPolicyVersion", 1)))


@pubsub("projects.topics.setIamPolicy", "projects.subscriptions.setIamPolicy")
def set_policy(call: Call) -> Answer:
    """Who may use the topic or subscription, replaced."""
    kind, name = place(call)
    existing(call, kind, name)
    return policies.change(call, name)


@pubsub("projects.topics.testIamPermissions", "projects.subscriptions.testIamPermissions")
def test_permissions(call: Call) -> Answer:
    """Which of some permissions whoever asks has; none on what does not exist."""
    if call.store.get(*place(call)) is None:
        return {}
    return access.held(call, call.body.get("permissions", []))


def place(call: Call) -> tuple[str, str]:
    """The kind and the full name of what a path is about."""
    (name,) = (
        call.parameters[key]
        for key in ("name", "topic", "subscription", "resource")
        if key in call.parameters
    )
    return f"pubsub.{name.split('/')[2]}", name


def new_name(call: Call, kind: str) -> str:
    """The full name of what is to be made. Raises ApiError where it is none, or taken."""
    _, name = place(call)
    id_ = name.rpartition("/")[2]
    if not _ID.fullmatch(id_) or id_.startswith("goog"):
        raise invalid(f"Invalid resource name given (name={name}).")
    if call.store.get(kind, name):
        raise ApiError(409, f"Resource already exists in the project (resource={id_}).")
    return name


def existing(call: Call, kind: str, name: str) -> Json:
    """The topic or subscription. Raises ApiError where there is none."""
    resource = call.store.get(kind, name)
    if resource is None:
        raise missing(name)
    return resource


def wanted_fields(call: Call, part: str, fixed: tuple[str, ...]) -> Json:
    """What the mask names, with its new value, or None where it shall go."""
    if not call.mask:
        raise invalid("The update_mask in the request must be set.")
    wanted = {}
    for field, name in call.mask:
        key = name.partition(".")[0]
        if key in fixed:
            raise invalid(f"Invalid update_mask provided in the request: {field} is not mutable.")
        wanted[key] = (call.body.get(part) or {}).get(key)
    return wanted


def patched(call: Call, kind: str, name: str, wanted: Json) -> Json:
    """The topic or subscription with other values, kept."""
    changed = {**existing(call, kind, name), **wanted}
    kept = {key: value for key, value in changed.items() if value is not None}
    return call.store.put(kind, name, kept)


def missing(name: str) -> ApiError:
    """*name* does not exist."""
    return ApiError(404, f"Resource not found (resource={name.rpartition('/')[2]}).")
