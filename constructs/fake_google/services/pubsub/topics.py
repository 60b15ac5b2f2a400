"""Topics, without the messages that are published to them."""

from fake_google.limits import check_duration, check_labels
from fake_google.listing import PAGED, page
from fake_google.service import Call
from fake_google.services.pubsub.resources import existing, new_name, patched, place, wanted_fields
from fake_google.services.pubsub.service import SUBSCRIPTIONS, TOPICS, pubsub
from fake_google.wire import Answer, Json

DAY = 86_400

DELETED_TOPIC = "_deleted-topic_"


@pubsub("projects.topics.create")
def create_topic(call: Call) -> Answer:
    """A topic; its id must not begin with `goog`."""
    name = new_name(call, TOPICS)
    _check(call.body)
    return call.store.put(TOPICS, name, {**call.body, "name": name})


@pubsub("projects.topics.list", takes=PAGED)
def list_topics(call: Call) -> Answer:
    """The topics of a project."""
    found = call.store.all(TOPICS, f"{call.parameters['project']}/topics/")
    topics, more = page(call, [topic for _, topic in found])
    return {"topics": topics, **more}


@pubsub("projects.topics.subscriptions.list", takes=PAGED)
def list_subscriptions(call: Call) -> Answer:
    """The names of the subscriptions to a topic."""
    kind, name = place(call)
    existing(call, kind, name)
    found = [{"name": key} for key, each in call.store.all(SUBSCRIPTIONS) if each["topic"] == name]
    shown, more = page(call, found)
    return {"subscriptions": [each["name"] for each in shown], **more}


@pubsub("projects.topics.patch")
def patch_topic(call: Call) -> Answer:
    """Another value for what the mask names."""
    kind, name = place(call)
    wanted = wanted_fields(call, "topic", ("name",))
    _check(wanted)
    return patched(call, kind, name, wanted)


@pubsub("projects.topics.delete")
def delete_topic(call: Call) -> Answer:
    """The topic goes; its subscriptions stay, with what is in them."""
    kind, name = place(call)
    existing(call, kind, name)
    call.store.remove(kind, name)
    for other, subscription in call.store.all(SUBSCRIPTIONS):
        if subscription["topic"] == name:
            call.store.put(SUBSCRIPTIONS, other, {**subscription, "topic": DELETED_TOPIC})
    return {}


def _check(topic: Json) -> None:
    check_labels(topic.get("labels"))
    check_duration(topic.get("messageRetentionDuration"), "messageRetentionDuration", 600, 31 * DAY)
