"""What becomes of VMs that are yet to start: instance templates."""

from collections.abc import Iterator

from pipeline_zen import catalog
from pipeline_zen.guard.amounts import many, may_be_less, period, said
from pipeline_zen.guard.findings import Finding
from pipeline_zen.guard.world import Case, cloud_name, gpus_of, quoted
from pipeline_zen.plan import UNKNOWN, Action, Values

NO_PRICE = "an unknown amount"

_KEPT_UNTIL_DONE = ("STANDARD", "RESERVATION_BOUND")
"""The provisioning models of VMs that Google does not take back."""


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
    if (
        hours[1] is not None
        and hours[0] != hours[1]
        and (hours[0] is None or may_be_less(*hours[::-1]))
    ):
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
        what = f"changed: each VM made from it has {many(new, 'GPU')} instead of {said(old)}"
        rule = "vms-cost-otherwise" if old is not None and new is not None and new < old else (
            "gpus-added"
        )  # fmt: skip
        yield case.finding(rule, what, gpus=None, why="")
    if case.changes("machine_type", "guest_accelerator", "scheduling"):
        for region in case.world.regions.get(name, [])[:1]:
            before, after = (priced(one, region) for one in (case.before, case.after))
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
    if disks[0] != disks[1] and not may_be_less(disks[1], disks[0]):
        what = f"changed: each VM has a boot disk of {said(disks[1])} GB instead of "
        what += f"{said(disks[0])} GB" if disks[0] else "one as large as its image"
        yield case.finding("vms-cost-otherwise", what, gpus=0, why="")


def priced(template: Values, region: str) -> str:
    """What a VM made from it costs in a region, as far as the catalogue knows."""
    accelerator = template.block("guest_accelerator")
    number = accelerator.number("count")
    if not isinstance(number, int | float):
        return NO_PRICE
    known = catalog.price(
        str(template.get("machine_type")), str(accelerator.get("type")), int(number), region
    )
    spot = template.block("scheduling").text("provisioning_model") == "SPOT"
    dollars, how = (known.spot, "as spot") if spot else (known.on_demand, "on demand")
    if dollars is None:
        return NO_PRICE
    return f"${dollars:.2f} an hour {how}, by Google's list of {known.as_of}"
