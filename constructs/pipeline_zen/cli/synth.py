"""The verb `synth`: write the stacks."""

from pathlib import Path

import click

from pipeline_zen import settings as settings_
from pipeline_zen.cli.checkout import Project, count_remarks
from pipeline_zen.files import OUT, stack_file


@click.command()
@click.argument("environments", nargs=-1, metavar="[ENV]...")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write below this folder instead of cdktf.out, from where `tofu` takes the stacks.",
)
@click.pass_obj
def synth(project: Project, environments: tuple[str, ...], output: Path | None) -> None:
    """Write cdktf.out/stacks/ENV/cdk.tf.json, for every environment or those named."""
    loaded, remarks = project.examine(environments)

    from pipeline_zen.stack import synth

    count_remarks(remarks)
    for stack in synth(loaded, output or project.out):
        inside = stack.file.is_relative_to(project.root)
        file = stack.file.relative_to(project.root) if inside else stack.file
        state = "written" if stack.changed else "unchanged"
        click.echo(f"{stack.environment}: {stack.resources} resources, {file} {state}")
    for left in _left_over(project.root):
        click.echo(
            f"{left} is of no environment any more: delete it once nothing of it is at Google.",
            err=True,
        )


def _left_over(root: Path) -> list[Path]:
    """The stacks of environments that have no settings any more."""
    known = settings_.environments(root)
    written = root.glob(str(stack_file(Path(OUT), "*")))
    return sorted(
        file.parent.relative_to(root) for file in written if file.parent.name not in known
    )
