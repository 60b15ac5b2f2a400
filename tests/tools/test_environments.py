"""The list of environments that the workflows run for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline_zen.settings import environments
from tests.conftest import ROOT

TOOL = ROOT / "tools" / "environments.py"


def _listed(root: Path) -> list[str]:
    """What the tool of a checkout says, in the form of a workflow's output, without our package."""
    (root / "tools").mkdir(exist_ok=True)
    (root / "tools" / TOOL.name).write_bytes(TOOL.read_bytes())
    printed = subprocess.run(
        [sys.executable, "-I", "-S", root / "tools" / TOOL.name],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    name, _, value = printed.partition("=")
    assert "names" == name
    names: list[str] = json.loads(value)
    return names


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["base", "dev", "prod"], ["dev", "prod"]),
        (["allow", "base", "dev", "prod", "staging"], ["dev", "staging", "prod"]),
        (["base", "qa", ".#qa", "prod"], ["qa", "prod"]),
    ],
)
def test_order(files: list[str], names: list[str], tmp_path: Path) -> None:
    """They are those of the settings, and prod comes after all others."""
    (tmp_path / "config").mkdir()
    for file in files:
        (tmp_path / "config" / f"{file}.yaml").touch()
    (tmp_path / "config" / "schema.json").touch()

    assert names == _listed(tmp_path)
    assert sorted(names) == environments(tmp_path)
