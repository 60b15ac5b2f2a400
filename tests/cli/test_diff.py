"""`pipeline-zen diff`, as a user runs it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline_zen.cli import main
from tests.conftest import ROOT, SETTINGS, Run
from tests.plans.made import change, made_up
from tests.plans.recorded import recorded


class TestDiff:
    """`pipeline-zen diff`, as a user runs it."""

    @pytest.fixture
    def plan(self, tmp_path: Path) -> Path:
        file = tmp_path / "plan.json"
        file.write_text(json.dumps(recorded("case-group-deleted")), encoding="utf-8")
        return file

    def _run(self, *arguments: str, stdin: bytes = b"") -> Result:
        return CliRunner().invoke(main, ["-C", str(SETTINGS), "diff", *arguments], input=stdin)

    def test_a_file_and_standard_input(self, plan: Path) -> None:
        """Both are read; the environment is found by the project; 3 means blocked."""
        file = self._run(str(plan), "--format", "markdown")
        stdin = self._run("-", "--format", "markdown", stdin=plan.read_bytes())

        assert (3, "") == (file.exit_code, file.stderr)
        assert file.stdout == stdin.stdout
        assert file.stdout.startswith("<!-- pipeline-zen plan of dev -->\n")

    def test_mistakes(self, tmp_path: Path) -> None:
        """What cannot be read is an error, and no report that nothing changes."""
        file = tmp_path / "no.json"
        file.write_text("Warning: x\n", encoding="utf-8")

        result = self._run(str(file))
        missing = self._run(str(tmp_path / "missing.json"))

        assert (1, "") == (result.exit_code, result.stdout)
        assert "does not begin with JSON" in result.stderr
        assert (1, "") == (missing.exit_code, missing.stdout)
        assert "No such file" in missing.stderr

    def test_no_environment(self, tmp_path: Path) -> None:
        """A plan of no known project must be told which environment it is of."""
        file = tmp_path / "plan.json"
        topic = {"project": "elsewhere", "name": "x"}
        plan = made_up(change("google_pubsub_topic", ["create"], None, topic))
        file.write_text(json.dumps(plan), encoding="utf-8")

        unknown = self._run(str(file))
        named = self._run(str(file), "--env", "prod")

        assert 1 == unknown.exit_code
        assert "name it with --env, one of dev, prod" in unknown.stderr
        assert 3 == named.exit_code
        assert "in `elsewhere`, and prod is `eng-ai-prod`" in named.stdout


def test_a_plan_of_nothing(run: Run, tmp_path: Path) -> None:
    """A plan without changes says so for every environment; as JSON it must be of one."""
    plan = ROOT / "tests" / "plans" / "case-nothing.json"
    data = json.loads(plan.read_text(encoding="utf-8"))
    (tmp_path / "plan.json").write_text(json.dumps({**data, "resource_changes": []}))

    result = run("-C", SETTINGS, "diff", tmp_path / "plan.json")
    as_json = run("-C", SETTINGS, "diff", tmp_path / "plan.json", "--format", "json")

    assert (0, "No changes, whichever environment it is a plan of.\n") == (
        result.returncode,
        result.stdout,
    )
    assert (1, "") == (as_json.returncode, as_json.stdout)
    assert "It changes nothing, so --env must name what it is a plan of." in as_json.stderr
