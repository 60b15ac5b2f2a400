"""The stack as the checkout at a git ref synthesizes it, with the code that is there."""

import os
import shutil
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

from pipeline_zen import interruption
from pipeline_zen.errors import UserError
from pipeline_zen.files import OUT, stack_file
from pipeline_zen.settings import Settings

PATIENCE = 20.0
"""So many seconds the code at the ref has to end when it is interrupted."""


class RehearsalError(UserError):
    """The rehearsal could not be held, or failed; the text says where and why."""


def synthesized(settings: Settings, folder: Path) -> Path:
    """The stack of the settings, written below *folder*."""
    # The CDK is needed for nothing else here.
    from pipeline_zen.stack import synth

    (written,) = synth([settings], folder / "synthesized")
    return written.file


def synthesized_at(ref: str, environment: str, root: Path, folder: Path) -> Path | None:
    """
    The stack as the checkout at *ref* synthesizes it; None where it has no such environment.

    Raises RehearsalError for a ref that git does not know or that cannot be synthesized.
    """
    checkout = folder / "before"
    _check_out(ref, root, checkout)
    if not (checkout / "config" / f"{environment}.yaml").exists():
        return None
    with interruption.running(
        [
            *(sys.executable, "-O", "-m", "pipeline_zen", "-C", str(checkout)),
            *("synth", environment, "--output", str(checkout / OUT)),
        ],
        patience=PATIENCE,
        cwd=checkout,
        # Before where this very package is installed from.
        env={**os.environ, "PYTHONPATH": str(checkout / "constructs")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        _, errors = process.communicate()
    if process.returncode:
        raise RehearsalError(f"{ref} cannot be synthesized:\n\n{errors.strip()}")
    return stack_file(checkout / OUT, environment)


def _check_out(ref: str, root: Path, checkout: Path) -> None:
    archive = _git(root, "archive", "--format=tar", _commit(root, ref))
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        if hasattr(tarfile, "data_filter"):
            tar.extractall(checkout, filter="data")
        else:
            tar.extractall(checkout)  # noqa: S202 - of our own repository, an older Python


def _commit(root: Path, ref: str) -> str:
    verify = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    missing = f'git knows no "{ref}" here: name a branch, a tag or a commit'
    return _git(root, *verify, missing=missing).decode().strip()


def _git(root: Path, *arguments: str, missing: str = "") -> bytes:
    git = shutil.which("git")
    if git is None:
        raise RehearsalError("git is not installed, or not on the PATH")
    result = subprocess.run(  # noqa: S603 - the git that the PATH names, and a list
        [git, "-C", str(root), *arguments], capture_output=True, check=False
    )
    if result.returncode:
        raise RehearsalError(missing or result.stderr.decode(errors="replace").strip())
    return result.stdout
