"""Policies: etags, conditions, and who exists."""

import re

import pytest

from fake_google import FakeGoogle
from tests.fake_google.asking import (
    CONDITION,
    EMAIL,
    POLICY,
    PROJECT,
    TOPICS,
    Json,
    ask,
    done,
    granting,
    refused,
    with_topic,
)


def test_policy_etag(google: FakeGoogle) -> None:
    """Of two that read a policy, only the first one writes it."""
    policy = done(google, "POST", f"{POLICY}:getIamPolicy", {})
    body = {"policy": {**policy, **granting("roles/viewer", "user:a@x.de")}}
    done(google, "POST", f"{POLICY}:setIamPolicy", body)

    status, answer = ask(google, "POST", f"{POLICY}:setIamPolicy", body)

    assert (409, "ABORTED") == (status, answer["error"]["status"])


def test_conditions(google: FakeGoogle) -> None:
    """Conditions are of version 3: who asks for less sees a role that cannot be written back."""
    policy: Json = granting("roles/viewer", "user:a@x.de")
    policy["bindings"][0]["condition"] = CONDITION
    body = {"policy": policy}
    assert 400 == refused(google, "POST", f"{POLICY}:setIamPolicy", body)[0]
    done(google, "POST", f"{POLICY}:setIamPolicy", {"policy": {**policy, "version": 3}})

    hidden = done(google, "POST", f"{POLICY}:getIamPolicy", {})
    shown = done(
        google, "POST", f"{POLICY}:getIamPolicy", {"options": {"requestedPolicyVersion": 3}}
    )

    assert (1, 3) == (hidden["version"], shown["version"])
    assert re.fullmatch("roles/viewer_withcond_[0-9a-f]{20}", hidden["bindings"][0]["role"])
    assert "condition" not in hidden["bindings"][0]
    assert policy["bindings"] == shown["bindings"]
    body = {"policy": granting("roles/viewer", "user:a@x.de", version=1)}
    assert 400 == refused(google, "POST", f"{POLICY}:setIamPolicy", body)[0]


@pytest.mark.parametrize(
    ("role", "member", "message"),
    [
        ("roles/viewer", "a@x.de", "no known prefix"),
        ("roles/viewer", f"serviceAccount:{EMAIL}", "does not exist"),
        (f"{PROJECT}/roles/other", "user:a@x.de", "does not exist"),
        ("viewer", "user:a@x.de", "is not valid"),
        ("roles/storage.objectVeiwer", "user:a@x.de", "is not supported"),
        ("roles/veiwer", "user:a@x.de", "is not supported"),
    ],
)
def test_policy_refused(role: str, member: str, message: str, google: FakeGoogle) -> None:
    """Nothing is granted to someone, or of a role, that does not exist; Google's agents do."""
    with_topic(google)

    body = {"policy": granting(role, member)}
    status, actual = refused(google, "POST", f"{TOPICS}/start:setIamPolicy", body)

    assert 400 == status
    assert message in actual
    agent = "serviceAccount:service-1@gcp-sa-pubsub.iam.gserviceaccount.com"
    body = {"policy": granting("roles/viewer", agent, "allUsers", "domain:x.de")}
    done(google, "POST", f"{TOPICS}/start:setIamPolicy", body)


def test_policies_are_joined(google: FakeGoogle) -> None:
    """Bindings of one role are one binding, with each member once; empty ones are none."""
    bindings = [
        {"role": "roles/viewer", "members": ["user:b@x.de", "user:a@x.de"]},
        {"role": "roles/viewer", "members": ["user:a@x.de"]},
        {"role": "roles/editor", "members": []},
    ]

    body = {"policy": {"bindings": bindings}}
    policy = done(google, "POST", f"{POLICY}:setIamPolicy", body)

    assert granting("roles/viewer", "user:a@x.de", "user:b@x.de")["bindings"] == policy["bindings"]


def test_what_is_not_known_is_told(google: FakeGoogle) -> None:
    """A role of a service that the list knows nothing of is taken, and told; so is a condition."""
    binding = granting("roles/newservice.admin", "user:a@x.de")["bindings"][0]
    body = {"policy": {"bindings": [{**binding, "condition": CONDITION}], "version": 3}}
    done(google, "POST", f"{POLICY}:setIamPolicy", body)

    first, second = done(google, "GET", "/_control/notes")["notes"]
    assert "roles/newservice.admin" in first
    assert CONDITION["expression"] in second


def test_audit_configs(google: FakeGoogle) -> None:
    """What is logged is changed by mask, and grants stay as they are."""
    policy = granting("roles/viewer", "user:a@x.de")
    done(google, "POST", f"{POLICY}:setIamPolicy", {"policy": policy})
    audits = [{"service": "allServices", "auditLogConfigs": [{"logType": "ADMIN_READ"}]}]

    body = {"policy": {"auditConfigs": audits}, "updateMask": "etag,auditConfigs"}
    after = done(google, "POST", f"{POLICY}:setIamPolicy", body)
    assert (policy["bindings"], audits) == (after["bindings"], after["auditConfigs"])
    done(
        google,
        "POST",
        f"{POLICY}:setIamPolicy",
        {"policy": granting("roles/editor", "user:a@x.de")},
    )
    assert audits == done(google, "POST", f"{POLICY}:getIamPolicy", {})["auditConfigs"]
    for bad in (
        {"updateMask": "owner"},
        {"updateMask": "auditConfigs", "policy": {"auditConfigs": [{}]}},
    ):
        assert 400 == refused(google, "POST", f"{POLICY}:setIamPolicy", bad)[0]


def test_agents(google: FakeGoogle) -> None:
    """Google's own accounts are there, in whichever domain."""
    agents = (
        "service-123456789012@gs-project-accounts.iam.gserviceaccount.com",
        "service-1@gcp-sa-secretmanager.iam.gserviceaccount.com",
        "123456789012@cloudservices.gserviceaccount.com",
        "123456789012-compute@developer.gserviceaccount.com",
        "service-1@compute-system.iam.gserviceaccount.com",
    )
    for agent in agents:
        body = {"policy": granting("roles/viewer", f"serviceAccount:{agent}")}
        done(google, "POST", f"{POLICY}:setIamPolicy", body)
