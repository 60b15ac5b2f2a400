"""What becomes of data."""

from typing import Any

import pytest

from tests.plans.cases import BUCKET, Json
from tests.plans.judged import judged, rules, told
from tests.plans.made import planned, updated

DELETES = {"action": [{"type": "Delete"}], "condition": [{"age": 30, "with_state": "ANY"}]}


CLOSED = {"public_access_prevention": "enforced", "uniform_bucket_level_access": True}
"""A bucket in which nothing can be published."""


def _rule(**condition: Any) -> Json:
    return {**DELETES, "condition": [condition]}


def _rules(type_: str, storage_class: str | None = None, **condition: Any) -> list[Json]:
    action = {"type": type_, "storage_class": storage_class}
    return [{"action": [action], "condition": [condition]}]


@pytest.mark.parametrize(
    ("before", "after", "blocking"),
    [
        ({"force_destroy": True}, {"force_destroy": False}, ()),
        ({"force_destroy": "false"}, {"force_destroy": "true"}, ("bucket-unguarded",)),
        ({"soft_delete_policy": []},
         {"soft_delete_policy": [{"retention_duration_seconds": 0}]}, ("objects-expire",)),
        ({"soft_delete_policy": [{"retention_duration_seconds": 0}]},
         {"soft_delete_policy": [{"retention_duration_seconds": 86_400}]}, ()),
        ({"retention_policy": [{"retention_period": "86400"}]}, {"retention_policy": []},
         ("objects-expire",)),
        ({"lifecycle_rule": [DELETES]}, {"lifecycle_rule": ["x"]}, ("objects-expire",)),
        ({"lifecycle_rule": [DELETES]}, {"lifecycle_rule": []}, ()),
        ({"lifecycle_rule": []}, {"lifecycle_rule": [
            {"action": [{"type": 5}], "condition": [{"age": 1}]}]}, ("objects-expire",)),
        ({"lifecycle_rule": [DELETES]}, {"lifecycle_rule": [
            {**DELETES, "condition": [{"age": 60, "with_state": "ARCHIVED"}]}]}, ()),
        ({"lifecycle_rule": [{**DELETES, "condition": [{"age": 30, "with_state": "ARCHIVED"}]}]},
         {"lifecycle_rule": [DELETES]}, ("objects-expire",)),
        # Conditions that spare as much or more, and those that say nothing.
        ({"lifecycle_rule": [_rule(age=30, with_state="ANY")]},
         {"lifecycle_rule": [_rule(age=30, num_newer_versions=0)]}, ()),
        ({"lifecycle_rule": [_rule(age=30)]},
         {"lifecycle_rule": [_rule(age=30, with_state="ANY")]}, ()),
        ({"lifecycle_rule": [_rule(days_since_custom_time=3, num_newer_versions=2)]},
         {"lifecycle_rule": [_rule(days_since_custom_time=4, num_newer_versions=3)]}, ()),
        ({"lifecycle_rule": [_rule(days_since_noncurrent_time=3)]},
         {"lifecycle_rule": [_rule(days_since_noncurrent_time=3, matches_prefix=["a"])]}, ()),
        ({"lifecycle_rule": [_rule(days_since_noncurrent_time=3, matches_prefix=["a"])]},
         {"lifecycle_rule": [_rule(days_since_noncurrent_time=3)]}, ("objects-expire",)),
        ({"lifecycle_rule": [_rule(age=30)]}, {"lifecycle_rule": [_rule(age="30")]}, ()),
        ({"lifecycle_rule": [{**_rule(age=30), "action": [{"type": "SetStorageClass"}]}]},
         {"lifecycle_rule": [_rule(age=30)]}, ("objects-expire",)),
        ({"lifecycle_rule": [_rule(age=30)]}, {"lifecycle_rule": [_rule(age=0)]},
         ("objects-expire",)),
        ({}, {"ip_filter": [{"mode": "Enabled"}]}, ("access-narrowed",)),
        ({}, {"ip_filter": [{"mode": "Disabled"}]}, ()),
        ({"requester_pays": True}, {"requester_pays": False}, ()),
    ],
)  # fmt: skip
def test_updates_of_buckets(before: Json, after: Json, blocking: tuple[str, ...]) -> None:
    """What an update does to what is in it, and to who reaches it."""
    verdict = judged(updated(BUCKET, {"name": "b", **before}, {"name": "b", **after}))

    assert blocking == rules(verdict.blocking)


