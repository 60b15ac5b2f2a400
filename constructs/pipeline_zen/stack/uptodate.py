"""
Whether the stacks are those of what they are made from, so that nothing need be made.

Beside the stacks lies a record: of each, a digest of what it was made from and one of itself. What
it is made from are the settings, VERSION, the code and the lock of what it builds on. A stack that
was damaged or edited is not what the record says, nor is one of an environment that was added.
"""

import errno
import hashlib
import json
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline_zen.errors import UserError
from pipeline_zen.files import Json, stack_file, write_whole
from pipeline_zen.stack.packages import USED

RECORD = "synthesized.json"
MANIFEST = "manifest.json"
"""What the CDK's own command line reads; it is of all stacks."""

_LARGEST = 50_000_000
"""The bytes of a file that is read: a stack of ours has half a million, and settings have less."""

_NO_RECORD = (OSError, ValueError, KeyError, TypeError)
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


def inputs_digest(root: Path) -> str:
    """
    A digest, in hexadecimal, of all that the stacks of the checkout *root* are made from.

    What cannot be read counts as empty: whoever reads the settings then says what is wrong with it.
    """
    digest = hashlib.sha256(USED.core.encode())
    for file in _files(root):
        digest.update(f"\0{file.name}\0".encode())
        with suppress(OSError):
            digest.update(content(file))
    return digest.hexdigest()


def up_to_date(root: Path, outdir: Path, environments: Sequence[str]) -> Current | None:
    """
    The stacks below *outdir* of *environments*, by default of all, if they are up to date.

    None where one of them is not, or it cannot be told.
    """
    try:
        record = json.loads(content(outdir / RECORD))
        now = (inputs_digest(root), _digest(outdir / MANIFEST))
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

    That is so as well where it cannot be told: somebody else has written the stack, or edited it.
    Whoever uses a stack that is not there says so.
    """
    file = stack_file(outdir, environment)
    if file.exists() and not _is_of(root, outdir, environment):
        raise StaleError(
            f"{file} is not known to be what the settings, VERSION and the code come to as they "
            f"are: run `make synth ENV={environment}`, or `pipeline-zen synth {environment}`, first"
        )


def _is_of(root: Path, outdir: Path, environment: str) -> bool:
    """Whether the stack is of *root*; the manifest, which OpenTofu does not read, may be any."""
    try:
        record = json.loads(content(outdir / RECORD))
        made = (record["inputs"], record["stacks"][environment]["digest"])
        return made == (inputs_digest(root), _digest(stack_file(outdir, environment)))
    except _NO_RECORD:
        return False


def remember(
    made_from: str, outdir: Path, environments: Iterable[str], written: list[Written]
) -> None:
    """
    Record what was *written* below *outdir*; *environments* are all that there are.

    *made_from* is the `inputs_digest` from before the settings were read: what is edited while
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


def _remembered(outdir: Path, made_from: str) -> Mapping[str, Json]:
    """The stacks that were made before from the same, but for what they are now."""
    try:
        record = json.loads(content(outdir / RECORD))
        stacks: dict[str, Json] = record["stacks"] if record["inputs"] == made_from else {}
        return dict(stacks)
    except _NO_RECORD:
        return {}


def _files(root: Path) -> Iterator[Path]:
    yield root / "VERSION"
    # Editors leave hidden files beside those that they have open.
    yield from sorted(file for file in (root / "config").glob("*.yaml") if file.name[0] != ".")
    yield from sorted(path for path in _CODE.rglob("*") if path.suffix in (".py", ".cjs", ".csv"))
    if _LOCK.exists():
        yield _LOCK


def _digest(file: Path) -> str:
    return hashlib.sha256(content(file)).hexdigest()


def content(file: Path) -> bytes:
    """What is in *file*. Raises OSError, also for what is no file and could be read for ever."""
    status = file.stat()
    if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
        raise OSError(errno.EINVAL, "not a file that is ours", str(file))
    return file.read_bytes()
