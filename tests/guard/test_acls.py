"""Rights by access control lists."""

import pytest

from tests.plans.cases import Json
from tests.plans.judged import judged, rules, told
from tests.plans.made import change, made_up, planned, updated

ENTRY = "google_storage_bucket_access_control"
LIST = "google_storage_bucket_acl"


@pytest.mark.parametrize("acl", ["authenticatedRead", "publicRead", "publicReadWrite"])
def test_access_for_everybody(acl: str) -> None:
    """Google's ready-made lists with everybody on them."""
    made = change("google_storage_bucket_acl", ["create"], None, {"predefined_acl": acl})

    assert ("public-access",) == rules(judged(made_up(made)).blocking)


def test_access_for_somebody_unknown() -> None:
    """Who gets access must be known; of two that are not, one need not be the other."""
    made = change(ENTRY, ["create"], None, {})
    made["change"]["after_unknown"] = {"entity": True}
    plan = updated(LIST, {"role_entity": ["READER:user-a"]}, {}, unknown={"role_entity": True})
    plan["resource_changes"][0]["change"]["before_sensitive"] = {"role_entity": True}

    assert ("grant-unknown",) == rules(judged(made_up(made)).blocking)
    assert ("grant-unknown",) == rules(judged(plan).blocking)


def test_lists_of_access() -> None:
    """The older lists give rights as well, and take them."""
    kind = "google_storage_bucket_acl"
    one, two = {"role_entity": ["READER:user-a"]}, {"role_entity": ["READER:allUsers"]}

    changed = judged(updated(kind, one, two))
    predefined = judged(updated(kind, {}, {"predefined_acl": "publicRead"}))

    assert ("grant-removed", "public-access") == rules(changed.blocking)
    assert ("public-access",) == rules(predefined.blocking)


@pytest.mark.parametrize(
    ("kind", "actions", "before", "after", "said"),
    [
        (ENTRY, "create", None, {"bucket": "b", "entity": "user-a", "role": "READER"},
         ["grant-added: given to `user-a`"]),
        (ENTRY, "create", None, {"bucket": "b", "entity": "domain-example.com", "role": "READER"},
         ["public-access: given to `domain-example.com`"]),
        (ENTRY, "update", {"entity": "user-a", "role": "READER"},
         {"entity": "user-a", "role": "OWNER"},
         ["grant-unknown: changed from `READER` to `OWNER`"]),
        (ENTRY, "update", {"entity": "user-a"}, {"entity": "user-b"},
         ["grant-removed: removed: `user-a`",
          "grant-added: given to `user-b`"]),
        (ENTRY, "delete", {"entity": "user-a", "role": "READER"}, None,
         ["grant-removed: removed: `user-a`"]),
        # In the place of another it is on something else, and given anew.
        (ENTRY, "delete create", {"bucket": "b", "entity": "allUsers"},
         {"bucket": "c", "entity": "allUsers"},
         ["grant-removed: removed: `allUsers`",
          "public-access: given to `allUsers`",
          "unjudged: changed in `bucket`"]),
        (LIST, "create", None,
         {"bucket": "b", "role_entity": ["READER:user-a", "OWNER:domain-example.com"]},
         ["public-access: given to `OWNER:domain-example.com`",
          "grant-added: given to `READER:user-a`"]),
        (LIST, "update", {"role_entity": ["READER:user-a", "READER:user-b"]},
         {"role_entity": ["READER:user-b", "READER:user-c"]},
         ["grant-removed: removed: `READER:user-a`",
          "grant-added: given to `READER:user-c`"]),
        (LIST, "update", {"predefined_acl": "private"}, {"predefined_acl": "publicRead"},
         ["public-access: set to `publicRead`, which is for everybody"]),
        (LIST, "update", {"predefined_acl": "publicRead"}, {"predefined_acl": "private"},
         ["unjudged: changed in `predefined_acl`"]),
        (LIST, "create", None, {"bucket": "b", "default_acl": "publicRead"},
         ["public-access: set to `publicRead`, which is for everybody"]),
        (LIST, "delete", {"bucket": "b", "predefined_acl": "private"}, None,
         ["grant-removed: removed: all of it"]),
    ],
)  # fmt: skip
def test_what_is_told(
    kind: str, actions: str, before: Json | None, after: Json | None, said: list[str]
) -> None:
    """Who gets rights and who loses them, by name."""
    assert said == told(planned(kind, actions, before, after))
