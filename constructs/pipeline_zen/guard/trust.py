"""Whether this is the plan of the environment, and all of it."""

import re
from collections.abc import Collection, Iterator, Sequence

from pipeline_zen.guard.general import VERSIONS
from pipeline_zen.guard.grants import goes_with_its_resource
from pipeline_zen.guard.index import PlanIndex
from pipeline_zen.guard.resource import Resource, quoted
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.guard.target import Provenance, Target
from pipeline_zen.kinds import TEMPLATES, VERSION
from pipeline_zen.masking import masked_text
from pipeline_zen.plan import UNKNOWN, Action, Change, Values

NEARLY_ALL = 0.8
"""The share of an environment's resources from which their creation is called a first one."""

A_FEW = 10
"""An environment has more resources than that; with fewer, shares say nothing."""

MOST_DELETIONS = 20
DELETION_SHARE = 0.25
"""So many deletions, and such a share of what is there, may pass without being named."""

_PROJECT = re.compile(r"(?:^|/)projects/([^/]+)(?:/|$)")

_PLACES = (
    *("id", "name", "parent", "self_link"),
    *("instance_group_manager", "secret", "secret_id", "service_account_id", "subscription"),
    *("target", "topic"),
)
"""The attributes that tell where a resource is, or what of the project it is on."""


PLAN_ERRORED = Rule(
    "plan-errored",
    Severity.UNTRUSTED,
    "Mend what OpenTofu complained of, and plan again.",
    allowable=False,
)

PLAN_INCOMPLETE = Rule(
    "plan-incomplete",
    Severity.UNTRUSTED,
    "Plan again without `-target` and `-exclude`: nobody can review what is left out.",
    allowable=False,
)

PLAN_UNCLEAR = Rule(
    "plan-unclear",
    Severity.NOT_JUDGED,
    "See that they come to nothing (`count`, `for_each`), and were not left out by `-target`.",
    blocks=False,
)

REFRESH_ONLY = Rule(
    "refresh-only",
    Severity.SAFE,
    "Apply it to bring the state up to date, or plan again for what the configuration changes.",
    blocks=False,
)


def whole(index: PlanIndex) -> Iterator[Finding]:
    """Whether the plan is complete."""
    if index.plan.errored:
        yield PLAN_ERRORED.of_plan("planning failed half-way, so this is not all of it")
    missing = index.plan.missing
    if missing and not index.plan.errored:
        named = ", ".join(map(quoted, missing[:3])) + (" …" if missing[3:] else "")
        are = "is" if len(missing) == 1 else "are"
        what = f"{_counted(missing)} of the configuration {are} not in the plan: {named}"
        yield PLAN_INCOMPLETE.of_plan(what)
    unclear = index.plan.unclear
    if unclear and not (index.plan.errored or missing):
        named = ", ".join(map(quoted, unclear[:3])) + (" …" if unclear[3:] else "")
        what = f"of {_counted(unclear)} of the configuration it says nothing: {named}"
        yield PLAN_UNCLEAR.of_plan(what)
    if index.plan.refresh_only:
        yield REFRESH_ONLY.of_plan("made with `-refresh-only`: it changes the state, and no more")


def _counted(addresses: Sequence[str]) -> str:
    return f"{len(addresses):,} resource{'' if len(addresses) == 1 else 's'}"


WRONG_PROJECT = Rule(
    "wrong-project",
    Severity.UNTRUSTED,
    "See which environment's folder, state and credentials were used, and plan again.",
    allowable=False,
)


def project(resource: Resource, target: Target) -> Iterator[Finding]:
    """Whether a resource is in the environment's project, and on things of it."""
    strangers = {
        found
        for values in (resource.before, resource.after)
        for found in _projects(values)
        if found != target.project
    }
    if strangers:
        said = ", ".join(map(quoted, sorted(strangers)))
        what = f"in {said}, and {target.environment} is `{target.project}`"
        yield resource.found(WRONG_PROJECT, what, why="")
    elif (
        resource.change.action is Action.CREATE
        and resource.after.get("project") is UNKNOWN
        # A version is where its secret is, which is asked for itself.
        and resource.change.type not in VERSIONS
    ):
        what = f"in a project that is not known yet, and {target.environment} is `{target.project}`"
        yield resource.found(WRONG_PROJECT, what, why="")


def foreign(index: PlanIndex, strangers: list[Finding]) -> list[Finding]:
    """What is in other projects, said once where nothing of the plan is in this one."""
    target = index.target
    if len(strangers) <= 1 or any(map(index.is_here, index.managed)):
        return strangers
    what = f"nothing of it is in `{target.project}`: it is the plan of something else"
    return [WRONG_PROJECT.of_plan(what)]


