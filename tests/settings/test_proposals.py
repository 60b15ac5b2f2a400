"""Proposals: what a message says to write is right; obeying it makes the problem go away."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline_zen.settings import Problem, SettingsError, examine
from tests.conftest import Checkout
from tests.settings.mistakes import PROBLEMS
from tests.settings.small import TODAY, file_of
from tests.settings.whole import Loc, put, texts, value_at

ROUNDS = 8


def _problems(root: Path) -> tuple[Problem, ...]:
    try:
        examined = examine(root, ["dev"], today=TODAY)
    except SettingsError as error:
        return error.problems
    return tuple(remark for remark in examined.remarks if remark.severity == "warning")


def _obey(checkout: Checkout, problem: Problem) -> None:
    """Write the line that the problem proposes."""
    lines = (checkout.root / problem.place.file).read_text(encoding="utf-8").split("\n")
    assert lines[problem.place.line - 1].rstrip() == problem.source
    lines[problem.place.line - 1] = problem.corrected
    checkout.write(problem.place.file, "\n".join(lines))


def _obey_all(checkout: Checkout) -> None:
    """Obey whatever is proposed; each time that problem must be gone, and nothing new be wrong."""
    for _ in range(ROUNDS):
        before = _problems(checkout.root)
        proposing = [problem for problem in before if problem.corrected]
        if not proposing:
            return
        _obey(checkout, proposing[0])
        after = _problems(checkout.root)
        assert (proposing[0].path, proposing[0].message) not in {
            (problem.path, problem.message) for problem in after
        }, f"{proposing[0]}\n\nbecame\n\n{proposing[0].corrected}"
    raise AssertionError(f"there is no end of it: {after}")


@pytest.mark.parametrize("case", PROBLEMS)
def test_obeying(case: str, small: Checkout) -> None:
    """What is proposed for the mistakes of the golden files removes them."""
    for name, old, new in PROBLEMS[case]:
        small.edit(file_of(name), old, new)

    _obey_all(small)


SLIPS: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "a capital": str.capitalize,
    "small letters": str.lower,
    "underscores": lambda text: text.replace("-", "_"),
    "spaces": lambda text: text.replace("-", " "),
    "a letter more": lambda text: f"{text}x",
    "a letter less": lambda text: text[:-1],
    "two letters swapped": lambda text: text[:2] + text[3:4] + text[2:3] + text[4:],
    "a zone": lambda text: f"{text}-a",
    "a cyrillic letter": lambda text: text.replace("a", "\u0430", 1).replace("e", "\u0435", 1),
    "a zero-width space": lambda text: f"{text[:2]}\u200b{text[2:]}",
    "a no-break space": lambda text: f"{text}\u00a0",
    "a space before it": lambda text: f" {text}",
    "an en dash": lambda text: text.replace("-", "\u2013"),
}


@pytest.mark.thorough
@given(st.sampled_from(texts()), st.sampled_from(sorted(SLIPS)))
@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_obeying_after_any_slip(small: Checkout, where: tuple[Loc, bool], slip: str) -> None:
    """Whatever text was written in whatever way, what is proposed removes what is wrong."""
    loc, name = where
    slipped = SLIPS[slip](str(loc[-1]) if name else value_at(loc))
    small.write("config/base.yaml", "{}\n")
    small.write(
        "config/dev.yaml",
        yaml.safe_dump(put(loc, slipped, name=name), allow_unicode=True, width=10_000),
    )

    _obey_all(small)


@pytest.mark.parametrize("slip", ["Europe-West4", "europe_west4", "europe-west4-a", "EUROPE WEST4"])
def test_a_region_in_another_spelling(slip: str, small: Checkout) -> None:
    """A region is proposed by the name that Google has for it, and that is all there is to do."""
    small.edit("config/base.yaml", "europe-west4: [a, b]", f"{slip}: [a, b]")

    (problem,) = _problems(small.root)
    assert problem.hint.startswith('Did you mean "europe-west4"? ')
    _obey(small, problem)

    assert () == _problems(small.root)


@pytest.mark.parametrize("region", ["MARS", "mars-north1"])
def test_no_region_at_all(region: str, small: Checkout) -> None:
    """Where nothing is near, the regions to choose from are named."""
    small.edit("config/base.yaml", "europe-west4: [a, b]", f"{region}: [a, b]")

    problem = next(one for one in _problems(small.root) if region in one.path)

    assert "us-west1" in problem.hint or "us-west1" in _problems(small.root)[-1].hint


def test_what_is_proposed_is_not_there_already(small: Checkout) -> None:
    """Or obeying would give the same setting twice."""
    small.edit("config/base.yaml", "europe-west4: [a, b]", "US-Central1: [a, b]")

    (problem,) = _problems(small.root)

    assert "us-central1" not in problem.corrected


@pytest.mark.parametrize(
    ("written", "corrected"),
    [
        ("labels: {team: 5}", "labels: {team: '5'}"),
        ("labels: {team: yes}", "labels: {team: 'yes'}"),
        ("labels: {team: 2026-11-23}", "labels: {team: '2026-11-23'}"),
        ("labels: {5: a}", ""),
        ("protected: 'no'", "protected: false"),
        ("protected: 1", ""),
        ("delivery: {retention_days: '5'}", "delivery: {retention_days: 5}"),
        ("delivery: {retention_days: 5.0}", "delivery: {retention_days: 5}"),
        ("results_buckets: {us: us, europe: EU}", "results_buckets: {us: US, europe: EU}"),
    ],
)
def test_values_of_another_type(written: str, corrected: str, small: Checkout) -> None:
    """What YAML takes for a number, a day or a truth is proposed in quotes, and the other way."""
    small.edit("config/dev.yaml", "protected: false", written)

    (problem,) = _problems(small.root)

    assert corrected == problem.corrected
    assert "quotes" not in problem.hint or corrected in str(problem)
    _obey_all(small)
    if corrected:
        assert () == _problems(small.root)


@pytest.mark.parametrize(
    ("written", "corrected"),
    [("0.61", "'0.61.0'"), ("0.61.0-rc1", "'0.61.0'"), ("v0.61.0", "'0.61.0'"), ("61", None)],
)
def test_a_release(written: str, corrected: str | None, small: Checkout) -> None:
    """A release that lacks its last number, or has more than its numbers, is proposed as one."""
    small.edit("config/base.yaml", "  v100:\n", f"  v100:\n    image_version: {written}\n")

    (problem,) = _problems(small.root)

    if corrected:
        assert f"    image_version: {corrected}" == problem.corrected
        _obey(small, problem)
        assert () == _problems(small.root)
    else:
        assert "" == problem.corrected


@pytest.mark.parametrize("written", ["0.61", "v0.61.0", "0.61.0 # soon", "'0.61.0'"])
def test_a_release_in_version(written: str, small: Checkout) -> None:
    """The same goes for the file VERSION, which has nothing else in it."""
    small.write("VERSION", f"{written}\n")

    (problem,) = _problems(small.root)
    _obey(small, problem)

    assert "0.61.0\n" == (small.root / "VERSION").read_text(encoding="utf-8")
    assert () == _problems(small.root)
