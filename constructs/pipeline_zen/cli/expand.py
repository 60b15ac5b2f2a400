"""The verb `expand`: what the settings come to."""

import click

from pipeline_zen.cli.checkout import Project


@click.command()
@click.argument("environment", metavar="ENV")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "yaml"]),
    default="table",
    show_default=True,
    help="A table to read, or JSON or YAML to process.",
)
@click.pass_obj
def expand(project: Project, environment: str, form: str) -> None:
    """
    Show what the settings of ENV come to: a row for each managed instance group.

    JSON and YAML have all that a fleet sets. In the table, disks, shape, hours and reservation are
    left out where they are the usual.
    """
    from pipeline_zen.fleet import EXPANSION_FORMS, expansion

    (settings,) = project.load((environment,))
    click.echo(EXPANSION_FORMS[form](expansion(settings)), nl=False)
