"""What is refused: no plan, no whole one, or one of another form."""

import json
from typing import Any

import pytest

from pipeline_zen.plan import PlanError, read
from tests.plans.cases import TOPIC
from tests.plans.made import change, made_up, plan_of
from tests.plans.recorded import recorded


class TestRefused:
    """What is no plan, or none that is known, is never passed over in silence."""

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"", "It is empty"),
            (b"  \n", "It is empty"),
            (b"Warning: no such file\n{}", "does not begin with JSON, but with 'Warning: no such"),
            (b"[]", "does not begin with JSON"),
            (b"{", "damaged or cut short"),
            (b'{"format_version": "1.2", "resource_changes": [', "damaged or cut short"),
            (b'{"format_version": "1.2\xff"}', "damaged or cut short"),
            (b"{}", "has no format_version"),
            (b'{"format_version": "2.0", "planned_values": {}}', "only 1.x is known"),
            (
                b'{"format_version": "0.2", "planned_values": {}}',
                "Terraform before 1.1 wrote",
            ),
            (b'{"format_version": "1.2"}', "has no planned_values"),
            ('{"format_version": "1.2"}'.encode("utf-16"), "It is UTF-16, as `>` of PowerShell"),
            (b"\xfe\xff\x00{\x00}", "It is UTF-16"),
            (b'{"@level":"info","@message":"Plan: 1 to add"}\n{"@level"', "and no plan: save the"),
            (b'{"format_version": "1.0", "values": {}}', "It is a state, not a plan"),
            (b'{"format_version": 1}', "something else is expected at `$.format_version`"),
            (b'{"resource_changes": 3}', "something else is expected at `$.resource_changes`"),
            (b'{"a":' * 200_000, "damaged or cut short"),
            (b'{"format_version": "1.2", "planned_values": {"a": "\xff"}}', "damaged or cut short"),
        ],
    )
    def test_no_plan(self, data: bytes, said: str) -> None:
        """It is told what is wrong, and what to give."""
        with pytest.raises(PlanError) as error:
            read(data)

        assert said in str(error.value)

    @pytest.mark.parametrize("actions", [["Open"], [], ["create", "update"], ["hf_canary8c2d51e6"]])
    def test_an_unknown_action(self, actions: list[str]) -> None:
        """An action that a newer OpenTofu may have fails loudly."""
        plan = made_up(change(TOPIC, actions, {}, {}))

        with pytest.raises(PlanError) as error:
            plan_of(plan)

        assert "unknown action" in str(error.value)
        assert "hf_canary" not in str(error.value)

    def test_an_unknown_mode(self) -> None:
        """So does a kind of resource that nobody has heard of."""
        plan = made_up(change(TOPIC, ["create"], None, {}))
        plan["resource_changes"][0]["mode"] = "wild"

        with pytest.raises(PlanError, match="unknown mode 'wild'"):
            plan_of(plan)

    @pytest.mark.parametrize("where", ["before", "after", "after_unknown", "after_sensitive"])
    @pytest.mark.parametrize("levels", [101, 900])
    @pytest.mark.parametrize("form", ['{"a":%s}', "[%s]"])
    def test_too_deep(self, form: str, levels: int, where: str) -> None:
        """A value too deep to be walked is refused, whichever part of a change it is in."""
        nested = "true"
        for _ in range(levels):
            nested = form % nested
        plan = made_up(change(TOPIC, ["update"], {"a": 1}, {"a": 2}))
        plan["resource_changes"][0]["change"][where] = "HERE"

        with pytest.raises(PlanError, match=r"topic\.one: its values are nested more than 100"):
            read(json.dumps(plan).replace('"HERE"', nested).encode())

    def test_an_endless_number(self) -> None:
        """A number of thousands of digits is refused once somebody asks for it."""
        plan = json.dumps(made_up(change(TOPIC, ["update"], {"a": 1}, {"a": "HERE"})))
        (only,) = read(plan.replace('"HERE"', "1" * 5_000).encode()).effective

        with pytest.raises(PlanError, match="too many digits"):
            only.values()

    def test_a_deep_identity(self) -> None:
        """So is the identity that something is imported by."""
        plan = made_up(change(TOPIC, ["no-op"], {}, {}))
        plan["resource_changes"][0]["change"]["importing"] = {"identity": "HERE"}
        nested = "[" * 900 + "]" * 900

        with pytest.raises(PlanError, match="nested more than 100 levels"):
            read(json.dumps(plan).replace('"HERE"', nested).encode())

    @pytest.mark.parametrize("where", ["before", "after"])
    def test_a_deep_output(self, where: str) -> None:
        """So is what an output was, or is given."""
        output = {"actions": ["update"], "before": 1, "after": 2, where: "HERE"}
        plan = json.dumps({**made_up(), "output_changes": {"one": output}})
        nested = "[" * 900 + "]" * 900

        with pytest.raises(PlanError, match=r"^output\.one: its values are nested more than 100"):
            read(plan.replace('"HERE"', nested).encode())

    def test_deep_enough(self) -> None:
        """A hundred levels, and brackets that are only text, are read."""
        nested: Any = "[{" * 1_000
        for _ in range(98):
            nested = [nested]
        plan = plan_of(made_up(change(TOPIC, ["update"], {"a": 1}, {"a": nested})))

        assert ["a"] == [one.path for one in plan.effective[0].attributes]

    def test_unknown_members_are_let_be(self) -> None:
        """What a newer OpenTofu adds beside does no harm."""
        plan = recorded("kind-update")
        plan["something_new"] = {"a": 1}
        plan["resource_changes"][0]["something_new"] = 2

        assert 2 == len(plan_of(plan).effective)
