"""What judges which type, and what of a change is explained or harmless."""

from collections.abc import Iterator
from typing import Any

import pytest

from pipeline_zen.guard.checks import Check, collected, harmless, judges
from pipeline_zen.guard.harmless import anything, known, only
from pipeline_zen.guard.resource import Resource
from pipeline_zen.guard.rules import RULES, Finding, Rule, Severity
from tests.plans.cases import GROUP, TEMPLATE, TOPIC, Json
from tests.plans.judged import told
from tests.plans.made import planned

MADE_UP = ("google_made_up", "google_made_up_too")


@pytest.fixture
def registered() -> Iterator[list[Check]]:
    """Two types that are judged alike, for as long as a test takes."""

    @judges(*MADE_UP, attributes="found within.it")
    def find(resource: Resource) -> Iterator[Finding]:
        if resource.changes("found"):
            yield resource.found(RULES["unjudged"], "found")

    harmless(
        *MADE_UP,
        tests={"one two": only("a"), "three": known},
        new={"three four": anything},
        computed="five six",
    )
    assert find is not None
    yield [collected()[kind] for kind in MADE_UP]
    for kind in MADE_UP:
        del collected()[kind]  # type: ignore[attr-defined]


def test_what_is_registered(registered: list[Check]) -> None:
    """For each type, by each attribute; more of it is added to what there is."""
    harmless(MADE_UP[0], tests={"seven": known}, may_go=True)
    harmless(MADE_UP[0], tests={})

    for check in registered:
        assert [("found", "within.it")] == [one.attributes for one in check.finders]
        assert {"one", "two", "three"} <= check.harmless.keys()
        assert {"three", "four"} == check.new.keys()
        assert {"five", "six"} == check.computed
    assert [True, False] == ["seven" in check.harmless for check in registered]
    assert [True, False] == [check.may_go for check in registered]


@pytest.mark.parametrize(
    ("key", "new", "harmless_by"),
    [
        ("one", False, "harmless"),
        ("one", True, "harmless"),
        ("three", False, "harmless"),
        ("three", True, "new"),
        ("four", False, ""),
        ("four", True, "new"),
        ("four.below[1].it", True, "new"),
        ("project", False, "anywhere"),
        ("eight", True, ""),
    ],
)
def test_which_test_is_meant(
    key: str, new: bool, harmless_by: str, registered: list[Check]
) -> None:
    """The type's own, of a new one first; that of what an attribute is within."""
    check, _ = registered
    root = key.partition(".")[0]
    expected = {"harmless": check.harmless.get(root), "new": check.new.get(root),
                "anywhere": known, "": None}  # fmt: skip

    assert expected[harmless_by] is check.test_of(key, new=new)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ({"one": "a"}, []),
        ({"one": "b"}, ["unjudged: changed in `one`"]),
        ({"found": 1}, ["unjudged: found"]),
        ({"found": 1, "within": [{"it": 1}]}, ["unjudged: found"]),
        ({"found": 1, "within": [{"that": 1}]},
         ["unjudged: found", "unjudged: changed in `within.that`"]),
        ({"within": [{"it": 1}]}, ["unjudged: changed in `within.it`"]),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("registered")
def test_what_is_left_over(after: Json, said: list[str]) -> None:
    """What is neither harmless nor explained by what is found."""
    plans = [planned(kind, "update", {}, after) for kind in MADE_UP]

    assert [said, said] == [told(plan) for plan in plans]


