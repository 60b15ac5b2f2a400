"""Plan, environment and allowances -> the findings, and whether the plan may be applied."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline_zen.guard import data, fleet, identity, queues, trust
from pipeline_zen.guard.allowances import ALLOW, Allowance
from pipeline_zen.guard.findings import Finding
from pipeline_zen.guard.trust import Known, Target
from pipeline_zen.guard.world import GROUPS, TEMPLATES, Case, World
from pipeline_zen.plan import Action, Plan

Check = Callable[[Case], Iterator[Finding]]

CHECKS: dict[str, Check] = {
    **dict.fromkeys(GROUPS, fleet.group),
    **dict.fromkeys(TEMPLATES, fleet.template),
    "google_compute_autoscaler": fleet.autoscaler,
    "google_compute_region_autoscaler": fleet.autoscaler,
    "google_compute_resize_request": fleet.resize_request,
    "google_compute_region_resize_request": fleet.resize_request,
    "google_pubsub_topic": queues.topic,
    "google_pubsub_subscription": queues.subscription,
    "google_storage_bucket": data.bucket,
    "google_secret_manager_secret": data.secret,
    "google_secret_manager_secret_version": data.secret_version,
    "google_service_account": identity.account,
    "google_service_account_key": identity.account_key,
    "google_project_iam_custom_role": identity.role,
    "google_project_service": identity.api,
}


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
    world = World(plan)
    found: list[Finding] = []
    strangers: list[Finding] = []
    for case in world.cases():
        found += [_with_move(finding, world) for finding in _of(case)]
        strangers += trust.project(case, target)

    valid = [one for one in allowances if one.until >= today]
    allowed = [
        Allowed(finding, allowance)
        for finding in found
        if finding.blocks
        for allowance in valid
        if allowance.covers(finding)
    ]
    passing = {one.finding for one in allowed}
    used = {one.allowance for one in allowed}
    found = [finding for finding in found if finding not in passing]
    found += [
        *trust.whole(world),
        *strangers,
        *trust.state(target, known),
        *trust.creation(world, target, known),
        *trust.budget(world, [finding.address for finding in passing]),
        *_wrong(allowances, used, today),
    ]
    found.sort(key=lambda finding: (finding.severity.rank, finding.rule, finding.address))
    return Verdict(
        blocking=tuple(finding for finding in found if finding.blocks),
        allowed=tuple(sorted(allowed, key=lambda one: (one.finding.rule, one.finding.address))),
        notable=tuple(finding for finding in found if not finding.blocks),
    )


def _of(case: Case) -> Iterator[Finding]:
    """What there is to say of one change."""
    kind, action = case.change.type, case.change.action
    if action is Action.FORGET:
        yield case.finding("forgotten", "forgotten: it stays as it is at Google")
        return
    if action is Action.FORGET_CREATE:
        what = "forgotten, then created under a name that the old one still has"
        yield case.finding("name-clash", what)
        return
    if action is Action.DELETE and case.change.address in case.world.renamed:
        target = case.world.renamed[case.change.address]
        what = f"deleted, and created under the same name at `{target}`"
        yield case.finding("renamed", what, why="")
    check = CHECKS.get(kind)
    if kind.endswith("_iam_member"):
        check = identity.grant
    elif kind.endswith(("_iam_binding", "_iam_policy")):
        check = identity.binding
    if check:
        yield from check(case)
    elif action.destroys:
        done = "deleted" if action is Action.DELETE else "replaced"
        yield case.finding("deleted", f"{done}, and this guard knows nothing of its type")


def _with_move(finding: Finding, world: World) -> Finding:
    """The remedy of a deletion that is only a change of address."""
    target = world.renamed.get(finding.address)
    if target is None:
        return finding
    move = f"moved {{ from = {finding.address}, to = {target} }}"
    return replace(finding, todo=f"Add `{move}` to the configuration: it is the same thing.")


def _wrong(
    allowances: Sequence[Allowance], used: set[Allowance], today: datetime.date
) -> Iterator[Finding]:
    for one in allowances:
        where = f"{ALLOW}:{one.place.line}"
        about = f"{one.finding} of `{one.address}`"
        if one.until < today:
            yield Finding("allowance-expired", "", f"{where} allowed {about} until {one.until}")
        elif one not in used:
            what = f"{where} allows {about}, and the plan does nothing of the kind"
            yield Finding("allowance-unused", "", what)
