"""What becomes of jobs that wait."""

from typing import Any

import pytest

from pipeline_zen import names
from pipeline_zen.stack.scheduler_access import HEARTBEATS_KEPT
from tests.plans.cases import PROJECT, SUBSCRIPTION, TOPIC, Json
from tests.plans.judged import judged, rules, told
from tests.plans.made import SUB, change, decided_later, made_up, planned, updated

DEAD = {"dead_letter_topic": "t", "max_delivery_attempts": 5}
THERE = change(TOPIC, ["no-op"], {"name": "t"}, {"name": "t"}, "t")

TWICE = "unjudged: new, and hears jobs of other clusters: once it has VMs, each of these runs twice"

EVER, A_DAY, TWO_DAYS = ([{"ttl": ttl}] for ttl in ("", "86400s", "172800s"))

_STARTS = {
    "name": names.start_subscription("4xv100"),
    "topic": "t",
    "filter": names.start_filter("4xv100"),
    "enable_exactly_once_delivery": True,
    "expiration_policy": EVER,
    "message_retention_duration": "345600s",
}
"""A subscription for the VMs of a cluster."""


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
        ({"dead_letter_policy": [DEAD], "labels": {"a": "b"}},
         {"dead_letter_policy": [{**DEAD, "max_delivery_attempts": 100}], "labels": {"a": "c"}},
         ()),
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


