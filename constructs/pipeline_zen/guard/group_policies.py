"""What the policies of a group do to the VMs in it: updates, spreading, healing, repairs, state."""

from collections.abc import Iterator

from pipeline_zen.guard.amounts import may_be_less
from pipeline_zen.guard.checks import judges
from pipeline_zen.guard.groups import ACTIONS, SIZE_NOW, kills
from pipeline_zen.guard.resource import Resource, quoted
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.kinds import GROUP, GROUPS
from pipeline_zen.plan import UNKNOWN, Unknown, Values

_STATEFUL = "stateful_disk stateful_external_ip stateful_internal_ip"

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
    gentle = after.text("most_disruptive_allowed_action") in ACTIONS[:2]
    if not group.judged_as_it_is or policy == "OPPORTUNISTIC" or gentle:
        return
    if group.made:
        is_ = "not set" if policy is None else quoted(policy)
        what = f"new, with the update policy {is_}: each later template replaces its VMs at once"
        yield kills(group, GROUP_ROLLED, what, 0, why="")
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
        yield kills(group, GROUP_ROLLED, what, why=why)


def _harsher(before: str | Unknown | None, after: str | Unknown | None) -> bool:
    if before in ACTIONS and after in ACTIONS:
        return ACTIONS.index(str(after)) > ACTIONS.index(str(before))
    return before != after


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
        yield kills(group, GROUP_REBALANCED, what, 0, why="")
    elif group.updated and after != "NONE" and moved:
        what = "updated so that Google deletes VMs to spread them evenly over the zones"
        yield kills(group, GROUP_REBALANCED, what, why="")


GROUP_HEALED = Rule(
    "group-healed",
    Severity.KILLS_JOBS,
    "Leave health checks out: a job that keeps its machine busy would fail them.",
)


@judges(
    *GROUPS, attributes="auto_healing_policies instance_lifecycle_policy.on_failed_health_check"
)
def _healed(group: Resource) -> Iterator[Finding]:
    if _is_checked_otherwise(group):
        what = "given a health check, and a VM that fails it is made anew"
        yield kills(group, GROUP_HEALED, what, 0 if group.made else SIZE_NOW, why="")
    elif group.updated and group.changes("instance_lifecycle_policy"):
        old, new = map(_when_unhealthy, (group.before, group.after))
        if new != "DO_NOTHING" and (new != old or new is UNKNOWN):
            what = "set to make anew a VM that fails its health check"
            yield kills(group, GROUP_HEALED, what, why="")


def _is_checked_otherwise(group: Resource) -> bool:
    """Whether it has another health check, or an earlier one."""
    policies = [values.block("auto_healing_policies") for values in (group.before, group.after)]
    if not group.changes("auto_healing_policies") or not policies[1].exists:
        return False
    checks = [policy.text("health_check") for policy in policies]
    delays = [policy.number("initial_delay_sec") for policy in policies]
    return UNKNOWN in checks or checks[0] != checks[1] or may_be_less(delays[1], delays[0])


def _when_unhealthy(group: Values) -> str | Unknown:
    """What is done to a VM that fails a health check, which without one is nothing."""
    policy = group.block("instance_lifecycle_policy")
    action = policy.text("on_failed_health_check") or "DEFAULT_ACTION"
    if not group.block("auto_healing_policies").exists:
        return "DO_NOTHING"
    # Where nothing is said, Google repairs.
    default = policy.text("default_action_on_failure") or "REPAIR"
    return default if action == "DEFAULT_ACTION" else action


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
    if group.changes(*_STATEFUL.split()):
        what = "changed in which disks and addresses of its VMs outlive them"
        yield group.found(GROUP_STATE_CHANGED, what)
