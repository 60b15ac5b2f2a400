"""What becomes of running jobs: groups, templates, what scales them, and single VMs."""

from collections.abc import Iterator

from pipeline_zen import catalog
from pipeline_zen.guard.findings import Finding
from pipeline_zen.guard.world import (
    Case,
    World,
    cloud_name,
    count,
    gpus_of,
    last,
    period,
    quoted,
)
from pipeline_zen.plan import UNKNOWN, Action, Unknown, Values

_NO_PRICE = "an unknown amount"

_REGIONAL = "google_compute_region_instance_group_manager"

_SIZES = ("target_size", "target_suspended_size", "target_stopped_size")

_ACTIONS = ("NONE", "REFRESH", "RESTART", "REPLACE")
"""What an update may do to a VM, the gentlest first."""

_KEPT_UNTIL_DONE = ("STANDARD", "RESERVATION_BOUND")
"""The provisioning models of VMs that Google does not take back."""

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
    each = f"each VM in it has {_of(gpus, 'GPU')}, and costs {_price(case)}"
    most = case.world.limits.get(case.change.name)
    size = count(case.after.number("target_size"))
    if size:
        more = None if gpus is None else gpus * size
        return case.finding(
            "size-raised", f"new, with {_of(size, 'VM')} at once; {each}", gpus=more
        )
    if most is None:
        return case.finding("gpus-added", f"new: {each}", gpus=None)
    what = f"new: the scheduler raises it to {_of(most, 'VM')} at most; {each}"
    return case.finding("gpus-added", what, gpus=None if gpus is None else gpus * most)


def _resized(case: Case) -> Iterator[Finding]:
    for key in filter(case.changes, _SIZES):
        old, new = case.before.number(key), case.after.number(key)
        if new is None or (old == new and new is not UNKNOWN):
            continue
        more = _difference(old, new)
        if old == 0 or (more or 0) > 0:
            gpus = case.world.gpus(case)
            what = f"raised from {_said(old)} to {_of(new, 'VM')}; each costs {_price(case)}"
            total = None if gpus is None or more is None else gpus * more
            yield case.finding("size-raised", what, gpus=total)
        else:
            what = f"shrunk from {_said(old)} to {_of(new, 'VM')}"
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
    if UNKNOWN in checks or checks[0] != checks[1] or _less(delays[1], delays[0]):
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
        return _NO_PRICE
    return _priced(case.world.template(case), last(region))


def _priced(template: Values, region: str) -> str:
    accelerator = template.block("guest_accelerator")
    number = accelerator.number("count")
    if not isinstance(number, int | float):
        return _NO_PRICE
    known = catalog.price(
        str(template.get("machine_type")), str(accelerator.get("type")), int(number), region
    )
    spot = template.block("scheduling").text("provisioning_model") == "SPOT"
    dollars, how = (known.spot, "as spot") if spot else (known.on_demand, "on demand")
    if dollars is None:
        return _NO_PRICE
    return f"${dollars:.2f} an hour {how}, by Google's list of {known.as_of}"


def template(case: Case) -> Iterator[Finding]:
    """An instance template."""
    action = case.change.action
    name = cloud_name(case.before).rpartition("/")[2]
    if action is Action.REPLACE:
        what = "deleted before its successor is made, which Google refuses while a group names it"
        yield case.finding("template-deleted-first", what)
    elif action is Action.DELETE:
        if name in case.world.templates_in_use:
            what = "deleted, though a group goes on to name it: no VM would start there"
            yield case.finding("template-in-use", what)
    elif action is Action.REPLACE_AFTER:
        if name and name == cloud_name(case.after).rpartition("/")[2]:
            what = "to be made again under the name that the old one still has"
            yield case.finding("template-name-kept", what)
        yield from _run_otherwise(case)
        yield from _costlier(case, name)