@pytest.mark.parametrize(
    ("key", "old", "new", "more"),
    [
        ("matches_prefix", ["a/", "b/"], ["a/"], False),
        ("matches_prefix", ["a/"], ["a/b/", "a/c/"], False),
        ("matches_prefix", [], ["a/"], False),
        ("matches_prefix", ["a/", "b/"], ["b/", "a/"], False),
        ("matches_prefix", ["a/"], ["a/", "b/"], True),
        ("matches_prefix", ["a/b/"], ["a/"], True),
        ("matches_prefix", ["a/"], ["b/a/"], True),
        ("matches_prefix", ["a/"], [""], True),
        # None at all is all of them.
        ("matches_prefix", ["a/", "b/"], [], True),
        ("matches_prefix", ["a/", "b/"], None, True),
        ("matches_prefix", ["a/", "b/"], ["a/", 5], True),
        ("matches_prefix", ["a/", 5], ["a/"], True),
        ("matches_suffix", [".tmp", ".log"], [".tmp"], False),
        ("matches_suffix", [".tmp"], ["a.tmp"], False),
        ("matches_suffix", [".tmp"], [".tmp.a"], True),
        ("matches_suffix", [".tmp", ".log"], [], True),
        ("matches_storage_class", ["STANDARD", "NEARLINE"], ["NEARLINE"], False),
        ("matches_storage_class", [], ["NEARLINE"], False),
        ("matches_storage_class", ["STANDARD", "NEARLINE"], ["NEARLINE", "STANDARD"], False),
        ("matches_storage_class", ["NEARLINE"], ["NEARLINE", "STANDARD"], True),
        ("matches_storage_class", ["STANDARD"], ["STANDARD_MORE"], True),
        ("matches_storage_class", ["LINE"], ["NEARLINE"], True),
        # With it an age of 0 counts, where it said nothing before.
        ("send_age_if_zero", None, True, True),
        ("matches_storage_class", ["STANDARD"], [], True),
        # What nobody here knows.
        ("matches_what_is_new", ["a", "b"], ["a"], True),
    ],
)
def test_what_a_rule_is_of(key: str, old: Any, new: Any, *, more: bool) -> None:
    """Of fewer objects it deletes fewer; whatever may be among the others is lost."""
    plan = updated(BUCKET, {"lifecycle_rule": _rules("Delete", age=3, **{key: old})},
                   {"lifecycle_rule": _rules("Delete", age=3, **{key: new})})  # fmt: skip

    assert (("objects-expire",) if more else ()) == rules(judged(plan).blocking)


