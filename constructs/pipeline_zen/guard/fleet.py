"""What becomes of running jobs: groups, templates and what scales them."""

from collections.abc import Iterator

from pipeline_zen import catalog
from pipeline_zen.guard.findings import Finding
from pipeline_zen.guard.world import UNKNOWN, Case, cloud_name, first, gpus_of, last
from pipeline_zen.plan import Action

_NO_PRICE = "an unknown amount"


def group(case: Case) -> Iterator[Finding]:
    """A managed instance group."""
    size, action = _number(case.before.get("target_size")), case.change.action
    if action is Action.DELETE:
        yield _kills(case, "group-deleted", "deleted, with every VM that is in it", size)
    elif action.replaces:
        what = "replaced, which deletes every VM that is in it"
        yield _kills(case, "group-replaced", what, size)
    elif action is Action.CREATE:
        gpus = case.world.gpus(case)
        has = f"{gpus} GPUs" if gpus is not None else "an unknown number of GPUs"
        has = "1 GPU" if gpus == 1 else has
        what = f"new: each VM in it has {has}, and costs {_price(case)}"
        yield case.finding("gpus-added", what, gpus=gpus)
    elif action is Action.UPDATE:
        yield from _resized(case, size)
        yield from _disturbed(case, size)


def _resized(case: Case, size: int | None) -> Iterator[Finding]:
    new = case.new("target_size")
    if new is UNKNOWN or new is None or new == size:
        return
    if size is None or new < size:
        lost = None if size is None else size - new
        yield _kills(case, "group-shrunk", f"shrunk from {_said(size)} to {new} VMs", lost)
    else:
        gpus = case.world.gpus(case)
        more = None if gpus is None else gpus * (new - size)
        what = f"raised from {size} to {new} VMs; each costs {_price(case)}"
        yield case.finding("size-raised", what, gpus=more)


def _price(case: Case) -> str:
    """What a VM of a group costs, as far as the catalogue knows."""
    template = case.world.template(case)
    accelerator = first(template.get("guest_accelerator"))
    count, region = accelerator.get("count"), case.after.get("region")
    if not isinstance(count, int) or not isinstance(region, str):
        return _NO_PRICE
    known = catalog.price(
        str(template.get("machine_type")), str(accelerator.get("type")), count, last(region)
    )
    spot = first(template.get("scheduling")).get("provisioning_model") == "SPOT"
    dollars, how = (known.spot, "as spot") if spot else (known.on_demand, "on demand")
    if dollars is None:
        return _NO_PRICE
    return f"${dollars:.2f} an hour {how}, by Google's list of {known.as_of}"


def _disturbed(case: Case, size: int | None) -> Iterator[Finding]:
    """Updates in place that touch VMs."""
    policy = case.new("update_policy")
    before, after = first(case.before.get("update_policy")), first(policy)
    # Google's own default is not to be relied on: without a policy, updates have rolled fleets.
    rolls = policy is UNKNOWN or after.get("type", "PROACTIVE") != "OPPORTUNISTIC"
    causes = [key for key in ("version", "all_instances_config") if case.changes(key)]
    if before.get("type") == "OPPORTUNISTIC" and rolls:
        causes.append("update_policy[0].type")
    if rolls and causes:
        is_ = "not known" if policy is UNKNOWN else after.get("type", "not set")
        why = f"the update policy is {is_}, and {', '.join(f'`{one}`' for one in causes)} changes"
        what = "updated so that its VMs are replaced or restarted at once"
        yield _kills(case, "group-rolled", what, size, why=why)

    spreads = after.get("instance_redistribution_type")
    if spreads == "PROACTIVE" != before.get("instance_redistribution_type"):
        what = "updated so that Google deletes VMs to spread them evenly over the zones"
        yield _kills(case, "group-rebalanced", what, size, why="")

    healing = case.new("auto_healing_policies")
    if case.changes("auto_healing_policies") and (healing is UNKNOWN or healing):
        what = "given a health check, and a VM that fails it is made anew"
        yield _kills(case, "group-healed", what, size, why="")

    failure = first(case.new("instance_lifecycle_policy")).get("default_action_on_failure")
    earlier = first(case.before.get("instance_lifecycle_policy"))
    if failure == "REPAIR" != earlier.get("default_action_on_failure"):
        yield case.finding("group-repairs", "set to make anew a VM that has gone", gpus=None)


def template(case: Case) -> Iterator[Finding]:
    """An instance template."""
    action = case.change.action
    if action is Action.REPLACE:
        what = "deleted before its successor is made, which Google refuses while a group names it"
        yield case.finding("template-deleted-first", what)
    elif action is Action.DELETE and not case.change.deposed:
        if cloud_name(case.before).rpartition("/")[2] in case.world.templates_in_use:
            what = "deleted, though a group goes on to name it: no VM would start there"
            yield case.finding("template-in-use", what)
    elif action is Action.REPLACE_AFTER:
        old, new = gpus_of(case.before), gpus_of(case.after)
        if new > old:
            what = f"changed: each VM made from it has {new} GPUs instead of {old}"
            yield case.finding("gpus-added", what, gpus=new - old, why="")


def autoscaler(case: Case) -> Iterator[Finding]:
    """An autoscaler."""
    if case.change.action.destroys:
        yield case.finding("autoscaler-lowered", "deleted: nothing sets the size any more")
        return
    before = _number(first(case.before.get("autoscaling_policy")).get("max_replicas"))
    after = _number(first(case.new("autoscaling_policy")).get("max_replicas"))
    if before is not None and after is not None and after < before:
        what = f"limited to {after} VMs instead of {before}"
        yield case.finding("autoscaler-lowered", what, vms=before - after, gpus=None)
    elif before is not None and after is not None and after > before:
        what = f"allowed {after} VMs instead of {before}"
        yield case.finding("gpus-added", what, gpus=None)


def resize_request(case: Case) -> Iterator[Finding]:
    """A request for many VMs at once."""
    if case.change.action.destroys:
        vms = _number(case.before.get("resize_by"))
        what = "deleted: what has not come of it never will"
        yield case.finding("resize-request-deleted", what, vms=vms, gpus=None)


def _kills(case: Case, rule: str, what: str, vms: int | None, *, why: str | None = None) -> Finding:
    per_vm = case.world.gpus(case)
    gpus = 0 if vms == 0 else None if vms is None or per_vm is None else vms * per_vm
    return case.finding(rule, what, vms=vms, gpus=gpus, why=case.why() if why is None else why)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _said(number: int | None) -> str:
    return "an unknown number" if number is None else str(number)
