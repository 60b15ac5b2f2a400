"""The fake Google as a whole: where it points the provider, and what it remembers."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fake_google import FakeGoogle, Store
from tests.fake_google.asking import (
    ACCOUNTS,
    BUCKETS,
    EMAIL,
    GROUPS,
    POLICY,
    ROLES,
    SECRETS,
    SUBSCRIPTIONS,
    TEMPLATES,
    TOPICS,
    ask,
    done,
    refused,
    templates_of_vms,
    with_everything,
    with_group,
)


def test_environment(google: FakeGoogle) -> None:
    """The variables point all of the provider's APIs to the server, and give it no real token."""
    environment = google.environment()

    endpoints = {key: value for key, value in environment.items() if "CUSTOM_ENDPOINT" in key}
    assert f"{google.url}/compute/v1/" == endpoints["GOOGLE_COMPUTE_CUSTOM_ENDPOINT"]
    assert f"{google.url}/aiplatform/v1/" == endpoints["GOOGLE_VERTEX_AI_CUSTOM_ENDPOINT"]
    assert all(address.startswith(f"{google.url}/") for address in endpoints.values())
    assert "fake" == environment["GOOGLE_OAUTH_ACCESS_TOKEN"]
    assert google.url == environment["HTTPS_PROXY"] == environment["https_proxy"]
    assert "127.0.0.1" in environment["NO_PROXY"]
    assert not {"HTTPS_PROXY", "SSL_CERT_FILE"} & google.endpoints().keys()


def test_nothing_is_left_behind() -> None:
    """The file with the certificates goes when the server does."""
    with FakeGoogle() as google:
        file = Path(google.environment()["SSL_CERT_FILE"])
        assert file.exists()

    assert not file.parent.exists()


def test_requests(google: FakeGoogle) -> None:
    """Requests are remembered with Google's name of the method, until they are forgotten."""
    done(google, "PUT", f"{TOPICS}/start?alt=json", {"labels": {"a": "b"}})
    refused(google, "GET", "/nothing")

    first, second = done(google, "GET", "/_control/requests")["requests"]

    assert {
        "number": first["number"],
        "method": "PUT",
        "path": f"{TOPICS}/start",
        "query": {"alt": "json"},
        "name": "pubsub.projects.topics.create",
        "body": {"labels": {"a": "b"}},
        "status": 200,
        "fault": False,
        "host": "",
    } == first
    assert ("", 501) == (second["name"], second["status"])
    done(google, "DELETE", "/_control/requests")
    assert {"requests": []} == done(google, "GET", "/_control/requests")


def test_dump_and_load(google: FakeGoogle) -> None:
    """What was dumped can be loaded, and all is as it was."""
    with_everything(google)
    dump = done(google, "GET", "/_control/store")
    for path in (f"{GROUPS}/jobs-mig", f"{TEMPLATES}/jobs-tpl", f"{SECRETS}/config"):
        done(google, "DELETE", path)

    done(google, "PUT", "/_control/store", dump)

    assert dump == done(google, "GET", "/_control/store")
    assert 3 == len(templates_of_vms(google))


def test_links_follow_the_server(google: FakeGoogle) -> None:
    """A store that was filled by one server can be served by another, on another port."""
    with_group(google)

    store = Store()
    store.load(google.store.dump())
    with FakeGoogle(store=store, switched_on=True) as other:
        texts = [
            json.dumps(done(other, "GET", path))
            for path in (f"{GROUPS}/jobs-mig", f"{TEMPLATES}/jobs-tpl")
        ]

    assert google.url not in "".join(texts)


def test_nothing_is_left(google: FakeGoogle) -> None:
    """When all that can be is deleted, nothing is left: what a project keeps does not count."""
    with_everything(google)
    left = done(google, "GET", "/_control/left")["left"]
    kinds = {line.split()[0] for line in left}
    assert {
        "compute.instanceTemplates",
        "compute.instances",
        "compute.regionInstanceGroupManagers",
        "iam.roles",
        "iam.serviceAccounts",
        "policies",
        "pubsub.subscriptions",
        "pubsub.topics",
        "secretmanager.secrets",
        "secretmanager.versions",
        "storage.buckets",
        "storage.objects",
    } == kinds

    done(google, "POST", f"{POLICY}:setIamPolicy", {"policy": {}})
    for path in (
        f"{GROUPS}/jobs-mig",
        f"{TEMPLATES}/jobs-tpl",
        f"{BUCKETS}/lum-states/o/state",
        f"{BUCKETS}/lum-states",
        f"{SUBSCRIPTIONS}/start-runner",
        f"{TOPICS}/start",
        f"{SECRETS}/config",
        f"{ACCOUNTS}/{EMAIL}",
        f"{ROLES}/runner",
    ):
        done(google, "DELETE", path)

    assert {"left": []} == done(google, "GET", "/_control/left")


def test_concurrency(google: FakeGoogle) -> None:
    """Of what many clients create at once nothing is lost, and of one name there is one."""

    def create(number: int) -> int:
        return ask(google, "PUT", f"{TOPICS}/topic-{number // 8}", {})[0]

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(create, range(200)))
    finally:
        sys.setswitchinterval(interval)

    assert [200] * 25 + [409] * 175 == sorted(statuses)
    assert 25 == len(done(google, "GET", TOPICS)["topics"])
    numbers = [request.number for request in google.requests]
    assert 201 == len(set(numbers))
    assert sorted(numbers) == numbers
