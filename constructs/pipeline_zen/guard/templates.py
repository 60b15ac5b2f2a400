"""What becomes of VMs that are yet to start: instance templates."""

from collections.abc import Iterator

from pipeline_zen.guard.amounts import may_be_less, period
from pipeline_zen.guard.checks import judges
from pipeline_zen.guard.general import UNJUDGED
from pipeline_zen.guard.resource import Resource, cloud_name, listed, quoted
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.guard.template_values import image_of
from pipeline_zen.kinds import TEMPLATES
from pipeline_zen.plan import UNKNOWN, Action, Values

_KEPT_UNTIL_DONE = ("STANDARD", "FLEX_START", "RESERVATION_BOUND")
"""The provisioning models of VMs that Google does not take back."""

TEMPLATE_DELETED_FIRST = Rule(
    "template-deleted-first",
    Severity.STOPS_HALF_WAY,
    "Give the template `create_before_destroy` and a name that changes with its contents.",
    allowable=False,
)

TEMPLATE_IN_USE = Rule(
    "template-in-use",
    Severity.STOPS_HALF_WAY,
    "Keep the template until no group names it.",
    allowable=False,
)

TEMPLATE_NAME_KEPT = Rule(
    "template-name-kept",
    Severity.STOPS_HALF_WAY,
    "Give the template a name that changes with its contents: Google has no two.",
    allowable=False,
)


@judges(*TEMPLATES)
def _halts(template: Resource) -> Iterator[Finding]:
    """What Google refuses."""
    action, name = template.change.action, template_name(template.before)
    if template.change.is_compared:
        return
    if action is Action.REPLACE:
        what = "deleted before its successor is made, which Google refuses while a group names it"
        yield template.found(TEMPLATE_DELETED_FIRST, what)
    elif action is Action.REPLACE_AFTER and name and name == template_name(template.after):
        what = "to be made again under the name that the old one still has"
        yield template.found(TEMPLATE_NAME_KEPT, what)
    elif action.destroys and name in template.plan.starts.in_use:
        done = "deleted" if action is Action.DELETE else "replaced"
        what = f"{done}, though a group goes on to name it: no VM would start there"
        yield template.found(TEMPLATE_IN_USE, what)


VMS_OTHER_ACCOUNT = Rule(
    "vms-other-account",
    Severity.BREAKS_IDENTITY,
    "Leave the jobs' account: jobs, and VMs that delete themselves, rely on its grants.",
)


@judges(*TEMPLATES, attributes="service_account.email")
def _other_account(template: Resource) -> Iterator[Finding]:
    old, new = (values.block("service_account").text("email") for values in sides(template))
    changed = old != new or (new is UNKNOWN and template.changes("service_account"))
    if template.change.action is Action.REPLACE_AFTER and changed:
        who = "nobody" if new is None else quoted(new)
        what = f"changed: VMs that start from now on run as {who}"
        yield template.found(VMS_OTHER_ACCOUNT, what, why="", of=("service_account",))


VMS_OTHER_SCOPES = Rule(
    "vms-other-scopes",
    Severity.BREAKS_IDENTITY,
    "Leave the scope `cloud-platform`: with less, what the account's roles allow is refused.",
)


@judges(*TEMPLATES, attributes="service_account.scopes")
def _other_scopes(template: Resource) -> Iterator[Finding]:
    old, new = (values.block("service_account").texts("scopes") for values in sides(template))
    changed = template.changes("service_account") and (new is UNKNOWN or old != new)
    if template.change.action is Action.REPLACE_AFTER and changed:
        told = "what is not known yet" if new is UNKNOWN else listed(new) or "nothing"
        what = f"changed: VMs that start from now on may reach {told} of Google only"
        yield template.found(VMS_OTHER_SCOPES, what, why="", of=("service_account",))


@judges(*TEMPLATES)
def _lacking(template: Resource) -> Iterator[Finding]:
    """A new template without what VMs need to do their work, and to delete themselves."""
    values = template.after
    account = values.block("service_account")
    needed = {
        "an account": account.get("email"),
        "scopes": account.texts("scopes"),
        "the startup script": Values(values.get("metadata")).text("startup-script"),
    }
    lacking = " and ".join(what for what, value in needed.items() if not value)
    if template.change.action is Action.CREATE and lacking:
        what = f"new, without {lacking}: VMs that start from it may do nothing, and never end"
        yield template.found(UNJUDGED, what)


VMS_OTHER_IMAGE = Rule(
    "vms-other-image",
    Severity.BREAKS_IDENTITY,
    "Keep the images of one project and name, with the version at the end: what else is in another "
    "one nobody here knows.",
)


@judges(*TEMPLATES, attributes="disk.source_image disk.source disk.source_snapshot")
def _other_image(template: Resource) -> Iterator[Finding]:
    if template.change.action is not Action.REPLACE_AFTER:
        return
    old, new = (values.block("disk") for values in sides(template))
    images = [image_of(disk.get("source_image")) for disk in (old, new)]
    other = any(
        new.get(key) is UNKNOWN or (new.get(key) and new.get(key) != old.get(key))
        for key in ("source", "source_snapshot")
    )
    changed = old.get("source_image") != new.get("source_image")
    if other or (changed and (images[1] is None or images[0] != images[1])):
        what = f"changed: VMs start from {_named_disk(new)} instead of {_named_disk(old)}"
        yield template.found(VMS_OTHER_IMAGE, what, why="", of=("disk",))


def _named_disk(disk: Values) -> str:
    """What a boot disk is made from, of which Google takes one thing only."""
    keys = ("source", "source_snapshot", "source_image")
    return next((quoted(disk.get(key)) for key in keys if disk.get(key)), "another disk")


VMS_END_EARLY = Rule(
    "vms-end-early",
    Severity.LOSES_JOBS,
    "See that the longest job is shorter by far; none that runs already is touched.",
    # Those that wait now run on such VMs.
    blocks=False,
)


@judges(
    *TEMPLATES,
    attributes="scheduling.instance_termination_action scheduling.max_run_duration "
    "scheduling.preemptible scheduling.provisioning_model scheduling.termination_time",
)
def _end_early(template: Resource) -> Iterator[Finding]:
    if template.change.action is not Action.REPLACE_AFTER:
        return
    plans = [values.block("scheduling") for values in sides(template)]
    old, new = (plan.block("max_run_duration").seconds("seconds") for plan in plans)
    if new is not None and old != new and (old is None or may_be_less(new, old)):
        what = f"changed: Google deletes VMs that start from now on after {period(new)}, with "
        yield template.found(VMS_END_EARLY, f"{what}the job that runs then", why="")
    models = [plan.text("provisioning_model") for plan in plans]
    # Where nothing is said, Google decides for STANDARD, which is known only after the apply.
    taken_back = isinstance(models[1], str) and models[1] not in _KEPT_UNTIL_DONE
    preemptible = plans[1].flag("preemptible") is True
    ends = plans[1].text("termination_time") is not None and template.changes("scheduling")
    otherwise = models[0] != models[1] or plans[0].flag("preemptible") is not True
    if ((taken_back or preemptible) and otherwise) or ends:
        what = "changed: Google takes VMs that start from now on back when it wants to, and their "
        yield template.found(VMS_END_EARLY, f"{what}jobs are lost", why="")


def sides(template: Resource) -> tuple[Values, Values]:
    """What VMs start with so far, and from now on."""
    return template.before, template.after


def template_name(values: Values) -> str:
    """What Google knows a template by; empty where that is not known."""
    return cloud_name(values).rpartition("/")[2]
