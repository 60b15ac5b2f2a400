"""What becomes of identities and of who may do what: accounts, roles, grants, APIs."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pipeline_zen.guard.findings import Finding
from pipeline_zen.guard.world import Case, listed, quoted
from pipeline_zen.plan import UNKNOWN, Action, Unknown, Values

EVERYBODY = ("allUsers", "allAuthenticatedUsers")
BASIC_ROLES = (
    *("roles/owner", "roles/editor", "roles/viewer"),
    *("roles/admin", "roles/writer", "roles/reader"),
)

POWERFUL = (
    "roles/cloudbuild.builds.editor",
    "roles/compute.instanceAdmin.v1",
    "roles/deploymentmanager.editor",
    "roles/iam.serviceAccountOpenIdTokenCreator",
    "roles/iam.serviceAccountTokenCreator",
    "roles/iam.serviceAccountUser",
    "roles/iam.workloadIdentityUser",
    "roles/resourcemanager.projectMover",
)
"""Roles by which one acts as somebody else, beside those that administer."""

_ADMINISTERS = re.compile(r"roles/[\w.]*[.a-z][aA]dmin")
_IN_ALL = ("google_project_", "google_folder_", "google_organization_")
"""How the types of grants begin that are on everything of a project, or more."""

_SECRETS = "roles/secretmanager.secretAccessor"
"""Harmless on the one secret that somebody needs, and all tokens on a project."""

POWERFUL_PERMISSIONS = re.compile(
    r"(?!storage\.objects\.).*\.(setIamPolicy|setOrgPolicy|actAs|getAccessToken|getOpenIdToken|signBlob|signJwt"
    r"|implicitDelegation)|iam\.serviceAccountKeys\.create|iam\.roles\.(create|update)"
    r"|secretmanager\.versions\.access"
)
"""
Permissions by which one takes further rights, acts as somebody else or reads secrets.

`storage.objects.setIamPolicy` is none: jobs publish their own results by it.
"""

_ON = {
    "google_storage_bucket_iam_member": ("bucket", "google_storage_bucket"),
    "google_pubsub_topic_iam_member": ("topic", "google_pubsub_topic"),
    "google_pubsub_subscription_iam_member": ("subscription", "google_pubsub_subscription"),
    "google_secret_manager_secret_iam_member": ("secret_id", "google_secret_manager_secret"),
    "google_service_account_iam_member": ("service_account_id", "google_service_account"),
}
"""What a grant is on: the attribute that names it, and its type."""

_AS_ONE_ACCOUNT = ("roles/iam.serviceAccountUser", "roles/iam.workloadIdentityUser")
"""Roles that are needed on a single account, by who applies and by workflows."""

_SOMEBODY = "somebody who is not known yet"
_PUBLIC_ACLS = ("authenticatedRead", "publicRead", "publicReadWrite")
_WIDEST = 8
"""Bits of the widest range of addresses that is not taken for the whole internet."""

Held = Mapping[str, frozenset[str]]
"""Who has a role, by role."""


def account(case: Case) -> Iterator[Finding]:
    """A service account."""
    if case.change.action.destroys:
        done = "deleted" if case.change.action is Action.DELETE else "replaced"
        what = f"{done}: VMs that run as it lose every right at once"
        yield case.finding("account-deleted", what)
    elif case.changes("disabled") and case.after.flag("disabled") not in (False, None):
        yield case.finding("account-disabled", "disabled: VMs that run as it lose every right")


def default_accounts(case: Case) -> Iterator[Finding]:
    """What becomes of Google's own accounts in the project."""
    if not case.change.action.destroys:
        what = f"made to {quoted(case.after.get('action'))} the project's default accounts"
        yield case.finding("account-disabled", what)


def account_key(case: Case) -> Iterator[Finding]:
    """A key of a service account."""
    if case.change.action.destroys:
        yield case.finding("grant-removed", "deleted: whoever uses the key is shut out")
    if case.change.action is Action.CREATE or case.change.action.replaces:
        yield case.finding("account-key", "made: a key that works from anywhere")


def role(case: Case) -> Iterator[Finding]:
    """A custom role."""
    if case.change.action.destroys:
        what = "deleted: whoever has it loses what it allows"
        yield case.finding("role-deleted", what)
    if case.change.action is Action.CREATE or case.change.action.replaces:
        allowed = case.after.texts("permissions")
        yield from _powers(case, frozenset() if allowed is UNKNOWN else allowed)
    if case.change.action is not Action.UPDATE:
        return
    if case.changes("stage") and case.after.text("stage") in ("DISABLED", UNKNOWN):
        what = "switched off (`stage`): whoever has it loses what it allows"
        yield case.finding("role-shrunk", what)
    if not case.changes("permissions"):
        return
    before, after = (values.texts("permissions") for values in (case.before, case.after))
    if before is UNKNOWN or after is UNKNOWN:
        yield case.finding("role-shrunk", "changed to permissions that are not known yet")
        return
    if before - after:
        yield case.finding("role-shrunk", f"without {listed(before - after)} from now on")
    if after - before:
        yield case.finding("role-widened", f"allows {listed(after - before)} as well")
        yield from _powers(case, after - before)


