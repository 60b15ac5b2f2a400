"""The way of a request: errors, fields, queries, and what is not served or not switched on."""

from typing import Any

import pytest

from fake_google import FakeGoogle
from fake_google.services import SERVICES
from tests.fake_google.asking import (
    BUCKET,
    BUCKETS,
    GROUPS,
    POLICY,
    PROJECT,
    SUBSCRIPTIONS,
    SWITCHES,
    TEMPLATE,
    TEMPLATES,
    TOPICS,
    UPLOADS,
    ask,
    done,
    refused,
    send,
    with_bucket,
    with_group,
    with_template,
    with_topic,
)


@pytest.mark.parametrize(
    ("error", "request_"),
    [
        ((400, "INVALID_ARGUMENT", "invalid"), ("POST", TEMPLATES, {"name": "Jobs"})),
        ((404, "NOT_FOUND", "notFound"), ("GET", f"{TEMPLATES}/other")),
        ((409, "ALREADY_EXISTS", "alreadyExists"), ("POST", TEMPLATES, TEMPLATE)),
        (
            (412, "FAILED_PRECONDITION", "conditionNotMet"),
            ("PATCH", f"{GROUPS}/jobs-mig", {"fingerprint": "c3RhbGU="}),
        ),
        (
            (501, "UNIMPLEMENTED", "notImplemented"),
            ("GET", f"/compute/v1/{PROJECT}/global/firewalls"),
        ),
    ],
)
def test_errors(error: tuple[int, str, str], request_: tuple[Any, ...], google: FakeGoogle) -> None:
    """An error has the shape of Google's, for the older APIs and for the newer ones."""
    status, word, reason = error
    with_group(google)

    actual, answer = ask(google, *request_)

    message = answer["error"]["message"]
    assert status == actual
    assert {
        "error": {
            "code": status,
            "message": message,
            "status": word,
            "errors": [{"domain": "global", "message": message, "reason": reason}],
        }
    } == answer


@pytest.mark.parametrize(
    ("field", "disk"),
    [
        ('Unknown name "bot" at "properties.disks[0]"', {"bot": True}),
        ('"properties.disks[0].boot" (boolean), "yes"', {"boot": "yes"}),
        ('"properties.disks[0].index" (integer), true', {"index": True}),
        ('"properties.disks[0].mode" (string), "FAST"', {"mode": "FAST"}),
        ('"properties.disks[0].diskSizeGb" (string), "x"', {"diskSizeGb": "x"}),
        ('"properties.disks[0].source" (string), 3', {"source": 3}),
        ('"properties.disks[0].licenses", starting an array', {"licenses": {}}),
        ('"properties.disks[0].initializeParams", starting an obj', {"initializeParams": []}),
        ('"properties.disks[0]", starting an object', "x"),
    ],
)
def test_fields(field: str, disk: Any, google: FakeGoogle) -> None:
    """A field that Google does not know, or of another type, is refused by name."""
    properties = {**TEMPLATE["properties"], "disks": [disk]}
    status, message = refused(google, "POST", TEMPLATES, {**TEMPLATE, "properties": properties})

    assert 400 == status
    assert field in message


@pytest.mark.parametrize("data", [b"{", b"[]", b"3", b"\xff", b"[" * 100_000])
def test_no_json(data: bytes, google: FakeGoogle) -> None:
    """A body that is no JSON object is refused."""
    assert 400 == send(google, "POST", TEMPLATES, data)[0]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (f"{GROUPS}/jobs-mig/resize?size=1&force=true", 'Unknown name "force"'),
        (f"{GROUPS}/jobs-mig/resize?size=one", 'Invalid value at "size" (integer), "one"'),
        (f"{GROUPS}/jobs-mig/resize", "Required parameter: size"),
        (GROUPS.replace("eng-ai-dev", "No_Project"), "It is no project"),
    ],
)
def test_query(path: str, message: str, google: FakeGoogle) -> None:
    """A query parameter is one that the method takes, of its type; those of all are taken."""
    with_group(google)

    status, actual = refused(google, "POST", path)

    assert 400 == status
    assert message in actual
    done(google, "GET", f"{GROUPS}/jobs-mig?alt=json&prettyPrint=false&fields=name")


