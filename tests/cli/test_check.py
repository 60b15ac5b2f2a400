"""The verb `check`: what is wrong with the settings, and what could be said of them."""

import json
import os
import re
from pathlib import Path

from tests.conftest import SETTINGS, Checkout, Run

SOUND = (
    "dev: sound; release 0.60.1, 12 clusters, 67 groups in 12 regions\n"
    "prod: sound; release 0.60.1, 12 clusters, 67 groups in 12 regions\n"
)


def test_check(run: Run) -> None:
    """Sound settings are summed up in a line for each environment; notices are counted."""
    result = run("-C", SETTINGS, "check")

    assert (0, SOUND) == (result.returncode, result.stdout)
    assert re.fullmatch(r"\d+ notices: make check NOTICES=yes\n", result.stderr)


def test_notices(run: Run) -> None:
    """What is worth knowing is told where that is asked for, each with its place and its rule."""
    result = run("-C", SETTINGS, "check", "--notices")

    assert 0 == result.returncode
    assert result.stdout.startswith(f"{SOUND}\nconfig/base.yaml:")
    assert "us-west1: us-west1-b sells these machines, too, and is not used\n" in result.stdout
    assert result.stdout.endswith(" [zone-unused]\n")
    assert "" == result.stderr


def test_warnings_are_always_told(checkout: Checkout, run: Run) -> None:
    """What is probably wrong needs no asking for."""
    checkout.edit("config/base.yaml", "me-west1: [c]", "me-west1: [a, c]")

    result = run("-C", checkout.root, "check", "dev")

    assert 0 == result.returncode
    assert "[zone-doubtful]" in result.stdout
    assert "zone-unused" not in result.stdout
    assert " notices: make check NOTICES=yes\n" in result.stderr


def test_check_leaves_out_what_is_ignored(checkout: Checkout, run: Run) -> None:
    """What the settings ignore, with a reason, is not told."""
    dev = (checkout.root / "config/dev.yaml").read_text(encoding="utf-8")
    checkout.write("config/dev.yaml", f"{dev}lint: {{ignore: {{zone-unused: none in use}}}}\n")

    result = run("-C", checkout.root, "check", "dev", "--notices")

    assert 0 == result.returncode
    assert "zone-unused" not in result.stdout


def test_check_tells_every_release(checkout: Checkout, run: Run) -> None:
    """Where a cluster boots another release than the one in VERSION, it is named."""
    checkout.edit("config/base.yaml", "  h100-80gb:\n", "  h100-80gb:\n    image_version: 9.0.1\n")

    result = run("-C", checkout.root, "check", "dev")

    release = (checkout.root / "VERSION").read_text(encoding="utf-8").strip()
    assert f"dev: sound; release {release}, 9.0.1 for 8xh100-80gb, 12 clusters" in result.stdout


def test_for_other_programs(checkout: Checkout, run: Run) -> None:
    """Sound or not, the log is on standard output, and the exit status is as ever."""
    for form, told in (("json", "problems"), ("sarif", "runs")):
        sound = run("-C", checkout.root, "check", "--format", form)
        assert (0, "") == (sound.returncode, sound.stderr)
        assert json.loads(sound.stdout)[told]

    checkout.edit("config/dev.yaml", "protected:", "protectd:")
    for form in ("json", "sarif"):
        wrong = run("-C", checkout.root, "check", "--format", form)
        assert (2, "") == (wrong.returncode, wrong.stderr)
        assert "unknown setting" in json.dumps(json.loads(wrong.stdout))


def test_a_name_that_would_move_the_cursor(checkout: Checkout, run: Run) -> None:
    """What a file is called is shown as it is, and does nothing to a terminal."""
    checkout.write("config/a\x1b[2Jb.yaml", "")

    result = run("-C", checkout.root, "check")
    missing = run("-C", checkout.root, "check", "c\x1b[2J")

    assert (2, 2) == (result.returncode, missing.returncode)
    assert r"a\u001b[2Jb" in result.stderr
    assert "\x1b" not in result.stderr + missing.stderr


def test_a_pipe_among_the_settings(checkout: Checkout, run: Run) -> None:
    """Nobody writes into it, and nobody waits for that."""
    os.mkfifo(checkout.root / "config" / "staging.yaml")

    result = run("-C", checkout.root, "check")

    assert 2 == result.returncode
    assert "config/staging.yaml: a pipe or a device, and no file\n" in result.stderr


def test_an_allowance_that_is_over(checkout: Checkout, run: Run) -> None:
    """It would block every plan, so it is told before one is made."""
    checkout.write(
        "config/allow.yaml",
        "dev:\n  - finding: bucket-deleted\n    address: google_storage_bucket.b\n"
        '    seen: "0123abcd"\n    reason: it was empty\n    until: 2026-01-31\n',
    )

    result = run("-C", checkout.root, "check", "dev")

    assert 0 == result.returncode
    assert "config/allow.yaml:2:5: warning: dev: the allowance for bucket-deleted" in result.stdout


def test_sarif_beside_what_is_printed(checkout: Checkout, tmp_path: Path, run: Run) -> None:
    """What is found, be it wrong or a notice, is written for the diff, and told as ever."""
    file = tmp_path / "settings.sarif"

    sound = run("-C", checkout.root, "check", "--sarif", file)

    assert "dev: sound" in sound.stdout
    (notes,) = json.loads(file.read_text(encoding="utf-8"))["runs"]
    assert {"note"} == {result["level"] for result in notes["results"]}

    checkout.edit("config/dev.yaml", "eng-ai-dev", "eng-ai-prod")
    wrong = run("-C", checkout.root, "check", "--sarif", file)

    assert 2 == wrong.returncode
    assert "config/dev.yaml" in wrong.stderr
    (errors,) = json.loads(file.read_text(encoding="utf-8"))["runs"]
    (place,) = errors["results"][0]["locations"]
    assert "config/dev.yaml" == place["physicalLocation"]["artifactLocation"]["uri"]
