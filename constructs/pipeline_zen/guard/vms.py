"""What scales groups, VMs that are in none, and what is paid ahead or asked for."""

from collections.abc import Iterator

from pipeline_zen.guard.amounts import count, difference, many, may_be_less, said
from pipeline_zen.guard.checks import harmless, judges
from pipeline_zen.guard.general import DELETED
from pipeline_zen.guard.harmless import known, longer, only, plain_text
from pipeline_zen.guard.resource import Resource, gpus_of, last
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.guard.template_costs import GPUS_ADDED
from pipeline_zen.kinds import GROUPS
from pipeline_zen.plan import UNKNOWN, Action, Unknown, Values

AUTOSCALERS = ("google_compute_region_autoscaler", "google_compute_autoscaler")
RESIZE_REQUESTS = ("google_compute_region_resize_request", "google_compute_resize_request")

_LIMITS = "autoscaling_policy.max_replicas autoscaling_policy.min_replicas"

_STOPS = ("machine_type", "min_cpu_platform", "guest_accelerator", "scheduling")
"""What of a VM is changed by stopping it."""

harmless(
    *AUTOSCALERS,
    tests={
        "autoscaling_policy.min_replicas": longer,
        "autoscaling_policy.cooldown_period": known,
    },
    new={"name region target zone": known},
    blocks="autoscaling_policy.cpu_utilization",
)
harmless(
    *RESIZE_REQUESTS,
    tests={},
    new={"instance_group_manager name region zone": known},
    computed="state status",
)
harmless(
    "google_cloud_quotas_quota_preference",
    may_go=True,
    tests={
        "contact_email justification": plain_text,
        "ignore_safety_checks": only(None),
    },
    new={"dimensions ignore_safety_checks name parent quota_id service": known},
    computed="contact_email dimensions ignore_safety_checks justification",
    blocks="quota_config",
)

AUTOSCALER_CHANGED = Rule(
    "autoscaler-changed",
    Severity.KILLS_JOBS,
    "Leave the size to the scheduler: an autoscaler knows nothing of jobs.",
)


@judges(*AUTOSCALERS, attributes="autoscaling_policy target")
def _autoscaler_new(scaler: Resource) -> Iterator[Finding]:
    if not scaler.made:
        return
    target = scaler.after.text("target")
    # Without a name yet, the group may be made by the same plan, if it is said which one.
    new = scaler.refers_to(scaler.references("target"), GROUPS)
    if not new and not _is_new(scaler, str(target)):
        what = "new: it sets the size of a group, and deletes VMs that it finds idle"
        yield scaler.found(AUTOSCALER_CHANGED, what, vms=None, gpus=None)


@judges(*AUTOSCALERS, attributes="autoscaling_policy target")
def _autoscaler_otherwise(scaler: Resource) -> Iterator[Finding]:
    """Another group, or another reason to delete VMs."""
    paths = sorted(
        change.path
        for change in scaler.change.attributes
        if change.path.startswith(("autoscaling_policy", "target"))
        and not change.path.endswith((".max_replicas", ".min_replicas", ".cooldown_period"))
    )
    if scaler.updated and paths:
        what = f"changed in when it deletes VMs: {', '.join(f'`{path}`' for path in paths)}"
        yield scaler.found(AUTOSCALER_CHANGED, what, vms=None, gpus=None)


AUTOSCALER_LOWERED = Rule(
    "autoscaler-lowered",
    Severity.KILLS_JOBS,
    "Leave the size to the scheduler, or wait until the group is empty.",
)


@judges(*AUTOSCALERS, attributes=_LIMITS)
def _autoscaler_limits(scaler: Resource) -> Iterator[Finding]:
    if scaler.change.action.destroys:
        yield scaler.found(AUTOSCALER_LOWERED, "deleted: nothing sets the size any more")
    policies = [values.block("autoscaling_policy") for values in (scaler.before, scaler.after)]
    limits = (("max_replicas", "at most"), ("min_replicas", "at least"))
    for key, limit in limits if scaler.updated else ():
        old, new = (policy.number(key) for policy in policies)
        if old == new and new is not UNKNOWN:
            continue
        what = f"set to {limit} {many(new, 'VM')} instead of {said(old)}"
        if may_be_less(new, old):
            lost = difference(new, old)
            yield scaler.found(AUTOSCALER_LOWERED, what, vms=lost, gpus=None)
        else:
            yield scaler.found(GPUS_ADDED, what, gpus=None)


