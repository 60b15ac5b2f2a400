"""Plans for real, against a Google with the state in its bucket, and what apply takes of them."""

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fake_google import FakeGoogle, Fault
from pipeline_zen.report import Review
from pipeline_zen.settings import Settings, config_env, load
from pipeline_zen.tofu import planning
from pipeline_zen.tofu.client import TofuError
from tests.conftest import SETTINGS, Checkout, Run
from tests.rehearsal.test_rehearsal import in_the_foreground
from tests.small_fleet import FLEET

pytestmark = [pytest.mark.slow, pytest.mark.tofu, pytest.mark.node]

STATE = "lum-terraform-state"


@dataclass
class Site:
    """A checkout whose environment is there, in a Google with the state's bucket."""

    checkout: Checkout
    google: FakeGoogle
    run: Run
    kept: Path
    """Copies of the checkout, by the name of what had been done by then."""
    stores: dict[str, Any]
    """What was at Google then."""

    @property
    def root(self) -> Path:
        return self.checkout.root

    @property
    def folder(self) -> Path:
        return self.root / "cdktf.out" / "stacks" / "dev"

    def keep(self, name: str) -> None:
        """Remember everything as it is."""
        self.stores[name] = self.google.store.dump()
        shutil.copytree(self.root, self.kept / name, symlinks=True)

    def reset(self, name: str) -> None:
        """Everything as it was."""
        self.google.store.load(self.stores[name])
        shutil.rmtree(self.root)
        shutil.copytree(self.kept / name, self.root, symlinks=True)

    def settings(self) -> Settings:
        (settings,) = load(self.root, ["dev"])
        return settings

    def synth(self) -> None:
        """The settings, as they are, become the stack."""
        from pipeline_zen.stack import synth

        synth([self.settings()], self.root / "cdktf.out")

    def plan(self, **more: bool) -> Review:
        return planning.plan(self.settings(), self.root, lambda *_: None, print, **more)

    def tofu(self, *arguments: str | Path, **more: Any) -> "subprocess.CompletedProcess[str]":
        return self.run("-C", self.root, "tofu", *arguments, **more)


@pytest.fixture(scope="module")
def google() -> Iterator[FakeGoogle]:
    with FakeGoogle(switched_on=True) as google:
        yield google


@pytest.fixture(scope="module")
def module_run() -> Run:
    def run(*arguments: str | Path, **more: Any) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "pipeline_zen", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            **more,
        )

    return run


