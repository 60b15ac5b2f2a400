"""Progress of what takes long, where nobody watches."""

import subprocess
import sys

import pytest

CODE = """
from pipeline_zen.cli.progress import progress_bar
with progress_bar("dev: applying", {seconds}) as progress:
    for done in range(1, 5):
        progress(done, 4)
"""


@pytest.mark.process
@pytest.mark.parametrize(("seconds", "lines"), [(0, 4), (60, 0)])
def test_a_line_now_and_then(seconds: int, lines: int) -> None:
    """In a pipe it is a line every so many seconds, and nothing that moves the cursor."""
    result = subprocess.run(
        [sys.executable, "-c", CODE.format(seconds=seconds)],
        capture_output=True,
        text=True,
        check=True,
    )

    told = [f"dev: applying: {done} of 4" for done in range(1, 5)]
    assert (told[:lines], "") == (result.stderr.splitlines(), result.stdout)
