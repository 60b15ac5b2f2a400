"""What is true of any type."""

import pytest

from tests.plans.cases import BUCKET, GROUP, SUBSCRIPTION, TEMPLATE, TOPIC, VERSION, Json
from tests.plans.judged import allowance, judged, rules, told
from tests.plans.made import change, made_up, planned, updated
from tests.plans.recorded import recorded

UNKNOWN_TYPE = "google_what_is_new"


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
    for actions, noted in ((["create"], ()), (["update"], ()), (["delete"], gone)):
        one = change(kind, actions, {"input": 1}, {"input": 2})
        verdict = judged(made_up(one))
        assert noted == rules((*verdict.blocking, *verdict.notable))


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


@pytest.mark.parametrize(
    ("kind", "actions", "before", "after", "said"),
    [
        (UNKNOWN_TYPE, "create", None, {"name": "a"},
         ["unjudged: new, and this guard knows nothing of its type"]),
        (UNKNOWN_TYPE, "update", {"a": 1}, {"a": 2},
         ["unjudged: changed, and this guard knows nothing of its type"]),
        (UNKNOWN_TYPE, "delete", {"name": "a"}, None,
         ["deleted: deleted, and this guard knows nothing of its type"]),
        (UNKNOWN_TYPE, "delete create", {"name": "a"}, {"name": "b"},
         ["deleted: replaced, and this guard knows nothing of its type"]),
        (TOPIC, "forget", {"name": "t"}, None,
         ["forgotten: forgotten: it stays as it is at Google"]),
        (TOPIC, "delete", {"deletion_policy": "ABANDON"}, None,
         ["forgotten: let go, kept at Google: its `deletion_policy` leaves it as it is"]),
        (TOPIC, "delete", {"deletion_policy": "PREVENT"}, None,
         ["deletion-prevented: deleted, which its `deletion_policy` prevents: the apply fails"]),
        (TOPIC, "delete create", {"deletion_policy": "PREVENT"}, {"name": "u"},
         ["protected-replaced: replaced, though it is protected: Google keeps the old one, and "
          "has no two"]),
        (TOPIC, "forget create", {"name": "t"}, {"name": "u"},
         ["protected-replaced: replaced, though it is protected: Google keeps the old one, and "
          "has no two"]),
        (VERSION, "create delete", {"deletion_policy": "ABANDON"}, {"deletion_policy": "ABANDON"},
         []),
        (VERSION, "update", {"deletion_policy": "ABANDON"}, {"deletion_policy": "DISABLE"}, []),
        (TOPIC, "update", {"deletion_policy": "ABANDON"}, {"deletion_policy": "PREVENT"}, []),
        (TOPIC, "update", {"deletion_policy": "PREVENT"}, {"deletion_policy": "DELETE"},
         ["protection-lowered: no longer protected: its `deletion_policy` is `DELETE` from "
          "now on"]),
        (TOPIC, "update", {"deletion_policy": "PREVENT"}, {},
         ["protection-lowered: no longer protected: its `deletion_policy` is not set from now on"]),
        (TOPIC, "update", {"deletion_policy": "DELETE"}, {"deletion_policy": "ABANDON"}, []),
        (TOPIC, "create", None, {"name": "a", "deletion_policy": "x"},
         ["unjudged: new, with `deletion_policy`"]),
        (TOPIC, "create delete", {"name": "t"}, {"name": "t"},
         ["topic-deleted: replaced: its subscriptions hear nothing any more, and what it "
          "retained is gone",
          "name-clash: to be made again under the name that the old one still has"]),
        (TOPIC, "create delete", {}, {},
         ["topic-deleted: replaced: its subscriptions hear nothing any more, and what it "
          "retained is gone"]),
        (UNKNOWN_TYPE, "create delete", {"name": "t"}, {"name": "t"},
         ["deleted: replaced, and this guard knows nothing of its type"]),
        (TOPIC, "update", {}, {f"a{n}": 1 for n in range(8)},
         ["unjudged: changed in `a0`, `a1`, `a2`, `a3`, `a4`, `a5`, `a6`, `a7`"]),
        (TOPIC, "update", {}, {f"a{n}": 1 for n in range(9)},
         ["unjudged: changed in `a0`, `a1`, `a2`, `a3`, `a4`, `a5`, `a6`, `a7` and 1 more"]),
        (TOPIC, "create", None, {f"a{n}": 1 for n in range(12)},
         ["unjudged: new, with `a0`, `a1`, `a10`, `a11`, `a2`, `a3`, `a4`, `a5` and 4 more"]),
        ("null_resource", "delete", {}, None,
         ["unjudged: deleted; a `removed` block may run a program then, which no plan shows"]),
        ("null_resource", "delete create", {"triggers": 1}, {"triggers": 2}, []),
        ("random_password", "delete create", {"length": 1}, {"length": 2},
         ["only-copy-lost: made up anew, or forgotten for good"]),
        ("time_sleep", "delete", {}, None, []),
    ],
)  # fmt: skip
def test_what_is_told(
    kind: str, actions: str, before: Json | None, after: Json | None, said: list[str]
) -> None:
    """What goes, stays, is protected or not known, of any type."""
    assert said == told(planned(kind, actions, before, after))


