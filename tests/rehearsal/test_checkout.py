"""The code at a git ref: which repository it is of, and what it is given."""

import os
import subprocess
from pathlib import Path

import pytest

from pipeline_zen.rehearsal.checkout import RehearsalError, synthesized_at
from tests.small_fleet import git

SOMEBODY = 54321

CODE = """\
import os, sys
for name, value in os.environ.items():
    print(f"{name}={value}", file=sys.stderr)
print("HERE", os.path.basename(os.getcwd()), file=sys.stderr)
sys.exit(1)
"""
"""Stands for the code at a ref: it says what it is given."""


def _repository(root: Path, name: str = "ours") -> Path:
    """A repository of two commits, of which the older has a tag."""
    package = root / "constructs" / "pipeline_zen"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(CODE)
    (root / "config").mkdir()
    (root / "config" / "dev.yaml").write_text(f"# of {name}\n")
    git(root, "init", "--quiet", "--initial-branch=main")
    for message in ("old", "new"):
        (root / "file").write_text(message)
        git(root, "add", ".")
        git(root, "commit", "--quiet", "-m", message)
        git(root, "tag", f"{name}-{message}")
    return root


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return _repository(tmp_path / "ours")


def _said(ref: str, root: Path, folder: Path) -> str:
    """What is said of a ref, or by its code."""
    folder.mkdir()
    with pytest.raises(RehearsalError) as error:
        synthesized_at(ref, "dev", root, folder)
    return str(error.value)


def test_a_ref_that_is_none(repository: Path, tmp_path: Path) -> None:
    """It is told, with what can be named."""
    assert 'git knows no "mian" here: name a branch, a tag or a commit' == _said(
        "mian", repository, tmp_path / "work"
    )


def test_a_branch_that_only_the_remote_has(repository: Path, tmp_path: Path) -> None:
    """A checkout in CI has no branch but its own."""
    git(tmp_path, "clone", "--quiet", str(repository), "clone")
    git(tmp_path / "clone", "switch", "--quiet", "--detach")
    git(tmp_path / "clone", "branch", "--quiet", "-D", "main")

    assert 'git knows no "main" here: did you mean "origin/main"?' == _said(
        "main", tmp_path / "clone", tmp_path / "work"
    )


def test_a_shallow_clone(repository: Path, tmp_path: Path) -> None:
    """What is not there can be fetched."""
    clone = ("clone", "--quiet", "--depth=1", "--no-tags", f"file://{repository}", "clone")
    git(tmp_path, *clone)

    said = _said("ours-old", tmp_path / "clone", tmp_path / "work")

    assert 'git knows no "ours-old" here: this clone is shallow' in said
    assert "`git fetch origin ours-old` and FROM=FETCH_HEAD" in said
    git(tmp_path / "clone", "fetch", "--quiet", "--depth=1", "origin", "ours-old")
    assert "HERE before" in _said("FETCH_HEAD", tmp_path / "clone", tmp_path / "next")


def test_no_repository(tmp_path: Path) -> None:
    """A checkout that came as an archive has no history."""
    (tmp_path / "checkout").mkdir()

    said = _said("main", tmp_path / "checkout", tmp_path / "work")

    assert "not a git repository" in said
    assert "rehearsed without FROM" in said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_somebody_else(repository: Path, tmp_path: Path) -> None:
    """Git says that it does not trust it, and how to make it do so."""
    for path in (repository, repository / ".git"):
        os.chown(path, SOMEBODY, SOMEBODY)

    said = _said("main", repository, tmp_path / "work")

    assert "dubious ownership" in said
    assert f"git config --global --add safe.directory {repository}" in said


def test_another_repository_in_the_environment(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a hook: variables of git's name another, and the checkout's own is read."""
    other = _repository(tmp_path / "other", "theirs")
    for name, value in {
        "GIT_DIR": other / ".git",
        "GIT_WORK_TREE": other,
        "GIT_INDEX_FILE": other / ".git" / "index",
        "GIT_OBJECT_DIRECTORY": other / ".git" / "objects",
        "GIT_NAMESPACE": "theirs",
        "GIT_CONFIG_COUNT": "nonsense",
        "GIT_EXTERNAL_DIFF": "false",
    }.items():
        monkeypatch.setenv(name, str(value))

    assert "HERE before" in _said("ours-old", repository, tmp_path / "work")
    assert "git knows no" in _said("theirs-old", repository, tmp_path / "next")


def test_what_its_code_is_given(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be anybody's: no credential of ours, no home to find one in."""
    secrets = ("GOOGLE_OAUTH_ACCESS_TOKEN", "GITHUB_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
               "CONFIG_ENV", "TF_VAR_token", "SSH_AUTH_SOCK", "PZ_TOKEN")  # fmt: skip
    for name in secrets:
        monkeypatch.setenv(name, "canary")
    monkeypatch.setenv("LC_TIME", "C")

    said = _said("main", repository, tmp_path / "work")

    assert "canary" not in said
    given = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
    assert {"PATH", "LC_TIME", "PYTHONPATH", "HOME"} <= given.keys()
    assert os.environ["HOME"] != given["HOME"]
    assert [] == list(Path(given["HOME"]).iterdir())


def test_a_ref_is_no_option(repository: Path, tmp_path: Path) -> None:
    """What looks like an option of git's is a name that git does not know."""
    said = _said("--output=x", repository, tmp_path / "work")

    assert 'git knows no "--output=x" here' in said
    listed = subprocess.run(
        ["git", "-C", repository, "status", "--porcelain"], capture_output=True, check=True
    )
    assert b"" == listed.stdout
