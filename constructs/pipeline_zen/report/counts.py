"""Numbers of a report: how many of each thing happen."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from pipeline_zen.guard import Severity, Verdict
from pipeline_zen.plan import Action, Plan
from pipeline_zen.report.folding import total

LET_GO = "let go"
"""The count of what stays at Google though OpenTofu deletes it, which few plans have."""


def counts(plan: Plan, verdict: Verdict) -> dict[str, int | None]:
    """
    How many of each, a replacement counted once.

    `VMs killed` is the most that can be; None where that is not known.
    """
    by = dict.fromkeys(Action, 0)
    for change in plan.effective:
        by[change.action] += 1
    imports = [change for change in plan.effective if change.import_id]
    imported_only = sum(change.action is Action.CREATE for change in imports)
    return {
        "VMs killed": _killed(verdict),
        "destroy": by[Action.DELETE],
        "replace": by[Action.REPLACE] + by[Action.REPLACE_AFTER],
        "update": by[Action.UPDATE],
        "create": by[Action.CREATE] - imported_only + by[Action.FORGET_CREATE],
        "forget": by[Action.FORGET] + by[Action.FORGET_CREATE],
        LET_GO: by[Action.LET_GO],
        "import": len(imports),
        "move": sum(bool(change.previous_address) for change in plan.effective),
    }


def _killed(verdict: Verdict) -> int | None:
    """The VMs that are killed, allowed or not; those of a group once, however often it is found."""
    groups: dict[str, list[int | None]] = defaultdict(list)
    for finding in (*verdict.blocking, *(allowed.finding for allowed in verdict.allowed)):
        if finding.severity is Severity.KILLS_JOBS:
            groups[finding.address].append(finding.vms)
    return total(map(_most, groups.values()))


def _most(numbers: Iterable[int | None]) -> int | None:
    """The largest; None where one of them is not known."""
    known = list(numbers)
    return None if None in known else max(number for number in known if number is not None)


def by_type(plan: Plan) -> dict[str, dict[Action, int]]:
    """How many of each type have what done to them, those with the most first."""
    types: dict[str, Counter[Action]] = defaultdict(Counter)
    for change in plan.effective:
        types[change.type][change.action] += 1
    ordered = sorted(types.items(), key=lambda item: (-item[1].total(), item[0]))
    return {type_: dict(actions) for type_, actions in ordered}
