"""Synthesis: YAML in, Terraform JSON out, the same bytes whatever is around it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ENVIRONMENTS, ROOT, SETTINGS, Checkout, Run, Stack, stack_text

pytestmark = pytest.mark.node


def _synth(
    outdir: Path, *, checkout: Path = SETTINGS, cwd: Path = ROOT, optimize: bool = True, **env: str
) -> dict[str, bytes]:
    """Synthesize in a process of its own; the files written, by their paths below *outdir*."""
    subprocess.run(
        [
            sys.executable,
            *(["-O"] if optimize else []),
            *["-m", "pipeline_zen", "--directory", str(checkout), "synth", "--output", str(outdir)],
        ],
        check=True,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, **env},
    )
    return {
        str(path.relative_to(outdir)): path.read_bytes()
        for path in sorted(outdir.rglob("*"))
        if path.is_file()
    }


def test_the_same_bytes_whatever_is_around(tmp_path: Path, synthesized: Path) -> None:
    """Neither hash seed, folder, locale, time zone nor type checks make a difference."""
    elsewhere = tmp_path / "some where"
    elsewhere.mkdir()

    one = _synth(tmp_path / "one", PYTHONHASHSEED="1", TZ="Asia/Tokyo", LC_ALL="C")
    two = _synth(tmp_path / "two", cwd=elsewhere, optimize=False, PYTHONHASHSEED="2")

    assert one == two
    assert one["stacks/dev/cdk.tf.json"].decode() == stack_text(synthesized, "dev")


@pytest.mark.slow
def test_the_same_bytes_with_the_stock_import(tmp_path: Path, synthesized: Path) -> None:
    """The fast start changes nothing but the time."""
    stock = _synth(tmp_path, PIPELINE_ZEN_STOCK_IMPORT="1")

    for environment in ENVIRONMENTS:
        assert (
            stack_text(synthesized, environment)
            == stock[f"stacks/{environment}/cdk.tf.json"].decode()
        )


def test_the_fast_start_leaves_most_of_the_provider_unloaded(tmp_path: Path) -> None:
    """Some twenty of the provider's modules are loaded, not its 1,470, and Node keeps no option."""
    code = (
        "import os, sys; from pipeline_zen.stack import cdk; "
        "print(sum(m.startswith('cdktf_cdktf_provider_google.') for m in sys.modules), "
        "'NODE_OPTIONS' in os.environ)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=tmp_path
    ).stdout

    loaded, options = shown.split()
    assert int(loaded) < 40
    assert "False" == options


def test_what_checks_types_is_not_loaded_where_nothing_is_checked() -> None:
    """`make synth` runs with `-O`: typeguard, and that asyncio, are then in nobody's way."""
    code = (
        "import sys; from pipeline_zen.stack import cdk; "
        "print(hasattr(sys.modules['typeguard'], 'check_type'), 'asyncio' in sys.modules)"
    )
    for option, checks in (((), "True"), (("-O",), "False")):
        shown = subprocess.run(
            [sys.executable, *option, "-c", code], check=True, capture_output=True, text=True
        )

        assert [checks, checks] == shown.stdout.split()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's list of children")
def test_the_fast_start_needs_one_node(tmp_path: Path) -> None:
    """Node runs the CDK itself, and starts no second one."""
    code = """
import pathlib
from pipeline_zen.stack import cdk
from jsii._runtime import kernel
pid = kernel.provider._process._process.pid
tasks = pathlib.Path(f"/proc/{pid}/task")
print("children:", *(file.read_text() for file in tasks.glob("*/children")))
"""
    shown = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=tmp_path
    )

    assert "children:" == shown.stdout.strip()
    assert "" == shown.stderr


def _reversed(value: object) -> object:
    if isinstance(value, dict):
        return {key: _reversed(item) for key, item in reversed(value.items())}
    if isinstance(value, list):
        return [_reversed(item) for item in reversed(value)]
    return value


def test_the_same_bytes_whatever_the_order_in_yaml(
    checkout: Checkout, tmp_path: Path, synthesized: Path
) -> None:
    """The order of keys, zones and clusters in the YAML makes no difference."""
    for file in ("base", "dev", "prod"):
        path = checkout.root / "config" / f"{file}.yaml"
        backwards = _reversed(yaml.safe_load(path.read_text(encoding="utf-8")))
        checkout.write(f"config/{file}.yaml", yaml.safe_dump(backwards, sort_keys=False))

    written = _synth(tmp_path / "out", checkout=checkout.root)

    for environment in ENVIRONMENTS:
        assert (
            stack_text(synthesized, environment)
            == written[f"stacks/{environment}/cdk.tf.json"].decode()
        )


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_no_absolute_path(environment: str, synthesized: Path) -> None:
    """Nothing of the machine it was made on is in a stack."""
    text = stack_text(synthesized, environment)

    assert str(ROOT) not in text
    assert str(synthesized) not in text
    # The startup script's path is one on the VMs.
    paths = set(re.findall(r'"(/[^"/\\][^"\\]*)"', text))
    assert {"/pipeline-zen-jobs/scripts/mig-runtime/startup-script.sh"} == paths


