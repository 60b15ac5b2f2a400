"""Topics and subscriptions."""

import pytest

from fake_google import FakeGoogle
from tests.fake_google.asking import (
    PROJECT,
    SUBSCRIPTION,
    SUBSCRIPTIONS,
    TOPICS,
    Json,
    done,
    refused,
    with_topic,
)

DEAD_LETTERS = {"deadLetterTopic": f"{PROJECT}/topics/start"}


def test_subscription(google: FakeGoogle) -> None:
    """A subscription comes back with Google's defaults; ids are taken."""
    with_topic(google)

    subscription = done(google, "GET", f"{SUBSCRIPTIONS}/start-runner")

    assert (10, "604800s", "ACTIVE") == (
        subscription["ackDeadlineSeconds"],
        subscription["messageRetentionDuration"],
        subscription["state"],
    )
    assert 409 == refused(google, "PUT", f"{TOPICS}/start", {})[0]
    assert 409 == refused(google, "PUT", f"{SUBSCRIPTIONS}/start-runner", SUBSCRIPTION)[0]
    assert 1 == len(done(google, "GET", TOPICS)["topics"])
    assert [subscription] == done(google, "GET", SUBSCRIPTIONS)["subscriptions"]


@pytest.mark.parametrize(
    ("status", "name", "fields"),
    [
        (404, "other", {"topic": f"{PROJECT}/topics/other"}),
        (404, "other", {"topic": None}),
        (400, "other", {"ackDeadlineSeconds": 9}),
        (400, "other", {"filter": "nonsense"}),
        (400, "other", {"filter": "attributes.cluster = a"}),
        (400, "other", {"messageRetentionDuration": "1 day"}),
        (400, "other", {"messageRetentionDuration": "60s"}),
        (400, "other", {"expirationPolicy": {"ttl": "86400s"}}),
        (400, "other", {"retryPolicy": {"minimumBackoff": "601s"}}),
        (400, "other", {"labels": {"A": "b"}}),
        (404, "other", {"deadLetterPolicy": {"deadLetterTopic": f"{PROJECT}/topics/dead"}}),
        (
            400,
            "other",
            {
                "deadLetterPolicy": {
                    "deadLetterTopic": f"{PROJECT}/topics/start",
                    "maxDeliveryAttempts": 4,
                }
            },
        ),
        (400, "goog-other", {}),
        (400, "x", {}),
    ],
)
def test_subscription_refused(status: int, name: str, fields: Json, google: FakeGoogle) -> None:
    """A subscription needs a topic that exists, a filter that is one and a name."""
    with_topic(google)

    body = {**SUBSCRIPTION, **fields}
    assert status == refused(google, "PUT", f"{SUBSCRIPTIONS}/{name}", body)[0]


@pytest.mark.parametrize("field", ["filter", "topic", "name", "enable_message_ordering"])
def test_subscription_fixed(field: str, google: FakeGoogle) -> None:
    """A subscription's filter and topic stay what they are."""
    with_topic(google)
    body = {"subscription": {"filter": "attributes.b", "topic": "x"}, "updateMask": field}

    status, message = refused(google, "PATCH", f"{SUBSCRIPTIONS}/start-runner", body)

    assert 400 == status
    assert f"{field} is not mutable" in message


def test_update_mask(google: FakeGoogle) -> None:
    """A patch needs a mask, and changes what it names and nothing else."""
    with_topic(google)
    path = f"{SUBSCRIPTIONS}/start-runner"
    wanted = {"ackDeadlineSeconds": 60, "labels": {"a": "b"}}
    for mask in ({}, {"updateMask": ""}, {"updateMask": None}):
        assert 400 == refused(google, "PATCH", path, {"subscription": wanted, **mask})[0]

    body = {"subscription": wanted, "updateMask": "ack_deadline_seconds"}
    changed = done(google, "PATCH", path, body)
    assert 60 == changed["ackDeadlineSeconds"]
    assert "labels" not in changed

    back = done(google, "PATCH", path, {"updateMask": "ackDeadlineSeconds"})
    assert 10 == back["ackDeadlineSeconds"]
    body = {"subscription": {"ackDeadlineSeconds": 5}, "updateMask": "ackDeadlineSeconds"}
    assert 400 == refused(google, "PATCH", path, body)[0]
    topic = done(google, "PATCH", f"{TOPICS}/start", {"topic": None, "updateMask": "labels"})
    assert {"name": f"{PROJECT}/topics/start"} == topic


def test_deleted_topic(google: FakeGoogle) -> None:
    """A subscription outlives its topic, and a new one of that name is not its own."""
    with_topic(google)

    done(google, "DELETE", f"{TOPICS}/start")
    done(google, "PUT", f"{TOPICS}/start", {})

    assert "_deleted-topic_" == done(google, "GET", f"{SUBSCRIPTIONS}/start-runner")["topic"]
    assert 404 == refused(google, "DELETE", f"{TOPICS}/other")[0]


def test_a_subscription_that_is_written_to_a_bucket(google: FakeGoogle) -> None:
    """Messages are written as text, if nothing else is said; the provider counts on it."""
    with_topic(google)
    for config, written in (
        ({"bucket": "b"}, {"bucket": "b", "textConfig": {}}),
        ({"bucket": "b", "avroConfig": {}}, {"bucket": "b", "avroConfig": {}}),
    ):
        body = {"cloudStorageConfig": config}
        path = f"{SUBSCRIPTIONS}/start-runner"
        mask = {"subscription": body, "updateMask": "cloudStorageConfig"}
        assert written == done(google, "PATCH", path, mask)["cloudStorageConfig"]
        new = {"topic": f"{PROJECT}/topics/start", **body}
        name = f"{SUBSCRIPTIONS}/written-{len(config)}"
        assert written == done(google, "PUT", name, new)["cloudStorageConfig"]
