"""What OpenTofu complains of may quote any value, so it is masked before anybody sees it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fake_google import FakeGoogle
from pipeline_zen.rehearsal import Deployment
from pipeline_zen.rehearsal import deployment as deployment_
from pipeline_zen.settings import config_env
from pipeline_zen.tofu import RunError
from pipeline_zen.tofu.note import PLAN
from pipeline_zen.tofu.words import problem
from pipeline_zen.versions import MINIMUM_OPENTOFU
from tests.conftest import Checkout, Run
from tests.plans.kinds import CANARY
from tests.plans.recorded import recorded

WORD = "tangofoxtrot"
QUOTED = f"bad token {CANARY}\n  password={WORD}\n-----BEGIN PRIVATE KEY-----\n{WORD}\n"
"""As an error may quote what it was given."""

SECRETS = (CANARY.removeprefix("hf_"), WORD)
"""Without what Markdown escapes."""


def diagnostic(severity: str) -> str:
    said = {"severity": severity, "summary": QUOTED, "detail": QUOTED, "address": f"x.y[{QUOTED}]"}
    return json.dumps({"type": "diagnostic", "diagnostic": said}) + "\n"


class Fake:
    """A program called tofu, on the PATH, that says what it is told to say."""

    def __init__(self, folder: Path, stack: Path) -> None:
        self.folder = folder
        self.env = {"PATH": f"{folder}:/usr/bin:/bin"}
        self.say("version", f'{{"terraform_version": "{MINIMUM_OPENTOFU}"}}')
        program = f"""#!/bin/sh
case "$1" in -chdir=*) shift;; esac
case "$1" in plan) cp {folder}/planned {stack} 2>/dev/null;; esac
cat {folder}/$1.out 2>/dev/null
cat {folder}/$1.err >&2 2>/dev/null
exit "$(cat {folder}/$1.status 2>/dev/null || echo 0)"
"""
        self._write("tofu", program)
        (folder / "tofu").chmod(0o755)
        self.say("show", json.dumps(recorded("kind-update")))
        self.say("state", "{}")

    def plans(self) -> None:
        """From now on it leaves a plan."""
        self._write("planned", "a plan")

    def say(self, verb: str, out: str = "", err: str = "", status: int = 0) -> None:
        """What it says to a verb from now on."""
        self._write(f"{verb}.out", out)
        self._write(f"{verb}.err", err)
        self._write(f"{verb}.status", f"{status}")

    def _write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def fake(checkout: Checkout, tmp_path: Path) -> Fake:
    """A checkout that is initialised, and such a program."""
    checkout.write("cdktf.out/stacks/dev/cdk.tf.json", "{}")
    checkout.remember()
    checkout.write("cdktf.out/stacks/dev/.terraform/x", "")
    checkout.write("dev-config.env", "".join(f"{name}=x\n" for name in config_env.REQUIRED))
    (tmp_path / "bin").mkdir()
    return Fake(tmp_path / "bin", checkout.root / f"cdktf.out/stacks/dev/{PLAN}")


def _halfway(fake: Fake) -> None:
    fake.plans()
    fake.say("plan", diagnostic("error"), status=1)


def _warning(fake: Fake) -> None:
    fake.plans()
    fake.say("plan", diagnostic("warning"))


def _no_show(fake: Fake) -> None:
    fake.plans()
    fake.say("show", err=f"Error: {QUOTED}", status=1)


def _no_state(fake: Fake) -> None:
    fake.plans()
    fake.say("state", err=f"Error: {QUOTED}", status=1)


class TestPlan:
    @pytest.mark.parametrize(
        ("prepare", "said"),
        [
            (lambda fake: fake.say("plan", diagnostic("error"), status=1), "could not plan:"),
            (lambda fake: fake.say("plan", QUOTED, status=1), "could not plan:"),
            (lambda fake: fake.say("plan", err=QUOTED, status=1), "could not plan:"),
            (_halfway, "could not plan all of it:"),
            (_warning, "OpenTofu warns:"),
            (_no_show, "cannot show the plan"),
            (_no_state, "cannot read the state"),
        ],
        ids=["error", "output", "stderr", "halfway", "warning", "show", "state"],
    )
    def test_no_secret(
        self, prepare: Callable[[Fake], None], said: str, fake: Fake, checkout: Checkout, run: Run
    ) -> None:
        """Neither on a terminal nor in the report is there a secret that OpenTofu quotes."""
        prepare(fake)
        report = checkout.root / "report.md"

        result = run(
            *("-C", checkout.root, "tofu", "plan", "dev", "--report", report), env=fake.env
        )

        shown = result.stdout + result.stderr + report.read_text(encoding="utf-8")
        assert "Traceback" not in shown
        assert said in shown
        assert "bad token (masked)" in shown
        assert [] == [secret for secret in SECRETS if secret in shown]

    def test_a_plan_too_deep(self, fake: Fake, checkout: Checkout, run: Run) -> None:
        """What OpenTofu plans but cannot be read is told in a sentence."""
        fake.plans()
        plan = recorded("kind-update")
        plan["resource_changes"][0]["change"]["after"] = "HERE"
        fake.say("show", json.dumps(plan).replace('"HERE"', "[" * 900 + "]" * 900))

        result = run("-C", checkout.root, "tofu", "plan", "dev", env=fake.env)

        assert (1, "") == (result.returncode, result.stdout)
        assert "nested more than 100 levels deep" in result.stderr
        assert "Traceback" not in result.stderr


class TestRehearsal:
    @pytest.fixture
    def deployment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
        """An environment's folder, and OpenTofu that fails with what it quotes."""
        (tmp_path / "bin").mkdir()
        fake = Fake(tmp_path / "bin", tmp_path / deployment_.PLAN)
        monkeypatch.setenv("PATH", fake.env["PATH"])
        fake.say("plan", err=QUOTED, status=1)
        fake.say("init", out=QUOTED, status=1)
        fake.say("apply", out=diagnostic("error"), status=1)
        with FakeGoogle() as google:
            yield Deployment(google, tmp_path / "work", "dev")

    @pytest.mark.parametrize("verb", ["init", "plan", "apply"])
    def test_no_secret(self, verb: str, deployment: Deployment) -> None:
        """The errors of a rehearsal, which become a report's notes, have none either."""
        with pytest.raises(RunError) as error:
            getattr(deployment, verb)()

        assert "bad token (masked)" in str(error.value)
        assert [] == [secret for secret in SECRETS if secret in str(error.value)]


def test_a_diagnostic_without_words() -> None:
    """One that says nothing is no reason to fail."""
    assert "" == problem({"severity": "error", "summary": None, "detail": None})


def test_where_and_what() -> None:
    """The address of a secret does not hide what is said of it."""
    where = "google_secret_manager_secret.config"

    assert f"{where}: Error 403\nno permission" == problem(
        {"address": where, "summary": "Error 403", "detail": "no permission"}
    )
