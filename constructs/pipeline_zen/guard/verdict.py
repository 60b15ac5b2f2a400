"""Plan, environment and allowances -> the findings, and whether the plan may be applied."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

# Each registers its rules.
from pipeline_zen.guard import (  # noqa: F401
    accounts,
    acls,
    buckets,
    general,
    grants,
    groups,
    network,
    queues,
    secrets,
    templates,
    trust,
    vms,
)
from pipeline_zen.guard.allowances import Allowance
from pipeline_zen.guard.checks import ANYWHERE, Check, collected
from pipeline_zen.guard.index import PlanIndex
from pipeline_zen.guard.resource import Resource, listed
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.guard.trust import Known, Target
from pipeline_zen.kinds import TEMPLATES
from pipeline_zen.plan import Action, Plan
from pipeline_zen.settings import ALLOW

CHECKS = collected()
"""What judges a type, by the type, or by a star and how types end."""

_ENDINGS = tuple(type_[1:] for type_ in CHECKS if type_[0] == "*")


@dataclass(frozen=True)
class Allowed:
    """A finding that would block, and the allowance that lets it pass."""

    finding: Finding
    allowance: Allowance


@dataclass(frozen=True)
class Verdict:
    """What was found, the worst first, then by address."""

    blocking: tuple[Finding, ...]
    allowed: tuple[Allowed, ...]
    notable: tuple[Finding, ...]
    """What does not block, and is worth a look."""

    @property
    def blocked(self) -> bool:
        """Whether the plan may not be applied."""
        return bool(self.blocking)


def judge(
    plan: Plan,
    target: Target,
    known: Known,
    allowances: Sequence[Allowance],
    today: datetime.date,
) -> Verdict:
    """
    The verdict on *plan* as one of the environment *target*.

    *today* decides which allowances have expired.
    """
    index = PlanIndex(plan, target.limits)
    findings: list[Finding] = []
    strangers: list[Finding] = []
    for resource in index.resources():
        strangers += trust.project(resource, target)
        if resource.change.action is not Action.NO_OP:
            findings += [_with_move(finding, index) for finding in _of(resource)]
    allowed, used = _pass(findings, [one for one in allowances if one.until >= today])
    passing = {one.finding for one in allowed}
    findings = [finding for finding in findings if finding not in passing]
    findings += [
        *trust.whole(index),
        *strangers,
        *trust.state(target, known),
        *trust.creation(index, target, known),
        *trust.budget(index, {finding.address for finding in passing}),
        *_wrong(allowances, used, today),
    ]
    findings.sort(key=lambda finding: (finding.severity.rank, finding.rule, finding.address))
    return Verdict(
        blocking=tuple(finding for finding in findings if finding.blocks),
        allowed=tuple(sorted(allowed, key=lambda one: (one.finding.rule, one.finding.address))),
        notable=tuple(finding for finding in findings if not finding.blocks),
    )


def _pass(
    findings: Iterable[Finding], valid: Sequence[Allowance]
) -> tuple[list[Allowed], set[Allowance]]:
    """The findings that are allowed, and the allowances that have a use."""
    allowed: list[Allowed] = []
    used: set[Allowance] = set()
    for finding in findings:
        covering = [one for one in valid if finding.blocks and one.covers(finding)]
        used.update(covering)
        allowed += [Allowed(finding, one) for one in covering[:1]]
    return allowed, used


def _of(resource: Resource) -> Iterator[Finding]:
    """What there is to say of one change."""
    if resource.change.action.keeps or resource.change.action is Action.FORGET_CREATE:
        yield from general.forgotten(resource)
        return
    yield from general.renamed(resource)
    check = _check_of(resource.change.type)
    if check is None:
        yield from general.without_rules(resource)
        return
    for find in check.finders:
        yield from find(resource)
    yield from _unjudged(resource, check)


def _check_of(type_: str) -> Check | None:
    if type_ in CHECKS:
        return CHECKS[type_]
    return next((CHECKS[f"*{ending}"] for ending in _ENDINGS if type_.endswith(ending)), None)


def _unjudged(resource: Resource, check: Check) -> Iterator[Finding]:
    """What changes beside what the type's rules judge."""
    if resource.updated:
        unknown = resource.changed - check.attributes - ANYWHERE
        if unknown:
            yield resource.found(general.UNJUDGED, f"changed in {listed(unknown)}")
    elif resource.change.action is Action.REPLACE_AFTER and resource.change.type in TEMPLATES:
        # Of other types the replacement itself is judged; a template's is how it is changed, so
        # that all that changes of it is said.
        unknown = resource.settled - check.attributes
        if unknown:
            what = f"changed in {listed(unknown)}, for VMs that are yet to start"
            yield resource.found(general.UNJUDGED, what, why="")


def _with_move(finding: Finding, index: PlanIndex) -> Finding:
    """The remedy of a deletion that is only a change of address."""
    target = index.renamed.get(finding.address)
    if target is None:
        return finding
    move = f"moved {{ from = {finding.address}, to = {target} }}"
    return replace(finding, todo=f"Add `{move}` to the configuration: it is the same thing.")


ALLOWANCE_UNUSED = Rule(
    "allowance-unused",
    Severity.UNTRUSTED,
    "Remove it from `config/allow.yaml`: it would let the next such change pass unseen.",
    allowable=False,
)

ALLOWANCE_EXPIRED = Rule(
    "allowance-expired",
    Severity.UNTRUSTED,
    "Remove it from `config/allow.yaml`, or give it a new date if it is still meant.",
    allowable=False,
)


def _wrong(
    allowances: Sequence[Allowance], used: set[Allowance], today: datetime.date
) -> Iterator[Finding]:
    for allowance in allowances:
        where = f"{ALLOW}:{allowance.place.line}"
        about = f"{allowance.finding} of `{allowance.address}`"
        if allowance.until < today:
            what = f"{where} allowed {about} until {allowance.until}"
            yield ALLOWANCE_EXPIRED.of_plan(what)
        elif allowance not in used:
            what = f"{where} allows {about}, and the plan does nothing of the kind"
            yield ALLOWANCE_UNUSED.of_plan(what)
