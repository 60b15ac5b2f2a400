"""Every rule: what it finds and what it lets pass, and what is deployed."""

from collections.abc import Callable

import pytest

from pipeline_zen.settings import examine
from pipeline_zen.settings.lint import RULES
from tests.conftest import ENVIRONMENTS, SETTINGS, Checkout
from tests.settings.lint.cases import (
    CASES,
    DEV,
    TODAY,
    edit,
    problems,
)


def test_sound_settings(sound: Checkout) -> None:
    """Each remark comes from its edit alone: without it there is none."""
    assert () == problems(sound)


@pytest.mark.parametrize("rule", CASES)
def test_found(rule: str, sound: Checkout, golden: Callable[[str], object]) -> None:
    """A rule finds its mistake, shows its place and says what to do; no other rule stirs."""
    edit(sound, *CASES[rule][0])

    told = problems(sound)

    severity = RULES[rule].severity
    assert {(rule, severity)} == {(problem.rule, problem.severity) for problem in told}
    assert golden(f"{rule}.txt") == "\n\n".join(map(str, told)) + "\n"


@pytest.mark.parametrize("rule", CASES)
def test_passed(rule: str, sound: Checkout) -> None:
    """The same place with a sound value is let pass."""
    edit(sound, *CASES[rule][1])

    assert rule not in {problem.rule for problem in problems(sound)}


def test_every_rule_has_its_tests() -> None:
    """A rule without a case is not tested; age has tests of its own."""
    assert set(RULES) == {*CASES, "catalogue-old"}


def test_what_environments_share_is_told_once(sound: Checkout) -> None:
    """A remark about the base is one, not one for each environment."""
    edit(sound, *CASES["zone-unused"][0])
    sound.write("config/prod.yaml", DEV.replace("-dev", "-prod"))

    assert 1 == len(examine(sound.root, ["dev", "prod"], today=TODAY).remarks)


def test_warnings_come_before_notices(sound: Checkout) -> None:
    """What is probably wrong is told first."""
    edit(sound, *CASES["zone-unused"][0])
    edit(sound, *CASES["zone-doubtful"][0])

    assert ["warning", "warning", "notice"] == [one.severity for one in problems(sound)]


def test_the_real_settings(golden: Callable[[str], object]) -> None:
    """Nothing that is deployed is wrong or doubtful; zones and regions more could be had."""
    remarks = examine(SETTINGS, ENVIRONMENTS, today=TODAY).remarks

    assert {"region-unused", "zone-unused"} == {remark.rule for remark in remarks}
    assert golden("real.txt") == "\n\n".join(map(str, remarks)) + "\n"
