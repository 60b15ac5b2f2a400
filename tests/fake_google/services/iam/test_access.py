"""Permissions: who may do what where grants count."""

import json
from collections.abc import Iterator

import pytest

from fake_google import FakeGoogle, Options, Request
from fake_google.services.iam import conditions
from tests.fake_google.asking import (
    ACCOUNT,
    ACCOUNTS,
    BUCKETS,
    EMAIL,
    GROUPS,
    POLICY,
    PROJECT,
    ROLES,
    SECRETS,
    TOPICS,
    UPLOADS,
    Json,
    done,
    granting,
    with_bucket,
    with_group,
    with_secret,
    with_topic,
)

MEMBER = f"serviceAccount:{EMAIL}"


@pytest.fixture
def strict() -> Iterator[FakeGoogle]:
    with FakeGoogle(options=Options(switched_on=True, enforce_iam=True)) as google:
        done(google, "POST", ACCOUNTS, ACCOUNT)
        yield google


def status(google: FakeGoogle, who: str, verb: str, address: str, body: Json | None = None) -> int:
    """The status of a request by somebody; of nobody, if that is empty."""
    path, _, text = address.partition("?")
    query = dict(pair.split("=") for pair in text.split("&") if pair)
    headers = {"authorization": f"Bearer {who}"} if who else {}
    raw = json.dumps(body or {}).encode()
    return google.answer(Request(verb, path, query, raw, headers))[0]


def grant(google: FakeGoogle, path: str, role: str, **fields: object) -> None:
    policy = granting(role, MEMBER)
    policy["bindings"][0].update(fields)
    body = {"policy": {**policy, "version": 3}}
    done(google, "POST", f"{path}:setIamPolicy", body)


def test_a_grant_on_a_resource(strict: FakeGoogle) -> None:
    """It is good for that resource, for that permission, and for nobody else."""
    with_topic(strict)
    publishing = (f"{TOPICS}/start:publish", {"messages": [{"data": "eA=="}]})
    assert 403 == status(strict, EMAIL, "POST", *publishing)

    grant(strict, f"{TOPICS}/start", "roles/pubsub.publisher")

    assert 200 == status(strict, EMAIL, "POST", *publishing)
    assert 403 == status(strict, EMAIL, "GET", f"{TOPICS}/start")
    assert 403 == status(strict, "other@x.de", "POST", *publishing)
    assert 401 == status(strict, "", "POST", *publishing)


def test_a_custom_role(strict: FakeGoogle) -> None:
    """A custom role holds what it names, while it is not deleted."""
    with_group(strict)
    body = {
        "roleId": "scaler",
        "role": {"includedPermissions": ["compute.instanceGroupManagers.update"]},
    }
    done(strict, "POST", ROLES, body)
    grant(strict, POLICY, f"{PROJECT}/roles/scaler")

    resizing = f"{GROUPS}/jobs-mig/resize?size=1"
    assert 200 == status(strict, EMAIL, "POST", resizing)
    assert 403 == status(strict, EMAIL, "GET", f"{GROUPS}/jobs-mig")
    done(strict, "DELETE", f"{ROLES}/scaler")
    assert 403 == status(strict, EMAIL, "POST", resizing)


def test_a_condition(strict: FakeGoogle) -> None:
    """A grant with a condition is good for what the condition lets pass."""
    with_group(strict, targetSize=1)
    (vm,) = strict.vms()
    name = 'resource.name.extract("/instances/{name}")'
    for prefix, expected in (("other-", 403), ("jobs-", 200)):
        expression = (
            f'resource.type == "compute.googleapis.com/Instance" && {name}.startsWith("{prefix}")'
        )
        condition = {"title": "own", "expression": expression}
        grant(strict, POLICY, "roles/compute.instanceAdmin.v1", condition=condition)
        assert expected == status(strict, EMAIL, "DELETE", f"/compute/v1/{vm}")


def test_a_secret(strict: FakeGoogle) -> None:
    """A secret's versions are read by what is granted on the secret; with a number, too."""
    strict.options.keep_payloads = True
    with_secret(strict)
    grant(strict, f"{SECRETS}/config", "roles/secretmanager.secretAccessor")

    number = done(strict, "GET", POLICY)["projectNumber"]
    for path in (SECRETS, SECRETS.replace("eng-ai-dev", number)):
        assert 200 == status(strict, EMAIL, "GET", f"{path}/config/versions/latest:access")
    assert 403 == status(strict, EMAIL, "GET", f"{SECRETS}/config/versions/1")


