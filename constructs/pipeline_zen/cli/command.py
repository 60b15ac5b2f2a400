"""The command itself, to which each verb adds itself."""

import io
import sys
from pathlib import Path
from typing import Any

import click

from pipeline_zen import interruption
from pipeline_zen.cli.checkout import CHECKOUT, Project
from pipeline_zen.cli.exits import problems_told


class Verbs(click.Group):
    """The command line, which also tells a failure to print its own help."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the command line."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # A letter that the terminal's encoding has not is told by its number.
                stream.reconfigure(errors="backslashreplace")
        with problems_told():
            return super().make_context(*args, **kwargs)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "--directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=CHECKOUT,
    help="Work in this checkout, instead of the one that pipeline-zen is installed from.",
)
@click.pass_context
def main(context: click.Context, directory: Path) -> None:
    """
    The infrastructure of Pipeline Zen, from config/*.yaml to Terraform JSON.

    Exit status: 0 done, 1 failed, 2 wrong settings or command line.
    """
    context.obj = Project(directory.resolve())
    context.with_resource(problems_told())
    context.with_resource(interruption.once())
