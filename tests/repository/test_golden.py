"""`make golden`: after a sound change of the settings it is all that is needed."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, SETTINGS, Checkout
from tests.update_golden import sentences


def _stack(**topics: str) -> bytes:
    resources = {"google_pubsub_topic": {name: {"name": value} for name, value in topics.items()}}
    return json.dumps({"resource": resources}).encode()


class TestSentences:
    """What is said to have changed."""

    def test_nothing(self) -> None:
        """It is said as well."""
        files = {"config/dev.tf.json": _stack(a="a"), "lint/a.txt": b"a"}

        assert sentences(files, dict(files)) == [
            "No golden file changed: they are what code and settings come to."
        ]

    def test_environments(self) -> None:
        """Resources are counted by what happened to them, of new and gone environments too."""
        before = {
            "config/dev.tf.json": _stack(same="1", other="1", old="1"),
            "config/dev.expand.txt": b"1",
            "config/gone.tf.json": _stack(a="a"),
            "config/prod.tf.json": _stack(a="a"),
            "config/prod.expand.txt": b"1",
            "config/remarks.txt": b"1",
        }
        after = {
            "config/dev.tf.json": _stack(same="1", other="2", new="1", newer="1"),
            "config/dev.expand.txt": b"2",
            "config/prod.tf.json": _stack(a="a"),
            "config/prod.expand.txt": b"2",
            "config/remarks.txt": b"2",
            "config/staging.tf.json": _stack(a="a", b="b"),
        }

        assert sentences(before, after) == [
            f"{sentence}: review `git diff tests/golden`"
            for sentence in (
                "what `make check` remarks: changed",
                "dev: 2 added, 1 changed, 1 gone",
                "gone: 0 added, 0 changed, 1 gone",
                "prod: no resource changed, but prod.expand.txt",
                "staging: 2 added, 0 changed, 0 gone",
            )
        ]

    def test_folders(self) -> None:
        """What follows the code is counted as files."""
        before = {"lint/a.txt": b"1", "lint/b.txt": b"1", "settings/a.txt": b"1"}
        after = {"lint/a.txt": b"2", "lint/c.txt": b"1", "settings/a.txt": b"1"}

        assert sentences(before, after) == [
            "lint: 1 files added, 1 changed, 1 gone: review `git diff tests/golden`"
        ]


class Copy(Checkout):
    """A checkout with all of its files, and the tests' own settings for its settings."""

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python in it, with its own package."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(self.root / "constructs")},
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start Python in it, with its own package."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(self.root / "constructs")},
        )

    def changed(self) -> set[str]:
        """The files that are not as they were committed."""
        listed = _git(self.root, "status", "--porcelain", "--untracked-files=all")
        return {line[3:] for line in listed.splitlines()}


