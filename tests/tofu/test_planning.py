"""Plans for real, against a Google with the state in its bucket."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from fake_google import Fault
from pipeline_zen import tofu
from pipeline_zen.tofu import TofuError, planning, ready
from pipeline_zen.tofu.client import OpenTofu
from pipeline_zen.tofu.note import PLAN
from tests.tofu.site import STATE, Site, held_lock, left_running, start

pytestmark = [pytest.mark.slow, pytest.mark.tofu, pytest.mark.node]


def test_settled(site: Site) -> None:
    """Once created it is planned empty, and the lineage that a plan shows can be recorded."""
    first = site.plan()

    (noted,) = first.verdict.notable
    assert (0, "state-not-recorded") == (first.status, noted.rule)
    line = noted.what.partition("`")[2].rstrip("`")
    dev = (site.root / "config/dev.yaml").read_text(encoding="utf-8")
    site.checkout.write("config/dev.yaml", f"{dev}\n{line}\n")
    site.synth()

    recorded = site.plan()
    assert (0, ()) == (recorded.status, recorded.verdict.notable)
    applied = site.tofu("apply", "dev", "--yes")
    assert (0, "dev: nothing to change.\n") == (applied.returncode, applied.stdout)

    site.checkout.write("config/dev.yaml", f"{dev}\n{line[:-4]}0000\n")
    other = site.plan()
    assert (3, "wrong-state") == (other.status, other.verdict.blocking[0].rule)


def test_a_saved_plan_is_read(planned: Site) -> None:
    """`diff` takes the saved plan as well, and finds the environment by its folder."""
    file = planned.folder / PLAN

    saved = planned.run("-C", planned.root, "diff", file, "--format", "json")
    shown = OpenTofu(planned.folder).show_json(PLAN)
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
    digest = tofu.planned(planned.settings(), planned.root).plan.digest
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


def test_nobody_else_reads_a_plan(planned: Site) -> None:
    """It holds the whole state."""
    assert 0o600 == (planned.folder / PLAN).stat().st_mode & 0o777


@pytest.mark.parametrize("name", ["TF_CLI_ARGS", "TF_CLI_ARGS_plan", "TF_REATTACH_PROVIDERS"])
def test_options_behind_our_back(name: str, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that could narrow the plan is refused, for plan and for apply."""
    monkeypatch.setenv(name, "-target=google_pubsub_topic.x")

    with pytest.raises(TofuError, match=f"{name} is set"):
        site.plan()
    with pytest.raises(TofuError, match=f"{name} is set"):
        tofu.planned(site.settings(), site.root)


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
        tofu.planned(planned.settings(), planned.root)


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
    process = start(site, "plan", "dev")
    while not held_lock(site):
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
    assert not held_lock(site)
    assert [] == left_running(site)
    assert 0 == site.plan().status


def test_a_lock_is_told_with_its_holder(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who holds it, since when, and the command that removes it, which does."""
    lock = {"ID": "x", "Operation": "OperationTypeApply", "Who": "alice@desk"}
    lock["Created"] = "2026-11-25T10:00:00Z"
    objects = f"{site.google.url}/upload/storage/v1/b/{STATE}/o?uploadType=media"
    place = f"{objects}&name=pipeline-zen/dev/default.tflock"
    body = json.dumps(lock).encode()
    urllib.request.urlopen(urllib.request.Request(place, body, method="POST")).close()
    monkeypatch.setattr(ready, "LOCK_SECONDS", 1)

    with pytest.raises(TofuError) as error:
        site.plan()

    said = str(error.value)
    assert "locked by alice@desk, since 2026-11-25 10:00:00 +0000 UTC, for: apply." in said
    assert "-lock=false" not in said
    (command,) = re.findall(r"^    (tofu .*)$", said, re.MULTILINE)
    unasked = command.replace("force-unlock", "force-unlock -force").split()
    subprocess.run(unasked, cwd=site.root, capture_output=True, check=True)
    assert not held_lock(site)


def test_a_bucket_that_does_not_answer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is waited for is told once, with the bucket's name; afterwards all goes on."""
    site.google.faults.add(Fault("GET", f"/b/{STATE}/", status=0, seconds=4))
    monkeypatch.setattr(planning, "SILENCE", 1.0)
    said: list[str] = []

    reviewed = tofu.plan(site.settings(), site.root, lambda *_: None, said.append)

    assert 0 == reviewed.status
    (waiting,) = said
    assert waiting.startswith(f"Waiting for the state's bucket gs://{STATE}, or for the lock")
