"""Where OpenTofu is missing, too old, or something else of that name."""

from pathlib import Path

import pytest

from pipeline_zen.versions import MINIMUM_OPENTOFU
from tests.conftest import Run


def _program(folder: Path, text: str) -> dict[str, str]:
    """A program called tofu on the PATH, such as an old OpenTofu would be."""
    program = folder / "tofu"
    program.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    program.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


def test_missing(run: Run, tmp_path: Path) -> None:
    """A missing OpenTofu is told with the version and the place to get it."""
    result = run("tofu", "plan", "dev", env={"PATH": str(tmp_path)})

    assert 1 == result.returncode
    assert (
        "OpenTofu is not installed, or `tofu` is not on the PATH: "
        "install 1.12.4 or newer from https://opentofu.org/docs/intro/install/.\n"
    ) == result.stderr


@pytest.mark.parametrize("version", ["1.11.9", "1.12.3", "0.15.0", "1.9.0"])
def test_too_old(version: str, run: Run, tmp_path: Path) -> None:
    """An older OpenTofu is told with its version and path: it would not keep what is protected."""
    env = _program(tmp_path, f"""echo '{{"terraform_version": "{version}"}}'""")

    result = run("tofu", "plan", "dev", env=env)

    assert 1 == result.returncode
    assert (
        f"OpenTofu {version} ({tmp_path / 'tofu'}) is too old: "
        f"install {MINIMUM_OPENTOFU} or newer from https://opentofu.org/docs/intro/install/.\n"
    ) == result.stderr


@pytest.mark.parametrize("version", ["1.12.4", "1.12.10", "1.13.0-beta1", "2.0.0"])
def test_new_enough(version: str, run: Run, tmp_path: Path) -> None:
    """A newer one is run, so that what is missing next is told."""
    env = _program(tmp_path, f"""echo '{{"terraform_version": "{version}"}}'""")

    assert "too old" not in run("tofu", "plan", "dev", env=env).stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("exit 1", "nothing"),
        ("echo tofu 1.0", "tofu 1.0"),
        ("echo '{}'", "{}"),
        ("echo no such CLI config file >&2; exit 1", "no such CLI config file"),
    ],
)
def test_not_opentofu(text: str, said: str, run: Run, tmp_path: Path) -> None:
    """Another program of that name is not mistaken for it, and what it says is shown."""
    result = run("tofu", "plan", "dev", env=_program(tmp_path, text))

    assert 1 == result.returncode
    assert "does not tell its version, so it may be something else than" in result.stderr
    assert result.stderr.endswith(f"`tofu version -json` says:\n\n{said}.\n")
    assert "Traceback" not in result.stderr
