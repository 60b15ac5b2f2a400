"""Values as rules read them: by type, and unknown where they cannot be told."""

import json
from typing import Any

import pytest

from pipeline_zen.plan import UNKNOWN, Values, read
from tests.plans.made import change, made_up


@pytest.mark.parametrize(
    ("method", "value", "expected"),
    [
        ("text", "a", "a"),
        ("text", "", None),
        ("text", None, None),
        ("text", 5, UNKNOWN),
        ("number", 5, 5),
        ("number", "5", 5),
        ("number", "", None),
        ("number", "five", UNKNOWN),
        ("number", True, UNKNOWN),
        ("number", [5], UNKNOWN),
        ("number", None, None),
        ("number", float("inf"), UNKNOWN),
        ("number", "nan", UNKNOWN),
        ("number", "-1e999", UNKNOWN),
        ("number", 10**400, UNKNOWN),
        ("number", -(10**15), -(10**15)),
        ("seconds", "345600s", 345_600),
        ("seconds", 60, 60),
        ("seconds", "soon", UNKNOWN),
        ("seconds", None, None),
        ("flag", True, True),
        ("flag", "false", False),
        ("flag", None, None),
        ("flag", "", None),
        ("flag", 1, UNKNOWN),
        ("texts", ["b", "a", "b"], frozenset({"a", "b"})),
        ("texts", None, frozenset()),
        ("texts", ["a", None], UNKNOWN),
        ("texts", "a", UNKNOWN),
        ("blocks", None, []),
        ("blocks", "", []),
        ("blocks", 5, UNKNOWN),
    ],
)
def test_types(method: str, value: Any, expected: Any) -> None:
    """What is of another type than it should be is unknown, and no error."""
    assert expected == getattr(Values({"key": value}), method)("key")


def test_a_number_that_is_too_large() -> None:
    """OpenTofu's numbers have no end; one that is larger than any of ours is unknown."""
    plan = json.dumps(made_up(change("some_type", ["create"], None, {"a": "HERE"})))
    (only,) = read(plan.replace('"HERE"', "1e999").encode()).changes

    assert only.values()[1].number("a") is UNKNOWN


def test_blocks() -> None:
    """A block that is not there has nothing in it; of one that is unknown everything is."""
    values = Values({"there": [{"a": 1}], "unknown": UNKNOWN, "odd": ["x"], "none": []})

    assert 1 == values.block("there").number("a")
    assert values.block("there").exists
    assert not values.block("none").exists
    assert values.block("none").number("a") is None
    for name in ("unknown", "odd"):
        assert values.block(name).exists
        assert values.block(name).number("a") is UNKNOWN
        assert values.block(name).block("b").flag("c") is UNKNOWN


def test_what_the_apply_decides_is_unknown() -> None:
    """At any depth, whether it is missing or null in the values."""
    entry = change("some_type", ["update"], {"a": [{"b": 1, "c": 2}], "d": 3}, {"a": [{"c": 2}]})
    entry["change"]["after_unknown"] = {"a": [{"b": True}], "d": True, "e": [{"f": True}]}
    (only,) = read(json.dumps(made_up(entry)).encode()).changes

    before, after = only.values()

    assert (1, 2) == (before.block("a").number("b"), before.block("a").number("c"))
    assert (UNKNOWN, 2) == (after.block("a").number("b"), after.block("a").number("c"))
    assert after.number("d") is UNKNOWN
    assert after.block("e").text("f") is UNKNOWN


def test_what_is_sensitive_is_unknown() -> None:
    """A rule must not be blinded by a mark, nor tell what it hides."""
    entry = change("some_type", ["update"], {"a": [{"b": "x"}], "c": "y"}, {"a": [{"b": "z"}]})
    entry["change"] |= {"before_sensitive": {"a": [{"b": True}], "c": True}}
    entry["change"] |= {"after_sensitive": {"a": True}}
    (only,) = read(json.dumps(made_up(entry)).encode()).changes

    before, after = only.values()

    assert before.block("a").text("b") is UNKNOWN
    assert before.text("c") is UNKNOWN
    assert after.block("a").text("b") is UNKNOWN


@pytest.mark.parametrize("value", ["x", ["x"], {"b": "x"}, 5])
@pytest.mark.parametrize("marks", [{"a": True}, [False, True], True])
def test_marks_of_another_form(value: Any, marks: Any) -> None:
    """What is marked within something of another form is unknown as a whole."""
    entry = change("some_type", ["update"], {"a": value}, {"a": 1})
    entry["change"]["before_sensitive"] = {"a": marks}
    (only,) = read(json.dumps(made_up(entry)).encode()).changes
    same = marks is not True and type(marks) is type(value)

    told = only.values()[0].get("a")

    assert ({"b": "x", "a": UNKNOWN} if same and isinstance(value, dict) else ["x", UNKNOWN] if same
            else UNKNOWN) == told  # fmt: skip


def test_fewer_marks_than_values() -> None:
    """What has no mark is not marked."""
    entry = change("some_type", ["update"], {"a": ["x", "y", "z"]}, {"a": 1})
    entry["change"]["before_sensitive"] = {"a": [False, True]}
    (only,) = read(json.dumps(made_up(entry)).encode()).changes

    assert ["x", UNKNOWN, "z"] == only.values()[0].get("a")
