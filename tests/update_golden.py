"""What `make golden` runs: writes the golden files anew, and says in a sentence what changed."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline_zen.settings import SettingsError, environments, load
from tests.conftest import GOLDEN, GOLDEN_FOLDER, ROOT

STACK = ".tf.json"
"""The suffix of a stack's golden file, below `config`."""

REMARKS = "remarks.txt"

Files = dict[str, bytes]


def golden_files() -> Files:
    """The golden files as they are, by their paths below `tests/golden`."""
    return {
        path.relative_to(GOLDEN).as_posix(): path.read_bytes()
        for path in sorted(GOLDEN.rglob("*"))
        if path.is_file()
    }


def sentences(before: Files, after: Files) -> list[str]:
    """What changed: a sentence an environment, then one for each other folder."""
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    if not changed:
        return ["No golden file changed: they are what code and settings come to."]
    return [
        f"{sentence}: review `git diff tests/golden`"
        for sentence in (*_environments(before, after, changed), *_folders(before, after, changed))
    ]


def _environments(before: Files, after: Files, changed: list[str]) -> Iterator[str]:
    of_config = [name.removeprefix("config/") for name in changed if name.startswith("config/")]
    if REMARKS in of_config:
        of_config.remove(REMARKS)
        yield "what `make check` remarks: changed"
    for environment in sorted({name.partition(".")[0] for name in of_config}):
        stack = f"config/{environment}{STACK}"
        if stack in changed:
            old, new = _resources(before.get(stack)), _resources(after.get(stack))
            updated = sum(old[address] != new[address] for address in old.keys() & new.keys())
            yield (
                f"{environment}: {len(new.keys() - old.keys())} added, {updated} changed, "
                f"{len(old.keys() - new.keys())} gone"
            )
        else:
            tables = [name for name in of_config if name.startswith(f"{environment}.")]
            yield f"{environment}: no resource changed, but {', '.join(tables)}"


def _resources(stack: bytes | None) -> dict[str, Any]:
    """The resources of a stack by address."""
    if stack is None:
        return {}
    document: dict[str, Any] = json.loads(stack)
    return {
        f"{kind}.{name}": resource
        for kind, resources in document.get("resource", {}).items()
        for name, resource in resources.items()
    }


def _folders(before: Files, after: Files, changed: list[str]) -> Iterator[str]:
    folders = sorted({str(Path(name).parent) for name in changed} - {"config"})
    for folder in folders:
        names = [name for name in changed if str(Path(name).parent) == folder]
        added = sum(name not in before for name in names)
        gone = sum(name not in after for name in names)
        updated = len(names) - added - gone
        yield f"{folder}: {added} files added, {updated} changed, {gone} gone"


def _write(folder: Path) -> None:
    """Run the tests that compare golden files, so that each writes what it has into a folder."""
    written = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-m", "golden", "-n", "auto", "-q", "--no-header"),
            *("--snapshot-update", "-o", "addopts=", "tests"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, GOLDEN_FOLDER: str(folder)},
    )
    summary = (written.stdout.splitlines() or [""])[-1]
    if written.returncode or "skipped" in summary:
        sys.exit(
            f"{written.stdout}{written.stderr}\n"
            "Not every golden file could be written, so none was."
        )


def _put(folder: Path) -> None:
    """Have what is in a folder be the golden files; they are never there in part."""
    new, old = GOLDEN.with_name("golden.new"), GOLDEN.with_name("golden.old")
    for left_over in (new, old):
        shutil.rmtree(left_over, ignore_errors=True)
    shutil.copytree(folder, new)
    GOLDEN.rename(old)
    new.rename(GOLDEN)
    shutil.rmtree(old)


def _say(stage: str) -> None:
    sys.stderr.write(f"{stage} …\n")
    sys.stderr.flush()


def main() -> None:
    """Write the golden files, or leave them all as they were."""
    _say("1/2 Checking the settings")
    try:
        load(ROOT, environments(ROOT))
    except SettingsError as error:
        sys.exit(f"{error}\n\nThe settings are not sound; no golden file was written.")
    _say("2/2 Running the tests that compare golden files, which takes a minute")
    before = golden_files()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "golden")
        _write(folder)
        _put(folder)
    for sentence in sentences(before, golden_files()):
        sys.stdout.write(f"{sentence}\n")


if __name__ == "__main__":
    main()