def test_where_a_name_is_taken() -> None:
    """What stays has it, and says so only where something else would be made under it."""
    clash = "name-clash: made under a name that `{}` has, which stays at Google"
    old = change(TOPIC, ["update"], {"name": "t"}, {"name": "t", "labels": {"a": "b"}}, "old")
    new = change(TOPIC, ["create"], None, {"name": "t"}, "new")
    again = change(TOPIC, ["create"], None, {"name": "t"}, "again")

    # In whatever order they stand.
    for changes in ([old, new], [new, old]):
        assert [clash.format(f"{TOPIC}.old")] == told(made_up(*changes))
    assert [clash.format(f"{TOPIC}.again")] == told(made_up(again, new))


def test_what_is_adopted_has_its_name_already() -> None:
    """It is made by nobody, and so takes no name from another."""
    adopted, other = (change(TOPIC, ["create"], None, {"name": "t"}, name) for name in "ab")
    adopted["change"]["importing"] = {"id": "t"}

    assert [] == told(made_up(adopted, other))


@pytest.mark.parametrize("name", [{"name": ""}, {"name": None}, {"name": ["t"]}, {}])
def test_what_has_no_name(name: Json) -> None:
    """Two of which none is told are not the same."""
    one, other = (change(TOPIC, ["create"], None, name, id_) for id_ in "ab")
    gone = change(TOPIC, ["delete"], name, None, "gone")

    assert "name-clash" not in rules(judged(made_up(one, other)).blocking)
    assert ("topic-deleted",) == rules(judged(made_up(gone, one)).blocking)


def test_a_place_that_is_not_known() -> None:
    """Nobody can tell that it is the same one, nor that it is another."""
    groups = [change(GROUP, ["create"], None, {"name": "g"}, id_) for id_ in "ab"]
    for group in groups:
        group["change"]["after_unknown"] = {"region": True}

    assert "name-clash" not in rules(judged(made_up(*groups)).blocking)


def test_what_forces_a_replacement() -> None:
    """It is explained by what is found, and else not judged."""
    values = {"service": "a", "disable_on_destroy": True}
    for disabled, said in (
        (True, ["api-disabled: switched off: `a`, and all that needs it"]),
        (False, ["unjudged: changed in `service`"]),
    ):
        before = {**values, "disable_on_destroy": disabled}
        after = {"service": "b", "disable_on_destroy": False}
        plan = planned("google_project_service", "delete create", before, after)
        plan["resource_changes"][0]["change"]["replace_paths"] = [["service"]]
        assert said == told(plan)


def test_what_forces_a_successor() -> None:
    """That a new template takes the place of another is no word on what is new in it."""
    before, after = {"name": "a"}, {"name": "b", "tags": ["x"], "guest_accelerator": [{"count": 1}]}
    plan = planned(TEMPLATE, "create delete", before, after)
    plan["resource_changes"][0]["change"]["replace_paths"] = [["tags"]]

    first = planned(TEMPLATE, "delete create", before, {"name": "b", "tags": ["x"]})
    first["resource_changes"][0]["change"]["replace_paths"] = [["tags"]]

    assert [
        "unjudged: changed in `tags`, for VMs that are yet to start",
        "gpus-added: changed: each VM made from it has 1 GPU instead of 0",
    ] == told(plan)
    # Where the old one goes first, that is what is told of it.
    assert ["template-deleted-first"] == [one.partition(":")[0] for one in told(first)]


def test_why_it_happens() -> None:
    """What forces it, else OpenTofu's reason; and of an update which attributes are meant."""
    plan = planned(SUBSCRIPTION, "delete create", {"filter": "a"}, {"filter": "b"})
    plan["resource_changes"][0]["change"]["replace_paths"] = [["filter"]]
    gone = planned(SUBSCRIPTION, "delete", {"name": "a"}, None)
    gone["resource_changes"][0]["action_reason"] = "delete_because_no_resource_config"
    days = {"message_retention_duration": "172800s", "labels": {"a": "b"}}
    shorter = planned(SUBSCRIPTION, "update", days, {"message_retention_duration": "86400s"})
    replaced = judged(plan).blocking[0]
    (deleted,) = judged(gone).blocking
    (updated_,) = judged(shorter).blocking

    assert ("Google cannot change `filter` in place", ("filter",)) == (
        replaced.why,
        replaced.attributes,
    )
    assert ("it is no longer in the configuration", ()) == (deleted.why, deleted.attributes)
    assert ("message_retention_duration",) == updated_.attributes


def test_what_changes_was_there_before() -> None:
    """Beside it nothing has moved, though both have one name."""
    gone = change(TOPIC, ["delete"], {"name": "t"}, None, "old")
    there = change(TOPIC, ["update"], {"name": "t"}, {"name": "t", "labels": {"a": "b"}}, "new")

    assert "renamed" not in rules(judged(made_up(gone, there)).blocking)


def test_what_is_imported_with_a_secret() -> None:
    """It is in the state from then on, be it that nothing becomes of it."""
    secret = {"name": "a", "metadata": {"HF_TOKEN": "hf_canary8c2d51e6a907"}}
    plain = {"name": "a", "metadata": {"startup-script": "/start.sh"}}
    entries = [change(TEMPLATE, ["no-op"], values, values) for values in (secret, plain)]
    for entry in entries:
        entry["change"]["importing"] = {"id": "a"}

    assert [
        "unjudged: imported with what looks like a secret in `metadata`: the state has it then"
    ] == told(made_up(entries[0]))
    assert [] == told(made_up(entries[1]))
    # What was there before is no news.
    assert [] == told(made_up(change(TEMPLATE, ["no-op"], secret, secret)))
