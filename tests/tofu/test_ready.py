"""What must be in place before OpenTofu is run."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline_zen.settings import config_env
from pipeline_zen.tofu import TofuError, ready
from pipeline_zen.versions import VERSION
from tests.conftest import ROOT, Checkout, Run

LOCK = """# This file is maintained automatically by "tofu init".
provider "registry.opentofu.org/hashicorp/google" {
  version     = "6.50.0"
  constraints = "6.50.0"
}
"""


@pytest.fixture
def initialised(checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """A checkout whose environment was initialised, and a tofu that says what it is told."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "tofu"
    program.write_text(
        '#!/bin/sh\ncase "$1" in version) echo \'{"terraform_version": "1.12.6"}\';; '
        '*) echo "$@";; esac\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    checkout.write("dev-config.env", "".join(f"{name}=x\n" for name in config_env.REQUIRED))
    checkout.write("cdktf.out/stacks/dev/cdk.tf.json", json.dumps({"resource": {}}))
    checkout.remember()
    checkout.write("cdktf.out/stacks/dev/.terraform/x", "")
    return checkout


@pytest.mark.process
def test_another_provider_than_was_installed(initialised: Checkout, run: Run) -> None:
    """A plan says what to run, and that installs the one version that the stack names."""
    initialised.write("cdktf.out/stacks/dev/.terraform.lock.hcl", LOCK)

    planned = run("-C", initialised.root, "tofu", "plan", "dev")
    installed = run("-C", initialised.root, "tofu", "init", "dev")

    assert 1 == planned.returncode
    assert f"provider 6.50.0, and the stack names {VERSION}: run `make init" in planned.stderr
    assert installed.stdout.endswith(" init -no-color -upgrade\n")


@pytest.mark.parametrize("lock", ["", "nonsense", LOCK.replace("6.50.0", VERSION)])
def test_the_provider_that_was_installed(lock: str, initialised: Checkout) -> None:
    """Where it is the one that is named, or none is known, nothing is in the way."""
    initialised.write("cdktf.out/stacks/dev/.terraform.lock.hcl", lock)

    assert ready.initialised("dev", initialised.root)


@pytest.mark.parametrize(
    ("name", "level", "refused"),
    [
        ("TF_LOG", "TRACE", True),
        ("TF_LOG", "debug", True),
        ("TF_LOG_PROVIDER", "JSON", True),
        ("TF_LOG_PROVIDER_GOOGLE", "1", True),
        ("TF_LOG", "INFO", False),
        ("TF_LOG_CORE", "error", False),
        ("TF_LOG", "", False),
        ("TF_LOG_PATH", "/dev/null", False),
    ],
)
def test_logs_that_would_hold_the_secret(
    name: str, level: str, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider logs the secret that it sends, in base64, where requests are logged."""
    monkeypatch.setenv(name, level)

    if refused:
        with pytest.raises(TofuError, match=f"{name} is {level}, by which the provider logs"):
            ready.refuse_logging()
    else:
        ready.refuse_logging()


def test_a_state_that_could_not_be_written(initialised: Checkout) -> None:
    """As long as it lies beside the stack, no plan is made of the older one."""
    folder = initialised.root / "cdktf.out/stacks/dev"
    ready.refuse_unsaved(folder, "dev")
    initialised.write("cdktf.out/stacks/dev/errored.tfstate", "{}")

    with pytest.raises(TofuError, match=r"state push errored\.tfstate && rm cdktf.out/stacks/dev/"):
        ready.refuse_unsaved(folder, "dev")


@pytest.mark.process
def test_nobody_else_reads_what_the_guide_makes(tmp_path: Path) -> None:
    """The command of the guides makes a file that only its owner reads, whatever the umask."""
    guide = (ROOT / "README.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^(install .*-config.env)\b", guide, re.MULTILINE)

    shutil.copy(ROOT / "config-example.env", tmp_path)
    subprocess.run(["sh", "-c", f"umask 0; {command}"],
                   cwd=tmp_path, check=True)  # fmt: skip

    assert (tmp_path / "dev-config.env").exists()
    assert [] == list(ready.open_secrets("dev", tmp_path))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o666, 0o620, 0o601])
@pytest.mark.parametrize("name", ["dev-config.env", "secrets.tfvars"])
def test_a_secret_that_others_may_read(name: str, mode: int, initialised: Checkout) -> None:
    """It is told with the command that ends it, and no more once it is run."""
    (initialised.root / "dev-config.env").chmod(0o600)
    initialised.write(name, "")
    file = initialised.root / name
    file.chmod(mode)
    told = list(ready.open_secrets("dev", initialised.root))
    file.chmod(0o600)

    assert [f"Others on this machine may read {name}: `chmod 600 {name}`."] == told
    assert [] == list(ready.open_secrets("dev", initialised.root))
    assert [] == list(ready.open_secrets("prod", initialised.root))
