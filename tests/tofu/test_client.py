"""OpenTofu as a program, around one that does as it is told."""

import os
from pathlib import Path

import pytest

from pipeline_zen.tofu import OpenTofu, RunError
from pipeline_zen.tofu.client import CHANGES, Told

PROGRAM = r"""#!/bin/sh
case "$1" in version) echo '{"terraform_version": "1.12.6"}'; exit ;; esac
echo "$@" >> "${1#-chdir=}/asked"
case "$2" in
  init) echo "prepared"; test -z "$BAD" || { echo "Error: $BAD" >&2; exit 1; } ;;
  state) echo '{"serial": 1}' ;;
  show) echo "shown"; exit 1 ;;
  plan)
    echo '{"type":"diagnostic","diagnostic":{"severity":"error","summary":"no"}}'
    exit "$STATUS" ;;
esac
"""

pytestmark = pytest.mark.process


@pytest.fixture
def tofu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenTofu:
    program = tmp_path / "bin" / "tofu"
    program.parent.mkdir()
    program.write_text(PROGRAM, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.delenv("BAD", raising=False)
    return OpenTofu(tmp_path)


def _asked(tofu: OpenTofu) -> list[str]:
    lines = (tofu.folder / "asked").read_text(encoding="utf-8").splitlines()
    return [line.removeprefix(f"-chdir={tofu.folder} ") for line in lines]


def test_which_it_is(tofu: OpenTofu) -> None:
    """Its version, as it says itself."""
    assert "1.12.6" == tofu.version


def test_each_verb_is_run_in_the_folder(
    tofu: OpenTofu, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without questions where nobody is asked, and without colours where nobody sees them."""
    monkeypatch.setenv("STATUS", "0")
    tofu.init("-upgrade")
    assert "" == tofu.init_in_view()
    tofu.plan("p", "-lock=false")
    tofu.apply_in_view("p")
    assert '{"serial": 1}\n' == tofu.state()
    tofu.destroy()

    assert [
        "init -input=false -no-color -upgrade",
        "init -no-color",
        "plan -json -input=false -no-color -detailed-exitcode -out=p -lock=false",
        "apply -input=false -no-color p",
        "state pull",
        "destroy -auto-approve -input=false -no-color",
    ] == _asked(tofu)
    assert "prepared\n" == capfd.readouterr().out


def test_what_fails_is_told_in_its_words(
    tofu: OpenTofu, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """What it complains of, or, where it does not complain, what it says."""
    token = "hf_" + "a1B2c3D4e5" * 4
    monkeypatch.setenv("BAD", f"HF_TOKEN={token}")

    with pytest.raises(RunError) as failed:
        tofu.init()
    with pytest.raises(RunError) as in_view:
        tofu.init_in_view()
    with pytest.raises(RunError, match="OpenTofu cannot show the plan:\n\nshown"):
        tofu.show("p")

    assert str(failed.value).startswith("`tofu init` failed:\n\nError: HF_TOKEN=")
    assert str(in_view.value).startswith("Error: HF_TOKEN=")
    assert token not in str(failed.value) + str(in_view.value) + capfd.readouterr().err


@pytest.mark.parametrize(
    ("told", "changes", "failed"),
    [
        (Told(0, []), False, False),
        (Told(CHANGES, []), True, False),
        (Told(1, ["no"]), False, True),
    ],
)
def test_what_came_of_a_plan(
    told: Told, changes: bool, failed: bool, tofu: OpenTofu, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Errors count only where it has failed."""
    monkeypatch.setenv("STATUS", str(told.status))

    assert told == tofu.plan("p")
    assert (changes, failed) == (told.changes, told.failed)