def test_a_public_object(strict: FakeGoogle) -> None:
    """What is made public by its own list is read by everybody, and nothing else is."""
    with_bucket(strict)
    for name in ("mine", "public"):
        done(strict, "POST", f"{UPLOADS}?uploadType=media&name={name}", {})
    entry = {"entity": "allUsers", "role": "READER"}
    done(strict, "POST", f"{BUCKETS}/lum-states/o/public/acl", entry)

    assert 200 == status(strict, "", "GET", "/lum-states/public")
    assert 401 == status(strict, "", "GET", "/lum-states/mine")
    assert 403 == status(strict, EMAIL, "GET", f"{BUCKETS}/lum-states/o/mine")


def test_overwriting(strict: FakeGoogle) -> None:
    """An object is written anew only by whoever may delete it, too."""
    with_bucket(strict)
    policy = {"policy": granting("roles/storage.objectCreator", MEMBER)["bindings"]}
    done(strict, "PUT", f"{BUCKETS}/lum-states/iam", {"bindings": policy["policy"]})
    upload = f"{UPLOADS}?uploadType=media&name=state"

    assert 200 == status(strict, EMAIL, "POST", upload)
    assert 403 == status(strict, EMAIL, "POST", upload)
    policy = {"policy": granting("roles/storage.objectUser", MEMBER)["bindings"]}
    done(strict, "PUT", f"{BUCKETS}/lum-states/iam", {"bindings": policy["policy"]})
    assert 200 == status(strict, EMAIL, "POST", upload)


def held(google: FakeGoogle, who: str, path: str, *permissions: str) -> list[str]:
    """Those of some permissions that somebody has, as a client asks for them."""
    raw = json.dumps({"permissions": permissions}).encode()
    headers = {"authorization": f"Bearer {who}"}
    found, data = google.answer(
        Request("POST", f"{path}:testIamPermissions", {}, raw, headers),
    )
    assert found == 200, data
    answer: list[str] = json.loads(data).get("permissions", [])
    return answer


def test_what_somebody_may_do(strict: FakeGoogle) -> None:
    """Of the permissions that are asked for, those are told that somebody has."""
    with_topic(strict)
    with_secret(strict)
    grant(strict, f"{TOPICS}/start", "roles/pubsub.publisher")
    grant(strict, f"{SECRETS}/config", "roles/secretmanager.secretAccessor")
    both = ("pubsub.topics.publish", "pubsub.topics.get")

    assert ["pubsub.topics.publish"] == held(strict, EMAIL, f"{TOPICS}/start", *both)
    assert [*both] == held(strict, "fake", f"{TOPICS}/start", *both)
    assert [] == held(strict, EMAIL, f"{TOPICS}/other", *both)
    assert [] == held(strict, EMAIL, POLICY, "resourcemanager.projects.get")
    read = "secretmanager.versions.access"
    assert [read] == held(strict, EMAIL, f"{SECRETS}/config", read)
    for asked, expected in (("pubsub.topics.pulish", 400), ("aiplatform.models.get", 501)):
        body = {"permissions": [asked]}
        path = f"{TOPICS}/start:testIamPermissions"
        assert expected == status(strict, EMAIL, "POST", path, body)


def test_what_somebody_may_do_with_a_bucket(strict: FakeGoogle) -> None:
    """A bucket is asked by a query, in which the parameter comes more than once."""
    with_bucket(strict)
    done(
        strict,
        "PUT",
        f"{BUCKETS}/lum-states/iam",
        granting("roles/storage.objectViewer", MEMBER),
    )
    address = f"{BUCKETS}/lum-states/iam/testPermissions"
    names = ("storage.objects.get", "storage.objects.create")
    query = "&".join(f"permissions={name}" for name in names)

    assert [*names] == done(strict, "GET", f"{address}?{query}")["permissions"]
    asked = {"permissions": ",".join(names)}
    headers = {"authorization": f"Bearer {EMAIL}"}
    _, data = strict.answer(Request("GET", address, asked, b"", headers))
    assert ["storage.objects.get"] == json.loads(data)["permissions"]


@pytest.mark.parametrize(
    ("expected", "expression"),
    [
        (True, "true"),
        (True, 'resource.type == "t/Secret" && resource.name.startsWith("projects/p")'),
        (False, 'resource.name.endsWith("x") || !resource.name.contains("secrets")'),
        (True, 'resource.service == "t" && (resource.type != "u" || false)'),
        (True, "resource.name.extract('secrets/{id}') == 'config'"),
        (True, 'resource.name.extract("projects/{p}/secrets") == "p"'),
        (None, "request.time < timestamp('2030-01-01T00:00:00Z')"),
        (None, "resource.name.matches('x')"),
        (None, "resource.name"),
        (None, ""),
        (None, "true true"),
    ],
)
def test_expressions(expected: bool | None, expression: str) -> None:
    """What is not about a resource, nobody can tell: it never holds."""
    assert (expected is not None) == conditions.supported(expression)
    actual = conditions.holds({"expression": expression}, "t/Secret", "projects/p/secrets/config")
    assert bool(expected) == actual
