"""What apply takes of a plan: just what was shown, as long as nothing has changed."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from fake_google import Fault
from pipeline_zen import tofu
from pipeline_zen.tofu import TofuError, applying
from pipeline_zen.tofu.note import NOTE, PLAN
from tests.tofu.site import Site, held_lock, left_running, start

pytestmark = [pytest.mark.slow, pytest.mark.tofu, pytest.mark.node]


def test_a_change_is_planned_then_applied_once(site: Site, tmp_path: Path) -> None:
    """The plan that was shown is applied; a workflow is told its digest; then it is used up."""
    site.checkout.write("VERSION", "0.61.0\n")
    site.synth()
    outputs = tmp_path / "outputs"

    shown = site.tofu("plan", "dev", env={**os.environ, "GITHUB_OUTPUT": str(outputs)})
    reviewed = tofu.planned(site.settings(), site.root)
    applied = site.tofu("apply", "dev", "--yes", "--expect", reviewed.plan.digest)
    again = site.tofu("apply", "dev", "--yes")

    assert 2 == shown.returncode, shown.stderr
    assert "safe: no running job" in shown.stdout
    assert f"digest={reviewed.plan.digest}\nchanges=true\n" == outputs.read_text()
    assert 0 == applied.returncode, applied.stderr
    assert "1 added, 2 changed, 1 destroyed" in applied.stdout
    assert 1 == again.returncode
    assert "There is no plan of dev to apply" in again.stderr
    assert 0 == site.plan().status


def test_nobody_to_ask(planned: Site) -> None:
    """Without a terminal nothing is applied unless told to, and the plan is kept."""
    result = planned.tofu("apply", "dev", stdin=subprocess.DEVNULL)

    assert 1 == result.returncode
    assert "Nobody can be asked here: say --yes (make apply … YES=yes).\n" in result.stderr
    assert tofu.planned(planned.settings(), planned.root).status == 2


def _touched(site: Site) -> None:
    with (site.folder / PLAN).open("ab") as file:
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
    file = site.folder / NOTE
    note = json.loads(file.read_text(encoding="utf-8"))
    note["made_at"] = int(time.time() - seconds_ago)
    file.write_text(json.dumps(note), encoding="utf-8")


def _aged(site: Site) -> None:
    _made(site, applying.MAXIMUM_AGE.total_seconds() + 60)


def _from_the_future(site: Site) -> None:
    _made(site, -3_600)


def _damaged(site: Site) -> None:
    (site.folder / NOTE).write_text("{}", encoding="utf-8")


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
    tofu.planned(planned.settings(), planned.root)
    meanwhile(planned)

    with pytest.raises(TofuError) as error:
        tofu.planned(planned.settings(), planned.root)

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
    assert tofu.planned(planned.settings(), planned.root).verdict.blocked


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


def test_another_digest(planned: Site) -> None:
    """A plan that is not the one that was reviewed elsewhere is not applied."""
    with pytest.raises(TofuError, match="The plan has changed since it was reviewed"):
        tofu.planned(planned.settings(), planned.root, "0" * 64)


def test_the_guard_judges_again(site: Site) -> None:
    """An allowance that is gone when the plan is applied lets nothing pass."""
    base = (site.root / "config/base.yaml").read_text(encoding="utf-8")
    site.checkout.write("config/base.yaml", base.replace("      us-west1: [a]\n", ""))
    site.synth()
    blocked = site.plan()
    assert ["group-deleted"] == [found.rule for found in blocked.verdict.blocking]

    tomorrow = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86_400))
    proposal = blocked.proposal.yaml().replace("…", "nobody uses it")
    assert "until: " in proposal
    site.checkout.write("config/allow.yaml", re.sub(r"until: .*", f"until: {tomorrow}", proposal))
    assert 2 == site.plan().status
    assert not tofu.planned(site.settings(), site.root).verdict.blocked

    (site.root / "config/allow.yaml").unlink()
    assert tofu.planned(site.settings(), site.root).verdict.blocked


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
    assert not (planned.folder / "adopt.tf.json").exists()

    assert 0 == planned.plan().status


def test_an_interrupted_apply(planned: Site) -> None:
    """OpenTofu ends what it has begun and notes it in the state, unlocked; the rest is to do."""
    # Longer than a busy machine may keep this from going on: what follows is not to be begun.
    planned.google.faults.add(Fault("POST", "/instanceTemplates", status=0, seconds=20))
    process = start(planned, "apply", "dev", "--yes")
    while not held_lock(planned):
        assert process.poll() is None
        time.sleep(0.02)
    time.sleep(1)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=90)

    assert 1 == process.returncode
    assert "The apply was interrupted. What it did until then is done" in errors
    assert not held_lock(planned)
    assert [] == left_running(planned)
    assert 2 == planned.tofu("plan", "dev").returncode
    assert 0 == planned.tofu("apply", "dev", "--yes").returncode
