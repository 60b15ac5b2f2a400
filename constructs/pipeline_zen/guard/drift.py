"""What somebody took away, or changed, outside of OpenTofu."""

from collections.abc import Callable, Iterator

from pipeline_zen import kinds
from pipeline_zen.guard.checks import Check, judged
from pipeline_zen.guard.groups import GROUP_SHRUNK, SIZE_RAISED
from pipeline_zen.guard.index import PlanIndex
from pipeline_zen.guard.resource import Resource
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.plan import UNKNOWN, Action

GONE_OUTSIDE = Rule(
    "gone-outside",
    Severity.LOSES_DATA,
    "Have it back at Google before anything is made anew: what is made under its name shuts the "
    "way to what was there.",
)
"""What can still be had back."""

LOST_OUTSIDE = Rule(
    "lost-outside",
    Severity.LOSES_DATA,
    "See who took it away, and what is lost with it; applying makes it anew, empty.",
    blocks=False,
)
"""What nobody gets back."""

CHANGED_OUTSIDE = Rule(
    "changed-outside",
    Severity.WIDENS_ACCESS,
    "See who changed it, and whether that is meant: applying changes it back.",
    blocks=False,
)

_FORGETS = (
    "See who took it away, and what is lost with it; applying takes it out of the state, and the "
    "next plan makes it anew, empty."
)
_TAKES = (
    "See who changed it, and whether that is meant: applying takes it into the state, and the next "
    "plan changes it back."
)
"""What is said instead where a plan only brings the state up to date."""

_REMEDIES = {
    kinds.ROLE: (
        "for 7 days: `gcloud iam roles undelete {name} --project={project}`",
        "whoever has it lost what it allows: VMs can no longer delete themselves",
    ),
    kinds.ACCOUNT: (
        "for 30 days: `gcloud iam service-accounts undelete {unique_id} --project={project}`",
        "VMs that run as it lost every right, and a new one has none of its grants",
    ),
    kinds.BUCKET: (
        "for as long as its soft deletion lasts, a week if nothing else is set: "
        "`gcloud storage ls --buckets --soft-deleted gs://{name}`, then "
        "`gcloud storage restore gs://{name}#GENERATION`, which has it back empty, and "
        "`gcloud storage restore 'gs://{name}/**'`, which has back what was in it",
        "all that was in it is gone from view",
    ),
}
"""How it is had back at Google, and what is lost until then."""

_LOST = {
    kinds.SECRET: "all its versions: put its text back into the file that it comes from",
    kinds.VERSION: "its text, unless it is only disabled: see `gcloud secrets versions list`",
    kinds.SUBSCRIPTION: "every job that waited in it",
    kinds.TOPIC: "what it retained; its subscriptions hear nothing even of a new one",
    kinds.GROUP: "every VM that was in it",
    "google_project_service": "the API is off: `gcloud services enable {name}`",
}


def outside(index: PlanIndex, check_of: Callable[[str], Check | None]) -> Iterator[Finding]:
    """What is gone, and what was changed in a way that would block if a plan did it."""
    for change in index.plan.drift:
        if not change.managed:
            continue
        resource, refreshes = index.resource(change), index.plan.refresh_only
        deleted = resource.changes("deleted") and resource.after.flag("deleted") is True
        if change.action is Action.DELETE or (change.type == kinds.ROLE and deleted):
            yield _gone(resource, refreshes=refreshes)
        elif change.action is Action.UPDATE:
            yield from _changed(resource, check_of(change.type), refreshes=refreshes)


def _gone(resource: Resource, *, refreshes: bool) -> Finding:
    values, type_ = resource.before, resource.change.type
    known = {key: values.get(key) for key in ("name", "unique_id", "project")}
    named = values.get("role_id") or values.get("service") or known["name"]
    told = {**known, "name": named}
    told = {key: "…" if value in (None, UNKNOWN) else str(value) for key, value in told.items()}
    if type_ in _REMEDIES:
        remedy, lost = _REMEDIES[type_]
        what = f"taken away outside: {lost}; it can be had back"
        todo = f"Have it back {remedy.format(**told)}; then plan again."
        return resource.found(GONE_OUTSIDE, what, why="", todo=todo)
    lost = _LOST.get(type_, "what it was there for, until it is made anew").format(**told)
    what = f"taken away outside; lost: {lost}"
    return resource.found(LOST_OUTSIDE, what, why="", todo=_FORGETS if refreshes else "")


def _changed(resource: Resource, check: Check | None, *, refreshes: bool) -> Iterator[Finding]:
    if check is None:
        return
    findings, _ = judged(check, resource)
    for finding in findings:
        # The scheduler resizes groups all day.
        if finding.blocks and finding.made_by not in (GROUP_SHRUNK, SIZE_RAISED):
            what, todo = f"changed outside: {finding.what}", _TAKES if refreshes else ""
            yield resource.found(CHANGED_OUTSIDE, what, why="", todo=todo)
