"""What checks a submission: `.ci/run`, with programs that stand for make and git."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

MAKE = """\
#!/usr/bin/env bash
echo "make $*, required: ${PIPELINE_ZEN_REQUIRE_TOFU:-no}"
[ "$*" != "$FAILING" ] || exit 1
[ -n "${PIPELINE_ZEN_REQUIRE_TOFU:-}" ] || case "$*" in
test) echo 'NOT CHECKED: 40 tests were skipped for want of OpenTofu.' ;;
test-slow) echo 'NOT CHECKED: 3 tests were skipped for want of OpenTofu.' ;;
esac
"""


TARGETS = ("synth", "test", "test-slow", "cdktf", "cdktn")


def _run(tmp_path: Path, activate: str | None, failing: str = "") -> "tuple[int, list[str]]":
    """Run it in a checkout beside which there is *activate*; its status and what it printed."""
    (tmp_path / "checkout" / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", tmp_path / "checkout" / ".ci")
    if activate is not None:
        (tmp_path / "shared" / "opentofu").mkdir(parents=True)
        (tmp_path / "shared" / "opentofu" / "activate").write_text(activate)
    for name, text in (("make", MAKE), ("git", "#!/bin/sh\n")):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "FAILING": failing}
    env.pop("PIPELINE_ZEN_REQUIRE_TOFU", None)
    result = subprocess.run(
        [tmp_path / "checkout" / ".ci" / "run"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env=env,
    )
    return result.returncode, result.stdout.splitlines()


@pytest.mark.parametrize("activate", ["echo 'No provider.' >&2\nreturn 1\n", None])
def test_without_opentofu(activate: str | None, tmp_path: Path) -> None:
    """The rest is checked, and the last lines say how much was not."""
    status, lines = _run(tmp_path, activate)

    assert 0 == status
    assert [line for line in lines if line.startswith("make ")] == [
        f"make {target}, required: no"
        for target in ("synth", "test", "test-slow", "cdktf", "cdktn")
    ]
    assert lines[-2:] == [
        f"NOT CHECKED: {count} tests were skipped for want of OpenTofu." for count in (40, 3)
    ]


def test_with_opentofu(tmp_path: Path) -> None:
    """No test may then be skipped for want of it."""
    status, lines = _run(tmp_path, "export SOME=thing\n")

    assert 0 == status
    assert "make test, required: 1" in lines
    assert "Everything was checked, with OpenTofu." == lines[-1]


@pytest.mark.parametrize("failing", TARGETS)
def test_what_fails_ends_it(failing: str, tmp_path: Path) -> None:
    """Nothing is checked after what has failed, and the status says so."""
    status, lines = _run(tmp_path, None, failing)

    assert 1 == status
    assert f"make {failing}, required: no" == [line for line in lines if line[:4] == "make"][-1]
