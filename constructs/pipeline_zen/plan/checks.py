"""Conditions that the plan has checked: `check` blocks, and those of resources and outputs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline_zen.masking import masked_text
from pipeline_zen.plan.document import CheckInstance, RawCheck

FAILS, UNKNOWN = "fails", "is unknown"
"""What becomes of a check that does not pass."""

_PASSED = "pass"


@dataclass(frozen=True)
class Check:
    """A condition that does not hold, or of which nobody knows yet. All text in it is masked."""

    name: str
    """What it is of: `check.queue_is_drained`, or a resource's or an output's address."""
    outcome: str
    """`FAILS` or `UNKNOWN`."""
    message: str
    """What its author wrote for that case; empty where there is nothing."""


def unmet(checks: Iterable[RawCheck]) -> tuple[Check, ...]:
    """The checks that do not hold, and those that are decided only by the apply; sorted."""
    found = (check for raw in checks for check in _unmet(raw))
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.outcome, one.name, one.message)))


def _unmet(check: RawCheck) -> Iterator[Check]:
    if check.status == _PASSED:
        return
    # Of what has no instances, as before its count is known, the whole is told.
    whole = CheckInstance(check.address, check.status)
    for instance in check.instances or [whole]:
        if instance.status == _PASSED:
            continue
        outcome = FAILS if instance.status in ("fail", "error") else UNKNOWN
        name = masked_text(instance.address.to_display or check.address.to_display)
        messages = [masked_text(problem.message) for problem in instance.problems]
        yield from (Check(name, outcome, message) for message in messages or [""])
