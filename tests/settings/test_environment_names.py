"""What an environment can be called, and that one is told once what to rename its file to."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline_zen.settings import Problem, SettingsError, environments, examine
from pipeline_zen.settings.environment_names import can_be, what_no_environment_is_called
from tests.conftest import Checkout
from tests.settings.small import TODAY


def _problems(root: Path, name: str) -> tuple[Problem, ...]:
    with pytest.raises(SettingsError) as caught:
        examine(root, [name], today=TODAY)
    return caught.value.problems


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("Prod2", "prod2"),
        ("my env", "my-env"),
        ("a.b", "a-b"),
        ("us_test", "us-test"),
        ("-x-", "x"),
        ("2nd", "nd"),
        ("pr\u043ed", "prod"),
        ("st\u200baging", "staging"),
        ("x" * 40, "x" * 23),
        ("$(x)", "x"),
        ("${x}", "x"),
        ("google", None),
        ("local", None),
    ],
)
def test_what_none_is_called(name: str, instead: str | None, small: Checkout) -> None:
    """The file is to be renamed, and nothing else is said: what is in it is looked at then."""
    small.write(f"config/{name}.yaml", "project: wrong\nprotectd: yes\n")

    (problem,) = _problems(small.root, name)

    assert (f"config/{name}.yaml", 1) == (problem.place.file, problem.place.line)
    proposed = re.search(r"such as (\S+)\.yaml", problem.hint)
    assert instead == (proposed[1] if proposed else None)
    if instead:
        (small.root / "config" / f"{name}.yaml").rename(small.root / f"config/{instead}.yaml")
        assert instead in environments(small.root)
        assert "an environment cannot be called" not in str(_problems(small.root, instead))


@given(st.text(max_size=40))
@settings(deadline=None, max_examples=300, derandomize=True)
def test_what_is_proposed_can_be(name: str) -> None:
    """Whatever the name, renaming as proposed is enough."""
    wrong = what_no_environment_is_called(name)

    if wrong:
        proposed = re.search(r"such as (\S+)\.yaml", wrong[1])
        assert proposed is None or can_be(proposed[1])
    else:
        assert can_be(name)


def test_what_is_proposed_is_free(small: Checkout) -> None:
    """No file is to be renamed over another."""
    small.write("config/Dev.yaml", "project: eng-ai-dev\n")
    small.write("config/dev.yml", "project: eng-ai-dev\n")

    renamed, other = _problems(small.root, "Dev")

    assert "such as" not in renamed.hint
    assert "dev.yaml is there as well: keep what is right in that, and delete this." == other.hint


@pytest.mark.parametrize("suffix", [".yml", ".YAML", ".Yml"])
def test_another_suffix(suffix: str, small: Checkout) -> None:
    """A file that would be passed over is to be renamed."""
    small.write(f"config/staging{suffix}", "project: eng-ai-staging\n")

    (problem,) = _problems(small.root, "dev")

    assert ("would not be read", "Name it staging.yaml.") == (problem.message, problem.hint)
