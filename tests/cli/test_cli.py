"""The command line as a whole: what it starts, and what it does without."""

import subprocess
import sys

import pytest

from tests.conftest import Run


@pytest.mark.parametrize(
    "verb", ["check", "expand dev", "expand dev --format json", "schema", "--help"]
)
def test_needs_no_node(verb: str, run: Run) -> None:
    """What only reads starts no Node: it works where there is none."""
    assert 0 == run(*verb.split(), env={"JSII_NODE": "/nowhere", "PATH": "/nowhere"}).returncode


@pytest.mark.process
@pytest.mark.parametrize(
    "module",
    [
        "names",
        "versions",
        "catalog",
        "settings",
        "settings.schema",
        "fleet",
        "stack",
        "settings.config_env",
        "interruption",
        "plan",
        "guard",
        "report",
        "report.terminal",
        "tofu",
        "rehearsal",
        "cli",
    ],
)
def test_reading_and_reporting_import_no_cdk(module: str) -> None:
    """The CDK takes a second to start; what reads or reports does without."""
    code = (
        f"import sys, pipeline_zen.{module}; "
        "sys.exit(any(name in sys.modules for name in ('jsii', 'cdktf', 'constructs')))"
    )

    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode
