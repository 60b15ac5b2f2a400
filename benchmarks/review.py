"""
Measures what it takes to say what a large plan does.

    make bench-review

The plan has 5,000 changes, made from a recorded release by repeating it under other names, with
the prior state and the planned values that OpenTofu writes beside them: some 60 MB. The peer, in
the same run, is Python's own `json` reading the same file: what any tool that parses the whole
plan pays before it has looked at anything. Both are processes of their own, start included; memory
is the peak of each.
"""

import argparse
import json
import multiprocessing
import re
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measuring import ROOT, measure

PLAN = ROOT / "tests" / "plans" / "case-release-calm.json"


def large(changes: int) -> dict[str, object]:
    """A plan of so many changes: a template to five groups."""
    plan = json.loads(PLAN.read_text(encoding="utf-8"))
    template, group = (
        next(each for each in plan["resource_changes"] if each["change"]["actions"] == actions)
        for actions in (["create", "delete"], ["update"])
    )
    root = plan["configuration"]["root_module"]
    written = {each["address"]: each for each in root["resources"]}
    kinds = [
        [json.dumps(each) for each in (one, written[one["address"]])] for one in (template, group)
    ]
    plan["resource_changes"], root["resources"] = [], []
    for number in range(changes):
        change, configured = kinds[number % 6 > 0]
        plan["resource_changes"].append(_repeated(change, number))
        root["resources"].append(_repeated(configured, number))
    changed = plan["resource_changes"]
    plan["prior_state"] = {"format_version": "1.0", "values": _state(changed, "before")}
    plan["planned_values"] = _state(changed, "after")
    return plan  # type: ignore[no-any-return]


def _state(changed: list[dict[str, Any]], side: str) -> dict[str, Any]:
    """What is there before or after the changes, as OpenTofu writes it."""
    resources = [
        {
            **{key: one[key] for key in ("address", "mode", "type", "name", "provider_name")},
            "schema_version": 2,
            "values": one["change"][side],
            "sensitive_values": one["change"][f"{side}_sensitive"],
        }
        for one in changed
    ]
    return {"root_module": {"resources": resources}}


def _repeated(text: str, number: int) -> dict[str, Any]:
    """It under another name: no two have one at Google; a group names the template before it."""
    text = re.sub(r"-tpl\b", f"-tpl-{number // 6}", text)
    text = re.sub(r"(_template\.calm)\b", f"\\1-{number - number % 6}", text)
    one: dict[str, Any] = json.loads(re.sub(r"jobs-8xv100-calm\b(?!-2)", f"\\g<0>-{number}", text))
    one["name"] = f"calm-{number}"
    one["address"] = f"{one['type']}.{one['name']}"
    return one


def write(file: Path, changes: int) -> None:
    """Write such a plan."""
    file.write_text(json.dumps(large(changes)), encoding="utf-8")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--changes", type=int, default=5_000)
    parser.add_argument("--checkout", type=Path, default=ROOT, help="where the settings are")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.json"
        # Made by another process: what this one has had counts as its children's.
        maker = multiprocessing.get_context("spawn").Process(
            target=write, args=(file, options.changes)
        )
        maker.start()
        maker.join()
        print(f"{options.changes:,} changes, {file.stat().st_size / 1e6:.0f} MB")
        reading = f"import json; json.load(open({str(file)!r}, 'rb'))"
        python = sys.executable
        commands = {
            "json alone": (python, "-c", reading),
            **{
                f"diff as {form}": (
                    *(python, "-m", "pipeline_zen", "-C", str(options.checkout)),
                    *("diff", str(file), "--env", "dev", "--format", form),
                )
                for form in ("markdown", "terminal", "json")
            },
        }
        base = 0.0
        for name, command in commands.items():
            rounds = [
                measure(command, passes=(0, 2), environment={}) for _ in range(options.rounds)
            ]
            seconds = statistics.median(measured.seconds for measured in rounds)
            base = base or seconds
            memory = max(measured.megabytes for measured in rounds)
            print(f"{name:17} {seconds:6.2f} s ({seconds / base:.2f})  {memory:5.0f} MB")


if __name__ == "__main__":
    main()