@pytest.fixture(scope="module")
def built(
    tofu: str, google: FakeGoogle, module_run: Run, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The environment, created by the very verbs, with what they said checked on the way."""
    assert tofu
    root = tmp_path_factory.mktemp("site") / "checkout"
    shutil.copytree(SETTINGS / "config", root / "config")
    shutil.copy(SETTINGS / "VERSION", root / "VERSION")
    checkout = Checkout(root)
    base = (root / "config/base.yaml").read_text(encoding="utf-8")
    base = base[: base.index("# A cluster is a fleet")] + FLEET
    base = re.sub(r"^  (asia|europe|me-west1): .*\n", "", base, flags=re.MULTILINE)
    checkout.write("config/base.yaml", base)
    lines = [f"{name}=something\n" for name in config_env.REQUIRED]
    checkout.write("dev-config.env", "".join(lines))
    site = Site(checkout, google, module_run, root.parent / "kept", {})
    with pytest.MonkeyPatch.context() as patch:
        for name, value in google.environment().items():
            patch.setenv(name, value)
        address = f"{google.environment()['GOOGLE_STORAGE_CUSTOM_ENDPOINT']}b?project=eng-ai-dev"
        body = json.dumps({"name": STATE}).encode()
        urllib.request.urlopen(urllib.request.Request(address, body, method="POST")).close()

        site.synth()
        assert "run `make init ENV=dev`" in site.tofu("plan", "dev").stderr
        assert 0 == site.tofu("init", "dev").returncode
        nothing = site.tofu("apply", "dev", "--yes")
        assert 1 == nothing.returncode
        assert "no plan of dev to apply: run `make plan ENV=dev` first" in nothing.stderr

        unsaid = site.tofu("plan", "dev")
        assert 3 == unsaid.returncode
        assert "50 of 50 resources of dev would be created" in unsaid.stdout
        blocked = site.tofu("apply", "dev", "--yes")
        assert 3 == blocked.returncode
        assert "dev: blocked: cannot be trusted" in blocked.stdout

        said = site.tofu("plan", "dev", "--first-creation", "--report", root / "report.md")
        assert (2, "") == (said.returncode, said.stderr)
        assert "50 created; widens access, costs" in said.stdout
        report = (root / "report.md").read_text(encoding="utf-8")
        assert report.startswith("<!-- pipeline-zen plan of dev -->\n")
        applied = site.tofu("apply", "dev", "--yes")
        assert 0 == applied.returncode, applied.stderr
        assert "Apply complete! Resources: 50 added" in applied.stdout
        (root / "report.md").unlink()

        site.keep("created")
        # A change that does no harm.
        checkout.write("VERSION", "0.61.0\n")
        site.synth()
        assert 2 == site.plan().status
        site.keep("planned")
        yield site


@pytest.fixture
def site(built: Site) -> Site:
    """The environment is there, and nothing is to change."""
    built.reset("created")
    return built


@pytest.fixture
def planned(built: Site) -> Site:
    """A release is planned, and was shown."""
    built.reset("planned")
    return built


def test_settled(site: Site) -> None:
    """Once created it is planned empty, and the lineage that a plan shows can be recorded."""
    first = site.plan()

    (noted,) = first.verdict.notable
    assert (0, "state-not-recorded") == (first.status, noted.rule)
    line = noted.what.partition("`")[2].rstrip("`")
    dev = (site.root / "config/dev.yaml").read_text(encoding="utf-8")
    site.checkout.write("config/dev.yaml", f"{dev}\n{line}\n")

    recorded = site.plan()
    assert (0, ()) == (recorded.status, recorded.verdict.notable)
    applied = site.tofu("apply", "dev", "--yes")
    assert (0, "dev: nothing to change.\n") == (applied.returncode, applied.stdout)

    site.checkout.write("config/dev.yaml", f"{dev}\n{line[:-4]}0000\n")
    other = site.plan()
    assert (3, "wrong-state") == (other.status, other.verdict.blocking[0].rule)


def test_a_change_is_planned_then_applied_once(site: Site, tmp_path: Path) -> None:
    """The plan that was shown is applied; a workflow is told its digest; then it is used up."""
    site.checkout.write("VERSION", "0.61.0\n")
    site.synth()
    outputs = tmp_path / "outputs"

    shown = site.tofu("plan", "dev", env={**os.environ, "GITHUB_OUTPUT": str(outputs)})
    reviewed = planning.planned(site.settings(), site.root)
    applied = site.tofu("apply", "dev", "--yes", "--expect", reviewed.plan.digest())
    again = site.tofu("apply", "dev", "--yes")

    assert 2 == shown.returncode, shown.stderr
    assert "safe: no running job" in shown.stdout
    assert f"digest={reviewed.plan.digest()}\nchanges=true\n" == outputs.read_text()
    assert 0 == applied.returncode, applied.stderr
    assert "1 added, 2 changed, 1 destroyed" in applied.stdout
    assert 1 == again.returncode
    assert "There is no plan of dev to apply" in again.stderr
    assert 0 == site.plan().status


def test_a_saved_plan_is_read(planned: Site) -> None:
    """`diff` takes the saved plan as well, and finds the environment by its folder."""
    file = planned.folder / planning.PLAN

    saved = planned.run("-C", planned.root, "diff", file, "--format", "json")
    shown = planning.show(planned.folder, planning.PLAN)
    piped = subprocess.run(
        [
            sys.executable,
            "-m",
            "pipeline_zen",
            "-C",
            str(planned.root),
            "diff",
            "-",
            "--format",
            "json",
        ],
        input=shown,
        capture_output=True,
        check=False,
    )

    assert (2, 2) == (saved.returncode, piped.returncode), saved.stderr
    one, other = json.loads(saved.stdout), json.loads(piped.stdout)
    assert one["digest"] == other["digest"]
    assert re.fullmatch("[0-9a-f-]{36}", one["state"]["lineage"])
    assert other["state"]["lineage"] is None


def test_a_plan_to_look_at(planned: Site) -> None:
    """
    Without lock and secret the plan is the same, and nothing but reading is asked of Google.

    So it can be made where neither may be had, while another holds the lock, and is not applied.
    """
    digest = planning.planned(planned.settings(), planned.root).plan.digest()
    secret = planned.root / "dev-config.env"
    text = secret.read_text(encoding="utf-8")
    secret.unlink()
    planned.google.forget_requests()

    assert 0 == planned.tofu("init", "dev", "--no-secret").returncode
    result = planned.tofu("plan", "dev", "--no-lock", "--no-secret")
    asked = list(planned.google.requests)
    secret.write_text(text, encoding="utf-8")
    applied = planned.tofu("apply", "dev", "--yes", "--expect", digest)

    assert 2 == result.returncode, result.stderr
    assert digest in result.stdout
    assert "Planned without the secret's file" in result.stdout
    assert not (planned.folder / planning.STAND_IN).exists()
    done = {request.name.rpartition(".")[2] for request in asked}
    assert {"get", "getIamPolicy", "list"} == done
    assert 1 == applied.returncode
    assert "The plan was made only to be looked at" in applied.stderr


def test_nobody_to_ask(planned: Site) -> None:
    """Without a terminal nothing is applied unless told to, and the plan is kept."""
    result = planned.tofu("apply", "dev", stdin=subprocess.DEVNULL)

    assert 1 == result.returncode
    assert "Nobody can be asked here: say --yes (make apply … YES=yes).\n" in result.stderr
    assert planning.planned(planned.settings(), planned.root).status == 2


def _touched(site: Site) -> None:
    with (site.folder / planning.PLAN).open("ab") as file:
        file.write(b"x")


def _edited(site: Site) -> None:
    site.checkout.write("VERSION", "0.62.0\n")
    site.synth()


def _rotated(site: Site) -> None:
    secret = (site.root / "dev-config.env").read_text(encoding="utf-8")
    site.checkout.write("dev-config.env", secret.replace("something", "different"))


def _beside(site: Site) -> None:
    site.checkout.write("cdktf.out/stacks/dev/adopt.tf.json", "{}")


def _beside_in_hcl(site: Site) -> None:
    site.checkout.write("cdktf.out/stacks/dev/more.tf", "")


def _with_variables(site: Site) -> None:
    site.checkout.write("secrets.tfvars", 'a = "b"')


def _relocked(site: Site) -> None:
    with (site.folder / ".terraform.lock.hcl").open("a") as file:
        file.write("\n")


def _made(site: Site, seconds_ago: float) -> None:
    file = site.folder / planning.NOTE
    note = json.loads(file.read_text(encoding="utf-8"))
    note["made_at"] = int(time.time() - seconds_ago)
    file.write_text(json.dumps(note), encoding="utf-8")


def _aged(site: Site) -> None:
    _made(site, planning.MAXIMUM_AGE.total_seconds() + 60)


def _from_the_future(site: Site) -> None:
    _made(site, -3_600)


def _damaged(site: Site) -> None:
    (site.folder / planning.NOTE).write_text("{}", encoding="utf-8")


def _state(site: Site, **changed: Any) -> None:
    tofu = ["tofu", f"-chdir={site.folder}", "state"]
    pulled = subprocess.run([*tofu, "pull"], capture_output=True, check=True)
    state = json.loads(pulled.stdout)
    state |= changed or {"serial": state["serial"] + 1}
    subprocess.run([*tofu, "push", "-force", "-"], input=json.dumps(state).encode(), check=True)


def _applied_meanwhile(site: Site) -> None:
    """Somebody else has applied something, so that the state is another."""
    _state(site)


def _made_anew(site: Site) -> None:
    """The state was lost and made again, and has come as far as the old one."""
    _state(site, lineage="00000000-0000-4000-8000-000000000000")


@pytest.mark.parametrize(
    ("meanwhile", "said"),
    [
        (_touched, "is not the plan that was shown"),
        (_edited, "The settings, the secret's file or the stack have changed"),
        (_rotated, "The settings, the secret's file or the stack have changed"),
        (_beside, "The settings, the secret's file or the stack have changed"),
        (_beside_in_hcl, "The settings, the secret's file or the stack have changed"),
        (_with_variables, "The settings, the secret's file or the stack have changed"),
        (_relocked, "The settings, the secret's file or the stack have changed"),
        (_aged, "The plan is older than 12 hours"),
        (_from_the_future, "The plan is older than 12 hours"),
        (_damaged, "planned.json is damaged"),
        (_applied_meanwhile, "The state has changed since the plan was made: its serial is"),
        (_made_anew, "The state has changed since the plan was made"),
    ],
)
def test_what_was_shown_is_all_that_is_applied(
    meanwhile: Callable[[Site], None], said: str, planned: Site
) -> None:
    """When anything is not as it was, nothing is applied."""
    planning.planned(planned.settings(), planned.root)
    meanwhile(planned)

    with pytest.raises(TofuError) as error:
        planning.planned(planned.settings(), planned.root)

    assert said in str(error.value)
    assert "make plan ENV=dev" in str(error.value)


def _answered(site: Site, meanwhile: Callable[[], object]) -> tuple[int, str]:
    """`apply` at a terminal, where *meanwhile* happens before the question is answered."""
    ours, its = pty.openpty()
    told = b""
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline_zen", "-C", str(site.root), "tofu", "apply", "dev"],
        stdin=its,
        stdout=its,
        stderr=its,
    ) as process:
        os.close(its)
        while b"Apply it?" not in told:
            told += os.read(ours, 10_000)
        meanwhile()
        os.write(ours, b"dev\n")
        # Its end is an error when the terminal's other side is closed.
        with suppress(OSError):
            while more := os.read(ours, 10_000):
                told += more
    os.close(ours)
    return process.returncode, told.decode()


def _planned_anew(site: Site) -> None:
    base = (site.root / "config/base.yaml").read_text(encoding="utf-8")
    site.checkout.write("config/base.yaml", base.replace("      us-west1: [a]\n", ""))
    site.synth()
    assert site.plan().verdict.blocked


def test_another_plan_while_the_question_is_open(planned: Site) -> None:
    """A plan that somebody makes meanwhile was not shown, and is not applied."""
    code, told = _answered(planned, lambda: _planned_anew(planned))

    assert 1 == code
    assert "There is another plan by now than the one that was shown." in told
    assert "Destroying" not in told
    # It is left to whom it was shown.
    assert planning.planned(planned.settings(), planned.root).verdict.blocked


def test_another_secret_while_the_question_is_open(planned: Site) -> None:
    """OpenTofu reads the secret's file again when it applies, so it must be the same."""
    code, told = _answered(planned, lambda: _rotated(planned))

    assert 1 == code
    assert "the secret's file or the stack have changed by now." in told


def test_the_answer(planned: Site) -> None:
    """Whoever says so gets just what was shown."""
    code, told = _answered(planned, lambda: None)

    assert 0 == code, told
    assert "1 added, 2 changed, 1 destroyed" in told


def test_nobody_else_reads_a_plan(planned: Site) -> None:
    """It holds the whole state."""
    assert 0o600 == (planned.folder / planning.PLAN).stat().st_mode & 0o777


def test_another_digest(planned: Site) -> None:
    """A plan that is not the one that was reviewed elsewhere is not applied."""
    with pytest.raises(TofuError, match="The plan has changed since it was reviewed"):
        planning.planned(planned.settings(), planned.root, "0" * 64)


def test_the_guard_judges_again(site: Site) -> None:
    """An allowance that is gone when the plan is applied lets nothing pass."""
    base = (site.root / "config/base.yaml").read_text(encoding="utf-8")
    site.checkout.write("config/base.yaml", base.replace("      us-west1: [a]\n", ""))
    site.synth()
    blocked = site.plan()
    assert ["group-deleted"] == [found.rule for found in blocked.verdict.blocking]

    tomorrow = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86_400))
    proposal = blocked.proposal.replace("…", "nobody uses it")
    assert "until: " in proposal
    site.checkout.write("config/allow.yaml", re.sub(r"until: .*", f"until: {tomorrow}", proposal))
    assert 2 == site.plan().status
    assert not planning.planned(site.settings(), site.root).verdict.blocked

    (site.root / "config/allow.yaml").unlink()
    assert planning.planned(site.settings(), site.root).verdict.blocked


