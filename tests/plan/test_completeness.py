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


def test_modules_in_modules() -> None:
    """Nested by the thousand they are damage."""
    deep = '{"module_calls": {"m": {"module": ' * 3_000 + "{}" + "}}}" * 3_000
    plan = f'{{"format_version": "1.2", "configuration": {{"root_module": {deep}}}}}'

    assert "damaged" in refusal(plan.encode())


def test_more_types_than_there_are() -> None:
    """All providers together have fewer."""
    changes = [change(f"google_t{number}", ["delete"], {}, None) for number in range(5_001)]

    assert "resources of 5,001 types" in refusal(made_up(*changes))
