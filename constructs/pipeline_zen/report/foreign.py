"""A plan of another project, which is told once and not resource by resource."""

from collections.abc import Sequence

from pipeline_zen.guard import RULES, Finding, Target
from pipeline_zen.plan import Plan, Values

FOREIGN = RULES["wrong-project"]
"""The guard's rule that finds a resource in another project."""

_LINKS = ("id", "name", "parent", "self_link")


def is_foreign(plan: Plan, project: str) -> bool:
    """Whether nothing in *plan* is in *project*."""
    return not any(
        _is_in(values, project)
        for change in plan.changes
        if change.managed
        for values in change.values()
    )


def foreign(strangers: Sequence[Finding], target: Target) -> Finding:
    """What is found of each of the *strangers*, as one finding of the plan."""
    first, *others = sorted({finding.what.partition(", and ")[0] for finding in strangers})
    more = f" and {len(others):,} other project{'s' * (len(others) > 1)}" if others else ""
    what = (
        f"none of it is in `{target.project}`, the project of {target.environment}: "
        f"{len(strangers):,} resources are {first}{more}"
    )
    return FOREIGN.of_plan(what)


def _is_in(values: Values, project: str) -> bool:
    if values.get("project") == project:
        return True
    return any(f"projects/{project}/" in f"{values.get(key)}/" for key in _LINKS)
