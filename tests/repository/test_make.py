"""The make targets: their own words, and what they pass on."""

import ast
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run

HOSTILE = [
    "x';touch x;'",
    "x' || touch x; '",
    "$(touch x)",
    "`touch x`",
    "$(shell touch x)",
    "${HOME}$HOME$$",
    'x" "y;touch x',
    "a  b\tc",
    "#x\\",
    "--yes; touch x",
]


class TestMake:
    """The make targets' own words."""

    def _make(self, *arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            # Whether something is to be installed is no matter here.
            ["make", "--no-print-directory", "--old-file=.venv/ready", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **env},
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

        assert shlex.split(named.replace("\\\n", ""))[-6:] == [
            "comment",
            "report.md",
            "--kind",
            "plan",
            "--env",
            "dev",
        ]
        assert "--" not in self._make("-n", "comment", "ENV=dev").stdout

    def test_a_plan_to_look_at(self) -> None:
        """It takes neither the lock nor the secret where that is said, and both otherwise."""
        lock_and_secret = self._make("-n", "init", "plan", "ENV=dev").stdout
        neither = self._make("-n", "init", "plan", "ENV=dev", "LOCK=no", "SECRET=no").stdout

        assert "--no" not in lock_and_secret
        assert "tofu init 'dev' --no-secret\n" in neither
        assert "--no-lock --no-secret" in neither

    @pytest.mark.parametrize(
        ("given", "passed"),
        [
            ([], ["dev", "--yes"]),
            (["EXPECT="], ["dev", "--expect", "", "--yes"]),
            (["EXPECT=abc"], ["dev", "--expect", "abc", "--yes"]),
        ],
    )
    def test_an_expected_digest(self, given: list[str], passed: list[str]) -> None:
        """What is given is passed on even if it is empty; no check is only what is not given."""
        result = self._make("-n", "apply", "ENV=dev", "YES=yes", *given)

        words = shlex.split(result.stdout.replace("\\\n", ""))
        assert ["tofu", "apply", *passed] == words[-2 - len(passed) :]

    def test_a_ref_that_got_lost(self, run: Run) -> None:
        """An empty one is passed on and refused; from nothing is only what is not given."""
        empty = self._make("-n", "rehearse", "ENV=dev", "FROM=")
        without = self._make("-n", "rehearse", "ENV=dev")

        assert ["rehearse", "dev", "--from", ""] == shlex.split(empty.stdout)[4:8]
        assert "--from" not in without.stdout
        refused = run("rehearse", "dev", "--from", "")
        assert 1 == refused.returncode
        assert "Invalid value for '--from': it is empty" in refused.stderr

    @pytest.mark.parametrize("more", [[], ["--environment-overrides"]])
    def test_what_the_shell_has_exported(self, more: list[str]) -> None:
        """Only what stands on make's command line is taken: a shell has an ENV of its own."""
        exported = dict.fromkeys(("FIRST", "YES", "EXPECT", "FROM", "REPORT", "KIND"), "yes")
        targets = ("-n", "synth", "plan", "apply", "rehearse", "comment")

        alone = self._make(*targets, "ENV=dev")
        among = self._make(*more, *targets, "ENV=dev", LOCK="no", SECRET="no", **exported)

        assert "--first-creation" not in alone.stdout
        assert alone.stdout == among.stdout
        assert "Name the environment" in self._make(*more, "plan", ENV="dev").stderr
        assert "synth \n" in self._make(*more, "-n", "synth", ENV="~/.ashrc").stdout

    @pytest.mark.parametrize("variable", ["FIRST", "LOCK", "SECRET", "YES"])
    def test_neither_yes_nor_no(self, variable: str) -> None:
        """What is to be answered with yes or no is answered with nothing else; no is no."""
        given = self._make("-n", "plan", "apply", "ENV=dev", f"{variable}=yess")
        no = self._make("-n", "plan", "apply", "ENV=dev", "FIRST=no", "YES=no").stdout

        assert 2 == given.returncode
        assert f"{variable}=yess: it can be yes, no, or be left out." in given.stderr
        assert not [option for option in ("--first-creation", "--yes") if option in no]

    @pytest.mark.thorough
    @pytest.mark.parametrize("value", HOSTILE)
    def test_no_value_becomes_a_command(self, value: str, tmp_path: Path) -> None:
        """Whatever is given reaches the verb as one text, and no shell nor make carries it out."""
        (tmp_path / ".venv" / "bin").mkdir(parents=True)
        (tmp_path / "tools").mkdir()
        python = tmp_path / ".venv" / "bin" / "python"
        python.write_text(f"#!{sys.executable}\nimport sys\nprint(sys.argv[1:])\n")
        python.chmod(0o755)
        shutil.copy(ROOT / "Makefile", tmp_path)

        def told(*arguments: str) -> list[list[str]]:
            result = self._make("-C", str(tmp_path), *arguments)
            assert 0 == result.returncode, result.stderr
            return [ast.literal_eval(line) for line in result.stdout.splitlines()]

        given = [
            f"{name}={value}" for name in ("FROM", "REPORT", "FILE", "KIND", "STATE", "EXPECT")
        ]
        verbs = ("rehearse", "comment", "plan", "adopt", "apply")
        rehearse, comment, synth, plan, adopt, apply = told(*verbs, "ENV=dev", *given)
        assert ["rehearse", "dev", "--from", value, "--report", value] == rehearse[-6:]
        assert ["comment", value, "--kind", value, "--env", "dev"] == comment[-6:]
        assert ["synth", "dev"] == synth[-2:]
        assert ["tofu", "plan", "dev", "--report", value] == plan[-5:]
        assert ["adopt", "dev", "--state", value] == adopt[-4:]
        assert ["tofu", "apply", "dev", "--expect", value] == apply[-5:]
        (check,) = told("check", f"ENV={value}")
        assert ["-m", "pipeline_zen", "check", *value.split()] == check
        (catalog,) = told("catalog", f"FILES={value}", f"AS_OF={value}", f"REVISION={value}")
        files = ["tools/refresh_catalog.py", *value.split()]
        assert [*files, "--as-of", value, "--revision", value] == catalog
        assert sorted(path.name for path in tmp_path.iterdir()) == [".venv", "Makefile", "tools"]

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
            said[folder] = "tools/install.py" in result.stdout

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
