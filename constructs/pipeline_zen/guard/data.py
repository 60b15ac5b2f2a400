"""What becomes of data: buckets and secrets."""

from collections.abc import Iterator

from pipeline_zen.guard.findings import Finding
from pipeline_zen.guard.queues import seconds
from pipeline_zen.guard.world import UNKNOWN, Case, first
from pipeline_zen.plan import Action

_KEPT = ("DISABLE", "ABANDON")
"""The deletion policies of a secret's version that leave its text where it is."""

_LONGER_IS_SAFER = (
    ("retention_policy", "retention_period", "the retention policy"),
    ("soft_delete_policy", "retention_duration_seconds", "soft deletion"),
)


def bucket(case: Case) -> Iterator[Finding]:
    """A bucket."""
    force = " (`force_destroy`)" if case.before.get("force_destroy") is True else ""
    fate = "with all that is in it" if force else "or, while it is not empty, the apply fails"
    if case.change.action is Action.DELETE:
        yield case.finding("bucket-deleted", f"deleted, {fate}{force}")
    elif case.change.action.replaces:
        yield case.finding("bucket-replaced", f"replaced, {fate}{force}")
    elif case.change.action is Action.UPDATE:
        yield from _guards(case)
        yield from _expiry(case)


def _guards(case: Case) -> Iterator[Finding]:
    if case.before.get("force_destroy") is not True and case.new("force_destroy") in (
        True,
        UNKNOWN,
    ):
        what = "set to be deleted even with objects in it (`force_destroy`)"
        yield case.finding("bucket-unguarded", what)
    prevention = case.before.get("public_access_prevention")
    if prevention == "enforced" != case.new("public_access_prevention"):
        what = "no longer kept from public access"
        yield case.finding("access-unguarded", what)
    uniform = case.before.get("uniform_bucket_level_access")
    if uniform is True is not case.new("uniform_bucket_level_access"):
        what = "set so that single objects can be published"
        yield case.finding("access-unguarded", what)


def _expiry(case: Case) -> Iterator[Finding]:
    if case.changes("lifecycle_rule"):
        before, after = case.before.get("lifecycle_rule") or [], case.new("lifecycle_rule") or []
        deleting = after is UNKNOWN or any(
            first(rule.get("action")).get("type") == "Delete"
            for rule in after
            if rule not in before
        )
        if deleting:
            what = "given a lifecycle rule that deletes objects"
            yield case.finding("objects-expire", what)
    for block, key, name in _LONGER_IS_SAFER:
        old = seconds(first(case.before.get(block)).get(key))
        new = seconds(first(case.new(block)).get(key))
        if old and case.changes(block) and (new or 0) < old:
            what = f"set so that {name} holds objects for {new or 0:g} seconds instead of {old:g}"
            yield case.finding("objects-expire", what)
    versions = first(case.before.get("versioning")).get("enabled")
    if versions is True is not first(case.new("versioning")).get("enabled"):
        what = "set to keep no earlier versions of objects"
        yield case.finding("objects-expire", what)


def secret(case: Case) -> Iterator[Finding]:
    """A secret."""
    if case.change.action.destroys:
        done = "deleted" if case.change.action is Action.DELETE else "replaced"
        yield case.finding("secret-deleted", f"{done}, with all its versions")
    elif case.change.action is Action.UPDATE:
        protected = case.before.get("deletion_protection")
        if protected is True is not case.new("deletion_protection"):
            yield case.finding("secret-unguarded", "no longer protected from deletion")
        for key in ("expire_time", "ttl"):
            if case.changes(key) and (case.new(key) is UNKNOWN or case.new(key)):
                yield case.finding("secret-deleted", f"set to be deleted by Google (`{key}`)")


def secret_version(case: Case) -> Iterator[Finding]:
    """
    A version of a secret.

    The harmless case is a rotation: the new version is made first, and the old one only disabled.
    """
    kept = case.before.get("deletion_policy") in _KEPT
    action = case.change.action
    if action.destroys and not kept:
        yield case.finding("secret-version-lost", "destroyed: its text is gone for good")
    elif action is Action.REPLACE:
        what = "disabled before its successor is there: a VM that starts then finds none"
        yield case.finding("secret-version-lost", what)
    elif action is Action.DELETE and not case.change.deposed:
        what = "disabled without a successor: a VM that starts finds none"
        yield case.finding("secret-version-lost", what)
    elif action is Action.UPDATE:
        if case.before.get("enabled") is True is not case.new("enabled"):
            yield case.finding("secret-version-lost", "disabled: a VM that starts finds none")
        if kept and case.new("deletion_policy") not in _KEPT:
            what = "set to be destroyed, not disabled, by the next rotation"
            yield case.finding("secret-unguarded", what)
