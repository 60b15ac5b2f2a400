"""Custom roles."""

from fake_google import FakeGoogle
from tests.fake_google.asking import POLICY, PROJECT, ROLE, ROLES, ask, done, granting, refused


def test_deleted_role(google: FakeGoogle) -> None:
    """A deleted role is still there: its id is taken, it is not granted, and it can come back."""
    role = done(google, "POST", ROLES, ROLE)
    assert "GA" == role["stage"]
    assert 409 == refused(google, "POST", ROLES, ROLE)[0]

    assert done(google, "DELETE", f"{ROLES}/runner")["deleted"]

    status, answer = ask(google, "POST", ROLES, ROLE)
    assert (400, "FAILED_PRECONDITION") == (status, answer["error"]["status"])
    assert done(google, "GET", f"{ROLES}/runner")["deleted"]
    assert [] == done(google, "GET", ROLES)["roles"]
    assert 1 == len(done(google, "GET", f"{ROLES}?showDeleted=true")["roles"])
    body = {"policy": granting(f"{PROJECT}/roles/runner", "user:a@x.de")}
    assert 400 == refused(google, "POST", f"{POLICY}:setIamPolicy", body)[0]
    assert 400 == refused(google, "DELETE", f"{ROLES}/runner")[0]

    back = done(google, "POST", f"{ROLES}/runner:undelete", {})
    assert role == {**back, "etag": role["etag"]}
    assert 400 == refused(google, "POST", f"{ROLES}/runner:undelete", {})[0]
    done(google, "POST", f"{POLICY}:setIamPolicy", body)


def test_role_patch(google: FakeGoogle) -> None:
    """A role is changed by field; a stale etag and a permission that is none are refused."""
    role = done(google, "POST", ROLES, ROLE)
    body = {"title": "Runner", "etag": role["etag"]}
    assert "Runner" == done(google, "PATCH", f"{ROLES}/runner?updateMask=title", body)["title"]

    assert 409 == refused(google, "PATCH", f"{ROLES}/runner?updateMask=title", body)[0]
    for bad in (
        {"includedPermissions": ["pubsub"]},
        {"includedPermissions": ["storage.objects.lisst"]},
        {"title": "x" * 101},
        {"name": "x"},
    ):
        assert 400 == refused(google, "PATCH", f"{ROLES}/runner", bad)[0]
    emptied = done(google, "PATCH", f"{ROLES}/runner", {"includedPermissions": None})
    assert [] == emptied["includedPermissions"]
