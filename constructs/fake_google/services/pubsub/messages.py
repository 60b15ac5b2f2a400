"""Messages: published to topics, pulled from subscriptions, acknowledged or handed back."""

import time

from fake_google import filters
from fake_google.errors import invalid
from fake_google.service import Call
from fake_google.services.pubsub.resources import existing, place
from fake_google.services.pubsub.service import MESSAGES, SUBSCRIPTIONS, TOPICS, pubsub
from fake_google.store import now
from fake_google.wire import Answer, Json

_LARGEST = 10_000_000
_MOST = 1000


@pubsub("projects.topics.publish")
def publish(call: Call) -> Answer:
    """Messages, which every subscription gets whose filter lets them pass."""
    kind, topic = place(call)
    existing(call, kind, topic)
    messages = call.body.get("messages") or []
    if not 1 <= len(messages) <= _MOST:
        raise invalid(f"Between 1 and {_MOST} messages can be published at once.")
    if len(call.request.raw) > _LARGEST:
        raise invalid(f"A request to publish has at most {_LARGEST} bytes.")
    for message in messages:
        if not message.get("data") and not message.get("attributes"):
            raise invalid("A message has data, or an attribute.")
    return {"messageIds": [_published(call, topic, message) for message in messages]}


@pubsub("projects.subscriptions.pull")
def pull(call: Call) -> Answer:
    """Messages that wait, each for as long as the subscription's deadline says."""
    kind, name = place(call)
    subscription = existing(call, kind, name)
    wanted = call.body.get("maxMessages") or 0
    if not 1 <= wanted:
        raise invalid("maxMessages must be greater than 0.")
    pulled: list[Json] = []
    kept: list[Json] = []
    for entry in _queue(call, name):
        if entry["until"] > time.time() or len(pulled) >= wanted:
            kept.append(entry)
        elif not _is_dead(call, subscription, entry):
            until = time.time() + subscription["ackDeadlineSeconds"]
            taken = {**entry, "until": until, "attempts": entry["attempts"] + 1}
            kept.append(taken)
            pulled.append(_received(subscription, taken))
    _keep(call, name, kept)
    return {"receivedMessages": pulled} if pulled else {}


@pubsub("projects.subscriptions.acknowledge")
def acknowledge(call: Call) -> Answer:
    """The messages are done with."""
    kind, name = place(call)
    existing(call, kind, name)
    ids = _ids(call)
    _keep(call, name, [entry for entry in _queue(call, name) if _ack_id(entry) not in ids])
    return {}


@pubsub("projects.subscriptions.modifyAckDeadline")
def modify_deadline(call: Call) -> Answer:
    """More time for messages; with none they wait again."""
    kind, name = place(call)
    existing(call, kind, name)
    ids, more = _ids(call), call.body.get("ackDeadlineSeconds") or 0
    if not 0 <= more <= 600:  # noqa: PLR2004 - Google's limits
        raise invalid("Invalid ack deadline: it must be from 0 to 600 seconds.")
    until = time.time() + more if more else 0
    _keep(
        call,
        name,
        [
            {**entry, "until": until} if _ack_id(entry) in ids else entry
            for entry in _queue(call, name)
        ],
    )
    return {}


def _published(call: Call, topic: str, message: Json) -> str:
    number = str(call.store.serial())
    entry = {
        "message": {**message, "messageId": number, "publishTime": now()},
        "until": 0,
        "attempts": 0,
    }
    for name, subscription in call.store.all(SUBSCRIPTIONS):
        if subscription["topic"] == topic:
            passes = filters.of_subscription(subscription.get("filter") or "")
            if passes(message.get("attributes") or {}):
                _keep(call, name, [*_queue(call, name), entry])
    return number


def _is_dead(call: Call, subscription: Json, entry: Json) -> bool:
    """Whether a message was tried too often; then it is published to the dead-letter topic."""
    policy = subscription.get("deadLetterPolicy") or {}
    topic = policy.get("deadLetterTopic", "")
    most = policy.get("maxDeliveryAttempts") or 5
    if entry["attempts"] < most or call.store.get(TOPICS, topic) is None:
        return False
    source = {
        "CloudPubSubDeadLetterSourceDeliveryCount": str(entry["attempts"]),
        "CloudPubSubDeadLetterSourceSubscription": subscription["name"].rpartition("/")[2],
    }
    message = entry["message"]
    attributes = {**(message.get("attributes") or {}), **source}
    _published(call, topic, {**message, "attributes": attributes})
    return True


def _received(subscription: Json, entry: Json) -> Json:
    counted = {"deliveryAttempt": entry["attempts"]} if "deadLetterPolicy" in subscription else {}
    return {"ackId": _ack_id(entry), "message": entry["message"], **counted}


def _ack_id(entry: Json) -> str:
    return f"{entry['message']['messageId']}-{entry['attempts']}"


def _ids(call: Call) -> set[str]:
    ids = set(call.body.get("ackIds") or ())
    if not ids:
        raise invalid("At least one ack id is needed.")
    return ids


def _queue(call: Call, subscription: str) -> list[Json]:
    queue = call.store.get(MESSAGES, subscription) or {"messages": []}
    messages: list[Json] = queue["messages"]
    return messages


def _keep(call: Call, subscription: str, messages: list[Json]) -> None:
    if messages or call.store.get(MESSAGES, subscription):
        call.store.put(MESSAGES, subscription, {"messages": messages})
