"""What is no file where settings are read: every verb refuses it, and waits for nobody to write."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Checkout

PATIENCE = 20
"""Seconds for a verb to end, on a machine that is busy; one that waits for a pipe never does."""

VERBS = (
    *("adopt dev", "atlas dev", "check", "diff plan.json --env dev", "expand dev", "exposure dev"),
    *("rehearse dev", "scheduler-config dev", "synth", "synth dev", "tofu apply dev"),
    *("tofu init dev", "tofu plan dev"),
)
FILES = ("VERSION", "config/base.yaml", "config/dev.yaml", "config/allow.yaml", "config/x.yaml")
NO_FILE: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a device": lambda file: file.symlink_to("/dev/zero"),
    "a large one": lambda file: os.truncate(_touched(file), 1 << 40),
}

pytestmark = pytest.mark.process


def _touched(file: Path) -> Path:
    file.touch()
    return file


def told(checkout: Checkout, verb: str) -> "subprocess.CompletedProcess[str]":
    """What comes of a verb. Fails where it does not end."""
    return subprocess.run(
        [sys.executable, "-m", "pipeline_zen", "-C", str(checkout.root), *verb.split()],
        capture_output=True,
        text=True,
        check=False,
        cwd=checkout.root,
        timeout=PATIENCE,
    )


@pytest.mark.parametrize("verb", VERBS)
def test_a_pipe(verb: str, checkout: Checkout) -> None:
    """Every verb that reads settings refuses it, as what it is."""
    checkout.write("plan.json", "{}")
    file = checkout.root / "config/dev.yaml"
    file.unlink()
    os.mkfifo(file)

    result = told(checkout, verb)

    assert result.returncode in (1, 2)
    assert "config/dev.yaml: a pipe or a device, and no file\n" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("kind", NO_FILE)
def test_synth(kind: str, file: str, checkout: Checkout) -> None:
    """Wherever it is and whatever it is, `synth` says the same of it as `check`."""
    (checkout.root / file).unlink(missing_ok=True)
    NO_FILE[kind](checkout.root / file)

    result = told(checkout, "synth")

    assert (2, "") == (result.returncode, result.stdout)
    assert told(checkout, "check").stderr == result.stderr
    assert f"{file}: " in result.stderr


@pytest.mark.parametrize("file", ["VERSION", "config/base.yaml"])
def test_synth_without_one(file: str, checkout: Checkout) -> None:
    """One that is not there is told in the settings' own words as well."""
    (checkout.root / file).unlink()

    result = told(checkout, "synth")

    assert 2 == result.returncode
    assert f"{file}: no such file\n" in result.stderr
