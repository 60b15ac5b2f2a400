"""What is let through and held back: firewalls, and policies that forbid whatever roles allow."""

from collections.abc import Iterator

from pipeline_zen.guard.checks import judges
from pipeline_zen.guard.general import DELETED, UNJUDGED
from pipeline_zen.guard.grants import PUBLIC_ACCESS
from pipeline_zen.guard.resource import Resource
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.plan import UNKNOWN, Unknown, Values

_WIDEST = 8
"""Bits of the widest range of addresses that is not taken for the whole internet."""

ACCESS_DENIED = Rule(
    "access-denied",
    Severity.BREAKS_IDENTITY,
    "See by name whom it stops, and that no job needs that; then allow it.",
)


_ORG_POLICIES = ("google_org_policy_policy", "google_project_organization_policy")

POLICY_LOOSENED = Rule(
    "policy-loosened",
    Severity.WIDENS_ACCESS,
    "See what the policy kept from happening, and that nobody relies on it; then allow it.",
)


@judges(*_ORG_POLICIES, attributes="*")
def _org_policy(policy: Resource) -> Iterator[Finding]:
    """What an organization forbids, or allows where it is forbidden above."""
    if policy.change.action.destroys:
        yield policy.found(UNJUDGED, "removed: what it forbade is up to what is above it again")
    if policy.judged_as_it_is and (_loosens(policy.after) or _lets_more(policy)):
        yield policy.found(POLICY_LOOSENED, "made to allow what may be forbidden above it", why="")
    elif policy.judged_as_it_is:
        what = "made to forbid, whatever roles allow: jobs, VMs or the scheduler may be stopped"
        yield policy.found(ACCESS_DENIED, what)


def _loosens(values: Values) -> bool:
    """Whether all that it says is that something is allowed, not enforced, or as above it."""
    spec = values.block("spec")
    if spec.flag("reset") is True:
        return True
    rules = spec.blocks("rules")
    loose = [
        _says(rule, "allow_all") is True or _says(rule, "enforce") is False
        for rule in (() if rules is UNKNOWN else rules)
    ]
    boolean, listed = values.block("boolean_policy"), values.block("list_policy")
    older = boolean.flag("enforced") is False or listed.block("allow").flag("all") is True
    return (bool(loose) and all(loose)) or older


def _lets_more(policy: Resource) -> bool:
    """Whether all that changes is that its one rule allows more values, or denies fewer."""
    old, new = map(_lists, (policy.before, policy.after))
    if old is None or new is None or old == new or not old[0] <= new[0]:
        return False
    # The first value that is allowed forbids all others.
    return new[1] <= old[1] and bool(old[0]) == bool(new[0])


def _lists(values: Values) -> tuple[frozenset[str], frozenset[str]] | None:
    """What its one rule allows, and what it denies; None where it is none of that kind."""
    rules = values.block("spec").blocks("rules")
    if rules is UNKNOWN or len(rules) != 1:
        return None
    listed = rules[0].block("values")
    allowed, denied = listed.texts("allowed_values"), listed.texts("denied_values")
    if isinstance(allowed, Unknown) or isinstance(denied, Unknown) or not listed.exists:
        return None
    return allowed, denied


def _says(rule: Values, key: str) -> bool | Unknown | None:
    """A flag of a rule, which the provider has as a text in capitals."""
    value = rule.get(key)
    return Values({key: value.lower()}).flag(key) if isinstance(value, str) else rule.flag(key)


@judges("google_iam_deny_policy", attributes="*")
def _denial(policy: Resource) -> Iterator[Finding]:
    if policy.change.action.destroys:
        yield policy.found(UNJUDGED, "removed: what it forbade is up to the roles again")
    if policy.judged_as_it_is:
        what = "made to forbid, whatever roles allow: jobs, VMs or the scheduler may be stopped"
        yield policy.found(ACCESS_DENIED, what)


@judges("google_compute_firewall", attributes="*")
def _firewall(firewall: Resource) -> Iterator[Finding]:
    """A rule of a firewall."""
    if firewall.change.action.destroys:
        what = "removed: what it let through or held back is no longer"
        yield firewall.found(DELETED, what)
    changed = firewall.updated and firewall.changed - {"description"}
    if (changed or firewall.made) and firewall.after.flag("disabled") is not True:
        yield _let_through(firewall)
    elif changed:
        yield firewall.found(UNJUDGED, "switched off, or changed while it is")


def _let_through(firewall: Resource) -> Finding:
    values = firewall.after
    incoming = values.text("direction") != "EGRESS"
    if incoming and values.blocks("allow") != [] and _is_public(values):
        return firewall.found(PUBLIC_ACCESS, "open to the whole internet", why="")
    if values.blocks("deny") != []:
        what = "made to hold back what VMs or the scheduler may need to send or to receive"
        return firewall.found(ACCESS_DENIED, what, why="")
    return firewall.found(UNJUDGED, "lets through what it did not so far")


def _is_public(values: Values) -> bool:
    """Whether anybody gets in; without any source at all everybody does."""
    ranges = values.texts("source_ranges")
    if ranges is UNKNOWN:
        return True
    narrowed = values.get("source_tags") or values.get("source_service_accounts")
    if not ranges:
        return not narrowed
    bits = [entry.rpartition("/")[2] for entry in ranges if "/" in entry]
    return any(not one.isdigit() or int(one) < _WIDEST for one in bits)
