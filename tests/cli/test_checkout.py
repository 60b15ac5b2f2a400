"""The checkout that a verb works in: which environments it has."""

from pathlib import Path

import pytest

from tests.conftest import Checkout, Run


@pytest.mark.parametrize("verb", ["check", "synth", "expand"])
def test_no_such_environment(verb: str, run: Run) -> None:
    """A misspelt environment is told with the nearest there is."""
    result = run(verb, "prd")

    assert 2 == result.returncode
    assert 'There is no environment "prd"' in result.stderr
    assert 'Did you mean "prod"?' in result.stderr


def test_no_environments(checkout: Checkout, run: Run) -> None:
    """A config folder without an environment is no success."""
    (checkout.root / "config" / "dev.yaml").unlink()
    (checkout.root / "config" / "prod.yaml").unlink()

    result = run("-C", checkout.root, "check")

    assert 2 == result.returncode
    assert "There is no environment" in result.stderr
    assert "Add config/dev.yaml, with `project: eng-ai-dev`." in result.stderr


def test_a_config_that_is_no_folder(checkout: Checkout, run: Run) -> None:
    """A config that cannot be listed is not taken for one without environments."""
    (checkout.root / "config").rename(checkout.root / "settings")
    checkout.write("config", "")

    result = run("-C", checkout.root, "check")

    hint = "it must be a folder, with base.yaml and a file for each environment"
    assert (1, f"{checkout.root / 'config'}: Not a directory: {hint}.\n") == (
        result.returncode,
        result.stderr,
    )


def test_a_folder_that_is_no_checkout(tmp_path: Path, run: Run) -> None:
    """It is the folder that is wrong, and not the environment."""
    for arguments in (("check",), ("expand", "dev"), ("tofu", "plan", "dev")):
        result = run("-C", tmp_path, *arguments)

        assert f"{tmp_path} is no checkout of this project" in result.stderr
        assert "no environment" not in result.stderr
