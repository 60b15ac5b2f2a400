"""What no stack of this project has, and is known to kill, to shut out or to lose."""

from collections.abc import Iterator

from pipeline_zen.guard.accounts import ACCOUNT_KEY
from pipeline_zen.guard.checks import judges
from pipeline_zen.guard.network import ACCESS_DENIED
from pipeline_zen.guard.resource import Resource, quoted
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.plan import UNKNOWN, Action, Values

BILLING_CHANGED = Rule(
    "billing-changed",
    Severity.KILLS_JOBS,
    "Leave the billing account as it is: without one, Google stops every VM of the project.",
)


@judges("google_billing_project_info", attributes="*")
def _billing(info: Resource) -> Iterator[Finding]:
    account = info.after.get("billing_account")
    what = f"made to be paid by {quoted(account)}" if account else "made to be paid by nobody"
    yield info.found(BILLING_CHANGED, what, why="", vms=None, gpus=None)


@judges("google_project", attributes="billing_account")
def _billing_of_project(project: Resource) -> Iterator[Finding]:
    if project.change.action.destroys or project.changes("billing_account"):
        gone = project.change.action.destroys
        what = "deleted, with all that is in it" if gone else "given another billing account"
        yield project.found(BILLING_CHANGED, what, vms=None, gpus=None)


VMS_RESTARTED = Rule(
    "vms-restarted",
    Severity.KILLS_JOBS,
    "Leave VMs alone while jobs run: what restarts or replaces one ends its job.",
)

_CONFIGS = (
    "google_compute_per_instance_config",
    "google_compute_region_per_instance_config",
)


@judges(*_CONFIGS, attributes="minimal_action most_disruptive_allowed_action")
def _instance_config(config: Resource) -> Iterator[Finding]:
    """What is applied to a single VM of a group."""
    keys = ("minimal_action", "most_disruptive_allowed_action", "remove_instance_on_destroy")
    gentle = config.after.text("most_disruptive_allowed_action") in ("NONE", "REFRESH")
    if config.change.action.destroys or not gentle:
        named = ", ".join(f"`{key}`" for key in keys if config.after.get(key) is not None)
        what = f"applied to a VM that may run a job{f' ({named})' if named else ''}"
        yield config.found(VMS_RESTARTED, what, why="", vms=1, gpus=None)


@judges("google_os_config_patch_deployment", attributes="*")
def _patches(deployment: Resource) -> Iterator[Finding]:
    reboot = deployment.after.block("patch_config").text("reboot_config")
    if deployment.judged_as_it_is and reboot != "NEVER":
        what = "patches VMs, and restarts them where it takes that"
        yield deployment.found(VMS_RESTARTED, what, why="", vms=None, gpus=None)


TRANSFER_DELETES = Rule(
    "transfer-deletes",
    Severity.LOSES_DATA,
    "Have the transfer copy, and leave what is there where it is.",
)


@judges("google_storage_transfer_job", attributes="transfer_spec")
def _transfer(job: Resource) -> Iterator[Finding]:
    options = job.after.block("transfer_spec").block("transfer_options")
    keys = (
        "delete_objects_from_source_after_transfer",
        "delete_objects_unique_in_sink",
        "overwrite_objects_already_existing_in_sink",
    )
    given = [key for key in keys if options.flag(key) not in (None, False)]
    overwrites = options.text("overwrite_when") in ("ALWAYS", "DIFFERENT", UNKNOWN)
    if job.judged_as_it_is and (given or overwrites or not options.known):
        named = ", ".join(f"`{key}`" for key in given or ["overwrite_when"])
        yield job.found(TRANSFER_DELETES, f"deletes or overwrites objects ({named})", why="")


VMS_METADATA = Rule(
    "vms-metadata",
    Severity.WIDENS_ACCESS,
    "Leave what all VMs of the project are told as it is: keys let people in, and scripts run as "
    "the jobs' account.",
)


@judges(
    "google_compute_project_metadata",
    "google_compute_project_metadata_item",
    "google_os_login_ssh_public_key",
    attributes="*",
)
def _project_metadata(metadata: Resource) -> Iterator[Finding]:
    key = metadata.after.get("key") or metadata.before.get("key")
    named = f" ({quoted(key)})" if key else ""
    what = f"tells every VM of the project something else{named}"
    yield metadata.found(VMS_METADATA, what, why="")


@judges("google_storage_hmac_key", attributes="*")
def _hmac_key(key: Resource) -> Iterator[Finding]:
    if key.made:
        yield key.found(ACCOUNT_KEY, "made: a key that works from anywhere", why="")
    if key.change.action is not Action.CREATE:
        what = "deleted, or switched off: whoever uses the key is shut out"
        yield key.found(ACCESS_DENIED, what)


@judges("google_compute_route", attributes="*")
def _route(route: Resource) -> Iterator[Finding]:
    """A way out of the network."""
    sides = [route.before, route.after]
    if any(_is_default(values) for values in sides):
        what = "changes where all goes that leaves the network: VMs may not reach Google any more"
        yield route.found(ACCESS_DENIED, what, why="")


def _is_default(route: Values) -> bool:
    wide = route.text("dest_range")
    return route.exists and (not isinstance(wide, str) or wide.endswith(("/0", "/1")))


@judges(
    "google_access_context_manager_service_perimeter",
    "google_access_context_manager_service_perimeter_resource",
    "google_iam_access_boundary_policy",
    "google_iam_folders_policy_binding",
    "google_iam_organizations_policy_binding",
    "google_iam_principal_access_boundary_policy",
    "google_iam_projects_policy_binding",
    attributes="*",
)
def _boundary(boundary: Resource) -> Iterator[Finding]:
    what = "bounds what anybody may reach, whatever roles allow: jobs may be stopped"
    yield boundary.found(ACCESS_DENIED, what, why="")
