"""What becomes of data: buckets and secrets."""

from collections.abc import Iterator

from pipeline_zen.guard.amounts import at_least, period
from pipeline_zen.guard.findings import Finding
from pipeline_zen.guard.world import Case
from pipeline_zen.plan import UNKNOWN, Action, Unknown, Values

_KEPT = ("DISABLE", "ABANDON")
"""The deletion policies of a secret's version that leave its text where it is."""

_SOFT_DELETE = 604_800.0
"""Seconds for which Google keeps deleted objects where nothing is said."""

_LONGER_IS_SAFER = (
    ("retention_policy", "retention_period", "the retention policy", 0.0),
    ("soft_delete_policy", "retention_duration_seconds", "soft deletion", _SOFT_DELETE),
)

_LIMITS = ("age", "days_since_custom_time", "days_since_noncurrent_time", "num_newer_versions")
"""The conditions of a lifecycle rule that spare more objects the larger they are."""

_NO_CONDITION: tuple[object, ...] = (None, False, 0, "", [], "ANY")


def bucket(case: Case) -> Iterator[Finding]:
    """A bucket."""
    if case.change.action is Action.CREATE and case.after.flag("force_destroy") in (True, UNKNOWN):
        what = "new, and to be deleted even with objects in it (`force_destroy`)"
        yield case.finding("bucket-unguarded", what)
    force = " (`force_destroy`)" if case.before.flag("force_destroy") is True else ""
    fate = "with all that is in it" if force else "or, while it is not empty, the apply fails"
    if case.change.action is Action.DELETE:
        yield case.finding("bucket-deleted", f"deleted, {fate}{force}")
    elif case.change.action.replaces:
        yield case.finding("bucket-replaced", f"replaced, {fate}{force}")
    elif case.change.action is Action.UPDATE:
        yield from _guards(case)
        yield from _shut(case)
        yield from _expiry(case)


def _guards(case: Case) -> Iterator[Finding]:
    if case.changes("force_destroy") and case.after.flag("force_destroy") in (True, UNKNOWN):
        what = "set to be deleted even with objects in it (`force_destroy`)"
        yield case.finding("bucket-unguarded", what)
    if (
        case.changes("public_access_prevention")
        and case.after.text("public_access_prevention") != "enforced"
    ):
        yield case.finding("access-unguarded", "no longer kept from public access")
    uniform = "uniform_bucket_level_access"
    if case.changes(uniform) and case.after.flag(uniform) is not True:
        what = "set so that single objects can be published"
        yield case.finding("access-unguarded", what)


def _shut(case: Case) -> Iterator[Finding]:
    """Who could read or write until now, and cannot any more."""
    for key, wanted in (
        ("public_access_prevention", "enforced"),
        ("uniform_bucket_level_access", True),
    ):
        if case.changes(key) and case.after.get(key) == wanted:
            what = "set so that objects that jobs have published are public no longer"
            yield case.finding("access-narrowed", f"{what} (`{key}`)", of=(key,))
    if case.changes("ip_filter") and case.after.block("ip_filter").text("mode") != "Disabled":
        what = "closed to all but some addresses (`ip_filter`): jobs may not write any more"
        yield case.finding("access-narrowed", what)
    if case.changes("requester_pays") and case.after.flag("requester_pays") is not False:
        what = "set so that whoever reads or writes must pay (`requester_pays`), which jobs do not"
        yield case.finding("access-narrowed", what)
    held = "retention_policy"
    if case.changes(held) and case.after.block(held).exists and not _is_shorter(case, held):
        what = "set to hold objects: jobs can no longer overwrite or delete theirs"
        forever = case.after.block(held).flag("is_locked") in (True, UNKNOWN)
        lasts = ", and nobody can undo that" if forever else ""
        yield case.finding("access-narrowed", f"{what}{lasts} (`{held}`)")


def _is_shorter(case: Case, block: str) -> bool:
    """Whether all that changes is that objects are held for less long."""
    before, after = (values.block(block) for values in (case.before, case.after))
    old, new = before.seconds("retention_period"), after.seconds("retention_period")
    known = isinstance(old, int | float) and isinstance(new, int | float) and new < old
    return known and before.flag("is_locked") == after.flag("is_locked")


