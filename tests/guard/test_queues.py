"""What becomes of jobs that wait."""

import pytest

from tests.plans.cases import PROJECT, SUBSCRIPTION, TOPIC, Json
from tests.plans.judged import judged, rules
from tests.plans.made import SUB, change, made_up, updated

DEAD = {"dead_letter_topic": "t", "max_delivery_attempts": 5}


def test_a_new_subscription_that_gives_messages_away() -> None:
    """Whatever the topic gets goes there as well; from VMs it takes nothing."""
    pushed = {**SUB, "push_config": [{"push_endpoint": "https://example.com"}]}
    new, usual = (
        judged(made_up(change(SUBSCRIPTION, ["create"], None, values))) for values in (pushed, SUB)
    )

    assert ("messages-copied",) == rules(new.notable)
    assert () == usual.blocking


def test_a_message_that_is_sent_again_sooner() -> None:
    """A job may run twice; later harms nobody."""
    sooner, later = (
        judged(updated(SUBSCRIPTION, {**SUB, "ack_deadline_seconds": one},
                       {**SUB, "ack_deadline_seconds": other}))
        for one, other in ((600, 10), (10, 600))
    )  # fmt: skip

    assert ("unjudged",) == rules(sooner.notable)
    assert () == later.notable


@pytest.mark.parametrize(
    ("before", "after", "blocking"),
    [
        ({}, {"message_retention_duration": None}, ("retention-shortened",)),
        ({}, {"message_retention_duration": "345601s"}, ()),
        ({}, {"message_retention_duration": "345600.0s"}, ()),
        ({"expiration_policy": [{"ttl": "864000s"}]}, {"expiration_policy": [{"ttl": "86400s"}]},
         ("subscription-expires",)),
        ({"expiration_policy": [{"ttl": "86400s"}]}, {"expiration_policy": [{"ttl": "864000s"}]},
         ()),
        ({"expiration_policy": [{"ttl": "86400s"}]}, {"expiration_policy": [{"ttl": ""}]}, ()),
        ({}, {"expiration_policy": []}, ("subscription-expires",)),
        ({}, {"bigquery_config": [{"table": "t"}]}, ("delivery-diverted",)),
        ({}, {"cloud_storage_config": [{"bucket": "b"}]}, ("delivery-diverted",)),
        ({"dead_letter_policy": [DEAD]},
         {"dead_letter_policy": [{**DEAD, "max_delivery_attempts": 100}]}, ()),
        ({"dead_letter_policy": [{**DEAD, "max_delivery_attempts": 100}]},
         {"dead_letter_policy": [DEAD]}, ("delivery-diverted",)),
        ({"dead_letter_policy": [DEAD]},
         {"dead_letter_policy": [{**DEAD, "max_delivery_attempts": ["x"]}]},
         ("delivery-diverted",)),
        ({"dead_letter_policy": [DEAD]}, {"dead_letter_policy": [{**DEAD, "dead_letter_topic": "u",
          "max_delivery_attempts": 9}]}, ("delivery-diverted",)),
        ({"push_config": [{"push_endpoint": "https://a"}]}, {"push_config": []}, ()),
    ],
)  # fmt: skip
def test_updates_of_subscriptions(before: Json, after: Json, blocking: tuple[str, ...]) -> None:
    """What an update does to the jobs that wait."""
    verdict = judged(updated(SUBSCRIPTION, {**SUB, **before}, {**SUB, **after}))

    assert blocking == rules(verdict.blocking)


@pytest.mark.parametrize(
    ("after", "said"),
    [("86400s", "1 day"), ("86399s", "86399 seconds"), ("172800s", "2 days")],
)
def test_times(after: str, said: str) -> None:
    """In days, where it is as long as one."""
    (found,) = judged(
        updated(SUBSCRIPTION, SUB, {**SUB, "message_retention_duration": after})
    ).blocking

    assert f"set to keep messages for {said} instead of 4 days: older ones are gone at once" == (
        found.what
    )


def test_a_topic_that_begins_to_retain() -> None:
    """What it keeps from now on it did not keep before."""
    kind = "google_pubsub_topic"

    assert () == judged(updated(kind, {}, {"message_retention_duration": "600s"})).blocking


DELETED = "_deleted-topic_"


@pytest.mark.parametrize("actions", [["update"], ["create"]])
def test_a_topic_that_is_gone(actions: list[str]) -> None:
    """What Google leaves in its place sends nothing; neither does one that nobody has."""
    topic = {"name": "t"}
    there = change(TOPIC, ["no-op"], topic, topic)
    before = (
        {**SUB, "name": "s", "topic": f"projects/{PROJECT}/topics/t"}
        if actions == ["update"]
        else None
    )

    def found(topic: str) -> tuple[str, ...]:
        entry = change(SUBSCRIPTION, actions, before, {**SUB, "name": "s", "topic": topic})
        verdict = judged(made_up(there, entry))
        return (*rules(verdict.blocking), *rules(verdict.notable))

    assert ("topic-gone",) == found(DELETED)
    assert ("topic-elsewhere",) == found(f"projects/{PROJECT}/topics/u")
    assert () == found(f"projects/{PROJECT}/topics/t")
