"""Interruptions: what was started ends first, whatever it makes of them."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline_zen import interruption

pytestmark = pytest.mark.process

DEAF = ["sh", "-c", "trap '' INT; sleep 60 & wait; sleep 60"]
"""Does not end when it is interrupted, and neither does what it has started."""


def _interrupt_after(*seconds: float) -> None:
    for one in seconds:
        timer = threading.Timer(one, os.kill, [os.getpid(), signal.SIGINT])
        timer.daemon = True
        timer.start()


def _runs(group: int) -> bool:
    shown = subprocess.run(["ps", "-eo", "pgid,stat"], capture_output=True, text=True, check=True)
    lines = [line.split() for line in shown.stdout.splitlines()]
    return any(pgid == str(group) and not stat.startswith("Z") for pgid, stat in lines)


@pytest.mark.parametrize(("seconds", "patience"), [([0.3], 0.5), ([0.3, 0.5, 0.7], None)])
def test_what_does_not_end_is_killed(seconds: list[float], patience: float | None) -> None:
    """After a while, or at the third interruption, with all that it has started."""
    began = time.monotonic()
    _interrupt_after(*seconds)

    with pytest.raises(KeyboardInterrupt), interruption.running(DEAF, patience=patience) as process:
        process.wait()

    assert time.monotonic() - began < 20
    assert -signal.SIGKILL == process.returncode
    assert not _runs(process.pid)


def test_its_output_is_read_to_the_end() -> None:
    """What it says as it ends is read, so that it is not stopped by an output nobody takes."""
    last = "yes $(seq 100) | head -c 1000000; echo done; exit 3"
    _interrupt_after(0.5)

    with (
        pytest.raises(KeyboardInterrupt),
        interruption.running(
            ["sh", "-c", f"trap '{last}' INT; sleep 1; sleep 60"], stdout=subprocess.PIPE
        ) as process,
    ):
        said = process.stdout.read() if process.stdout else ""

    assert 3 == process.returncode
    assert said.endswith("done\n")


def test_what_fails_ends_it() -> None:
    """When we fail on what it says, it is interrupted too."""
    with pytest.raises(ValueError, match="no number"), interruption.running(["sleep", "60"]):
        raise ValueError("no number")


@pytest.mark.parametrize("number", interruption.SIGNALS)
def test_cleaning_up_is_not_interrupted(number: signal.Signals, tmp_path: Path) -> None:
    """The first one counts; what is done because of it is done whole."""
    code = """
import pathlib, signal, sys, time
from pipeline_zen import interruption
# Whoever has started the tests may ignore it.
signal.signal(int(sys.argv[2]), signal.SIG_DFL)
with interruption.once():
    try:
        print("here", flush=True)
        time.sleep(60)
    finally:
        time.sleep(1)
        pathlib.Path(sys.argv[1]).write_text("clean")
"""
    file = tmp_path / "file"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(file), str(int(number))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    process.stdout.readline()
    for _ in range(3):
        process.send_signal(number)
        time.sleep(0.1)
    process.communicate(timeout=30)

    assert "clean" == file.read_text(encoding="utf-8")


def test_what_is_ignored_stays_so() -> None:
    """With `nohup` a closed terminal ends nothing."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interruption.once():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
