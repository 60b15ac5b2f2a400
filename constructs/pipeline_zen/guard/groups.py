"""What becomes of running jobs: the groups that their VMs start in."""

from collections.abc import Iterator

from pipeline_zen.guard.amounts import count, difference, many, may_be_less, said
from pipeline_zen.guard.checks import harmless, judges
from pipeline_zen.guard.general import UNJUDGED
from pipeline_zen.guard.resource import Resource, last, quoted
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.guard.templates import GPUS_ADDED, NO_PRICE, priced
from pipeline_zen.kinds import GROUP, GROUPS
from pipeline_zen.plan import UNKNOWN, Action, Unknown

_ACTIONS = ("NONE", "REFRESH", "RESTART", "REPLACE")
"""What an update may do to a VM, the gentlest first."""

_SIZES = "target_size target_suspended_size target_stopped_size"
_STATEFUL = "stateful_disk stateful_external_ip stateful_internal_ip"

harmless(
    *GROUPS,
    attributes="distribution_policy_target_shape list_managed_instances_results named_port "
    "wait_for_instances wait_for_instances_status",
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


SIZE_RAISED = Rule(
    "size-raised",
    Severity.COSTS,
    "Take the size out of the configuration: the scheduler sets it.",
    blocks=False,
)


@judges(*GROUPS)
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


@judges(*GROUPS, attributes="update_policy version")
def _rolled(group: Resource) -> Iterator[Finding]:
    """Updates in place that replace or restart VMs."""
    before, after = group.before.block("update_policy"), group.after.block("update_policy")
    # Google's own default is not to be relied on: without a policy, updates have rolled fleets.
    policy = after.text("type")
    gentle = after.text("most_disruptive_allowed_action") in _ACTIONS[:2]
    if not group.updated or policy == "OPPORTUNISTIC" or gentle:
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


@judges(GROUP)
def _rebalanced(group: Resource) -> Iterator[Finding]:
    """What Google does where nothing is said is PROACTIVE; a group of one zone has it not."""
    before, after = (
        values.block("update_policy").text("instance_redistribution_type") or "PROACTIVE"
        for values in (group.before, group.after)
    )
    moved = before != after or (after is UNKNOWN and group.changes("update_policy"))
    if group.updated and after != "NONE" and moved:
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
    changed = group.updated and group.changes("auto_healing_policies")
    if not changed or not policies[1].exists:
        return
    checks = [policy.text("health_check") for policy in policies]
    delays = [policy.number("initial_delay_sec") for policy in policies]
    if UNKNOWN in checks or checks[0] != checks[1] or may_be_less(delays[1], delays[0]):
        what = "given a health check, and a VM that fails it is made anew"
        yield _kills(group, GROUP_HEALED, what, why="")


GROUP_REPAIRS = Rule(
    "group-repairs",
    Severity.COSTS,
    "Set `default_action_on_failure` to DO_NOTHING: a VM that deleted itself would come back "
    "and run without a job.",
    blocks=False,
)


@judges(*GROUPS, attributes="instance_lifecycle_policy")
def _repairs(group: Resource) -> Iterator[Finding]:
    before, after = (
        values.block("instance_lifecycle_policy").text("default_action_on_failure")
        for values in (group.before, group.after)
    )
    if group.updated and after not in (before, "DO_NOTHING"):
        yield group.found(GROUP_REPAIRS, "set to make anew a VM that has gone", gpus=None)


@judges(*GROUPS)
def _without_template(group: Resource) -> Iterator[Finding]:
    if group.updated and group.changes("version") and group.after.blocks("version") == []:
        yield group.found(UNJUDGED, "left without a template: no VM would start")


GROUP_STATE_CHANGED = Rule(
    "group-state-changed",
    Severity.LOSES_DATA,
    "Leave stateful disks and addresses as they are, or empty the group first.",
)


@judges(*GROUPS, attributes=_STATEFUL)
def _state_changed(group: Resource) -> Iterator[Finding]:
    if group.updated and group.changes(*_STATEFUL.split()):
        what = "changed in which disks and addresses of its VMs outlive them"
        yield group.found(GROUP_STATE_CHANGED, what)


def _price(group: Resource) -> str:
    """What a VM of a group costs, as far as the catalogue knows."""
    region = group.after.text("region")
    if not isinstance(region, str):
        return NO_PRICE
    return priced(group.plan.template(group), last(region))


_SIZE_NOW = -1


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
