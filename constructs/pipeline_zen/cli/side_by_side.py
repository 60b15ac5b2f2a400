"""Every environment's rehearsal at once: each waits more than it works."""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from pipeline_zen import interruption
from pipeline_zen.cli.exits import FAILED


def rehearse_all(root: Path, environments: Sequence[str], ref: str | None) -> int:
    """
    Rehearse *environments*, each in a process of its own, and show one after the other.

    The exit status is the worst: 1 failed, 3 blocked, 2 changes, 0 none.
    """
    options = ["--from", ref] if ref else []
    command = [sys.executable, "-O", "-m", "pipeline_zen", "-C", str(root), "rehearse"]
    with ExitStack() as stack:
        started = []
        for environment in environments:
            output = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))
            process = stack.enter_context(
                interruption.running(
                    [*command, environment, *options], stdout=output, stderr=subprocess.STDOUT
                )
            )
            click.echo(f"{environment}: rehearsing", err=True)
            started.append((process, output))
        for process, output in started:
            process.wait()
            output.seek(0)
            click.echo(output.read(), nl=False)
        statuses = {process.returncode for process, _ in started}
    if statuses - {0, 2, 3}:
        return FAILED
    return max(statuses, default=0)
