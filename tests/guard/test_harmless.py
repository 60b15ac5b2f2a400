"""What of a change is known to do no harm: tests of an attribute, and what they see of it."""

from typing import Any

import pytest

from pipeline_zen.guard.harmless import (
    any_of,
    anything,
    at_least,
    begins,
    known,
    longer,
    only,
    plain_text,
    refers_to,
    removed,
)
from pipeline_zen.guard.index import PlanIndex
from pipeline_zen.guard.leaf import Leaf, arguments_of, enclosing, key_of
from pipeline_zen.plan import UNKNOWN
from tests.plans.cases import TOPIC
from tests.plans.judged import TARGET
from tests.plans.made import change, made_up, plan_of

UNSAID = object()
"""What the apply decides."""


def _leaf(old: Any, new: Any, path: str = "x", written: Any = UNSAID) -> Leaf:
    """The attribute `x` of a topic, or what is in it, with what the configuration says of it."""
    after, unknown = ({}, {"x": True}) if new is UNSAID else ({"x": new}, {})
    entry = change(TOPIC, ["update"], {"x": old}, after)
    entry["change"]["after_unknown"] = unknown
    plan = made_up(entry, change(TOPIC, ["create"], None, {"name": "made"}, "made"),
                   change(TOPIC, ["delete", "create"], {}, {"name": "again"}, "again"))  # fmt: skip
    if written is not UNSAID:
        other = {"name": {"constant_value": "t"}}
        expressions = other if written is None else {"x": written}
        resource = {"address": entry["address"], "mode": "managed", "expressions": expressions}
        plan["configuration"] = {"root_module": {"resources": [resource]}}
    resources = PlanIndex(plan_of(plan), TARGET).resources()
    return Leaf(next(one for one in resources if one.change.name == "one"), path)


@pytest.mark.parametrize(
    ("values", "new", "harmless"),
    [
        ((None, False), False, True),
        ((None, False), None, True),
        ((None, False), "", True),
        ((None, False), [], True),
        ((None, False), {}, True),
        ((None, False), True, False),
        # To Python zero is `False`, and one is `True`; to Google they are not.
        ((None, False), 0, False),
        ((True,), 1, False),
        ((0,), 0, True),
        ((0,), False, False),
        (("A", "B"), "B", True),
        (("A", "B"), "C", False),
        (("A", "B"), "", False),
        (("A",), UNSAID, False),
    ],
)
def test_only_some_values(values: tuple[Any, ...], new: Any, harmless: bool) -> None:
    """Each is itself; what is empty is no value."""
    assert harmless == only(*values)(_leaf("x", new))


@pytest.mark.parametrize(
    ("old", "new", "passed"),
    [
        (1, 2, "longer known"),
        (2, 2, "longer known"),
        (3, 2, "known"),
        (1, 3, "longer known enough"),
        ("600s", "900s", "longer known enough"),
        ("900s", "600s", "known enough"),
        ("1.5s", "1.6s", "longer known"),
        ("1", "x", "known"),
        ("x", "5", "known enough"),
        (0, True, "known"),
        (None, 3, "begins known enough"),
        ("", 1, "begins known"),
        ([], 1, "begins known"),
        (1, None, "removed known"),
        (1, "", "removed known"),
        (1, [], "removed known"),
        (1, 0, "known"),
        (1, UNSAID, ""),
        (None, UNSAID, ""),
    ],
)
def test_what_becomes_of_a_value(old: Any, new: Any, passed: str) -> None:
    """Numbers and times grow, or are three at least; a value comes, goes, or cannot be told."""
    tests = {"longer": longer, "removed": removed, "begins": begins, "known": known}
    leaf = _leaf(old, new)

    assert passed.split() == [
        name for name, test in (*tests.items(), ("enough", at_least(3))) if test(leaf)
    ]
    assert anything(leaf)


@pytest.mark.parametrize(("new", "harmless"), [("A", True), (None, True), ("B", False)])
def test_one_test_of_several(new: Any, harmless: bool) -> None:
    """It is enough that one of them knows it."""
    assert harmless == any_of(only("A"), removed)(_leaf("x", new))


