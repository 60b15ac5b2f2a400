"""The interface for tests."""

import json

import pytest

from fake_google import FakeGoogle
from tests.fake_google.asking import (
    PROJECT,
    SUBSCRIPTIONS,
    TOPICS,
    ask,
    done,
    refused,
    send,
    with_topic,
)


def test_behind_the_back(google: FakeGoogle) -> None:
    """The store is changed by a merge patch, as if by hand in Google's console."""
    with_topic(google)
    topic = f"{PROJECT}/topics/start"
    patch = {
        "pubsub.topics": {topic: {"labels": {"a": None, "by": "hand"}}},
        "pubsub.subscriptions": {f"{PROJECT}/subscriptions/start-runner": None},
    }

    done(google, "PATCH", "/_control/store", {"kinds": patch})

    assert {"name": topic, "labels": {"by": "hand"}} == done(google, "GET", f"{TOPICS}/start")
    assert 404 == refused(google, "GET", f"{SUBSCRIPTIONS}/start-runner")[0]


@pytest.mark.parametrize(
    ("verb", "what", "data"),
    [
        ("POST", "faults", b"{"),
        ("POST", "faults", b"[]"),
        ("POST", "faults", b'{"nht": 1}'),
        ("POST", "faults", b'{"nth": "1"}'),
        ("POST", "faults", b'{"nth": true}'),
        ("POST", "faults", b'{"status": 99}'),
        ("POST", "faults", b'{"status": "503"}'),
        ("POST", "faults", b'{"seconds": -1}'),
        ("POST", "faults", b'{"seconds": NaN}'),
        ("POST", "faults", b'{"seconds": 1e300}'),
        ("POST", "faults", b'{"when": "during"}'),
        ("POST", "faults", b'{"method": 3}'),
        ("POST", "faults", b'{"path": "("}'),
        ("POST", "faults", b'{"path": "a{99999999999}"}'),
        ("PUT", "store", b""),
        ("PUT", "store", b'{"kinds": {}}'),
        ("PUT", "store", b'{"kinds": {"a": 3}, "serial": 1}'),
        ("PUT", "store", b'{"kinds": {"a": {"b": 3}}, "serial": 1}'),
        ("PUT", "store", b'{"kinds": {}, "serial": -1}'),
        ("PUT", "store", b'{"kinds": {}, "serial": Infinity}'),
        ("PATCH", "store", b"[" * 100_000),
        ("PATCH", "store", b"null"),
        ("PATCH", "store", b'{"kinds": null}'),
    ],
)
def test_bad_control(verb: str, what: str, data: bytes, google: FakeGoogle) -> None:
    """What makes no sense to the interface is refused with a reason, and changes nothing."""
    with_topic(google)
    before = google.store.dump()

    status, answer = send(google, verb, f"/_control/{what}", data)

    assert 400 == status
    assert json.loads(answer)["error"]
    assert before == google.store.dump()
    assert 0 == google.faults.clear()


def test_unknown_control(google: FakeGoogle) -> None:
    """There is nothing else to ask the interface for."""
    for verb, what in (("GET", "nothing"), ("POST", "store"), ("PUT", "faults")):
        assert 404 == ask(google, verb, f"/_control/{what}")[0]
