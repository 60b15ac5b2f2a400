"""What is refused: no plan, no whole one, or one of another form."""

import json
from typing import Any

import pytest

from pipeline_zen.plan import PlanError, read
from tests.plans.cases import TOPIC, Json
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
            ('{"format_version": "1.2"}'.encode("utf-16"), "as `>` of PowerShell writes it"),
            *(
                ("{ }".encode(form), "It is UTF-16 or UTF-32")
                for form in ("utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
            ),
            (b"\xfe\xff\x00{\x00}", "It is UTF-16"),
            (b'{"@level":"info","@message":"Plan: 1 to add"}\n{"@level"', "and no plan: save the"),
            (b'{"format_version": "1.0", "values": {}}', "It is a state, not a plan"),
            (b'{"format_version": 1}', "something else is expected at `$.format_version`"),
            (b'{"resource_changes": 3}', "something else is expected at `$.resource_changes`"),
            (b'{"a":' * 200_000, "nested far more than 100 levels"),
            (
                b'{"format_version": "1.2", "resource_changes": [{"mode": "\xff"}]}',
                "damaged or cut",
            ),
            (b'{"format_version": "1.2", "p\xff": {}}', "damaged or cut short"),
        ],
    )
    def test_no_plan(self, data: bytes, said: str) -> None:
        """It is told what is wrong, and what to give."""
        with pytest.raises(PlanError) as error:
            read(data)

        assert said in str(error.value)

    @pytest.mark.parametrize(
        "more",
        [
            '"resource_changes": []',
            '"resource\\u005fchanges": []',
            '"errored": false, "errored": false',
            '"planned_values": {}',
            '"what_is_new": 1, "what_is_new": 12',
            '"what_is_new": 12, "what_is_new": 1',
        ],
    )
    def test_what_is_there_twice(self, more: str) -> None:
        """The last one only is read, and nobody knows which of them was meant."""
        plan = json.dumps(recorded("case-group-deleted"), indent=2)
        for text in (f"{plan[:-1]},{more}}}", f"{{{more}, {plan[1:]}"):
            with pytest.raises(PlanError, match="It has something twice"):
                read(text.encode())

    @pytest.mark.parametrize("indent", [None, 0, 3])
    def test_what_is_there_once(self, indent: int | None) -> None:
        """However it is written, and also where what is in it has such a key itself."""
        plan = recorded("case-group-deleted")
        plan["what_is_new"] = {"resource_changes": [], "a": {"resource_changes": '\\"}'}}
        text = f"\n {json.dumps(plan, indent=indent)} \n"

        assert read(text.encode()).changes == plan_of(plan).changes

    @pytest.mark.parametrize("nested", [False, True])
    @pytest.mark.parametrize("empty", [False, True])
    def test_changes_that_are_cut_out(self, *, nested: bool, empty: bool) -> None:
        """What the plan comes to is there, and not what comes to it: it is no `-refresh-only`."""
        module = {"resources": [{"address": "null_resource.a", "mode": "managed"}]}
        root = {"child_modules": [module]} if nested else module
        plan = {**made_up(), "planned_values": {"root_module": root},
                "configuration": {"root_module": module}}  # fmt: skip
        if not empty:
            del plan["resource_changes"]

        with pytest.raises(PlanError, match="and no resource_changes"):
            plan_of(plan)

    @pytest.mark.parametrize(
        "planned",
        [
            {},
            {"root_module": {}},
            {"outputs": {"o": {"sensitive": False}}, "root_module": {}},
            {"root_module": {"resources": [{"address": "data.a.b", "mode": "data"}]}},
        ],
    )
    def test_a_plan_that_only_refreshes(self, planned: Json) -> None:
        """It comes to nothing that is managed, and has no changes."""
        module = {"resources": [{"address": "null_resource.a", "mode": "managed"}]}
        plan = {**made_up(), "planned_values": planned, "configuration": {"root_module": module}}
        del plan["resource_changes"]

        assert plan_of(plan).refresh_only

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

    @pytest.mark.parametrize("where", ["before", "after"])
    def test_a_text_that_is_none(self, where: str) -> None:
        """A text in another encoding is refused once somebody asks for the values."""
        plan = made_up(change(TOPIC, ["update"], {"a": 1}, {"a": 2}))
        plan["resource_changes"][0]["change"][where] = {"a": "HERE"}
        (only,) = read(json.dumps(plan).encode().replace(b"HERE", b"caf\xe9")).effective

        with pytest.raises(PlanError, match="no UTF-8"):
            only.values()

    def test_a_state_that_is_none(self) -> None:
        """What was there before is read too, and no plan has another form of it."""
        plan = {**made_up(change(TOPIC, ["no-op"], {}, {})), "prior_state": {"values": []}}

        with pytest.raises(PlanError, match=r"is expected at `\$\.prior_state\.values`"):
            read(json.dumps(plan).encode())

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