@pytest.mark.parametrize(
    ("new", "written", "harmless"),
    [
        ("jobs of a team", UNSAID, True),
        ("jobs of a team", {"constant_value": "jobs of a team"}, True),
        ("jobs of a team", {"references": ["var.x"]}, True),
        # `file()` and its like are neither a constant nor a reference.
        ("jobs of a team", {}, False),
        ("", {}, True),
        (None, {}, True),
        (True, {}, True),
        (5, {}, True),
        ("x" * 5, UNSAID, True),
        ("x", {"constant_value": "x ${google_storage_bucket.b.name} $${y} %%{z} $"}, True),
        ("x", {"constant_value": "${google_storage_bucket.b[each.key].name}"}, True),
        ("x", {"constant_value": {"a": "${data.google_project.p.number}"}}, True),
        ("x", {"constant_value": '${substr(file("x"), 0, 9)}'}, False),
        ("x", {"constant_value": "${google_storage_bucket.b.name}${var.token}"}, False),
        ("x", {"constant_value": "${local.x}"}, False),
        ("x", {"constant_value": "${module.m.x}"}, False),
        ("x", {"constant_value": {'${file("x")}': "x"}}, False),
        ("x", {"constant_value": "${each.value}"}, False),
        ("x", {"constant_value": "${b.name != 5 ? b.name : c.name}"}, False),
        ("x", {"constant_value": "%{ if b.c }x%{ endif }"}, False),
        ("x", {"constant_value": {"a": ["${nonsensitive(b.c)}"]}}, False),
        ("x", {"references": ["google_storage_bucket.b.name", "var.name"]}, True),
        ("x", {"references": ["google_storage_bucket.b.name", "path.module"]}, False),
        ("x", {"references": [5]}, True),
        ("x", {"references": 5}, True),
        ("ab " * 170 + "ab", UNSAID, True),
        ("ab " * 170 + "abc", UNSAID, False),
        ("line\nline", UNSAID, False),
        ("hf_canary8c2d51e6a907", UNSAID, False),
        ({"a": "b"}, UNSAID, False),
        (UNSAID, UNSAID, False),
    ],
)
def test_texts_for_people(new: Any, written: Any, harmless: bool) -> None:
    """None is longer than somebody reads, computed, or looks like a secret."""
    assert harmless == plain_text(_leaf("x", new, written=written))


@pytest.mark.parametrize(
    ("written", "harmless"),
    [
        ({"references": [f"{TOPIC}.made.id", f"{TOPIC}.made"]}, True),
        ({"references": [f"{TOPIC}.again.id"]}, True),
        ({"references": [f"{TOPIC}.one.id"]}, False),
        ({"references": [f"{TOPIC}.made.id", "var.x"]}, False),
        ({"references": ["google_storage_bucket.made.id"]}, False),
        ({"references": []}, False),
        ({"references": "x"}, False),
        ({"references": [5]}, False),
        ({"constant_value": "x"}, False),
        ({"references": [f"{TOPIC}.made.id", "each.key"]}, True),
        ({"references": [f"{TOPIC}.made", "count.index"]}, True),
        # What says which one it is, and not something about it.
        ({"references": [f"{TOPIC}.made.fingerprint", f"{TOPIC}.made"]}, False),
        (
            {
                "constant_value": f"${{{TOPIC}.made.fingerprint}}",
                "references": [f"{TOPIC}.made.fingerprint"],
            },
            False,
        ),
        # Written as JSON, the plan tells what is written.
        ({"constant_value": f"${{{TOPIC}.made.id}}", "references": [f"{TOPIC}.made.id"]}, True),
        ({"constant_value": f"${{ {TOPIC}.made.id }}", "references": [f"{TOPIC}.made.id"]}, True),
        ({"constant_value": f"x-${{{TOPIC}.made.id}}", "references": [f"{TOPIC}.made.id"]}, False),
        (
            {
                "constant_value": f'${{replace({TOPIC}.made.id, "a", "b")}}',
                "references": [f"{TOPIC}.made.id"],
            },
            False,
        ),
        (
            {
                "constant_value": f'${{true ? "x" : {TOPIC}.made.id}}',
                "references": [f"{TOPIC}.made.id"],
            },
            False,
        ),
        (UNSAID, False),
    ],
)
def test_what_refers_to_something_that_is_made(written: Any, harmless: bool) -> None:
    """All of it does, and to nothing else."""
    leaf = _leaf("x", UNSAID, written=written)

    assert harmless == refers_to(TOPIC)(leaf)


@pytest.mark.parametrize(
    ("values", "path", "found"),
    [
        ({"a": {"b": 1}}, "x.a.b", 1),
        ({"a.b": 1}, 'x["a.b"]', 1),
        ({'a"b.\\': 1}, 'x["a\\"b.\\\\"]', 1),
        ({"a": 1}, "x.(masked)", UNKNOWN),
        ([{"a": 1}, {"a": 2}], "x[1].a", 2),
        ([{"a": 1}], "x[1].a", None),
        ([{"a": 1}], "x[1]", None),
        ({"a": 1}, "x[0]", None),
        (None, "x.a", None),
        ("text", "x.a", UNKNOWN),
        (UNSAID, "x.a", UNKNOWN),
        (UNSAID, "x[0]", UNKNOWN),
        (UNSAID, "x", UNKNOWN),
    ],
)
def test_where_a_value_is(values: Any, path: str, found: Any) -> None:
    """Nothing is where nothing can be; what is in a text, or not known, cannot be told."""
    assert found == _leaf(None, values, path).new


