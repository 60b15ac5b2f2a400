"""Progress of what takes long, where nobody watches."""

import subprocess
import sys

import pytest

CODE = """
from pipeline_zen.cli.progress import progress_bar
with progress_bar("dev: applying") as progress:
    for done in range(1, 101):
        progress(done, 100)
    progress(0, 0)
    for done in range(1, 5):
        progress(done, 4)
"""


@pytest.mark.process
def test_a_line_now_and_then() -> None:
    """In a pipe it is a line for each quarter of each stage, and nothing that moves the cursor."""
    result = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=True
    )

    assert [
        *(f"dev: applying: {done} of 100" for done in (25, 50, 75, 100)),
        *(f"dev: applying: {done} of 4" for done in (1, 2, 3, 4)),
    ] == result.stderr.splitlines()
    assert "" == result.stdout
