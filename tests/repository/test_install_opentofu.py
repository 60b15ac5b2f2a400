"""OpenTofu in the workflows: what is put on the PATH, and what is refused."""

import hashlib
import io
import os
import re
import subprocess
import tarfile
from pathlib import Path

import pytest

from pipeline_zen.versions import MINIMUM_OPENTOFU
from tests.conftest import ROOT

SCRIPT = ROOT / ".github" / "install-opentofu"

CURL = """\
#!/usr/bin/env bash
# Stands for curl: it gives what is beside it, as whatever is asked for.
while [ "$#" -gt 0 ]; do [ "$1" = --output ] && out=$2; shift; done
cp "$(dirname "$0")/archive" "$out"
"""


def _archive() -> bytes:
    data = b"#!/bin/sh\necho OpenTofu\n"
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        entry = tarfile.TarInfo("tofu")
        entry.size, entry.mode = len(data), 0o755
        tar.addfile(entry, io.BytesIO(data))
    return file.getvalue()


@pytest.mark.parametrize("as_pinned", [True, False])
def test_its_checksum(as_pinned: bool, tmp_path: Path) -> None:
    """Only the archive whose checksum is pinned is unpacked, and found by later steps."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "curl").write_text(CURL)
    (tmp_path / "bin" / "curl").chmod(0o755)
    archive = _archive()
    (tmp_path / "bin" / "archive").write_bytes(archive)
    checksum = hashlib.sha256(archive).hexdigest() if as_pinned else "0" * 64
    text = re.sub(r"^sha256=.*", f"sha256={checksum}", SCRIPT.read_text(), flags=re.MULTILINE)
    (tmp_path / "script").write_text(text)

    result = subprocess.run(
        ["bash", tmp_path / "script"],
        capture_output=True,
        text=True,
        check=False,
        env={
            "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
            "RUNNER_TEMP": str(tmp_path),
            "GITHUB_PATH": str(tmp_path / "path"),
        },
    )

    assert as_pinned is (result.returncode == 0), result.stderr
    assert as_pinned is (tmp_path / "opentofu" / "tofu").exists()
    assert as_pinned is (tmp_path / "path").exists()
    if as_pinned:
        tofu = Path((tmp_path / "path").read_text().strip()) / "tofu"
        shown = subprocess.run([tofu], capture_output=True, text=True, check=True)
        assert "OpenTofu\n" == shown.stdout


def test_its_version() -> None:
    """It is one that plans can be made with."""
    found = re.search(r"^version=(\d+)\.(\d+)\.(\d+)$", SCRIPT.read_text(), re.MULTILINE)

    assert found
    assert tuple(map(int, found.groups())) >= tuple(map(int, MINIMUM_OPENTOFU.split(".")))
    assert re.search(r"^sha256=[0-9a-f]{64}$", SCRIPT.read_text(), re.MULTILINE)