def test_keys() -> None:
    """The first of some blocks stands for all of them; others keep their position."""
    assert "disk.source_image" == key_of("disk[0].source_image")
    assert "disk[1].labels" == key_of("disk[1].labels")
    assert ("disk", "source_image") == arguments_of("disk.source_image")
    assert ("labels", "b.c") == arguments_of('labels["b.c"]')
    # What is masked is no name of an argument.
    assert ('labels["(masked)"]',) == arguments_of('labels["(masked)"]')
    # What is in a further block is no argument of its own.
    assert ("disk[1].labels",) == arguments_of("disk[1].labels")
    assert ("a.b", "a") == enclosing("a.b")
    assert ("a[1].b", "a[1]", "a") == enclosing("a[1].b")
    assert ('a["b.c"]', "a") == enclosing('a["b.c"]')


@pytest.mark.parametrize(
    ("written", "path", "filled_in"),
    [
        (None, "x", True),
        ({"constant_value": 1}, "x", False),
        ([{"b": {"constant_value": 1}}], "x[0].b", False),
        ([{"b": {"constant_value": 1}}], "x[0].c", True),
        # A block that is generated is not in what OpenTofu tells of the configuration.
        (None, "x[0].b", False),
        ([{"b": {"constant_value": 1}}], "x[0].c[0].d", False),
        ([{"c": [{}]}], "x[0].c[0].d", True),
        # Without the configuration nobody knows.
        (UNSAID, "x", True),
        (UNSAID, "x[0].b", True),
    ],
)
def test_what_is_left_to_the_provider(written: Any, path: str, filled_in: bool) -> None:
    """What the configuration leaves out, though not the block that it is in."""
    assert filled_in == _leaf(None, [{"b": 1}], path, written).is_left_out


@pytest.mark.parametrize(
    ("new", "paths"),
    [
        ([{"a": 1, "b": None}], ["x[0].a"]),
        ([{"a": 1}, {"b": [{"c": 2}]}], ["x[0].a", "x[1].b[0].c"]),
        ([{"a": None, "b": []}], ["x[0]"]),
        (["a", "b"], ["x"]),
        ([{"a": 1}, "b"], ["x"]),
        ("text", ["x"]),
        (UNSAID, ["x"]),
    ],
)
def test_what_is_in_a_block_that_comes(new: Any, paths: list[str]) -> None:
    """Each value of it; a block of which nothing is set is one as well."""
    sides: tuple[Any, ...] = (None, [])
    for old in sides:
        assert set(paths) == {leaf.path for leaf in _leaf(old, new).resource.leaves}


def test_what_is_in_a_block_that_changes() -> None:
    """Only what changes."""
    leaf = _leaf([{"a": 1, "b": 2}], [{"a": 1, "b": 3}])

    assert ["x[0].b"] == [one.path for one in leaf.resource.leaves]


@pytest.mark.parametrize(
    ("written", "harmless"),
    [
        (UNSAID, True),
        (None, True),
        ({"constant_value": "x"}, True),
        ({"constant_value": "x-${var.name}-${each.value}"}, True),
        # What a local has, no plan tells.
        ({"constant_value": "${lower(local.name)}", "references": ["local.name"]}, False),
        ({"references": ["local.name"]}, False),
        ({"constant_value": '${templatefile("x", {})}'}, False),
        ({"constant_value": '${substr(file("x"), 0, 9)}'}, False),
        ({"constant_value": '${filebase64("x")}'}, False),
        ({"constant_value": "${nonsensitive(var.token)}"}, False),
        ({"references": ["var.name"]}, True),
        ({"references": ["path.module"]}, False),
        ({"references": [5]}, True),
    ],
)
def test_what_is_known(written: Any, harmless: bool) -> None:
    """A name may be put together, but not from what is in a file."""
    assert harmless == known(_leaf("a", "b", written=written))


@pytest.mark.parametrize(("path", "harmless"), [("x.api_token", False), ("x.team", True)])
def test_what_its_key_says(path: str, harmless: bool) -> None:
    """A text under the name of a secret is one."""
    value = {path.partition(".")[2]: "correct-horse"}

    assert harmless == plain_text(_leaf(None, value, path))


@pytest.mark.parametrize("new", ["hf_canary8c2d51e6a907", ["a", "hf_canary8c2d51e6a907"]])
def test_a_secret_is_no_name(new: Any) -> None:
    """What looks like one is none that anything is known by."""
    assert not known(_leaf("a", new, written={"constant_value": new}))
