"""What becomes of accounts, roles and APIs."""

import pytest

from tests.plans.judged import judged, rules
from tests.plans.made import change, made_up, updated


@pytest.mark.parametrize(
    ("permission", "powerful"),
    [
        ("resourcemanager.projects.setIamPolicy", True),
        ("iam.serviceAccounts.actAs", True),
        ("iam.serviceAccounts.getAccessToken", True),
        ("iam.serviceAccountKeys.create", True),
        ("secretmanager.versions.access", True),
        ("storage.objects.setIamPolicy", False),
        ("compute.instances.list", False),
    ],
)
def test_powerful_permissions(permission: str, powerful: bool) -> None:
    """A custom role is no way around, be it new or widened."""
    kind, harmless = "google_project_iam_custom_role", ["pubsub.topics.get"]
    wide = {"permissions": [*harmless, permission]}
    new = judged(made_up(change(kind, ["create"], None, wide)))
    widened = judged(updated(kind, {"permissions": harmless}, wide))

    expected = ("powerful-role",) if powerful else ()
    assert expected == rules(new.blocking) == rules(widened.blocking)


def test_permissions_that_are_marked() -> None:
    """What a role has lost cannot be told, if it is not told what it had."""
    plan = updated("google_project_iam_custom_role", {"permissions": ["a"]},
                   {"permissions": ["b"]})  # fmt: skip
    plan["resource_changes"][0]["change"]["before_sensitive"] = {"permissions": True}

    assert ("role-shrunk",) == rules(judged(plan).blocking)


def test_an_api_of_which_nothing_is_said() -> None:
    """What the provider does by itself has changed before: it is taken for the worse."""
    gone = change("google_project_service", ["delete"], {"service": "a"}, None)

    assert ("api-disabled",) == rules(judged(made_up(gone)).blocking)


def test_a_key_that_is_replaced() -> None:
    """Who uses the old one is shut out, and the new one works from anywhere."""
    key = change("google_service_account_key", ["create", "delete"], {"a": 1}, {"a": 2})
    gone = change("google_service_account_key", ["delete"], {"a": 1}, None)

    assert ("account-key", "grant-removed") == rules(judged(made_up(key)).blocking)
    assert ("grant-removed",) == rules(judged(made_up(gone)).blocking)
