"""The digest of a plan: the same for two that do the same."""

import json
from typing import Any

import pytest

from tests.plans.cases import GROUP, TOPIC
from tests.plans.made import change, made_up, plan_of
from tests.plans.recorded import recorded


class TestDigest:
    """The same change has the same digest, another has another."""

    def test_what_does_not_count(self) -> None:
        """Neither the order, nor drift, nor resources that stay as they are."""
        plan = recorded("kind-update")
        same = json.loads(json.dumps(plan))
        same["resource_changes"].reverse()
        same["resource_drift"] = recorded("kind-drift")["resource_drift"]
        same["resource_changes"].append(change(TOPIC, ["no-op"], {"name": "z"}, {"name": "z"}))
        same["timestamp"] = "2027-01-01T00:00:00Z"

        assert plan_of(plan).digest == plan_of(same).digest

    @pytest.mark.parametrize("kind", ["create", "delete", "move", "outputs", "no-op"])
    def test_what_counts(self, kind: str) -> None:
        """Another change is another digest."""
        assert plan_of(recorded("kind-update")).digest != plan_of(recorded(f"kind-{kind}")).digest

    def test_a_value_counts(self) -> None:
        """So is the same change to another value."""
        plan = recorded("kind-update")
        other = json.loads(json.dumps(plan).replace('"x": "1"', '"x": "2"'))

        assert plan_of(plan).digest != plan_of(other).digest

    @pytest.mark.parametrize(
        "other",
        [
            {"after": {"name": "n", "a": "x" * 400 + "2" + "x" * 400}},
            {"before": {"name": "n", "a": 2}},
            {"after_unknown": {"b": True}},
            {"after_unknown": {"a": True}, "after": {"name": "n"}},
            {"replace_paths": [["b"]]},
            {"importing": {"id": "y"}},
            {"importing": {"identity": {"id": "y"}}},
            {"actions": ["forget", "create"]},
        ],
    )
    def test_every_part_counts(self, other: Any) -> None:
        """Also the middle of a value that is too long to be shown, and what forces it."""
        values = {"name": "n", "a": "x" * 400 + "1" + "x" * 400}
        one = change(TOPIC, ["update"], {"name": "n", "a": 1}, values)
        one["change"] |= {"replace_paths": [["a"]], "importing": {"id": "x"}}
        two = {**one, "change": {**one["change"], **other}}

        assert plan_of(made_up(one)).digest != plan_of(made_up(two)).digest

    @pytest.mark.parametrize(
        "other", [{"deposed": "a1b2c3d4"}, {"previous_address": "x.y"}, {"address": "x.y"}]
    )
    def test_what_it_is_counts(self, other: Any) -> None:
        """So does which object it is, and where it stood."""
        one = change(TOPIC, ["delete"], {"name": "n"}, None)

        assert plan_of(made_up(one)).digest != plan_of(made_up({**one, **other})).digest

    def test_outputs_count(self) -> None:
        """By their names, and by what becomes of each; not by their order."""

        def digest(**actions: str) -> str:
            outputs = {name: {"actions": [action]} for name, action in actions.items()}
            return plan_of({**made_up(), "output_changes": outputs}).digest

        assert 4 == len({digest(), digest(a="create"), digest(b="create"), digest(a="delete")})
        assert digest(a="create", b="delete") == digest(b="delete", a="create")

    @pytest.mark.parametrize(
        "name", ["case-group-zones", "case-group-healed", "case-group-deleted"]
    )
    def test_a_size_does_not_count(self, name: str) -> None:
        """The scheduler may resize a group that changes, is replaced or goes: it is the same."""
        plan = recorded(name)
        other = json.loads(json.dumps(plan))
        for one in other["resource_changes"]:
            if one["type"] == GROUP:
                for side in ("before", "after"):
                    if "target_size" in (one["change"][side] or {}):
                        one["change"][side] |= {"target_size": 7, "fingerprint": "x"}

        assert plan != other
        assert plan_of(plan).digest == plan_of(other).digest

    def test_a_secret_does_not_count(self) -> None:
        """From a hash that everybody sees, a short one could be guessed."""
        one, two = (
            change(TOPIC, ["update"], {"token": "a"}, {"token": value, "marked": value})
            for value in ("b", "c")
        )
        for each in (one, two):
            each["change"]["after_sensitive"] = {"marked": True}

        assert plan_of(made_up(one)).digest == plan_of(made_up(two)).digest