def _powers(case: Case, permissions: frozenset[str]) -> Iterator[Finding]:
    powerful = {one for one in permissions if POWERFUL_PERMISSIONS.fullmatch(one)}
    if powerful:
        yield case.finding("powerful-role", f"allows {listed(powerful)}", why="")


def grant(case: Case) -> Iterator[Finding]:
    """A role given to one member: `_iam_member`."""
    action = case.change.action
    if action.destroys and not goes_with_its_resource(case):
        yield case.finding("grant-removed", f"removed: {_said(case.before)}")
    if action in (Action.CREATE, Action.REPLACE, Action.REPLACE_AFTER, Action.UPDATE):
        yield from _given(case, case.after.text("role"), [case.after.text("member")])


def grant_removed(case: Case) -> Iterator[Finding]:
    """A resource that takes a role from somebody: `_iam_member_remove`."""
    if not case.change.action.destroys or case.change.action.replaces:
        yield case.finding("grant-removed", f"takes away {_said(case.after)}")


def binding(case: Case) -> Iterator[Finding]:
    """All who have a role, or all roles: `_iam_binding` and `_iam_policy`."""
    before, after = _held(case.before), _held(case.after)
    if case.change.action.destroys:
        yield case.finding("grant-removed", f"removed: {_said(case.before)}")
    elif case.change.action is Action.CREATE:
        what = "set as a whole: whoever has it and is not named loses it"
        yield case.finding("grant-authoritative", what)
    elif case.change.action is Action.UPDATE:
        lost = _more(before, after)
        if lost is UNKNOWN or lost:
            who = "" if lost is UNKNOWN else f": {_shown(lost)}"
            yield case.finding("grant-authoritative", f"changed as a whole: taken away{who}")
    if not case.change.action.destroys or case.change.action.replaces:
        new = _more(after, before)
        if new is UNKNOWN:
            yield from _given(case, case.after.text("role"), [UNKNOWN])
        else:
            for role_, members in sorted(new.items()):
                yield from _given(case, role_, sorted(members))


def _held(values: Values) -> Held | Unknown:
    """Who has which role by a binding, or by a policy, which is JSON."""
    policy = values.text("policy_data")
    if isinstance(policy, Unknown):
        return UNKNOWN
    if policy is None:
        role_, members = values.text("role"), values.texts("members")
        if isinstance(role_, Unknown) or isinstance(members, Unknown):
            return UNKNOWN
        return {role_: members} if role_ else {}
    held: dict[str, frozenset[str]] = defaultdict(frozenset)
    try:
        for one in map(Values, json.loads(policy).get("bindings") or ()):
            role_, members = one.text("role"), one.texts("members")
            if not isinstance(role_, str) or isinstance(members, Unknown):
                return UNKNOWN
            held[role_] |= members
    except (ValueError, AttributeError, TypeError):
        return UNKNOWN
    return held


def _more(one: Held | Unknown, other: Held | Unknown) -> Held | Unknown:
    """What *one* has and *other* has not."""
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return UNKNOWN
    more = {role_: members - other.get(role_, frozenset()) for role_, members in one.items()}
    return {role_: members for role_, members in more.items() if members}


def _shown(held: Held) -> str:
    return "; ".join(f"{quoted(role_)} from {listed(held[role_])}" for role_ in sorted(held))


def acl(case: Case) -> Iterator[Finding]:
    """Rights on a bucket or its objects by Google's older way, access control lists."""
    before, after = _entities(case.before), _entities(case.after)
    if case.change.action.destroys or (case.change.action is Action.UPDATE and before - after):
        yield case.finding("grant-removed", f"removed: {listed(before - after) or 'all of it'}")
    if case.change.action.destroys and not case.change.action.replaces:
        return
    for entity in sorted(after - before):
        rule = "public-access" if entity.rpartition(":")[2] in EVERYBODY else "grant-added"
        rule = "grant-unknown" if entity == _SOMEBODY else rule
        yield case.finding(rule, f"given to {quoted(entity)}", why="")
    predefined = case.after.text("predefined_acl")
    if predefined in (*_PUBLIC_ACLS, UNKNOWN):
        what = f"set to {quoted(case.after.get('predefined_acl'))}, which is for everybody"
        yield case.finding("public-access", what, why="")


