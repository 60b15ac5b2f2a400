"""All environments rehearsed at once."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.small_fleet import git, small_repository


@pytest.mark.slow
@pytest.mark.tofu
@pytest.mark.node
def test_all_environments(tofu: str, run: Run, tmp_path: Path) -> None:
    """Each is shown whole, one after the other, and the worst of them is the exit status."""
    assert tofu
    checkout = small_repository(tmp_path / "checkout")
    git(checkout.root, "branch", "before")
    checkout.edit("VERSION", "0.60.1", "0.61.0")

    result = run("-C", checkout.root, "rehearse", "--from", "before")

    assert 2 == result.returncode, result.stdout + result.stderr
    dev, prod = (result.stdout.index(f"{name} at before: ") for name in ("dev", "prod"))
    assert dev < prod
    assert "dev: rehearsing\nprod: rehearsing\n" == result.stderr
    assert 2 == len(list((checkout.root / "cdktf.out" / "bases").iterdir()))


@pytest.mark.tofu
def test_a_ref_that_is_none(tofu: str, run: Run, tmp_path: Path) -> None:
    """What goes wrong in each is told for each, and fails the whole."""
    assert tofu
    checkout = small_repository(tmp_path / "checkout")

    result = run("-C", checkout.root, "rehearse", "--from", "nosuch")

    assert 1 == result.returncode
    for name in ("dev", "prod"):
        assert f'{name}: git knows no "nosuch" here' in result.stdout
