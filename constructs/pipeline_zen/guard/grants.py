"""Who may do what: roles given to members, one by one, as a whole, and by access control lists."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pipeline_zen import kinds
from pipeline_zen.guard.checks import harmless, judges
from pipeline_zen.guard.harmless import any_of, known, refers_to
from pipeline_zen.guard.powers import BASIC_ROLES, is_powerful, is_public
from pipeline_zen.guard.resource import Resource, listed, quoted
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.plan import UNKNOWN, Action, Unknown, Values

SOMEBODY = "somebody who is not known yet"

Held = Mapping[str, frozenset[str]]
"""Who has a role, by role."""

_ON = " ".join(sorted({kind.on.attribute for kind in kinds.KINDS.values() if kind.on}))
_TYPES = tuple({kind.on.type for kind in kinds.KINDS.values() if kind.on})

harmless(
    "*_iam_member",
    "*_iam_binding",
    "*_iam_policy",
    "*_iam_member_remove",
    tests={},
    may_go=True,
    new={
        _ON: any_of(known, refers_to(*_TYPES)),
        "condition": known,
        "dataset_id folder image location name org_id region repository table_id zone": known,
    },
)

GRANT_REMOVED = Rule(
    "grant-removed",
    Severity.BREAKS_IDENTITY,
    "See that no running job needs it, and allow it.",
)


@judges("*_iam_member", attributes="condition member role")
def _member_removed(grant: Resource) -> Iterator[Finding]:
    if grant.change.action.destroys and not goes_with_its_resource(grant):
        yield grant.found(GRANT_REMOVED, f"removed: {_said(grant.before)}")


@judges("*_iam_member_remove", attributes="*")
def _taken(removal: Resource) -> Iterator[Finding]:
    """A resource that takes a role from somebody."""
    if removal.judged_as_it_is:
        yield removal.found(GRANT_REMOVED, f"takes away {_said(removal.after)}")


@judges("*_iam_binding", "*_iam_policy")
def _binding_removed(binding: Resource) -> Iterator[Finding]:
    if binding.change.action.destroys:
        held = _held(binding.before)
        shown = "all roles by it" if held is UNKNOWN or not held else _shown(held)
        yield binding.found(GRANT_REMOVED, f"removed: {shown}")


GRANT_AUTHORITATIVE = Rule(
    "grant-authoritative",
    Severity.BREAKS_IDENTITY,
    "Use the `_iam_member` resource: this one takes the role from everybody it does not name.",
)


@judges("*_iam_binding", attributes="members role")
@judges("*_iam_policy", attributes="policy_data")
def _set_as_a_whole(binding: Resource) -> Iterator[Finding]:
    """All who have a role, or all roles."""
    if binding.made:
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
    "Its holder can take further rights, act as somebody else, read secrets, or take away jobs and "
    "data: grant what the task needs, on the one thing that it needs it for.",
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


@judges("*_iam_member", attributes="member role")
def _member_given(grant: Resource) -> Iterator[Finding]:
    if grant.change.action is not Action.DELETE:
        yield from _given(grant, grant.after.text("role"), [grant.after.text("member")])


@judges("*_iam_binding", attributes="members role")
@judges("*_iam_policy", attributes="policy_data")
def _binding_given(binding: Resource) -> Iterator[Finding]:
    if binding.change.action is Action.DELETE:
        return
    # One in the place of another is on something else, whoever had the role there.
    new = _more(_held(binding.after), {} if binding.made else _held(binding.before))
    if new is UNKNOWN:
        yield from _given(binding, binding.after.text("role"), [UNKNOWN])
        yield from _read(binding)
    else:
        for role, members in sorted(new.items()):
            yield from _given(binding, role, sorted(members))


def _read(policy: Resource) -> Iterator[Finding]:
    """What a policy gives of which all is written, though the apply puts it together."""
    names = {".".join(one.split(".")[:3]) for one in policy.references("policy_data")}
    for address, values in policy.plan.policies.items():
        if names and address not in names:
            continue
        bindings = values.blocks("binding")
        for entry in () if bindings is UNKNOWN else bindings:
            members = entry.get("members")
            known = members if isinstance(members, list) else []
            named = [member for member in known if isinstance(member, str)]
            yield from _given(policy, entry.text("role"), sorted(named))


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
    if isinstance(member, str) and is_public(member):
        return PUBLIC_ACCESS
    if role in BASIC_ROLES:
        return BASIC_ROLE
    if isinstance(role, str) and is_powerful(grant.change.type, role, grant.plan.roles):
        return POWERFUL_ROLE
    unknown = not isinstance(member, str) and not _is_new_account(grant)
    return GRANT_UNKNOWN if unknown or not isinstance(role, str) else GRANT_ADDED


def _is_new_account(grant: Resource) -> bool:
    """Whether a member that is not known yet is an account that the same plan makes."""
    return grant.refers_to(grant.references("member"), (kinds.ACCOUNT,))


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
