"""
What a ref came to, kept for the next rehearsal of a change from there: the store and the state.

A base is found by all that it depends on: the stack, the provider with its checksums, OpenTofu, the
fake Google and this folder. One that is damaged is made anew; only so many are kept.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import fake_google
from pipeline_zen.files import Json, write_whole
from pipeline_zen.rehearsal.deployment import Deployment

MOST = 8
"""So many bases are kept, the newest."""


@dataclass(frozen=True)
class Base:
    """An environment as it was applied, with nothing left to change."""

    url: str
    """The address of the fake Google then, which links in the state begin with."""
    store: Json
    state: str


class Bases:
    """The bases that are kept in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def restore(self, deployment: Deployment) -> bool:
        """Have a deployment, which is initialised, be what it came to before; whether it can be."""
        file = self._file(deployment)
        base = _read(file)
        if base is None:
            return False
        here = deployment.google.url
        store: Json = json.loads(json.dumps(base.store).replace(base.url, here))
        deployment.google.store.load(store)
        deployment.state.write_text(base.state.replace(base.url, here), encoding="utf-8")
        file.touch()
        return True

    def keep(self, deployment: Deployment) -> None:
        """Keep what a deployment has come to."""
        google = deployment.google
        state = deployment.state.read_text(encoding="utf-8")
        text = json.dumps(asdict(Base(google.url, google.store.dump(), state)))
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._file(deployment), f"{_sha256(text.encode())}\n{text}")
        for old in sorted(self._folder.glob("*.base"), key=_age)[MOST:]:
            old.unlink(missing_ok=True)

    def _file(self, deployment: Deployment) -> Path:
        folder = deployment.folder
        parts = [(folder / name).read_bytes() for name in ("cdk.tf.json", ".terraform.lock.hcl")]
        parts += [deployment.tofu.version.encode(), deployment.config.read_bytes()]
        for package in (Path(fake_google.__file__).parent, Path(__file__).parent):
            parts += [path.read_bytes() for path in sorted(package.rglob("*.py"))]
            parts += [path.read_bytes() for path in sorted(package.rglob("*.json"))]
        whole = hashlib.sha256()
        for part in parts:
            whole.update(hashlib.sha256(part).digest())
        return self._folder / f"{deployment.environment}-{whole.hexdigest()[:32]}.base"


def _read(file: Path) -> Base | None:
    """What a file holds; None where it is not there or not whole."""
    try:
        digest, _, text = file.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    if digest != _sha256(text.encode()):
        return None
    return Base(**json.loads(text))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _age(file: Path) -> float:
    return -file.stat().st_mtime