@pytest.mark.parametrize("name", planning.OPTIONS)
def test_options_behind_our_back(name: str, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that could narrow the plan is refused, for plan and for apply."""
    monkeypatch.setenv(name, "-target=google_pubsub_topic.x")

    with pytest.raises(TofuError, match=f"{name} is set"):
        site.plan()
    with pytest.raises(TofuError, match=f"{name} is set"):
        planning.planned(site.settings(), site.root)


def test_another_workspace(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workspace is another state, and is not passed over."""
    monkeypatch.setenv("TF_WORKSPACE", "mine")

    reviewed = site.plan(first_creation=True)

    assert ("wrong-state",) == tuple({found.rule for found in reviewed.verdict.blocking})
    assert "in the workspace mine" in reviewed.verdict.blocking[0].what


def test_a_workspace_that_was_chosen(site: Site) -> None:
    """So it is when OpenTofu was told of it once and for all."""
    chosen = ["tofu", f"-chdir={site.folder}", "workspace", "new", "mine"]
    subprocess.run(chosen, check=True, capture_output=True)

    reviewed = site.plan(first_creation=True)

    assert ("wrong-state",) == tuple({found.rule for found in reviewed.verdict.blocking})


def test_a_state_on_this_machine(site: Site) -> None:
    """A backend that is none of ours is another state."""
    local = '{"terraform": {"backend": {"local": {}}}}'
    site.checkout.write("cdktf.out/stacks/dev/local_override.tf.json", local)
    initialised = ["tofu", f"-chdir={site.folder}", "init", "-reconfigure", "-input=false"]
    subprocess.run(initialised, check=True, capture_output=True)

    reviewed = site.plan(first_creation=True)

    assert ("wrong-state",) == tuple({found.rule for found in reviewed.verdict.blocking})
    assert "a backend of the kind local" in reviewed.verdict.blocking[0].what


def test_a_plan_that_fails(planned: Site) -> None:
    """What OpenTofu cannot plan is told with its own words, and leaves no plan behind."""
    planned.checkout.write(
        "cdktf.out/stacks/dev/broken.tf.json", '{"locals": {"a": "${nothing.x}"}}'
    )

    with pytest.raises(TofuError) as error:
        planned.plan()

    assert "OpenTofu could not plan:" in str(error.value)
    assert "nothing" in str(error.value)
    with pytest.raises(TofuError, match="There is no plan of dev to apply"):
        planning.planned(planned.settings(), planned.root)


def _lock(site: Site) -> dict[str, Any]:
    """What is known of the state's lock; empty where nobody holds it."""
    objects = site.google.store.dump()["kinds"]["storage.objects"]
    held: dict[str, Any] = objects.get(f"{STATE}/pipeline-zen/dev/default.tflock", {})
    return held


def _left_running(site: Site) -> list[str]:
    """What of OpenTofu still runs for this site."""
    shown = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in shown.stdout.splitlines() if str(site.root) in line]


