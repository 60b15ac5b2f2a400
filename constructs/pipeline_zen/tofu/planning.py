"""
Plans for real, and applies just what was planned, shown and passed.

`plan` leaves two files in the environment's folder: the saved plan, and a note of what it was made
of. `apply` takes them only as long as everything is as it was: the plan file itself, the
configuration with the secret's file, the state's lineage and serial, and the day. Then it has the
guard judge the plan again.
"""

import datetime
import hashlib
import json
import os
import subprocess
import threading
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec

from pipeline_zen import names
from pipeline_zen import versions as provider
from pipeline_zen.fleet import clusters
from pipeline_zen.guard import Known, Target, allowances
from pipeline_zen.plan import PlanError, read
from pipeline_zen.report import Origins, Review, review
from pipeline_zen.settings import Settings
from pipeline_zen.tofu import client as tofu
from pipeline_zen.tofu import interruption
from pipeline_zen.tofu.client import TofuError

PLAN = "planned.tfplan"
NOTE = "planned.json"
APPLIED = "applied.tfplan"
"""What a plan is called once it is being applied, so that a new one cannot take its place."""

STAND_IN = "secret_override.tf.json"
"""Joined over the stack, as files of such a name are, while it is planned without the secret."""

MAXIMUM_AGE = datetime.timedelta(hours=12)
"""How old a plan may be when it is applied: a working day, and no night between."""

OPTIONS = ("TF_CLI_ARGS", "TF_CLI_ARGS_plan", "TF_CLI_ARGS_apply", "TF_CLI_ARGS_show")
"""Variables by which OpenTofu is given options behind our back, such as `-target`."""

LOCK_SECONDS = 60
"""How long to wait for somebody else to unlock the state."""

SILENCE = 10.0
"""After so many seconds in which OpenTofu says nothing, it is told what it may be waiting for."""

Progress = Callable[[int, int], None]
"""Is told how many resources are done, of how many; 0 where that is not known."""

FACTS = (("provider google", provider.VERSION),)
"""What is known of a plan of this project's own stacks."""

_CONFIGURATION = ("*.tf", "*.tf.json", "*.tofu", "*.tofu.json", "*.tfvars", "*.tfvars.json")


@dataclass(frozen=True)
class Note:
    """What a saved plan was made of."""

    plan_sha256: str
    configuration_sha256: str
    lineage: str
    serial: int
    digest: str
    made_at: int
    """Seconds since 1970."""
    first_creation: bool
    may_be_applied: bool
    """Not where it was made without the state's lock or the secret's file."""


class _State(msgspec.Struct):
    """A state, but for all that is in it."""

    lineage: str = ""
    serial: int = 0


def target(settings: Settings) -> Target:
    """What a plan of these settings must be of."""
    return Target(
        environment=settings.environment,
        project=settings.project,
        state_bucket=settings.state_bucket,
        state_prefix=names.state_prefix(settings.environment),
        state_lineage=settings.state_lineage,
        limits={
            group.name: cluster.max_vms
            for cluster in clusters(settings)
            for group in cluster.groups
            if cluster.max_vms is not None
        },
    )


