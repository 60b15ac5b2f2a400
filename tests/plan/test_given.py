"""What the configuration gives a value, and what the provider fills in."""

import json
from typing import Any

import pytest

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