@pytest.mark.parametrize(
    ("verb", "path", "message"),
    [
        ("GET", f"/compute/v1/{PROJECT}/global/firewalls", "does not serve compute.firewalls.list"),
        ("POST", f"{SUBSCRIPTIONS}/s:seek", "does not serve pubsub.projects.subscriptions.seek"),
        ("GET", "/compute/v1/nonsense", "does not know GET /compute/v1/nonsense"),
        ("DELETE", "/nothing", "does not know DELETE /nothing"),
        ("GET", "/cloudresourcemanager/v3/projects", "serve cloudresourcemanager.projects.list"),
        (
            "POST",
            "/monitoring/v3/projects/p/alertPolicies",
            "monitoring.projects.alertPolicies.create of monitoring.googleapis.com",
        ),
        ("GET", "/dns/v1/projects/p/managedZones/z", "serve dns.projects.managedZones.get of dns"),
        ("POST", "/run/v2/projects/p/locations/l/jobs/j:run", "run.projects.locations.jobs.run"),
        ("GET", f"{TOPICS}/a%2Fb", "does not know GET /pubsub"),
        ("PATCH", f"{TEMPLATES}/jobs-tpl", "does not know PATCH"),
    ],
)
def test_not_served(verb: str, path: str, message: str, google: FakeGoogle) -> None:
    """What is not served answers 501 and names Google's method, if that is one."""
    status, actual = refused(google, verb, path)

    assert 501 == status
    assert message in actual


def test_version_twice(google: FakeGoogle) -> None:
    """A client that repeats the version of its endpoint is understood."""
    done(google, "PUT", TOPICS.replace("/v1/", "/v1/v1/") + "/start", {})

    assert f"{PROJECT}/topics/start" == done(google, "GET", f"{TOPICS}/start")["name"]


def test_switched_on() -> None:
    """An API answers 403 until it is switched on in the project, and again when it is off."""
    with FakeGoogle(switched_on=False) as google:
        status, message = refused(google, "PUT", f"{TOPICS}/start", {})
        assert 403 == status
        assert message.startswith("pubsub.googleapis.com has not been used in project eng-ai-dev")
        assert 403 == refused(google, "POST", TEMPLATES, TEMPLATE)[0]
        assert 403 == refused(google, "POST", f"{BUCKETS}?project=eng-ai-dev", BUCKET)[0]

        ids = [f"{name}.googleapis.com" for name in ("compute", "pubsub", "storage")]
        answer = done(google, "POST", f"{SWITCHES}:batchEnable", {"serviceIds": ids})
        assert answer["done"]
        with_template(google)
        with_topic(google)
        with_bucket(google)
        send(google, "POST", f"{UPLOADS}?uploadType=media&name=projects%2Fother%2Fstate", b"1")
        assert (200, b"1") == send(google, "GET", "/lum-states/projects/other/state")
        other = TOPICS.replace("eng-ai-dev", "eng-ai-prod")
        assert 403 == refused(google, "GET", other)[0]

        done(google, "POST", f"{SWITCHES}/pubsub.googleapis.com:disable", {})
        assert 403 == refused(google, "GET", f"{TOPICS}/start")[0]
        done(google, "POST", f"{SWITCHES}/pubsub.googleapis.com:enable", {})
        done(google, "GET", f"{TOPICS}/start")


def test_always_on() -> None:
    """Projects and the switches themselves can be used in a project where nothing is on."""
    with FakeGoogle() as google:
        assert "ACTIVE" == done(google, "GET", POLICY)["lifecycleState"]
        done(google, "POST", f"{POLICY}:getIamPolicy", {})
        for service in SERVICES.values():
            if service.always_on:
                done(google, "GET", f"{SWITCHES}/{service.host}")


def test_a_request_that_is_repeated(google: FakeGoogle) -> None:
    """It is answered as the first time, and nothing is done again."""
    path = f"{TEMPLATES}?requestId=6ba7b810-9dad-11d1-80b4-00c04fd430c8"

    first = done(google, "POST", path, TEMPLATE)

    assert first == done(google, "POST", path, TEMPLATE)
    assert 409 == refused(google, "POST", TEMPLATES, TEMPLATE)[0]
