"""OpenTofu as a program: found, run in an environment's folder, heard, and told in words."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline_zen import interruption
from pipeline_zen.errors import UserError
from pipeline_zen.tofu import stream
from pipeline_zen.tofu.words import said
from pipeline_zen.versions import MINIMUM_OPENTOFU

INSTALL = "https://opentofu.org/docs/intro/install/"

CHANGES = 2
"""The exit status of a plan that is not empty."""

Result = subprocess.CompletedProcess[str]

Heard = Callable[[str], object]
"""Is given what OpenTofu says, as it is."""


Variables = Callable[[str], Mapping[str, str]]
"""The environment for a verb."""


class TofuError(UserError):
    """OpenTofu cannot be run as things stand; the text says why and what to do."""


class RunError(TofuError):
    """OpenTofu was run, and has failed; the text is what it says."""


@dataclass(frozen=True)
class Told:
    """What came of a verb that tells programs what it does."""

    status: int
    errors: list[str]
    """Errors in words, masked; none where it has not failed."""
    summary: str = ""
    """What it says that it has done, in a sentence."""

    @property
    def changes(self) -> bool:
        """Whether what was planned is to change something."""
        return self.status == CHANGES

    @property
    def failed(self) -> bool:
        """Whether it did not come to its end."""
        return self.status not in (0, CHANGES)


def find() -> str:
    """The path of OpenTofu. Raises TofuError when it is missing or too old."""
    tofu = shutil.which("tofu")
    if tofu is None:
        raise TofuError(
            f"OpenTofu is not installed, or `tofu` is not on the PATH: "
            f"install {MINIMUM_OPENTOFU} or newer from {INSTALL}"
        )
    version = _version(tofu)
    if _numbers(version) < _numbers(MINIMUM_OPENTOFU):
        raise TofuError(
            f"OpenTofu {version} ({tofu}) is too old: "
            f"install {MINIMUM_OPENTOFU} or newer from {INSTALL}"
        )
    return tofu


class OpenTofu:
    """OpenTofu, run in one folder."""

    def __init__(
        self,
        folder: Path,
        *,
        variables: Variables | None = None,
        patience: float | None = None,
        heard: Heard = lambda _text: None,
    ) -> None:
        """
        Find it. *variables* tells the whole environment that a verb runs in, ours where left out.

        It is killed *patience* seconds after an interruption, never where left out. Raises
        TofuError where it is missing or too old.
        """
        self.folder = folder
        self._path = find()
        self._variables = variables
        self._patience = patience
        self._heard = heard

    @property
    def version(self) -> str:
        """Which OpenTofu it is."""
        return _version(self._path)

    def init(self, *options: str) -> None:
        """Install the provider, and find the state."""
        self.run("init", "-input=false", "-no-color", *options)

    def init_in_view(self, *options: str) -> str:
        """
        The same before the user's eyes, with its questions.

        Raises RunError with what it complains of.
        """
        arguments = self._command("init", "-no-color", *options)
        pipe = subprocess.PIPE
        with interruption.running(arguments, patience=self._patience, stderr=pipe) as process:
            _, complaint = process.communicate()
        if process.returncode:
            raise RunError(said(complaint))
        return said(complaint)

    def plan(
        self,
        file: str,
        *options: str,
        progress: stream.Progress = stream.silent,
        warn: Heard = stream.silent,
        answered: Callable[[], object] = stream.silent,
    ) -> Told:
        """
        Plan into *file*; its status is `CHANGES` where there are any.

        *progress* is told how far it has read the state, *warn* is given its warnings, *answered*
        is called once it has the state.
        """
        reader = stream.Reader(stream.REFRESHED, progress, warn, answered)
        arguments = ("-input=false", "-no-color", "-detailed-exitcode", f"-out={file}", *options)
        return self._stream(reader, "plan", "-json", *arguments)

    def apply(
        self,
        file: str,
        *options: str,
        progress: stream.Progress = stream.silent,
        warn: Heard = stream.silent,
    ) -> Told:
        """
        Apply the saved plan *file*.

        *progress* is told how much of it is done, *warn* is given its warnings.
        """
        reader = stream.Reader(stream.APPLIED, progress, warn)
        return self._stream(reader, "apply", "-json", "-input=false", *options, file)

    def apply_in_view(self, file: str, *options: str) -> int:
        """Apply the saved plan *file* before the user's eyes; the exit status."""
        plain = [] if sys.stdout.isatty() else ["-no-color"]
        arguments = self._command("apply", "-input=false", *plain, *options, file)
        with interruption.running(arguments, patience=self._patience) as process:
            process.wait()
        return process.returncode

    def show(self, file: str) -> str:
        """A saved plan, for people."""
        return self._shown("-no-color", file)

    def show_json(self, file: str) -> bytes:
        """A saved plan, for programs. Raises RunError where OpenTofu cannot show it."""
        return self._shown("-json", "-no-color", file).encode()

    def state(self) -> str:
        """The state as it is now; empty where there is none."""
        return self.run("state", "pull", failed="OpenTofu cannot read the state").stdout

    def destroy(self, *options: str) -> None:
        """Take everything away."""
        self.run("destroy", "-auto-approve", "-input=false", "-no-color", *options)

    def run(self, verb: str, *arguments: str, failed: str = "") -> Result:
        """Run a verb to its end. Raises RunError, which begins with *failed*, if it fails."""
        with self.running(verb, *arguments, stderr=subprocess.PIPE) as process:
            out, err = process.communicate()
        self._heard(out)
        self._heard(err)
        if process.returncode:
            raise RunError(f"{failed or f'`tofu {verb}` failed'}:\n\n{said(err) or said(out)}")
        return Result((verb, *arguments), process.returncode, out, err)

    @contextmanager
    def running(
        self, verb: str, *arguments: str, stderr: int = subprocess.STDOUT
    ) -> Iterator["subprocess.Popen[str]"]:
        """OpenTofu as a running process, which is told to stop when we are."""
        with interruption.running(
            self._command(verb, *arguments),
            patience=self._patience,
            stdout=subprocess.PIPE,
            stderr=stderr,
            encoding="utf-8",
            errors="replace",
            env=self._variables(verb) if self._variables else None,
        ) as process:
            yield process

    def _shown(self, *arguments: str) -> str:
        return self.run("show", *arguments, failed="OpenTofu cannot show the plan").stdout

    def _stream(self, reader: stream.Reader, verb: str, *arguments: str) -> Told:
        with self.running(verb, *arguments) as process:
            reader.read(self._overheard(process.stdout or ()))
        told = Told(process.returncode, reader.errors, reader.summary)
        return told if told.failed else Told(told.status, [], told.summary)

    def _overheard(self, lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            self._heard(line)
            yield line

    def _command(self, verb: str, *arguments: str) -> list[str]:
        return [self._path, f"-chdir={self.folder}", verb, *arguments]


def _version(tofu: str) -> str:
    words = ""
    try:
        shown = subprocess.run(  # noqa: S603 - the tofu that the PATH names
            [tofu, "version", "-json"], capture_output=True, text=True, check=False
        )
        words = said(shown.stderr) or said(shown.stdout)
        version: dict[str, Any] = json.loads(shown.stdout)
        return str(version["terraform_version"])
    except (OSError, ValueError, KeyError) as error:
        raise TofuError(
            f"{tofu} does not tell its version, so it may be something else than OpenTofu. "
            f"`tofu version -json` says:\n\n{words or 'nothing'}"
        ) from error


def _numbers(version: str) -> tuple[int, ...]:
    """The first three numbers: a pre-release counts as its release."""
    return tuple(map(int, re.findall(r"[0-9]+", version)[:3]))
