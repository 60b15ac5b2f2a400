"""What is referred to where the configuration of a plan says nothing of it."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.plans.cases import BUCKET, TOPIC
from tests.plans.made import made_up, plan_of

ACCOUNT = "google_service_account.jobs"


def _hidden(root: Any, *relevant: tuple[str, Sequence[str | int]]) -> tuple[str, ...]:
    attributes = [{"resource": address, "attribute": steps} for address, steps in relevant]
    told = {"configuration": {"root_module": root}, "relevant_attributes": attributes}
    return plan_of({**made_up(), **told}).hidden


def _written(**expressions: Any) -> Any:
    return {"address": f"{BUCKET}.one", "mode": "managed", "expressions": expressions}


def _of(*references: str) -> Any:
    return {"references": list(references)}


@pytest.mark.parametrize(
    "written",
    [
        _written(name=_of(f"{TOPIC}.a.id", f"{TOPIC}.a")),
        _written(website=[{"main_page_suffix": _of(f"{TOPIC}.a.id", f"{TOPIC}.a")}]),
        {**_written(), "count_expression": _of(f"{TOPIC}.a.id", f"{TOPIC}.a")},
        {**_written(), "for_each_expression": _of(f"{TOPIC}.a.id", f"{TOPIC}.a")},
    ],
)
def test_what_is_told(written: Any) -> None:
    """An argument that refers to it, be it in a block, or by how many of it there are."""
    assert not _hidden({"resources": [written]}, (f"{TOPIC}.a", ["id"]))


@pytest.mark.parametrize(
    "written",
    [
        _written(),
        _written(name=_of(f"{TOPIC}.b.id", f"{TOPIC}.b")),
        _written(name=_of(f"{TOPIC}.a.name", f"{TOPIC}.a")),
        # A text is no reference, whatever it says.
        _written(name={"constant_value": f"{TOPIC}.a.id"}),
        _written(labels={"constant_value": _of(f"{TOPIC}.a.id")}),
        # OpenTofu takes steps off the one before.
        _written(name=_of(f"{TOPIC}.a.labels.x", f"{TOPIC}.a.labels", f"{TOPIC}.a")),
        _written(name=_of("local.topic")),
        _written(name=_of(f"data.{TOPIC}.a.id", f"data.{TOPIC}.a")),
    ],
)
def test_what_is_not(written: Any) -> None:
    """Another resource, another attribute of it, a text, or a local of which nothing is told."""
    assert _hidden({"resources": [written]}, (f"{TOPIC}.a", ["id"])) == (f"{TOPIC}.a",)


def test_as_a_whole() -> None:
    """A whole resource is told by nothing but its own name."""
    relevant: tuple[str, list[str | int]] = (f"{TOPIC}.a", [])
    part = _written(name=_of(f"{TOPIC}.a.id", f"{TOPIC}.a"))
    whole = _written(name=_of(f"{TOPIC}.a"))

    assert _hidden({"resources": [part]}, relevant) == (f"{TOPIC}.a",)
    assert not _hidden({"resources": [whole]}, relevant)
    # A name that only begins alike is another one.
    longer = _written(name=_of(f"{TOPIC}.ab.id", f"{TOPIC}.ab", f"{TOPIC}.a"))
    assert not _hidden({"resources": [longer]}, relevant)


@pytest.mark.parametrize("index", ["", "[0]", '["a.b"]'])
def test_one_of_several(index: str) -> None:
    """An instance, and what is in a value."""
    reference = f"{TOPIC}.a{index}.labels.x"
    written = _written(name=_of(reference, f"{TOPIC}.a{index}.labels", f"{TOPIC}.a{index}"))

    relevant = (f'{TOPIC}.a["a.b"]', ["labels", "x"])
    assert not _hidden({"resources": [written]}, relevant, (f"{TOPIC}.a", ["labels", 0]))


def test_in_modules() -> None:
    """What a module is given, has in it and gives out; alike names elsewhere are others."""
    inner = {
        "resources": [_written(name=_of(f"{TOPIC}.b.id", f"{TOPIC}.b"))],
        "outputs": {"account": {"expression": _of(f"{ACCOUNT}.email", ACCOUNT)}},
    }
    call = {
        "module": inner,
        "expressions": {"topic": _of(f"{TOPIC}.a.id", f"{TOPIC}.a")},
        "for_each_expression": _of(f"{TOPIC}.c.id", f"{TOPIC}.c"),
    }
    root = {"module_calls": {"fleet": call}, "outputs": {"x": {"expression": _of(f"{TOPIC}.d")}}}

    assert not _hidden(
        root,
        (f"{TOPIC}.a", ["id"]),
        (f'module.fleet["x"].{TOPIC}.b', ["id"]),
        (f"module.fleet.{ACCOUNT}", ["email"]),
        (f"{TOPIC}.c", ["id"]),
        (f"{TOPIC}.d", []),
    )
    assert _hidden(root, (f"{TOPIC}.b", ["id"])) == (f"{TOPIC}.b",)
    assert _hidden(root, (f"module.fleet.{TOPIC}.a", ["id"])) == (f"module.fleet.{TOPIC}.a",)


def test_without_a_configuration() -> None:
    """All that is relevant is hidden then; nothing is where nothing is relevant."""
    relevant = [{"resource": f"{TOPIC}.a", "attribute": ["id"]}]

    assert plan_of({**made_up(), "relevant_attributes": relevant}).hidden == (f"{TOPIC}.a",)
    assert not plan_of(made_up()).hidden