WRONG_STATE = Rule(
    "wrong-state",
    Severity.UNTRUSTED,
    "See that the state's bucket and prefix are the environment's. If the state was made anew "
    "on purpose, change `state_lineage` in the environment's YAML.",
    allowable=False,
)

STATE_NOT_RECORDED = Rule(
    "state-not-recorded",
    Severity.SAFE,
    "Add that line to the environment's YAML, so that a plan against another state is blocked.",
    blocks=False,
)


def state(target: Target, provenance: Provenance) -> Iterator[Finding]:
    """Whether the plan was made against the environment's state."""
    place = (provenance.state_bucket, provenance.state_prefix)
    wanted = (target.state_bucket, target.state_prefix)
    if provenance.state_bucket is not None and place != wanted:
        what = f"the state is in {'/'.join(map(str, place))}, and should be in {'/'.join(wanted)}"
        yield WRONG_STATE.of_plan(masked_text(what))
    if provenance.lineage is None:
        return
    if target.state_lineage is None:
        if provenance.lineage:
            line = f"state_lineage: {provenance.lineage}"
            what = f"the state's lineage is not recorded: `{line}`"
            yield STATE_NOT_RECORDED.of_plan(what)
    elif provenance.lineage != target.state_lineage:
        is_ = f"has the lineage {provenance.lineage}" if provenance.lineage else "is empty"
        what = f"the state {is_}, and {target.environment}'s has {target.state_lineage}"
        yield WRONG_STATE.of_plan(masked_text(what))


FIRST_CREATION = Rule(
    "first-creation",
    Severity.UNTRUSTED,
    "If the environment exists, the state is the wrong one. If it does not, say so: `make plan "
    "ENV=… FIRST=yes`.",
    allowable=False,
)


def creation(index: PlanIndex, target: Target, provenance: Provenance) -> Iterator[Finding]:
    """Whether it would make nearly everything, as a plan against the wrong state does."""
    managed = [change for change in index.plan.changes if change.managed]
    made = [one for one in managed if one.action is Action.CREATE and not one.import_id]
    enough = len(made) > A_FEW and len(made) >= NEARLY_ALL * len(managed)
    if enough and not provenance.first_creation:
        what = f"{len(made)} of {len(managed)} resources of {target.environment} would be created"
        yield FIRST_CREATION.of_plan(what)


DELETION_BUDGET = Rule(
    "deletion-budget",
    Severity.UNTRUSTED,
    "See that no YAML is empty or half merged. What is meant to go is named in "
    "`config/allow.yaml`, address by address, and then no longer counts; what has no finding of "
    "its own goes in several changes, one after the other.",
    allowable=False,
)


def budget(index: PlanIndex, named: Collection[str]) -> Iterator[Finding]:
    """
    Whether more goes than is likely to be meant; *named* are addresses that may go.

    What is only forgotten counts as well: where all is protected, an empty YAML forgets it.
    """
    there = [change for change in index.managed if change.action is not Action.CREATE]
    gone = [
        change
        for change in there
        if _goes(change)
        and change.address not in named
        and not (named and goes_with_its_resource(index.resource(change)))
    ]
    most = min(MOST_DELETIONS, int(DELETION_SHARE * len(there)))
    if len(gone) > most and len(there) > A_FEW:
        what = f"{len(gone)} of {len(there)} resources would be deleted or forgotten without being "
        yield DELETION_BUDGET.of_plan(f"{what}named, and {most} may be")


def _goes(change: Change) -> bool:
    """A successor that is there first makes up for a template, or a version of a secret."""
    if change.action is Action.REPLACE_AFTER or change.deposed:
        return change.type not in (*TEMPLATES, VERSION)
    return change.action.destroys or change.action.keeps


def _projects(values: Values) -> Iterator[str]:
    project_ = values.text("project")
    if isinstance(project_, str):
        yield project_
    content = values.content if values.known else {}
    for place in map(content.get, _PLACES):
        found = _PROJECT.search(place) if isinstance(place, str) and "/" in place else None
        # Some services give the project's number, from which nobody here can tell the project.
        if found and found[1] != "-" and not found[1].isdigit():
            yield found[1]


REHEARSAL_FAILED = Rule(
    "rehearsal-failed",
    Severity.STOPS_HALF_WAY,
    "Mend what OpenTofu complained of, and rehearse again.",
    allowable=False,
)

REHEARSAL_LOST = Rule(
    "rehearsal-lost",
    Severity.UNTRUSTED,
    "The rehearsal took away what no finding names, so the findings are not all: look at the "
    "changes for what does it.",
    allowable=False,
)
"""What a rehearsal finds by having applied the plan; the guard itself only reads it."""