def _run_otherwise(case: Case) -> Iterator[Finding]:
    """A successor whose VMs run as somebody else, or end before their jobs do."""
    accounts = [one.block("service_account").text("email") for one in (case.before, case.after)]
    if accounts[0] != accounts[1] or (accounts[1] is UNKNOWN and case.changes("service_account")):
        who = "nobody" if accounts[1] is None else quoted(accounts[1])
        what = f"changed: VMs that start from now on run as {who}"
        yield case.finding("vms-other-account", what, why="", of=("service_account",))
    plans = [one.block("scheduling") for one in (case.before, case.after)]
    hours = [one.block("max_run_duration").seconds("seconds") for one in plans]
    if hours[1] is not None and hours[0] != hours[1] and (hours[0] is None or _less(*hours[::-1])):
        what = f"changed: Google deletes VMs that start from now on after {period(hours[1])}, with "
        yield case.finding("vms-end-early", f"{what}the job that runs then", why="")
    models = [one.text("provisioning_model") for one in plans]
    # Where nothing is said, Google decides for STANDARD, which is known only after the apply.
    taken_back = isinstance(models[1], str) and models[1] not in _KEPT_UNTIL_DONE
    if taken_back and models[0] != models[1]:
        what = "changed: Google takes VMs that start from now on back when it wants to, and their "
        yield case.finding("vms-end-early", f"{what}jobs are lost", why="")


def _costlier(case: Case, name: str) -> Iterator[Finding]:
    """A successor whose VMs have more, or cost more."""
    old, new = gpus_of(case.before), gpus_of(case.after)
    if old is None or new is None or new != old:
        what = f"changed: each VM made from it has {_of(new, 'GPU')} instead of {_said(old)}"
        rule = "vms-cost-otherwise" if old is not None and new is not None and new < old else (
            "gpus-added"
        )  # fmt: skip
        yield case.finding(rule, what, gpus=None, why="")
    if case.changes("machine_type", "guest_accelerator", "scheduling"):
        for region in case.world.regions.get(name, [])[:1]:
            before, after = (_priced(one, region) for one in (case.before, case.after))
            if before != after:
                what = f"changed: in {region} each VM costs {after}; so far {before}"
                yield case.finding("vms-cost-otherwise", what, gpus=0, why="")
    types = [one.block("disk").text("disk_type") for one in (case.before, case.after)]
    # Where nothing is said, Google decides as it did before.
    if types[0] != types[1] is not UNKNOWN:
        what = f"changed: each VM has a boot disk of the kind {quoted(types[1])} instead of "
        what += f"{quoted(types[0])}, whose prices are not known here"
        yield case.finding("vms-cost-otherwise", what, gpus=0, why="", of=("disk",))
    disks = [one.block("disk").number("disk_size_gb") for one in (case.before, case.after)]
    if disks[0] != disks[1] and not _less(disks[1], disks[0]):
        what = f"changed: each VM has a boot disk of {_said(disks[1])} GB instead of "
        what += f"{_said(disks[0])} GB" if disks[0] else "one as large as its image"
        yield case.finding("vms-cost-otherwise", what, gpus=0, why="")


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
        what = f"set to {limit} {_of(new, 'VM')} instead of {_said(old)}"
        if _less(new, old):
            lost = _difference(new, old)
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
        instead = "" if old is None else f" instead of {_said(old)}"
        yield case.finding("quota-asked", f"asks for {_said(new)}{instead}", gpus=None, why="")


def _is_new(world: World, link: str) -> bool:
    return any(
        (kind, last(link)) in world.created
        for kind in (_REGIONAL, "google_compute_instance_group_manager")
    )


def _less(new: float | Unknown | None, old: float | Unknown | None) -> bool:
    """Whether it is less, or may be."""
    if isinstance(old, Unknown) or isinstance(new, Unknown):
        return True
    return (new or 0) < (old or 0)


def _kills(case: Case, rule: str, what: str, vms: int | None, *, why: str | None = None) -> Finding:
    per_vm = case.world.gpus(case)
    gpus = 0 if vms == 0 else None if vms is None or per_vm is None else vms * per_vm
    return case.finding(rule, what, vms=vms, gpus=gpus, why=case.why() if why is None else why)


def _difference(old: float | Unknown | None, new: float | Unknown | None) -> int | None:
    """How much more it is; None where that is not known."""
    both = isinstance(old, int | float) and isinstance(new, int | float)
    return int(new - old) if both else None  # type: ignore[operator]


def _said(number: float | Unknown | None) -> str:
    return f"{number:g}" if isinstance(number, int | float) else "an unknown number"


def _of(number: float | Unknown | None, noun: str) -> str:
    if isinstance(number, int | float):
        return f"{number:g} {noun}{'' if number == 1 else 's'}"
    return f"an unknown number of {noun}s"
