"""Runs OpenTofu in an environment's folder, once everything it needs is in place."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from pipeline_zen.errors import UserError
from pipeline_zen.settings import config_env
from pipeline_zen.versions import MINIMUM_OPENTOFU

INSTALL = "https://opentofu.org/docs/intro/install/"


class TofuError(UserError):
    """OpenTofu cannot be run as things stand; the text says why and what to do."""


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


def command(verb: str, environment: str, root: Path, *, secret: bool = True) -> list[str]:
    """
    The command line for a verb, as a list.

    Raises TofuError where something is missing, and SettingsError where the environment's secret
    file is missing or unfit, unless it is to do without *secret*.
    """
    tofu = find()
    folder = root / "cdktf.out" / "stacks" / environment
    if not (folder / "cdk.tf.json").exists():
        raise TofuError(f"{environment} is not synthesized yet: run `make synth` first")
    if secret:
        config_env.check(root, environment)
    data = folder / os.environ.get("TF_DATA_DIR", ".terraform")
    if verb != "init" and not data.exists():
        raise TofuError(f"{environment} is not initialised yet: run `make init ENV={environment}`")

    secrets = root / "secrets.tfvars"
    # A saved plan has them in it.
    takes_variables = verb == "plan" and secrets.exists()
    variables = [f"-var-file={secrets}"] if takes_variables else []
    return [tofu, f"-chdir={folder}", verb, *variables]


def init(environment: str, root: Path, *, secret: bool = True) -> None:
    """Become `tofu init`, so that its questions, signals and exit status are its own."""
    arguments = command("init", environment, root, secret=secret)
    os.execv(arguments[0], arguments)  # noqa: S606 - a list, and no shell


def problem(diagnostic: dict[str, Any]) -> str:
    """What OpenTofu complains of, as it tells programs, in words; masked."""
    where = diagnostic.get("address")
    text = said("\n".join(filter(None, map(diagnostic.get, ("summary", "detail")))))
    return f"{said(where)}: {text}" if where else text


def said(text: str) -> str:
    """
    What OpenTofu or a provider says, to be shown: masked, as an error may quote any value.

    Whatever of its output becomes an error, a warning or a note goes through here.
    """
    from pipeline_zen.masking import masked_text

    return masked_text(text.strip())


def lock_held(complaint: str, environment: str) -> str | None:
    """
    What to say where OpenTofu complains that somebody holds the state's lock, or None.

    Its own words end with the advice not to lock at all.
    """
    if "Error acquiring the state lock" not in complaint:
        return None
    lock = dict(re.findall(r"^  (ID|Operation|Who|Created): +(.+)$", complaint, re.MULTILINE))
    if "ID" not in lock:
        return None
    operation = lock.get("Operation", "").removeprefix("OperationType").lower()
    return (
        f"The state of {environment} is locked by {lock.get('Who', 'somebody')}, since "
        f"{lock.get('Created', 'an unknown time')}"
        f"{f', for: {operation}' if operation else ''}. Wait until that has ended, and run "
        f"`make plan ENV={environment}` again. If it ended without unlocking, as when it was "
        "killed, make sure that nobody works on it, and unlock it:\n\n"
        f"    tofu -chdir=cdktf.out/stacks/{environment} force-unlock {lock['ID']}\n\n"
        "Nothing was done"
    )


def _version(tofu: str) -> str:
    words = ""
    try:
        shown = subprocess.run(  # noqa: S603 - the tofu that the PATH names
            [tofu, "version", "-json"], capture_output=True, text=True, check=False
        )
        words = said(shown.stderr) or said(shown.stdout)
        return str(json.loads(shown.stdout)["terraform_version"])
    except (OSError, ValueError, KeyError) as error:
        raise TofuError(
            f"{tofu} does not tell its version, so it may be something else than OpenTofu. "
            f"`tofu version -json` says:\n\n{words or 'nothing'}"
        ) from error


def _numbers(version: str) -> tuple[int, ...]:
    """The first three numbers: a pre-release counts as its release."""
    return tuple(map(int, re.findall(r"[0-9]+", version)[:3]))
