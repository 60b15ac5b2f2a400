"""Checks that do not hold, and what a plan has that nobody reads."""

from typing import Any

import pytest

from pipeline_zen.plan import Check
from tests.plans.kinds import CANARY
from tests.plans.made import made_up, plan_of


def check(status: str, *messages: str, instances: bool = True) -> Any:
    """An entry of `checks`."""
    address = {"to_display": "check.queue", "kind": "check", "name": "queue"}
    problems = [{"message": message} for message in messages]
    several = [{"address": address, "status": status, "problems": problems}]
    return {"address": address, "status": status, "instances": several if instances else []}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (check("pass"), []),
        (check("fail", "4000 wait"), [Check("check.queue", "fails", "4000 wait")]),
        (check("error"), [Check("check.queue", "fails", "")]),
        (check("unknown"), [Check("check.queue", "is unknown", "")]),
        (check("unknown", instances=False), [Check("check.queue", "is unknown", "")]),
        (check("later than this project"), [Check("check.queue", "is unknown", "")]),
        (check("fail", f"x {CANARY}"), [Check("check.queue", "fails", "x (masked)")]),
        (check("fail", "b", "a"), [Check("check.queue", "fails", it) for it in ("a", "b")]),
    ],
)
def test_checks(entry: Any, expected: list[Check]) -> None:
    """What fails is told with its message, and what is unknown is no pass."""
    assert tuple(expected) == plan_of({**made_up(), "checks": [entry]}).checks


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"complete": False}, "OpenTofu calls this plan incomplete"),
        ({"deferred_changes": [{}]}, "1 change is put off until after the apply"),
        ({"action_invocations": [{}, {}]}, "2 actions are run by the apply"),
        ({"deferred_action_invocations": [{}]}, "1 action is run by the apply"),
        ({"novelty": 1}, "The plan has `novelty`, which this project does not know"),
    ],
)
def test_what_is_not_read(more: Any, said: str) -> None:
    """It is told, and never passed over."""
    (sentence,) = plan_of({**made_up(), **more}).unread

    assert sentence.startswith(said)


def test_an_unknown_key_of_a_change() -> None:
    """It is told by its path, and the rest is read."""
    plan = made_up()
    plan["resource_changes"] = [
        {"address": "a.b", "mode": "managed", "type": "a", "name": "b",
         "change": {"actions": ["update"], "before": {"v": 1}, "after": {"v": 2}, "again": 1}},
    ]  # fmt: skip

    read = plan_of(plan)

    assert ("v",) == tuple(one.path for one in read.changes[0].attributes)
    assert "has `resource_changes[0].change.again`, which" in read.unread[0]


def test_all_that_is_known() -> None:
    """The keys that OpenTofu and Terraform write today are none of them."""
    known = ("variables", "prior_state", "timestamp", "applyable")
    told: dict[str, Any] = {**{key: {} for key in known}, "relevant_attributes": []}

    assert () == plan_of({**made_up(), **told}).unread
