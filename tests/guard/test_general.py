"""What is true of any type."""

import pytest

from tests.plans.cases import BUCKET, GROUP, TOPIC, Json
from tests.plans.judged import allowance, judged, rules
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


@pytest.mark.parametrize("texts", [{"labels": {"a": "b"}}, {"labels": None}, {"labels": {}}])
def test_texts_for_people(texts: Json) -> None:
    """They come, change and go without harm."""
    before = {"labels": {"a": "a", "c": "d"}, "description": "some"}
    verdict = judged(made_up(change(TOPIC, ["update"], before, {"description": None, **texts})))

    assert () == (*verdict.blocking, *verdict.notable)


def test_what_is_forgotten() -> None:
    """Forgetting loses nothing and is told; forgetting to create anew clashes."""
    forgotten = judged(recorded("kind-forget"))
    created = judged(recorded("kind-forget-create"))

    assert ((), ("forgotten",)) == (rules(forgotten.blocking), rules(forgotten.notable))
    assert ("protected-replaced",) == rules(created.blocking)


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
    gone = change(kind, ["delete"], {**on, "role": "roles/pubsub.viewer"}, None, "a")
    come = change(kind, ["create"], None, {**on, "role": "roles/pubsub.publisher"}, "b")

    assert ("grant-removed",) == rules(judged(made_up(gone, come)).blocking)


@pytest.mark.parametrize(
    ("kind", "gone"),
    [
        ("null_resource", ("unjudged",)),
        ("random_password", ("only-copy-lost",)),
        ("terraform_data", ("unjudged",)),
        ("time_sleep", ()),
    ],
)
def test_types_that_are_nothing_at_google(kind: str, gone: tuple[str, ...]) -> None:
    """They may come and change; what goes may be the only copy, or run a program."""
    for actions, told in ((["create"], ()), (["update"], ()), (["delete"], gone)):
        one = change(kind, actions, {"input": 1}, {"input": 2})
        verdict = judged(made_up(one))
        assert told == rules((*verdict.blocking, *verdict.notable))


@pytest.mark.parametrize("policy", ["ABANDON", "PREVENT", "DELETE", None])
def test_what_google_keeps(policy: str | None) -> None:
    """By the policy in the state it is let go, prevented, or deleted."""
    told = {"ABANDON": "forgotten", "PREVENT": "deletion-prevented"}.get(
        str(policy), "topic-deleted"
    )
    verdict = judged(made_up(change(TOPIC, ["delete"], {"deletion_policy": policy}, None)))

    assert (told,) == rules((*verdict.blocking, *verdict.notable))
    assert (policy == "ABANDON") == (() == verdict.blocking)


@pytest.mark.parametrize("policy", ["ABANDON", "PREVENT"])
@pytest.mark.parametrize("actions", [["delete", "create"], ["forget", "create"]])
def test_what_is_protected_and_replaced(policy: str, actions: list[str]) -> None:
    """Google keeps the old one, and no allowance makes room for the new one."""
    values = {"name": "t", "deletion_policy": policy}
    entry = change(TOPIC, actions, values, {**values, "name": "u"})
    verdict = judged(made_up(entry), allowance("protected-replaced", f"{TOPIC}.one"))

    assert ("allowance-unused", "protected-replaced") == rules(verdict.blocking)


def test_a_protection_that_is_taken_back() -> None:
    """The next change could take it along."""
    kept, open_ = ({"name": "t", "deletion_policy": one} for one in ("ABANDON", "DELETE"))

    assert ("protection-lowered",) == rules(judged(updated(TOPIC, kept, open_)).blocking)
    assert () == judged(updated(TOPIC, open_, kept)).blocking


def test_what_is_tainted() -> None:
    """Nothing is wrong with it: the remedy is to say so."""
    values = {"name": "t"}
    entry = change(TOPIC, ["delete", "create"], values, values)
    (found,) = judged(made_up({**entry, "action_reason": "replace_because_tainted"})).blocking
    (other,) = judged(made_up({**entry, "action_reason": "replace_by_request"})).blocking

    assert f"`tofu untaint {TOPIC}.one`" in found.advice
    assert "untaint" not in other.advice


@pytest.mark.parametrize("actions", [["no-op"], ["forget"]])
def test_two_of_one_name(actions: list[str]) -> None:
    """What stays at Google keeps its name."""
    values = {"name": "t"}
    old = change(TOPIC, actions, values, values if actions == ["no-op"] else None, "old")
    new, other = (change(TOPIC, ["create"], None, {"name": name}, "new") for name in "tu")

    assert ("name-clash",) == rules(judged(made_up(old, new)).blocking)
    assert () == judged(made_up(old, other)).blocking


@pytest.mark.parametrize(("new", "clashes"), [("a", True), ("b", False)])
def test_made_again_beside_itself(new: str, clashes: bool) -> None:
    """The new one first, under the name of the old one: Google has no two."""
    both = ["create", "delete"]
    one = change(TOPIC, both, {"name": "a"}, {"name": new})

    assert clashes == ("name-clash" in rules(judged(made_up(one)).blocking))
    first = change(TOPIC, both[::-1], {"name": "a"}, {"name": new})
    assert "name-clash" not in rules(judged(made_up(first)).blocking)


@pytest.mark.parametrize(
    ("kind", "one", "other", "clash"),
    [
        (TOPIC, {"name": "t"}, {"name": "t"}, True),
        (TOPIC, {"name": "t"}, {"name": "u"}, False),
        (BUCKET, {"name": "b", "location": "US"}, {"name": "b", "location": "EU"}, True),
        (GROUP, {"name": "g", "region": "us-west1"}, {"name": "g", "region": "us-west1"}, True),
        (GROUP, {"name": "g", "region": "us-west1"}, {"name": "g", "region": "us-west2"}, False),
        ("google_storage_bucket_object", {"name": "o", "bucket": "b"},
         {"name": "o", "bucket": "b"}, True),
        ("google_storage_bucket_object", {"name": "o", "bucket": "b"},
         {"name": "o", "bucket": "c"}, False),
        ("google_dns_record_set", {"name": "d", "type": "A"}, {"name": "d", "type": "TXT"}, False),
    ],
)  # fmt: skip
def test_two_that_are_made(kind: str, one: Json, other: Json, clash: bool) -> None:
    """Under one name, at two addresses, Google has only the first."""
    plan = made_up(change(kind, ["create"], None, one, "a"),
                   change(kind, ["create"], None, other, "b"))  # fmt: skip

    assert clash == ("name-clash" in rules(judged(plan).blocking))


def test_the_name_of_what_is_replaced() -> None:
    """It is taken for as long as the old one is there."""
    old = change(TOPIC, ["create", "delete"], {"name": "t"}, {"name": "u"}, "old")
    new, other = (change(TOPIC, ["create"], None, {"name": name}, "new") for name in "tv")
    same = change(TOPIC, ["create"], None, {"name": "u"}, "new")

    assert "name-clash" in rules(judged(made_up(old, new)).blocking)
    assert "name-clash" in rules(judged(made_up(old, same)).blocking)
    assert "name-clash" not in rules(judged(made_up(old, other)).blocking)
