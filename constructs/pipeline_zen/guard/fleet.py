"""What becomes of running jobs: groups, what scales them, and single VMs."""

from collections.abc import Iterator

from pipeline_zen.guard.amounts import count, difference, many, may_be_less, said
from pipeline_zen.guard.findings import Finding
from pipeline_zen.guard.templates import NO_PRICE, priced
from pipeline_zen.guard.world import Case, World, gpus_of, last, quoted
from pipeline_zen.plan import UNKNOWN, Action, Unknown

_REGIONAL = "google_compute_region_instance_group_manager"

_SIZES = ("target_size", "target_suspended_size", "target_stopped_size")

_ACTIONS = ("NONE", "REFRESH", "RESTART", "REPLACE")
"""What an update may do to a VM, the gentlest first."""

_STATEFUL = ("stateful_disk", "stateful_external_ip", "stateful_internal_ip")

_OTHER_STOPS = ("machine_type", "min_cpu_platform", "guest_accelerator", "scheduling")
"""What of a VM is changed by stopping it."""


def group(case: Case) -> Iterator[Finding]:
    """A managed instance group."""
    size, action = case.before.number("target_size"), case.change.action
    if action is Action.DELETE:
        what = "deleted, with every VM that is in it"
        yield _kills(case, "group-deleted", what, count(size))
    elif action.replaces:
        what = "replaced, which deletes every VM that is in it"
        yield _kills(case, "group-replaced", what, count(size))
    elif action is Action.CREATE:
        yield _new(case)
    elif action is Action.UPDATE:
        yield from _resized(case)
        yield from _rolled(case, count(size))
        yield from _rebalanced(case, count(size))
        yield from _healed(case, count(size))
        yield from _kept(case)


def _new(case: Case) -> Finding:
    gpus = case.world.gpus(case)
    each = f"each VM in it has {many(gpus, 'GPU')}, and costs {_price(case)}"
    most = case.world.limits.get(case.change.name)
    size = count(case.after.number("target_size"))
    if size:
        more = None if gpus is None else gpus * size
        return case.finding(
            "size-raised", f"new, with {many(size, 'VM')} at once; {each}", gpus=more
        )
    if most is None:
        return case.finding("gpus-added", f"new: {each}", gpus=None)
    what = f"new: the scheduler raises it to {many(most, 'VM')} at most; {each}"
    return case.finding("gpus-added", what, gpus=None if gpus is None else gpus * most)


def _resized(case: Case) -> Iterator[Finding]:
    for key in filter(case.changes, _SIZES):
        old, new = case.before.number(key), case.after.number(key)
        if new is None or (old == new and new is not UNKNOWN):
            continue
        more = difference(old, new)
        if old == 0 or (more or 0) > 0:
            gpus = case.world.gpus(case)
            what = f"raised from {said(old)} to {many(new, 'VM')}; each costs {_price(case)}"
            total = None if gpus is None or more is None else gpus * more
            yield case.finding("size-raised", what, gpus=total)
        else:
            what = f"shrunk from {said(old)} to {many(new, 'VM')}"
            yield _kills(case, "group-shrunk", what, None if more is None else -more)


def _rolled(case: Case, size: int | None) -> Iterator[Finding]:
    """Updates in place that replace or restart VMs."""
    before, after = case.before.block("update_policy"), case.after.block("update_policy")
    # Google's own default is not to be relied on: without a policy, updates have rolled fleets.
    policy = after.text("type")
    gentle = after.text("most_disruptive_allowed_action") in _ACTIONS[:2]
    if policy == "OPPORTUNISTIC" or gentle:
        return
    causes = [key for key in ("version", "all_instances_config") if case.changes(key)]
    if policy != before.text("type") or (policy is UNKNOWN and case.changes("update_policy")):
        causes.append("update_policy[0].type")
    causes += [
        f"update_policy[0].{key}"
        for key in ("minimal_action", "most_disruptive_allowed_action")
        if _harsher(before.text(key), after.text(key))
        or (after.text(key) is UNKNOWN and case.changes(f"update_policy[0].{key}"))
    ]
    if causes:
        is_ = "not set" if policy is None else quoted(policy)
        why = f"the update policy is {is_}, and {', '.join(f'`{one}`' for one in causes)} changes"
        what = "updated so that its VMs are replaced or restarted at once"
        yield _kills(case, "group-rolled", what, size, why=why)


def _harsher(before: str | Unknown | None, after: str | Unknown | None) -> bool:
    if before == after:
        return False
    if before in _ACTIONS and after in _ACTIONS:
        return _ACTIONS.index(str(after)) > _ACTIONS.index(str(before))
    return True


def _rebalanced(case: Case, size: int | None) -> Iterator[Finding]:
    """What Google does where nothing is said is PROACTIVE."""
    before, after = (
        values.block("update_policy").text("instance_redistribution_type") or "PROACTIVE"
        for values in (case.before, case.after)
    )
    moved = before != after or (after is UNKNOWN and case.changes("update_policy"))
    if case.change.type == _REGIONAL and after != "NONE" and moved:
        what = "updated so that Google deletes VMs to spread them evenly over the zones"
        yield _kills(case, "group-rebalanced", what, size, why="")


