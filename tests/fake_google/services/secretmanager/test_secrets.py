"""Secrets and their versions."""

import base64
import json

import pytest

from fake_google import FakeGoogle, Options
from tests.fake_google.asking import (
    PAYLOAD,
    POLICY,
    PROJECT,
    SECRET,
    SECRETS,
    VERSION,
    Json,
    ask,
    done,
    refused,
    with_secret,
)


def test_payload_is_not_kept(google: FakeGoogle) -> None:
    """A payload is nowhere: in no answer, not in the store, and in no list of requests."""
    with_secret(google)
    path = f"{SECRETS}/config:addVersion"
    answers = [
        ask(google, "POST", path, VERSION)[1],
        ask(google, "POST", path, {**VERSION, "nonsense": 1})[1],
        ask(google, "POST", f"{SECRETS}?secretId=other", {**SECRET, **VERSION})[1],
        ask(google, "POST", f"{SECRETS}/missing:addVersion", VERSION)[1],
        ask(google, "GET", f"{SECRETS}/config")[1],
        ask(google, "GET", f"{SECRETS}/config/versions")[1],
        ask(google, "GET", f"{SECRETS}/config/versions/1:access")[1],
        ask(google, "GET", "/_control/requests")[1],
        ask(google, "GET", "/_control/store")[1],
        google.store.dump(),
    ]

    text = json.dumps(answers) + repr(google.requests)

    assert "secretmanager.projects.secrets.addVersion" in text
    assert PAYLOAD.decode() not in text
    for start in range(3):
        # Base64 of any part of it, whichever byte it begins at.
        part = base64.b64encode(PAYLOAD[start:24]).decode().rstrip("=")[1:-2]
        assert part not in text


def test_secret_versions(google: FakeGoogle) -> None:
    """Versions are numbered, the newest is listed first, and none is ever read."""
    with_secret(google)
    second = done(google, "POST", f"{SECRETS}/config:addVersion", VERSION)
    assert second["name"].endswith("/secrets/config/versions/2")

    versions = done(google, "GET", f"{SECRETS}/config/versions")["versions"]
    assert ["2", "1"] == [version["name"].rpartition("/")[2] for version in versions]
    assert 403 == refused(google, "GET", f"{SECRETS}/config/versions/2:access")[0]
    assert 404 == refused(google, "GET", f"{SECRETS}/config/versions/3")[0]
    assert 404 == refused(google, "GET", f"{SECRETS}/other/versions")[0]


def test_secret_version_states(google: FakeGoogle) -> None:
    """A version is disabled and enabled again; destroyed it stays, and its number is taken."""
    with_secret(google)
    path = f"{SECRETS}/config/versions/1"

    for verb, state in (("disable", "DISABLED"), ("enable", "ENABLED"), ("destroy", "DESTROYED")):
        assert state == done(google, "POST", f"{path}:{verb}", {})["state"]
        assert state == done(google, "GET", path)["state"]

    assert done(google, "GET", path)["destroyTime"]
    assert 400 == refused(google, "POST", f"{path}:enable", {})[0]
    second = done(google, "POST", f"{SECRETS}/config:addVersion", VERSION)
    assert second["name"].endswith("/versions/2")


def test_secret_by_number(google: FakeGoogle) -> None:
    """A secret's name comes back with the project's number, and is accepted with it."""
    with_secret(google)
    number = done(google, "GET", POLICY)["projectNumber"]

    secret = done(google, "GET", f"{SECRETS}/config")

    assert f"projects/{number}/secrets/config" == secret["name"]
    below = f"/secretmanager/v1/{secret['name']}"
    assert secret == done(google, "GET", below)
    assert "ENABLED" == done(google, "GET", f"{below}/versions/1")["state"]
    numbered = SECRETS.replace("eng-ai-dev", number)
    assert [secret] == done(google, "GET", numbered)["secrets"]
    assert 409 == refused(google, "POST", f"{numbered}?secretId=config", SECRET)[0]


def test_secret_patch(google: FakeGoogle) -> None:
    """A secret is changed by mask; its replication and its bookkeeping stay."""
    with_secret(google)
    before = done(google, "GET", f"{SECRETS}/config")

    body = {"labels": {"a": "b"}}
    after = done(google, "PATCH", f"{SECRETS}/config?updateMask=labels", body)
    assert {"a": "b"} == after["labels"]
    assert before["etag"] != after["etag"]
    for mask in ("", "replication", "name", "last", "createTime"):
        path = f"{SECRETS}/config?updateMask={mask}"
        assert 400 == refused(google, "PATCH", path, body)[0]


@pytest.mark.parametrize("data", ["", "%%%", "abc", "\u00e4\u00f6\u00fc\u00df", None])
def test_bad_payload(data: str | None, google: FakeGoogle) -> None:
    """A payload is base64, and not empty."""
    with_secret(google)

    body = {"payload": {"data": data}}
    assert 400 == refused(google, "POST", f"{SECRETS}/config:addVersion", body)[0]


@pytest.mark.parametrize("name", ["", "a%2Fb", "a.b", "x" * 256])
def test_secret_refused(name: str, google: FakeGoogle) -> None:
    """A secret has a name without dots and slashes, and says where it is replicated."""
    assert 400 == refused(google, "POST", f"{SECRETS}?secretId={name}", SECRET)[0]
    assert 400 == refused(google, "POST", f"{SECRETS}?secretId=config", {})[0]


def test_payloads_that_are_kept() -> None:
    """On request a payload can be read: the newest, by number or by alias, while enabled."""
    options = Options(switched_on=True, keep_payloads=True)
    with FakeGoogle(options=options) as google:
        with_secret(google)
        newer = {"payload": {"data": base64.b64encode(b"newer").decode()}}
        done(google, "POST", f"{SECRETS}/config:addVersion", newer)
        aliases = {"versionAliases": {"old": "1"}}
        done(google, "PATCH", f"{SECRETS}/config?updateMask=versionAliases", aliases)
        versions = f"{SECRETS}/config/versions"

        for key, payload in (("latest", b"newer"), ("2", b"newer"), ("old", PAYLOAD)):
            answer = done(google, "GET", f"{versions}/{key}:access")
            assert payload == base64.b64decode(answer["payload"]["data"])
            assert answer["payload"]["dataCrc32c"].isdigit()
        assert done(google, "GET", f"{versions}/latest")["name"].endswith("/versions/2")
        done(google, "POST", f"{versions}/2:disable", {})
        status, answer = ask(google, "GET", f"{versions}/latest:access")
        assert (400, "FAILED_PRECONDITION") == (status, answer["error"]["status"])
        assert 404 == refused(google, "GET", f"{versions}/other:access")[0]
        assert base64.b64encode(PAYLOAD).decode() not in json.dumps(google.store.dump())


@pytest.mark.parametrize(
    "fields",
    [
        {"labels": {"A": "b"}},
        {"rotation": {"rotationPeriod": "3600s"}},
        {"topics": [{"name": f"{PROJECT}/topics/other"}]},
        {"versionDestroyTtl": "5s"},
        {"ttl": "a day"},
    ],
)
def test_secret_fields_refused(fields: Json, google: FakeGoogle) -> None:
    assert 400 == refused(google, "POST", f"{SECRETS}?secretId=config", {**SECRET, **fields})[0]


def test_checksum(google: FakeGoogle) -> None:
    """A payload that is not what its checksum says is refused."""
    with_secret(google)
    body = {"payload": {**VERSION["payload"], "dataCrc32c": "1"}}

    assert 400 == refused(google, "POST", f"{SECRETS}/config:addVersion", body)[0]
