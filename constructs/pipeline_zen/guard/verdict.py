"""Plan, environment and allowances -> the findings, and whether the plan may be applied."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pipeline_zen.guard import data, fleet, identity, queues, templates, trust
from pipeline_zen.guard.allowances import Allowance
from pipeline_zen.guard.findings import Finding
from pipeline_zen.guard.trust import Known, Target
from pipeline_zen.guard.world import GROUPS, TEMPLATES, Case, World, listed
from pipeline_zen.plan import Action, Plan
from pipeline_zen.settings import ALLOW


class Check(NamedTuple):
    """The rules on a type, and the attributes that they judge or that can do no harm."""

    run: Callable[[Case], Iterator[Finding]]
    judged: frozenset[str]


_ANYWHERE = (
    "annotations create_time creation_timestamp description display_name effective_annotations "
    "effective_labels etag fingerprint generation id labels metageneration numeric_id self_link "
    "status terraform_labels time_created timeouts title update_time updated"
)
"""What Google or the provider keeps the books by, and labels and texts, which nobody reads."""


def _check(
    run: Callable[[Case], Iterator[Finding]], judged: str, anywhere: str = _ANYWHERE
) -> Check:
    return Check(run, frozenset(f"{anywhere} {judged}".split()))


_GROUP = _check(
    fleet.group,
    "auto_healing_policies distribution_policy_target_shape "
    "instance_lifecycle_policy list_managed_instances_results named_port stateful_disk "
    "stateful_external_ip stateful_internal_ip target_size target_stopped_size "
    "target_suspended_size update_policy version wait_for_instances wait_for_instances_status",
)
_TEMPLATE = _check(
    templates.template,
    "disk effective_labels guest_accelerator labels machine_type name reservation_affinity "
    "scheduling self_link_unique service_account terraform_labels",
    # It is replaced for whatever changes of it, so all that may change is said.
    anywhere="",
)
_AUTOSCALER = _check(fleet.autoscaler, "autoscaling_policy target")
_SECRET = _check(
    data.secret, "deletion_protection expire_time rotation topics ttl version_destroy_ttl"
)
_VERSION = _check(
    data.secret_version,
    "deletion_policy destroy_time enabled is_secret_data_base64 name secret_data secret_data_wo "
    "secret_data_wo_version version",
)
_ROLE = _check(identity.role, "deleted permissions stage")
_ACL = _check(identity.acl, "default_acl entity object_type predefined_acl role role_entity")
_DENIAL = _check(identity.denial, "")

CHECKS: dict[str, Check] = {
    **dict.fromkeys(GROUPS, _GROUP),
    **dict.fromkeys(TEMPLATES, _TEMPLATE),
    "google_compute_autoscaler": _AUTOSCALER,
    "google_compute_region_autoscaler": _AUTOSCALER,
    "google_compute_resize_request": _check(fleet.resize_request, ""),
    "google_compute_region_resize_request": _check(fleet.resize_request, ""),
    "google_compute_instance": _check(
        fleet.instance, "desired_status guest_accelerator machine_type min_cpu_platform scheduling"
    ),
    "google_compute_region_commitment": _check(fleet.paid_ahead, ""),
    "google_compute_reservation": _check(fleet.paid_ahead, ""),
    "google_compute_firewall": _check(identity.firewall, "allow deny disabled source_ranges"),
    "google_cloud_quotas_quota_preference": _check(fleet.quota, "justification quota_config"),
    "google_pubsub_topic": _check(
        queues.topic, "message_retention_duration message_transforms schema_settings"
    ),
    "google_pubsub_subscription": _check(
        queues.subscription,
        "ack_deadline_seconds bigquery_config cloud_storage_config dead_letter_policy "
        "expiration_policy message_retention_duration message_transforms push_config",
    ),
    "google_storage_bucket": _check(
        data.bucket,
        "force_destroy ip_filter lifecycle_rule logging public_access_prevention requester_pays "
        "retention_policy soft_delete_policy uniform_bucket_level_access versioning",
    ),
    "google_storage_bucket_access_control": _ACL,
    "google_storage_bucket_acl": _ACL,
    "google_storage_default_object_access_control": _ACL,
    "google_storage_default_object_acl": _ACL,
    "google_storage_object_access_control": _ACL,
    "google_storage_object_acl": _ACL,
    "google_secret_manager_secret": _SECRET,
    "google_secret_manager_secret_version": _VERSION,
    "google_secret_manager_regional_secret": _SECRET,
    "google_secret_manager_regional_secret_version": _VERSION,
    "google_service_account": _check(
        identity.account, "create_ignore_already_exists disabled email member name unique_id"
    ),
    "google_service_account_key": _check(identity.account_key, ""),
    "google_project_default_service_accounts": _check(identity.default_accounts, "action"),
    "google_project_iam_custom_role": _ROLE,
    "google_organization_iam_custom_role": _ROLE,
    "google_project_service": _check(identity.api, ""),
    "google_iam_deny_policy": _DENIAL,
    "google_org_policy_policy": _DENIAL,
    "google_project_organization_policy": _DENIAL,
}

ENDINGS: dict[str, Check] = {
    "_iam_member": _check(identity.grant, "condition member role"),
    "_iam_member_remove": _check(identity.grant_removed, "member role"),
    "_iam_binding": _check(identity.binding, "members role"),
    "_iam_policy": _check(identity.binding, "policy_data"),
}
"""Grants, of which there is a type for each kind of thing, by the end of its name."""

HARMLESS = ("null_resource", "random_", "terraform_data", "time_")
"""How types begin that are nothing at Google."""


@dataclass(frozen=True)
class Allowed:
    """A finding that would block, and the allowance that lets it pass."""

    finding: Finding
    allowance: Allowance


@dataclass(frozen=True)
class Verdict:
    """What was found, the worst first, then by address."""

    blocking: tuple[Finding, ...]
    allowed: tuple[Allowed, ...]
    notable: tuple[Finding, ...]
    """What does not block, and is worth a look."""

    @property
    def blocked(self) -> bool:
        """Whether the plan may not be applied."""
        return bool(self.blocking)


def judge(
    plan: Plan,
    target: Target,
    known: Known,
    allowances: Sequence[Allowance],
    today: datetime.date,
) -> Verdict:
    """
    The verdict on *plan* as one of the environment *target*.

    *today* decides which allowances have expired.
    """
    world = World(plan, target.limits)
    found: list[Finding] = []
    strangers: list[Finding] = []
    for case in world.cases():
        strangers += trust.project(case, target)
        if case.change.action is not Action.NO_OP:
            found += [_with_move(finding, world) for finding in _of(case)]

    valid = [one for one in allowances if one.until >= today]
    allowed: list[Allowed] = []
    used: set[Allowance] = set()
    for finding in found:
        covering = [one for one in valid if finding.blocks and one.covers(finding)]
        used.update(covering)
        allowed += [Allowed(finding, one) for one in covering[:1]]
    passing = {one.finding for one in allowed}
    found = [finding for finding in found if finding not in passing]
    found += [
        *trust.whole(world),
        *strangers,
        *trust.state(target, known),
        *trust.creation(world, target, known),
        *trust.budget(world, {finding.address for finding in passing}),
        *_wrong(allowances, used, today),
    ]
    found.sort(key=lambda finding: (finding.severity.rank, finding.rule, finding.address))
    return Verdict(
        blocking=tuple(finding for finding in found if finding.blocks),
        allowed=tuple(sorted(allowed, key=lambda one: (one.finding.rule, one.finding.address))),
        notable=tuple(finding for finding in found if not finding.blocks),
    )


def _of(case: Case) -> Iterator[Finding]:
    """What there is to say of one change."""
    kind, action = case.change.type, case.change.action
    if action is Action.FORGET:
        yield case.finding("forgotten", "forgotten: it stays as it is at Google")
        return
    if action is Action.FORGET_CREATE:
        what = "forgotten, then created under a name that the old one still has"
        yield case.finding("name-clash", what)
        return
    if action is Action.DELETE and case.change.address in case.world.renamed:
        target = case.world.renamed[case.change.address]
        what = f"deleted, and created under the same name at `{target}`"
        yield case.finding("renamed", what, why="")
    check = CHECKS.get(kind) or next(
        (check for ending, check in ENDINGS.items() if kind.endswith(ending)), None
    )
    if check:
        yield from check.run(case)
        yield from _unjudged(case, check)
    elif kind.startswith(HARMLESS):
        return
    elif action.destroys:
        done = "deleted" if action is Action.DELETE else "replaced"
        yield case.finding("deleted", f"{done}, and this guard knows nothing of its type")
    else:
        done = "new" if action is Action.CREATE else "changed"
        yield case.finding("unjudged", f"{done}, and this guard knows nothing of its type")


def _unjudged(case: Case, check: Check) -> Iterator[Finding]:
    """What changes beside what the type's rules judge."""
    if case.change.action is Action.UPDATE:
        unknown = case.changed - check.judged
        if unknown:
            yield case.finding("unjudged", f"changed in {listed(unknown)}")
    elif case.change.action is Action.REPLACE_AFTER and case.change.type in TEMPLATES:
        # Of other types the replacement itself is judged; a template's is how it is changed.
        unknown = case.settled - check.judged
        if unknown:
            what = f"changed in {listed(unknown)}, for VMs that are yet to start"
            yield case.finding("unjudged", what, why="")


def _with_move(finding: Finding, world: World) -> Finding:
    """The remedy of a deletion that is only a change of address."""
    target = world.renamed.get(finding.address)
    if target is None:
        return finding
    move = f"moved {{ from = {finding.address}, to = {target} }}"
    return replace(finding, todo=f"Add `{move}` to the configuration: it is the same thing.")


def _wrong(
    allowances: Sequence[Allowance], used: set[Allowance], today: datetime.date
) -> Iterator[Finding]:
    for one in allowances:
        where = f"{ALLOW}:{one.place.line}"
        about = f"{one.finding} of `{one.address}`"
        if one.until < today:
            yield Finding("allowance-expired", "", f"{where} allowed {about} until {one.until}")
        elif one not in used:
            what = f"{where} allows {about}, and the plan does nothing of the kind"
            yield Finding("allowance-unused", "", what)
