"""What becomes of accounts, roles and APIs."""

import pytest

from tests.plans.cases import ACCOUNT, ROLE, Json
from tests.plans.judged import judged, rules, told
from tests.plans.made import change, made_up, planned, updated

API = "google_project_service"
PUBSUB = "pubsub.googleapis.com"
DEFAULTS = "google_project_default_service_accounts"


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


@pytest.mark.parametrize(
    ("kind", "key", "old", "new", "found"),
    [
        (ACCOUNT, "disabled", None, False, "account-enabled"),
        (ROLE, "stage", "BETA", "GA", "role-widened"),
    ],
)
def test_what_may_have_been_switched_off(
    kind: str, key: str, old: object, new: object, found: str
) -> None:
    """It cannot be told that it was on, where that is marked."""
    plan = updated(kind, {key: old}, {key: new})
    assert () == rules(judged(plan).notable)

    plan["resource_changes"][0]["change"]["before_sensitive"] = {key: True}
    assert (found,) == rules(judged(plan).notable)


def test_a_role_that_is_switched_on_with_what_is_not_known() -> None:
    """What it allows is taken for the worse."""
    plan = updated(ROLE, {"stage": "DISABLED", "permissions": ["a"]}, {"stage": "GA"},
                   unknown={"permissions": True})  # fmt: skip

    assert ("powerful-role", "role-shrunk") == rules(judged(plan).blocking)


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


