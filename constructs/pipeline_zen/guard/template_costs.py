"""What VMs that are yet to start cost: their GPUs, machines and disks."""

from collections.abc import Iterator
from typing import NamedTuple

from pipeline_zen import catalog
from pipeline_zen.fleet import ENDING_MODELS
from pipeline_zen.guard.amounts import many, may_be_less, said
from pipeline_zen.guard.checks import judges
from pipeline_zen.guard.resource import Resource, gpus_of, last, quoted
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.guard.templates import sides, template_name
from pipeline_zen.kinds import TEMPLATES
from pipeline_zen.plan import UNKNOWN, Action, Unknown, Values

NO_PRICE = "an unknown amount"

GPUS_ADDED = Rule(
    "gpus-added",
    Severity.COSTS,
    "Ask for the quota, tell the scheduler, and see that the budget has room.",
    blocks=False,
)

VMS_COST_OTHERWISE = Rule(
    "vms-cost-otherwise",
    Severity.COSTS,
    "See that the budget has room.",
    blocks=False,
)


@judges(*TEMPLATES, attributes="guest_accelerator")
def _other_gpus(template: Resource) -> Iterator[Finding]:
    old, new = map(gpus_of, sides(template))
    same = (old is not None and new == old) or not template.changes("guest_accelerator")
    if template.change.action is not Action.REPLACE_AFTER or same:
        return
    what = f"changed: each VM made from it has {many(new, 'GPU')} instead of {said(old)}"
    fewer = old is not None and new is not None and new < old
    rule = VMS_COST_OTHERWISE if fewer else GPUS_ADDED
    yield template.found(rule, what, gpus=None, why="")


@judges(*TEMPLATES, attributes="machine_type guest_accelerator")
def _other_price(template: Resource) -> Iterator[Finding]:
    old, new = map(Billed.of, sides(template))
    if template.change.action is not Action.REPLACE_AFTER or old == new:
        return
    for region in template.plan.starts.regions.get(template_name(template.before), [])[:1]:
        before, after = old.in_region(region), new.in_region(region)
        if before != after:
            what = f"changed: in {region} each VM costs {after}; so far {before}"
            yield template.found(VMS_COST_OTHERWISE, what, gpus=0, why="")


@judges(*TEMPLATES, attributes="disk.disk_type")
def _other_disk(template: Resource) -> Iterator[Finding]:
    if template.change.action is not Action.REPLACE_AFTER:
        return
    old, new = (values.block("disk") for values in sides(template))
    types = [disk.text("disk_type") for disk in (old, new)]
    # Where nothing is said, Google decides as it did before.
    if types[0] != types[1] is not UNKNOWN:
        before, after = ("that Google chooses" if one is None else quoted(one) for one in types)
        what = f"changed: each VM has a boot disk of the kind {after} instead of the kind "
        what += f"{before}, whose prices are not known here"
        yield template.found(VMS_COST_OTHERWISE, what, gpus=0, why="", of=("disk",))


@judges(*TEMPLATES, attributes="disk.disk_size_gb")
def _larger_disk(template: Resource) -> Iterator[Finding]:
    if template.change.action is not Action.REPLACE_AFTER:
        return
    old, new = (values.block("disk") for values in sides(template))
    sizes = [disk.number("disk_size_gb") for disk in (old, new)]
    if sizes[0] != sizes[1] and not may_be_less(sizes[1], sizes[0]):
        what = f"changed: each VM has a boot disk of {said(sizes[1])} GB instead of "
        what += f"{said(sizes[0])} GB" if sizes[0] else "one as large as its image"
        yield template.found(VMS_COST_OTHERWISE, what, gpus=0, why="")


@judges(*TEMPLATES, attributes="scheduling.max_run_duration")
def _without_limit(template: Resource) -> Iterator[Finding]:
    old, new = (values.block("scheduling").block("max_run_duration") for values in sides(template))
    if template.change.action is Action.REPLACE_AFTER and old.exists and not new.exists:
        what = "changed: VMs that start from now on have no limit, so that one that is lost sight "
        yield template.found(VMS_COST_OTHERWISE, f"{what}of runs on", gpus=0, why="")


@judges(*TEMPLATES, attributes="scheduling.instance_termination_action")
def _left_stopped(template: Resource) -> Iterator[Finding]:
    """VMs that Google only stops as it ends them: they stay, with their disks."""
    old, new = map(_stops, sides(template))
    made = template.change.action in (Action.CREATE, Action.REPLACE_AFTER)
    if made and new and not (old and template.before.exists):
        what = "so that VMs that Google ends are stopped, not deleted: their disks stay, and cost"
        done = "new," if template.change.action is Action.CREATE else "changed"
        yield template.found(VMS_COST_OTHERWISE, f"{done} {what}", gpus=0, why="")


def _stops(template: Values) -> bool:
    """Whether Google ends its VMs at some time, and nothing says that they are deleted then."""
    scheduling = template.block("scheduling")
    ends = (
        scheduling.text("provisioning_model") in ENDING_MODELS
        or scheduling.flag("preemptible") is True
        or scheduling.block("max_run_duration").exists
    )
    return ends and scheduling.text("instance_termination_action") != "DELETE"


class Billed(NamedTuple):
    """What the price of a VM depends on, but for the region."""

    machine_type: str
    accelerator: str
    gpus: float | Unknown | None
    model: object
    """The provisioning model."""

    @classmethod
    def of(cls, template: Values) -> "Billed":
        """What it is for a VM made from a template."""
        accelerator = template.block("guest_accelerator")
        return cls(
            last(str(template.get("machine_type"))),
            last(str(accelerator.get("type"))),
            accelerator.number("count"),
            template.block("scheduling").text("provisioning_model"),
        )

    def in_region(self, region: str) -> str:
        """What one costs there, as far as the catalogue knows."""
        if not isinstance(self.gpus, int | float):
            return NO_PRICE
        known = catalog.price(self.machine_type, self.accelerator, int(self.gpus), region)
        spot = self.model == "SPOT"
        dollars, how = (known.spot, "as spot") if spot else (known.on_demand, "on demand")
        # Flex-start has a price of its own, which is on no list that is read here.
        if dollars is None or self.model == "FLEX_START":
            return NO_PRICE
        return f"${dollars:.2f} an hour {how}, by Google's list of {known.as_of}"