@pytest.mark.parametrize(
    ("kind", "action", "key", "written", "said"),
    [
        # The books, which are kept at any time.
        (TOPIC, "update", "etag", None, []),
        (TOPIC, "update", "etag", {"references": ["var.x"]}, ["unjudged: changed in `etag`"]),
        # What is filled in as something is made.
        (GROUP, "update", "instance_group", ..., ["unjudged: changed in `instance_group`"]),
        (TEMPLATE, "update", "self_link_unique", ...,
         ["unjudged: changed in `self_link_unique`, for VMs that are yet to start"]),
        (TOPIC, "create", "message_storage_policy", ..., []),
        (TOPIC, "create", "message_storage_policy", {"references": ["var.x"]},
         ["unjudged: new, with `message_storage_policy`"]),
        # A block that is generated (`dynamic`) is written nowhere, either: nothing may be unknown
        # but what is known to be filled in.
        (TOPIC, "create", "what_is_new", ..., ["unjudged: new, with `what_is_new`"]),
        (TOPIC, "create", "what_is_new", None, ["unjudged: new, with `what_is_new`"]),
        (TOPIC, "create", "what_is_new", {"references": ["var.x"]},
         ["unjudged: new, with `what_is_new`"]),
        (TOPIC, "update", "what_is_new", None, ["unjudged: changed in `what_is_new`"]),
    ],
)  # fmt: skip
def test_what_the_apply_decides(
    kind: str, action: str, key: str, written: Any, said: list[str]
) -> None:
    """It is ordinary where the provider fills it in, and nobody has written anything."""
    plan = planned(kind, action, None if action == "create" else {}, {}, {key: True})
    (entry,) = plan["resource_changes"]
    if written is not ...:
        expressions = {"name": {"constant_value": "t"}, **({key: written} if written else {})}
        resource = {"address": entry["address"], "mode": "managed", "expressions": expressions}
        plan["configuration"] = {"root_module": {"resources": [resource]}}

    assert said == told(plan)


GENERATED = (
    "; left to Google, or generated (`dynamic`) from `google_pubsub_topic.two`, which no plan tells"
)


@pytest.mark.parametrize(
    ("kind", "unknown", "told_of", "said"),
    [
        (TOPIC, {"message_storage_policy": True}, ["two"],
         [f"unjudged: new, with `message_storage_policy`{GENERATED}"]),
        (TOPIC, {"message_storage_policy": True}, [], []),
        # What it is itself, it cannot be made from.
        (TOPIC, {"message_storage_policy": True}, ["one"], []),
        (TOPIC, {"message_storage_policy": True}, ["one", "two"],
         [f"unjudged: new, with `message_storage_policy`{GENERATED}"]),
        # An attribute is none that could be generated.
        (GROUP, {"instance_group": True, "operation": True}, ["two"], []),
        (GROUP, {"standby_policy": True}, ["two"],
         [f"unjudged: new, with `standby_policy`{GENERATED}"]),
    ],
)  # fmt: skip
def test_what_may_be_generated(
    kind: str, unknown: Json, told_of: list[str], said: list[str]
) -> None:
    """A block that is left out looks the same, wherever a plan hides what it refers to."""
    relevant = [{"resource": f"{TOPIC}.{name}", "attribute": ["id"]} for name in told_of]
    plan = {**planned(kind, "create", None, {}, unknown), "relevant_attributes": relevant}

    unjudged = [one for one in told(plan) if one.startswith("unjudged: new")]
    assert said == unjudged


def test_what_is_named_first() -> None:
    """What may be generated is told where there is nothing else to look at."""
    plan = planned(TOPIC, "create", None, {}, {"name": True, "message_storage_policy": True})
    resource = {"address": f"{TOPIC}.one", "mode": "managed",
                "expressions": {"name": {"references": ["var.x"]}}}  # fmt: skip
    plan["configuration"] = {"root_module": {"resources": [resource]}}
    plan["relevant_attributes"] = [{"resource": f"{TOPIC}.two", "attribute": ["id"]}]

    assert ["unjudged: new, with `name`"] == told(plan)


@pytest.mark.parametrize("kind", ["aws_s3_bucket_iam_member", "made_up"])
def test_a_type_of_somebody_else(kind: str) -> None:
    """What ends as a type of Google's may mean something else."""
    values = {"role": "roles/pubsub.viewer", "member": "allUsers"}

    assert ["unjudged: new, and this guard knows nothing of its type"] == told(
        planned(kind, "create", None, values)
    )


def test_two_rules_of_one_name() -> None:
    """There are none."""
    with pytest.raises(ValueError, match="There are two rules of the name unjudged"):
        Rule("unjudged", Severity.NOT_JUDGED, "Look.")
