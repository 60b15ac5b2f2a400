"""Alike changes are told as one, and exceptions apart."""

from typing import Any

import pytest

from pipeline_zen.plan import AttributeChange, fold
from tests.plans.cases import TEMPLATE, TOPIC
from tests.plans.made import change, made_up, plan_of
from tests.plans.recorded import recorded


class TestFold:
    """Alike changes together, exceptions apart."""

    def test_alike(self) -> None:
        """Two labels that change alike are one group."""
        (group,) = fold(plan_of(recorded("kind-update")).effective)

        assert 2 == len(group.variants)
        assert ["labels.x"] == [one.path for one in group.common]

    def test_an_exception(self) -> None:
        """Of twenty, the one that changes to something else stands by itself."""
        changes = [
            change(TEMPLATE, ["update"], {"machine_type": "a", "name": f"n{n}"},
                   {"machine_type": "c" if n == 7 else "b", "name": f"m{n}"}, f"t{n}")
            for n in range(20)
        ]  # fmt: skip

        groups = fold(plan_of(made_up(*changes)).effective)

        assert [19, 1] == [len(group.variants) for group in groups]
        assert [("name", 19)] == list(groups[0].varying)
        assert [AttributeChange("machine_type", "a", "b")] == list(groups[0].common)
        assert "t7" == groups[1].variants[0].change.name
        assert ((), ()) == (groups[1].varying, groups[1].variants[0].own)
        assert AttributeChange("machine_type", "a", "c") in groups[1].common

    def test_no_majority(self) -> None:
        """Where each has its own value, all stay together and have theirs."""
        changes = [
            change(TEMPLATE, ["update"], {"m": f"a{n}"}, {"m": f"b{n}"}, f"t{n}") for n in range(5)
        ]

        (group,) = fold(plan_of(made_up(*changes)).effective)

        assert (("m", 5),) == group.varying
        assert ["b0", "b1", "b2", "b3", "b4"] == [member.own[0].after for member in group.variants]

    def test_another_attribute(self) -> None:
        """What changes another attribute is another group."""
        changes = [
            change(TEMPLATE, ["update"], {"a": 1}, {"a": 2}, "x"),
            change(TEMPLATE, ["update"], {"b": 1}, {"b": 2}, "y"),
        ]

        assert 2 == len(fold(plan_of(made_up(*changes)).effective))

    @pytest.mark.parametrize(
        ("actions", "other"),
        [
            (["delete"], {"action_reason": "delete_because_no_module"}),
            (["delete"], {"deposed": "a1b2c3d4"}),
            (["update"], {"previous_address": f"{TOPIC}.z"}),
            (["delete", "create"], {"change": {"replace_paths": [["a"]]}}),
            (["update"], {"change": {"importing": {"id": "x"}}}),
            (["delete", "create"], {"change": {"after": {"b": 2}}}),
        ],
    )
    def test_what_tells_them_apart(self, actions: list[str], other: Any) -> None:
        """What happens to both, and why, must be the same to the letter."""
        one, two = (change(TOPIC, actions, {"a": 1}, {"a": 2}, name) for name in "xy")
        two = {**two, **other, "change": {**two["change"], **other.get("change", {})}}

        assert 1 == len(fold(plan_of(made_up(one, {**one, "address": "y"})).effective))
        assert 2 == len(fold(plan_of(made_up(one, two)).effective))

    @pytest.mark.parametrize("actions", [["create"], ["forget", "create"], ["delete"]])
    def test_what_comes_or_goes_is_not_compared(self, actions: list[str]) -> None:
        """What a new thing is made of does not tell it from others of its type."""
        changes = [
            change(TOPIC, actions, side, None, f"t{n}")
            if actions == ["delete"]
            else change(TOPIC, actions, {}, side, f"t{n}")
            for n, side in enumerate([{"a": 1}, {"b": 1}, {"a": 2}])
        ]

        (group,) = fold(plan_of(made_up(*changes)).effective)

        assert ((), ()) == (group.common, group.varying)

    def test_no_half(self) -> None:
        """A value that half of them share is none that the others differ from."""
        changes = [
            change(TEMPLATE, ["update"], {"m": "a"}, {"m": "b" if n < 2 else f"c{n}"}, f"t{n}")
            for n in range(4)
        ]

        (group,) = fold(plan_of(made_up(*changes)).effective)

        assert (("m", 3),) == group.varying

    def test_texts_are_compared(self) -> None:
        """Two scripts of the same length that change otherwise are told apart."""
        changes = [
            change(TEMPLATE, ["update"], {"s": "a\nb\n"}, {"s": f"a\n{n == 2}\n"}, f"t{n}")
            for n in range(3)
        ]

        assert [2, 1] == [
            len(group.variants) for group in fold(plan_of(made_up(*changes)).effective)
        ]

    def test_their_order(self) -> None:
        """What is destroyed first, then by type, then the most first, then by address."""
        changes = [
            change("b_type", ["create"], None, {}),
            *(change("a_type", ["delete"], {}, None, name) for name in "a"),
            change("a_type", ["update"], {"v": 1}, {"v": 2}, "b"),
            *(change("a_type", ["update"], {"w": 1}, {"w": 2}, name) for name in "cd"),
            change("a_type", ["create"], None, {}, "e"),
        ]

        groups = fold(plan_of(made_up(*changes)).effective)

        assert ["a", "cd", "b", "e", "one"] == [
            "".join(member.change.name for member in group.variants) for group in groups
        ]

    def test_what_is_settled_later(self) -> None:
        """Of a new thing it is told apart; of one that is updated it is a change like others."""
        new, old = (
            change(TOPIC, [action], before, {"b": 1}, action)
            for action, before in (("create", None), ("update", {"a": 1, "b": 1}))
        )
        for one in (new, old):
            one["change"]["after_unknown"] = {"a": True}

        updated, created = fold(plan_of(made_up(new, old)).effective)

        assert (("a",), ()) == (created.settled_later, updated.settled_later)
        assert ["a"] == [one.path for one in updated.common]
