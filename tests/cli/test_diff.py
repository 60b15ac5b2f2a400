"""The verb `diff`: plans that say of themselves too little."""

import json
from pathlib import Path

from tests.conftest import ROOT, SETTINGS, Run


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
