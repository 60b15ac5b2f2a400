"""The stack as the checkout at a git ref synthesizes it, with the code that is there."""

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

from pipeline_zen import interruption
from pipeline_zen.errors import UserError
from pipeline_zen.files import OUT, stack_file
from pipeline_zen.settings import Settings
from pipeline_zen.surroundings import GIT, REF, passed_on

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


def synthesized_both(
    settings: Settings, ref: str, root: Path, folder: Path
) -> tuple[Path, Path | None]:
    """
    The stack of the settings, and that of the checkout at *ref*; each has a Node to wait for.

    Raises as `synthesized_at` does.
    """
    begun: list[Future[Path]] = []
    with ThreadPoolExecutor(1) as pool:
        # Signals come to the main thread, which is the one to pass them on.
        before = synthesized_at(
            ref,
            settings.environment,
            root,
            folder,
            meanwhile=lambda: begun.append(pool.submit(synthesized, settings, folder)),
        )
    return begun[0].result() if begun else synthesized(settings, folder), before


def synthesized_at(
    ref: str,
    environment: str,
    root: Path,
    folder: Path,
    *,
    meanwhile: Callable[[], object] = lambda: None,
) -> Path | None:
    """
    The stack as the checkout at *ref* synthesizes it; None where it has no such environment.

    *meanwhile* is called once it is at it. Raises RehearsalError for a ref that git does not know
    or that cannot be synthesized.
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
        env=_environment(checkout, folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        meanwhile()
        _, errors = process.communicate()
    if process.returncode:
        raise RehearsalError(f"{ref} cannot be synthesized:\n\n{errors.strip()}")
    return stack_file(checkout / OUT, environment)


def _environment(checkout: Path, folder: Path) -> dict[str, str]:
    """The environment of code that may be anybody's: no credential, and no home to find one in."""
    from pipeline_zen.stack import package_cache

    home = folder / "home"
    home.mkdir()
    return {
        **passed_on(REF, os.environ),
        **package_cache(),
        "HOME": str(home),
        # Before where this very package is installed from.
        "PYTHONPATH": str(checkout / "constructs"),
    }


def _check_out(ref: str, root: Path, checkout: Path) -> None:
    archive = _git(root, "archive", "--format=tar", _commit(root, ref))
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        if hasattr(tarfile, "data_filter"):
            tar.extractall(checkout, filter="data")
        else:
            tar.extractall(checkout)  # noqa: S202 - of our own repository, an older Python


def _commit(root: Path, ref: str) -> str:
    """The commit that a ref names. Raises RehearsalError with what git says, and what to do."""
    verify = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    try:
        return _git(root, *verify).decode().strip()
    except RehearsalError as error:
        if str(error) != _SILENT:
            raise
    raise RehearsalError(f'git knows no "{ref}" here: {_instead(root, ref)}')


def _instead(root: Path, ref: str) -> str:
    """What to do where a ref names no commit."""
    tracked = _git(root, "for-each-ref", "--format=%(refname:short)", f"refs/remotes/*/{ref}")
    if branches := tracked.decode(errors="replace").split():
        return f'did you mean "{branches[0]}"?'
    if _git(root, "rev-parse", "--is-shallow-repository").strip() == b"true":
        return (
            "this clone is shallow, and has only the newest commits: `git fetch --unshallow`, or "
            f"`git fetch origin {ref}` and FROM=FETCH_HEAD"
        )
    return "name a branch, a tag or a commit"


_SILENT = "git failed, and does not say why"
_NO_CLONE = (
    "A change is rehearsed from a commit, which only a clone has. What a checkout comes to by "
    "itself is rehearsed without FROM, or --from."
)


def _git(root: Path, *arguments: str) -> bytes:
    git = shutil.which("git")
    if git is None:
        raise RehearsalError("git is not installed, or not on the PATH")
    result = subprocess.run(  # noqa: S603 - the git that the PATH names, and a list
        [git, "-C", str(root), *arguments],
        capture_output=True,
        check=False,
        env=passed_on(GIT, os.environ),
    )
    if result.returncode:
        said = result.stderr.decode(errors="replace").strip() or _SILENT
        raise RehearsalError(f"{said}\n{_NO_CLONE}" if "not a git repository" in said else said)
    return result.stdout
