"""What becomes of data: buckets, and who reaches what is in them."""

from collections.abc import Iterator

from pipeline_zen import names
from pipeline_zen.guard.amounts import at_least, period
from pipeline_zen.guard.checks import harmless, judges
from pipeline_zen.guard.harmless import any_of, anything, known, only, removed
from pipeline_zen.guard.leaf import Leaf
from pipeline_zen.guard.lifecycles import ABORT, ACTIONS, DELETE, MOVE, does_more
from pipeline_zen.guard.resource import Resource, quoted
from pipeline_zen.guard.rules import Finding, Rule, Severity
from pipeline_zen.kinds import BUCKET
from pipeline_zen.plan import UNKNOWN, Action, Unknown, Values

_SOFT_DELETE = 604_800.0
"""Seconds for which Google keeps deleted objects where nothing is said."""

_LONGER_IS_SAFER = (
    ("retention_policy", "retention_period", "the retention policy", 0.0),
    ("soft_delete_policy", "retention_duration_seconds", "soft deletion", _SOFT_DELETE),
)

_USUAL_CLASSES = ("STANDARD", "MULTI_REGIONAL", "REGIONAL")
"""Storage classes of which neither reading nor early deletion is paid for."""


def _lifecycle(leaf: Leaf) -> bool:
    """Rules that are all of a known kind; what they do that was not done before is found."""
    rules = leaf.resource.after.blocks("lifecycle_rule")
    return rules is not UNKNOWN and all(
        rule.block("action").text("type") in ACTIONS for rule in rules
    )


def _no_filter(leaf: Leaf) -> bool:
    return not _filters(leaf.resource.after)


def _filters(values: Values) -> bool:
    """Whether a bucket is for some addresses only, or may be."""
    filter_ = values.block("ip_filter")
    return filter_.exists and filter_.text("mode") != "Disabled"


def _is_for_results(bucket: Resource) -> bool:
    """Jobs publish their results object by object, so only their buckets are made so."""
    environment = bucket.plan.target.environment
    starts = tuple(names.results_bucket(of, "") for of in (environment, "local"))
    return str(bucket.after.get("name")).startswith(starts)


def _for_results(leaf: Leaf) -> bool:
    return _is_for_results(leaf.resource)


def _soft_deleted_longer(leaf: Leaf) -> bool:
    return at_least(leaf.new, _SOFT_DELETE if leaf.old is None else leaf.old)


harmless(
    BUCKET,
    tests={
        "force_destroy requester_pays": only(None, False),
        # What Google made of the old one, where a new one takes its place.
        "hierarchical_namespace": removed,
        "ip_filter": _no_filter,
        "lifecycle_rule": _lifecycle,
        "soft_delete_policy.retention_duration_seconds": _soft_deleted_longer,
        "versioning.enabled": only(True),
    },
    new={
        "location name": known,
        "storage_class": only(None, *_USUAL_CLASSES),
        "default_event_based_hold enable_object_retention": only(None, False),
        "hierarchical_namespace.enabled": only(False),
        "public_access_prevention": any_of(only("enforced"), _for_results),
        "uniform_bucket_level_access": any_of(only(True), _for_results),
        # What is copied to the second region at once is paid for by its size.
        "rpo": only(None, "DEFAULT"),
        "versioning": anything,
    },
    computed="public_access_prevention rpo storage_class uniform_bucket_level_access",
    blocks="hierarchical_namespace soft_delete_policy versioning website",
)

BUCKET_DELETED = Rule(
    "bucket-deleted",
    Severity.LOSES_DATA,
    "Keep it, or copy what is in it; then allow it.",
)

BUCKET_REPLACED = Rule(
    "bucket-replaced",
    Severity.LOSES_DATA,
    "Make a second bucket and move the objects; Google cannot change this one.",
)


