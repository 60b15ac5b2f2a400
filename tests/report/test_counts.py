"""What the table above the report says."""

from tests.plans.cases import GROUP
from tests.plans.judged import allowance
from tests.plans.made import change, made_up
from tests.plans.recorded import recorded
from tests.report.reviews import reviewed


class TestCounts:
    """What the table above the report says."""

    def test_a_vm_is_killed_once(self) -> None:
        """However many findings a group has, its VMs are counted once."""
        plan = recorded("case-group-made-eager")
        (group,) = [one for one in plan["resource_changes"] if one["type"] == GROUP]
        group["change"]["after"]["target_size"] = 1
        group["change"]["after"]["update_policy"][0]["instance_redistribution_type"] = "PROACTIVE"
        one = reviewed(plan)

        assert {"group-shrunk", "group-rolled", "group-rebalanced"} == {
            found.first.rule for found in one.blocking
        }
        assert 2 == one.counts["VMs killed"]

    def test_two_allowances_for_one_danger(self) -> None:
        """It counts once, and is told once."""
        named = allowance("group-deleted", f"{GROUP}.calm")
        pattern = allowance("group-deleted", f"{GROUP}.c*")
        one = reviewed(recorded("case-group-deleted"), named, pattern)

        assert 2 == one.counts["VMs killed"]
        assert 1 == len(one.allowed)
        assert not one.verdict.blocked

    def test_every_kind(self) -> None:
        """A replacement counts once; what is forgotten to be created anew is both."""
        kinds = (["delete"], ["delete", "create"], ["create", "delete"], ["update"], ["create"],
                 ["forget"], ["forget", "create"], ["no-op"])  # fmt: skip
        changes = [
            change("some_type", actions, {"a": 1}, {"a": 2}, f"n{number}")
            for number, actions in enumerate([*kinds, ["create"], ["update"], ["no-op"]])
        ]
        changes[-3]["change"]["importing"] = {"id": "x"}
        changes[-2]["change"]["importing"] = {"id": "x"}
        changes[-1]["previous_address"] = "some_type.old"

        assert {
            "VMs killed": 0, "destroy": 1, "replace": 2, "update": 2, "create": 2, "forget": 2,
            "let go": 0, "import": 2, "move": 1,
        } == reviewed(made_up(*changes)).counts  # fmt: skip
