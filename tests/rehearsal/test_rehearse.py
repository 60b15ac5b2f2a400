"""`pipeline-zen rehearse`, as a user runs it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import Checkout, Run
from tests.small_fleet import git, small_repository


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """
    The folder for what is made for a while, by these tests alone; nothing is left in it.

    Its path is short, as sockets are made below it.
    """
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        monkeypatch.setenv("TMPDIR", path)
        yield folder
        assert [] == list(folder.iterdir())


@pytest.fixture
def repository(tmp_path: Path) -> Checkout:
    """A repository of its own with a small fleet, all of it committed as `before`."""
    checkout = small_repository(tmp_path / "checkout")
    git(checkout.root, "branch", "before")
    return checkout


@pytest.mark.tofu
@pytest.mark.node
class TestRehearse:
    """Rehearsals, several at a time: each waits more than it works."""

    @pytest.mark.slow
    def test_it_tells_what_a_change_does(
        self, tofu: str, repository: Checkout, run: Run, tmp_path: Path
    ) -> None:
        """From nothing; no change; a release; a release that takes a region away."""
        assert tofu
        done = _rehearsed_side_by_side(repository, run, tmp_path)

        # Nothing but zones and regions that are not used, and one zone that is doubtful.
        for result in done.values():
            assert re.fullmatch(
                r"(\d+ warnings?, )?4 notices: make check NOTICES=yes\n"
                r"(dev: applying: \d+ of \d+\n)*",
                result.stderr,
            )
        assert {"nothing": 0, "same": 0, "release": 2, "changed": 3} == {
            name: result.returncode for name, result in done.items()
        }
        assert re.fullmatch(
            r"dev from nothing: 50 resources applied in \d+ s with \d+ requests, "
            r"and planned again: no changes\.\n",
            done["nothing"].stdout,
        )
        assert "dev at before: 50 resources" in done["same"].stdout
        assert "The checkout changes nothing of it.\n" in done["same"].stdout
        told = done["changed"].stdout
        assert "dev: blocked: kills running jobs" in told
        assert "2 were running before the change, 1 still are." in told
        assert "\n    pipeline-zen-jobs-1xv100-us-west1-mig in us-west1\n" in told
        assert "Deleted: 1 `google_compute_region_instance_group_manager`." in told
        assert "setting: `fleets.v100.regions.us-west1` (is not there)" in told
        assert "VMs at most: 1, GPUs: 1" in told
        text = (tmp_path / "report.md").read_text(encoding="utf-8")
        assert text.startswith("<!-- pipeline-zen rehearsal of dev -->\n## 🟢 dev")
        assert "1 replaced, 2 updated; safe: no running job, queue, data or identity" in text
        assert "No group, queue, bucket, secret, role or account was deleted." in text
        assert not list((repository.root / "cdktf.out").rglob("*.tfstate"))

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["dv"], 'There is no environment "dv": '),
            (["dev", "--form", "main"], "No such option '--form'"),
            (["dev", "--from", "nosuch"], 'dev: git knows no "nosuch" here: name a branch'),
            (["dev", "--from", "--output=x"], 'git knows no "--output=x" here'),
            (["--report", "report.md"], "Name the environment that the file is to be of."),
        ],
    )
    def test_a_mistake(
        self, arguments: list[str], message: str, tofu: str, repository: Checkout, run: Run
    ) -> None:
        """A mistake ends with 1, as 2 means changes."""
        assert tofu

        result = run("-C", repository.root, "rehearse", *arguments)

        assert 1 == result.returncode
        assert message in result.stderr
        assert "Traceback" not in result.stderr

    def test_wrong_settings(self, repository: Checkout, run: Run) -> None:
        """So do settings that are wrong."""
        repository.edit("config/dev.yaml", "protected", "protectd")

        result = run("-C", repository.root, "rehearse", "dev")

        assert 1 == result.returncode
        assert 'Did you mean "protected"?' in result.stderr

    def test_a_ref_that_is_broken(self, tofu: str, repository: Checkout, run: Run) -> None:
        """A ref whose settings are wrong is told with what is wrong there."""
        assert tofu
        repository.edit("config/dev.yaml", "protected", "protectd")
        git(repository.root, "commit", "--quiet", "-am", "broken")
        repository.edit("config/dev.yaml", "protectd", "protected")

        report = repository.root / "report.md"

        result = run(
            *("-C", repository.root, "rehearse", "dev", "--from", "HEAD", "--report", report)
        )

        assert 1 == result.returncode
        assert "dev: HEAD cannot be synthesized:" in result.stderr
        assert 'Did you mean "protected"?' in result.stderr
        text = report.read_text(encoding="utf-8")
        assert text.startswith("<!-- pipeline-zen rehearsal of dev -->\n## ❌ dev: the rehearsal")
        assert "HEAD cannot be synthesized" in text

    @pytest.mark.parametrize(
        "interruptions",
        [
            [signal.SIGINT],
            pytest.param([signal.SIGINT, signal.SIGINT], marks=pytest.mark.slow),
            pytest.param([signal.SIGTERM], marks=pytest.mark.slow),
            pytest.param([signal.SIGHUP], marks=pytest.mark.slow),
        ],
    )
    def test_interrupted(
        self,
        interruptions: list[signal.Signals],
        tofu: str,
        repository: Checkout,
        temporary: Path,
    ) -> None:
        """However it is ended, OpenTofu and Node end too; no file is left, and it says so."""
        assert tofu
        process = _applying(repository, temporary)
        for number in interruptions:
            os.killpg(process.pid, number)
            time.sleep(0.3)
        _, errors = process.communicate(timeout=60)

        assert 1 == process.returncode
        assert errors.endswith("dev: interrupted; nothing is left of the rehearsal.\n")
        assert "Traceback" not in errors
        left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
        assert str(temporary) not in left.stdout

    def test_a_provider_that_dies(self, tofu: str, repository: Checkout, temporary: Path) -> None:
        """A provider that is killed leaves its socket; nothing is left of that either."""
        assert tofu
        process = _applying(repository, temporary)
        killed = False
        # One that OpenTofu needs no more, or not yet, dies unnoticed.
        while process.poll() is None:
            killed = _killed_below(temporary) or killed
            time.sleep(0.3)
        _, errors = process.communicate()

        assert (True, 1) == (killed, process.returncode)
        assert "Traceback" not in errors


def _rehearsed_side_by_side(
    repository: Checkout, run: Run, folder: Path
) -> dict[str, "subprocess.CompletedProcess[str]"]:
    """Four rehearsals by name, the one of a release with its report in *folder*."""
    root = repository.root
    release, changed = Checkout(folder / "release"), Checkout(folder / "changed")
    for checkout in (release, changed):
        shutil.copytree(root, checkout.root)
        checkout.edit("VERSION", "0.60.1", "0.61.0")
    changed.edit("config/base.yaml", "us-west1: [a]", "us-east1: [b]")
    since = ("rehearse", "dev", "--from", "before")
    cases: dict[str, list[str | Path]] = {
        "nothing": [root, "rehearse", "dev"],
        "same": [root, *since],
        "release": [release.root, *since, "--report", folder / "report.md"],
        "changed": [changed.root, *since],
    }
    user = {"TF_CLI_ARGS_plan": "-no-such", "GOOGLE_PROJECT": "x"}
    with ThreadPoolExecutor() as pool:
        started: dict[str, Future[subprocess.CompletedProcess[str]]] = {
            name: pool.submit(run, "-C", *arguments, env=user) for name, arguments in cases.items()
        }
    return {name: future.result() for name, future in started.items()}


def _applying(repository: Checkout, temporary: Path) -> "subprocess.Popen[str]":
    """A rehearsal that has begun to apply, in a session of its own."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "pipeline_zen", "-C", str(repository.root)),
            *("rehearse", "dev"),
        ],
        stderr=subprocess.PIPE,
        text=True,
        # As a terminal does, so that a signal can reach all that was started.
        start_new_session=True,
    )
    while not list(temporary.glob("rehearsal-*/now/**/planned")):
        assert process.poll() is None
        time.sleep(0.05)
    time.sleep(2)
    return process


def _killed_below(folder: Path) -> bool:
    """Kill what OpenTofu, run somewhere below *folder*, has started; whether there was any."""
    tofu = subprocess.run(
        ["pgrep", "-f", f"^[^ ]*tofu -chdir={folder}[^ ]* apply"],
        capture_output=True,
        text=True,
        check=False,
    )
    return any(
        subprocess.run(["pkill", "-KILL", "-P", number], check=False).returncode == 0
        for number in tofu.stdout.split()
    )
