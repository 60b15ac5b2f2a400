"""The verb `exposure`: the most that the groups hold at once."""

import click

from pipeline_zen.cli.checkout import Project


@click.command()
@click.argument("environment", metavar="ENV")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "markdown"]),
    default="table",
    show_default=True,
    help="To read, to process, or to hand on.",
)
@click.pass_obj
def exposure(project: Project, environment: str, form: str) -> None:
    """
    Show the most that groups of ENV hold at once, the quota it takes, and dollars an hour.

    It is every group at what the scheduler may raise it to, `max_vms`. A VM that takes a job leaves
    its group, which is raised again for the next: VMs with jobs come on top, and only quota bounds
    them. What is not known is told as unknown and kept out of the sums.
    """
    from pipeline_zen.fleet import EXPOSURE_FORMS, exposure

    (settings,) = project.load((environment,))
    click.echo(EXPOSURE_FORMS[form](exposure(settings)), nl=False)
