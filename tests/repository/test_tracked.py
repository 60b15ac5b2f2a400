"""What git tracks: text that a person can read, and nothing that is secret or made."""

import subprocess

import pytest

from tests.conftest import ROOT


def _tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return listed.stdout.splitlines()


@pytest.mark.parametrize(
    "file",
    [
        "dev-config.env",
        "prod-config.env",
        "secrets.tfvars",
        "cdktf.out/stacks/dev/cdk.tf.json",
        "cdktf.out/stacks/dev/.terraform.lock.hcl",
        ".terraform.lock.hcl",
        "terraform.tfstate",
        "dev.tfplan",
        "gha-creds-1.json",
        "tools/cdktf/node_modules/cdktf/package.json",
        "benchmarks/typescript/build/main.js",
    ],
)
def test_secrets_and_output_are_ignored(file: str) -> None:
    """What must never be committed, git does not see."""
    assert (
        0 == subprocess.run(["git", "check-ignore", "-q", file], cwd=ROOT, check=False).returncode
    )


@pytest.mark.parametrize("file", ["config-example.env", "secrets-example.tfvars"])
def test_templates_are_not_ignored(file: str) -> None:
    """The templates are there for everyone."""
    assert file in _tracked()


def test_nothing_large_or_binary_is_tracked() -> None:
    """Everything in the repository is text, for a person to read."""
    for file in _tracked():
        path = ROOT / file
        if path.is_file():
            data = path.read_bytes()
            assert b"\0" not in data, file
            assert len(data) < 1_000_000, file
