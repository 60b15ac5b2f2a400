"""What is true of any type."""

import pytest

from tests.plans.cases import BUCKET
from tests.plans.judged import judged, rules
from tests.plans.made import change, made_up, updated
from tests.plans.recorded import recorded


@pytest.mark.parametrize(
    ("kind", "rule", "blocks"),
    [
        ("google_compute_region_commitment", "deleted", True),
        ("google_compute_reservation", "deleted", True),
        ("google_iam_deny_policy", "unjudged", False),
        ("google_compute_firewall", "deleted", True),
    ],
)
def test_what_goes_is_never_passed_over(kind: str, rule: str, blocks: bool) -> None:
    """Of a type that has rules for what is new, too."""
    verdict = judged(made_up(change(kind, ["delete"], {"name": "a"}, None)))

    assert (rule,) == rules(verdict.blocking if blocks else verdict.notable)


def test_what_is_forgotten() -> None:
    """Forgetting loses nothing and is told; forgetting to create anew clashes."""
    forgotten = judged(recorded("kind-forget"))
    created = judged(recorded("kind-forget-create"))

    assert ((), ("forgotten",)) == (rules(forgotten.blocking), rules(forgotten.notable))
    assert ("name-clash",) == rules(created.blocking)


def test_a_type_without_a_rule() -> None:
    """Unknown is not fine: what no rule knows may not be deleted, but may be changed."""
    kind = "google_compute_firewall"

    gone = judged(made_up(change(kind, ["delete"], {"name": "a"}, None)))
    changed = judged(made_up(change(kind, ["update"], {"a": 1}, {"a": 2})))

    assert ("deleted",) == rules(gone.blocking)
    assert () == changed.blocking


def test_attributes_without_a_rule() -> None:
    """What nobody has judged is said not to be, and is not called safe."""
    verdict = judged(updated(BUCKET, {"rpo": "DEFAULT"}, {"rpo": "ASYNC_TURBO"}))

    assert ((), ("unjudged",)) == (rules(verdict.blocking), rules(verdict.notable))
    assert "`rpo`" in verdict.notable[0].what


def test_what_only_moves() -> None:
    """Under another address it is what it was."""
    one = change("google_iam_deny_policy", ["no-op"], {}, {})
    verdict = judged(made_up({**one, "previous_address": "google_iam_deny_policy.old"}))

    assert ((), ()) == (verdict.blocking, verdict.notable)


@pytest.mark.parametrize(
    ("kind", "key"),
    [("google_service_account", "account_id"), ("google_project_iam_custom_role", "role_id"),
     ("google_secret_manager_secret", "secret_id"), ("google_pubsub_topic", "name")],
)  # fmt: skip
def test_a_change_of_address(kind: str, key: str) -> None:
    """What goes and comes under one name is told how to stay."""
    values = {key: "x", "location": "US"}
    gone, come, elsewhere = (
        change(kind, ["delete"], values, None, "old"),
        change(kind, ["create"], None, values, "new"),
        change(kind, ["create"], None, {**values, key: "y"}, "new"),
    )
    verdict = judged(made_up(gone, come))

    assert "renamed" in rules(verdict.blocking)
    assert f"`moved {{ from = {kind}.old, to = {kind}.new }}`" in verdict.blocking[0].advice
    assert "renamed" not in rules(judged(made_up(gone, elsewhere)).blocking)


@pytest.mark.parametrize("key", ["region", "zone", "location"])
def test_the_same_name_elsewhere(key: str) -> None:
    """Two places have their own names."""
    gone = change("some_type", ["delete"], {"name": "x", key: "here"}, None, "a")
    come = change("some_type", ["create"], None, {"name": "x", key: "there"}, "b")

    assert ("deleted",) == rules(judged(made_up(gone, come)).blocking)


def test_another_grant_on_the_same_thing() -> None:
    """It is no change of address."""
    kind = "google_secret_manager_secret_iam_member"
    on = {"secret_id": "s", "member": "user:a"}
    gone = change(kind, ["delete"], {**on, "role": "roles/a"}, None, "a")
    come = change(kind, ["create"], None, {**on, "role": "roles/b"}, "b")

    assert ("grant-removed",) == rules(judged(made_up(gone, come)).blocking)


@pytest.mark.parametrize("kind", ["null_resource", "random_id", "terraform_data", "time_sleep"])
def test_types_that_are_nothing_at_google(kind: str) -> None:
    """They may come, change and go."""
    for actions in (["create"], ["update"], ["delete"]):
        one = change(kind, actions, {"input": 1}, {"input": 2})
        verdict = judged(made_up(one))
        assert ((), ()) == (verdict.blocking, verdict.notable)
