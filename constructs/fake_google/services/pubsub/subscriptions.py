"""Subscriptions, without the messages in them."""

import re

from fake_google.errors import invalid
from fake_google.listing import PAGED, page
from fake_google.service import Call
from fake_google.services.pubsub.resources import (
    existing,
    missing,
    new_name,
    patched,
    place,
    wanted_fields,
)
from fake_google.services.pubsub.service import SUBSCRIPTIONS, TOPICS, pubsub
from fake_google.wire import Answer, Json

_FIXED = ("name", "topic", "filter", "enableMessageOrdering")
"""What cannot be changed of a subscription."""
_DEFAULTS: Json = {
    "ackDeadlineSeconds": 10,
    "messageRetentionDuration": "604800s",
    "expirationPolicy": {"ttl": "2678400s"},
    "pushConfig": {},
}
"""Of a subscription."""


@pubsub("projects.subscriptions.create")
def create_subscription(call: Call) -> Answer:
    """A subscription to a topic that exists, with Google's defaults."""
    name = new_name(call, SUBSCRIPTIONS)
    topic = call.body.get("topic", "")
    if call.store.get(TOPICS, topic) is None:
        raise missing(topic)
    _check_filter(call.body)
    subscription = {
        **_DEFAULTS,
        "state": "ACTIVE",
        **call.body,
        "name": name,
    }
    _check_deadline(subscription)
    return call.store.put(SUBSCRIPTIONS, name, subscription)


@pubsub("projects.subscriptions.list", takes=PAGED)
def list_subscriptions(call: Call) -> Answer:
    """The subscriptions of a project."""
    found = call.store.all(SUBSCRIPTIONS, f"{call.parameters['project']}/subscriptions/")
    shown, more = page(call, [subscription for _, subscription in found])
    return {"subscriptions": shown, **more}


@pubsub("projects.subscriptions.patch")
def patch_subscription(call: Call) -> Answer:
    """Another value for what the mask names; never for the filter or the topic."""
    kind, name = place(call)
    wanted = wanted_fields(call, "subscription", _FIXED)
    wanted = {key: _DEFAULTS.get(key) if value is None else value for key, value in wanted.items()}
    _check_deadline(wanted)
    return patched(call, kind, name, wanted)


@pubsub("projects.subscriptions.delete")
def delete_subscription(call: Call) -> Answer:
    """The subscription goes, and every message in it."""
    kind, name = place(call)
    existing(call, kind, name)
    call.store.remove(kind, name)
    return {}


def _check_deadline(subscription: Json) -> None:
    deadline = subscription.get("ackDeadlineSeconds", 10)
    if not 10 <= deadline <= 600:  # noqa: PLR2004 - Google's limits
        raise invalid("Invalid ack deadline: it must be from 10 to 600 seconds.")


def _check_filter(subscription: Json) -> None:
    text = subscription.get("filter", "")
    if text and not re.search(r"attributes|hasPrefix", text):
        raise invalid(f"Invalid filter: {text}")
