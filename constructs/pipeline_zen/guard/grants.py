"""Who may do what: roles given to members, one by one, as a whole, and by access control lists."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pipeline_zen import kinds
from pipeline_zen.guard.checks import judges
from pipeline_zen.guard.resource import Resource, listed, quoted
from pipeline_zen.guard.rules import Finding, Rule, Severity
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

_AS_ONE_ACCOUNT = ("roles/iam.serviceAccountUser", "roles/iam.workloadIdentityUser")
"""Roles that are needed on a single account, by who applies and by workflows."""

SOMEBODY = "somebody who is not known yet"

Held = Mapping[str, frozenset[str]]
"""Who has a role, by role."""

GRANT_REMOVED = Rule(
    "grant-removed",
    Severity.BREAKS_IDENTITY,
    "See that no running job needs it, and allow it.",
)


@judges("*_iam_member", attributes="condition member role")
def _member_removed(grant: Resource) -> Iterator[Finding]:
    if grant.change.action.destroys and not goes_with_its_resource(grant):
        yield grant.found(GRANT_REMOVED, f"removed: {_said(grant.before)}")


@judges("*_iam_member_remove", attributes="member role")
def _taken(removal: Resource) -> Iterator[Finding]:
    """A resource that takes a role from somebody."""
    if not removal.change.action.destroys or removal.change.action.replaces:
        yield removal.found(GRANT_REMOVED, f"takes away {_said(removal.after)}")


@judges("*_iam_binding", "*_iam_policy")
def _binding_removed(binding: Resource) -> Iterator[Finding]:
    if binding.change.action.destroys:
        yield binding.found(GRANT_REMOVED, f"removed: {_said(binding.before)}")


GRANT_AUTHORITATIVE = Rule(
    "grant-authoritative",
    Severity.BREAKS_IDENTITY,
    "Use the `_iam_member` resource: this one takes the role from everybody it does not name.",
)


@judges("*_iam_binding", attributes="members role")
@judges("*_iam_policy", attributes="policy_data")
def _set_as_a_whole(binding: Resource) -> Iterator[Finding]:
    """All who have a role, or all roles."""
    if binding.change.action is Action.CREATE:
        what = "set as a whole: whoever has it and is not named loses it"
        yield binding.found(GRANT_AUTHORITATIVE, what)
    elif binding.updated:
        lost = _more(_held(binding.before), _held(binding.after))
        if lost is UNKNOWN or lost:
            who = "" if lost is UNKNOWN else f": {_shown(lost)}"
            what = f"changed as a whole: taken away{who}"
            yield binding.found(GRANT_AUTHORITATIVE, what)


PUBLIC_ACCESS = Rule(
    "public-access",
    Severity.WIDENS_ACCESS,
    "Name who needs it instead of everybody.",
)

BASIC_ROLE = Rule(
    "basic-role",
    Severity.WIDENS_ACCESS,
    "Grant the narrow role for the task instead.",
)

POWERFUL_ROLE = Rule(
    "powerful-role",
    Severity.WIDENS_ACCESS,
    "Its holder can take further rights, act as somebody else or read secrets: grant what the "
    "task needs, on the one thing that it needs it for.",
)

GRANT_UNKNOWN = Rule(
    "grant-unknown",
    Severity.WIDENS_ACCESS,
    "Write role and member as plain text, so that it can be read who gets what.",
)

GRANT_ADDED = Rule(
    "grant-added",
    Severity.WIDENS_ACCESS,
    "See that each is needed.",
    blocks=False,
)


@judges("*_iam_member")
def _member_given(grant: Resource) -> Iterator[Finding]:
    if grant.change.action is not Action.DELETE:
        yield from _given(grant, grant.after.text("role"), [grant.after.text("member")])


@judges("*_iam_binding", "*_iam_policy")
def _binding_given(binding: Resource) -> Iterator[Finding]:
    if binding.change.action is Action.DELETE:
        return
    new = _more(_held(binding.after), _held(binding.before))
    if new is UNKNOWN:
        yield from _given(binding, binding.after.text("role"), [UNKNOWN])
    else:
        for role, members in sorted(new.items()):
            yield from _given(binding, role, sorted(members))


def _given(
    grant: Resource, role: str | Unknown | None, members: Iterable[str | Unknown | None]
) -> Iterator[Finding]:
    for member in members:
        rule = _rule_of(grant, role, member)
        shown = quoted(member) if isinstance(member, str) else SOMEBODY
        new = rule in (GRANT_UNKNOWN, GRANT_ADDED)
        what = f"new: {_role(role)} for {shown}" if new else f"given to {shown}: {_role(role)}"
        yield grant.found(rule, what, why="")


def _rule_of(grant: Resource, role: str | Unknown | None, member: str | Unknown | None) -> Rule:
    """What a role given to somebody is found as."""
    if member in EVERYBODY or (isinstance(member, str) and _is_a_pool(member)):
        return PUBLIC_ACCESS
    if role in BASIC_ROLES:
        return BASIC_ROLE
    if isinstance(role, str) and _is_powerful(grant, role):
        return POWERFUL_ROLE
    unknown = not isinstance(member, str) and not grant.plan.makes_accounts
    return GRANT_UNKNOWN if unknown or isinstance(role, Unknown) else GRANT_ADDED


def _held(values: Values) -> Held | Unknown:
    """Who has which role by a binding, or by a policy, which is JSON."""
    policy = values.text("policy_data")
    if isinstance(policy, Unknown):
        return UNKNOWN
    if policy is None:
        role, members = values.text("role"), values.texts("members")
        if isinstance(role, Unknown) or isinstance(members, Unknown):
            return UNKNOWN
        return {role: members} if role else {}
    held: dict[str, frozenset[str]] = defaultdict(frozenset)
    try:
        for entry in map(Values, json.loads(policy).get("bindings") or ()):
            role, members = entry.text("role"), entry.texts("members")
            if not isinstance(role, str) or isinstance(members, Unknown):
                return UNKNOWN
            held[role] |= members
    except (ValueError, AttributeError, TypeError):
        return UNKNOWN
    return held


def _more(one: Held | Unknown, other: Held | Unknown) -> Held | Unknown:
    """What *one* has and *other* has not."""
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return UNKNOWN
    more = {role: members - other.get(role, frozenset()) for role, members in one.items()}
    return {role: members for role, members in more.items() if members}


def _shown(held: Held) -> str:
    return "; ".join(f"{quoted(role)} from {listed(held[role])}" for role in sorted(held))


def _is_powerful(grant: Resource, role: str) -> bool:
    kind = grant.change.type
    if kind.startswith(_IN_ALL):
        return role in POWERFUL or role == _SECRETS or bool(_ADMINISTERS.fullmatch(role))
    if kind.startswith("google_service_account_"):
        return role not in _AS_ONE_ACCOUNT and (
            role in POWERFUL or bool(_ADMINISTERS.fullmatch(role))
        )
    # On a single thing, who administers it can hand out rights on it.
    return role.endswith(".admin")


def _is_a_pool(member: str) -> bool:
    """Whether it is everybody whom an identity pool lets in."""
    return member.startswith("principalSet:") and member.endswith("/*")


def _role(role: object) -> str:
    return quoted(role) if isinstance(role, str) else "a role that is not known yet"


def _said(values: Values) -> str:
    member = values.text("member")
    who = "all its members" if member is None else quoted(member) if isinstance(
        member, str) else "somebody who is not told"  # fmt: skip
    return f"{_role(values.text('role'))} from {who}"


def goes_with_its_resource(grant: Resource) -> bool:
    """Whether what the grant is on is deleted, and not made again, in the same plan."""
    on = kinds.of(grant.change.type).on
    name = str(grant.before.get(on.attribute)).rpartition("/")[2] if on else ""
    return on is not None and (on.type, name) in grant.plan.deleted
