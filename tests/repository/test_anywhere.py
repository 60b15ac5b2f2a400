"""Wherever it runs: other Pythons, umasks, languages, no input, a full disk, a checkout to read."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ENVIRONMENTS, ROOT, SETTINGS, Checkout, stack_text

pytestmark = [pytest.mark.anywhere, pytest.mark.process]

PYTHONS = [f"3.{minor}" for minor in range(10, 15)]

READING = [
    ["check"],
    ["expand", "dev"],
    ["exposure", "dev", "--format", "markdown"],
    ["scheduler-config", "dev"],
    ["schema"],
    ["diff", str(ROOT / "tests" / "plans" / "case-group-shrunk.json")],
    ["--help"],
]
"""Verbs that only read."""

each_verb = pytest.mark.parametrize("verb", READING, ids=lambda verb: verb[0])


def _shell(script: str, *arguments: str, **env: str) -> "subprocess.CompletedProcess[bytes]":
    """Run what *script* makes of the verb, which it has as `"$@"`."""
    command = (sys.executable, "-m", "pipeline_zen", "-C", str(SETTINGS), *arguments)
    return subprocess.run(
        ["sh", "-c", script, "sh", *command],
        capture_output=True,
        check=False,
        env={**os.environ, **env},
    )


def _found(version: str) -> str | None:
    """A Python of that version, on the PATH or where pyenv keeps them."""
    kept = Path.home() / ".pyenv" / "versions"
    folders = [str(path / "bin") for path in sorted(kept.glob(f"{version}.*"))]
    return shutil.which(f"python{version}", path=os.pathsep.join(folders)) or shutil.which(
        f"python{version}"
    )


@pytest.mark.node
@pytest.mark.parametrize("version", PYTHONS)
def test_python(version: str, synthesized: Path, tmp_path: Path) -> None:
    """What is locked can be installed on it, writes the same bytes, and passes the quick tests."""
    python = _found(version)
    if python is None or version == ".".join(map(str, sys.version_info[:2])):
        pytest.skip(f"{python or 'none'} is no other Python {version} of this machine")
    venv, uv = tmp_path / "venv", Path(sys.executable).with_name("uv")
    subprocess.run([uv, "venv", "--quiet", "--python", python, venv], check=True)
    lock = ("--require-hashes", "--requirement", ROOT / "requirements.lock")
    installed = subprocess.run(
        [uv, "pip", "install", "--quiet", "--python", venv, *lock], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if "dns error" in installed.stderr or "network" in installed.stderr.lower():
        pytest.skip(f"packages for Python {version} cannot be fetched: {installed.stderr}")
    assert 0 == installed.returncode, installed.stderr
    env = {**os.environ, "PYTHONPATH": str(ROOT / "constructs")}

    def run(*arguments: str) -> None:
        result = subprocess.run(
            [venv / "bin" / "python", *arguments],
            capture_output=True, text=True, check=False, cwd=ROOT, env=env,
        )  # fmt: skip
        assert 0 == result.returncode, result.stdout + result.stderr

    run("-m", "pipeline_zen", "-C", str(SETTINGS), "synth", "--output", str(tmp_path / "out"))
    for environment in ENVIRONMENTS:
        assert stack_text(synthesized, environment) == stack_text(tmp_path / "out", environment)
    quick = "not node and not tofu and not process"
    # What holds the files of the checkout is the same on every Python.
    run("-m", "pytest", "-q", "-n", "2", "-m", quick, "-p", "no:cacheprovider",
        "--ignore=tests/repository")  # fmt: skip


@pytest.mark.node
@pytest.mark.parametrize("umask", ["077", "002", "000"])
def test_umask(umask: str, checkout: Checkout, synthesized: Path) -> None:
    """Stacks are written so that whoever may read new files may read them, and are the same."""
    result = _shell(f'umask {umask}; exec "$@"', "-C", str(checkout.root), "synth")

    assert 0 == result.returncode, result.stderr
    for environment in ENVIRONMENTS:
        out = checkout.root / "cdktf.out"
        assert stack_text(synthesized, environment) == stack_text(out, environment)
        mode = (out / "stacks" / environment / "cdk.tf.json").stat().st_mode & 0o777
        assert mode & int(umask, 8) == 0


@each_verb
@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"LC_ALL": "tr_TR.UTF-8", "LANG": "nonsense"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
        {"TERM": "nonsense", "COLUMNS": "nonsense"},
        {"TZ": "nonsense"},
    ],
    ids=str,
)
def test_language(verb: list[str], env: dict[str, str]) -> None:
    """Letters that cannot be shown are shown in another way; nothing fails for it."""
    usual, changed = _shell('exec "$@"', *verb), _shell('exec "$@"', *verb, **env)

    assert usual.returncode == changed.returncode, changed.stderr.decode(errors="replace")
    assert b"Traceback" not in changed.stderr
    assert len(usual.stdout.splitlines()) == len(changed.stdout.splitlines())


@each_verb
def test_no_input(verb: list[str]) -> None:
    """A program without standard input, as of a service, does the same."""
    usual, closed = _shell('exec "$@"', *verb), _shell('exec "$@" <&-', *verb)

    assert (usual.returncode, usual.stdout) == (closed.returncode, closed.stdout)


@each_verb
@pytest.mark.parametrize("output", ["> /dev/full", ">&-", "| head -c 1"])
def test_output_that_cannot_be_written(verb: list[str], output: str) -> None:
    """It is told in a sentence, or not at all where nobody listens any more."""
    result = _shell(f'"$@" {output}', *verb)

    assert b"Traceback" not in result.stderr, result.stderr.decode()
    assert b"Exception ignored" not in result.stderr, result.stderr.decode()
    if output == "> /dev/full":
        assert 1 == result.returncode
        assert b"No space left on device" in result.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file system read-only")
@pytest.mark.parametrize("verb", [["check"], ["expand", "dev"], ["synth"]], ids=" ".join)
def test_a_checkout_to_read(verb: list[str], checkout: Checkout) -> None:
    """What only reads works; what would write says in a sentence where it cannot."""
    root = checkout.root
    script = f'mount --bind {root} {root} && mount -o remount,ro,bind {root} && exec "$@"'
    before = checkout.files()

    result = _shell(f"unshare --mount sh -c '{script}' sh \"$@\"", "-C", str(root), *verb)

    error = result.stderr.decode()
    if "unshare:" in error or "mount:" in error:
        pytest.skip(f"this machine allows no mounts: {error}")
    assert before == checkout.files()
    assert "Traceback" not in error
    if verb == ["synth"]:
        assert 1 == result.returncode
        assert f"{root / 'cdktf.out'}: Read-only file system.\n" in error
    else:
        assert 0 == result.returncode, error