@pytest.mark.parametrize(
    ("kind", "actions", "before", "after", "said"),
    [
        (TOPIC, "delete", {"name": "u"}, None,
         ["topic-deleted: deleted: its subscriptions hear nothing any more, and what it "
          "retained is gone"]),
        (TOPIC, "delete create", {"name": "u"}, {"name": "v"},
         ["topic-deleted: replaced: its subscriptions hear nothing any more, and what it "
          "retained is gone",
          "unjudged: changed in `name`"]),
        (TOPIC, "create", None, {"name": "u", "message_retention_duration": "600s"}, []),
        (TOPIC, "create", None, {"name": "u", "message_transforms": [{"disabled": True}]},
         ["delivery-diverted: given `message_transforms`, which can change messages, or drop "
          "them"]),
        (TOPIC, "update", {"schema_settings": [{"schema": "s"}]}, {"schema_settings": []},
         ["unjudged: changed in `schema_settings`"]),
        (TOPIC, "update", {"message_transforms": [{"disabled": False}]}, {},
         ["unjudged: changed in `message_transforms`"]),
        *((SUBSCRIPTION, "update", {key: [{"a": "b"}]}, {key: []},
           [f"unjudged: changed in `{key}`"])
          for key in ("bigquery_config", "cloud_storage_config", "message_transforms")),
        (TOPIC, "update", {}, {"schema_settings": [{"schema": "s"}]},
         ["delivery-diverted: given `schema_settings`, which can change messages, or drop them"]),
        (TOPIC, "update", {"message_retention_duration": "600s"},
         {"message_retention_duration": "900s"}, []),
        (TOPIC, "update", {"message_retention_duration": "900s"},
         {"message_retention_duration": "600s"},
         ["retention-shortened: set to keep messages for 600 seconds instead of 900 seconds: "
          "older ones are gone at once"]),
        (TOPIC, "update", {"message_retention_duration": "900s"}, {},
         ["retention-shortened: set to keep messages no longer: older ones are gone at once"]),
        (SUBSCRIPTION, "delete", {"name": "a"}, None,
         ["subscription-deleted: deleted, with every job that waits in it"]),
        (SUBSCRIPTION, "delete create", {"name": "a", "expiration_policy": EVER},
         {"name": "b", "expiration_policy": EVER},
         ["subscription-replaced: replaced, which loses every job that waits in it, and the "
          "grants on it",
          "unjudged: changed in `name`"]),
        (SUBSCRIPTION, "delete create", {"message_retention_duration": "172800s"},
         {"message_retention_duration": "86400s"},
         ["subscription-expires: new, and to be deleted by Google after 31 days (Google's own "
          "choice) without a VM",
          "subscription-replaced: replaced, which loses every job that waits in it, and the "
          "grants on it",
          "unjudged: changed in `message_retention_duration`"]),
        (SUBSCRIPTION, "create", None, {"topic": "t", "expiration_policy": EVER}, []),
        (SUBSCRIPTION, "create", None,
         {"topic": "t", "expiration_policy": EVER, "message_retention_duration": "86400s"}, []),
        (SUBSCRIPTION, "create", None,
         {"topic": "t", "expiration_policy": EVER, "message_retention_duration": "86399s"},
         ["retention-shortened: new, and keeps messages for 86399 seconds only"]),
        (SUBSCRIPTION, "create", None, {"topic": "t"},
         ["subscription-expires: new, and to be deleted by Google after 31 days (Google's own "
          "choice) without a VM"]),
        (SUBSCRIPTION, "create", None, {"topic": "t", "expiration_policy": A_DAY},
         ["subscription-expires: new, and to be deleted by Google after 1 day without a VM"]),
        (SUBSCRIPTION, "create", None, {"topic": "u", "expiration_policy": EVER},
         ["topic-elsewhere: set to hear `u`, which is no topic of this plan"]),
        (SUBSCRIPTION, "create", None, {"topic": "_deleted-topic_", "expiration_policy": EVER},
         ["topic-gone: left without a topic, which is gone: it hears nothing any more"]),
        (SUBSCRIPTION, "create", None,
         {"topic": "t", "expiration_policy": EVER, "enable_message_ordering": True},
         ["unjudged: new, with `enable_message_ordering`"]),
        (SUBSCRIPTION, "create", None,
         {"topic": "t", "expiration_policy": EVER,
          "push_config": [{"push_endpoint": "https://a"}]},
         ["messages-copied: new, with a `push_config`: what its topic gets is sent elsewhere "
          "as well"]),
        (SUBSCRIPTION, "create", None,
         {"topic": "t", "expiration_policy": EVER,
          "dead_letter_policy": [{"dead_letter_topic": "t"}]},
         ["delivery-diverted: given a `dead_letter_policy`: messages leave it for somewhere "
          "else than a VM"]),
        (SUBSCRIPTION, "create", None,
         {"topic": "t", "expiration_policy": EVER, "message_transforms": [{}]},
         ["unjudged: new, with `message_transforms`"]),
        (SUBSCRIPTION, "update", {"expiration_policy": EVER}, {"expiration_policy": A_DAY},
         ["subscription-expires: set to be deleted by Google after 1 day without a VM"]),
        (SUBSCRIPTION, "update", {"expiration_policy": EVER}, {"expiration_policy": []},
         ["subscription-expires: set to be deleted by Google after 31 days (Google's own "
          "choice) without a VM"]),
        (SUBSCRIPTION, "update", {"expiration_policy": A_DAY}, {"expiration_policy": TWO_DAYS},
         []),
        (SUBSCRIPTION, "update", {"expiration_policy": TWO_DAYS}, {"expiration_policy": A_DAY},
         ["subscription-expires: set to be deleted by Google after 1 day without a VM"]),
        (SUBSCRIPTION, "update", {"expiration_policy": TWO_DAYS}, {"expiration_policy": []},
         ["subscription-expires: set to be deleted by Google after 31 days (Google's own "
          "choice) without a VM"]),
        (SUBSCRIPTION, "update", {"expiration_policy": A_DAY}, {"expiration_policy": EVER}, []),
        (SUBSCRIPTION, "update", {"expiration_policy": A_DAY, "labels": {"a": "b"}},
         {"expiration_policy": A_DAY}, []),
        (SUBSCRIPTION, "update", {"message_retention_duration": "172800s"},
         {"message_retention_duration": "600s"},
         ["retention-shortened: set to keep messages for 600 seconds instead of 2 days: older "
          "ones are gone at once"]),
        (SUBSCRIPTION, "update", {"message_retention_duration": "172800s"}, {},
         ["retention-shortened: set to keep messages no longer: older ones are gone at once"]),
        (SUBSCRIPTION, "update", {}, {"message_retention_duration": "172800s"},
         ["unjudged: changed in `message_retention_duration`"]),
        (SUBSCRIPTION, "update", {"message_retention_duration": "600s", "labels": {"a": "b"}},
         {"message_retention_duration": "600s"}, []),
        (SUBSCRIPTION, "update", {"topic": "t"}, {"topic": "_deleted-topic_"},
         ["topic-gone: left without a topic, which is gone: it hears nothing any more"]),
        (SUBSCRIPTION, "update", {"topic": "u", "labels": {"a": "b"}}, {"topic": "u"}, []),
        (SUBSCRIPTION, "update", {}, {"push_config": [{"push_endpoint": "https://a"}]},
         ["delivery-diverted: given a `push_config`: messages leave it for somewhere else than "
          "a VM"]),
        (SUBSCRIPTION, "update", {"push_config": [{"push_endpoint": "https://a"}]}, {}, []),
        (SUBSCRIPTION, "update",
         {"push_config": [{"push_endpoint": "https://a"}], "labels": {"a": "b"}},
         {"push_config": [{"push_endpoint": "https://a"}]}, []),
        (SUBSCRIPTION, "update",
         {"dead_letter_policy": [{"dead_letter_topic": "t", "max_delivery_attempts": 5}]},
         {"dead_letter_policy": [{"dead_letter_topic": "t", "max_delivery_attempts": 6}]}, []),
        (SUBSCRIPTION, "update",
         {"dead_letter_policy": [{"dead_letter_topic": "t", "max_delivery_attempts": 6}]},
         {"dead_letter_policy": [{"dead_letter_topic": "t", "max_delivery_attempts": 5}]},
         ["delivery-diverted: given a `dead_letter_policy`: messages leave it for somewhere "
          "else than a VM"]),
        (SUBSCRIPTION, "update",
         {"dead_letter_policy": [{"dead_letter_topic": "t", "max_delivery_attempts": 5}]},
         {"dead_letter_policy": [{"dead_letter_topic": "t"}]},
         ["delivery-diverted: given a `dead_letter_policy`: messages leave it for somewhere "
          "else than a VM"]),
        (SUBSCRIPTION, "update", {"dead_letter_policy": [{"dead_letter_topic": "t"}]},
         {"dead_letter_policy": [{"dead_letter_topic": "t", "max_delivery_attempts": 5}]},
         ["delivery-diverted: given a `dead_letter_policy`: messages leave it for somewhere "
          "else than a VM"]),
        (SUBSCRIPTION, "update", {"ack_deadline_seconds": 600}, {"ack_deadline_seconds": 10},
         ["unjudged: set to send a message again after 10 seconds instead of 600 seconds: a "
          "job may run twice"]),
        (SUBSCRIPTION, "update", {"ack_deadline_seconds": 10}, {"ack_deadline_seconds": 600}, []),
        (SUBSCRIPTION, "update", {"ack_deadline_seconds": 10}, {},
         ["unjudged: set to send a message again after a time that is not known instead of 10 "
          "seconds: a job may run twice"]),
        (SUBSCRIPTION, "update", {"ack_deadline_seconds": 10, "labels": {"a": "b"}},
         {"ack_deadline_seconds": 10}, []),
        (SUBSCRIPTION, "update", {"retain_acked_messages": True}, {"retain_acked_messages": False},
         ["unjudged: changed in `retain_acked_messages`"]),
        (SUBSCRIPTION, "update", {"retain_acked_messages": False}, {"retain_acked_messages": True},
         []),
        (SUBSCRIPTION, "update", {"retain_acked_messages": None}, {"retain_acked_messages": False},
         []),
        *((SUBSCRIPTION, "create", None, {**_STARTS, **more}, said) for more, said in (
            ({}, []),
            ({"filter": None}, [TWICE]),
            ({"filter": 'attributes.cluster = "8xa100-40gb"'}, [TWICE]),
            ({"enable_exactly_once_delivery": None},
             ["unjudged: new, without exactly-once delivery: a job may run twice"]),
            # It is for nobody's VMs.
            ({"name": "audit", "filter": None}, []),
        )),
    ],
)  # fmt: skip
def test_what_is_told(
    kind: str, actions: str, before: Json | None, after: Json | None, said: list[str]
) -> None:
    """What becomes of messages, and when; what harms no job, not at all."""
    (entry,) = planned(kind, actions, before, after)["resource_changes"]

    assert said == told(made_up(THERE, entry))


