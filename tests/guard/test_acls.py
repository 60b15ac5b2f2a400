"""Rights by access control lists."""

import pytest

from tests.plans.judged import judged, rules
from tests.plans.made import change, made_up, updated


@pytest.mark.parametrize("acl", ["authenticatedRead", "publicRead", "publicReadWrite"])
def test_access_for_everybody(acl: str) -> None:
    """Google's ready-made lists with everybody on them."""
    made = change("google_storage_bucket_acl", ["create"], None, {"predefined_acl": acl})

    assert ("public-access",) == rules(judged(made_up(made)).blocking)


def test_access_for_somebody_unknown() -> None:
    """Who gets access must be known."""
    made = change("google_storage_bucket_access_control", ["create"], None, {})
    made["change"]["after_unknown"] = {"entity": True}

    assert ("grant-unknown",) == rules(judged(made_up(made)).blocking)


def test_lists_of_access() -> None:
    """The older lists give rights as well, and take them."""
    kind = "google_storage_bucket_acl"
    one, two = {"role_entity": ["READER:user-a"]}, {"role_entity": ["READER:allUsers"]}

    changed = judged(updated(kind, one, two))
    predefined = judged(updated(kind, {}, {"predefined_acl": "publicRead"}))

    assert ("grant-removed", "public-access") == rules(changed.blocking)
    assert ("public-access",) == rules(predefined.blocking)
