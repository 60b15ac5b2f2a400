"""What the configuration gives a value, and what the provider fills in."""

import json
from typing import Any

import pytest

from pipeline_zen.plan import fold
from pipeline_zen.plan.given import is_given
from tests.plans.cases import TEMPLATE
from tests.plans.made import change, made_up, plan_of


@pytest.mark.parametrize(
    ("expressions", "path", "expected"),
    [
        ({"a": {"constant_value": 1}}, "a", True),
        ({"a": {"constant_value": {"x": 1}}}, "a.x", True),
        ({"a": {"references": ["b"]}}, "a.x[0]", True),
        ({"a": {"constant_value": 1}}, "b", False),
        ({"a": [{"b": {"constant_value": 1}}]}, "a[0].b", True),
        ({"a": [{"b": {"constant_value": 1}}]}, "a[0].c", False),
        ({"a": [{"b": {"constant_value": 1}}]}, "a[3].b", True),
        ({"a": [{"b": {"constant_value": 1}}]}, "a[3].c", False),
        ({"a": []}, "a[0].c", True),
        ({}, "a", False),
        (None, "a", True),
    ],
)
def test_given(expressions: Any, path: str, expected: bool) -> None:
    """By the path of an attribute, in blocks as well."""
    assert expected is is_given(expressions, path)


@pytest.mark.parametrize("module", ["", 'module.fleet["a.b"].'])
def test_what_the_apply_decides(module: str) -> None:
    """Of a new template it is what refers to something, and not what Google fills in."""
    new = change(TEMPLATE, ["create"], None, {})
    new["address"] = f"{module}{new['address']}[0]"
    new["change"]["after_unknown"] = {
        "id": True, "metadata": True, "name_prefix": True, "disk": [{"type": True}],
    }  # fmt: skip
    resource = {
        "address": f"{TEMPLATE}.one",
        "mode": "managed",
        "expressions": {"metadata": {"references": ["x"]}, "disk": [{}]},
        "count_expression": {"references": ["n"]},
    }
    root: Any = {"resources": [resource]}
    if module:
        root = {"module_calls": {"fleet": {"module": root, "for_each_expression": {}}}}
    plan = {**made_up(new), "configuration": {"root_module": root}}

    (created,) = plan_of(json.loads(json.dumps(plan))).changes

    assert ("metadata",) == created.settled_later


def test_without_a_configuration() -> None:
    """What only the provider can fill in is left out all the same."""
    new = change(TEMPLATE, ["create"], None, {})
    new["change"]["after_unknown"] = {"creation_timestamp": True, "id": True, "metadata": True}

    assert ("metadata",) == plan_of(made_up(new)).changes[0].settled_later


WRITTEN: Any = {
    "name": {"references": ["x"]},
    "fingerprint": {"references": ["x"]},
    "rule": [{"a": {"references": ["x"]}}],
    "disk": [{}],
}


class TestUpdates:
    """What of an update is shown that only the apply decides."""

    @staticmethod
    def told(before: Any, unknown: Any, expressions: Any, type_: str = "some_type") -> list[str]:
        one = change(type_, ["update"], {"v": 1, **before}, {"v": 2})
        one["change"]["after_unknown"] = unknown
        resource = {"address": one["address"], "mode": "managed", "expressions": expressions}
        root = {} if expressions is None else {"resources": [resource]}
        plan = {**made_up(one), "configuration": {"root_module": root}}
        (folded,) = fold(plan_of(plan).effective)
        return [attribute.path for attribute in folded.common if attribute.path != "v"]

    @pytest.mark.parametrize(
        ("before", "unknown", "expected"),
        [
            # What is written is told, whatever its name is.
            ({"name": "n"}, {"name": True}, ["name"]),
            ({"fingerprint": "f"}, {"fingerprint": True}, ["fingerprint"]),
            ({"rule": [{"a": 1, "b": 1}]}, {"rule": [{"a": True, "b": True}]}, ["rule[0].a"]),
            # What only the provider fills in is not.
            ({"crc32c": "c", "etag": "e"}, {"crc32c": True, "etag": True, "id": True}, []),
            ({"output": {"a": 1}, "zones": ["a"]}, {"output": True, "zones": True}, []),
            ({"disk": [{"size": 1}]}, {"disk": [{"size": True}]}, []),
            # What may be in a block that is generated is told: nothing is written down of it.
            ({}, {"made": True}, ["made"]),
            ({"made": [{"a": 1}]}, {"made": True}, ["made"]),
            ({"made": [{"a": 1}]}, {"made": [{"a": True}]}, ["made[0].a"]),
            ({"disk": [{"b": [{"a": 1}]}]}, {"disk": [{"b": [{"a": True}]}]}, ["disk[0].b[0].a"]),
            ({"status": [{"a": 1}]}, {"status": [{"a": True}], "conditions": True}, []),
        ],
    )  # fmt: skip
    def test_what_is_told(self, before: Any, unknown: Any, expected: list[str]) -> None:
        """What the configuration decides, or may decide, and not what the provider fills in."""
        assert expected == self.told(before, unknown, WRITTEN)

    def test_without_a_configuration(self) -> None:
        """Only what nobody but the provider can give a value is left out."""
        before, unknown = {"a": 1, "etag": "e"}, {"a": True, "etag": True}

        assert ["a"] == self.told(before, unknown, None)

    def test_what_is_kept_of_any_form(self) -> None:
        """It repeats what it was given, of which the change is told."""
        before = {"output": [{"a": 1}]}

        assert [] == self.told(before, {"output": True}, {}, "terraform_data")

    def test_the_rules_see_it(self) -> None:
        """It is a change for the guard, and in the digest, as before."""
        one = change("some_type", ["update"], {"v": 1, "crc32c": "c"}, {"v": 2})
        one["change"]["after_unknown"] = {"crc32c": True}
        resource = {"address": one["address"], "mode": "managed", "expressions": {}}
        plan = {**made_up(one), "configuration": {"root_module": {"resources": [resource]}}}
        (changed,) = plan_of(plan).effective

        assert ["crc32c", "v"] == [attribute.path for attribute in changed.attributes]
        assert b"crc32c" in changed.encoded