@pytest.mark.parametrize(
    ("kind", "action", "values", "unknown", "said"),
    [
        (SUBSCRIPTION, "create", {"topic": "t"}, {"expiration_policy": True},
         ["subscription-expires: new, and to be deleted by Google after 31 days (Google's own "
          "choice) without a VM"]),
        (SUBSCRIPTION, "create", {"topic": "t", "expiration_policy": EVER},
         {"message_retention_duration": True},
         ["retention-shortened: new, and keeps messages for a time that is not known only"]),
        (SUBSCRIPTION, "create", {"expiration_policy": EVER}, {"topic": True},
         ["unjudged: new, with `topic`"]),
        (SUBSCRIPTION, "update", {"expiration_policy": EVER}, {"expiration_policy": True},
         ["subscription-expires: set to be deleted by Google after a time that is not known "
          "without a VM"]),
        (SUBSCRIPTION, "update", {"message_retention_duration": "172800s"},
         {"message_retention_duration": True},
         ["retention-shortened: set to keep messages for a time that is not known instead of 2 "
          "days: older ones are gone at once"]),
        (SUBSCRIPTION, "update", {"topic": "t"}, {"topic": True},
         ["unjudged: changed in `topic`"]),
        (SUBSCRIPTION, "update", {"expiration_policy": [{"ttl": "86400s"}]},
         {"expiration_policy": [{"ttl": True}]},
         ["subscription-expires: set to be deleted by Google after a time that is not known "
          "without a VM"]),
        (SUBSCRIPTION, "update", {"ack_deadline_seconds": 10}, {"ack_deadline_seconds": True},
         ["unjudged: set to send a message again after a time that is not known instead of 10 "
          "seconds: a job may run twice"]),
        (SUBSCRIPTION, "update",
         {"dead_letter_policy": [{"dead_letter_topic": "t", "max_delivery_attempts": 5}]},
         {"dead_letter_policy": [{"max_delivery_attempts": True}]},
         ["delivery-diverted: given a `dead_letter_policy`: messages leave it for somewhere "
          "else than a VM"]),
        (TOPIC, "create", {}, {"message_retention_duration": True},
         ["unjudged: new, with `message_retention_duration`"]),
        (TOPIC, "update", {}, {"message_retention_duration": True},
         ["unjudged: changed in `message_retention_duration`"]),
        (TOPIC, "update", {"message_retention_duration": "600s"},
         {"message_retention_duration": True},
         ["retention-shortened: set to keep messages for a time that is not known instead of "
          "600 seconds: older ones are gone at once"]),
    ],
)  # fmt: skip
def test_what_is_not_known(
    kind: str, action: str, values: Json, unknown: Json, said: list[str]
) -> None:
    """It is taken for the worse, unless only Google can say it."""
    (entry,) = decided_later(kind, action, values, unknown)["resource_changes"]

    assert said == told(made_up(THERE, entry))


