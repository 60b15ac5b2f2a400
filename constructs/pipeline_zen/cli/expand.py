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
@click.option("--groups", is_flag=True, help="A line for each managed instance group.")
@click.pass_obj
def expand(project: Project, environment: str, form: str, groups: bool) -> None:
    """
    Show what the settings of ENV come to: a line for each cluster, or for each of its groups.

    JSON and YAML have a row for each group, with all that a fleet sets. In the tables, disks,
    shape, hours and reservation are left out where they are the usual.
    """
    from pipeline_zen.fleet import EXPANSION_FORMS, clusters_table, expansion, groups_table

    (settings,) = project.load((environment,))
    if form in EXPANSION_FORMS:
        text = EXPANSION_FORMS[form](expansion(settings))
    else:
        text = groups_table(settings) if groups else clusters_table(settings)
    click.echo(text, nl=False)
