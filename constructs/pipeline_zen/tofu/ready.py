"""What must be in place before OpenTofu is run in an environment's folder, and what goes along."""

import os
from pathlib import Path

from pipeline_zen import surroundings
from pipeline_zen.files import OUT, stack_file, stack_folder
from pipeline_zen.settings import config_env
from pipeline_zen.tofu.client import OpenTofu, TofuError

LOCK_SECONDS = 60
"""How long to wait for somebody else to unlock the state."""


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
    return tofu


def init(environment: str, root: Path, *, secret: bool = True) -> None:
    """Become `tofu init`, once everything that it needs is in place."""
    opened(environment, root, secret=secret).become("init")


def data_folder(folder: Path) -> Path:
    """Where OpenTofu keeps what it was initialised with."""
    return folder / os.environ.get("TF_DATA_DIR", ".terraform")


def variables(root: Path) -> list[str]:
    """The options by which a plan gets the user's variables; a saved plan has them in it."""
    secrets = root / "secrets.tfvars"
    return [f"-var-file={secrets}"] if secrets.exists() else []


def refuse_options() -> None:
    """Raise TofuError where a variable would add options to OpenTofu's command line."""
    given = surroundings.refused(surroundings.TOFU, os.environ)
    if given:
        raise TofuError(
            f"{given[0]} is set, and what it tells OpenTofu could leave changes out of the plan: "
            f"unset it"
        )