def plan(
    settings: Settings,
    root: Path,
    progress: Progress,
    warn: Callable[[str], None],
    *,
    first_creation: bool = False,
    lock: bool = True,
    secret: bool = True,
) -> Review:
    """
    Plan an environment, and keep the plan for `apply`.

    Without *lock* the state is not locked, so that reading it is enough, and nothing is left behind
    by a plan that is cut off. Without *secret* the secret's file need not be there, and its version
    counts as unchanged. Such a plan is to be looked at, and `apply` does not take it.

    *warn* is given OpenTofu's warnings, and what it is waiting for. Raises TofuError where it
    cannot be run, is interrupted or fails without a plan; one that fails half-way has a review,
    which says so.
    """
    folder = _folder(settings, root)
    _refuse_options()
    command = tofu.command("plan", settings.environment, root, secret=secret)
    for file in (NOTE, PLAN, APPLIED, STAND_IN):
        (folder / file).unlink(missing_ok=True)
    configuration = _configuration(settings, root)

    locking = f"-lock-timeout={LOCK_SECONDS}s" if lock else "-lock=false"
    options = ("-input=false", "-no-color", "-json", locking, f"-out={PLAN}")
    # A bucket that does not answer is asked for minutes, without a word.
    waiting = (
        f"Waiting for the state's bucket gs://{settings.state_bucket}, or for the lock on the "
        "state; Ctrl-C gives up."
    )
    silence = threading.Timer(SILENCE, warn, [waiting])
    silence.daemon = True
    try:
        if not secret:
            _leave_out_secret(folder)
        problems = _stream([*command, *options], progress, warn, silence)
    except KeyboardInterrupt:
        (folder / PLAN).unlink(missing_ok=True)
        raise TofuError(
            "Interrupted, and nothing is planned. OpenTofu unlocks the state as it ends; where it "
            "could not, the next plan says how"
        ) from None
    finally:
        silence.cancel()
        (folder / STAND_IN).unlink(missing_ok=True)
    if not (folder / PLAN).exists():
        held = tofu.lock_held("\n".join(problems), settings.environment)
        raise TofuError(held or "\n\n".join(["OpenTofu could not plan:", *problems]))
    (folder / PLAN).chmod(0o600)
    if _configuration(settings, root) != configuration:
        (folder / PLAN).unlink()
        raise TofuError(
            "The settings, the secret's file or the stack have changed while OpenTofu planned. "
            f"Run `make plan ENV={settings.environment}` again"
        )
    known = _known(folder / PLAN, first_creation=first_creation)
    notes = [f"OpenTofu could not plan all of it: {problem}" for problem in problems]
    if not secret:
        notes.append("Planned without the secret's file: that a new one is due is not shown.")
    reviewed = _saved(settings, root, known, notes)
    note = Note(
        plan_sha256=_sha256(folder / PLAN),
        configuration_sha256=configuration,
        lineage=known.lineage or "",
        serial=known.serial or 0,
        digest=reviewed.plan.digest(),
        made_at=int(time.time()),
        first_creation=first_creation,
        may_be_applied=lock and secret,
    )
    new = folder / f".{NOTE}.{os.getpid()}"
    new.write_text(json.dumps(asdict(note), indent=2) + "\n", encoding="utf-8")
    new.replace(folder / NOTE)
    return reviewed


def planned(settings: Settings, root: Path, expected: str | None = None) -> Review:
    """
    The saved plan, judged again.

    Raises TofuError where there is none, or where anything is not as it was when it was made;
    *expected* is the digest of the change that was reviewed elsewhere.
    """
    folder, environment = _folder(settings, root), settings.environment
    again = f"Run `make plan ENV={environment}` again"
    _refuse_options()
    tofu.command("apply", environment, root)
    note = _note(folder, environment)
    if not note.may_be_applied:
        raise TofuError(
            "The plan was made only to be looked at, without the state's lock or the secret's "
            f"file. Run `make plan ENV={environment}` without LOCK=no and SECRET=no"
        )
    if _sha256(folder / PLAN) != note.plan_sha256:
        raise TofuError(f"{folder / PLAN} is not the plan that was shown. {again}")
    age = datetime.timedelta(seconds=time.time() - note.made_at)
    if not datetime.timedelta(0) <= age <= MAXIMUM_AGE:
        hours = MAXIMUM_AGE // datetime.timedelta(hours=1)
        raise TofuError(f"The plan is older than {hours} hours. {again}")
    if _configuration(settings, root) != note.configuration_sha256:
        raise TofuError(
            "The settings, the secret's file or the stack have changed since the plan was made. "
            f"{again}"
        )
    state = _state(folder)
    if (state.lineage, state.serial) != (note.lineage, note.serial):
        raise TofuError(
            f"The state has changed since the plan was made: its serial is {state.serial}, and was "
            f"{note.serial}. {again}"
        )
    known = _known(folder / PLAN, first_creation=note.first_creation)
    reviewed = _saved(settings, root, known)
    digest = reviewed.plan.digest()
    if digest != note.digest:
        raise TofuError(f"{folder / PLAN} is not the plan that was shown. {again}")
    if expected is not None and expected != digest:
        raise TofuError(
            f"The plan has changed since it was reviewed: its digest is {digest}, and "
            f"{expected or 'an empty one'} was expected. Review it anew"
        )
    return reviewed