def _expiry(case: Case) -> Iterator[Finding]:
    if case.changes("lifecycle_rule") and _deletes_more(case):
        yield case.finding("objects-expire", "given a lifecycle rule that deletes objects")
    for block, key, name, usual in _LONGER_IS_SAFER:
        if not case.changes(block):
            continue
        old, new = (values.block(block).seconds(key) for values in (case.before, case.after))
        old = usual if old is None else old
        new = usual if new is None else new
        if isinstance(old, Unknown) or isinstance(new, Unknown):
            what = f"changed in how long {name} holds objects, to what is not known"
            yield case.finding("objects-expire", what)
        elif new < old:
            what = f"set so that {name} holds objects for {period(new)} instead of {period(old)}"
            yield case.finding("objects-expire", what)
    kept = case.after.block("versioning").flag("enabled")
    if case.changes("versioning") and kept is not True:
        yield case.finding("objects-expire", "set to keep no earlier versions of objects")


def _deletes_more(case: Case) -> bool:
    before, after = (values.blocks("lifecycle_rule") for values in (case.before, case.after))
    if after is UNKNOWN:
        return True
    earlier = [] if before is UNKNOWN else [rule for rule in before if _deletes(rule)]
    return any(
        _deletes(rule) and not any(_spares_as_much(rule, other) for other in earlier)
        for rule in after
    )


def _deletes(rule: Values) -> bool:
    return rule.block("action").text("type") in ("Delete", UNKNOWN)


def _spares_as_much(rule: Values, other: Values) -> bool:
    """Whether a rule deletes nothing that the other would not have deleted as well."""
    new, old = rule.block("condition"), other.block("condition")
    if not (new.known and old.known):
        return False
    keys = new.keys() | old.keys()
    return all(
        _alike(new.get(key), old.get(key))
        or (key == "with_state" and old.get(key) == "ANY")
        or (key in _LIMITS and at_least(new.number(key), old.number(key)))
        for key in keys
    )


def _alike(new: object, old: object) -> bool:
    """Whether a condition stays as it is; the provider writes several things for none."""
    return new == old or (new in _NO_CONDITION and old in _NO_CONDITION)


def secret(case: Case) -> Iterator[Finding]:
    """A secret."""
    if case.change.action.destroys:
        done = "deleted" if case.change.action is Action.DELETE else "replaced"
        yield case.finding("secret-deleted", f"{done}, with all its versions")
    elif case.change.action is Action.UPDATE:
        protected = "deletion_protection"
        if case.changes(protected) and case.after.flag(protected) is not True:
            yield case.finding("secret-unguarded", "no longer protected from deletion")
        for key in ("expire_time", "ttl"):
            if case.changes(key) and case.after.text(key):
                yield case.finding("secret-deleted", f"set to be deleted by Google (`{key}`)")


def secret_version(case: Case) -> Iterator[Finding]:
    """
    A version of a secret.

    The harmless case is a rotation: the new version is made first, and the old one only disabled.
    """
    kept = case.before.text("deletion_policy") in _KEPT
    action = case.change.action
    new_is_off = case.after.flag("enabled") not in (True, None)
    if action.destroys and not kept:
        yield case.finding("secret-version-lost", "destroyed: its text is gone for good")
    elif action is Action.REPLACE:
        what = "disabled before its successor is there: a VM that starts then finds none"
        yield case.finding("secret-version-disabled", what)
    elif action is Action.DELETE and not case.change.deposed:
        what = "disabled without a successor: a VM that starts finds none"
        yield case.finding("secret-version-disabled", what)
    elif action is Action.UPDATE:
        if case.changes("enabled") and new_is_off:
            yield case.finding("secret-version-disabled", "disabled: a VM that starts finds none")
        policy = "deletion_policy"
        if case.changes(policy) and case.after.text(policy) not in _KEPT:
            what = "set to be destroyed, not disabled, by the next rotation"
            yield case.finding("secret-unguarded", what)
    if (action is Action.CREATE or action.replaces) and new_is_off:
        what = "made, but not enabled: a VM that starts asks for the newest one, and is refused"
        yield case.finding("secret-version-disabled", what)
