"""Rights on a bucket or its objects by Google's older way: access control lists."""

from collections.abc import Iterator

from pipeline_zen.guard.checks import harmless, judges
from pipeline_zen.guard.grants import (
    GRANT_ADDED,
    GRANT_REMOVED,
    GRANT_UNKNOWN,
    PUBLIC_ACCESS,
    SOMEBODY,
)
from pipeline_zen.guard.harmless import known, only
from pipeline_zen.guard.powers import is_public
from pipeline_zen.guard.resource import Resource, listed, quoted
from pipeline_zen.guard.rules import Finding, Rule
from pipeline_zen.plan import UNKNOWN, Unknown, Values

ACLS = (
    "google_storage_bucket_access_control",
    "google_storage_bucket_acl",
    "google_storage_default_object_access_control",
    "google_storage_default_object_acl",
    "google_storage_object_access_control",
    "google_storage_object_acl",
)

_PUBLIC = ("authenticatedRead", "publicRead", "publicReadWrite")
"""Google's ready-made lists with everybody on them."""


harmless(
    *ACLS,
    tests={"default_acl": only(None)},
    new={"bucket object": known},
    computed="domain email entity_id project_team role_entity",
)


@judges(*ACLS, attributes="entity role_entity")
def _removed(acl: Resource) -> Iterator[Finding]:
    gone = _entities(acl.before)
    if not acl.change.action.destroys:
        gone -= _entities(acl.after)
    if acl.change.action.destroys or gone:
        yield acl.found(GRANT_REMOVED, f"removed: {listed(gone) or 'all of it'}")


@judges(*ACLS, attributes="default_acl entity predefined_acl role role_entity")
def _given(acl: Resource) -> Iterator[Finding]:
    roles = (acl.before.text("role"), acl.after.text("role"))
    if acl.updated and acl.changes("role"):
        what = f"changed from {quoted(roles[0])} to {quoted(roles[1])}"
        yield acl.found(GRANT_UNKNOWN, what, why="", of=("role",))
    # One in the place of another is on something else.
    held = frozenset() if acl.made else _entities(acl.before)
    if acl.changes("entity", "role_entity"):
        # Of two that are not known, one need not be the other.
        held -= {SOMEBODY}
    for entity in sorted(_entities(acl.after) - held):
        yield acl.found(_rule_of(entity), f"given to {quoted(entity)}", why="")
    for key in ("default_acl", "predefined_acl"):
        if acl.after.text(key) in (*_PUBLIC, UNKNOWN):
            what = f"set to {quoted(acl.after.get(key))}, which is for everybody"
            yield acl.found(PUBLIC_ACCESS, what, why="")


def _rule_of(entity: str) -> Rule:
    if entity == SOMEBODY:
        return GRANT_UNKNOWN
    who = entity.rpartition(":")[2]
    return PUBLIC_ACCESS if is_public(who) or who.startswith("domain-") else GRANT_ADDED


def _entities(values: Values) -> frozenset[str]:
    """Who is named, with the role before it where a list has both."""
    single, several = values.text("entity"), values.texts("role_entity")
    named = {SOMEBODY} if UNKNOWN in (single, several) else set()
    named |= {single} if isinstance(single, str) else set()
    return frozenset(named | (set() if isinstance(several, Unknown) else several))
