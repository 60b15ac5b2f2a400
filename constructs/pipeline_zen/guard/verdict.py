"""Plan, environment and allowances -> the findings, and whether the plan may be applied."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

# Each registers its rules.
from pipeline_zen.guard import (  # noqa: F401
    accounts,
    acls,
    buckets,
    drift,
    general,
    grants,
    group_policies,
    groups,
    network,
    others,
    outputs,
    outside,
    programs,
    providers,
    queues,
    reads,
    secrets,
    template_costs,
    templates,
    trust,
    vms,
)
from pipeline_zen.guard.allowances import Allowance, digest
from pipeline_zen.guard.checks import Check, collected, judged
from pipeline_zen.guard.index import PlanIndex
from pipeline_zen.guard.resource import Resource
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.guard.target import Provenance, Target
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
    provenance: Provenance,
    allowances: Sequence[Allowance],
    today: datetime.date,
) -> Verdict:
    """
    The verdict on *plan* as one of the environment *target*.

    *today* decides which allowances have expired.
    """
    index = PlanIndex(plan, target)
    findings, strangers = _of_resources(index)
    told = {finding.address for finding in findings if finding.severity is not Severity.SAFE}
    valid = [allowance for allowance in allowances if allowance.until >= today]
    allowed, used = _pass([one for one in findings if one.made_by.allowable], valid)
    passing = {one.finding for one in allowed}
    findings = [finding for finding in findings if finding not in passing]
    findings += [
        *trust.whole(index),
        *trust.foreign(index, strangers),
        *programs.unseen(index, told),
        *providers.providers(index),
        *outputs.changed(index),
        *trust.state(target, provenance),
        *trust.creation(index, target, provenance),
        *trust.budget(index, {finding.address for finding in passing}),
        *_wrong(allowances, used, today),
    ]
    findings.sort(key=lambda finding: (finding.severity.rank, finding.rule, finding.address))
    return Verdict(
        blocking=tuple(finding for finding in findings if finding.blocks),
        allowed=tuple(sorted(allowed, key=lambda one: (one.finding.rule, one.finding.address))),
        notable=tuple(finding for finding in findings if not finding.blocks),
    )


def _of_resources(index: PlanIndex) -> tuple[list[Finding], list[Finding]]:
    """What is found of single resources, and which of them are of another project."""
    findings: list[Finding] = []
    strangers: list[Finding] = []
    for resource in index.resources():
        elsewhere = list(trust.project(resource, index.target))
        strangers += elsewhere
        if resource.change.action is not Action.NO_OP or resource.change.import_id:
            findings += [_with_remedy(finding, resource) for finding in _of(resource)]
            findings += [] if elsewhere else outside.named(resource)
            # The digest of the plan asks for it, and now the values are at hand.
            resource.change.encoded  # noqa: B018
    findings += [*drift.outside(index, _check_of), *reads.read(index), *programs.waiting(index)]
    return findings, strangers


def _pass(
    findings: Iterable[Finding], valid: Sequence[Allowance]
) -> tuple[list[Allowed], set[Allowance]]:
    """The findings that are allowed, and the allowances that have a use."""
    allowed: dict[Finding, Allowed] = {}
    used: set[Allowance] = set()
    for allowance in valid:
        covered = [one for one in findings if one.blocks and allowance.covers(one)]
        if covered and digest(covered) == allowance.seen:
            used.add(allowance)
            for finding in covered:
                allowed.setdefault(finding, Allowed(finding, allowance))
    return list(allowed.values()), used


def _of(resource: Resource) -> Iterator[Finding]:
    """What there is to say of one change."""
    yield from programs.run(resource)
    kept = general.kept(resource)
    if kept is not None:
        yield kept
        return
    yield from general.clashes(resource)
    yield from general.unprotected(resource)
    yield from general.imported(resource)
    yield from general.renamed(resource)
    if resource.change.type.startswith(general.NOTHING_AT_GOOGLE):
        yield from programs.nothing_at_google(resource)
        return
    check = _check_of(resource.change.type)
    if check is None:
        yield from general.without_rules(resource)
        return
    found = [judged(check, one) for one in _as_successor(resource)]
    findings = list(dict.fromkeys(finding for findings, _ in found for finding in findings))
    yield from findings
    rest = [leaf for _, leaves in found for leaf in leaves]
    # What is left to the provider is named where there is nothing else.
    given = [leaf for leaf in rest if not (leaf.unknown and leaf.is_left_out)]
    if rest:
        sources = () if given else resource.hidden_sources
        yield general.unjudged(resource, {leaf.key for leaf in given or rest}, sources)
    if resource.change.action is Action.DELETE and not (findings or check.may_go):
        yield resource.found(general.UNJUDGED, "deleted, and no rule says what goes with it")


def _as_successor(resource: Resource) -> list[Resource]:
    """A new template is compared with each in whose place groups name it from now on."""
    change, index = resource.change, resource.plan
    if change.type in TEMPLATES and change.action is Action.CREATE:
        olds = index.starts.predecessors(change)
        as_new = [resource] if None in olds or not olds else []
        return as_new + [index.resource(change.in_place_of(old)) for old in olds if old]
    return [resource]


def _check_of(type_: str) -> Check | None:
    if type_ in CHECKS:
        return CHECKS[type_]
    if not type_.startswith("google_"):
        # Others name their types alike, and mean something else.
        return None
    return next((CHECKS[f"*{ending}"] for ending in _ENDINGS if type_.endswith(ending)), None)


def _with_remedy(finding: Finding, resource: Resource) -> Finding:
    """The remedy of a deletion that is only a change of address, or of what is tainted."""
    change = resource.change
    if change.is_tainted and finding.blocks:
        todo = f"Nothing is wrong with it: `tofu untaint {_shell(change.address)}`, and plan again."
        return replace(finding, todo=todo)
    target = resource.plan.renamed.get(finding.address)
    if target is None:
        return finding
    move = f"moved {{ from = {finding.address}, to = {target} }}"
    return replace(finding, todo=f"Add `{move}` to the configuration: it is the same thing.")


def _shell(address: str) -> str:
    return f"'{address}'" if '"' in address else address


ALLOWANCE_UNUSED = Rule(
    "allowance-unused",
    Severity.UNTRUSTED,
    "Remove it from `config/allow.yaml`, or bring `seen` up to date if it is still meant: what "
    "was seen then is not what is planned now.",
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
            what = (
                f"{where} allows {about}, and the plan does nothing of the kind, or another thing"
            )
            yield ALLOWANCE_UNUSED.of_plan(what)