def _entities(values: Values) -> frozenset[str]:
    """Who is named, with the role before it where a list has both."""
    single, several = values.text("entity"), values.texts("role_entity")
    found = {_SOMEBODY} if UNKNOWN in (single, several) else set()
    found |= {single} if isinstance(single, str) else set()
    return frozenset(found | (set() if isinstance(several, Unknown) else several))


def denial(case: Case) -> Iterator[Finding]:
    """A policy that forbids, whatever roles allow."""
    if case.change.action.destroys:
        yield case.finding("unjudged", "removed: what it forbade is up to the roles again")
    if not case.change.action.destroys or case.change.action.replaces:
        what = "made to forbid, whatever roles allow: jobs, VMs or the scheduler may be stopped"
        yield case.finding("access-denied", what)


def firewall(case: Case) -> Iterator[Finding]:
    """A rule of a firewall."""
    if case.change.action.destroys:
        yield case.finding("deleted", "removed: what it let through or held back is no longer")
        return
    if case.change.action is Action.UPDATE and not case.changed - {"description"}:
        return
    values = case.after
    incoming = values.text("direction") != "EGRESS"
    if values.flag("disabled") is True:
        if case.change.action is Action.UPDATE:
            yield case.finding("unjudged", "switched off, or changed while it is")
        return
    if incoming and values.blocks("allow") != [] and _is_public(values):
        yield case.finding("public-access", "open to the whole internet", why="")
    elif values.blocks("deny") != []:
        what = "made to hold back what VMs or the scheduler may need to send or to receive"
        yield case.finding("access-denied", what, why="")
    else:
        yield case.finding("unjudged", "lets through what it did not so far")


def _is_public(values: Values) -> bool:
    """Whether anybody gets in; without any source at all everybody does."""
    ranges = values.texts("source_ranges")
    if ranges is UNKNOWN:
        return True
    narrowed = values.get("source_tags") or values.get("source_service_accounts")
    if not ranges:
        return not narrowed
    bits = [one.rpartition("/")[2] for one in ranges if "/" in one]
    return any(not one.isdigit() or int(one) < _WIDEST for one in bits)


def api(case: Case) -> Iterator[Finding]:
    """An API of the project."""
    if case.change.action.destroys and case.before.flag("disable_on_destroy") is not False:
        name = case.before.get("service")
        what = f"switched off: {quoted(name or 'an API')}, and all that needs it"
        yield case.finding("api-disabled", what)


def _given(
    case: Case, role_: str | Unknown | None, members: Iterable[str | Unknown | None]
) -> Iterator[Finding]:
    for member in members:
        shown = quoted(member) if isinstance(member, str) else _SOMEBODY
        if member in EVERYBODY or (isinstance(member, str) and _is_a_pool(member)):
            yield case.finding("public-access", f"given to {shown}: {_role(role_)}", why="")
        elif role_ in BASIC_ROLES:
            yield case.finding("basic-role", f"given to {shown}: {_role(role_)}", why="")
        elif isinstance(role_, str) and _is_powerful(case, role_):
            yield case.finding("powerful-role", f"given to {shown}: {_role(role_)}", why="")
        elif isinstance(role_, Unknown) or (
            not isinstance(member, str) and not case.world.makes_accounts
        ):
            yield case.finding("grant-unknown", f"new: {_role(role_)} for {shown}", why="")
        else:
            yield case.finding("grant-added", f"new: {_role(role_)} for {shown}", why="")


def _is_powerful(case: Case, role_: str) -> bool:
    kind = case.change.type
    if kind.startswith(_IN_ALL):
        return role_ in POWERFUL or role_ == _SECRETS or bool(_ADMINISTERS.fullmatch(role_))
    if kind.startswith("google_service_account_"):
        return role_ not in _AS_ONE_ACCOUNT and (
            role_ in POWERFUL or bool(_ADMINISTERS.fullmatch(role_))
        )
    # On a single thing, who administers it can hand out rights on it.
    return role_.endswith(".admin")


def _is_a_pool(member: str) -> bool:
    """Whether it is everybody whom an identity pool lets in."""
    return member.startswith("principalSet:") and member.endswith("/*")


def _role(role_: object) -> str:
    return quoted(role_) if isinstance(role_, str) else "a role that is not known yet"


def _said(values: Values) -> str:
    member = values.text("member")
    who = "all its members" if member is None else quoted(member) if isinstance(
        member, str) else "somebody who is not told"  # fmt: skip
    return f"{_role(values.text('role'))} from {who}"


def goes_with_its_resource(case: Case) -> bool:
    """Whether what the grant is on is deleted, and not made again, in the same plan."""
    key, kind = _ON.get(case.change.type, ("", ""))
    name = str(case.before.get(key)).rpartition("/")[2] if key else ""
    return (kind, name) in case.world.deleted
