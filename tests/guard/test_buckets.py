"""What becomes of data."""

from typing import Any

import pytest

from tests.plans.cases import BUCKET, Json
from tests.plans.judged import judged, rules
from tests.plans.made import updated

DELETES = {"action": [{"type": "Delete"}], "condition": [{"age": 30, "with_state": "ANY"}]}


def _rule(**condition: Any) -> Json:
    return {**DELETES, "condition": [condition]}


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
         {"lifecycle_rule": [_rule(days_since_noncurrent_time=3, matches_prefix=["a"])]},
         ("objects-expire",)),
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
