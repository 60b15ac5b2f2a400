"""Subscriptions, without the messages in them."""

from fake_google import filters
from fake_google.errors import invalid
from fake_google.limits import check_duration, check_labels, seconds
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
from fake_google.services.pubsub.service import MESSAGES, SUBSCRIPTIONS, TOPICS, pubsub
from fake_google.wire import Answer, Json

DAY = 86_400

_LONGEST_FILTER = 256

_FIXED = ("name", "topic", "filter", "enableMessageOrdering")
"""What cannot be changed of a subscription."""
_DEFAULTS: Json = {
    "ackDeadlineSeconds": 10,
    "messageRetentionDuration": "604800s",
    "expirationPolicy": {"ttl": "2678400s"},
    "pushConfig": {},
}
"""Defaults of a subscription."""


@pubsub("projects.subscriptions.create")
def create_subscription(call: Call) -> Answer:
    """A subscription to a topic that exists, with Google's defaults."""
    name = new_name(call, SUBSCRIPTIONS)
    topic = call.body.get("topic", "")
    if call.store.get(TOPICS, topic) is None:
        raise missing(topic)
    _check_filter(call.body.get("filter") or "")
    subscription = new_subscription(name, call.body)
    _check(call, subscription, call.body)
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
    _check(call, {**existing(call, kind, name), **wanted}, wanted)
    return patched(call, kind, name, _complete(wanted))


@pubsub("projects.subscriptions.delete")
def delete_subscription(call: Call) -> Answer:
    """The subscription goes, and every message in it."""
    kind, name = place(call)
    existing(call, kind, name)
    call.store.remove(kind, name)
    call.store.remove(MESSAGES, name)
    return {}


def new_subscription(name: str, body: Json) -> Json:
    """A subscription as it is asked for, with Google's defaults."""
    return _complete({**_DEFAULTS, "state": "ACTIVE", **body, "name": name})


def _complete(subscription: Json) -> Json:
    """Where messages are written to Cloud Storage, that is as text, if nothing else is said."""
    written = subscription.get("cloudStorageConfig")
    if written and "avroConfig" not in written:
        subscription["cloudStorageConfig"] = {"textConfig": {}, **written}
    return subscription


def _check(call: Call, subscription: Json, given: Json) -> None:
    """Refuse what Google does of a subscription that *given* makes it what it is."""
    deadline = subscription.get("ackDeadlineSeconds") or 10
    if not 10 <= deadline <= 600:  # noqa: PLR2004 - Google's limits
        raise invalid("Invalid ack deadline: it must be from 10 to 600 seconds.")
    check_labels(subscription.get("labels"))
    retained = subscription.get("messageRetentionDuration")
    check_duration(retained, "messageRetentionDuration", 600, 31 * DAY)
    ttl = (subscription.get("expirationPolicy") or {}).get("ttl")
    check_duration(ttl, "expirationPolicy.ttl", DAY, 365 * DAY)
    if ttl and retained and seconds(ttl, "ttl") < seconds(retained, "messageRetentionDuration"):
        raise invalid("expirationPolicy.ttl must not be less than messageRetentionDuration.")
    retry = subscription.get("retryPolicy") or {}
    for key in ("minimumBackoff", "maximumBackoff"):
        check_duration(retry.get(key), f"retryPolicy.{key}", 0, 600)
    dead = given.get("deadLetterPolicy") or {}
    if dead:
        if call.store.get(TOPICS, dead.get("deadLetterTopic") or "") is None:
            raise missing(dead.get("deadLetterTopic") or "")
        if not 5 <= (dead.get("maxDeliveryAttempts") or 5) <= 100:  # noqa: PLR2004 - the same
            raise invalid("maxDeliveryAttempts must be from 5 to 100.")


def _check_filter(text: str) -> None:
    if len(text.encode()) > _LONGEST_FILTER:
        raise invalid(f"The filter has more than {_LONGEST_FILTER} bytes.")
    try:
        filters.of_subscription(text)
    except filters.FilterError as error:
        raise invalid(f"Invalid filter: {text}: {error}") from error
