"""The workflows: pinned, with no more rights than needed, and every command in them exists."""

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from pipeline_zen.cli import main
from pipeline_zen.settings import environments
from tests.conftest import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
ALLOWED = {"umask", "printenv"}
"""What steps run besides our own commands."""

RIGHTS = {"contents": "read", "id-token": "write", "pull-requests": "write"}
"""The most that any job may have."""

Json = dict[str, Any]


def problems(text: str) -> list[str]:
    """What is wrong with a workflow; nothing where it may run."""
    workflow: Json = yaml.safe_load(text)
    found = []
    # YAML takes `on` for a boolean, so the text is asked.
    if "pull_request_target" in text:
        found.append("pull_request_target runs a stranger's code with our rights")
    if workflow.get("permissions") != {}:
        found.append("the workflow itself has permissions")
    for name, job in workflow["jobs"].items():
        rights = job.get("permissions")
        if not isinstance(rights, dict) or not rights.items() <= RIGHTS.items():
            found.append(f"{name}: permissions {rights}")
        if "uses" in job:
            found += _action(f"{name}: ", job["uses"], text)
            continue
        if "timeout-minutes" not in job:
            found.append(f"{name}: no timeout")
        for step in job["steps"]:
            found += _step(name, step, text)
    return found


def _step(job: str, step: Json, text: str) -> list[str]:
    found = []
    if "uses" in step:
        found += _action(f"{job}: ", step["uses"], text)
        kept = step.get("with", {}).get("persist-credentials") is not False
        if step["uses"].startswith("actions/checkout@") and kept:
            found.append(f"{job}: checkout keeps its credentials")
    if "run" in step:
        if "${{" in step["run"]:
            found.append(f"{job}: an expression in a command: {step['run']}")
        found += [f"{job}: {problem}" for problem in _commands(step["run"])]
    token = [name for name, value in step.get("env", {}).items() if "github.token" in str(value)]
    if token and step["run"] != "make comment FILE=report.md":
        found.append(f"{job}: the token is given to {step['run']}")
    return found


def _action(where: str, uses: str, text: str) -> list[str]:
    if uses.startswith("./"):
        return [] if (ROOT / uses).exists() else [f"{where}{uses} is not there"]
    action, _, version = uses.partition("@")
    if "artifact" in action or "cache" in action:
        return [f"{where}{action} would keep files"]
    pinned = re.fullmatch("[0-9a-f]{40}", version)
    named = re.search(re.escape(uses) + r" # v\d+\.\d+\.\d+$", text, re.MULTILINE)
    return [] if pinned and named else [f"{where}{uses} is not pinned by commit and version"]


def _commands(run: str) -> list[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    variables = set(re.findall(r"^([A-Z]+) \?=", makefile, re.MULTILINE))
    found = []
    for line in run.replace("&&", "\n").splitlines():
        words = [word for word in shlex.split(line) if word not in (">",)]
        if not words or words[0] in ALLOWED:
            continue
        if words[0] == "make":
            found += [f"no make target {word}" for word in words[1:]
                      if "=" not in word and word not in targets]  # fmt: skip
            found += [f"no variable {name} of make" for name in
                      (word.partition("=")[0] for word in words[1:] if "=" in word)
                      if name not in variables]  # fmt: skip
        elif words[0] == "pipeline-zen":
            found += _verb(words[1:])
        else:
            found.append(f"unknown command {words[0]}")
    return found


def _verb(words: list[str]) -> list[str]:
    command: click.Command = main
    while isinstance(command, click.Group) and words:
        below = command.commands.get(words[0])
        if below is None:
            return [f"no verb {words[0]}"]
        command, words = below, words[1:]
    known = {option for one in command.params for option in one.opts}
    return [f"no option {word}" for word in words if word.startswith("-") and word not in known]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_sound(file: Path) -> None:
    """Nothing is wrong with any workflow."""
    assert [] == problems(file.read_text(encoding="utf-8"))


def test_all_are_there() -> None:
    """Plan and apply, which the documentation tells of, and the tests."""
    assert {"apply-environment.yml", "apply.yml", "plan.yml", "test.yml"} == {
        file.name for file in WORKFLOWS
    }


SOUND = """\
on: pull_request
permissions: {}
jobs:
  a:
    timeout-minutes: 5
    permissions: {contents: read}
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with: {persist-credentials: false}
      - run: make plan ENV="$ENVIRONMENT" REPORT=x
      - run: pipeline-zen tofu apply dev --expect x
      - run: make comment FILE=report.md
        env: {GITHUB_TOKEN: "${{ github.token }}"}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", None),
        ("on: pull_request", "on: pull_request_target", "pull_request_target"),
        ("permissions: {}\n", "", "the workflow itself has permissions"),
        ("permissions: {}", "permissions: write-all", "the workflow itself has permissions"),
        ("{contents: read}", "{contents: write}", "a: permissions"),
        ("    permissions: {contents: read}\n", "", "a: permissions None"),
        ("    timeout-minutes: 5\n", "", "no timeout"),
        ("@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7", "is not pinned"),
        (" # v7.0.1", "", "is not pinned"),
        ("actions/checkout@", "actions/upload-artifact@", "would keep files"),
        ("{persist-credentials: false}", "{}", "checkout keeps its credentials"),
        ('"$ENVIRONMENT"', '"${{ github.head_ref }}"', "an expression in a command"),
        ("make plan", "make plans2", "no make target plans2"),
        ("REPORT=x", "REPROT=x", "no variable REPROT of make"),
        ("tofu apply", "tofu aply", "no verb aply"),
        ("--expect", "--expct", "no option --expct"),
        ("pipeline-zen tofu", "curl tofu", "unknown command curl"),
        ("make comment", "make check", "the token is given to"),
    ],
)
def test_mistakes_are_found(old: str, new: str, said: str | None) -> None:
    """Each thing that is held against the workflows is found where it is wrong."""
    found = problems(SOUND.replace(old, new, 1) if old else SOUND)

    if said is None:
        assert [] == found
    else:
        assert any(said in problem for problem in found), found


def test_every_environment_is_planned_and_applied() -> None:
    """Whoever adds an environment adds it to the workflows."""
    plan = yaml.safe_load((FOLDER / "plan.yml").read_text(encoding="utf-8"))
    apply = yaml.safe_load((FOLDER / "apply.yml").read_text(encoding="utf-8"))
    known = environments(ROOT)

    for job in plan["jobs"].values():
        assert known == job["strategy"]["matrix"]["environment"]
    assert known == sorted(job["with"]["environment"] for job in apply["jobs"].values())


def test_one_apply_at_a_time() -> None:
    """An apply is never cut off by a newer one, and never runs beside another."""
    workflow = yaml.safe_load((FOLDER / "apply-environment.yml").read_text(encoding="utf-8"))

    expected = {"group": "apply-${{ inputs.environment }}", "cancel-in-progress": False}
    assert expected == workflow["concurrency"]


def test_only_the_plans_of_our_own_branches_have_credentials() -> None:
    """A fork's pull request gets a rehearsal, and no identity."""
    jobs = yaml.safe_load((FOLDER / "plan.yml").read_text(encoding="utf-8"))["jobs"]

    assert "id-token" not in jobs["rehearse"]["permissions"]
    assert "secrets." not in yaml.safe_dump(jobs["rehearse"])
    assert (
        "github.event.pull_request.head.repo.full_name == github.repository" in (jobs["plan"]["if"])
    )