def _git(root: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.example")
    return subprocess.run(
        ["git", *identity, *arguments], cwd=root, capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A copy of this checkout, committed."""
    root = tmp_path / "copy"
    # With its history, which the documentation names commits of.
    _git(tmp_path, "clone", "--quiet", "--shared", "--no-checkout", str(ROOT), "copy")
    for file in _git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard").splitlines():
        if (ROOT / file).is_file():
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, root / file)
    # Changes that are made below must not depend on what is in `config/` today.
    for path in (root / "config").glob("*.yaml"):
        path.unlink()
    shutil.copytree(SETTINGS / "config", root / "config", dirs_exist_ok=True)
    shutil.copy(SETTINGS / "VERSION", root / "VERSION")
    _git(root, "add", "--all")
    _git(root, "commit", "--quiet", "--allow-empty", "--message", "copy")
    return Copy(root)


V100 = """\
  v100:
    accelerator: nvidia-tesla-v100
    machine_types: {1: n1-highmem-8, 4: n1-highmem-16, 8: n1-highmem-32}
    max_vms: {1: 8, 4: 2, 8: 1}
    regions:
      us-central1: [a, b, c, f]
"""


def _region(copy: Copy) -> None:
    copy.edit("config/base.yaml", V100, f"{V100}      us-west1: [a, b]\n")


def _fleet(copy: Copy) -> None:
    fleet = """\
  l4:
    accelerator: nvidia-l4
    machine_types: {1: g2-standard-8}
    max_vms: {1: 4}
    regions:
      us-central1: [a, b, c]

"""
    copy.edit("config/base.yaml", V100, fleet + V100)


def _no_fleet(copy: Copy) -> None:
    copy.edit("config/base.yaml", f"{V100}\n", "")


def _environment(copy: Copy) -> None:
    head = "# yaml-language-server: $schema=schema.json\n"
    copy.write("config/staging.yaml", f"{head}\nproject: eng-ai-staging\n")


def _no_environment(copy: Copy) -> None:
    (copy.root / "config" / "dev.yaml").unlink()


def _release(copy: Copy) -> None:
    copy.write("VERSION", "0.61.0\n")


CHANGES = {
    "a-region-added": _region,
    "a-fleet-added": _fleet,
    "a-fleet-taken-out": _no_fleet,
    "an-environment-added": _environment,
    "an-environment-taken-out": _no_environment,
    "a-release": _release,
}


@pytest.mark.node
@pytest.mark.anywhere
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nothing_else_is_needed(change: Callable[[Copy], None], copy: Copy) -> None:
    """After a sound change the tests of what `config/` has are green again, by that alone."""
    change(copy)
    before = copy.changed()

    written = copy.run("-m", "tests.update_golden")

    assert 0 == written.returncode, written.stderr
    assert "review `git diff tests/golden`" in written.stdout
    assert {file.split("/")[0] for file in copy.changed() - before} == {"tests"}
    assert all(file.startswith("tests/golden/config/") for file in copy.changed() - before)
    # The tests that may read `config/`: see below.
    tested = copy.run("-m", "pytest", "-q", "tests/repository", "tests/tools/test_environments.py")
    assert 0 == tested.returncode, tested.stdout


@pytest.mark.node
@pytest.mark.anywhere
def test_no_other_test_needs_the_settings(copy: Copy) -> None:
    """Where there are no settings at all, only tests of this folder fail."""
    for path in (copy.root / "config").glob("*.yaml"):
        path.unlink()
    (copy.root / "VERSION").unlink()
    others = ["-q", "-m", "not tofu", "-n", "auto", "--ignore=tests/repository"]

    tested = copy.run("-m", "pytest", *others)

    assert 0 == tested.returncode, tested.stdout


@pytest.mark.process
def test_settings_that_are_not_sound(copy: Copy) -> None:
    """They are told where they are wrong, and every golden file stays."""
    copy.edit("config/dev.yaml", "protected", "protectd")
    before = copy.changed()

    result = copy.run("-m", "tests.update_golden")

    assert 1 == result.returncode
    assert "config/dev.yaml:6:1: protectd: unknown setting" in result.stderr
    assert result.stderr.endswith("The settings are not sound; no golden file was written.\n")
    assert before == copy.changed()


@pytest.mark.node
@pytest.mark.anywhere
def test_code_that_fails(copy: Copy) -> None:
    """Where a test cannot write its golden file, none is written."""
    copy.write("VERSION", "0.61.0\n")
    copy.write("tests/test_failing.py", "def test(golden):\n    assert golden('a') == 1 / 0\n")
    before = copy.changed()

    result = copy.run("-m", "tests.update_golden")

    assert 1 == result.returncode
    assert "ZeroDivisionError" in result.stderr
    assert result.stderr.endswith("Not every golden file could be written, so none was.\n")
    assert before == copy.changed()


@pytest.mark.node
@pytest.mark.anywhere
def test_an_interruption(copy: Copy) -> None:
    """Ended halfway, by a signal that no program can answer, it leaves every golden file."""
    copy.write("VERSION", "0.61.0\n")
    before = copy.changed()

    with copy.start("-m", "tests.update_golden") as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("2/2"):
                break
        time.sleep(5)
        process.kill()

    assert before == copy.changed()
