"""What must be in place before OpenTofu is run in an environment's folder, and what goes along."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from pipeline_zen import names, surroundings
from pipeline_zen.files import OUT, stack_file, stack_folder
from pipeline_zen.settings import Settings, config_env
from pipeline_zen.tofu import words
from pipeline_zen.tofu.client import OpenTofu, RunError, TofuError
from pipeline_zen.versions import VERSION

LEVELS = ("", "OFF", "ERROR", "WARN", "INFO")
"""What may be logged at an apply: no request, and no answer."""

VARIABLES = "secrets.tfvars"
"""The file with the user's variables of OpenTofu's own, where there are any."""

UNSAVED = "errored.tfstate"
"""Where OpenTofu leaves a state that it could not write."""

LOCK_SECONDS = 60
"""How long to wait for somebody else to unlock the state."""


_PROVIDER = re.compile(r'provider "[^"]*/hashicorp/google" {\n +version += "(?P<version>[^"]+)"')


def opened(environment: str, root: Path, *, secret: bool = True) -> OpenTofu:
    """
    OpenTofu in the environment's folder.

    Raises TofuError where it, or the stack, is missing, and SettingsError where the environment's
    secret file is missing or unfit, unless it is to do without *secret*.
    """
    tofu = OpenTofu(stack_folder(root / OUT, environment))
    if not stack_file(root / OUT, environment).exists():
        raise TofuError(f"{environment} is not synthesized yet: run `make synth` first")
    if secret:
        config_env.check(root, environment)
    return tofu


def initialised(environment: str, root: Path, *, secret: bool = True) -> OpenTofu:
    """OpenTofu where it has been initialised; raises TofuError where it has not."""
    tofu = opened(environment, root, secret=secret)
    if not data_folder(tofu.folder).exists():
        raise TofuError(f"{environment} is not initialised yet: run `make init ENV={environment}`")
    locked = _locked(tofu.folder)
    if locked not in ("", VERSION):
        raise TofuError(
            f"{environment} was initialised with the Google provider {locked}, and the stack names "
            f"{VERSION}: run `make init ENV={environment}`"
        )
    return tofu


def init(settings: Settings, root: Path, *, secret: bool = True) -> str:
    """
    Run `tofu init` before the user's eyes, once everything that it needs is in place; its warnings.

    Where the stack names another provider than was installed, it is the one to install: the stack
    names one version and no other, so there is nothing else that an upgrade could bring.
    """
    tofu = opened(settings.environment, root, secret=secret)
    upgrade = ["-upgrade"] if _locked(tofu.folder) not in ("", VERSION) else []
    try:
        return tofu.init_in_view(*upgrade)
    except RunError as error:
        raise TofuError(
            words.out_of_reach(str(error), settings, "init")
            or f"OpenTofu could not prepare itself:\n\n{error}"
        ) from None


def refuse_logging() -> None:
    """Raise TofuError where OpenTofu or the provider would log what they send: the secret too."""
    for name, level in sorted(os.environ.items()):
        if name.startswith("TF_LOG") and name != "TF_LOG_PATH" and level.upper() not in LEVELS:
            raise TofuError(
                f"{name} is {level}, by which the provider logs what it sends to Google, the "
                "secret among it: unset it, or set it to INFO"
            )


def refuse_unsaved(folder: Path, environment: str) -> None:
    """Raise TofuError where an apply could not write the state, and has left it here."""
    if (folder / UNSAVED).exists():
        raise TofuError(
            f"An apply could not write the state of {environment}, so what it did is in "
            f"{folder / UNSAVED} only. Push that, and plan again:\n\n"
            f"    {words.command(environment)} state push {UNSAVED} && "
            f"rm {stack_folder(Path(OUT), environment) / UNSAVED}\n\n"
            "Nothing was done"
        )


def open_secrets(environment: str, root: Path) -> Iterator[str]:
    """What to say of each file with secrets that others on this machine may read."""
    for name in (names.config_env(environment), VARIABLES):
        file = root / name
        if file.exists() and file.stat().st_mode & 0o077:
            yield f"Others on this machine may read {name}: `chmod 600 {name}`."


def _locked(folder: Path) -> str:
    """The Google provider's version that was installed; empty where none was."""
    try:
        lock = (folder / ".terraform.lock.hcl").read_text(encoding="utf-8")
    except OSError:
        return ""
    provider = _PROVIDER.search(lock)
    return provider["version"] if provider else ""


def data_folder(folder: Path) -> Path:
    """Where OpenTofu keeps what it was initialised with."""
    return folder / os.environ.get("TF_DATA_DIR", ".terraform")


def variables(root: Path) -> list[str]:
    """The options by which a plan gets the user's variables; a saved plan has them in it."""
    secrets = root / VARIABLES
    return [f"-var-file={secrets}"] if secrets.exists() else []


def refuse_options() -> None:
    """Raise TofuError where a variable would add options to OpenTofu's command line."""
    given = surroundings.refused(surroundings.TOFU, os.environ)
    if given:
        raise TofuError(
            f"{given[0]} is set, and what it tells OpenTofu could leave changes out of the plan: "
            f"unset it"
        )
