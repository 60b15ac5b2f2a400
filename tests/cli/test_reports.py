"""Reports that verbs write beside what they print."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline_zen.cli import main
from tests.conftest import SETTINGS, Facts, Run


def test_a_rehearsal_reports_a_slip_in_the_catalogue(facts: Facts, tmp_path: Path) -> None:
    """The report for a pull request says so as well."""
    facts.add("zones.csv", "nvidia-l4,us-west9-a,g2-standard-8,hihg,,2026-11-30,seen")

    result = CliRunner().invoke(
        main, ["-C", str(SETTINGS), "rehearse", "dev", "--report", str(tmp_path / "report.md")]
    )

    assert 1 == result.exit_code
    assert 'confidence is "hihg"' in result.stderr
    assert 'confidence is "hihg"' in (tmp_path / "report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("verb", [["rehearse"], ["tofu", "plan"]])
def test_a_report_that_cannot_be_written(verb: list[str], run: Run) -> None:
    """It is told at once, by the name that was given."""
    result = run(*verb, "dev", "--report", "/nosuch/report.md")

    assert 1 == result.returncode
    assert "/nosuch/report.md cannot be written: there is no folder /nosuch." in result.stderr
