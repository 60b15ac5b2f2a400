"""
Synthesizes with the CDK's fork as well, and compares what both write.

    make cdktn
    make cdktn NEXT=yes

The fork is installed into an environment of its own, `.venv-cdktn`, with all else as it is locked.
No file is changed for it: `PIPELINE_ZEN_CDK` has one run take it. What both write must be equal as
JSON, but for the version of the CDK that stands in it.
"""

import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import click
from packaging.requirements import Requirement

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv-cdktn"


class Fork(NamedTuple):
    """A version of cdktn, and one of its package for the Google provider."""

    core: str
    google: str

    def packages(self) -> list[str]:
        """What pip installs."""
        return [f"cdktn=={self.core}", f"cdktn-provider-google=={self.google}"]


SAME = Fork("0.23.4", "18.0.0")
"""The fork whose classes were made for the provider that those of cdktf were made for."""

NEXT = Fork("0.24.0", "20.3.1")
"""The fork whose classes were made for 7.46."""

OF_THE_CDK = ("cdktf", "cdktf-cdktf-provider-google", "constructs", "jsii")
"""What is of another version there, or not there at all."""


@click.command()
@click.option("--next", "newest", is_flag=True, help="The fork's newest, instead of the same.")
def main(newest: bool) -> None:
    """Install the fork, synthesize with it and without, and compare."""
    fork = NEXT if newest else SAME
    _install(fork)
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder, "cdktf"), Path(folder, "cdktn")
        _synthesize(Path(sys.executable), ours, "cdktf")
        _synthesize(ENVIRONMENT / "bin" / "python", theirs, "cdktn")
        files = sorted(path.relative_to(ours) for path in ours.glob("stacks/*/cdk.tf.json"))
        different = [file for file in files if _stack(ours / file) != _stack(theirs / file)]
    if different or not files:
        sys.exit(f"cdktn {fork.core} writes something else: {', '.join(map(str, different))}")
    click.echo(
        f"cdktn {fork.core} with cdktn-provider-google {fork.google} writes the same as cdktf "
        f"{version('cdktf')}, but for its version: {', '.join(file.parts[1] for file in files)}"
    )


def _install(fork: Fork) -> None:
    """Make the environment, unless it is there with these packages."""
    ready = ENVIRONMENT / "ready"
    others = _others()
    wanted = "\n".join([str(ROOT), *fork.packages(), *others])
    if ready.exists() and ready.read_text(encoding="utf-8") == wanted:
        return
    click.echo(f"Installing {' and '.join(fork.packages())} into {ENVIRONMENT.name} …", err=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
    pip = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    options = ["--disable-pip-version-check", "--no-compile"]
    subprocess.run([*pip, *options, *fork.packages(), *others], check=True)
    ready.write_text(wanted, encoding="utf-8")


def _others() -> list[str]:
    """What else this package depends on, in the versions that run here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [Requirement(text).name for text in project["dependencies"]]
    return [f"{name}=={version(name)}" for name in names if name not in OF_THE_CDK]


def _synthesize(python: Path, outdir: Path, cdk: str) -> None:
    subprocess.run(
        [
            str(python),
            "-O",
            "-m",
            "pipeline_zen",
            "-C",
            str(ROOT),
            "synth",
            "--output",
            str(outdir),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PIPELINE_ZEN_CDK": cdk, "PYTHONPATH": str(ROOT / "constructs")},
    )


def _stack(file: Path) -> Any:
    """A stack, without the version of the CDK."""
    stack = json.loads(file.read_text(encoding="utf-8"))
    del stack["//"]["metadata"]["version"]
    return stack


if __name__ == "__main__":
    main()
