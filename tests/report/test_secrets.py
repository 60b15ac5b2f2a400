"""A secret is in no form."""

import copy
import json
from typing import Any

import pytest

from tests.plans.catalogue import CASES
from tests.plans.kinds import CANARY, KINDS
from tests.plans.made import change, made_up
from tests.plans.recorded import recorded
from tests.report.reviews import NAMES, all_forms, leaves, put


class TestSecrets:
    """A secret is in no form, wherever in the plan it stands."""

    @pytest.mark.thorough
    @pytest.mark.parametrize("name", [f"kind-{name}" for name in KINDS])
    def test_a_token_everywhere(self, name: str) -> None:
        """A token in each position in turn, several at a time, is never shown."""
        plan = recorded(name)
        paths = [path for path in leaves(plan) if path[0] != "planned_values"]
        shown = set()
        # A few at a time, so that the plan is still one.
        for start in range(23):
            mutated = copy.deepcopy(plan)
            for path in paths[start::23]:
                put(mutated, path, f"x {CANARY} y")
            if CANARY in all_forms(mutated):
                shown.add(start)

        assert set() == shown

    @pytest.mark.parametrize("name", ["kind-sensitive", "kind-outputs", "kind-replace-new-first"])
    def test_as_it_was_recorded(self, name: str) -> None:
        """The recorded plans hold one where users have them: variables, metadata, outputs."""
        plan = recorded(name)

        assert CANARY in json.dumps(plan)
        assert CANARY not in all_forms(plan)

    @pytest.mark.parametrize(
        "part", ["variables", "prior_state", "configuration", "planned_values"]
    )
    def test_what_is_never_read(self, part: str) -> None:
        """Even a plain word there is not shown: these parts are not looked at."""
        plan = recorded("kind-sensitive")
        for path in leaves(plan[part]):
            if isinstance(path[-1], str) and path[-1] not in ("address", "full_name", "mode"):
                put(plan[part], path, "tangofoxtrot")

        assert "tangofoxtrot" in json.dumps(plan[part])
        assert "tangofoxtrot" not in all_forms(plan)

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
    def test_what_is_marked(self, case: Any) -> None:
        """A plain word that OpenTofu marks as sensitive is not shown, whatever rule reads it."""
        plan = recorded(f"case-{case.name}")
        for one in plan["resource_changes"]:
            for side in ("before", "after"):
                values = one["change"].get(side)
                if values:
                    one["change"][side] = _worded(values)
                    one["change"][f"{side}_sensitive"] = _marks(values)

        assert "tangofoxtrot" not in all_forms(plan)

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
    def test_what_is_marked_and_becomes_unknown(self, case: Any) -> None:
        """Nor is one below a mark in what will be known only after the apply."""
        plan = recorded(f"case-{case.name}")
        for one in plan["resource_changes"]:
            before = one["change"].get("before")
            if before and one["change"]["after"]:
                after = dict.fromkeys(before, True)
                one["change"].update(
                    before=_worded(before),
                    before_sensitive=_marks(before),
                    after={},
                    after_unknown=after,
                )

        assert "tangofoxtrot" not in all_forms(plan)

    @pytest.mark.parametrize("key", ["credentials", "hf.token", "a.io/api-key", "HF TOKEN"])
    @pytest.mark.parametrize("name", NAMES)
    def test_under_a_secrets_key(self, name: str, key: str) -> None:
        """A plain word under such a key is not shown, wherever in a resource the key is."""
        plan = recorded(name)
        for one in (*plan["resource_changes"], *plan.get("resource_drift", ())):
            for side in ("before", "after"):
                values = one["change"].get(side)
                if values:
                    one["change"][side] = _planted(values, key, f"tangofoxtrot {side}")

        assert "tangofoxtrot" not in all_forms(plan)

    def test_an_identity(self) -> None:
        """What something is imported by is masked key by key."""
        plan = recorded("kind-import")
        for one in plan["resource_changes"]:
            identity = {
                "project": "p",
                "credentials": {"a": "tangofoxtrot"},
                "token": "tangofoxtrot",
            }
            one["change"]["importing"] = {"identity": identity}

        shown = all_forms(plan)

        assert "tangofoxtrot" not in shown
        assert '{"credentials": "(masked)", "project": "p", "token": "(masked)"}' in shown

    def test_keys(self) -> None:
        """A token that is the key of a label is not shown either."""
        before, after = {"labels": {CANARY: "1"}}, {"labels": {CANARY: "2"}}
        plan = made_up(change("google_pubsub_topic", ["update"], before, after))

        assert CANARY not in all_forms(plan)


def _worded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _worded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_worded(item) for item in value]
    return f"tangofoxtrot {value}" if isinstance(value, str) else value


def _planted(value: Any, key: str, word: str) -> Any:
    """*value* with secrets of each form in every mapping of it."""
    if isinstance(value, list):
        return [_planted(item, key, word) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        **{name: _planted(item, key, word) for name, item in value.items()},
        key: {"a": [word], "b": {"c": word}},
        f"my_{key}": word,
        f"{key}_data": [{"v": word}],
        "pairs": [{"name": key, "value": word}, {"key": key, "values": [word]}],
        "text": f"first\nexport X='{key}'\n- name: \"{key}\"\n  {key}: {word}\n",
    }


def _marks(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _marks(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_marks(item) for item in value]
    return isinstance(value, str)
