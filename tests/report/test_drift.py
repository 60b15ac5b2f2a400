"""What was changed outside."""

from typing import Any

import pytest

from pipeline_zen.report import REHEARSAL, markdown
from tests.plans.cases import GROUP, TOPIC
from tests.plans.made import change, made_up
from tests.report.reviews import reviewed

Json = dict[str, Any]


class TestDrift:
    """What was changed outside: the scheduler's work is none of it, nor what Google counts up."""

    @pytest.mark.parametrize(
        ("kind", "changed", "told", "resized"),
        [
            (GROUP, {"target_size": 5}, False, 1),
            (GROUP, {"target_size": 5, "fingerprint": "b", "status": "b"}, False, 1),
            (GROUP, {"target_size": 5, "description": "b"}, True, 0),
            ("google_compute_instance_group_manager", {"target_size": 5}, False, 1),
            ("google_compute_target_pool", {"target_size": 5}, True, 0),
            *((TOPIC, {key: "b"}, False, 0) for key in (
                "etag", "fingerprint", "metageneration", "status", "updated", "update_time")),
            (TOPIC, {"etag": "b", "labels": {"a": "b"}}, True, 0),
        ],
    )  # fmt: skip
    def test_whose_it_is(self, kind: str, changed: Json, told: bool, resized: int) -> None:
        """By the attributes that changed; a rehearsal resizes every group itself."""
        drift = change(kind, ["update"], {}, changed)
        one = reviewed({**made_up(), "resource_drift": [drift]})
        rehearsed = reviewed({**made_up(), "resource_drift": [drift]}, kind=REHEARSAL)

        assert (told, resized) == (bool(one.drift), one.resized)
        assert (told, 0) == (bool(rehearsed.drift), rehearsed.resized)
        assert ("The scheduler has resized 1 group" in markdown.render(one)) == bool(resized)

    def test_what_is_gone(self) -> None:
        """Of what somebody has deleted no attribute tells."""
        drift = change(TOPIC, ["delete"], {"etag": "a"}, None)

        assert 1 == len(reviewed({**made_up(), "resource_drift": [drift]}).drift)