RESIZE_REQUEST_DELETED = Rule(
    "resize-request-deleted",
    Severity.KILLS_JOBS,
    "Let the request run out, or see that its VMs are done, and allow it.",
)


@judges(*RESIZE_REQUESTS, attributes="requested_run_duration resize_by")
def _resize_request(request: Resource) -> Iterator[Finding]:
    """A request for many VMs at once."""
    if request.change.action.destroys:
        vms = count(request.before.number("resize_by"))
        what = "deleted: what has not come of it never will"
        yield request.found(RESIZE_REQUEST_DELETED, what, vms=vms, gpus=None)
    if request.made:
        number = many(request.after.number("resize_by"), "VM")
        what = f"new: asks for {number} at once, beside what the scheduler does"
        yield request.found(GPUS_ADDED, what, gpus=None)


VM_DELETED = Rule(
    "vm-deleted",
    Severity.KILLS_JOBS,
    "Wait until nothing runs on it, and allow it.",
)


@judges(
    "google_compute_instance",
    attributes="desired_status guest_accelerator machine_type min_cpu_platform scheduling",
)
def _vm(vm: Resource) -> Iterator[Finding]:
    """A VM that is in no group."""
    gone, stopped = "deleted, with what runs on it", "stopped, with what runs on it"
    halted = vm.changes("desired_status") and vm.after.text("desired_status") != "RUNNING"
    if vm.change.action.destroys:
        yield vm.found(VM_DELETED, gone, vms=1, gpus=gpus_of(vm.before))
    elif vm.change.action is Action.CREATE:
        what = "new: a VM that is paid for until it is deleted"
        yield vm.found(GPUS_ADDED, what, gpus=gpus_of(vm.after))
    elif vm.updated and (vm.changes(*_STOPS) or halted):
        yield vm.found(VM_DELETED, stopped, vms=1, gpus=gpus_of(vm.before))


PAID_AHEAD = Rule(
    "paid-ahead",
    Severity.COSTS,
    "See that it is wanted for as long as it lasts.",
    blocks=False,
)


@judges("google_compute_region_commitment", "google_compute_reservation", attributes="*")
def _paid_ahead(promise: Resource) -> Iterator[Finding]:
    """A commitment or a reservation, which costs whether it is used or not."""
    if promise.change.action.destroys:
        what = "deleted: VMs that rely on it may not start, or cost more"
        yield promise.found(DELETED, what)
    if promise.made:
        yield promise.found(PAID_AHEAD, "new: it is paid for, used or not", gpus=None)


QUOTA_ASKED = Rule(
    "quota-asked",
    Severity.COSTS,
    "Less quota keeps VMs from starting; more lets them cost more.",
    blocks=False,
)


@judges("google_cloud_quotas_quota_preference", attributes="quota_config")
def _quota(preference: Resource) -> Iterator[Finding]:
    """A quota preference. Deleting one asks nothing of Google."""
    if not preference.judged_as_it_is:
        return
    old, new = map(_asked, (preference.before, preference.after))
    unclear = new is UNKNOWN and preference.changes("quota_config")
    if preference.made or old != new or unclear:
        instead = "" if old in (None, new) else f" instead of {said(old)}"
        what = f"asks for {said(new)}{instead}"
        yield preference.found(QUOTA_ASKED, what, gpus=None, why="")


def _asked(preference: Values) -> float | Unknown | None:
    """How much is asked for; the provider plans none as an empty text."""
    config = preference.block("quota_config")
    asked = config.number("preferred_value")
    return 0 if asked is None and config.exists else asked


def _is_new(scaler: Resource, link: str) -> bool:
    return any((kind, last(link)) in scaler.plan.created for kind in GROUPS)
