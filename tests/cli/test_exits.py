"""How verbs end: sentences and statuses for what is wrong, and nothing written."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from pipeline_zen.cli import main
from tests.conftest import SETTINGS, Checkout, Facts, Run


def test_a_slip_in_the_catalogue(facts: Facts) -> None:
    """What cannot be read of the catalogue is one sentence and status 1, whatever the verb."""
    facts.add("zones.csv", "nvidia-l4,us-west9-a,g2-standard-8,hihg,,2026-11-30,seen")

    result = CliRunner().invoke(main, ["-C", str(SETTINGS), "check"])

    assert 1 == result.exit_code
    assert result.stderr.endswith(
        'catalog/zones.csv:277: confidence is "hihg", and must be one of high, zone, medium, low.\n'
    )
    assert "" == result.stdout


@pytest.mark.parametrize("verb", ["check", "synth", "expand"])
def test_wrong_settings(verb: str, checkout: Checkout, run: Run) -> None:
    """Wrong settings end with status 2, all problems on standard error, and nothing written."""
    checkout.edit("config/dev.yaml", "protected", "protectd")
    checkout.edit("config/base.yaml", "us-east5: [b]", "us-east5: [b, b]")
    before = checkout.files()

    result = run("-C", checkout.root, verb, *(["dev"] if verb == "expand" else []))

    assert 2 == result.returncode
    assert "" == result.stdout
    assert "config/dev.yaml:6:1: protectd: unknown setting\n" in result.stderr
    assert "us-east5-b is listed twice" in result.stderr
    assert result.stderr.endswith("\n\n2 problems; nothing was written.\n")
    assert "Traceback" not in result.stderr
    assert before == checkout.files()


@pytest.mark.parametrize("verb", ["check", "synth", "rehearse"])
def test_a_mistake_in_what_is_allowed(verb: str, checkout: Checkout, run: Run) -> None:
    """It is told with the other mistakes, with its place, before a plan depends on it."""
    checkout.write("config/allow.yaml", "prod:\n  - finding: group-deletd\n")
    checkout.edit("config/dev.yaml", "protected", "protectd")

    result = run("-C", checkout.root, verb, "dev")

    assert (1 if verb == "rehearse" else 2) == result.returncode
    assert (
        'config/allow.yaml:2:14: prod.0.finding: got "group-deletd"\n'
        "      - finding: group-deletd\n"
        "                 ^\n"
        'Did you mean "group-deleted"?'
    ) in result.stderr
    assert "config/dev.yaml:6:1: protectd: unknown setting\n" in result.stderr
    assert result.stderr.endswith("\n\n6 problems; nothing was written.\n")


@pytest.mark.node
def test_an_unwritable_folder(checkout: Checkout, run: Run) -> None:
    """A file in the way of the output is told by its name, without a traceback."""
    checkout.write("cdktf.out", "not a folder\n")

    result = run("-C", checkout.root, "synth")

    assert 1 == result.returncode
    assert "cdktf.out" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_file_in_another_encoding(checkout: Checkout, run: Run) -> None:
    """The place of the first byte that is not UTF-8 is told."""
    file = checkout.root / "config/dev.yaml"
    file.write_bytes(b"# one\nlabels: {team: k\xfcche}\n" + file.read_bytes())

    result = run("-C", checkout.root, "check", "dev")

    assert 2 == result.returncode
    assert "config/dev.yaml:2:17: not UTF-8 text (byte 22)\n" in result.stderr


def test_a_misspelt_section(checkout: Checkout, run: Run) -> None:
    """What stands under a name that is nearly its own is not said to be missing as well."""
    checkout.edit("config/base.yaml", "\nfleets:\n", "\nfleet:\n")

    result = run("-C", checkout.root, "check")

    assert 'Did you mean "fleets"?' in result.stderr
    assert result.stderr.endswith("1 problem; nothing was written.\n")


def test_missing_base(checkout: Checkout, run: Run) -> None:
    """Without the base file there is one problem, not one for each setting that it holds."""
    (checkout.root / "config" / "base.yaml").unlink()

    result = run("-C", checkout.root, "check")

    assert 2 == result.returncode
    assert (
        "config/base.yaml: no such file\nAdd it: it has what all environments share.\n"
    ) in result.stderr
    assert "1 problem; nothing was written." in result.stderr


@pytest.mark.process
def test_output_that_nobody_reads_to_its_end() -> None:
    """What `head` has read enough of ends without a word."""
    command = [sys.executable, "-m", "pipeline_zen", "-C", str(SETTINGS), "expand", "dev"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()

    assert b"" == said