def apply(settings: Settings, root: Path, reviewed: Review) -> None:
    """
    Have OpenTofu apply the saved plan, which `planned` has found fit as *reviewed*.

    A plan is applied once: it is put aside, and its note is gone, before that begins. Raises
    TofuError where it, or what it was made of, is not any more what was reviewed: somebody may have
    planned anew while the question was open. Raises it, too, with what to do next, where OpenTofu
    has failed or was interrupted; it has said itself why.
    """
    folder, environment = _folder(settings, root), settings.environment
    again = f"Run `make plan ENV={environment}` again"
    note = _note(folder, environment)
    another = TofuError(f"There is another plan by now than the one that was shown. {again}")
    # Somebody else's plan is left to them.
    if note.digest != reviewed.plan.digest() or not note.may_be_applied:
        raise another
    (folder / NOTE).unlink()
    try:
        (folder / PLAN).replace(folder / APPLIED)
    except FileNotFoundError:
        raise TofuError(f"The plan is gone. {again}") from None
    if _sha256(folder / APPLIED) != note.plan_sha256:
        raise another
    if _configuration(settings, root) != note.configuration_sha256:
        raise TofuError(
            f"The settings, the secret's file or the stack have changed by now. {again}"
        )
    lock = f"-lock-timeout={LOCK_SECONDS}s"
    arguments = [tofu.find(), f"-chdir={folder}", "apply", "-input=false", lock, APPLIED]
    failed = "The apply has failed"
    try:
        with interruption.running(arguments) as process:
            process.wait()
    except KeyboardInterrupt:
        failed = "The apply was interrupted"
    else:
        if process.returncode == 0:
            return
    raise TofuError(
        f"{failed}. What it did until then is done, and its plan is used up: run `make plan "
        f"ENV={environment}`, look at what is left to do, and apply that. Where it says that "
        'something exists already, or that the state is locked, see "An apply that was cut off" in '
        "docs/operating.md"
    )


def environment_of(data: bytes, file: Path, known: Sequence[Settings]) -> str | None:
    """
    The environment whose project a plan is about.

    Of a saved plan, it is the one whose folder it lies in. None where it changes nothing, and so is
    about no project. Raises PlanError where there is none, or more than one.
    """
    by_project = {settings.project: settings.environment for settings in known}
    if is_saved_plan(data):
        found = {file.resolve().parent.name} & set(by_project.values())
    else:
        plan, projects = read(data), set()
        if plan.empty and not plan.errored:
            return None
        for change in plan.changes:
            for values in change.values():
                projects.add(values.text("project"))
        found = {by_project[project] for project in projects if project in by_project}
    if len(found) != 1:
        raise PlanError(
            f"It is not plain which environment it is a plan of: name it with --env, one of "
            f"{', '.join(sorted(by_project.values()))}"
        )
    return found.pop()


def from_file(
    data: bytes, file: Path | None, settings: Settings, root: Path, *, first_creation: bool
) -> Review:
    """
    The review of a plan in a file: JSON, or a saved plan, which *file* is then the path of.

    Raises PlanError for what is neither, and TofuError where OpenTofu cannot show a saved plan.
    """
    known = Known(first_creation=first_creation)
    if file and is_saved_plan(data):
        beside = (file.parent / ".terraform").exists()
        folder = file.parent if beside else _folder(settings, root)
        found = _state_in(file)
        if found:
            known = Known(found.lineage, found.serial, first_creation=first_creation)
        data = show(folder.resolve(), str(file.resolve()))
    return _reviewed(settings, root, data, known)


def is_saved_plan(data: bytes) -> bool:
    """Whether it is what `tofu plan -out` writes, encrypted or not."""
    return data.startswith(b"PK\x03\x04") or b'"encrypted_data"' in data[:100_000]


def show(folder: Path, file: str) -> bytes:
    """A saved plan as JSON. Raises TofuError where OpenTofu cannot show it."""
    shown = subprocess.run(  # noqa: S603 - a list, and no shell
        [tofu.find(), f"-chdir={folder}", "show", "-json", "-no-color", file],
        capture_output=True,
        check=False,
    )
    if shown.returncode:
        raise TofuError(f"OpenTofu cannot show the plan:\n\n{tofu.said(_text(shown.stderr))}")
    return shown.stdout


def _saved(settings: Settings, root: Path, known: Known, notes: Sequence[str] = ()) -> Review:
    """The review of the saved plan. Raises TofuError where it cannot be shown."""
    data = show(_folder(settings, root), PLAN)
    return _reviewed(settings, root, data, known, notes=notes, facts=FACTS)


def _reviewed(
    settings: Settings,
    root: Path,
    data: bytes,
    known: Known,
    *,
    notes: Sequence[str] = (),
    facts: Sequence[tuple[str, str]] = (),
) -> Review:
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return review(
        read(data),
        target(settings),
        known=known,
        allowances=allowances(root, settings.environment, today),
        today=today,
        facts=facts,
        notes=notes,
        origins=Origins(settings, root),
    )


def _folder(settings: Settings, root: Path) -> Path:
    return root / "cdktf.out" / "stacks" / settings.environment


def _leave_out_secret(folder: Path) -> None:
    """Have the stack take any text for the secret's, and its version for what the state has."""
    version = {
        "secret_data_wo": "not known here",
        "secret_data_wo_version": 1,
        "lifecycle": {"ignore_changes": ["secret_data_wo_version"]},
    }
    stack = {"resource": {"google_secret_manager_secret_version": {names.CONFIG_SECRET: version}}}
    (folder / STAND_IN).write_text(json.dumps(stack), encoding="utf-8")


