"""A program run from its start to its end: what it took, and what it said."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PIPELINE_ZEN = (sys.executable, "-O", "-m", "pipeline_zen")
"""The command line as `make` starts it."""

# Compiled modules are kept, whoever runs this: without them every start would compile anew.
_ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Measured:
    """A program that has ended."""

    seconds: float
    megabytes: float
    """The peak of the largest of its processes."""
    output: str


def measure(
    command: Sequence[str], *, passes: tuple[int, ...], environment: Mapping[str, str]
) -> Measured:
    """Run *command*; ends this program if its exit status is none of *passes*."""
    begun = time.perf_counter()
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**_ENVIRONMENT, **environment},
    ) as process:
        output = process.stdout.read() if process.stdout else ""
        # Unlike `wait`, this tells the peak of the process and of those that it has waited for.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - begun
    if process.returncode not in passes:
        sys.exit(f"exit status {process.returncode}: {' '.join(command)}")
    return Measured(seconds, usage.ru_maxrss / 1_024, output)
