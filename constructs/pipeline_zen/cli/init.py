"""The verb `tofu init`: install the provider, find the state."""

import click

from pipeline_zen.cli.checkout import Project
from pipeline_zen.cli.exits import LikeTofu
from pipeline_zen.cli.options import no_secret_option


@click.command("init", cls=LikeTofu)
@click.argument("environment", metavar="ENV")
@no_secret_option
@click.pass_obj
def init(project: Project, environment: str, no_secret: bool) -> None:
    """
    Run `tofu init`: install the provider, find the state.

    Needs OpenTofu itself and ENV-config.env. Exit status: 0 done, 1 failed.
    """
    from pipeline_zen import tofu

    (settings,) = project.load((environment,))
    warnings = tofu.init(settings, project.root, secret=not no_secret)
    if warnings:
        click.echo(warnings, err=True)
