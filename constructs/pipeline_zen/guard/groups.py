"""What becomes of running jobs: the groups that their VMs start in."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline_zen.guard.amounts import count, difference, many, said
from pipeline_zen.guard.checks import COMPUTED, collected, harmless, judged, judges
from pipeline_zen.guard.general import UNJUDGED
from pipeline_zen.guard.harmless import any_of, known, longer, only, plain_text, removed
from pipeline_zen.guard.leaf import Leaf
from pipeline_zen.guard.resource import Resource, last, listed, quoted, templates_of
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.guard.template_costs import GPUS_ADDED, NO_PRICE, Billed
from pipeline_zen.kinds import GROUPS
from pipeline_zen.plan import UNKNOWN, Action

ACTIONS = ("NONE", "REFRESH", "RESTART", "REPLACE")
"""What an update may do to a VM, the gentlest first."""

SIZE_NOW = -1
"""All the VMs that a group has, however many."""

_SIZES = "target_size target_suspended_size target_stopped_size"


def _waits(leaf: Leaf) -> bool:
    """What an update may do, where it is only done when somebody asks for it."""
    return leaf.resource.after.block("update_policy").text("type") == "OPPORTUNISTIC"


def _gentler(leaf: Leaf) -> bool:
    old, new = leaf.old, leaf.new
    return old in ACTIONS and new in ACTIONS and ACTIONS.index(new) <= ACTIONS.index(old)


def _of_the_plan(leaf: Leaf) -> bool:
    """A template of the plan; what VMs start with by it is compared besides."""
    return leaf.resource.next_template is not None


def _heals_nobody(leaf: Leaf) -> bool:
    """The default action, where it is to do nothing, or there is no health check to fail."""
    sides = (leaf.resource.before, leaf.resource.after)
    policy = leaf.resource.after.block("instance_lifecycle_policy")
    unchecked = not any(values.block("auto_healing_policies").exists for values in sides)
    idle = unchecked or policy.text("default_action_on_failure") == "DO_NOTHING"
    return idle and leaf.new in (None, "", "DEFAULT_ACTION")


harmless(
    *GROUPS,
    tests={
        "auto_healing_policies": removed,
        "auto_healing_policies.initial_delay_sec": longer,
        "distribution_policy_target_shape": only("ANY", "ANY_SINGLE_ZONE", "BALANCED", "EVEN"),
        "instance_lifecycle_policy.default_action_on_failure": only("DO_NOTHING"),
        "instance_lifecycle_policy.force_update_on_repair": only("NO"),
        "instance_lifecycle_policy.on_failed_health_check": any_of(
            only("DO_NOTHING"), _heals_nobody
        ),
        "list_managed_instances_results": known,
        "named_port": known,
        "version.name": plain_text,
        "standby_policy.initial_delay_sec": known,
        "standby_policy.mode": only("MANUAL"),
        "target_size target_stopped_size target_suspended_size": only(None),
        # An apply that waits for VMs fails where none is to come.
        "wait_for_instances": only(None, False),
        "wait_for_instances_status": only(None, "STABLE"),
        "target_size_policy.mode": only("INDIVIDUAL"),
        "update_policy.instance_redistribution_type": only("NONE"),
        "update_policy.max_surge_fixed update_policy.max_surge_percent": known,
        "update_policy.max_unavailable_fixed update_policy.max_unavailable_percent": known,
        "update_policy.minimal_action": any_of(_waits, _gentler),
        "update_policy.most_disruptive_allowed_action": any_of(_waits, _gentler),
        "update_policy.replacement_method": _waits,
        "update_policy.type": only("OPPORTUNISTIC"),
        "version.instance_template": _of_the_plan,
    },
    new={
        "base_instance_name distribution_policy_zones name region zone": known,
        "target_size_policy.mode": only("INDIVIDUAL", "BULK"),
        "target_size target_stopped_size target_suspended_size": only(None, 0),
    },
    computed="distribution_policy_target_shape distribution_policy_zones instance_group "
    "instance_group_manager_id operation target_size target_stopped_size target_suspended_size "
    "update_policy.max_surge_fixed update_policy.max_unavailable_fixed",
    blocks="instance_lifecycle_policy standby_policy target_size_policy",
)

GROUP_DELETED = Rule(
    "group-deleted",
    Severity.KILLS_JOBS,
    "Put its region or cluster back into `fleets`; or see that it is empty, and allow it.",
)

GROUP_REPLACED = Rule(
    "group-replaced",
    Severity.KILLS_JOBS,
    "Leave what forces it as it is; or wait until the group is empty, and allow it.",
)


@judges(*GROUPS)
def _gone(group: Resource) -> Iterator[Finding]:
    size = count(group.before.number("target_size"))
    if group.change.action is Action.DELETE:
        what = "deleted, with every VM that is in it"
        yield kills(group, GROUP_DELETED, what, size)
    elif group.change.action.replaces:
        what = "replaced, which deletes every VM that is in it"
        yield kills(group, GROUP_REPLACED, what, size)


@judges(*GROUPS)
def _other_template(group: Resource) -> Iterator[Finding]:
    """What VMs start with from now on, against what they start with today."""
    if not group.updated or not group.changes("version"):
        return
    old, new = group.plan.starts.previous_template(group), group.next_template
    if new is None or old is new:
        return
    # What a group that is taken over starts so far is by rights not in the plan.
    if old is None and not (group.change.import_id and new.action is Action.CREATE):
        what = "given another template; what its VMs start with so far is not in this plan"
        yield group.found(UNJUDGED, what, why="", of=("version",))
    # One that takes the place of another is judged against that where it is made.
    if old is None or new.action is Action.CREATE:
        return
    change = replace(new.in_place_of(old), address=group.change.address, name=group.change.name)
    findings, rest = judged(collected()[new.type], group.plan.resource(change))
    yield from findings
    keys = {leaf.key for leaf in rest} - COMPUTED - {"self_link_unique", "metadata_fingerprint"}
    if keys:
        named = listed(keys)
        what = f"given another template, which differs in {named}"
        yield group.found(UNJUDGED, what, why="", of=("version",))


SIZE_RAISED = Rule(
    "size-raised",
    Severity.KILLS_JOBS,
    "Take the size out of the configuration: the scheduler sets it, and what it has raised by the "
    "time of the apply is shrunk to the size that is written.",
)


@judges(*GROUPS, attributes=_SIZES)
def _new(group: Resource) -> Iterator[Finding]:
    if group.change.action is not Action.CREATE:
        return
    gpus = group.plan.starts.gpus(group)
    each = f"each VM in it has {many(gpus, 'GPU')}, and costs {_price(group)}"
    most = group.plan.limits.get(group.change.name)
    size = count(group.after.number("target_size"))
    if size:
        more = None if gpus is None else gpus * size
        what = f"new, with {many(size, 'VM')} at once; {each}"
        yield group.found(SIZE_RAISED, what, gpus=more)
    elif most is None:
        yield group.found(GPUS_ADDED, f"new: {each}", gpus=None)
    else:
        what = f"new: the scheduler raises it to {many(most, 'VM')} at most; {each}"
        yield group.found(GPUS_ADDED, what, gpus=None if gpus is None else gpus * most)


@judges(*GROUPS)
def _without_known_template(group: Resource) -> Iterator[Finding]:
    if not (group.made or group.changes("version")):
        return
    versions = group.after.blocks("version")
    if versions == []:
        yield group.found(UNJUDGED, "left without a template: no VM would start")
    elif versions is UNKNOWN or len(versions) > 1:
        what = "given several templates, or what is not known yet"
        yield group.found(UNJUDGED, what)


GROUP_TEMPLATE_ELSEWHERE = Rule(
    "group-template-elsewhere",
    Severity.BREAKS_IDENTITY,
    "Have the group start its VMs from a template of this plan, made for its own cluster.",
)


@judges(*GROUPS, attributes="version.instance_template")
def _template_elsewhere(group: Resource) -> Iterator[Finding]:
    """VMs that start from what nobody here has seen."""
    given = group.made or group.changes("version")
    if given and group.after.blocks("version") != [] and group.next_template is None:
        links = templates_of(group.after)
        named = quoted(group.after.block("version").get("instance_template"))
        where = named if links else "one that is not known yet"
        what = f"set to start VMs from {where}, which is no template of this plan"
        yield group.found(GROUP_TEMPLATE_ELSEWHERE, what, why="", of=("version",))


GROUP_SHRUNK = Rule(
    "group-shrunk",
    Severity.KILLS_JOBS,
    "Take the size out of the configuration: the scheduler sets it.",
)


@judges(*GROUPS, attributes=_SIZES)
def _resized(group: Resource) -> Iterator[Finding]:
    for key in _SIZES.split() if group.updated else ():
        old, new = group.before.number(key), group.after.number(key)
        if not group.changes(key) or new is None or (old == new and new is not UNKNOWN):
            continue
        more = difference(old, new)
        if old == 0 or (more or 0) > 0:
            gpus = group.plan.starts.gpus(group)
            what = f"raised from {said(old)} to {many(new, 'VM')}; each costs {_price(group)}"
            total = None if gpus is None or more is None else gpus * more
            yield group.found(SIZE_RAISED, what, gpus=total)
        else:
            what = f"shrunk from {said(old)} to {many(new, 'VM')}"
            yield kills(group, GROUP_SHRUNK, what, None if more is None else -more)


def _price(group: Resource) -> str:
    """What a VM of a group costs, as far as the catalogue knows."""
    region = group.after.text("region")
    if not isinstance(region, str):
        return NO_PRICE
    return Billed.of(group.plan.starts.template(group)).in_region(last(region))


def kills(
    group: Resource, rule: Rule, what: str, vms: int | None = SIZE_NOW, *, why: str | None = None
) -> Finding:
    """A finding with how many VMs, and GPUs, it costs; all that the group has, if not told."""
    if vms == SIZE_NOW:
        vms = count(group.before.number("target_size"))
    per_vm = group.plan.starts.gpus(group)
    gpus = 0 if vms == 0 else None if vms is None or per_vm is None else vms * per_vm
    why = group.why() if why is None else why
    return group.found(rule, what, vms=vms, gpus=gpus, why=why)
