"""
Applies an environment to a fake Google: all of it, or the change that a checkout makes to it.

OpenTofu, the provider and the stack are the real ones. The stack is the same to the byte; beside
it lies a file that puts its state into a local file, and environment variables point the provider
at the fake. Everything happens in a temporary folder and needs no account. The provider itself is
kept below `cdktf.out`, so that only a first rehearsal fetches it.
"""

import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from fake_google import FakeGoogle, Logged
from pipeline_zen import kinds, names
from pipeline_zen.errors import UserError
from pipeline_zen.guard import Finding, Known, Verdict, allowances
from pipeline_zen.plan import Plan, read
from pipeline_zen.report import REHEARSAL, Origins, Review, review
from pipeline_zen.settings import Settings, config_env
from pipeline_zen.tofu import client as tofu
from pipeline_zen.tofu import interruption
from pipeline_zen.tofu.planning import FACTS, target

CHANGES = 2
"""OpenTofu's exit status for a plan that is not empty."""

PLAN = "planned"

MOST = 5
"""So many VMs and lost things are named; the findings name all."""

PATIENCE = 20.0
"""So many seconds OpenTofu has to end when it is interrupted: here nothing is lost with it."""

PARALLELISM = "-parallelism=40"
"""Most of an apply is the provider's own waiting, and nobody here minds many requests."""

Progress = Callable[[int, int], None]
"""Is told how many resources are done, of how many."""

_KEPT = ("TF_CLI_CONFIG_FILE", "TF_LOG", "TF_LOG_PATH", "TF_PLUGIN_CACHE_DIR")
_DROPPED = ("CLOUDSDK_", "GCLOUD_", "GOOGLE_", "STORAGE_EMULATOR_HOST", "TF_", "TOFU_")

_FETCHED = (
    "The provider is fetched the first time, which needs the network. Without one, let "
    "TF_CLI_CONFIG_FILE name a file that names a mirror on this machine: "
    "https://opentofu.org/docs/cli/config/config-file/"
)

_SUFFIX = re.compile("-[a-z0-9]{4}$")
"""What Google adds to a VM's name, at random."""


class RehearsalError(UserError):
    """The rehearsal could not be held, or failed; the text says where and why."""


@dataclass(frozen=True)
class Outcome:
    """What a rehearsal came to."""

    resources: int
    """In the stack that was applied first."""
    seconds: float
    requests: int
    plan: bytes | None = None
    """The plan of the change as JSON; None where there was nothing to change."""
    first_creation: bool = False
    """Whether the environment is not there yet at the ref."""
    error: str = ""
    """Why the change could not be planned, or applied, to its end."""
    change_seconds: float = 0.0
    vms: int = 0
    """That ran when the change was applied, one in each group."""
    vms_gone: tuple[str, ...] = ()
    lost: tuple[tuple[str, str], ...] = ()
    """What the change deleted for good, as type and name."""