@pytest.mark.parametrize(
    ("kind", "actions", "before", "after", "said"),
    [
        (ACCOUNT, "delete", {"account_id": "a"}, None,
         ["account-deleted: deleted: VMs that run as it lose every right at once"]),
        (ACCOUNT, "delete create", {"account_id": "a"}, {"account_id": "b", "disabled": True},
         ["account-deleted: replaced: VMs that run as it lose every right at once",
          "unjudged: changed in `account_id`, `disabled`"]),
        (ACCOUNT, "create", None, {"account_id": "a", "disabled": True},
         ["account-disabled: disabled: VMs that run as it lose every right"]),
        (ACCOUNT, "update", {"disabled": False}, {"disabled": True},
         ["account-disabled: disabled: VMs that run as it lose every right"]),
        (ACCOUNT, "update", {"disabled": True}, {"disabled": False},
         ["account-enabled: enabled again: whoever acts as it has all that it was granted"]),
        (ACCOUNT, "update", {"disabled": True}, {},
         ["account-enabled: enabled again: whoever acts as it has all that it was granted"]),
        (ACCOUNT, "update", {"disabled": None}, {"disabled": False}, []),
        (ACCOUNT, "delete create", {"account_id": "a", "disabled": True}, {"account_id": "a"},
         ["account-deleted: replaced: VMs that run as it lose every right at once"]),
        (ACCOUNT, "create", None, {"account_id": "a", "disabled": False}, []),
        (ACCOUNT, "update", {"disabled": True, "description": "a"},
         {"disabled": True, "description": "b"}, []),
        (DEFAULTS, "create", None, {"action": "DISABLE"},
         ["account-disabled: made to `DISABLE` the project's default accounts"]),
        (DEFAULTS, "delete create", {"action": "DISABLE"}, {"action": "DELETE"},
         ["account-disabled: made to `DELETE` the project's default accounts",
          "powerful-role: deleted: the project's default accounts are given back what was taken "
          "from them"]),
        (DEFAULTS, "delete", {"action": "DISABLE"}, None,
         ["powerful-role: deleted: the project's default accounts are given back what was taken "
          "from them"]),
        (DEFAULTS, "delete", {"action": "DEPRIVILEGE", "restore_policy": "REVERT"}, None,
         ["powerful-role: deleted: the project's default accounts are given back what was taken "
          "from them"]),
        (DEFAULTS, "delete", {"action": "DISABLE", "restore_policy": "NONE"}, None, []),
        (ROLE, "delete", {"role_id": "r"}, None,
         ["role-deleted: deleted: whoever has it loses what it allows"]),
        (ROLE, "delete create", {"permissions": ["a.b"]}, {"permissions": ["a.actAs"]},
         ["role-deleted: deleted: whoever has it loses what it allows",
          "powerful-role: allows `a.actAs`"]),
        (ROLE, "update", {"stage": "GA"}, {"stage": "DISABLED"},
         ["role-shrunk: switched off (`stage`): whoever has it loses what it allows"]),
        (ROLE, "update", {"stage": "GA"}, {"stage": "BETA"}, []),
        (ROLE, "update", {"stage": "GA", "permissions": ["x.actAs"]},
         {"stage": "BETA", "permissions": ["x.actAs"]}, []),
        *((ROLE, "update", {"stage": "DISABLED", "permissions": ["a.b"]},
           {"stage": stage, "permissions": ["a.b"]},
           ["role-widened: switched on again (`stage`): whoever has it has all that it allows"])
          for stage in ("ALPHA", "BETA", "GA", "DEPRECATED", None)),
        (ROLE, "update", {"stage": "DISABLED", "permissions": ["a.b", "x.actAs"]},
         {"stage": "GA", "permissions": ["a.b", "x.actAs"]},
         ["powerful-role: allows `x.actAs`",
          "role-widened: switched on again (`stage`): whoever has it has all that it allows"]),
        (ROLE, "update", {"stage": "DISABLED", "title": "a"}, {"stage": "DISABLED", "title": "b"},
         []),
        (ROLE, "create", None, {"role_id": "r", "stage": "DISABLED"},
         ["unjudged: new, with `stage`"]),
        (ROLE, "update", {"permissions": ["a", "b"]}, {"permissions": ["b", "c"]},
         ["role-shrunk: without `a` from now on",
          "role-widened: allows `c` as well"]),
        (ROLE, "update", {"permissions": ["x.actAs"], "title": "a"},
         {"permissions": ["x.actAs"], "title": "b"}, []),
        (ROLE, "update", {"permissions": ["x.actAs"]}, {"permissions": ["b", "x.actAs"]},
         ["role-widened: allows `b` as well"]),
        (API, "create", None, {"service": PUBSUB, "disable_on_destroy": False}, []),
        # What is offered, or sold, by somebody else.
        *((API, "create", None, {"service": service, "disable_on_destroy": False},
           ["unjudged: new, with `service`"])
          for service in ("saas.partner.cloudpartnerservices.goog",
                          "bills.endpoints.others.cloud.goog", "pubsub.googleapis.com.example")),
        (API, "create", None, {"service": PUBSUB},
         ["api-unguarded: set to be switched off once it is no longer in the configuration"]),
        (API, "create", None,
         {"service": PUBSUB, "disable_on_destroy": False, "disable_dependent_services": True},
         ["api-unguarded: set to be switched off once it is no longer in the configuration"]),
        (API, "update", {"disable_on_destroy": False}, {"disable_on_destroy": True},
         ["api-unguarded: set to be switched off once it is no longer in the configuration"]),
        (API, "update", {"disable_on_destroy": True}, {"disable_on_destroy": False}, []),
        (API, "update", {"disable_on_destroy": True, "timeouts": {"read": "1s"}},
         {"disable_on_destroy": True, "timeouts": {"read": "2s"}}, []),
        (API, "update", {"disable_on_destroy": False},
         {"disable_on_destroy": False, "disable_dependent_services": True},
         ["api-unguarded: set to be switched off once it is no longer in the configuration"]),
        (API, "delete create", {"service": PUBSUB, "disable_on_destroy": False},
         {"service": PUBSUB, "disable_on_destroy": True},
         ["api-unguarded: set to be switched off once it is no longer in the configuration"]),
        (API, "delete create", {"service": PUBSUB, "disable_on_destroy": True},
         {"service": PUBSUB, "disable_on_destroy": False},
         ["api-disabled: switched off: `pubsub.googleapis.com`, and all that needs it"]),
        (API, "delete", {"disable_on_destroy": True}, None,
         ["api-disabled: switched off: an API, and all that needs it"]),
        (API, "delete", {"service": PUBSUB, "disable_on_destroy": False}, None, []),
    ],
)  # fmt: skip
def test_what_is_told(
    kind: str, actions: str, before: Json | None, after: Json | None, said: list[str]
) -> None:
    """Each danger in its own words; what harms nobody, not at all."""
    assert said == told(planned(kind, actions, before, after))
