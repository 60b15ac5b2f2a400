"""The report for programs."""

import json

import pytest

from pipeline_zen.report import FORMS
from tests.plans.recorded import recorded
from tests.report.reviews import reviewed


class TestJson:
    """What programs get."""

    @pytest.mark.parametrize(
        ("name", "key", "value"),
        [
            ("import", "import_id", "projects/eng-ai-dev/topics/jobs-b"),
            ("move", "moved_from", "google_pubsub_topic.a"),
        ],
    )
    def test_imports_and_moves(self, name: str, key: str, value: str) -> None:
        """Programs get where something was, and by what it is imported; others have neither."""
        told = json.loads(FORMS["json"](reviewed(recorded(f"kind-{name}"))))
        members = [member for group in told["changes"] for member in group["members"]]
        others = json.loads(FORMS["json"](reviewed(recorded("kind-update"))))["changes"]

        assert value in [member.get(key) for member in members]
        assert not [member for group in others for member in group["members"] if key in member]

    def test_what_is_created_anew_is_told_whole(self) -> None:
        """It is new, whatever was forgotten under its address."""
        told = json.loads(FORMS["json"](reviewed(recorded("kind-forget-create"))))
        ((member,),) = ([*group["members"]] for group in told["changes"])

        assert member["attributes"]

    def test_scripts_are_told_as_a_difference(self) -> None:
        """Programs get the lines of it; of other attributes there are none."""
        told = json.loads(FORMS["json"](reviewed(recorded("case-template-script"))))
        texts = [one for group in told["changes"] for one in group["common"] if "diff" in one]

        assert all(line[0] in "@+- " for one in texts for line in one["diff"])
        assert 1 == len(texts)

    def test_a_new_resource_is_told_whole(self) -> None:
        """Programs get all that a new resource is made of."""
        told = json.loads(FORMS["json"](reviewed(recorded("case-bucket-acl"))))
        ((member,),) = ([*group["members"]] for group in told["changes"])

        assert {"path": "entity", "before": "(none)", "after": "allUsers"} in member["attributes"]
