"""Messages: who gets them, for how long, and where those go that nobody manages."""

import base64

import pytest

from fake_google import FakeGoogle
from tests.fake_google.asking import (
    PROJECT,
    SUBSCRIPTIONS,
    TOPICS,
    Json,
    done,
    refused,
    with_topic,
)

RUNNER = f"{SUBSCRIPTIONS}/start-runner"


def publish(google: FakeGoogle, text: str, **attributes: str) -> None:
    data = base64.b64encode(text.encode()).decode()
    body = {"messages": [{"data": data, "attributes": attributes}]}
    assert 1 == len(done(google, "POST", f"{TOPICS}/start:publish", body)["messageIds"])


def pull(google: FakeGoogle, path: str = RUNNER, most: int = 1) -> list[Json]:
    answer = done(google, "POST", f"{path}:pull", {"maxMessages": most})
    return list(answer.get("receivedMessages", []))


def texts(pulled: list[Json]) -> list[str]:
    return [base64.b64decode(each["message"]["data"]).decode() for each in pulled]


def test_by_filter(google: FakeGoogle) -> None:
    """A subscription gets what its filter lets pass, and only from when it is there."""
    with_topic(google)
    publish(google, "other", cluster="b")
    publish(google, "mine", cluster="a")

    assert {f"{PROJECT}/subscriptions/start-runner": 1} == google.messages()
    (received,) = pull(google)
    assert ["mine"] == texts([received])
    assert {"cluster": "a"} == received["message"]["attributes"]
    assert received["message"]["publishTime"]


def test_acknowledge(google: FakeGoogle) -> None:
    """A message that is worked on is nobody else's; acknowledged, it is gone."""
    with_topic(google)
    publish(google, "one", cluster="a")
    publish(google, "two", cluster="a")

    (first,) = pull(google)
    assert ["two"] == texts(pull(google, most=5))
    assert [] == pull(google)
    done(google, "POST", f"{RUNNER}:acknowledge", {"ackIds": [first["ackId"]]})
    assert 1 == sum(google.messages().values())


def test_hand_back(google: FakeGoogle) -> None:
    """A message whose deadline is taken away waits again, for anybody."""
    with_topic(google)
    publish(google, "one", cluster="a")
    (first,) = pull(google)

    body = {"ackIds": [first["ackId"]], "ackDeadlineSeconds": 0}
    done(google, "POST", f"{RUNNER}:modifyAckDeadline", body)

    (second,) = pull(google)
    assert first["message"] == second["message"]


def test_dead_letters(google: FakeGoogle) -> None:
    """What was tried too often goes to the dead-letter topic, with where it comes from."""
    with_topic(google)
    done(google, "PUT", f"{TOPICS}/dead", {})
    done(google, "PUT", f"{SUBSCRIPTIONS}/dead", {"topic": f"{PROJECT}/topics/dead"})
    policy = {"deadLetterTopic": f"{PROJECT}/topics/dead", "maxDeliveryAttempts": 5}
    body = {"topic": f"{PROJECT}/topics/start", "deadLetterPolicy": policy}
    done(google, "PUT", f"{SUBSCRIPTIONS}/trying", body)
    publish(google, "hard")

    for attempt in range(1, 6):
        (received,) = pull(google, f"{SUBSCRIPTIONS}/trying")
        assert attempt == received["deliveryAttempt"]
        back = {"ackIds": [received["ackId"]], "ackDeadlineSeconds": 0}
        done(google, "POST", f"{SUBSCRIPTIONS}/trying:modifyAckDeadline", back)
    assert [] == pull(google, f"{SUBSCRIPTIONS}/trying")

    (dead,) = pull(google, f"{SUBSCRIPTIONS}/dead")
    source = dead["message"]["attributes"]["CloudPubSubDeadLetterSourceSubscription"]
    assert (["hard"], "trying") == (texts([dead]), source)


def test_losing_messages(google: FakeGoogle) -> None:
    """They go with their subscription, not with the topic."""
    with_topic(google)
    publish(google, "one", cluster="a")

    done(google, "DELETE", f"{TOPICS}/start")
    assert 1 == sum(google.messages().values())
    done(google, "DELETE", RUNNER)
    assert {} == google.messages()


@pytest.mark.parametrize(
    ("status", "path", "body"),
    [
        (400, f"{TOPICS}/start:publish", {"messages": []}),
        (400, f"{TOPICS}/start:publish", {"messages": [{}]}),
        (404, f"{TOPICS}/other:publish", {"messages": [{"data": "eA=="}]}),
        (400, f"{RUNNER}:pull", {}),
        (404, f"{SUBSCRIPTIONS}/other:pull", {"maxMessages": 1}),
        (400, f"{RUNNER}:acknowledge", {}),
        (400, f"{RUNNER}:modifyAckDeadline", {"ackIds": ["1-1"], "ackDeadlineSeconds": 601}),
    ],
)
def test_refused(status: int, path: str, body: Json, google: FakeGoogle) -> None:
    with_topic(google)

    assert status == refused(google, "POST", path, body)[0]
