"""The state that a plan was made against: which one it is, and how far it has come."""

import json
import os
import zipfile
from pathlib import Path

import msgspec

from pipeline_zen.guard import Provenance
from pipeline_zen.tofu.client import OpenTofu, TofuError
from pipeline_zen.tofu.ready import data_folder


class State(msgspec.Struct, frozen=True):
    """A state, but for all that is in it."""

    lineage: str = ""
    serial: int = 0


def provenance(tofu: OpenTofu, plan: Path, *, first_creation: bool) -> Provenance:
    """What the guard is to know of the state that the saved *plan* was made against."""
    state = in_plan(plan) or pulled(tofu)
    bucket, prefix = _backend(tofu.folder)
    return Provenance(state.lineage, state.serial, bucket, prefix, first_creation=first_creation)


def in_plan(file: Path) -> State | None:
    """What a saved plan says of the state it was made against; None where it is encrypted."""
    try:
        with zipfile.ZipFile(file) as saved:
            return msgspec.json.decode(saved.read("tfstate"), type=State)
    except (zipfile.BadZipFile, KeyError, msgspec.DecodeError):
        return None


def pulled(tofu: OpenTofu) -> State:
    """The state as it is now. Raises TofuError where it cannot be read."""
    state = tofu.state()
    if not state.strip():
        return State()
    try:
        return msgspec.json.decode(state, type=State)
    except msgspec.DecodeError:
        raise TofuError("OpenTofu does not show the state: run `tofu state pull`") from None


def _backend(folder: Path) -> tuple[str, str]:
    """The bucket and prefix that OpenTofu was initialised with."""
    data = data_folder(folder)
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