def test_one_environment_alone(checkout: Checkout, run: Run, stacks: dict[str, Stack]) -> None:
    """Synthesizing one environment leaves the other's stack, and its entry in the manifest."""
    assert 0 == run("-C", checkout.root, "synth").returncode
    checkout.write("VERSION", "0.61.0\n")
    dev, prod = (sum(map(len, stacks[name]["resource"].values())) for name in ENVIRONMENTS)

    result = run("-C", checkout.root, "synth", "dev")

    assert f"dev: {dev} resources, cdktf.out/stacks/dev/cdk.tf.json written\n" == result.stdout, (
        result.stderr
    )
    out = checkout.root / "cdktf.out"
    assert "0-61-0" in stack_text(out, "dev")
    assert "0-61-0" not in stack_text(out, "prod")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert {"dev", "prod"} == set(manifest["stacks"])
    assert (
        f"prod: {prod} resources, cdktf.out/stacks/prod/cdk.tf.json written\n"
        in run("-C", checkout.root, "synth").stdout
    )
    assert (
        f"dev: {dev} resources, cdktf.out/stacks/dev/cdk.tf.json up to date\n"
        in run("-C", checkout.root, "synth").stdout
    )


def test_other_files_of_the_folder_stay(checkout: Checkout, run: Run) -> None:
    """OpenTofu's own files beside a stack survive, and no scratch folder is left."""
    checkout.write("cdktf.out/stacks/dev/.terraform/environment", "default")

    assert 0 == run("-C", checkout.root, "synth").returncode

    files = set(checkout.files())
    assert "cdktf.out/stacks/dev/.terraform/environment" in files
    assert not [file for file in files if ".synth-" in file]


@pytest.mark.parametrize("env", [{"JSII_NODE": "/bin/false"}, {"NODE_OPTIONS": "--nonsense"}])
def test_a_node_that_fails(env: dict[str, str], checkout: Checkout, run: Run) -> None:
    """A Node.js that ends at once is told in a sentence."""
    result = run("-C", checkout.root, "synth", env=env)

    assert 1 == result.returncode
    assert "Traceback" not in result.stderr
    assert "Node.js was started as" in result.stderr
    assert ": look at JSII_NODE, NODE_OPTIONS and TMPDIR.\n" in result.stderr


@pytest.mark.parametrize("text", ["[]", '{"stacks": []}', '{"stacks": {"dev": {}}}', "{", "\0"])
def test_a_damaged_manifest(text: str, checkout: Checkout, run: Run) -> None:
    """What is damaged in the output is written anew."""
    checkout.write("cdktf.out/manifest.json", text)
    (checkout.root / "cdktf.out/stacks/dev").mkdir(parents=True)
    (checkout.root / "cdktf.out/stacks/dev/cdk.tf.json").write_bytes(b"\xff")

    result = run("-C", checkout.root, "synth", "dev")

    assert 0 == result.returncode, result.stderr
    manifest = json.loads((checkout.root / "cdktf.out/manifest.json").read_text())
    assert ["dev"] == list(manifest["stacks"])


def test_without_node(checkout: Checkout, run: Run, tmp_path: Path) -> None:
    """A Node.js that cannot be started is told in a sentence, and nothing is written."""
    before = checkout.files()

    result = run(
        "-C", checkout.root, "synth", env={"JSII_NODE": str(tmp_path / "nowhere" / "node")}
    )

    assert 1 == result.returncode
    assert "Traceback" not in result.stderr
    assert "node" in result.stderr
    assert before == checkout.files()


@pytest.mark.skipif(shutil.which("timeout") is None, reason="needs timeout(1)")
def test_an_interruption_leaves_what_was_there(checkout: Checkout, run: Run) -> None:
    """Interrupted at any moment, the old stacks stand whole."""
    assert 0 == run("-C", checkout.root, "synth").returncode
    before = checkout.files()
    checkout.write("VERSION", "0.61.0\n")

    for seconds in ("0.5", "1.0", "1.4"):
        subprocess.run(
            [
                *("timeout", "--signal=INT", seconds),
                *(sys.executable, "-O", "-m", "pipeline_zen"),
                *("-C", str(checkout.root), "synth"),
            ],
            check=False,
            capture_output=True,
        )
        for file, data in checkout.files().items():
            if file.endswith("cdk.tf.json"):
                json.loads(data)
            if ".synth-" in file:
                pytest.fail(f"left behind: {file}")
    assert set(before) == set(checkout.files())
