"""Service accounts."""

from fake_google import FakeGoogle
from tests.fake_google.asking import ACCOUNT, ACCOUNTS, EMAIL, POLICY, done, granting, refused


def test_account(google: FakeGoogle) -> None:
    """A service account is found by address and by number, in any project."""
    account = done(google, "POST", ACCOUNTS, ACCOUNT)

    assert EMAIL == account["email"]
    for key in (EMAIL, account["uniqueId"]):
        assert account == done(google, "GET", f"{ACCOUNTS}/{key}")
        assert account == done(google, "GET", f"/iam/v1/projects/-/serviceAccounts/{key}")
    assert 409 == refused(google, "POST", ACCOUNTS, ACCOUNT)[0]
    assert 400 == refused(google, "POST", ACCOUNTS, {"accountId": "short"})[0]
    body = {"serviceAccount": {"displayName": "Other"}, "updateMask": "display_name"}
    assert "Other" == done(google, "PATCH", f"{ACCOUNTS}/{EMAIL}", body)["displayName"]
    body["updateMask"] = "email"
    assert 400 == refused(google, "PATCH", f"{ACCOUNTS}/{EMAIL}", body)[0]


def test_deleted_account(google: FakeGoogle) -> None:
    """What was granted to an account that is gone stays, for nobody else of that name."""
    account = done(google, "POST", ACCOUNTS, ACCOUNT)
    policy = granting("roles/viewer", f"serviceAccount:{EMAIL}", "user:a@x.de")
    before = done(google, "POST", f"{POLICY}:setIamPolicy", {"policy": policy})

    done(google, "DELETE", f"{ACCOUNTS}/{EMAIL}")
    done(google, "POST", ACCOUNTS, ACCOUNT)

    after = done(google, "POST", f"{POLICY}:getIamPolicy", {})
    gone = f"deleted:serviceAccount:{EMAIL}?uid={account['uniqueId']}"
    assert sorted([gone, "user:a@x.de"]) == sorted(after["bindings"][0]["members"])
    assert before["etag"] != after["etag"]


def test_undeleted_account(google: FakeGoogle) -> None:
    """It is back by its number, as it was, with all that it was granted."""
    account = done(google, "POST", ACCOUNTS, ACCOUNT)
    policy = granting("roles/viewer", f"serviceAccount:{EMAIL}", "user:a@x.de")
    done(google, "POST", f"{POLICY}:setIamPolicy", {"policy": policy})
    own = {"policy": granting("roles/iam.serviceAccountUser", "user:a@x.de")}
    done(google, "POST", f"{ACCOUNTS}/{EMAIL}:setIamPolicy", own)
    undelete = f"{ACCOUNTS}/{account['uniqueId']}:undelete"
    assert 404 == refused(google, "POST", undelete, {})[0]
    done(google, "DELETE", f"{ACCOUNTS}/{EMAIL}")
    assert 404 == refused(google, "GET", f"{ACCOUNTS}/{EMAIL}")[0]
    assert [] == done(google, "GET", ACCOUNTS)["accounts"]
    another = done(google, "POST", ACCOUNTS, ACCOUNT)
    assert 400 == refused(google, "POST", undelete, {})[0]
    done(google, "DELETE", f"{ACCOUNTS}/{another['uniqueId']}")

    assert {"restoredAccount": account} == done(google, "POST", undelete, {})

    assert account == done(google, "GET", f"{ACCOUNTS}/{EMAIL}")
    after = done(google, "POST", f"{ACCOUNTS}/{EMAIL}:getIamPolicy", {})["bindings"]
    assert own["policy"]["bindings"] == after
    members = done(google, "POST", f"{POLICY}:getIamPolicy", {})["bindings"][0]["members"]
    assert sorted([f"serviceAccount:{EMAIL}", "user:a@x.de"]) == sorted(members)


def test_accounts_that_know_each_other(google: FakeGoogle) -> None:
    """What is deleted comes back with grants to those who are there, and to nobody else."""
    account = done(google, "POST", ACCOUNTS, ACCOUNT)
    other = done(google, "POST", ACCOUNTS, {"accountId": "other-sa"})
    member = f"serviceAccount:{other['email']}"
    own = {"policy": granting("roles/iam.serviceAccountUser", member)}
    done(google, "POST", f"{ACCOUNTS}/{EMAIL}:setIamPolicy", own)
    for one in (account, other):
        done(google, "DELETE", f"{ACCOUNTS}/{one['uniqueId']}")

    done(google, "POST", f"{ACCOUNTS}/{account['uniqueId']}:undelete", {})

    gone = f"deleted:{member}?uid={other['uniqueId']}"
    policy = f"{ACCOUNTS}/{EMAIL}:getIamPolicy"
    assert [gone] == done(google, "POST", policy, {})["bindings"][0]["members"]
    done(google, "POST", f"{ACCOUNTS}/{other['uniqueId']}:undelete", {})
    assert [member] == done(google, "POST", policy, {})["bindings"][0]["members"]


def test_default_account(google: FakeGoogle) -> None:
    """Every project has the account that VMs run as where nobody says otherwise."""
    project = done(google, "GET", "/compute/v1/projects/eng-ai-dev")

    email = project["defaultServiceAccount"]
    account = done(google, "GET", f"{ACCOUNTS}/{email}")
    assert (email, "eng-ai-dev") == (account["email"], account["projectId"])


def test_an_account_of_elsewhere(google: FakeGoogle) -> None:
    """What other code has made can be granted something, and is nothing that is left behind."""
    google.add_account(EMAIL)

    body = {"policy": granting("roles/viewer", f"serviceAccount:{EMAIL}")}
    done(google, "POST", f"{POLICY}:setIamPolicy", body)
    assert EMAIL == done(google, "GET", f"{ACCOUNTS}/{EMAIL}")["email"]
    assert 409 == refused(google, "POST", ACCOUNTS, ACCOUNT)[0]
    assert ["policies projects/eng-ai-dev"] == google.left()