@judges(BUCKET)
def _gone(bucket: Resource) -> Iterator[Finding]:
    force = " (`force_destroy`)" if bucket.before.flag("force_destroy") is True else ""
    fate = "with all that is in it" if force else "or, while it is not empty, the apply fails"
    if bucket.change.action is Action.DELETE:
        yield bucket.found(BUCKET_DELETED, f"deleted, {fate}{force}")
    elif bucket.change.action.replaces:
        yield bucket.found(BUCKET_REPLACED, f"replaced, {fate}{force}")


BUCKET_UNGUARDED = Rule(
    "bucket-unguarded",
    Severity.LOSES_DATA,
    "Leave `force_destroy` false: Google then refuses to delete a full bucket.",
)


@judges(BUCKET, attributes="force_destroy")
def _unguarded(bucket: Resource) -> Iterator[Finding]:
    if bucket.after.flag("force_destroy") not in (True, UNKNOWN):
        return
    if bucket.made:
        what = "new, and to be deleted even with objects in it (`force_destroy`)"
        yield bucket.found(BUCKET_UNGUARDED, what)
    elif bucket.changes("force_destroy"):
        what = "set to be deleted even with objects in it (`force_destroy`)"
        yield bucket.found(BUCKET_UNGUARDED, what)


ACCESS_UNGUARDED = Rule(
    "access-unguarded",
    Severity.WIDENS_ACCESS,
    "Leave public access prevented and access uniform on this bucket.",
)


@judges(BUCKET, attributes="public_access_prevention uniform_bucket_level_access")
def _opened(bucket: Resource) -> Iterator[Finding]:
    prevention, uniform = "public_access_prevention", "uniform_bucket_level_access"
    closed = bucket.after.text(prevention) == "enforced"
    even = bucket.after.flag(uniform) is True
    if bucket.updated and bucket.changes(prevention) and not closed:
        what = "no longer kept from public access"
        yield bucket.found(ACCESS_UNGUARDED, what, of=(prevention,))
    if bucket.updated and bucket.changes(uniform) and not even:
        what = "set so that single objects can be published"
        yield bucket.found(ACCESS_UNGUARDED, what, of=(uniform,))
    if bucket.updated and _filters(bucket.before) and not _filters(bucket.after):
        what = "open to all addresses, where it was to some (`ip_filter`)"
        yield bucket.found(ACCESS_UNGUARDED, what, of=("ip_filter",))
    if bucket.made and not (closed and even) and not _is_for_results(bucket):
        yield bucket.found(ACCESS_UNGUARDED, "new, and what is in it can be published", why="")


ACCESS_NARROWED = Rule(
    "access-narrowed",
    Severity.BREAKS_IDENTITY,
    "See that no running job needs it, and that no customer reads it; allow it.",
)


@judges(BUCKET, attributes="public_access_prevention uniform_bucket_level_access")
def _unpublished(bucket: Resource) -> Iterator[Finding]:
    wanted = (("public_access_prevention", "enforced"), ("uniform_bucket_level_access", True))
    for key, value in wanted if bucket.updated else ():
        if bucket.changes(key) and bucket.after.get(key) == value:
            what = "set so that objects that jobs have published are public no longer"
            yield bucket.found(ACCESS_NARROWED, f"{what} (`{key}`)", of=(key,))


@judges(BUCKET, attributes="ip_filter requester_pays")
def _shut(bucket: Resource) -> Iterator[Finding]:
    """Who could read or write until now, and cannot any more."""
    if not bucket.updated:
        return
    if bucket.changes("ip_filter") and _filters(bucket.after):
        what = "closed to all but some addresses (`ip_filter`): jobs may not write any more"
        yield bucket.found(ACCESS_NARROWED, what)
    pays = bucket.after.flag("requester_pays") not in (None, False)
    if bucket.changes("requester_pays") and pays:
        what = "set so that whoever reads or writes must pay (`requester_pays`), which jobs do not"
        yield bucket.found(ACCESS_NARROWED, what)


