"""Configurations that nobody writes are refused before they are counted out."""

import json
import time
from typing import Any

import pytest

from pipeline_zen.plan import PlanError, read
from tests.plans.made import change, made_up


def refusal(plan: Any) -> str:
    """Why it is refused, within five seconds."""
    data = plan if isinstance(plan, bytes) else json.dumps(plan).encode()
    began = time.process_time()
    with pytest.raises(PlanError) as error:
        read(data)
    assert time.process_time() - began < 5
    return str(error.value)


def test_thousands_of_modules() -> None:
    """Each with a thousand instances of ten resources."""
    resource = {"address": "a.b", "mode": "managed"}
    module = {"module": {"resources": [resource] * 10}, "count_expression": {"constant_value": 999}}
    root = {"module_calls": {f"m{number}": module for number in range(3_000)}}

    assert "has more than 100,000 resources" in refusal(
        {**made_up(), "configuration": {"root_module": root}}
    )


@pytest.mark.parametrize("levels", [101, 200, 3_000, 100_000])
def test_modules_in_modules(levels: int) -> None:
    """Nested by the hundred they are refused; by the thousand, a reader of JSON may do so."""
    deep = '{"module_calls": {"m": {"module": ' * levels + "{}" + "}}}" * levels
    plan = json.dumps({**made_up(), "configuration": {"root_module": "HERE"}})

    said = refusal(plan.replace('"HERE"', deep).encode())

    assert "modules are nested more than 100 levels" in said or "nested far more" in said


def test_more_types_than_there_are() -> None:
    """All providers together have fewer."""
    changes = [change(f"google_t{number}", ["delete"], {}, None) for number in range(5_001)]

    assert "resources of 5,001 types" in refusal(made_up(*changes))


def _state(*resources: tuple[str, str]) -> Any:
    listed = [{"address": address, "mode": mode} for address, mode in resources]
    return {"values": {"root_module": {"child_modules": [{"resources": listed}]}}}


def _missing(planned: list[str], state: Any, *written: str, **more: Any) -> tuple[str, ...]:
    entries = [change("null_resource", ["no-op"], {}, {}) | {"address": one} for one in planned]
    for entry in entries:
        entry.update(more)
    resources = [{"address": one, "mode": "managed", "type": "null_resource"} for one in written]
    configuration = {"root_module": {"resources": resources}}
    plan = {**made_up(*entries), "configuration": configuration, "prior_state": state}
    return read(json.dumps(plan).encode()).missing


def test_one_instance_of_several() -> None:
    """With `-target` a plan speaks of one, and the others are there as well."""
    one, other = 'null_resource.a["x"]', 'null_resource.a["y"]'
    there = _state((one, "managed"), (other, "managed"), ("data.http.x", "data"))

    assert (other,) == _missing([one], there, "null_resource.a")
    assert () == _missing([one, other], there, "null_resource.a")
    # Of what is new nothing is known before.
    assert () == _missing([one], _state((one, "managed")), "null_resource.a")
    assert () == _missing([one], None, "null_resource.a")


def test_what_the_configuration_has_no_longer() -> None:
    """It would go, and a plan that leaves it out is not all of it either."""
    assert ("null_resource.b",) == _missing(
        ["null_resource.a"], _state(("null_resource.b", "managed")), "null_resource.a"
    )


def test_what_moves_is_not_left_out() -> None:
    """A plan speaks of it under its new address."""
    there = _state(("null_resource.old", "managed"))

    assert () == _missing(
        ["null_resource.a"], there, "null_resource.a", previous_address="null_resource.old"
    )
