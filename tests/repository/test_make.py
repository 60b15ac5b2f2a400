"""The make targets: their own words, and what they pass on."""

import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT


class TestMake:
    """The make targets' own words."""

    def _make(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            # Whether something is to be installed is no matter here.
            ["make", "--no-print-directory", "--old-file=.venv/ready", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    def test_help(self) -> None:
        """`make` alone says what it can do."""
        result = self._make()

        assert 0 == result.returncode
        assert "make synth" in result.stdout
        assert "make plan" in result.stdout

    @pytest.mark.parametrize("target", ["init", "plan", "apply", "expand"])
    def test_without_an_environment(self, target: str) -> None:
        """A target that needs an environment asks for it before it does anything."""
        result = self._make(target)

        assert 2 == result.returncode
        assert f"Name the environment: make {target} ENV=dev\n" in result.stderr
        assert "" == result.stdout

    def test_what_a_missing_report_should_be_of(self) -> None:
        """It is passed on where a kind is given, and otherwise the report must be there."""
        named = self._make("-n", "comment", "KIND=plan", "ENV=dev").stdout

        assert "comment 'report.md' --kind 'plan' --env 'dev'\n" in named
        assert "--" not in self._make("-n", "comment", "ENV=dev").stdout

    def test_a_plan_to_look_at(self) -> None:
        """It takes neither the lock nor the secret where that is said, and both otherwise."""
        lock_and_secret = self._make("-n", "init", "plan", "ENV=dev").stdout
        neither = self._make("-n", "init", "plan", "ENV=dev", "LOCK=no", "SECRET=no").stdout

        assert "--no" not in lock_and_secret
        assert "tofu init dev --no-secret\n" in neither
        assert "--no-lock --no-secret" in neither

    @pytest.mark.parametrize(
        ("given", "passed"),
        [
            ([], "tofu apply dev  --yes\n"),
            (["EXPECT="], "tofu apply dev --expect '' --yes\n"),
            (["EXPECT=abc"], "tofu apply dev --expect 'abc' --yes\n"),
        ],
    )
    def test_an_expected_digest(self, given: list[str], passed: str) -> None:
        """What is given is passed on even if it is empty; no check is only what is not given."""
        result = self._make("-n", "apply", "ENV=dev", "YES=yes", *given)

        assert passed in result.stdout

    def test_two_environments(self) -> None:
        """One at a time is planned, and applied."""
        result = self._make("plan", "ENV=dev prod")

        assert 2 == result.returncode
        assert "Name one environment: make plan ENV=dev\n" in result.stderr
        assert "" == result.stdout

    def test_a_catalogue_of_nothing(self) -> None:
        """What to name is told before anything is done."""
        result = self._make("catalog")

        assert 2 == result.returncode
        assert "make catalog FILES=vms.csv AS_OF=2026-12-01\n" in result.stderr

    def test_a_copied_checkout(self, tmp_path: Path) -> None:
        """What was installed for another folder is not used in this one: it points there."""
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        (tmp_path / "Makefile").write_text(makefile, encoding="utf-8")
        (tmp_path / "requirements.lock").write_text("", encoding="utf-8")
        (tmp_path / ".venv").mkdir()
        said = {}
        for folder in (tmp_path, ROOT):
            (tmp_path / ".venv" / "ready").write_text(f"{folder}\n", encoding="utf-8")
            result = subprocess.run(
                ["make", "-n", "-C", str(tmp_path), "check"],
                capture_output=True,
                text=True,
                check=True,
            )
            said[folder] = "-m venv .venv" in result.stdout

        assert {tmp_path: False, ROOT: True} == said

    def test_an_old_python(self, tmp_path: Path) -> None:
        """An unfit Python is told before anything is installed."""
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        (tmp_path / "Makefile").write_text(makefile, encoding="utf-8")
        (tmp_path / "requirements.lock").write_text("", encoding="utf-8")

        result = subprocess.run(
            ["make", "-C", str(tmp_path), "synth", "PYTHON=false"],
            capture_output=True,
            text=True,
            check=False,
        )

        assert 2 == result.returncode
        assert "Python 3.10 or newer is needed and false is not one" in result.stderr
        assert not (tmp_path / ".venv").exists()
