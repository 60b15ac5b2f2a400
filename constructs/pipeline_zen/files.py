"""Files of a checkout: where the stacks are, what JSON is, and how a file is written whole."""

import os
from pathlib import Path
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
"""An object of JSON, as `json.loads` gives it."""

OUT = "cdktf.out"
"""The folder of a checkout that everything generated is below."""


def stack_folder(outdir: Path, environment: str) -> Path:
    """The folder that OpenTofu works in for *environment*, below *outdir*, a checkout's `OUT`."""
    return outdir / "stacks" / environment


def stack_file(outdir: Path, environment: str) -> Path:
    """The synthesized stack of *environment*, below *outdir*, a checkout's `OUT`."""
    return stack_folder(outdir, environment) / "cdk.tf.json"


def write_whole(file: Path, content: str | bytes) -> None:
    """
    Write all of *file*, or nothing, even if it is interrupted.

    Raises OSError that names *file*, whatever could not be written.
    """
    new = file.with_name(f".{file.name}.{os.getpid()}")
    data = content.encode() if isinstance(content, str) else content
    try:
        new.write_bytes(data)
        new.replace(file)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(file)) from error