class Deployment:
    """An environment's folder, with a local state, that is applied to a fake Google."""

    def __init__(
        self, google: FakeGoogle, root: Path, environment: str, *, providers: Path | None = None
    ) -> None:
        """
        Work below *root*, which is made ready; *providers* is where fetched ones are kept.

        Raises TofuError where OpenTofu is missing or too old.
        """
        self.google = google
        self.environment = environment
        self.folder = root / "cdktf.out" / "stacks" / environment
        self.config = root / names.config_env(environment)
        self.output: list[str] = []
        """All that OpenTofu has said."""
        self._tofu = tofu.find()
        self._providers = providers
        self.folder.mkdir(parents=True)
        override: dict[str, Any] = {"terraform": {"backend": {"local": {}}}}
        # Files of this name are joined over the others.
        (self.folder / "local_override.tf.json").write_text(json.dumps(override), encoding="utf-8")
        lines = [f"{name}=rehearsal\n" for name in config_env.REQUIRED]
        self.config.write_text("".join(lines), encoding="utf-8")

    @property
    def state(self) -> Path:
        """The file that the state is in."""
        return self.folder / "terraform.tfstate"

    def put(self, stack: Path) -> int:
        """Make *stack*, a `cdk.tf.json`, the one to apply; the number of its resources."""
        shutil.copy(stack, self.folder / "cdk.tf.json")
        resources = json.loads(stack.read_text(encoding="utf-8"))["resource"]
        return sum(map(len, resources.values()))

    def init(self) -> None:
        """Install the provider: as it was kept, or else from where OpenTofu finds it."""
        if self._providers and self._providers.exists():
            try:
                self.run("init", "-input=false", "-no-color", f"-plugin-dir={self._providers}")
            except RehearsalError:
                # Another version is wanted than the one that was kept.
                pass
            else:
                return
        try:
            self.run("init", "-input=false", "-no-color")
        except RehearsalError as error:
            raise RehearsalError(f"{error}\n\n{_FETCHED}") from None
        if self._providers:
            self._keep(self._providers)

    def _keep(self, providers: Path) -> None:
        """Copy what was fetched; what only points to a mirror on this machine is found again."""
        fetched = self.folder / ".terraform" / "providers"
        for package in fetched.glob("*/*/*/*/*"):
            target = providers / package.relative_to(fetched)
            if package.is_dir() and not package.is_symlink() and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                with tempfile.TemporaryDirectory(dir=target.parent) as new:
                    shutil.copytree(package, Path(new) / "new")
                    (Path(new) / "new").rename(target)

    def plan(self, *options: str) -> bool:
        """Plan, for `apply` to apply; whether there is something to change."""
        (self.folder / PLAN).unlink(missing_ok=True)
        planned = self.run(
            "plan",
            "-input=false",
            "-no-color",
            "-detailed-exitcode",
            PARALLELISM,
            f"-out={PLAN}",
            *options,
            allowed=(0, CHANGES),
        )
        return planned.returncode == CHANGES

    def show(self) -> str:
        """The plan, for people."""
        return self.run("show", "-no-color", PLAN).stdout

    def show_json(self) -> dict[str, Any]:
        """The plan, for programs."""
        shown: dict[str, Any] = json.loads(self.show_json_bytes())
        return shown

    def show_json_bytes(self) -> bytes:
        """The plan as OpenTofu writes it for programs."""
        return self.run("show", "-json", PLAN).stdout.encode()

    def destroy(self) -> None:
        """Take everything away."""
        self.run("destroy", "-auto-approve", "-input=false", "-no-color", PARALLELISM)

    def apply(self, progress: Progress = lambda _done, _all: None) -> None:
        """Apply the plan. Raises RehearsalError with what went wrong."""
        problems: list[str] = []
        done, total = 0, 0
        with self.start("apply", "-json", "-input=false", PARALLELISM, PLAN) as process:
            for line in process.stdout or ():
                self.output.append(line)
                message = json.loads(line) if line.startswith("{") else {}
                match message.get("type"):
                    case "planned_change":
                        # A replacement is reported twice: made, and taken away.
                        total += 2 if message["change"]["action"] == "replace" else 1
                    case "apply_complete":
                        done += 1
                        progress(done, total)
                    case "diagnostic" if message["diagnostic"]["severity"] == "error":
                        problems.append(tofu.problem(message["diagnostic"]))
        if process.returncode:
            raise RehearsalError("\n\n".join(["OpenTofu could not apply it:", *problems]))

    def run(
        self, *arguments: str, allowed: tuple[int, ...] = (0,)
    ) -> subprocess.CompletedProcess[str]:
        """Run OpenTofu. Raises RehearsalError for an exit status that is not *allowed*."""
        with self.start(*arguments) as process:
            out, err = process.communicate()
        self.output += [out, err]
        if process.returncode not in allowed:
            raise RehearsalError(
                f"`tofu {arguments[0]}` failed:\n\n{tofu.said(err) or tofu.said(out)}"
            )
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    @contextmanager
    def start(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """OpenTofu as a running process, which is told to stop when we are."""
        with interruption.running(
            [self._tofu, f"-chdir={self.folder}", *arguments],
            patience=PATIENCE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if arguments[0] != "apply" else subprocess.STDOUT,
            # What fetches the provider must reach where that is.
            env=self.variables(sealed=arguments[0] != "init"),
        ) as process:
            yield process

    def variables(self, *, sealed: bool = True) -> dict[str, str]:
        """
        The environment that OpenTofu runs in: no credential of the user's, no option.

        *sealed* it reaches nothing but the fake Google.
        """
        ours = {
            key: value
            for key, value in os.environ.items()
            if key in _KEPT or not key.startswith(_DROPPED)
        }
        return {
            **ours,
            **(self.google.environment() if sealed else self.google.endpoints()),
            # Go's collector takes a quarter of a plan's time to save memory that is there.
            "GOGC": "400",
            "TF_IN_AUTOMATION": "1",
        }


def from_nothing(settings: Settings, root: Path, progress: Progress) -> Outcome:
    """
    Apply the environment to a Google that has nothing, and plan it again.

    Raises RehearsalError where an apply fails, or where the second plan is not empty.
    """
    with _stage(settings, root) as (deployment, folder):
        resources = deployment.put(_synthesized(settings, folder))
        began = time.monotonic()
        _applied(deployment, progress)
        _planned_empty(deployment)
        requests = len(deployment.google.requests)
        return Outcome(resources, time.monotonic() - began, requests)


def from_ref(settings: Settings, root: Path, ref: str, progress: Progress) -> Outcome:
    """
    Apply the environment as it is at the git *ref*, then the change to it as it is now.

    In between the scheduler raises every group to one VM, so that it can be told what the change
    does to VMs that run. Raises RehearsalError as `from_nothing` does, and for a ref that git
    does not know or that cannot be synthesized.
    """
    with _stage(settings, root) as (deployment, folder):
        google = deployment.google
        now = _synthesized(settings, folder)
        before = _synthesized_at(ref, settings.environment, root, folder)
        resources = deployment.put(before) if before else 0
        began = time.monotonic()
        if before:
            try:
                _applied(deployment, progress)
                _planned_empty(deployment)
            except RehearsalError as error:
                raise RehearsalError(f"at {ref}: {error}") from None
        seconds, requests = time.monotonic() - began, len(google.requests)
        running = _raise_every_group(google)

        deployment.put(now)
        deployment.init()
        failure = ""
        try:
            if not deployment.plan():
                return Outcome(resources, seconds, requests)
        except RehearsalError as failed:
            # A plan that OpenTofu refuses half-way is still worth looking at.
            if not (deployment.folder / PLAN).exists():
                raise
            failure = str(failed)
        plan = deployment.show_json_bytes()
        google.forget_requests()
        began = time.monotonic()
        try:
            if not failure:
                deployment.apply(progress)
                _planned_empty(deployment)
        except RehearsalError as failed:
            failure = str(failed)
        return Outcome(
            resources,
            seconds,
            requests,
            plan=plan,
            first_creation=before is None,
            error=failure,
            change_seconds=time.monotonic() - began,
            vms=len(running),
            vms_gone=tuple(sorted(running - _vms(google))),
            lost=lost(google.requests),
        )


def reviewed(settings: Settings, root: Path, outcome: Outcome) -> Review | None:
    """What there is to say of the change; None where there is none."""
    if outcome.plan is None:
        return None
    plan = read(outcome.plan)
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return review(
        plan,
        target(settings),
        kind=REHEARSAL,
        known=Known(first_creation=outcome.first_creation),
        allowances=allowances(root, settings.environment, today),
        today=today,
        facts=FACTS,
        notes=_notes(outcome, plan),
        observed=lambda verdict: _unexplained(outcome, verdict),
        origins=Origins(settings, root),
    )


def _notes(outcome: Outcome, plan: Plan) -> list[str]:
    """What was seen to happen, in sentences."""
    kept = outcome.vms - len(outcome.vms_gone)
    notes = [
        f"Applied to a fake Google, where every group had one VM: {outcome.vms} were running "
        f"before the change, {kept} still are."
    ]
    if outcome.error:
        notes.insert(0, f"The change cannot be applied: {outcome.error}")
    if outcome.vms_gone:
        notes.append(f"VMs killed in: {_some(_group_of(vm) for vm in outcome.vms_gone)}.")
    replaced = {(one.type, one.name) for one in plan.changes if one.action.replaces}
    by: dict[tuple[str, str], list[str]] = defaultdict(list)
    for kind, name in outcome.lost:
        by["Replaced" if (kind, name) in replaced else "Deleted", kind].append(name)
    notes += [f"{done} `{kind}`: {_some(names_)}." for (done, kind), names_ in sorted(by.items())]
    if not outcome.error and not outcome.lost:
        notes.append("No group, queue, bucket, secret, role or account was deleted.")
    return notes


def _some(named: Iterable[str]) -> str:
    every = sorted(named)
    more = f" and {len(every) - MOST} more" if len(every) > MOST else ""
    return f"{', '.join(f'`{name}`' for name in every[:MOST])}{more}"


def _group_of(vm: str) -> str:
    """The group that a VM was in, by its name."""
    return f"{_SUFFIX.sub('', vm.rpartition('/')[2]).removesuffix('-vm')}-mig"


def _unexplained(outcome: Outcome, verdict: Verdict) -> Iterator[Finding]:
    """What the rehearsal saw and no finding speaks of: the findings are not all, then."""
    if outcome.error:
        yield Finding("rehearsal-failed", "", "the change could not be applied to its end")
    findings = [*verdict.blocking, *(one.finding for one in verdict.allowed)]
    told = {(one.type, one.name) for one in findings}
    types = {one.type for one in findings}
    killed = sorted({_group_of(vm) for vm in outcome.vms_gone})
    for name in killed:
        if (kinds.GROUP, name) not in told:
            yield Finding("rehearsal-lost", "", f"the VM of `{name}` was killed")
    for kind, name in sorted(set(outcome.lost)):
        if (kind, name) not in told and not (kind in types and not kinds.of(kind).name):
            yield Finding("rehearsal-lost", "", f"`{kind}` `{name}` was deleted")


@contextmanager
def _stage(settings: Settings, root: Path) -> Iterator[tuple[Deployment, Path]]:
    providers = root / "cdktf.out" / "providers"
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder, FakeGoogle() as google:
        work = Path(folder) / "now"
        yield (
            Deployment(google, work, settings.environment, providers=providers),
            Path(folder),
        )


def _synthesized(settings: Settings, folder: Path) -> Path:
    # The CDK is needed for nothing else here.
    from pipeline_zen.stack import synth

    (written,) = synth([settings], folder / "synthesized")
    return written.file


def _synthesized_at(ref: str, environment: str, root: Path, folder: Path) -> Path | None:
    """The stack as the checkout at *ref* synthesizes it; None where it has no such environment."""
    checkout = folder / "before"
    archive = _git(root, "archive", "--format=tar", _commit(root, ref))
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        if hasattr(tarfile, "data_filter"):
            tar.extractall(checkout, filter="data")
        else:
            tar.extractall(checkout)  # noqa: S202 - of our own repository, an older Python
    if not (checkout / "config" / f"{environment}.yaml").exists():
        return None
    outdir = checkout / "cdktf.out"
    with interruption.running(
        [
            *(sys.executable, "-O", "-m", "pipeline_zen", "-C", str(checkout)),
            *("synth", environment, "--output", str(outdir)),
        ],
        patience=PATIENCE,
        cwd=checkout,
        # Before where this very package is installed from.
        env={**os.environ, "PYTHONPATH": str(checkout / "constructs")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        _, errors = process.communicate()
    if process.returncode:
        raise RehearsalError(f"{ref} cannot be synthesized:\n\n{errors.strip()}")
    return outdir / "stacks" / environment / "cdk.tf.json"


def _commit(root: Path, ref: str) -> str:
    return (
        _git(
            root,
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            f"{ref}^{{commit}}",
            missing=f'git knows no "{ref}" here: name a branch, a tag or a commit',
        )
        .decode()
        .strip()
    )


def _git(root: Path, *arguments: str, missing: str = "") -> bytes:
    git = shutil.which("git")
    if git is None:
        raise RehearsalError("git is not installed, or not on the PATH")
    result = subprocess.run(  # noqa: S603 - the git that the PATH names, and a list
        [git, "-C", str(root), *arguments], capture_output=True, check=False
    )
    if result.returncode:
        raise RehearsalError(missing or result.stderr.decode(errors="replace").strip())
    return result.stdout


def _applied(deployment: Deployment, progress: Progress) -> None:
    deployment.init()
    deployment.plan()
    deployment.apply(progress)


def _planned_empty(deployment: Deployment) -> None:
    if deployment.plan():
        raise RehearsalError(
            "Planned again, it would change again, so it never settles:\n\n"
            + tofu.said(deployment.show())
        )


def _raise_every_group(google: FakeGoogle) -> set[str]:
    """As the scheduler does; the VMs that run then."""
    for path in google.groups():
        google.resize(path, 1)
    return _vms(google)


def _vms(google: FakeGoogle) -> set[str]:
    return set(google.vms())


def lost(requests: Iterable[Logged]) -> tuple[tuple[str, str], ...]:
    """What was taken away for good by requests that were granted, as type and name."""
    return tuple(
        # An account is known by its address there, by what begins it here.
        (kinds.LOSSES[request.name], request.path.rpartition("/")[2].partition("@")[0])
        for request in requests
        if request.name in kinds.LOSSES and request.status < 400  # noqa: PLR2004 - HTTP's errors
    )
