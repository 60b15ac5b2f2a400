"""Reviews of recorded and made-up plans, for the tests of every form."""

import json
from collections.abc import Iterator
from typing import Any

from pipeline_zen.guard import Allowance, Provenance
from pipeline_zen.plan import PlanError, read
from pipeline_zen.report import FORMS, Review, review
from tests.plans.cases import GROUP
from tests.plans.catalogue import CASES
from tests.plans.judged import TARGET, TODAY, bound
from tests.plans.kinds import KINDS
from tests.plans.recorded import recorded

Json = dict[str, Any]


NAMES = [f"kind-{name}" for name in KINDS] + [f"case-{case.name}" for case in CASES]


def reviewed(plan: Json, *allowed: Allowance, **more: Any) -> Review:
    provenance = more.pop("provenance", Provenance())
    return review(
        read(json.dumps(plan).encode()),
        TARGET,
        provenance=provenance,
        allowances=bound(plan, allowed),
        today=TODAY,
        **more,
    )


def released(groups: int) -> Json:
    """A release of a fleet: templates are replaced, groups take the new ones."""
    plan = recorded("case-release-calm")
    changes = plan["resource_changes"]
    (template,) = [one for one in changes if one["change"]["actions"] == ["create", "delete"]]
    (group,) = [one for one in changes if one["type"] == GROUP]
    plan["resource_changes"] = [
        renamed(json.loads(json.dumps(one).replace("-tpl", f"-{number // 5}-tpl")), number)
        for number in range(groups)
        for one in ((template, group) if number % 5 == 0 else (group,))
    ]
    return plan


def renamed(one: Json, number: int) -> Json:
    one["name"] = f"{one['name']}-{number}"
    one["address"] = f"{one['type']}.{one['name']}"
    return one


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all that is neither a mapping nor a list."""
    if isinstance(value, dict):
        for key in value:
            yield from leaves(value[key], (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path


def put(value: Any, path: tuple[Any, ...], leaf: Any) -> None:
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = leaf


def all_forms(plan: Json) -> str:
    """All that anybody gets to see of a plan; for what is none, the error."""
    try:
        one = reviewed(plan)
    except PlanError as error:
        return str(error)
    return "".join(form(one) for form in FORMS.values())
