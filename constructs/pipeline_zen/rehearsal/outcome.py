"""What a rehearsal came to, and what there is to say of it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fake_google import Logged
from pipeline_zen import kinds
from pipeline_zen.guard import REHEARSAL_FAILED, REHEARSAL_LOST, Finding, Provenance, Verdict
from pipeline_zen.plan import Plan, read
from pipeline_zen.rehearsal.upgrade import Upgrade
from pipeline_zen.report import REHEARSAL, Review
from pipeline_zen.settings import Settings
from pipeline_zen.tofu import FACTS, judged

MOST = 5
"""So many lost things are named that no finding names."""

_SUFFIX = re.compile("-[a-z0-9]{4}$")
"""What Google adds to a VM's name, at random."""


@dataclass(frozen=True)
class Outcome:
    """What a rehearsal came to."""

    resources: int
    """Resources in the stack that was applied first."""
    seconds: float
    requests: int
    plan: bytes | None = None
    """The plan of the change as JSON; None where there was nothing to change."""
    first_creation: bool = False
    """Whether the environment is not there yet at the ref."""
    error: str = ""
    """Why the change could not be planned, or applied, to its end."""
    kept: bool = False
    """Whether the first stack was applied by an earlier rehearsal, whose outcome was kept."""
    upgrade: Upgrade | None = None
    """What another provider does by itself; None where it is the same at the ref."""
    vms: int = 0
    """VMs that ran when the change was applied, one in each group."""
    vms_gone: tuple[str, ...] = ()
    lost: tuple[tuple[str, str], ...] = ()
    """What the change deleted for good, as type and name."""

    @property
    def beginning(self) -> str:
        """What the first stack came to, as the end of a sentence."""
        if self.kept:
            return f"{self.resources} resources, as an earlier rehearsal has applied them."
        return (
            f"{self.resources} resources applied in {self.seconds:.0f} s with {self.requests} "
            "requests, and planned again: no changes."
        )


def lost(requests: Iterable[Logged]) -> tuple[tuple[str, str], ...]:
    """What was taken away for good by requests that were granted, as type and name."""
    return tuple(
        # An account is known by its address there, by what begins it here.
        (kinds.LOSSES[request.name], request.path.rpartition("/")[2].partition("@")[0])
        for request in requests
        if request.name in kinds.LOSSES and request.status < 400  # noqa: PLR2004 - HTTP's errors
    )


def reviewed(settings: Settings, root: Path, outcome: Outcome) -> Review | None:
    """What there is to say of the change; None where there is none."""
    if outcome.plan is None:
        return None
    return judged(
        settings,
        root,
        outcome.plan,
        Provenance(first_creation=outcome.first_creation),
        kind=REHEARSAL,
        facts=FACTS,
        notes=_notes(outcome, read(outcome.plan)),
        observed=lambda verdict: _unexplained(outcome, verdict),
    )


def _notes(outcome: Outcome, plan: Plan) -> list[str]:
    """
    What was seen to happen, in sentences.

    What dies is counted: its name is told where it is found to die, once.
    """
    kept = outcome.vms - len(outcome.vms_gone)
    notes = [
        f"Applied to a fake Google, where every group had one VM: {outcome.vms} were running "
        f"before the change, {kept} still are."
    ]
    if outcome.upgrade:
        notes += outcome.upgrade.sentences()
    if outcome.error:
        notes.insert(0, f"The change cannot be applied: {outcome.error}")
    replaced = {(change.type, change.name) for change in plan.changes if change.action.replaces}
    by: dict[tuple[str, str], list[str]] = defaultdict(list)
    for type_, name in outcome.lost:
        by["Replaced" if (type_, name) in replaced else "Deleted", type_].append(name)
    notes += [f"{done}: {_counted(type_, names)}." for (done, type_), names in sorted(by.items())]
    if not outcome.error and not outcome.lost:
        notes.append("No group, queue, bucket, secret, role or account was deleted.")
    return notes


def _counted(type_: str, named: Sequence[str]) -> str:
    """How many of a type, and which, where a finding has other names for them."""
    count = f"{len(named):,} `{type_}`"
    if kinds.of(type_).name:
        return count
    some = ", ".join(f"`{name}`" for name in sorted(named)[:MOST])
    more = f" and {len(named) - MOST:,} more" if len(named) > MOST else ""
    return f"{count}, by the name of {some}{more}"


def _group_of(vm: str) -> str:
    """The group that a VM was in, by its name."""
    return f"{_SUFFIX.sub('', vm.rpartition('/')[2]).removesuffix('-vm')}-mig"


def _unexplained(outcome: Outcome, verdict: Verdict) -> Iterator[Finding]:
    """What the rehearsal saw and no finding speaks of: the findings are not all, then."""
    if outcome.error:
        yield Finding(REHEARSAL_FAILED, "", "the change could not be applied to its end")
    findings = [*verdict.blocking, *(allowed.finding for allowed in verdict.allowed)]
    told = {(finding.type, finding.name) for finding in findings}
    types = {finding.type for finding in findings}
    for name in sorted({_group_of(vm) for vm in outcome.vms_gone}):
        if (kinds.GROUP, name) not in told:
            yield Finding(REHEARSAL_LOST, "", f"the VM of `{name}` was killed")
    for type_, name in sorted(set(outcome.lost)):
        # What has no name here is known to be told by its type.
        if (type_, name) not in told and not (type_ in types and not kinds.of(type_).name):
            yield Finding(REHEARSAL_LOST, "", f"`{type_}` `{name}` was deleted")
