"""The note beside a saved plan, which binds it to what it was made from."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline_zen import names
from pipeline_zen.files import OUT, stack_folder, write_whole
from pipeline_zen.settings import Settings, TextError, read_regular
from pipeline_zen.tofu import ready
from pipeline_zen.tofu.client import TofuError

PLAN = "planned.tfplan"
NOTE = "planned.json"
APPLIED = "applied.tfplan"
"""What a plan is called once it is being applied, so that a new one cannot take its place."""

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

    def write(self, folder: Path) -> None:
        """Leave it beside the plan."""
        write_whole(folder / NOTE, json.dumps(asdict(self), indent=2) + "\n")


def read(folder: Path, environment: str) -> Note:
    """The note on the environment's saved plan. Raises TofuError where there is none."""
    file = folder / NOTE
    if not file.exists():
        raise TofuError(
            f"There is no plan of {environment} to apply: run `make plan ENV={environment}` first, "
            "and look at it"
        )
    try:
        return Note(**json.loads(_content(file)))
    except (ValueError, TypeError):
        raise TofuError(f"{file} is damaged: run `make plan ENV={environment}` again") from None


def configuration(settings: Settings, root: Path) -> str:
    """One hash over all that OpenTofu plans from: settings, stack, the secret's file."""
    folder = stack_folder(root / OUT, settings.environment)
    files = sorted(file for pattern in _CONFIGURATION for file in folder.glob(pattern))
    files += [folder / ".terraform.lock.hcl", root / ready.VARIABLES]
    files += [root / names.config_env(settings.environment), root / "VERSION"]
    files += [root / "config" / f"{name}.yaml" for name in ("base", settings.environment)]
    digest = hashlib.sha256()
    for file in files:
        content = _content(file)
        digest.update(f"{file.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def sha256(file: Path) -> str:
    """The hash of a file; empty where there is none."""
    return hashlib.sha256(_content(file)).hexdigest() if file.exists() else ""


def _content(file: Path) -> bytes:
    """What is in *file*, nothing where it is not there. Raises TofuError for what is no file."""
    try:
        return read_regular(file, "") if file.exists() else b""
    except TextError as error:
        raise TofuError(f"{file}: {error.message}. {error.hint.rstrip('.')}") from None