def _start(site: Site, *arguments: str) -> "subprocess.Popen[str]":
    """A verb in the foreground of a terminal: all that it starts can be reached at once."""
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline_zen", "-C", str(site.root), "tofu", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=in_the_foreground,  # noqa: PLW1509
    )


@pytest.mark.parametrize(
    "interruptions",
    [
        [signal.SIGINT],
        [signal.SIGINT, signal.SIGINT],
        [signal.SIGTERM],
        [signal.SIGHUP],
    ],
)
def test_an_interrupted_plan_unlocks(interruptions: list[signal.Signals], site: Site) -> None:
    """OpenTofu ends before we do: the state is free again, and no provider goes on."""
    # Reading the first topic takes long enough to be interrupted in.
    site.google.faults.add(Fault("GET", "/topics/", status=0, seconds=6))
    process = _start(site, "plan", "dev")
    while not _lock(site):
        assert process.poll() is None
        time.sleep(0.02)
    time.sleep(1)
    for number in interruptions:
        os.killpg(process.pid, number)
        time.sleep(0.5)
    out, errors = process.communicate(timeout=60)

    assert (1, "") == (process.returncode, out)
    assert "Interrupted, and nothing is planned." in errors
    assert "Traceback" not in errors
    assert not _lock(site)
    assert [] == _left_running(site)
    assert 0 == site.plan().status