def _healed(case: Case, size: int | None) -> Iterator[Finding]:
    before, after = (values.block("auto_healing_policies") for values in (case.before, case.after))
    if not case.changes("auto_healing_policies") or not after.exists:
        return
    checks = [values.text("health_check") for values in (before, after)]
    delays = [values.number("initial_delay_sec") for values in (before, after)]
    if UNKNOWN in checks or checks[0] != checks[1] or may_be_less(delays[1], delays[0]):
        what = "given a health check, and a VM that fails it is made anew"
        yield _kills(case, "group-healed", what, size, why="")


def _kept(case: Case) -> Iterator[Finding]:
    before, after = (
        values.block("instance_lifecycle_policy").text("default_action_on_failure")
        for values in (case.before, case.after)
    )
    if after not in (before, "DO_NOTHING"):
        yield case.finding("group-repairs", "set to make anew a VM that has gone", gpus=None)
    if case.changes("version") and case.after.blocks("version") == []:
        yield case.finding("unjudged", "left without a template: no VM would start")
    if case.changes(*_STATEFUL):
        what = "changed in which disks and addresses of its VMs outlive them"
        yield case.finding("group-state-changed", what)


def _price(case: Case) -> str:
    """What a VM of a group costs, as far as the catalogue knows."""
    region = case.after.text("region")
    if not isinstance(region, str):
        return NO_PRICE
    return priced(case.world.template(case), last(region))


def autoscaler(case: Case) -> Iterator[Finding]:
    """An autoscaler."""
    action = case.change.action
    if action.destroys:
        yield case.finding("autoscaler-lowered", "deleted: nothing sets the size any more")
        return
    if action is Action.CREATE:
        target = case.after.text("target")
        # Without a name yet, the group is made by the same plan.
        if target is not UNKNOWN and not _is_new(case.world, str(target)):
            what = "new: it sets the size of a group, and deletes VMs that it finds idle"
            yield case.finding("autoscaler-changed", what, vms=None, gpus=None)
        return
    policies = [values.block("autoscaling_policy") for values in (case.before, case.after)]
    for key, limit in (("max_replicas", "at most"), ("min_replicas", "at least")):
        old, new = (policy.number(key) for policy in policies)
        if old == new and new is not UNKNOWN:
            continue
        what = f"set to {limit} {many(new, 'VM')} instead of {said(old)}"
        if may_be_less(new, old):
            lost = difference(new, old)
            yield case.finding("autoscaler-lowered", what, vms=lost, gpus=None)
        elif key == "max_replicas":
            yield case.finding("gpus-added", what, gpus=None)
    others = sorted(
        one.path
        for one in case.change.attributes
        if one.path.startswith(("autoscaling_policy", "target"))
        and not one.path.endswith((".max_replicas", ".min_replicas", ".cooldown_period"))
    )
    if others:
        what = f"changed in when it deletes VMs: {', '.join(f'`{path}`' for path in others)}"
        yield case.finding("autoscaler-changed", what, vms=None, gpus=None)


def resize_request(case: Case) -> Iterator[Finding]:
    """A request for many VMs at once."""
    if case.change.action.destroys:
        vms = count(case.before.number("resize_by"))
        what = "deleted: what has not come of it never will"
        yield case.finding("resize-request-deleted", what, vms=vms, gpus=None)


def instance(case: Case) -> Iterator[Finding]:
    """A VM that is in no group."""
    action = case.change.action
    if action.destroys:
        yield case.finding("vm-deleted", "deleted, with what runs on it", vms=1,
                           gpus=gpus_of(case.before))  # fmt: skip
    elif action is Action.CREATE:
        yield case.finding("gpus-added", "new: a VM that is paid for until it is deleted",
                           gpus=gpus_of(case.after))  # fmt: skip
    elif action is Action.UPDATE and (
        case.changes(*_OTHER_STOPS)
        or (case.changes("desired_status") and case.after.text("desired_status") != "RUNNING")
    ):
        what = "stopped, with what runs on it"
        yield case.finding("vm-deleted", what, vms=1, gpus=gpus_of(case.before))


def paid_ahead(case: Case) -> Iterator[Finding]:
    """A commitment or a reservation, which costs whether it is used or not."""
    action = case.change.action
    if action.destroys:
        yield case.finding("deleted", "deleted: VMs that rely on it may not start, or cost more")
    if action is Action.CREATE or action.replaces:
        yield case.finding("paid-ahead", "new: it is paid for, used or not", gpus=None)


def quota(case: Case) -> Iterator[Finding]:
    """A quota preference. Deleting one asks nothing of Google."""
    if case.change.action not in (Action.CREATE, Action.UPDATE):
        return
    old, new = (
        values.block("quota_config").number("preferred_value")
        for values in (case.before, case.after)
    )
    if old != new:
        instead = "" if old is None else f" instead of {said(old)}"
        yield case.finding("quota-asked", f"asks for {said(new)}{instead}", gpus=None, why="")


def _is_new(world: World, link: str) -> bool:
    return any(
        (kind, last(link)) in world.created
        for kind in (_REGIONAL, "google_compute_instance_group_manager")
    )


def _kills(case: Case, rule: str, what: str, vms: int | None, *, why: str | None = None) -> Finding:
    per_vm = case.world.gpus(case)
    gpus = 0 if vms == 0 else None if vms is None or per_vm is None else vms * per_vm
    return case.finding(rule, what, vms=vms, gpus=gpus, why=case.why() if why is None else why)