@judges(BUCKET, attributes="retention_policy")
def _held(bucket: Resource) -> Iterator[Finding]:
    key = "retention_policy"
    policy = bucket.after.block(key)
    if bucket.changes(key) and policy.exists and not _is_shorter(bucket, key):
        what = "set to hold objects: jobs can no longer overwrite or delete theirs"
        forever = policy.flag("is_locked") in (True, UNKNOWN)
        lasts = ", and nobody can undo that" if forever else ""
        yield bucket.found(ACCESS_NARROWED, f"{what}{lasts} (`{key}`)")


def _is_shorter(bucket: Resource, block: str) -> bool:
    """Whether all that changes is that objects are held for less long."""
    before, after = (values.block(block) for values in (bucket.before, bucket.after))
    old, new = before.seconds("retention_period"), after.seconds("retention_period")
    known = isinstance(old, int | float) and isinstance(new, int | float) and new < old
    return known and before.flag("is_locked") == after.flag("is_locked")


OBJECTS_EXPIRE = Rule(
    "objects-expire",
    Severity.LOSES_DATA,
    "See which objects are older than that, and whether they are missed.",
)


@judges(BUCKET, attributes="retention_policy soft_delete_policy")
def _kept_less_long(bucket: Resource) -> Iterator[Finding]:
    for block, key, name, usual in _LONGER_IS_SAFER if bucket.updated else ():
        if not bucket.changes(block):
            continue
        sides = (bucket.before, bucket.after)
        old, new = (values.block(block).seconds(key) for values in sides)
        old = usual if old is None else old
        new = usual if new is None else new
        if isinstance(old, Unknown) or isinstance(new, Unknown):
            what = f"changed in how long {name} holds objects, to what is not known"
            yield bucket.found(OBJECTS_EXPIRE, what)
        elif new < old:
            what = f"set so that {name} holds objects for {period(new)} instead of {period(old)}"
            yield bucket.found(OBJECTS_EXPIRE, what)


@judges(BUCKET, attributes="lifecycle_rule versioning")
def _deleted_sooner(bucket: Resource) -> Iterator[Finding]:
    given = "given" if bucket.updated else "new, with"
    if bucket.changes("lifecycle_rule") and does_more(bucket, DELETE):
        what = f"{given} a lifecycle rule that deletes objects"
        yield bucket.found(OBJECTS_EXPIRE, what, of=("lifecycle_rule",))
    if bucket.changes("lifecycle_rule") and does_more(bucket, ABORT):
        what = f"{given} a lifecycle rule that ends uploads which may still go on"
        yield bucket.found(OBJECTS_EXPIRE, what, of=("lifecycle_rule",))
    kept = bucket.after.block("versioning").flag("enabled")
    if bucket.updated and bucket.changes("versioning") and kept is not True:
        yield bucket.found(OBJECTS_EXPIRE, "set to keep no earlier versions of objects")


OBJECTS_MOVED = Rule(
    "objects-moved",
    Severity.COSTS,
    "See what reading objects costs there, and deleting them early: both are paid for beside what "
    "is stored.",
    blocks=False,
)


@judges(BUCKET, attributes="lifecycle_rule storage_class")
def _moved(bucket: Resource) -> Iterator[Finding]:
    """Objects in a class of storage of which reading is paid for."""
    if bucket.changes("lifecycle_rule") and does_more(bucket, MOVE):
        given = "given" if bucket.updated else "new, with"
        what = f"{given} a lifecycle rule that moves objects to another storage class"
        yield bucket.found(OBJECTS_MOVED, what, of=("lifecycle_rule",))
    class_ = bucket.after.text("storage_class")
    if bucket.changes("storage_class") and isinstance(class_, str) and class_ not in _USUAL_CLASSES:
        what = f"set to keep new objects as {quoted(class_)}"
        yield bucket.found(OBJECTS_MOVED, what, why="", of=("storage_class",))