def _refuse_options() -> None:
    given = [name for name in OPTIONS if os.environ.get(name)]
    if given:
        raise TofuError(
            f"{given[0]} is set, and what it adds to OpenTofu's command line could leave changes "
            f"out of the plan: unset it"
        )


def _stream(
    command: list[str],
    progress: Progress,
    warn: Callable[[str], None],
    silence: threading.Timer,
) -> list[str]:
    """
    Run OpenTofu with `-json`; the errors that it tells of.

    *silence* is cancelled once it has read the state. Raises KeyboardInterrupt once it has
    ended, when it was interrupted.
    """
    problems: list[str] = []
    stray: list[str] = []
    done = total = 0
    with interruption.running(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        silence.start()
        for line in process.stdout or ():
            message = _message(line)
            if message.get("type") not in ("version", "state_lock_acquire"):
                silence.cancel()
            match message.get("type"):
                case "refresh_start":
                    total += 1
                case "refresh_complete":
                    done += 1
                    progress(done, total)
                case "diagnostic":
                    text = tofu.problem(message["diagnostic"])
                    if message["diagnostic"]["severity"] == "error":
                        problems.append(text)
                    else:
                        warn(f"OpenTofu warns: {text}")
                case None:
                    stray.append(line)
    # Together, as a secret may be of several lines.
    problems += filter(None, [tofu.said("".join(stray))])
    return problems if process.returncode else []


def _text(output: bytes) -> str:
    return output.decode(errors="replace")


def _message(line: str) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _note(folder: Path, environment: str) -> Note:
    try:
        return Note(**json.loads((folder / NOTE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise TofuError(
            f"There is no plan of {environment} to apply: run `make plan ENV={environment}` first, "
            "and look at it"
        ) from None
    except (ValueError, TypeError):
        raise TofuError(
            f"{folder / NOTE} is damaged: run `make plan ENV={environment}` again"
        ) from None


def _known(file: Path, *, first_creation: bool) -> Known:
    state = _state_in(file) or _state(file.parent)
    bucket, prefix = _backend(file.parent)
    return Known(state.lineage, state.serial, bucket, prefix, first_creation=first_creation)


def _backend(folder: Path) -> tuple[str, str]:
    """The bucket and prefix that OpenTofu was initialised with."""
    data = folder / os.environ.get("TF_DATA_DIR", ".terraform")
    try:
        backend = json.loads((data / "terraform.tfstate").read_text(encoding="utf-8"))["backend"]
    except (OSError, ValueError, KeyError, TypeError):
        return "a file on this machine", ""
    if backend.get("type") != "gcs":
        return f"a backend of the kind {backend.get('type')}", ""
    config = backend.get("config") or {}
    chosen = data / "environment"
    workspace = os.environ.get("TF_WORKSPACE") or (chosen.read_text() if chosen.exists() else "")
    there = f" in the workspace {workspace}" if workspace.strip() not in ("", "default") else ""
    return str(config.get("bucket")), f"{config.get('prefix')}{there}"


def _state_in(file: Path) -> _State | None:
    """What a saved plan says of the state it was made against; None where it is encrypted."""
    try:
        with zipfile.ZipFile(file) as saved:
            return msgspec.json.decode(saved.read("tfstate"), type=_State)
    except (zipfile.BadZipFile, KeyError, msgspec.DecodeError):
        return None


def _state(folder: Path) -> _State:
    """The state as it is now."""
    pulled = subprocess.run(  # noqa: S603 - a list, and no shell
        [tofu.find(), f"-chdir={folder}", "state", "pull"], capture_output=True, check=False
    )
    if pulled.returncode:
        raise TofuError(f"OpenTofu cannot read the state:\n\n{tofu.said(_text(pulled.stderr))}")
    if not pulled.stdout.strip():
        return _State()
    try:
        return msgspec.json.decode(pulled.stdout, type=_State)
    except msgspec.DecodeError:
        raise TofuError("OpenTofu does not show the state: run `tofu state pull`") from None


def _configuration(settings: Settings, root: Path) -> str:
    """One hash over all that OpenTofu plans from, the secret's file included."""
    folder = _folder(settings, root)
    files = sorted(file for pattern in _CONFIGURATION for file in folder.glob(pattern))
    files += [folder / ".terraform.lock.hcl", root / "secrets.tfvars"]
    files += [root / names.config_env(settings.environment)]
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes() if file.exists() else b""
        digest.update(f"{file.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _sha256(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
