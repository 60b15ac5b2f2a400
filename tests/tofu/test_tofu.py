"""Real OpenTofu with the real provider: the stacks are valid, plan, and leak nothing."""

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipeline_zen.guard.checks import collected
from tests.conftest import ENVIRONMENTS, Checkout, Run, Stack

CANARY = "hf_canary4f1c9e7b20d8"
"""Stands for a secret; it must appear nowhere but in its own file."""

SECRET = f"PZ_HUGGINGFACE_TOKEN={CANARY}\nPZ_CUSTOMER_API_KEY={CANARY}\n"


class Deployment:
    """An environment's folder as `make plan` finds it, but with its state in a local file."""

    def __init__(self, tofu: str, root: Path, environment: str) -> None:
        self.tofu = tofu
        self.folder = root / "cdktf.out" / "stacks" / environment
        self.output: list[str] = []
        (root / f"{environment}-config.env").write_text(SECRET, encoding="utf-8")
        # Files named so are joined over the others; the stack itself stays as it was written.
        override: Stack = {"terraform": {"backend": {"local": {}}}}
        (self.folder / "zz_override.tf.json").write_text(json.dumps(override), encoding="utf-8")

    def run(self, *arguments: str) -> str:
        result = subprocess.run(
            [self.tofu, f"-chdir={self.folder}", *arguments, "-no-color"],
            capture_output=True,
            text=True,
            check=False,
            # Nothing is asked of Google while there is no state, so any token will do.
            env={**os.environ, "GOOGLE_OAUTH_ACCESS_TOKEN": "no-token", "TF_LOG": "TRACE"},
        )
        self.output += [result.stdout, result.stderr]
        assert 0 == result.returncode, result.stdout[-3000:] + result.stderr[-3000:]
        return result.stdout

    def plan(self, *options: str) -> dict[str, Any]:
        self.run("plan", "-input=false", "-out=planned", *options)
        plan: dict[str, Any] = json.loads(self.run("show", "-json", "planned"))
        return plan


@pytest.fixture(scope="module")
def deployments(
    tofu: str, tmp_path_factory: pytest.TempPathFactory, synthesized: Path
) -> dict[str, Deployment]:
    """Both environments, initialised."""
    root = tmp_path_factory.mktemp("deployments")
    shutil.copytree(synthesized, root / "cdktf.out")
    deployments = {name: Deployment(tofu, root, name) for name in ENVIRONMENTS}
    for deployment in deployments.values():
        deployment.run("init", "-input=false")
    return deployments


@pytest.fixture(scope="module")
def plans(deployments: dict[str, Deployment]) -> dict[str, dict[str, Any]]:
    """The plans of both environments from nothing."""
    return {name: deployment.plan() for name, deployment in deployments.items()}


pytestmark = [pytest.mark.tofu, pytest.mark.node]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_valid(environment: str, deployments: dict[str, Deployment]) -> None:
    """The provider knows every resource and argument."""
    result = json.loads(deployments[environment].run("validate", "-json"))

    assert result["valid"]
    assert [] == result["diagnostics"]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_plan_creates_everything(
    environment: str, plans: dict[str, dict[str, Any]], stacks: dict[str, Stack]
) -> None:
    """From nothing, each resource of the stack is created and nothing else happens."""
    planned = {
        change["address"]: change["change"]["actions"]
        for change in plans[environment]["resource_changes"]
    }

    expected = {
        f"{kind}.{id_}": ["create"]
        for kind, resources in stacks[environment]["resource"].items()
        for id_ in resources
    }
    assert expected == planned


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_project_is_explicit(
    environment: str, deployments: dict[str, Deployment], stacks: dict[str, Stack]
) -> None:
    """Every resource that has a project names this environment's, whatever the provider's is."""
    schemas = json.loads(deployments[environment].run("providers", "schema", "-json"))
    (google,) = schemas["provider_schemas"].values()

    for kind, resources in stacks[environment]["resource"].items():
        # A version is in its secret's project, which the path that it names has.
        if kind == "google_secret_manager_secret_version":
            continue
        if "project" in google["resource_schemas"][kind]["block"]["attributes"]:
            for id_, resource in resources.items():
                assert f"eng-ai-{environment}" == resource.get("project"), f"{kind}.{id_}"


def test_the_blocks_that_the_provider_fills_in(deployments: dict[str, Deployment]) -> None:
    """What the guard takes for an attribute is none that could be generated as a block is."""
    schemas = json.loads(deployments["dev"].run("providers", "schema", "-json"))
    (google,) = schemas["provider_schemas"].values()

    for kind, check in collected().items():
        schema = google["resource_schemas"].get(kind)
        blocks = {key for key in check.computed if schema and _is_block(schema["block"], key)}
        assert blocks == check.blocks, kind


