"""
Writes the stacks as Terraform JSON.

Beside `stacks/{env}/cdk.tf.json` the CDK keeps a `manifest.json`, from which its own command line
learns what stacks there are.
"""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline_zen import versions
from pipeline_zen.files import stack_file, stack_folder
from pipeline_zen.stack.uptodate import MANIFEST, Written, content

if TYPE_CHECKING:
    from pipeline_zen.settings import Settings

_CONTEXT = {"targetVersions": {"opentofu": f">={versions.MINIMUM_OPENTOFU}"}}
"""What cdktn from 0.24 on holds write-only arguments against; cdktf takes no notice."""


def synth(environments: "Sequence[Settings]", outdir: Path) -> list[Written]:
    """
    Write the stack of each environment below *outdir*.

    The CDK writes into a folder of its own first; whole files are then moved to their places, so
    an interruption leaves nothing half-written. Stacks of other environments stay as they are.
    Raises NodeError.
    """
    # Only here: whoever asks this folder for a name need not wait for the CDK.
    from pipeline_zen.stack import cdk
    from pipeline_zen.stack.environment import EnvironmentStack

    outdir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=outdir, prefix=".synth-") as folder:
        scratch = Path(folder)
        app = cdk.App(outdir=str(scratch), context=_CONTEXT)
        for settings in environments:
            EnvironmentStack(app, settings)
        app.synth()
        written = [_moved(settings.environment, scratch, outdir) for settings in environments]
        _join_manifests(scratch, outdir)
    return written


def _moved(environment: str, scratch: Path, outdir: Path) -> Written:
    file = stack_file(scratch, environment)
    new = file.read_bytes()
    target = stack_file(outdir, environment)
    changed = not target.is_file() or target.read_bytes() != new
    if changed:
        stack_folder(outdir, environment).mkdir(parents=True, exist_ok=True)
        file.replace(target)
    resources = sum(map(len, json.loads(new)["resource"].values()))
    return Written(environment, target, resources, changed)


def _join_manifests(scratch: Path, outdir: Path) -> None:
    """Move the manifest too, with the stacks of other environments still in it."""
    manifest = json.loads((scratch / MANIFEST).read_text(encoding="utf-8"))
    kept = {}
    try:
        before = json.loads(content(outdir / MANIFEST))["stacks"]
        for stack, entry in before.items():
            if (outdir / entry["synthesizedStackPath"]).exists():
                kept[stack] = entry
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # There is none, or it is damaged: it is written anew.
    manifest["stacks"] = dict(sorted({**kept, **manifest["stacks"]}.items()))
    (scratch / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    (scratch / MANIFEST).replace(outdir / MANIFEST)
