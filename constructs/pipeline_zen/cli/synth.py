"""The verb `synth`: write the stacks."""

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline_zen.cli.checkout import Project, count_remarks
from pipeline_zen.files import OUT, stack_file

if TYPE_CHECKING:
    from pipeline_zen.stack import Written


@click.command()
@click.argument("environments", nargs=-1, metavar="[ENV]...")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write below this folder instead of cdktf.out, from where `tofu` takes the stacks.",
)
@click.pass_obj
def synth(project: Project, environments: tuple[str, ...], output: Path | None) -> None:
    """
    Write cdktf.out/stacks/ENV/cdk.tf.json, for every environment or those named.

    Nothing is done where they are up to date: made by this code from these settings and VERSION,
    and not touched since.
    """
    from pipeline_zen.stack import input_digests, remember, starting, synth, up_to_date

    # Modules, settings and constructs all stay: looking for garbage among them takes a twelfth.
    gc.disable()
    outdir = output or project.out
    current = up_to_date(project.root, outdir, environments)
    if current:
        known = current.environments
        for stack in current.stacks:
            _tell(project, stack, "up to date")
    else:
        with starting():
            made_from = input_digests(project.root)
            loaded, remarks = project.examine(environments)
            known = project.environments()
        count_remarks(remarks)
        stacks = synth(loaded, outdir)
        remember(made_from, outdir, known, stacks)
        for stack in stacks:
            _tell(project, stack, "written" if stack.changed else "unchanged")
    # Nor at the end, before all of it goes with the process.
    gc.freeze()
    for left in _left_over(project, known):
        click.echo(
            f"{left} is of no environment any more: delete it once nothing of it is at Google.",
            err=True,
        )


def _tell(project: Project, stack: "Written", state: str) -> None:
    inside = stack.file.is_relative_to(project.root)
    file = stack.file.relative_to(project.root) if inside else stack.file
    click.echo(f"{stack.environment}: {stack.resources} resources, {file} {state}")


def _left_over(project: Project, known: list[str]) -> list[Path]:
    """The stacks of environments that have no settings any more."""
    written = project.root.glob(str(stack_file(Path(OUT), "*")))
    return sorted(
        file.parent.relative_to(project.root) for file in written if file.parent.name not in known
    )
