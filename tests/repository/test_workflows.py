"""The workflows: pinned, with no more rights than needed, and every command in them exists."""

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from pipeline_zen.cli import main
from tests.conftest import ROOT
from tests.repository.promises import LISTED, OPENTOFU, broken

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
ALLOWED = {"umask", "printenv"}
"""What steps run besides our own commands."""

RIGHTS = {
    "contents": "read",
    "id-token": "write",
    "pull-requests": "write",
    "security-events": "write",
}
"""The most that any job may have."""

COMMENT = r'make comment FILE=report\.md KIND=[a-z]+ ENV="\$ENVIRONMENT"'
"""The one command that may be given the token."""

ATLAS = "actions/upload-artifact@"
"""Keeps the one file that is kept, in which there are settings only."""

Json = dict[str, Any]


def problems(text: str) -> list[str]:
    """What is wrong with a workflow; nothing where it may run."""
    workflow: Json = yaml.safe_load(text)
    found = []
    # YAML takes `on` for a boolean, so the text is asked.
    if "pull_request_target" in text:
        found.append("pull_request_target runs a stranger's code with our rights")
    if "continue-on-error" in text:
        found.append("a failure would be passed over")
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
        kept_files = step.get("with", {}).get("path")
        if not (step["uses"].startswith(ATLAS) and kept_files == "atlas.html"):
            found += _keeping(f"{job}: ", step["uses"])
        found += _action(f"{job}: ", step["uses"], text)
        kept = step.get("with", {}).get("persist-credentials") is not False
        if step["uses"].startswith("actions/checkout@") and kept:
            found.append(f"{job}: checkout keeps its credentials")
    if "run" in step:
        if "${{" in step["run"]:
            found.append(f"{job}: an expression in a command: {step['run']}")
        found += [f"{job}: {problem}" for problem in _commands(step["run"])]
    token = [name for name, value in step.get("env", {}).items() if "github.token" in str(value)]
    if token and not re.fullmatch(COMMENT, step["run"]):
        found.append(f"{job}: the token is given to {step['run']}")
    return found


def _action(where: str, uses: str, text: str) -> list[str]:
    if uses.startswith("./"):
        return [] if (ROOT / uses).exists() else [f"{where}{uses} is not there"]
    _, _, version = uses.partition("@")
    pinned = re.fullmatch("[0-9a-f]{40}", version)
    named = re.search(re.escape(uses) + r" # v\d+\.\d+\.\d+$", text, re.MULTILINE)
    return [] if pinned and named else [f"{where}{uses} is not pinned by commit and version"]


def _keeping(where: str, uses: str) -> list[str]:
    action, _, _ = uses.partition("@")
    keeps = "artifact" in action or "cache" in action
    return [f"{where}{action} would keep files"] if keeps else []


def _commands(run: str) -> list[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    given = re.search(r"^GIVEN := ((?:.*\\\n)*.*)", makefile, re.MULTILINE)
    assert given
    variables = set(given[1].split())
    found = []
    for line in run.replace("&&", "\n").splitlines():
        words = [word for word in shlex.split(line) if word not in (">",)]
        if not words or words[0] in ALLOWED or " ".join(words) in (OPENTOFU, LISTED):
            continue
        if words[0] == "make":
            if "apply" in words and "EXPECT=$DIGEST" not in words:
                found.append("an apply of what nobody has reviewed")
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
      - run: make apply ENV=dev EXPECT="$DIGEST"
      - run: make comment FILE=report.md KIND=plan ENV="$ENVIRONMENT"
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
        (' EXPECT="$DIGEST"', "", "an apply of what nobody has reviewed"),
        ('EXPECT="$DIGEST"', "EXPECT=", "an apply of what nobody has reviewed"),
        ("timeout-minutes: 5", "continue-on-error: true", "a failure would be passed over"),
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


def texts() -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in WORKFLOWS}


def test_promises_are_kept() -> None:
    """The workflows do what the documentation says of them."""
    assert [] == broken(texts())


