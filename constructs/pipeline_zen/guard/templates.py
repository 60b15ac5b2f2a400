"""What becomes of VMs that are yet to start: instance templates."""

from collections.abc import Iterator

from pipeline_zen import catalog
from pipeline_zen.guard.amounts import many, may_be_less, period, said
from pipeline_zen.guard.checks import harmless, judges
from pipeline_zen.guard.resource import Resource, cloud_name, gpus_of, quoted
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.kinds import TEMPLATES
from pipeline_zen.plan import UNKNOWN, Action, Values

NO_PRICE = "an unknown amount"

_KEPT_UNTIL_DONE = ("STANDARD", "RESERVATION_BOUND")
"""The provisioning models of VMs that Google does not take back."""

harmless(*TEMPLATES, attributes="effective_labels labels reservation_affinity terraform_labels")

TEMPLATE_DELETED_FIRST = Rule(
    "template-deleted-first",
    Severity.STOPS_HALF_WAY,
    "Give the template `create_before_destroy` and a name that changes with its contents.",
)

TEMPLATE_IN_USE = Rule(
    "template-in-use",
    Severity.STOPS_HALF_WAY,
    "Keep the template until no group names it.",
)

TEMPLATE_NAME_KEPT = Rule(
    "template-name-kept",
    Severity.STOPS_HALF_WAY,
    "Give the template a name that changes with its contents: Google has no two.",
)


@judges(*TEMPLATES, attributes="name self_link_unique")
def _halts(template: Resource) -> Iterator[Finding]:
    """What Google refuses."""
    action, name = template.change.action, _name(template.before)
    if action is Action.REPLACE:
        what = "deleted before its successor is made, which Google refuses while a group names it"
        yield template.found(TEMPLATE_DELETED_FIRST, what)
    elif action is Action.DELETE and name in template.plan.templates_in_use:
        what = "deleted, though a group goes on to name it: no VM would start there"
        yield template.found(TEMPLATE_IN_USE, what)
    elif action is Action.REPLACE_AFTER and name and name == _name(template.after):
        what = "to be made again under the name that the old one still has"
        yield template.found(TEMPLATE_NAME_KEPT, what)


VMS_OTHER_ACCOUNT = Rule(
    "vms-other-account",
    Severity.BREAKS_IDENTITY,
    "Leave the jobs' account: jobs, and VMs that delete themselves, rely on its grants.",
)


@judges(*TEMPLATES, attributes="service_account")
def _other_account(template: Resource) -> Iterator[Finding]:
    old, new = (values.block("service_account").text("email") for values in _both(template))
    changed = old != new or (new is UNKNOWN and template.changes("service_account"))
    if template.change.action is Action.REPLACE_AFTER and changed:
        who = "nobody" if new is None else quoted(new)
        what = f"changed: VMs that start from now on run as {who}"
        yield template.found(VMS_OTHER_ACCOUNT, what, why="", of=("service_account",))


VMS_END_EARLY = Rule(
    "vms-end-early",
    Severity.LOSES_JOBS,
    "See that the longest job is shorter by far; none that runs already is touched.",
    # Those that wait now run on such VMs.
    blocks=False,
)


@judges(*TEMPLATES, attributes="scheduling")
def _end_early(template: Resource) -> Iterator[Finding]:
    if template.change.action is not Action.REPLACE_AFTER:
        return
    plans = [values.block("scheduling") for values in _both(template)]
    old, new = (plan.block("max_run_duration").seconds("seconds") for plan in plans)
    if new is not None and old != new and (old is None or may_be_less(new, old)):
        what = f"changed: Google deletes VMs that start from now on after {period(new)}, with "
        yield template.found(VMS_END_EARLY, f"{what}the job that runs then", why="")
    models = [plan.text("provisioning_model") for plan in plans]
    # Where nothing is said, Google decides for STANDARD, which is known only after the apply.
    taken_back = isinstance(models[1], str) and models[1] not in _KEPT_UNTIL_DONE
    if taken_back and models[0] != models[1]:
        what = "changed: Google takes VMs that start from now on back when it wants to, and their "
        yield template.found(VMS_END_EARLY, f"{what}jobs are lost", why="")


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
    old, new = map(gpus_of, _both(template))
    same = old is not None and new == old
    if template.change.action is not Action.REPLACE_AFTER or same:
        return
    what = f"changed: each VM made from it has {many(new, 'GPU')} instead of {said(old)}"
    fewer = old is not None and new is not None and new < old
    rule = VMS_COST_OTHERWISE if fewer else GPUS_ADDED
    yield template.found(rule, what, gpus=None, why="")


@judges(*TEMPLATES, attributes="machine_type")
def _other_price(template: Resource) -> Iterator[Finding]:
    changed = template.changes("machine_type", "guest_accelerator", "scheduling")
    if template.change.action is not Action.REPLACE_AFTER or not changed:
        return
    for region in template.plan.regions.get(_name(template.before), [])[:1]:
        before, after = (priced(values, region) for values in _both(template))
        if before != after:
            what = f"changed: in {region} each VM costs {after}; so far {before}"
            yield template.found(VMS_COST_OTHERWISE, what, gpus=0, why="")


@judges(*TEMPLATES, attributes="disk")
def _other_disk(template: Resource) -> Iterator[Finding]:
    if template.change.action is not Action.REPLACE_AFTER:
        return
    old, new = (values.block("disk") for values in _both(template))
    types = [disk.text("disk_type") for disk in (old, new)]
    # Where nothing is said, Google decides as it did before.
    if types[0] != types[1] is not UNKNOWN:
        what = f"changed: each VM has a boot disk of the kind {quoted(types[1])} instead of "
        what += f"{quoted(types[0])}, whose prices are not known here"
        yield template.found(VMS_COST_OTHERWISE, what, gpus=0, why="", of=("disk",))
    sizes = [disk.number("disk_size_gb") for disk in (old, new)]
    if sizes[0] != sizes[1] and not may_be_less(sizes[1], sizes[0]):
        what = f"changed: each VM has a boot disk of {said(sizes[1])} GB instead of "
        what += f"{said(sizes[0])} GB" if sizes[0] else "one as large as its image"
        yield template.found(VMS_COST_OTHERWISE, what, gpus=0, why="")


def _both(template: Resource) -> tuple[Values, Values]:
    return template.before, template.after


def _name(values: Values) -> str:
    return cloud_name(values).rpartition("/")[2]


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