def _is_block(block: dict[str, Any], key: str) -> bool:
    *outer, last = key.split(".")
    for step in outer:
        block = block["block_types"][step]["block"]
    return last in block.get("block_types", {})


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_plan_shows_who_gets_what(environment: str, plans: dict[str, dict[str, Any]]) -> None:
    """Members and roles are known before anything is made, so a reviewer sees every grant."""
    grants = [
        change["change"]["after"]
        for change in plans[environment]["resource_changes"]
        if change["type"].endswith("_iam_member")
    ]

    account = f"pipeline-zen-jobs-sa@eng-ai-{environment}.iam.gserviceaccount.com"
    assert grants
    for grant in grants:
        assert f"serviceAccount:{account}" == grant["member"]
        assert "role" in grant


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_all_that_can_be_is_labelled(environment: str, plans: dict[str, dict[str, Any]]) -> None:
    """Application and environment are on everything that has labels."""
    labelled = [
        change["change"]["after"]["effective_labels"]
        for change in plans[environment]["resource_changes"]
        if "effective_labels" in change["change"]["after"]
    ]

    assert len(labelled) > 30
    for labels in labelled:
        assert {"app": "pipeline-zen", "env": environment}.items() <= labels.items()


def test_no_secret_anywhere(
    deployments: dict[str, Deployment], plans: dict[str, dict[str, Any]]
) -> None:
    """The secret's text is in no file, plan, output or trace of OpenTofu, not even in part."""
    assert plans
    for deployment in deployments.values():
        texts = {"output": "".join(deployment.output).encode()}
        for path in deployment.folder.rglob("*"):
            if path.is_file() and ".terraform" not in path.parts:
                texts[path.name] = path.read_bytes()
        with zipfile.ZipFile(deployment.folder / "planned") as planned:
            for name in planned.namelist():
                texts[f"planned/{name}"] = planned.read(name)

        assert {"cdk.tf.json", "planned", "planned/tfplan", "output"} <= texts.keys()
        for name, data in texts.items():
            assert b"4f1c9e7b20d8" not in data, name


def test_a_changed_secret_is_another_version(deployments: dict[str, Deployment]) -> None:
    """The version's number follows the file, and is never the default 0."""

    def number() -> int:
        kind = "google_secret_manager_secret_version"
        changes = deployments["dev"].plan(f"-target={kind}.pipeline-zen-jobs-config")
        (version,) = [c for c in changes["resource_changes"] if c["type"] == kind]
        return int(version["change"]["after"]["secret_data_wo_version"])

    file = deployments["dev"].folder.parents[2] / "dev-config.env"
    before = number()
    file.write_text(SECRET + "EXTRA=1\n", encoding="utf-8")
    after = number()
    file.write_text(SECRET, encoding="utf-8")

    assert 0 < before != after > 0
    assert before == number()


class TestCommand:
    """`pipeline-zen tofu`, which make init, plan and apply call."""

    @pytest.fixture
    def ready(self, checkout: Checkout, synthesized: Path) -> Checkout:
        """A checkout that is synthesized and has its secret file and a local state."""
        shutil.copytree(synthesized, checkout.root / "cdktf.out")
        checkout.remember()
        checkout.write("dev-config.env", SECRET)
        checkout.write(
            "cdktf.out/stacks/dev/zz_override.tf.json", '{"terraform":{"backend":{"local":{}}}}'
        )
        return checkout

    def test_init_then_plan(self, tofu: str, ready: Checkout, run: Run) -> None:
        """After init, plan plans; OpenTofu's variables come from secrets.tfvars."""
        assert tofu
        # A variable that no stack declares: OpenTofu's warning tells that the file was read.
        ready.write("secrets.tfvars", 'unheard_of = "x"\n')
        token = {"GOOGLE_OAUTH_ACCESS_TOKEN": "no-token"}

        init = run("-C", ready.root, "tofu", "init", "dev", env=token)
        plan = run("-C", ready.root, "tofu", "plan", "dev", env=token)

        assert 0 == init.returncode, init.stderr
        # The state is not where it should be, and everything would be made.
        assert 3 == plan.returncode, plan.stderr
        assert "157 of 157 resources of dev would be created" in plan.stdout
        assert "the state is in a backend of the kind local" in plan.stdout
        assert "unheard_of" in plan.stderr
        assert CANARY not in plan.stdout + plan.stderr + init.stdout + init.stderr

    def test_plan_before_init(self, tofu: str, ready: Checkout, run: Run) -> None:
        """Out of order, the next step is named."""
        assert tofu

        result = run("-C", ready.root, "tofu", "plan", "dev")

        assert 1 == result.returncode
        assert "dev is not initialised yet: run `make init ENV=dev`.\n" == result.stderr

    def test_before_synth(self, tofu: str, checkout: Checkout, run: Run) -> None:
        """Without a stack there is nothing to run OpenTofu on."""
        assert tofu

        result = run("-C", checkout.root, "tofu", "init", "dev")

        assert 1 == result.returncode
        assert "dev is not synthesized yet: run `make synth` first.\n" == result.stderr

    def test_without_the_secret_file(self, tofu: str, ready: Checkout, run: Run) -> None:
        """The secret file is asked for before OpenTofu starts."""
        assert tofu
        (ready.root / "dev-config.env").unlink()

        result = run("-C", ready.root, "tofu", "init", "dev")

        assert 1 == result.returncode
        assert "`install -m 600 config-example.env dev-config.env`" in result.stderr
