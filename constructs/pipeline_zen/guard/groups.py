"""What becomes of running jobs: the groups that their VMs start in."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline_zen.guard.amounts import count, difference, many, may_be_less, said
from pipeline_zen.guard.checks import COMPUTED, collected, harmless, judged, judges
from pipeline_zen.guard.general import UNJUDGED
from pipeline_zen.guard.harmless import any_of, anything, known, longer, only, removed
from pipeline_zen.guard.leaf import Leaf
from pipeline_zen.guard.resource import Resource, last, listed, quoted, templates_of
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.guard.templates import GPUS_ADDED, NO_PRICE, priced
from pipeline_zen.kinds import GROUP, GROUPS
from pipeline_zen.plan import UNKNOWN, Action, Unknown

_ACTIONS = ("NONE", "REFRESH", "RESTART", "REPLACE")
"""What an update may do to a VM, the gentlest first."""

_SIZE_NOW = -1
_SIZES = "target_size target_suspended_size target_stopped_size"
_STATEFUL = "stateful_disk stateful_external_ip stateful_internal_ip"


def _waits(leaf: Leaf) -> bool:
    """What an update may do, where it is only done when somebody asks for it."""
    return leaf.resource.after.block("update_policy").text("type") == "OPPORTUNISTIC"


def _gentler(leaf: Leaf) -> bool:
    old, new = leaf.old, leaf.new
    return old in _ACTIONS and new in _ACTIONS and _ACTIONS.index(new) <= _ACTIONS.index(old)


def _of_the_plan(leaf: Leaf) -> bool:
    """A template of the plan; what VMs start with by it is compared besides."""
    return leaf.resource.plan.next_template(leaf.resource) is not None


harmless(
    *GROUPS,
    tests={
        "auto_healing_policies": removed,
        "auto_healing_policies.initial_delay_sec": longer,
        "distribution_policy_target_shape": only("ANY", "ANY_SINGLE_ZONE", "BALANCED", "EVEN"),
        "instance_lifecycle_policy.default_action_on_failure": only("DO_NOTHING"),
        "instance_lifecycle_policy.force_update_on_repair": only("NO"),
        "instance_lifecycle_policy.on_failed_health_check": only(None, "DO_NOTHING"),
        "list_managed_instances_results": known,
        "named_port wait_for_instances wait_for_instances_status version.name": anything,
        "standby_policy.initial_delay_sec": known,
        "standby_policy.mode": only("MANUAL"),
        "target_size target_stopped_size target_suspended_size": only(None),
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
        "target_size target_stopped_size target_suspended_size": only(None, 0),
    },
    computed="distribution_policy_target_shape distribution_policy_zones instance_group "
    "instance_group_manager_id operation standby_policy target_size target_stopped_size "
    "target_suspended_size instance_lifecycle_policy update_policy.max_surge_fixed "
    "update_policy.max_unavailable_fixed",
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
        yield _kills(group, GROUP_DELETED, what, size)
    elif group.change.action.replaces:
        what = "replaced, which deletes every VM that is in it"
        yield _kills(group, GROUP_REPLACED, what, size)


@judges(*GROUPS)
def _other_template(group: Resource) -> Iterator[Finding]:
    """What VMs start with from now on, where that is a template that is there already."""
    if not group.updated or not group.changes("version"):
        return
    old, new = group.plan.previous_template(group), group.plan.next_template(group)
    if new is None or old is new or new.action is Action.CREATE or new.action.replaces:
        return
    if old is None:
        what = "given another template; what its VMs start with so far is not in this plan"
        yield group.found(UNJUDGED, what, why="", of=("version",))
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
    gpus = group.plan.gpus(group)
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
    if not group.judged_as_it_is or not (group.made or group.changes("version")):
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
    if not (group.judged_as_it_is and given) or group.after.blocks("version") == []:
        return
    if group.plan.next_template(group) is None:
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
            gpus = group.plan.gpus(group)
            what = f"raised from {said(old)} to {many(new, 'VM')}; each costs {_price(group)}"
            total = None if gpus is None or more is None else gpus * more
            yield group.found(SIZE_RAISED, what, gpus=total)
        else:
            what = f"shrunk from {said(old)} to {many(new, 'VM')}"
            yield _kills(group, GROUP_SHRUNK, what, None if more is None else -more)


GROUP_ROLLED = Rule(
    "group-rolled",
    Severity.KILLS_JOBS,
    "Set the update policy to OPPORTUNISTIC with the minimal action NONE.",
)


@judges(*GROUPS, attributes="update_policy.type update_policy.minimal_action all_instances_config")
def _rolled(group: Resource) -> Iterator[Finding]:
    """Updates in place that replace or restart VMs."""
    before, after = group.before.block("update_policy"), group.after.block("update_policy")
    # Google's own default is not to be relied on: without a policy, updates have rolled fleets.
    policy = after.text("type")
    gentle = after.text("most_disruptive_allowed_action") in _ACTIONS[:2]
    if not group.judged_as_it_is or policy == "OPPORTUNISTIC" or gentle:
        return
    if group.made:
        is_ = "not set" if policy is None else quoted(policy)
        what = f"new, with the update policy {is_}: each later template replaces its VMs at once"
        yield _kills(group, GROUP_ROLLED, what, 0, why="")
        return
    causes = [key for key in ("version", "all_instances_config") if group.changes(key)]
    if policy != before.text("type") or (policy is UNKNOWN and group.changes("update_policy")):
        causes.append("update_policy[0].type")
    causes += [
        f"update_policy[0].{key}"
        for key in ("minimal_action", "most_disruptive_allowed_action")
        if _harsher(before.text(key), after.text(key))
        or (after.text(key) is UNKNOWN and group.changes(f"update_policy[0].{key}"))
    ]
    if causes:
        is_ = "not set" if policy is None else quoted(policy)
        named = ", ".join(f"`{cause}`" for cause in causes)
        why = f"the update policy is {is_}, and {named} changes"
        what = "updated so that its VMs are replaced or restarted at once"
        yield _kills(group, GROUP_ROLLED, what, why=why)


def _harsher(before: str | Unknown | None, after: str | Unknown | None) -> bool:
    if before == after:
        return False
    if before in _ACTIONS and after in _ACTIONS:
        return _ACTIONS.index(str(after)) > _ACTIONS.index(str(before))
    return True


GROUP_REBALANCED = Rule(
    "group-rebalanced",
    Severity.KILLS_JOBS,
    "Set `instance_redistribution_type` to NONE.",
)


@judges(GROUP, attributes="update_policy.instance_redistribution_type")
def _rebalanced(group: Resource) -> Iterator[Finding]:
    """What Google does where nothing is said is PROACTIVE; a group of one zone has it not."""
    before, after = (
        values.block("update_policy").text("instance_redistribution_type") or "PROACTIVE"
        for values in (group.before, group.after)
    )
    moved = before != after or (after is UNKNOWN and group.changes("update_policy"))
    if group.made and after != "NONE":
        what = "new, and Google deletes VMs in it to spread them evenly over the zones"
        yield _kills(group, GROUP_REBALANCED, what, 0, why="")
    elif group.updated and after != "NONE" and moved:
        what = "updated so that Google deletes VMs to spread them evenly over the zones"
        yield _kills(group, GROUP_REBALANCED, what, why="")


GROUP_HEALED = Rule(
    "group-healed",
    Severity.KILLS_JOBS,
    "Leave health checks out: a job that keeps its machine busy would fail them.",
)


@judges(*GROUPS, attributes="auto_healing_policies")
def _healed(group: Resource) -> Iterator[Finding]:
    policies = [values.block("auto_healing_policies") for values in (group.before, group.after)]
    changed = group.judged_as_it_is and group.changes("auto_healing_policies")
    if not changed or not policies[1].exists:
        return
    checks = [policy.text("health_check") for policy in policies]
    delays = [policy.number("initial_delay_sec") for policy in policies]
    if UNKNOWN in checks or checks[0] != checks[1] or may_be_less(delays[1], delays[0]):
        what = "given a health check, and a VM that fails it is made anew"
        yield _kills(group, GROUP_HEALED, what, 0 if group.made else _SIZE_NOW, why="")


GROUP_REPAIRS = Rule(
    "group-repairs",
    Severity.COSTS,
    "Set `default_action_on_failure` to DO_NOTHING: a VM that deleted itself would come back "
    "and run without a job.",
    blocks=False,
)


@judges(*GROUPS, attributes="instance_lifecycle_policy.default_action_on_failure")
def _repairs(group: Resource) -> Iterator[Finding]:
    before, after = (
        values.block("instance_lifecycle_policy").text("default_action_on_failure")
        for values in (group.before, group.after)
    )
    changed = group.made or after != before
    if group.judged_as_it_is and changed and after != "DO_NOTHING":
        what = "set to make anew a VM that has gone"
        yield group.found(GROUP_REPAIRS, what, gpus=None)


GROUP_STATE_CHANGED = Rule(
    "group-state-changed",
    Severity.LOSES_DATA,
    "Leave stateful disks and addresses as they are, or empty the group first.",
)


@judges(*GROUPS, attributes=_STATEFUL)
def _state_changed(group: Resource) -> Iterator[Finding]:
    if group.judged_as_it_is and group.changes(*_STATEFUL.split()):
        what = "changed in which disks and addresses of its VMs outlive them"
        yield group.found(GROUP_STATE_CHANGED, what)


def _price(group: Resource) -> str:
    """What a VM of a group costs, as far as the catalogue knows."""
    region = group.after.text("region")
    if not isinstance(region, str):
        return NO_PRICE
    return priced(group.plan.template(group), last(region))


def _kills(
    group: Resource, rule: Rule, what: str, vms: int | None = _SIZE_NOW, *, why: str | None = None
) -> Finding:
    """A finding with how many VMs, and GPUs, it costs; all that the group has, if not told."""
    if vms == _SIZE_NOW:
        vms = count(group.before.number("target_size"))
    per_vm = group.plan.gpus(group)
    gpus = 0 if vms == 0 else None if vms is None or per_vm is None else vms * per_vm
    why = group.why() if why is None else why
    return group.found(rule, what, vms=vms, gpus=gpus, why=why)