EACH = "environment: ${{ fromJSON(needs.environments.outputs.names) }}"
PREVIEW, APPLY, ONE = "plan.yml", "apply.yml", "apply-environment.yml"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (ONE, ' EXPECT="$DIGEST"', "", "only the digest that was reviewed is applied"),
        (ONE, 'EXPECT="$DIGEST"', "EXPECT=", "only the digest that was reviewed is applied"),
        (
            ONE,
            "DIGEST: ${{ needs.plan.outputs.digest }}",
            'DIGEST: ""',
            "only the digest that was reviewed is applied",
        ),
        (
            ONE,
            "digest: ${{ steps.plan.outputs.digest }}",
            'digest: ""',
            "the digest is that of the plan",
        ),
        (ONE, "        id: plan\n", "        id: other\n", "the digest is that of the plan"),
        (
            ONE,
            "if: needs.plan.outputs.changes == 'true'",
            "if: always()",
            "only changes are applied, and only if the plan succeeded",
        ),
        (
            ONE,
            "environment: ${{ inputs.environment }}\n    steps",
            "environment: ${{ inputs.environment }}-plan\n    steps",
            "who reviews the environment lets it be applied",
        ),
        (
            ONE,
            "environment: ${{ inputs.environment }}-plan",
            "environment: ${{ inputs.environment }}",
            "the review plans as one who only reads",
        ),
        (ONE, " LOCK=no", "", "the review takes no lock"),
        (ONE, 'FIRST="$FIRST"\n', 'FIRST="$FIRST" LOCK=no\n', "planned with the lock"),
        (ONE, "cancel-in-progress: false", "cancel-in-progress: true", "one apply at a time"),
        (APPLY, "max-parallel: 1", "max-parallel: 2", "one environment after the other"),
        (APPLY, "fail-fast: true", "fail-fast: false", "one environment after the other"),
        (APPLY, "needs: [test, environments]", "needs: environments", "what is applied was tested"),
        (APPLY, EACH, "environment: [dev]", "every environment is planned"),
        (APPLY, "environment: ${{ matrix.environment }}", "environment: dev", "every environment"),
        (APPLY, "python3 tools", "echo tools", "the environments are those of the settings"),
        (APPLY, '        default: ""\n', "        default: dev\n", "one environment at most"),
        (APPLY, " == matrix.environment", " != ''", "one environment at most is created"),
        (PREVIEW, EACH, "environment: [dev, prod]", "every environment is planned"),
        (PREVIEW, "steps.list.outputs", "steps.lost.outputs", "the environments are those"),
        (
            PREVIEW,
            "        if: ${{ !cancelled() }}\n",
            "        if: success()\n",
            "a failure is told as well",
        ),
        (PREVIEW, " KIND=rehearsal", "", "a failure is told as well"),
        (
            PREVIEW,
            "environment: ${{ matrix.environment }}-preview",
            "environment: ${{ matrix.environment }}",
            "a branch plans as one who only reads",
        ),
        (PREVIEW, " SARIF=guard.sarif", "", "what is found stands in the diff"),
        (PREVIEW, "sarif_file: settings.sarif", "sarif_file: x", "what is found stands in"),
        (PREVIEW, " LOCK=no", "", "a branch's plan takes no lock and no secret"),
        (PREVIEW, " SECRET=no REPORT", " REPORT", "a branch's plan takes no lock and no secret"),
        (
            PREVIEW,
            "GITHUB_TOKEN: ${{ github.token }}",
            "GITHUB_TOKEN: ${{ secrets.TOKEN }}",
            "a pull request gets no secret",
        ),
        (PREVIEW, "head.repo.full_name ==", "head.repo.full_name !=", "a stranger's branch"),
        (PREVIEW, " &&\n      github.actor", " ||\n      github.actor", "a stranger's branch"),
        (
            PREVIEW,
            "contents: read\n      pull-requests",
            "contents: read\n      id-token: write\n      pull-requests",
            "a rehearsal has no identity",
        ),
        (
            PREVIEW,
            "jobs:\n",
            "concurrency: {group: a, cancel-in-progress: true}\njobs:\n",
            "only a rehearsal is cut off",
        ),
        (PREVIEW, "cancel-in-progress: false", "cancel-in-progress: true", "only a rehearsal is"),
        (PREVIEW, "-${{ matrix.environment }}\n", "\n", "only a rehearsal is cut off"),
        (PREVIEW, "FROM=HEAD^1", "FROM=main", "the rehearsal starts at the commit"),
        (PREVIEW, 'make synth ENV="$ENVIRONMENT"', "true", "before there is a credential"),
        (ONE, 'make synth ENV="$ENVIRONMENT"', "true", "before there is a credential"),
        (ONE, "bash .github/install-opentofu", "true", "before there is a credential"),
        ("test.yml", "  workflow_call:\n", "  push:\n", "what is applied was tested"),
    ],
)
def test_broken_promises_are_found(file: str, old: str, new: str, said: str) -> None:
    """Each edit that takes a protection away is found, in the very workflows."""
    changed = texts()
    assert old in changed[file]
    changed[file] = changed[file].replace(old, new, 1)

    assert any(said in promise for promise in broken(changed))