KEPT = "message_retention_duration"
BEATS = names.HEARTBEATS_TOPIC
HOURS = ("14400s", "14399s")
"""As long as heartbeats are worth something, and not quite."""


def _heard(topic: str, kept: str | None, **more: Any) -> Json:
    return {"name": "s", "topic": topic, "expiration_policy": EVER, KEPT: kept, **more}


@pytest.mark.parametrize("name", [BEATS, names.local_topic(BEATS)])
@pytest.mark.parametrize("link", ["{}", f"projects/{PROJECT}/topics/{{}}"])
def test_heartbeats_are_no_jobs(name: str, link: str) -> None:
    """They are worth nothing after some hours, and a queue of them may forget them by then."""
    topic = link.format(name)
    there = change(TOPIC, ["no-op"], {"name": name}, {"name": name}, "t")
    backoff = [{"minimum_backoff": "0s", "maximum_backoff": "60s"}]
    new, short, sooner, too_soon, never = (
        judged(made_up(there, change(SUBSCRIPTION, [action], before, after)))
        for action, before, after in (
            ("create", None, _heard(topic, HEARTBEATS_KEPT, retry_policy=backoff)),
            ("create", None, _heard(topic, HOURS[1])),
            ("update", _heard(topic, "345600s"), _heard(topic, HOURS[0])),
            ("update", _heard(topic, "345600s"), _heard(topic, HOURS[1])),
            ("update", _heard(topic, "345600s"), _heard(topic, None)),
        )
    )

    for verdict in (new, sooner):
        assert ((), ()) == (rules(verdict.blocking), rules(verdict.notable))
    for verdict in (short, too_soon, never):
        assert ("retention-shortened",) == rules(verdict.blocking)


def test_a_topic_of_heartbeats() -> None:
    """What it retains is no job either."""
    kept = ("345600s", *HOURS)
    enough, short, jobs = (
        told(updated(TOPIC, {"name": name, KEPT: before}, {"name": name, KEPT: after}))
        for name, before, after in ((BEATS, *kept[:2]), (BEATS, *kept[::2]), ("t", *kept[:2]))
    )

    assert [] == enough
    assert all(found.startswith("retention-shortened: ") for found in (*short, *jobs))
    assert 1 == len(short) == len(jobs)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, names.START_TOPIC),
        (None, names.STOP_TOPIC),
        (None, f"projects/other/topics/{BEATS}"),
        (None, f"projects/{PROJECT}/topics/{BEATS}-more"),
        (names.START_TOPIC, names.START_TOPIC),
        # What waits in it is of the topic that it heard so far.
        (names.START_TOPIC, BEATS),
    ],
)
def test_jobs_are_no_heartbeats(before: str | None, after: str) -> None:
    """A queue that forgets them within hours, or minutes, loses them."""
    topics = {name.rpartition("/")[2] for name in (before or after, after)}
    there = [change(TOPIC, ["no-op"], {"name": name}, {"name": name}, name) for name in topics]
    for kept in (*HOURS, "600s"):
        values = None if before is None else _heard(before, "345600s")
        action = "create" if before is None else "update"
        entry = change(SUBSCRIPTION, [action], values, _heard(after, kept))
        assert "retention-shortened" in rules(judged(made_up(*there, entry)).blocking)
