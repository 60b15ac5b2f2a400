"""Reading plans: every kind of action, and what is said of it."""

import hashlib
import json
from typing import Any

import pytest

from pipeline_zen.plan import Action, PlanError, read
from tests.plans.cases import GROUP, TOPIC
from tests.plans.made import change, made_up, plan_of
from tests.plans.recorded import recorded


class TestKinds:
    """The recorded plans, one for each kind of action."""

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            ("create", {"a": Action.CREATE, "b": Action.CREATE}),
            ("update", {"a": Action.UPDATE, "b": Action.UPDATE}),
            ("replace", {"a": Action.REPLACE}),
            ("replace-new-first", {"calm": Action.REPLACE_AFTER}),
            ("delete", {"b": Action.DELETE}),
            ("forget", {"b": Action.FORGET}),
            ("forget-create", {"a": Action.FORGET_CREATE}),
            ("move", {"b": Action.NO_OP}),
            ("deposed", {"calm": Action.DELETE}),
            ("no-op", {}),
            ("drift", {}),
            ("outputs", {}),
        ],
    )
    def test_actions(self, kind: str, expected: dict[str, Action]) -> None:
        """Each change is read as what OpenTofu means by it."""
        plan = plan_of(recorded(f"kind-{kind}"))

        assert expected == {change.name: change.action for change in plan.effective}

    def test_a_replacement_says_what_forces_it(self) -> None:
        """The attribute is named, and so is the reason."""
        (replaced,) = plan_of(recorded("kind-replace")).effective

        assert ("name",) == replaced.forced_by
        assert "it cannot be changed in place" == replaced.reason

    def test_a_move(self) -> None:
        """What only moves changes the state, and nothing else."""
        (moved,) = plan_of(recorded("kind-move")).effective

        assert f"{TOPIC}.a" == moved.previous_address
        assert () == moved.attributes

    def test_an_import(self) -> None:
        """What is imported has the id that it is imported by."""
        plan = plan_of(recorded("kind-import"))
        imported = [change for change in plan.effective if change.import_id]

        assert ["projects/eng-ai-dev/topics/jobs-b"] == [one.import_id for one in imported]

    def test_a_deposed_object(self) -> None:
        """It has its key, and the current object stays as it is."""
        (deposed,) = plan_of(recorded("kind-deposed")).effective

        assert "a1b2c3d4" == deposed.deposed

    def test_a_data_source(self) -> None:
        """Reading changes nothing."""
        plan = plan_of(recorded("kind-read"))
        (data,) = [change for change in plan.changes if not change.managed]

        assert Action.READ is data.action
        assert data not in plan.effective

    def test_drift(self) -> None:
        """What the scheduler and somebody else did is there; null against empty is not."""
        raw = recorded("kind-drift")
        plan = plan_of(raw)

        drift = {change.type: {one.path for one in change.attributes} for change in plan.drift}
        assert {"fingerprint", "target_size"} == drift[GROUP]
        assert "effective_labels.by" in drift[TOPIC]
        assert plan.empty

    def test_a_replacement_leaves_defaults_out(self) -> None:
        """What Google fills in again is no difference; what an update drops is one."""
        for actions, paths in (
            (["delete", "create"], ["a"]),
            (["create", "delete"], ["a"]),
            (["update"], ["a", "b", "c"]),
        ):
            one = change(TOPIC, actions, {"a": 1, "b": 0, "c": False}, {"a": 2})
            (only,) = plan_of(made_up(one)).changes
            assert paths == [attribute.path for attribute in only.attributes]

    def test_copies_of_labels(self) -> None:
        """What only repeats a change of a label is left out; what says more is not."""
        before, after = (
            {"labels": {"a": n}, "effective_labels": {"a": n, "b": n},
             "terraform_labels": {"a": n, "b": n, "c": n}}
            for n in "12"
        )  # fmt: skip
        (only,) = plan_of(made_up(change(TOPIC, ["update"], before, after))).changes

        assert ["effective_labels.b", "labels.a", "terraform_labels.c"] == [
            one.path for one in only.attributes
        ]

    def test_what_forces_a_replacement(self) -> None:
        """Paths are told as everywhere, and sorted."""
        one = change(TOPIC, ["delete", "create"], {}, {})
        one["change"]["replace_paths"] = [["b", 0, "c"], ["a"]]
        (only,) = plan_of(made_up(one)).changes

        assert ("a", "b[0].c") == only.forced_by

    def test_two_objects_of_an_address(self) -> None:
        """A deposed one comes after the current one, in whatever order they are given."""
        current = change(TOPIC, ["no-op"], {}, {})
        deposed = change(TOPIC, ["delete"], {}, None) | {"deposed": "a1b2c3d4"}

        assert ["", "a1b2c3d4"] == [
            one.deposed for one in plan_of(made_up(deposed, current)).changes
        ]

    def test_an_import_alone(self) -> None:
        """What is only imported changes the state, and nothing else."""
        one = change(TOPIC, ["no-op"], {}, {})
        one["change"]["importing"] = {"id": "x"}
        plan = plan_of(made_up(one))

        assert ["x"] == [only.import_id for only in plan.effective]
        assert not plan.empty

    def test_outputs(self) -> None:
        """Outputs are named; their values are not read."""
        plan = plan_of(recorded("kind-outputs"))

        expected = (("a", Action.UPDATE), ("b", Action.DELETE), ("c", Action.CREATE))
        assert expected == plan.outputs
        assert not plan.empty

    def test_errored(self) -> None:
        """A plan that failed half-way says so, and what there is of it can be read."""
        assert plan_of(recorded("kind-errored")).errored

    def test_incomplete(self) -> None:
        """With -target, what the configuration has and the plan has not is missing."""
        assert (f"{TOPIC}.b",) == plan_of(recorded("kind-incomplete")).missing
        assert () == plan_of(recorded("kind-update")).missing

    def test_no_change_is_empty(self) -> None:
        """An empty plan is empty, and others are not."""
        assert plan_of(recorded("kind-no-op")).empty
        assert not plan_of(recorded("kind-move")).empty


