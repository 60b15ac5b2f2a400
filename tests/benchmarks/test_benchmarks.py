"""Every benchmark runs, once and tiny: a benchmark that nobody runs ends in a traceback."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SETTINGS
from tests.small_fleet import small_repository

pytestmark = pytest.mark.process


def _printed(benchmark: str, *arguments: str, checkout: Path = SETTINGS) -> str:
    result = subprocess.run(
        [
            *(sys.executable, "-m", f"benchmarks.{benchmark}"),
            *(*arguments, "--checkout", str(checkout)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == result.returncode, result.stderr
    return result.stdout


@pytest.mark.node
def test_synth() -> None:
    """Synthesis as it is, and of an environment of another size."""
    printed = _printed("synth", "--rounds", "1", "--alone", "--sizes", "60")

    assert re.search(r"^\| make synth \| \d+\.\d\d \|.*\| 1\.00 of it \|$", printed, re.MULTILINE)
    assert re.search(r"^\| \d+ \| \d+\.\d\d \|  \| \d+ \|$", printed, re.MULTILINE)


def test_review() -> None:
    """A plan said in every form, beside a reader of JSON."""
    printed = _printed("review", "--rounds", "1", "--changes", "20")

    forms = ("json alone", "diff as markdown", "diff as terminal", "diff as json")
    assert list(forms) == re.findall(r"^(\D+?) +\d+\.\d\d s", printed, re.MULTILINE)


@pytest.mark.slow
@pytest.mark.node
@pytest.mark.tofu
def test_rehearsal(tofu: str, tmp_path: Path) -> None:
    """The fake Google's requests, plans and rehearsals, of a small fleet."""
    assert tofu
    small = small_repository(tmp_path / "checkout")

    printed = _printed("rehearsal", "--rounds", "1", "--requests", "20", checkout=small.root)

    for line in ("server ready", "requests a second", "plan of dev", "rehearsal of dev"):
        assert re.search(rf"^{line} +\d", printed, re.MULTILINE)
