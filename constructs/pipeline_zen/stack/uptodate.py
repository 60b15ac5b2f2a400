"""
Whether the stacks are those of what they are made from, so that nothing need be made.

Beside the stacks lies a record: digests of what they were made from, and one of each itself. What
they are made from are the settings, VERSION, the code and the lock of what it builds on. A stack
that was damaged or edited is not what the record says, nor is one of an environment that was added.
"""

import errno
import hashlib
import json
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pipeline_zen.errors import UserError
from pipeline_zen.files import Json, stack_file, write_whole
from pipeline_zen.stack.packages import USED

RECORD = "synthesized.json"

Inputs: TypeAlias = dict[str, str]
"""Digests, by the file of the checkout, or `CODE`, of what stacks are made from."""

CODE = "the code"
"""All that the settings are made to stacks by: the package, its facts, what it builds on."""

MANIFEST = "manifest.json"
"""What the CDK's own command line reads; it is of all stacks."""

_LARGEST = 50_000_000
"""The bytes of a file that is read: a stack of ours has half a million, and settings have less."""

_NO_RECORD = (OSError, ValueError, KeyError, TypeError, AttributeError)
"""What is raised where there is no record, or where it is damaged, or of another form."""

_CODE = Path(__file__).resolve().parents[1]
_LOCK = _CODE.parents[1] / "requirements.lock"


class StaleError(UserError):
    """A stack is not of what it should be made from; the text says what to do."""


@dataclass(frozen=True)
class Written:
    """A stack as it was written."""

    environment: str
    file: Path
    resources: int
    changed: bool


@dataclass(frozen=True)
class Current:
    """Stacks that are up to date, and all environments that there are."""

    stacks: list[Written]
    environments: list[str]


def input_digests(root: Path) -> Inputs:
    """
    All that the stacks of the checkout *root* are made from.

    What cannot be read counts as empty: whoever reads the settings then says what is wrong with it.
    """
    settings = {file.relative_to(root).as_posix(): _files_digest([file]) for file in _files(root)}
    return {**settings, CODE: _files_digest(_code(), USED.core)}


def up_to_date(root: Path, outdir: Path, environments: Sequence[str]) -> Current | None:
    """
    The stacks below *outdir* of *environments*, by default of all, if they are up to date.

    None where one of them is not, or it cannot be told.
    """
    try:
        record = _record(outdir)
        now = (input_digests(root), _digest(outdir / MANIFEST))
        if (record["inputs"], record["manifest"]) != now:
            return None
        stacks = {name: record["stacks"][name] for name in environments or record["environments"]}
        for name, stack in stacks.items():
            if stack["digest"] != _digest(stack_file(outdir, name)):
                return None
        written = [
            Written(name, stack_file(outdir, name), int(stack["resources"]), changed=False)
            for name, stack in sorted(stacks.items())
        ]
        return Current(written, list(record["environments"]))
    except _NO_RECORD:
        return None


def refuse_stale(root: Path, outdir: Path, environment: str) -> None:
    """
    Raise StaleError where the stack of *environment* is not of the checkout *root* as it is.

    That is so as well where it cannot be told. Other environments count for nothing, nor do
    allowances; and a stack that is not there is missed by whoever uses it.
    """
    file = stack_file(outdir, environment)
    if not file.exists():
        return
    try:
        record = _record(outdir)
        edited = record["stacks"][environment]["digest"] != _digest(file)
        changed = _differing(record["inputs"], input_digests(root), environment)
    except _NO_RECORD:
        reason = f"It is not known what {file} was made from"
    else:
        if not edited and not changed:
            return
        reason = f"{file} was edited since it was made"
        if changed:
            reason = f"{file} was made before there were changes of {', '.join(changed)}"
    raise StaleError(
        f"{reason}: run `make synth ENV={environment}`, or `pipeline-zen synth {environment}`"
    )


def _differing(before: Inputs, now: Inputs, environment: str) -> list[str]:
    """What the stack of *environment* is made from that is not as before."""
    own = ("config/base.yaml", f"config/{environment}.yaml")
    return [
        part
        for part in sorted({*before, *now})
        if before.get(part) != now.get(part) and (not part.startswith("config/") or part in own)
    ]


def remember(
    made_from: Inputs, outdir: Path, environments: Iterable[str], written: list[Written]
) -> None:
    """
    Record what was *written* below *outdir*; *environments* are all that there are.

    *made_from* is the `input_digests` from before the settings were read: what is edited while
    stacks are made is not in them.
    """
    stacks = {
        **_remembered(outdir, made_from),
        **{
            stack.environment: {"digest": _digest(stack.file), "resources": stack.resources}
            for stack in written
        },
    }
    record = {
        "inputs": made_from,
        "environments": sorted(environments),
        "manifest": _digest(outdir / MANIFEST),
        "stacks": dict(sorted(stacks.items())),
    }
    write_whole(outdir / RECORD, json.dumps(record, indent=2) + "\n")


def _record(outdir: Path) -> Json:
    """What was recorded. Raises one of `_NO_RECORD` where that cannot be told."""
    record: Json = json.loads(content(outdir / RECORD))
    return record


def _remembered(outdir: Path, made_from: Inputs) -> Mapping[str, Json]:
    """The stacks that were made before from the same, but for what they are now."""
    try:
        record = _record(outdir)
        stacks: dict[str, Json] = record["stacks"] if record["inputs"] == made_from else {}
        return dict(stacks)
    except _NO_RECORD:
        return {}


def _files(root: Path) -> Iterator[Path]:
    yield root / "VERSION"
    # Editors leave hidden files beside those that they have open.
    yield from sorted(file for file in (root / "config").glob("*.yaml") if file.name[0] != ".")


def _code() -> Iterator[Path]:
    yield from sorted(path for path in _CODE.rglob("*") if path.suffix in (".py", ".cjs", ".csv"))
    if _LOCK.exists():
        yield _LOCK


def _files_digest(files: Iterable[Path], beside: str = "") -> str:
    digest = hashlib.sha256(beside.encode())
    for file in files:
        digest.update(f"\0{file.name}\0".encode())
        with suppress(OSError):
            digest.update(content(file))
    return digest.hexdigest()


def _digest(file: Path) -> str:
    return hashlib.sha256(content(file)).hexdigest()


def content(file: Path) -> bytes:
    """What is in *file*. Raises OSError, also for what is no file and could be read for ever."""
    status = file.stat()
    if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
        raise OSError(errno.EINVAL, "not a file that is ours", str(file))
    return file.read_bytes()