@pytest.mark.parametrize(
    ("actions", "before", "after", "said"),
    [
        ("delete", {"name": "b"}, None,
         ["bucket-deleted: deleted, or, while it is not empty, the apply fails"]),
        ("delete", {"name": "b", "force_destroy": True}, None,
         ["bucket-deleted: deleted, with all that is in it (`force_destroy`)"]),
        ("delete create", {**CLOSED, "name": "b", "force_destroy": True}, {**CLOSED, "name": "c"},
         ["bucket-replaced: replaced, with all that is in it (`force_destroy`)",
          "unjudged: changed in `name`"]),
        ("delete create", {**CLOSED, "name": "b"},
         {**CLOSED, "name": "c", "public_access_prevention": "inherited"},
         ["bucket-replaced: replaced, or, while it is not empty, the apply fails",
          "access-unguarded: new, and what is in it can be published",
          "unjudged: changed in `name`"]),
        ("delete create", {**CLOSED, "force_destroy": False}, {**CLOSED, "force_destroy": True},
         ["bucket-replaced: replaced, or, while it is not empty, the apply fails",
          "bucket-unguarded: new, and to be deleted even with objects in it (`force_destroy`)"]),
        ("create", None, CLOSED, []),
        ("create", None, {**CLOSED, "force_destroy": True},
         ["bucket-unguarded: new, and to be deleted even with objects in it (`force_destroy`)"]),
        ("create", None, {**CLOSED, "public_access_prevention": "inherited"},
         ["access-unguarded: new, and what is in it can be published"]),
        ("create", None, {**CLOSED, "uniform_bucket_level_access": False},
         ["access-unguarded: new, and what is in it can be published"]),
        ("create", None, {"name": "lum-dev-pipeline-zen-jobs-us"}, []),
        ("create", None, {"name": "lum-local-pipeline-zen-jobs-us"}, []),
        ("create", None, {"name": "lum-prod-pipeline-zen-jobs-us"},
         ["access-unguarded: new, and what is in it can be published",
          "names-another: names `lum-prod-` in `name`"]),
        ("update", {"force_destroy": False}, {"force_destroy": True},
         ["bucket-unguarded: set to be deleted even with objects in it (`force_destroy`)"]),
        ("update", {"force_destroy": True, "labels": {"a": "b"}}, {"force_destroy": True}, []),
        ("update", CLOSED, {**CLOSED, "public_access_prevention": "inherited"},
         ["access-unguarded: no longer kept from public access"]),
        ("update", CLOSED, {**CLOSED, "uniform_bucket_level_access": False},
         ["access-unguarded: set so that single objects can be published"]),
        ("update", {**CLOSED, "public_access_prevention": "inherited"}, CLOSED,
         ["access-narrowed: set so that objects that jobs have published are public no longer "
          "(`public_access_prevention`)"]),
        ("update", {**CLOSED, "uniform_bucket_level_access": False}, CLOSED,
         ["access-narrowed: set so that objects that jobs have published are public no longer "
          "(`uniform_bucket_level_access`)"]),
        ("update", {"labels": {"a": "b"}}, {}, []),
        ("update", {}, {"ip_filter": [{"mode": "Enabled"}]},
         ["access-narrowed: closed to all but some addresses (`ip_filter`): jobs may not write "
          "any more"]),
        ("update", {"ip_filter": [{"mode": "Enabled"}]}, {"ip_filter": [{"mode": "Disabled"}]},
         ["access-unguarded: open to all addresses, where it was to some (`ip_filter`)"]),
        ("update", {"ip_filter": [{"mode": "Enabled"}]}, {},
         ["access-unguarded: open to all addresses, where it was to some (`ip_filter`)"]),
        ("update", {"ip_filter": [{"mode": "Disabled"}]}, {}, []),
        ("update", {"requester_pays": True}, {}, []),
        ("update", {"requester_pays": False}, {"requester_pays": True},
         ["access-narrowed: set so that whoever reads or writes must pay (`requester_pays`), "
          "which jobs do not"]),
        ("update", {"requester_pays": True}, {"requester_pays": False}, []),
        ("update", {"requester_pays": True, "labels": {"a": "b"}}, {"requester_pays": True}, []),
        ("create", None, {**CLOSED, "requester_pays": True},
         ["unjudged: new, with `requester_pays`"]),
        # Jobs cannot delete what is held, and what is held for less long may be missed.
        ("create", None, {**CLOSED, "retention_policy": [{"retention_period": 86400}]},
         ["access-narrowed: set to hold objects: jobs can no longer overwrite or delete theirs "
          "(`retention_policy`)"]),
        ("create", None,
         {**CLOSED, "retention_policy": [{"retention_period": 86400, "is_locked": True}]},
         ["access-narrowed: set to hold objects: jobs can no longer overwrite or delete "
          "theirs, and nobody can undo that (`retention_policy`)"]),
        ("update", {"retention_policy": [{"retention_period": 86400}]},
         {"retention_policy": [{"retention_period": 172800}]},
         ["access-narrowed: set to hold objects: jobs can no longer overwrite or delete theirs "
          "(`retention_policy`)"]),
        ("update", {"retention_policy": [{"retention_period": 172800}]},
         {"retention_policy": [{"retention_period": 86400}]},
         ["objects-expire: set so that the retention policy holds objects for 1 day instead of "
          "2 days"]),
        ("update", {"retention_policy": [{"retention_period": 172800}]},
         {"retention_policy": [{"retention_period": 86400, "is_locked": True}]},
         ["objects-expire: set so that the retention policy holds objects for 1 day instead of "
          "2 days",
          "access-narrowed: set to hold objects: jobs can no longer overwrite or delete "
          "theirs, and nobody can undo that (`retention_policy`)"]),
        ("update", {"retention_policy": [{"retention_period": 86400}]}, {},
         ["objects-expire: set so that the retention policy holds objects for 0 seconds "
          "instead of 1 day"]),
        ("update", {}, {"soft_delete_policy": [{"retention_duration_seconds": 604800}]}, []),
        ("update", {}, {"soft_delete_policy": [{"retention_duration_seconds": 604799}]},
         ["objects-expire: set so that soft deletion holds objects for 6.99999 days instead of "
          "7 days"]),
        ("update", {"soft_delete_policy": [{"retention_duration_seconds": 604800}]},
         {"soft_delete_policy": [{"retention_duration_seconds": 691200}]}, []),
        ("update", {"soft_delete_policy": [{"retention_duration_seconds": 691200}]},
         {"soft_delete_policy": [{"retention_duration_seconds": 604800}]},
         ["objects-expire: set so that soft deletion holds objects for 7 days instead of 8 days"]),
        ("update", {"soft_delete_policy": [{"retention_duration_seconds": 86400}]}, {},
         ["unjudged: changed in `soft_delete_policy`"]),
        ("create", None, {**CLOSED, "lifecycle_rule": _rules("Delete", age=3)},
         ["objects-expire: new, with a lifecycle rule that deletes objects"]),
        ("create", None,
         {**CLOSED, "lifecycle_rule": _rules("AbortIncompleteMultipartUpload", age=6)},
         ["objects-expire: new, with a lifecycle rule that ends uploads which may still go on"]),
        ("create", None,
         {**CLOSED, "lifecycle_rule": _rules("AbortIncompleteMultipartUpload", age=7)}, []),
        ("create", None, {**CLOSED, "lifecycle_rule": _rules("SetStorageClass", age=7)},
         ["objects-moved: new, with a lifecycle rule that moves objects to another storage class"]),
        ("update", {}, {"lifecycle_rule": _rules("Delete", age=3)},
         ["objects-expire: given a lifecycle rule that deletes objects"]),
        ("update", {}, {"lifecycle_rule": _rules("AbortIncompleteMultipartUpload", age=6)},
         ["objects-expire: given a lifecycle rule that ends uploads which may still go on"]),
        ("update", {}, {"lifecycle_rule": _rules("SetStorageClass", age=7)},
         ["objects-moved: given a lifecycle rule that moves objects to another storage class"]),
        ("update", {}, {"lifecycle_rule": _rules("SomethingNew", age=7)},
         ["unjudged: changed in `lifecycle_rule.action.type`, `lifecycle_rule.condition.age`"]),
        ("update", {"lifecycle_rule": _rules("Delete", age=3)},
         {"lifecycle_rule": _rules("Delete", age=3) * 2}, []),
        ("update", {"lifecycle_rule": _rules("Delete", age=3)},
         {"lifecycle_rule": _rules("Delete", age=4)}, []),
        ("update", {"lifecycle_rule": _rules("Delete", age=4)},
         {"lifecycle_rule": _rules("Delete", age=3)},
         ["objects-expire: given a lifecycle rule that deletes objects"]),
        ("update", {"lifecycle_rule": _rules("Delete", age=3)},
         {"lifecycle_rule": _rules("Delete", matches_prefix=["a"])},
         ["objects-expire: given a lifecycle rule that deletes objects"]),
        ("update", {"lifecycle_rule": _rules("Delete", age=3)},
         {"lifecycle_rule": _rules("Delete", age=3, matches_prefix=["a"])}, []),
        ("update", {"lifecycle_rule": _rules("AbortIncompleteMultipartUpload", age=3)},
         {"lifecycle_rule": _rules("Delete", age=7)},
         ["objects-expire: given a lifecycle rule that deletes objects"]),
        ("update", {"lifecycle_rule": _rules("SetStorageClass", storage_class="NEARLINE", age=7)},
         {"lifecycle_rule": _rules("SetStorageClass", storage_class="COLDLINE", age=7)},
         ["objects-moved: given a lifecycle rule that moves objects to another storage class"]),
        ("create", None, {**CLOSED, "storage_class": "COLDLINE"},
         ["objects-moved: set to keep new objects as `COLDLINE`"]),
        ("create", None, {**CLOSED, "storage_class": "STANDARD"}, []),
        ("update", {"storage_class": "STANDARD"}, {"storage_class": "ARCHIVE"},
         ["objects-moved: set to keep new objects as `ARCHIVE`"]),
        ("update", {"storage_class": "ARCHIVE"}, {"storage_class": "STANDARD"},
         ["unjudged: changed in `storage_class`"]),
        ("update", {"storage_class": "ARCHIVE", "labels": {"a": "b"}},
         {"storage_class": "ARCHIVE"}, []),
        ("update", {"versioning": [{"enabled": True}]}, {"versioning": [{"enabled": False}]},
         ["objects-expire: set to keep no earlier versions of objects"]),
        ("update", {"versioning": [{"enabled": False}]}, {"versioning": [{"enabled": True}]}, []),
        ("create", None, {**CLOSED, "versioning": [{"enabled": False}]},
         ["unjudged: new, with `versioning.enabled`"]),
    ],
)  # fmt: skip
def test_what_is_told(
    actions: str, before: Json | None, after: Json | None, said: list[str]
) -> None:
    """What becomes of objects, and of who reaches them; what harms nobody, not at all."""
    assert said == told(planned(BUCKET, actions, before, after))