def test_a_lock_is_told_with_its_holder(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who holds it, since when, and the command that removes it, which does."""
    lock = {"ID": "x", "Operation": "OperationTypeApply", "Who": "alice@desk"}
    lock["Created"] = "2026-11-25T10:00:00Z"
    objects = f"{site.google.url}/upload/storage/v1/b/{STATE}/o?uploadType=media"
    place = f"{objects}&name=pipeline-zen/dev/default.tflock"
    body = json.dumps(lock).encode()
    urllib.request.urlopen(urllib.request.Request(place, body, method="POST")).close()
    monkeypatch.setattr(planning, "LOCK_SECONDS", 1)

    with pytest.raises(TofuError) as error:
        site.plan()

    said = str(error.value)
    assert "locked by alice@desk, since 2026-11-25 10:00:00 +0000 UTC, for: apply." in said
    assert "-lock=false" not in said
    (command,) = re.findall(r"^    (tofu .*)$", said, re.MULTILINE)
    unasked = command.replace("force-unlock", "force-unlock -force").split()
    subprocess.run(unasked, cwd=site.root, capture_output=True, check=True)
    assert not _lock(site)


def test_a_bucket_that_does_not_answer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is waited for is told once, with the bucket's name; afterwards all goes on."""
    site.google.faults.add(Fault("GET", f"/b/{STATE}/", status=0, seconds=4))
    monkeypatch.setattr(planning, "SILENCE", 1.0)
    said: list[str] = []

    reviewed = planning.plan(site.settings(), site.root, lambda *_: None, said.append)

    assert 0 == reviewed.status
    (waiting,) = said
    assert waiting.startswith(f"Waiting for the state's bucket gs://{STATE}, or for the lock")


def test_an_apply_that_fails_says_what_to_do(planned: Site) -> None:
    """It names the next step, and what it says leads to the end: plan, look, apply."""
    planned.google.faults.add(Fault("POST", "/instanceTemplates", status=403))

    failed = planned.tofu("apply", "dev", "--yes")

    assert 1 == failed.returncode
    assert "The apply has failed. What it did until then is done" in failed.stderr
    assert "run `make plan ENV=dev`" in failed.stderr
    again = planned.tofu("apply", "dev", "--yes")
    assert "There is no plan of dev to apply" in again.stderr
    assert 2 == planned.tofu("plan", "dev").returncode
    assert 0 == planned.tofu("apply", "dev", "--yes").returncode
    assert 0 == planned.plan().status


def test_an_apply_that_was_cut_off(planned: Site) -> None:
    """What Google did and OpenTofu did not learn of is adopted, as docs/operating.md has it."""
    planned.google.faults.add(Fault("POST", "/instanceTemplates", when="after"))
    assert 1 == planned.tofu("apply", "dev", "--yes").returncode
    assert 2 == planned.tofu("plan", "dev").returncode
    refused = planned.tofu("apply", "dev", "--yes")
    assert 1 == refused.returncode
    assert "already exists" in refused.stderr

    address = "google_compute_instance_template.pipeline-zen-jobs-1xv100-tpl"
    tofu = ["tofu", f"-chdir={planned.folder}", "state", "rm", address]
    subprocess.run(tofu, capture_output=True, check=True)
    assert 0 == planned.run("-C", planned.root, "adopt", "dev", address).returncode
    adopting = planned.tofu("plan", "dev")
    assert (2, True) == (adopting.returncode, "1 imported" in adopting.stdout)
    assert 0 == planned.tofu("apply", "dev", "--yes").returncode
    (planned.folder / "adopt.tf.json").unlink()

    assert 0 == planned.plan().status


def test_an_interrupted_apply(planned: Site) -> None:
    """OpenTofu ends what it has begun and notes it in the state, unlocked; the rest is to do."""
    planned.google.faults.add(Fault("POST", "/instanceTemplates", status=0, seconds=4))
    process = _start(planned, "apply", "dev", "--yes")
    while not _lock(planned):
        assert process.poll() is None
        time.sleep(0.02)
    time.sleep(1)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)

    assert 1 == process.returncode
    assert "The apply was interrupted. What it did until then is done" in errors
    assert not _lock(planned)
    assert [] == _left_running(planned)
    assert 2 == planned.tofu("plan", "dev").returncode
    assert 0 == planned.tofu("apply", "dev", "--yes").returncode