def test_what_is_gone_is_not_let_go() -> None:
    """What somebody has deleted at Google is gone, whatever the state says of its deletion."""
    gone = change(TOPIC, ["delete"], {"deletion_policy": "ABANDON"}, None)
    plan = plan_of({**made_up(gone), "resource_drift": [gone]})

    assert [Action.LET_GO] == [one.action for one in plan.changes]
    assert [Action.DELETE] == [one.action for one in plan.drift]


class TestSomeValues:
    """Values under a few keys, without decoding the rest."""

    KEYS = ("name", "labels", "size", "missing", "later")

    @pytest.mark.parametrize(
        "sides",
        [
            ({"name": "a", "rest": [1], "labels": {"a": "b"}}, {"name": "b", "size": 3}),
            (None, {"name": "b", "labels": None}),
            ({"name": ""}, None),
            ({}, {}),
        ],
    )
    @pytest.mark.parametrize(
        "marks",
        [
            {},
            {"after_unknown": {"later": True, "rest": True, "labels": {"a": True}}},
            {"before_sensitive": {"name": True}, "after_sensitive": {"labels": True}},
            {"after_unknown": True},
        ],
    )
    def test_they_are_those_of_all(self, sides: tuple[Any, Any], marks: dict[str, Any]) -> None:
        """Each is what it is among all values: null, missing, unknown or hidden."""
        entry = change(TOPIC, ["update"], *sides)
        entry["change"].update(marks)
        (only,) = plan_of(made_up(entry)).changes

        for some, all_ in zip(only.some_values(*self.KEYS), only.values(), strict=True):
            assert [some.get(key) for key in self.KEYS] == [all_.get(key) for key in self.KEYS]

    @pytest.mark.parametrize("value", [[1, 2], "text", 3])
    def test_what_is_no_object(self, value: object) -> None:
        """Whatever else stands there has no keys, and is unknown."""
        (only,) = plan_of(made_up(change(TOPIC, ["update"], value, value))).changes

        assert only.some_values("name") == only.values()

    def test_what_cannot_be_read(self) -> None:
        """It is told as it is of all values."""
        plan = json.dumps(made_up(change(TOPIC, ["update"], {"a": 1}, {"name": "HERE"})))
        (only,) = read(plan.replace('"HERE"', "1" * 5_000).encode()).changes

        with pytest.raises(PlanError, match="too many digits"):
            only.some_values("name")


def test_the_digest_is_of_what_the_changes_do() -> None:
    """It is that of one JSON of them all, which saved plans have kept."""
    changes = [change(TOPIC, ["update"], {"a": 1}, {"a": 2}), change(GROUP, ["create"], None, {})]
    plan = plan_of(made_up(*changes))
    told = [
        [one.address, one.action.value, "", "", "", [], one.becomes()] for one in plan.effective
    ]

    whole = json.dumps([told, []], sort_keys=True, separators=(",", ":"))
    assert plan.digest == hashlib.sha256(whole.encode()).hexdigest()