@pytest.mark.parametrize(
    ("action", "values", "unknown", "said"),
    [
        ("create", CLOSED, {"lifecycle_rule": True},
         ["objects-expire: new, with a lifecycle rule that deletes objects",
          "objects-expire: new, with a lifecycle rule that ends uploads which may still go on",
          "objects-moved: new, with a lifecycle rule that moves objects to another storage class"]),
        ("create", CLOSED, {"storage_class": True}, []),
        ("create", {}, {"public_access_prevention": True},
         ["access-unguarded: new, and what is in it can be published"]),
        ("update", {}, {"retention_policy": [{"retention_period": True}]},
         ["objects-expire: changed in how long the retention policy holds objects, to what is "
          "not known",
          "access-narrowed: set to hold objects: jobs can no longer overwrite or delete theirs "
          "(`retention_policy`)"]),
        ("update", {}, {"retention_policy": [{"is_locked": True}]},
         ["access-narrowed: set to hold objects: jobs can no longer overwrite or delete "
          "theirs, and nobody can undo that (`retention_policy`)"]),
        ("update", {"retention_policy": [{"retention_period": 86400}]},
         {"retention_policy": [{"retention_period": True}]},
         ["objects-expire: changed in how long the retention policy holds objects, to what is "
          "not known",
          "access-narrowed: set to hold objects: jobs can no longer overwrite or delete theirs "
          "(`retention_policy`)"]),
        ("update", {"soft_delete_policy": [{"retention_duration_seconds": 86400}]},
         {"soft_delete_policy": True},
         ["objects-expire: changed in how long soft deletion holds objects, to what is not known"]),
        ("update", {"lifecycle_rule": _rules("Delete", age=3)},
         {"lifecycle_rule": [{"condition": True}]},
         ["objects-expire: given a lifecycle rule that deletes objects"]),
        ("update", {"lifecycle_rule": _rules("Delete")}, {"lifecycle_rule": [{"condition": True}]},
         ["objects-expire: given a lifecycle rule that deletes objects"]),
        ("update", {"lifecycle_rule": _rules("Delete", age=3)},
         {"lifecycle_rule": [{"action": [{"type": True}]}]},
         ["objects-expire: given a lifecycle rule that ends uploads which may still go on",
          "objects-moved: given a lifecycle rule that moves objects to another storage class"]),
    ],
)  # fmt: skip
def test_what_is_not_known(action: str, values: Json, unknown: Json, said: list[str]) -> None:
    """It is taken for the worse, unless only Google can say it."""
    before = values if action == "update" else None

    assert said == told(planned(BUCKET, action, before, values, unknown))


def test_a_rule_that_was_marked() -> None:
    """What it spared is not told, so that nobody can say that the new one spares as much."""
    rules_ = ({"lifecycle_rule": _rules("Delete", age=3)}, {"lifecycle_rule": _rules("Delete")})
    plan = updated(BUCKET, *rules_)
    marks = {"lifecycle_rule": [{"condition": True}]}
    plan["resource_changes"][0]["change"]["before_sensitive"] = marks

    assert ["objects-expire: given a lifecycle rule that deletes objects"] == told(plan)


def test_a_retention_that_was_marked() -> None:
    """Nobody can tell whether it is shorter than it was."""
    before, after = ({"soft_delete_policy": [{"retention_duration_seconds": seconds}]}
                     for seconds in (864_000, 604_800))  # fmt: skip
    plan = updated(BUCKET, before, after)
    (entry,) = plan["resource_changes"]
    marks = {"soft_delete_policy": [{"retention_duration_seconds": True}]}
    entry["change"]["before_sensitive"] = marks

    assert ("objects-expire",) == rules(judged(plan).blocking)
