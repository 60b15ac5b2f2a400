"""`pipeline-zen rehearse` and `fake-google`, as a user runs them."""

import datetime
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from fake_google import FakeGoogle, Logged
from pipeline_zen.rehearsal import rehearse as rehearsal
from pipeline_zen.rehearsal.rehearse import Deployment, RehearsalError
from pipeline_zen.report import Review
from pipeline_zen.settings import load
from tests.conftest import ROOT, Checkout, Run
from tests.plans.made import change, made_up
from tests.small_fleet import FLEET


def _git(root: Path, *arguments: str) -> None:
    person = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    subprocess.run(["git", "-C", str(root), *person, *arguments], check=True, capture_output=True)


def in_the_foreground() -> None:
    """Let Ctrl-C reach the child, also where the tests run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def repository(checkout: Checkout) -> Checkout:
    """A repository of its own with a small fleet, all of it committed as `before`."""
    base = (checkout.root / "config/base.yaml").read_text(encoding="utf-8")
    base = base[: base.index("# A cluster is a fleet")] + FLEET
    base = re.sub(r"^  (asia|europe|me-west1): .*\n", "", base, flags=re.MULTILINE)
    checkout.write("config/base.yaml", base)
    # Its own, so that a ref is synthesized by the code that is there.
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "constructs", checkout.root / "constructs", ignore=ignored)
    _git(checkout.root, "init", "--quiet")
    _git(checkout.root, "add", ".")
    _git(checkout.root, "commit", "--quiet", "-m", "before")
    _git(checkout.root, "branch", "before")
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
        root = repository.root

        release = Checkout(tmp_path / "release")
        shutil.copytree(root, release.root)
        release.edit("VERSION", "0.60.1", "0.61.0")
        changed = Checkout(tmp_path / "changed")
        shutil.copytree(root, changed.root)
        changed.edit("VERSION", "0.60.1", "0.61.0")
        changed.edit("config/base.yaml", "us-west1: [a]", "us-east1: [b]")
        report = tmp_path / "report.md"
        cases: dict[str, list[str | Path]] = {
            "nothing": [root, "rehearse", "dev"],
            "same": [root, "rehearse", "dev", "--from", "before"],
            "release": [release.root, "rehearse", "dev", "--from", "before", "--report", report],
            "changed": [changed.root, "rehearse", "dev", "--from", "before"],
        }
        user = {"TF_CLI_ARGS_plan": "-no-such", "GOOGLE_PROJECT": "x"}
        with ThreadPoolExecutor() as pool:
            started: dict[str, Future[subprocess.CompletedProcess[str]]] = {
                name: pool.submit(run, "-C", *arguments, env=user)
                for name, arguments in cases.items()
            }
        done = {name: future.result() for name, future in started.items()}
        # Nothing but zones and regions that are not used, and one zone that is doubtful.
        for result in done.values():
            assert re.fullmatch(r"(\d+ warnings?, )?4 notices: make check\n", result.stderr)
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
        group = "pipeline-zen-jobs-1xv100-us-west1-mig"
        assert f"VMs killed in: `{group}`." in told
        assert f"Deleted `google_compute_region_instance_group_manager`: `{group}`." in told
        assert "setting: `fleets.v100.regions.us-west1` (is not there)" in told
        assert "VMs at most: 1, GPUs: 1" in told
        text = report.read_text(encoding="utf-8")
        assert text.startswith("<!-- pipeline-zen rehearsal of dev -->\n## 🟢 dev")
        assert "1 replaced, 2 updated; safe: no running job, queue, data or identity" in text
        assert "No group, queue, bucket, secret, role or account was deleted." in text
        assert not list((root / "cdktf.out").rglob("*.tfstate"))

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["dv"], 'There is no environment "dv": '),
            (["dev", "--form", "main"], "No such option '--form'"),
            (["dev", "--from", "nosuch"], 'dev: git knows no "nosuch" here: name a branch'),
            (["dev", "--from", "--output=x"], 'git knows no "--output=x" here'),
            ([], "Missing argument 'ENV'"),
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
        _git(repository.root, "commit", "--quiet", "-am", "broken")
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
        self, interruptions: list[signal.Signals], tofu: str, repository: Checkout
    ) -> None:
        """However it is ended, OpenTofu and Node end too; no file is left, and it says so."""
        assert tofu
        folder = repository.root / "tmp"
        folder.mkdir()
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "pipeline_zen", "-C", str(repository.root)),
                *("rehearse", "dev"),
            ],
            env={**os.environ, "TMPDIR": str(folder)},
            stderr=subprocess.PIPE,
            text=True,
            # As a terminal does, so that a signal can reach all that was started.
            start_new_session=True,
            preexec_fn=in_the_foreground,  # noqa: PLW1509
        )
        while not list(folder.glob("rehearsal-*/now/**/planned")):
            assert process.poll() is None
            time.sleep(0.05)
        time.sleep(2)
        for number in interruptions:
            os.killpg(process.pid, number)
            time.sleep(0.3)
        _, errors = process.communicate(timeout=60)

        assert 1 == process.returncode
        assert errors.endswith("dev: interrupted; nothing is left of the rehearsal.\n")
        assert "Traceback" not in errors
        assert [] == list(folder.iterdir())
        left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
        assert str(folder) not in left.stdout


VM = "projects/p/zones/z/instances/jobs-8xv100-us-west1-vm-a1b2"


class TestWhatWasSeen:
    """What the fake Google saw counts, whatever the plan let expect."""

    GROUP = "google_compute_region_instance_group_manager"

    def reviewed(self, checkout: Checkout, plan: str | dict[str, Any], **seen: Any) -> Review:
        (settings,) = load(checkout.root, ["dev"])
        data = (
            (ROOT / "tests" / "plans" / f"{plan}.json").read_bytes()
            if isinstance(plan, str)
            else json.dumps(plan).encode()
        )
        outcome = rehearsal.Outcome(1, 1.0, 1, plan=data, **{"vms": 2, **seen})
        found = rehearsal.reviewed(settings, checkout.root, outcome)
        assert found is not None
        return found

    @pytest.mark.parametrize(
        ("seen", "said"),
        [
            ({"lost": (("google_storage_bucket", "b"),)}, "`google_storage_bucket` `b` was del"),
            (
                {"vms_gone": ("projects/p/zones/z/instances/jobs-8xv100-us-west1-vm-a1b2",)},
                "the VM of `jobs-8xv100-us-west1-mig` was killed",
            ),
            ({"error": "no"}, "the change could not be applied to its end"),
        ],
    )
    def test_a_loss_that_no_finding_explains_blocks(
        self, seen: Any, said: str, checkout: Checkout
    ) -> None:
        """The plan of a label looks safe; if it took something away, it is not."""
        assert not self.reviewed(checkout, "case-topic-label").verdict.blocked

        review = self.reviewed(checkout, "case-topic-label", **seen)

        (blocking,) = review.verdict.blocking
        assert blocking.what.startswith(said)
        assert 3 == review.status
        assert "safe" not in review.headline

    def test_what_a_finding_explains_is_not_told_twice(self, checkout: Checkout) -> None:
        """A group that is deleted takes its VM along, and one finding says so."""
        review = self.reviewed(checkout, "case-group-deleted", lost=((self.GROUP, "calm"),))

        assert ["group-deleted"] == [one.rule for one in review.verdict.blocking]
        assert f"Deleted `{self.GROUP}`: `calm`." in review.notes

    @pytest.mark.parametrize(
        ("kind", "name", "seen", "unexplained"),
        [
            (GROUP, "jobs-8xv100-us-west1-mig", {"vms_gone": (VM,)}, []),
            (GROUP, "jobs-8xv100-us-east1-mig", {"vms_gone": (VM,)}, ["the VM of `jobs-8xv"]),
            ("google_service_account", "jobs-8xv100-us-west1-mig", {"vms_gone": (VM,)},
             ["VM of `jobs-8xv100-us-west1-mig`"]),
            ("google_storage_bucket", "a", {"lost": (("google_storage_bucket", "b"),)}, ["`b` wa"]),
            ("google_storage_bucket", "a", {"lost": (("google_pubsub_topic", "a"),)}, ["`a` was"]),
            # A version is a number at Google.
            ("google_secret_manager_secret_version", "a",
             {"lost": (("google_secret_manager_secret_version", "5"),)}, []),
            ("google_secret_manager_secret", "a",
             {"lost": (("google_secret_manager_secret_version", "5"),)}, ["`5` was deleted"]),
            # The same twice is told once, and several in their order.
            ("google_storage_bucket", "a", {"lost": tuple(
                ("google_pubsub_topic", name) for name in ("c", "b", "d", "b"))},
             ["`b` was", "`c` was", "`d` was"]),
            ("google_storage_bucket", "a", {"vms_gone": tuple(
                VM.replace("west1", region) for region in ("b", "a", "d", "c"))},
             ["us-a-mig`", "us-b-mig`", "us-c-mig`", "us-d-mig`"]),
        ],
    )  # fmt: skip
    def test_what_explains_what(
        self, kind: str, name: str, seen: Any, unexplained: list[str], checkout: Checkout
    ) -> None:
        """A finding speaks of the resource that it is on, and of no other."""
        plan = made_up(change(kind, ["delete"], {}, None, name))

        found = [
            one.what
            for one in self.reviewed(checkout, plan, **seen).verdict.blocking
            if one.rule == "rehearsal-lost"
        ]

        assert len(unexplained) == len(found)
        assert all(part in what for part, what in zip(unexplained, found, strict=True))

    def test_what_is_allowed_explains_it_too(self, checkout: Checkout) -> None:
        """What may be lost may be seen to be lost."""
        until = datetime.datetime.now(datetime.timezone.utc).date()
        checkout.write(
            "config/allow.yaml",
            f"dev:\n  - finding: group-deleted\n    address: {self.GROUP}.calm\n"
            f"    reason: it is empty\n    until: {until}\n",
        )

        review = self.reviewed(checkout, "case-group-deleted", lost=((self.GROUP, "calm"),))

        assert not review.verdict.blocked

    def test_a_first_creation(self, checkout: Checkout) -> None:
        """Where the ref has no such environment, all of it is new and may be."""
        plan = made_up(
            *(change("google_pubsub_topic", ["create"], None, {}, f"t{n}") for n in range(20))
        )

        assert not self.reviewed(checkout, plan, first_creation=True).verdict.blocked
        assert self.reviewed(checkout, plan).verdict.blocked

    @pytest.mark.parametrize(
        ("seen", "notes"),
        [
            ({"vms": 3}, ["3 were running before the change, 3 still are.", "No group, queue"]),
            ({"vms": 3, "vms_gone": (VM,)},
             ["3 were running before the change, 2 still are.",
              "VMs killed in: `jobs-8xv100-us-west1-mig`.", "No group, queue"]),
            ({"lost": (("google_storage_bucket", "b"),)},
             ["were running", "Deleted `google_storage_bucket`: `b`."]),
            ({"error": "no"}, ["The change cannot be applied: no", "were running"]),
            ({"lost": tuple(("google_storage_bucket", name) for name in "bcdefa")},
             ["were running", "`a`, `b`, `c`, `d`, `e` and 1 more."]),
            ({"lost": tuple(("google_storage_bucket", name) for name in "abcde")},
             ["were running", "`d`, `e`."]),
        ],
    )  # fmt: skip
    def test_notes(self, seen: Any, notes: list[str], checkout: Checkout) -> None:
        """What was seen is told in sentences, what went wrong first."""
        told = self.reviewed(checkout, "case-topic-label", **seen).notes

        assert len(notes) == len(told)
        assert all(part in note for part, note in zip(notes, told, strict=True))

    @pytest.mark.parametrize(
        ("method", "path", "expected"),
        [
            ("compute.regionInstanceGroupManagers.delete", "x/a", (GROUP, "a")),
            ("iam.projects.roles.delete", "x/roles/a", ("google_project_iam_custom_role", "a")),
            ("iam.projects.serviceAccounts.delete", "x/a@p.iam.gserviceaccount.com",
             ("google_service_account", "a")),
            ("pubsub.projects.subscriptions.delete", "x/a", ("google_pubsub_subscription", "a")),
            ("pubsub.projects.topics.delete", "x/a", ("google_pubsub_topic", "a")),
            ("secretmanager.projects.secrets.delete", "x/a", ("google_secret_manager_secret", "a")),
            ("secretmanager.projects.secrets.versions.destroy", "x/5:destroy",
             ("google_secret_manager_secret_version", "5:destroy")),
            ("storage.buckets.delete", "b/a", ("google_storage_bucket", "a")),
            ("pubsub.projects.topics.patch", "x/a", None),
        ],
    )  # fmt: skip
    def test_what_is_lost(self, method: str, path: str, expected: Any) -> None:
        """What nobody gets back, if Google has granted it."""
        granted, refused = (
            Logged(1, "DELETE", path, {}, method, {}, status, fault=False) for status in (200, 404)
        )

        assert ((expected,) if expected else ()) == rehearsal.lost([granted, refused])

    def test_what_is_replaced_is_not_called_deleted(self, checkout: Checkout) -> None:
        """It comes again, if empty."""
        review = self.reviewed(checkout, "case-group-zones", lost=((self.GROUP, "calm"),))

        assert f"Replaced `{self.GROUP}`: `calm`." in review.notes

    def test_what_is_replaced_after_its_successor(self, checkout: Checkout) -> None:
        """It comes before the old one goes, and is not called deleted either."""
        kind = "google_storage_bucket"
        plan = made_up(change(kind, ["create", "delete"], {}, {}, "b"))

        assert (
            f"Replaced `{kind}`: `b`." in self.reviewed(checkout, plan, lost=((kind, "b"),)).notes
        )


@pytest.mark.tofu
def test_a_kept_provider_needs_no_network(tofu: str, tmp_path: Path) -> None:
    """What was fetched once is installed from there, wherever OpenTofu would look."""
    assert tofu
    with FakeGoogle() as google:
        first = Deployment(google, tmp_path / "first", "dev")
        stack = {"terraform": {"required_providers": {"google": {"source": "hashicorp/google"}}}}
        (first.folder / "stack.tf.json").write_text(json.dumps(stack), encoding="utf-8")
        first.init()
        kept = tmp_path / "providers"
        # Where OpenTofu has fetched it rather than found it in a mirror, it lies there for good.
        shutil.copytree(first.folder / ".terraform" / "providers", kept)
        nowhere = tmp_path / "nowhere.tfrc"
        nowhere.write_text('provider_installation {\n  direct { exclude = ["*/*/*"] }\n}\n')

        second = Deployment(google, tmp_path / "second", "dev", providers=kept)
        shutil.copy(first.folder / "stack.tf.json", second.folder)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TF_CLI_CONFIG_FILE", str(nowhere))
            second.init()

        assert "Installing hashicorp/google v" in "".join(second.output)


@pytest.mark.tofu
def test_a_provider_that_cannot_be_had(tofu: str, tmp_path: Path) -> None:
    """It is said that it is fetched once, and how to do without the network."""
    assert tofu
    nowhere = tmp_path / "nowhere.tfrc"
    nowhere.write_text('provider_installation {\n  direct { exclude = ["*/*/*"] }\n}\n')
    with FakeGoogle() as google, pytest.MonkeyPatch.context() as patch:
        deployment = Deployment(google, tmp_path / "first", "dev")
        stack = {"terraform": {"required_providers": {"google": {"source": "hashicorp/google"}}}}
        (deployment.folder / "stack.tf.json").write_text(json.dumps(stack), encoding="utf-8")
        patch.setenv("TF_CLI_CONFIG_FILE", str(nowhere))

        with pytest.raises(RehearsalError, match="fetched the first time, which needs the network"):
            deployment.init()


@pytest.mark.tofu
def test_a_state_in_a_bucket(tofu: str, tmp_path: Path) -> None:
    """The gcs backend works on the fake as well: state, lock and all."""
    with FakeGoogle(switched_on=True) as google:
        place = google.url + "/storage/v1/b?project=eng-ai-dev"
        bucket = urllib.request.Request(place, b'{"name": "states"}', method="POST")
        urllib.request.urlopen(bucket).close()
        stack = {
            "terraform": {
                "backend": {"gcs": {"bucket": "states", "prefix": "p"}},
                "required_providers": {"google": {"source": "hashicorp/google"}},
            },
            "resource": {"google_pubsub_topic": {"t": {"name": "topic", "project": "eng-ai-dev"}}},
        }
        (tmp_path / "stack.tf.json").write_text(json.dumps(stack), encoding="utf-8")
        for arguments in (
            ["init"],
            ["apply", "-auto-approve"],
            ["plan", "-detailed-exitcode"],
            ["state", "list"],
        ):
            result = subprocess.run(
                [tofu, f"-chdir={tmp_path}", *arguments, "-no-color"],
                env={**os.environ, **google.environment()},
                capture_output=True,
                text=True,
                check=False,
            )
            assert 0 == result.returncode, result.stderr

        assert "google_pubsub_topic.t\n" == result.stdout
        assert ["states/p/default.tfstate"] == list(google.store.dump()["kinds"]["storage.objects"])
        assert not list(tmp_path.glob("*.tfstate"))


class TestFakeGoogle:
    """The verb that runs the server."""

    def _start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline_zen", "fake-google", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=in_the_foreground,  # noqa: PLW1509
        )

    def _url(self, process: "subprocess.Popen[str]") -> str:
        assert process.stdout
        exports: dict[str, str] = {}
        while "GOOGLE_OAUTH_ACCESS_TOKEN" not in exports:
            line = process.stdout.readline()
            assert line
            name, _, value = line.strip().removeprefix("export ").partition("=")
            exports[name] = value
        return exports["GOOGLE_PUBSUB_CUSTOM_ENDPOINT"].removesuffix("/pubsub/v1/")

    @pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
    def test_it_keeps_its_store(self, end: signal.Signals, tmp_path: Path) -> None:
        """It prints where it is, and has the next time what it had the last."""
        store = tmp_path / "store.json"
        topic = "/pubsub/v1/projects/some-project/topics/jobs"

        process = self._start("--store", str(store))
        url = self._url(process)
        request = urllib.request.Request(url + topic, data=b"{}", method="PUT")
        urllib.request.urlopen(request).close()
        process.send_signal(end)
        _, errors = process.communicate(timeout=20)

        assert 0 == process.returncode
        assert f"The fake Google listens at {url}; Ctrl-C stops it.\n" == errors

        process = self._start("--store", str(store))
        with urllib.request.urlopen(self._url(process) + topic) as answer:
            assert "projects/some-project/topics/jobs" == json.load(answer)["name"]
        process.send_signal(end)
        process.communicate(timeout=20)

    def test_a_port_that_is_taken(self, run: Run) -> None:
        """A port that another program has is told in a line."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]

            result = run("fake-google", "--port", str(port))

        assert 1 == result.returncode
        assert f"Port {port} cannot be listened on: Address already in use.\n" == result.stderr

    @pytest.mark.parametrize("text", ["", "{}", "[]", '{"serial": 1, "kinds": {"x": 3}}'])
    def test_a_store_that_is_none(self, text: str, run: Run, tmp_path: Path) -> None:
        """A file of another kind is not taken for a store, nor overwritten."""
        file = tmp_path / "file.json"
        file.write_text(text, encoding="utf-8")

        result = run("fake-google", "--store", str(file))

        assert 1 == result.returncode
        assert f"{file} is not a store that fake-google has written.\n" == result.stderr
        assert text == file.read_text(encoding="utf-8")

    def test_a_place_that_is_none(self, run: Run, tmp_path: Path) -> None:
        """A folder that is missing is told at once, not when the store is to be kept."""
        result = run("fake-google", "--store", str(tmp_path / "missing" / "store.json"))

        assert 1 == result.returncode
        assert "missing" in result.stderr
        assert "Traceback" not in result.stderr


def test_temporary_folders_are_gone() -> None:
    """No rehearsal of these tests has left its folder."""
    assert not list(Path(tempfile.gettempdir()).glob("rehearsal-*"))
