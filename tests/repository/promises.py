"""The promises that the documentation makes of the workflows, each held against their text."""

import shlex
from collections.abc import Callable, Mapping
from typing import Any

import yaml

OPENTOFU = "bash .github/install-opentofu"
"""How OpenTofu comes to a job."""

LISTED = "python3 tools/environments.py >> $GITHUB_OUTPUT"
"""How a job lists the environments."""

MADE = 'make init ENV="$ENVIRONMENT"'

EACH = "${{ fromJSON(needs.environments.outputs.names) }}"

Json = dict[str, Any]


class Workflows:
    """The three workflows that plan and apply, by their parts."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        parsed: dict[str, dict[Any, Any]] = {
            name: yaml.safe_load(text) for name, text in texts.items()
        }
        self.texts = texts
        self.parsed = parsed
        # YAML takes `on` for a boolean.
        self.triggers = {name: workflow[True] for name, workflow in parsed.items()}
        self.preview, self.apply = parsed["plan.yml"]["jobs"], parsed["apply.yml"]["jobs"]
        self.one = parsed["apply-environment.yml"]
        self.review, self.applied = self.one["jobs"]["plan"], self.one["jobs"]["apply"]
        self.runs = {
            (name, step.get("name")): step
            for name, job in [
                *self.preview.items(),
                ("review", self.review),
                ("apply", self.applied),
            ]
            for step in job["steps"]
        }


def broken(texts: Mapping[str, str]) -> list[str]:
    """Which of the promises are broken."""
    workflows = Workflows(texts)
    promises = [one for part in PARTS for one in part(workflows).items()]
    return [promise for promise, kept in promises if not kept]


def _environments(w: Workflows) -> dict[str, bool]:
    listed = [w.parsed[name]["jobs"]["environments"] for name in ("plan.yml", "apply.yml")]
    first = w.triggers["apply.yml"]["workflow_dispatch"]["inputs"]["first_creation"]
    apply = w.apply["apply"]
    return {
        "every environment is planned and applied": all(
            job["strategy"]["matrix"] == {"environment": EACH} and "environments" in job["needs"]
            for job in (w.preview["rehearse"], w.preview["plan"], apply)
        )
        and apply["with"]["environment"] == "${{ matrix.environment }}",
        "the environments are those of the settings": all(
            job["outputs"] == {"names": "${{ steps.list.outputs.names }}"}
            and job["steps"][-1]["id"] == "list"
            and shlex.split(job["steps"][-1]["run"]) == LISTED.split()
            and "if" not in job
            and job["permissions"] == {"contents": "read"}
            for job in listed
        ),
        "one environment after the other": apply["strategy"]["max-parallel"] == 1
        and apply["strategy"]["fail-fast"] is True
        and apply.get("if") == "vars.WORKLOAD_IDENTITY_PROVIDER != ''",
        "one environment at most is created": first["type"] == "string"
        and first["default"] == ""
        and apply["with"]["first_creation"] == "${{ inputs.first_creation == matrix.environment }}",
    }


def _applying(w: Workflows) -> dict[str, bool]:
    review, applied = w.review, w.applied
    last = applied["steps"][-1]
    return {
        "only the digest that was reviewed is applied": last["run"]
        == 'make apply ENV="$ENVIRONMENT" EXPECT="$DIGEST" YES=yes'
        and last["env"]["DIGEST"] == "${{ needs.plan.outputs.digest }}",
        "the digest is that of the plan": review["outputs"]["digest"]
        == "${{ steps.plan.outputs.digest }}"
        and w.runs["review", "Plan"]["id"] == "plan",
        "only changes are applied, and only if the plan succeeded": applied.get("if")
        == "needs.plan.outputs.changes == 'true'"
        and review["outputs"]["changes"] == "${{ steps.plan.outputs.changes }}"
        and applied["needs"] == "plan"
        and not any("if" in step for step in applied["steps"]),
        "who reviews the environment lets it be applied": applied["environment"]
        == "${{ inputs.environment }}",
        "the review plans as one who only reads": review["environment"]
        == "${{ inputs.environment }}-plan",
        "what is applied was tested": w.apply["test"]["uses"] == "./.github/workflows/test.yml"
        and "test" in w.apply["apply"]["needs"]
        and "if" not in w.apply["test"]
        and "push" not in w.triggers["test.yml"],
        "the review takes no lock": w.runs["review", "Plan"]["run"]
        == f'{MADE} && make plan ENV="$ENVIRONMENT" FIRST="$FIRST" LOCK=no '
        'REPORT="$GITHUB_STEP_SUMMARY"',
        "what is applied is planned with the lock": w.runs["apply", "Plan again"]["run"]
        == f'{MADE} && make plan ENV="$ENVIRONMENT" FIRST="$FIRST"',
        "one apply at a time": w.one["concurrency"]
        == {"group": "apply-${{ inputs.environment }}", "cancel-in-progress": False},
    }


def _previewing(w: Workflows) -> dict[str, bool]:
    plan, rehearsal = w.preview["plan"], w.preview["rehearse"].get("concurrency", {})
    return {
        "a branch plans as one who only reads": plan["environment"]
        == "${{ matrix.environment }}-preview",
        "a failure is told as well": all(
            w.runs[job, "Comment"].get("if") == "${{ !cancelled() }}"
            and w.runs[job, "Comment"]["run"]
            == f'make comment FILE=report.md KIND={kind} ENV="$ENVIRONMENT"'
            for job, kind in (("rehearse", "rehearsal"), ("plan", "plan"))
        ),
        "a branch's plan takes no lock and no secret": w.runs["plan", "Plan"]["run"]
        == f'{MADE} SECRET=no && make plan ENV="$ENVIRONMENT" LOCK=no SECRET=no REPORT=report.md',
        "only a rehearsal is cut off": "concurrency" not in w.parsed["plan.yml"]
        and plan["concurrency"].get("cancel-in-progress") is False
        and "${{ matrix.environment }}" in plan["concurrency"]["group"]
        and rehearsal.get("cancel-in-progress") is True
        and "${{ matrix.environment }}" in rehearsal["group"],
        "the rehearsal starts at the commit that was merged with": " FROM=HEAD^1 "
        in w.runs["rehearse", "Rehearse"]["run"],
        "what is found stands in the diff": _uploads(w)
        == [("settings.sarif", True), ("guard.sarif", True)],
    }


def _uploads(w: Workflows) -> list[tuple[str, bool]]:
    """What is uploaded as found, and whether the job writes it."""
    return [
        (step["with"]["sarif_file"], f"SARIF={step['with']['sarif_file']}" in str(job))
        for job in (w.preview["check"], w.preview["rehearse"])
        for step in job["steps"]
        if step.get("uses", "").startswith("github/codeql-action/upload-sarif@")
        and "!cancelled()" in step["if"]
        and "head.repo.fork" in step["if"]
    ]


def _credentials(w: Workflows) -> dict[str, bool]:
    plan = w.preview["plan"]
    return {
        "a pull request gets no secret": "secrets" not in w.texts["plan.yml"],
        "a rehearsal has no identity": "id-token" not in w.preview["rehearse"]["permissions"],
        "a stranger's branch has no identity": plan["if"].split(" && ")
        == [
            "vars.WORKLOAD_IDENTITY_PROVIDER != ''",
            "github.event.pull_request.head.repo.full_name == github.repository",
            "github.actor != 'dependabot[bot]'",
        ],
        "packages are installed before there is a credential": all(
            _places(job, "make synth") < _places(job, "google-github-actions/auth@")
            and _places(job, OPENTOFU) < _places(job, "google-github-actions/auth@")
            and _places(job, "make synth") < _places(job, "secrets.")
            for job in (plan, w.review, w.applied)
        ),
    }


def _places(job: Json, text: str) -> int:
    """Which step of a job has a text, counted from none; after all of them where none has."""
    numbers = [n for n, step in enumerate(job["steps"]) if text in str(step)]
    return numbers[0] if numbers else len(job["steps"])


PARTS: tuple[Callable[[Workflows], dict[str, bool]], ...] = (
    _environments,
    _applying,
    _previewing,
    _credentials,
)
