"""What programs take from the user's environment: each row, and that the rows are heeded."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline_zen import surroundings
from pipeline_zen.surroundings import (
    CDK,
    GIT,
    PIP,
    REF,
    REHEARSAL,
    TOFU,
    VARIABLES,
    Decision,
    decision,
    passed_on,
    refused,
)
from tests.conftest import SETTINGS, Run, stack_text


@pytest.mark.parametrize(
    ("program", "name", "expected"),
    [
        (PIP, "PIP_TARGET", Decision.DROPPED),
        (PIP, "PIP_INDEX_URL", Decision.KEPT),
        (PIP, "HTTPS_PROXY", Decision.KEPT),
        (GIT, "GIT_DIR", Decision.DROPPED),
        (TOFU, "TF_CLI_ARGS", Decision.REFUSED),
        (TOFU, "TF_CLI_ARGS_plan", Decision.REFUSED),
        (TOFU, "TF_CLI_ARGS_init", Decision.KEPT),
        (REHEARSAL, "TF_WORKSPACE", Decision.DROPPED),
        (REHEARSAL, "TF_LOG", Decision.KEPT),
        (REF, "GITHUB_TOKEN", Decision.DROPPED),
        (REF, "PATH", Decision.KEPT),
    ],
)
def test_decisions(program: str, name: str, expected: Decision) -> None:
    """The row with the longest name counts; what no row names is kept."""
    assert expected is decision(program, name)
    assert (expected is not Decision.DROPPED) or {} == passed_on(program, {name: "x"})


def test_rows() -> None:
    """Each variable has one row for a program, and a reason."""
    names = [(row.program, row.name) for row in VARIABLES]

    assert len(names) == len(set(names))
    assert all(row.why and not row.why.endswith(".") for row in VARIABLES)


def test_what_is_refused() -> None:
    """What is set to nothing is not set."""
    given = {"TF_CLI_ARGS_plan": "-target=x", "TF_CLI_ARGS_apply": "", "TF_LOG": "INFO"}

    assert ["TF_CLI_ARGS_plan"] == refused(TOFU, given)


def test_it_needs_nothing_installed() -> None:
    """The installation reads it before there is anything."""
    code = f"import runpy; runpy.run_path({surroundings.__file__!r})"

    assert 0 == subprocess.run([sys.executable, "-I", "-S", "-c", code], check=False).returncode


OF_CDK = {
    **{f"JSII_{name}": "nonsense" for name in ("AGENT", "NOSTACK", "VALIDATE_ASSEMBLIES")},
    **{f"JSII_{name}": "1" for name in ("DEBUG", "DEBUG_TIMING")},
    "JSII_RUNTIME": "/nowhere",
    "JSII_RUNTIME_PACKAGE_CACHE": "nonsense",
    "JSII_RUNTIME_PACKAGE_CACHE_ROOT": "/dev/null",
    "JSII_RUNTIME_PACKAGE_CACHE_TTL": "-1",
    "NODE_PATH": "/nowhere",
    "NODE_ENV": "nonsense",
    "NODE_DEBUG": "fs,module",
    "NODE_V8_COVERAGE": "/nowhere",
    "NODE_PENDING_DEPRECATION": "1",
    "NODE_EXTRA_CA_CERTS": "/nowhere",
    "NODE_REPL_HISTORY": "/nowhere",
    "CDKTF_OUTDIR": "/nowhere",
    "CDKTF_CONTEXT_JSON": "nonsense",
    "CDKTF_TARGET_STACK_ID": "nonsense",
    "CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS": "1",
    "SYNTH_HCL_OUTPUT": "true",
    "TERRAFORM_BINARY_NAME": "/nowhere",
    "XDG_CACHE_HOME": "/dev/null",
    "HOME": "/dev/null",
    "USER": "",
    "LOCALAPPDATA": "/nowhere",
}


@pytest.mark.node
def test_nonsense_for_the_cdk(run: Run, synthesized: Path, tmp_path: Path) -> None:
    """It writes the same bytes, and says no more."""
    result = run("synth", "--output", tmp_path / "out", env=OF_CDK)

    assert 0 == result.returncode, result.stderr
    assert re.fullmatch(r"(\d+ warnings?, )?\d+ notices: make check NOTICES=yes\n", result.stderr)
    for environment in ("dev", "prod"):
        assert stack_text(synthesized, environment) == stack_text(tmp_path / "out", environment)


@pytest.mark.node
@pytest.mark.parametrize("name", ["JSII_NODE", "NODE_OPTIONS"])
def test_nonsense_that_is_kept(name: str, run: Run, tmp_path: Path) -> None:
    """It is told in a sentence that names it."""
    result = run("synth", "--output", tmp_path / "out", env={name: "--nonsense"})

    assert 1 == result.returncode
    assert name in result.stderr
    assert "Traceback" not in result.stderr


def test_every_row_of_the_cdk_is_tried() -> None:
    """No row is there without having been seen to hold."""
    tried = [*OF_CDK, "JSII_NODE", "NODE_OPTIONS", "CDKTN_OUTDIR"]

    for row in surroundings.rows(CDK):
        assert any(row.fits(name) for name in tried), row.name


@pytest.mark.node
@pytest.mark.slow
@pytest.mark.parametrize("mode", [0o775, 0o555, None])
def test_a_home_that_is_unfit(mode: int | None, run: Run, tmp_path: Path) -> None:
    """One that others may write to, that nobody may, or none at all."""
    home = tmp_path / "home"
    (home / ".cache").mkdir(parents=True)
    env = {"HOME": str(home) if mode else ""}
    for path in (home / ".cache", home):
        path.chmod(mode or 0o755)

    result = run("synth", "dev", "--output", tmp_path / "out", env=env)

    assert 0 == result.returncode, result.stderr
    assert [".cache"] == [path.name for path in home.rglob("*")]


@pytest.mark.node
@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file system read-only")
def test_an_installation_that_cannot_be_written(tmp_path: Path) -> None:
    """Nothing is kept then, neither in .venv nor at home; so it is slower, and the same."""
    out = tmp_path / "out"
    out.mkdir()
    inside = (
        f"mount --bind {sys.prefix} {sys.prefix} && mount -o remount,ro,bind {sys.prefix} && "
        f"exec {sys.executable} -m pipeline_zen -C {SETTINGS} synth dev --output {out}"
    )

    result = subprocess.run(
        ["unshare", "--mount", "sh", "-c", inside], capture_output=True, text=True, check=False
    )

    if "unshare" in result.stderr or "mount:" in result.stderr:
        pytest.skip(f"this machine allows no mounts: {result.stderr}")
    assert 0 == result.returncode, result.stderr
    assert (out / "stacks" / "dev" / "cdk.tf.json").exists()
