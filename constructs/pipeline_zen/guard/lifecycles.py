"""Lifecycle rules of buckets: what they do to objects to which it was not done before."""

from pipeline_zen.guard.amounts import at_least
from pipeline_zen.guard.resource import Resource
from pipeline_zen.plan import UNKNOWN, Unknown, Values

_LIMITS = ("age", "days_since_custom_time", "days_since_noncurrent_time", "num_newer_versions")
"""The conditions of a lifecycle rule that spare more objects the larger they are."""

DELETE, MOVE, ABORT = "Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"
ACTIONS = (DELETE, MOVE, ABORT)

_BEGIN, _END, _CLASSES = "matches_prefix", "matches_suffix", "matches_storage_class"

_PATIENT = 7
"""Days after which an upload that nobody has ended is one that nobody will end."""

_NO_CONDITION: tuple[object, ...] = (None, False, 0, "", [], "ANY")


def does_more(bucket: Resource, action: str) -> bool:
    """Whether rules do that to objects, or may, to which it was not done before."""
    before, after = (values.blocks("lifecycle_rule") for values in (bucket.before, bucket.after))
    if after is UNKNOWN:
        return True
    earlier = [] if before is UNKNOWN else [rule for rule in before if _does(rule, action)]
    return any(
        _does(rule, action)
        and not _waits(rule)
        and not any(_spares_as_much(rule, other) for other in earlier)
        for rule in after
    )


def _does(rule: Values, action: str) -> bool:
    return rule.block("action").text("type") in (action, UNKNOWN)


def _waits(rule: Values) -> bool:
    """Whether it only ends uploads that nobody will end."""
    old = at_least(rule.block("condition").number("age"), _PATIENT)
    return old and rule.block("action").text("type") == ABORT


def _spares_as_much(rule: Values, other: Values) -> bool:
    """Whether a rule deletes nothing that the other would not have deleted as well."""
    new, old = rule.block("condition"), other.block("condition")
    classes = [one.block("action").get("storage_class") for one in (rule, other)]
    told = new.known and old.known and _alike(*classes)
    return told and all(
        _alike(new.get(key), old.get(key))
        or (key == "with_state" and old.get(key) == "ANY")
        or (key in _LIMITS and at_least(new.number(key), old.number(key)))
        or (key in (_BEGIN, _END, _CLASSES) and _is_of_fewer(new.texts(key), old.texts(key), key))
        for key in new.keys() | old.keys()
    )


def _is_of_fewer(new: frozenset[str] | Unknown, old: frozenset[str] | Unknown, key: str) -> bool:
    """Whether names, or classes, are all among the others; none at all stands for all of them."""
    if isinstance(new, Unknown) or isinstance(old, Unknown) or not new:
        return False
    if key == _CLASSES or not old:
        return not old or new <= old
    fits = str.startswith if key == _BEGIN else str.endswith
    return all(fits(one, tuple(old)) for one in new)


def _alike(new: object, old: object) -> bool:
    """Whether a condition stays as it is; the provider writes several things for none."""
    return new == old or (new in _NO_CONDITION and old in _NO_CONDITION)
