"""`tofu plan` and `tofu apply` around an OpenTofu that does only what they ask of it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline_zen import tofu
from pipeline_zen.settings import config_env, load
from pipeline_zen.tofu.note import NOTE
from pipeline_zen.tofu.planning import STAND_IN
from tests.conftest import Checkout, Run

EMPTY = '{"format_version": "1.2", "terraform_version": "1.12.6", "planned_values": {}}'

TOFU = """#!/bin/sh
folder=${1#-chdir=}
case "$1$2" in
  version*) echo '{"terraform_version": "1.12.6"}' ;;
  *plan) { echo "$@"; ls "$folder"; } > "$folder/said"; echo x > "$folder/planned.tfplan" ;;
  *show) cat "$folder/shown.json" ;;
esac
"""
"""As much of OpenTofu as it takes to get to a plan; what it shows is in a file."""


@pytest.fixture
def planned(checkout: Checkout, tmp_path: Path) -> Checkout:
    """A checkout that is ready to be planned, with a plan that is empty."""
    lines = [f"{name}=something\n" for name in config_env.REQUIRED]
    checkout.write("dev-config.env", "".join(lines))
    (checkout.root / "dev-config.env").chmod(0o600)
    checkout.write("cdktf.out/stacks/dev/cdk.tf.json", "{}")
    checkout.remember()
    checkout.write("cdktf.out/stacks/dev/.terraform/x", "")
    checkout.write("cdktf.out/stacks/dev/shown.json", EMPTY)
    (tmp_path / "bin").mkdir()
    tofu = tmp_path / "bin" / "tofu"
    tofu.write_text(TOFU, encoding="utf-8")
    tofu.chmod(0o755)
    return checkout


def _unreadable(checkout: Checkout) -> None:
    checkout.write("cdktf.out/stacks/dev/shown.json", "garbage")


def _wrong_allowance(checkout: Checkout) -> None:
    checkout.write("config/allow.yaml", "dev: [{finding: nonsense}]\n")


def _wrong_settings(checkout: Checkout) -> None:
    checkout.edit("config/dev.yaml", "protected", "protectd")


def _no_secret(checkout: Checkout) -> None:
    (checkout.root / "dev-config.env").unlink()


def _not_initialised(checkout: Checkout) -> None:
    (checkout.root / "cdktf.out/stacks/dev/.terraform/x").unlink()
    (checkout.root / "cdktf.out/stacks/dev/.terraform").rmdir()


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (_unreadable, "It does not begin with JSON"),
        (_wrong_allowance, "config/allow.yaml:1:"),
        (_wrong_settings, "protectd: unknown setting"),
        (_no_secret, "dev-config.env"),
        (_not_initialised, "dev is not initialised yet"),
    ],
)
def test_a_failure_is_reported(
    mistake: Callable[[Checkout], None], said: str, planned: Checkout, run: Run, tmp_path: Path
) -> None:
    """Whatever fails, it is told in a sentence, and takes the place of an earlier report."""
    report = tmp_path / "report.md"
    env = {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"}
    before = run("-C", planned.root, "tofu", "plan", "dev", "--report", report, env=env)
    assert 1 != before.returncode, before.stderr
    mistake(planned)

    result = run("-C", planned.root, "tofu", "plan", "dev", "--report", report, env=env)

    assert 1 == result.returncode
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    text = report.read_text(encoding="utf-8")
    assert text.startswith("<!-- pipeline-zen plan of dev -->\n## ❌ dev: the plan failed\n")
    assert said in text


def test_a_plan_that_apply_cannot_read(planned: Checkout, run: Run, tmp_path: Path) -> None:
    """`apply` tells it in a sentence as well, and applies nothing."""
    env = {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"}
    assert 1 != run("-C", planned.root, "tofu", "plan", "dev", env=env).returncode
    _unreadable(planned)

    result = run("-C", planned.root, "tofu", "apply", "dev", "--yes", env=env)

    assert 1 == result.returncode
    assert result.stderr.startswith("The plan cannot be read: ")
    assert "Traceback" not in result.stderr
    note = planned.root / "cdktf.out/stacks/dev" / NOTE
    assert json.loads(note.read_text(encoding="utf-8"))["may_be_applied"]


@pytest.mark.parametrize("options", [["--no-lock"], ["--no-secret"]])
def test_a_plan_to_look_at_is_not_applied(
    options: list[str], planned: Checkout, run: Run, tmp_path: Path
) -> None:
    """Neither what was made without the lock nor what was made without the secret is applied."""
    env = {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"}
    assert 1 != run("-C", planned.root, "tofu", "plan", "dev", *options, env=env).returncode

    result = run("-C", planned.root, "tofu", "apply", "dev", "--yes", env=env)

    assert 1 == result.returncode
    assert "The plan was made only to be looked at" in result.stderr
    assert "`make plan ENV=dev` without LOCK=no and SECRET=no" in result.stderr


def test_a_plan_to_apply_takes_the_lock_and_the_secret(
    planned: Checkout, run: Run, tmp_path: Path
) -> None:
    """Also where one to look at was cut off, and has left its stand-in for the secret behind."""
    env = {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"}
    stack = planned.root / "cdktf.out/stacks/dev"
    (stack / STAND_IN).write_text("{}", encoding="utf-8")

    assert 1 != run("-C", planned.root, "tofu", "plan", "dev", env=env).returncode
    said = (stack / "said").read_text(encoding="utf-8").split()
    assert "-lock-timeout=60s" in said
    assert "-lock=false" not in said
    assert STAND_IN not in said

    assert 1 != run("-C", planned.root, "tofu", "plan", "dev", "--no-lock", env=env).returncode
    assert "-lock=false" in (stack / "said").read_text(encoding="utf-8").split()


def test_a_plan_to_look_at_that_takes_the_place_of_another(
    planned: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that somebody makes while the question is open is not applied, even if it is alike."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    (settings,) = load(planned.root, ["dev"])
    tofu.plan(settings, planned.root, lambda *_: None, print)
    reviewed = tofu.planned(settings, planned.root)
    tofu.plan(settings, planned.root, lambda *_: None, print, tofu.Manner(lock=False))
    monkeypatch.setattr("os.execv", lambda *_: pytest.fail("it is applied"))

    with pytest.raises(tofu.TofuError, match="There is another plan by now"):
        tofu.apply(settings, planned.root, reviewed)


def _released(checkout: Checkout) -> None:
    checkout.write("VERSION", "0.61.0\n")


def _edited(checkout: Checkout) -> None:
    checkout.edit("config/dev.yaml", "protected: false", "protected: true")


@pytest.mark.parametrize("verb", [["plan", "dev"], ["apply", "dev", "--yes"]])
@pytest.mark.parametrize("change", [_released, _edited])
def test_a_stack_that_is_not_of_the_settings(
    change: Callable[[Checkout], None], verb: list[str], planned: Checkout, run: Run, tmp_path: Path
) -> None:
    """It is neither planned nor applied, and it is said what makes it anew; then it is."""
    env = {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"}
    report = tmp_path / "report.md"
    assert 1 != run("-C", planned.root, "tofu", "plan", "dev", env=env).returncode
    said = planned.root / "cdktf.out/stacks/dev/said"
    said.unlink()
    change(planned)

    options = ["--report", report] if verb[0] == "plan" else []
    result = run("-C", planned.root, "tofu", *verb, *options, env=env)

    told = ": run `make synth ENV=dev`, or `pipeline-zen synth dev`.\n"
    assert (1, "") == (result.returncode, result.stdout)
    assert f"{planned.root}/cdktf.out/stacks/dev/cdk.tf.json was made " in result.stderr
    assert result.stderr.endswith(told)
    assert not said.exists()
    if options:
        assert "## ❌ dev: the plan failed\n" in report.read_text(encoding="utf-8")
    planned.remember()
    assert 1 != run("-C", planned.root, "tofu", "plan", "dev", env=env).returncode


def test_secrets_that_others_may_read(planned: Checkout, run: Run, tmp_path: Path) -> None:
    """Both files are told by both verbs, and neither once they are the user's alone."""
    env = {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"}
    planned.write("secrets.tfvars", "")
    files = [planned.root / name for name in ("dev-config.env", "secrets.tfvars")]

    def told() -> list[str]:
        plan = run("-C", planned.root, "tofu", "plan", "dev", env=env)
        apply = run("-C", planned.root, "tofu", "apply", "dev", "--yes", env=env)
        return [plan.stderr, apply.stderr]

    for file in files:
        file.chmod(0o644)
    open_ones = told()
    for file in files:
        file.chmod(0o600)

    sentences = "".join(
        f"Others on this machine may read {file.name}: `chmod 600 {file.name}`.\n" for file in files
    )
    assert [sentences, sentences] == open_ones
    assert ["", ""] == told()
