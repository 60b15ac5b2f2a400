"""The registry of rules."""

import pytest

from pipeline_zen.settings.lint.rule import RULES, rule


def test_ids_are_unique() -> None:
    """One id, one rule: what is ignored is what was meant."""
    twice = rule("zone-unused", "notice", "A zone again.", "Take it out.")

    with pytest.raises(ValueError, match="two rules zone-unused"):
        twice(lambda: iter(()))


def test_a_rule_is_kept_by_its_own_id() -> None:
    """What is found by an id is the rule that has it."""
    assert list(RULES) == [known.id for known in RULES.values()]
