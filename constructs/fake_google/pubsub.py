"""Topics and subscriptions, without the messages in them."""

import re
from typing import Any

from fake_google import policies
from fake_google.calls import Answer, Call, Service
from fake_google.errors import ApiError, invalid

pubsub = Service("pubsub")

Json = dict[str, Any]

TOPICS = "pubsub.topics"
SUBSCRIPTIONS = "pubsub.subscriptions"

DELETED_TOPIC = "_deleted-topic_"

_ID = re.compile(r"[A-Za-z][A-Za-z0-9._~+%-]{2,254}")
_FIXED = ("name", "topic", "filter", "enableMessageOrdering")
"""What cannot be changed of a subscription."""
_DEFAULTS: Json = {
    "ackDeadlineSeconds": 10,
    "messageRetentionDuration": "604800s",
    "expirationPolicy": {"ttl": "2678400s"},
    "pushConfig": {},
}
"""Of a subscription."""


@pubsub("projects.topics.create")
def create_topic(call: Call) -> Answer:
    """A topic; its id must not begin with `goog`."""
    name = _new(call, TOPICS)
    return call.store.put(TOPICS, name, {**call.body, "name": name})


@pubsub("projects.subscriptions.create")
def create_subscription(call: Call) -> Answer:
    """A subscription to a topic that exists, with Google's defaults."""
    name = _new(call, SUBSCRIPTIONS)
    topic = call.body.get("topic", "")
    if call.store.get(TOPICS, topic) is None:
        raise _missing(topic)
    _check_filter(call.body)
    subscription = {
        **_DEFAULTS,
        "state": "ACTIVE",
        **call.body,
        "name": name,
    }
    _check_deadline(subscription)
    return call.store.put(SUBSCRIPTIONS, name, subscription)


@pubsub("projects.topics.get", "projects.subscriptions.get")
def get(call: Call) -> Answer:
    """A topic or a subscription."""
    return _found(call, *_place(call))


@pubsub("projects.topics.list")
def list_topics(call: Call) -> Answer:
    """The topics of a project."""
    found = call.store.all(TOPICS, f"{call.parameters['project']}/topics/")
    return {"topics": [topic for _, topic in found]}


@pubsub("projects.subscriptions.list")
def list_subscriptions(call: Call) -> Answer:
    """The subscriptions of a project."""
    found = call.store.all(SUBSCRIPTIONS, f"{call.parameters['project']}/subscriptions/")
    return {"subscriptions": [subscription for _, subscription in found]}


@pubsub("projects.topics.patch")
def patch_topic(call: Call) -> Answer:
    """Another value for what the mask names."""
    kind, name = _place(call)
    return _patched(call, kind, name, _wanted(call, "topic", ("name",)))


@pubsub("projects.subscriptions.patch")
def patch_subscription(call: Call) -> Answer:
    """Another value for what the mask names; never for the filter or the topic."""
    kind, name = _place(call)
    wanted = _wanted(call, "subscription", _FIXED)
    wanted = {key: _DEFAULTS.get(key) if value is None else value for key, value in wanted.items()}
    _check_deadline(wanted)
    return _patched(call, kind, name, wanted)


@pubsub("projects.topics.delete")
def delete_topic(call: Call) -> Answer:
    """The topic goes; its subscriptions stay, with what is in them."""
    kind, name = _place(call)
    _found(call, kind, name)
    call.store.remove(kind, name)
    for other, subscription in call.store.all(SUBSCRIPTIONS):
        if subscription["topic"] == name:
            call.store.put(SUBSCRIPTIONS, other, {**subscription, "topic": DELETED_TOPIC})
    return {}


@pubsub("projects.subscriptions.delete")
def delete_subscription(call: Call) -> Answer:
    """The subscription goes, and every message in it."""
    kind, name = _place(call)
    _found(call, kind, name)
    call.store.remove(kind, name)
    return {}


@pubsub("projects.topics.getIamPolicy", "projects.subscriptions.getIamPolicy")
def get_policy(call: Call) -> Answer:
    """Who may use the topic or subscription."""
    kind, name = _place(call)
    _found(call, kind, name)
    return policies.get(call.store, name, int(call.query.get("options.requestedPolicyVersion", 1)))


@pubsub("projects.topics.setIamPolicy", "projects.subscriptions.setIamPolicy")
def set_policy(call: Call) -> Answer:
    """Who may use the topic or subscription, replaced."""
    kind, name = _place(call)
    _found(call, kind, name)
    return policies.put(call.store, name, call.body.get("policy", {}))


def _place(call: Call) -> tuple[str, str]:
    """The kind and the full name of what a path is about."""
    (name,) = (
        call.parameters[key]
        for key in ("name", "topic", "subscription", "resource")
        if key in call.parameters
    )
    return f"pubsub.{name.split('/')[2]}", name


def _new(call: Call, kind: str) -> str:
    _, name = _place(call)
    id_ = name.rpartition("/")[2]
    if not _ID.fullmatch(id_) or id_.startswith("goog"):
        raise invalid(f"Invalid resource name given (name={name}).")
    if call.store.get(kind, name):
        raise ApiError(409, f"Resource already exists in the project (resource={id_}).")
    return name


def _found(call: Call, kind: str, name: str) -> Json:
    resource = call.store.get(kind, name)
    if resource is None:
        raise _missing(name)
    return resource


def _wanted(call: Call, part: str, fixed: tuple[str, ...]) -> Json:
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


def _patched(call: Call, kind: str, name: str, wanted: Json) -> Json:
    changed = {**_found(call, kind, name), **wanted}
    kept = {key: value for key, value in changed.items() if value is not None}
    return call.store.put(kind, name, kept)


def _check_deadline(subscription: Json) -> None:
    deadline = subscription.get("ackDeadlineSeconds", 10)
    if not 10 <= deadline <= 600:  # noqa: PLR2004 - Google's limits
        raise invalid("Invalid ack deadline: it must be from 10 to 600 seconds.")


def _check_filter(subscription: Json) -> None:
    text = subscription.get("filter", "")
    if text and not re.search(r"attributes|hasPrefix", text):
        raise invalid(f"Invalid filter: {text}")


def _missing(name: str) -> ApiError:
    return ApiError(404, f"Resource not found (resource={name.rpartition('/')[2]}).")
