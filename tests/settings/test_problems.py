"""Every way in which settings can be wrong, and how it is told."""

from collections.abc import Callable
from datetime import date

import pytest

from pipeline_zen.settings import SettingsError, examine, load
from tests.conftest import Checkout
from tests.settings.mistakes import PROBLEMS
from tests.settings.small import file_of


@pytest.mark.parametrize("case", PROBLEMS)
def test_problem(case: str, small: Checkout, golden: Callable[[str], object]) -> None:
    """A mistake is told with its place, its line, what is wrong and what to do."""
    for name, old, new in PROBLEMS[case]:
        small.edit(file_of(name), old, new)

    with pytest.raises(SettingsError) as caught:
        examine(small.root, ["dev"], today=date(2026, 12, 1))

    assert golden(f"{case}.txt") == f"{caught.value}\n"


def test_the_small_settings_are_sound(small: Checkout) -> None:
    """Each problem comes from its edit alone: without it there is none."""
    (settings,) = load(small.root, ["dev"])

    assert {"v100", "a100-40gb"} == set(settings.fleets)


def test_file_problems(small: Checkout) -> None:
    """A file that is missing, empty, of another suffix or no text is told by its name."""
    (small.root / "config/prod.yaml").write_bytes(b"project: \xff\n")
    small.write("config/test.yml", "")
    (small.root / "VERSION").unlink()

    with pytest.raises(SettingsError) as caught:
        load(small.root, ["dev", "prod", "staging"])

    assert [
        ("VERSION", "no such file"),
        ("config/prod.yaml", "not UTF-8 text (byte 9)"),
        ("config/staging.yaml", "no such file"),
        ("config/test.yml", "would not be read"),
    ] == [(problem.place.file, problem.message) for problem in caught.value.problems]


def test_a_problem_of_the_base_is_told_once(small: Checkout) -> None:
    """What is wrong for every environment is one problem, not one for each."""
    small.write("config/prod.yaml", "project: eng-ai-prod\n")
    small.edit("config/base.yaml", "[a, f]", "[a, a]")

    with pytest.raises(SettingsError) as caught:
        load(small.root, ["dev", "prod"])

    assert 1 == len(caught.value.problems)
