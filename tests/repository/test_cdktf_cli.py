"""The CDK's own command line, where `make cdktf` has installed it."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT, stack_text
from tests.repository.conftest import CONFIGURED

CLI = ROOT / "tools" / "cdktf" / "node_modules" / ".bin" / "cdktf"

pytestmark = [pytest.mark.cdktf, pytest.mark.node]


def test_cdktf_synth_writes_what_make_synth_writes(configured: Path, tmp_path: Path) -> None:
    """`cdktf synth` gives the same bytes as `make synth`."""
    if not CLI.exists():
        pytest.skip("cdktf-cli is not installed: `make cdktf` installs and tests it")
    result = subprocess.run(
        [CLI, "synth", "--output", tmp_path / "out"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "CHECKPOINT_DISABLE": "1", "CI": "1"},
    )

    assert 0 == result.returncode, result.stdout + result.stderr
    for environment in CONFIGURED:
        assert stack_text(configured, environment) == stack_text(tmp_path / "out", environment)
