"""The verb `scheduler-config`: what the scheduler must know."""

import sys
from pathlib import Path

import click

from pipeline_zen.cli.checkout import Project
from pipeline_zen.cli.exits import FAILED, WRONG_SETTINGS


@click.command("scheduler-config")
@click.argument("environment", metavar="ENV")
@click.option(
    "--check",
    "files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="Compare this file of the scheduler, and say what it would do wrong. Given again, a table "
    "of the later file replaces that of the earlier, as the scheduler reads them.",
)
@click.pass_obj
def scheduler_config(project: Project, environment: str, files: tuple[Path, ...]) -> None:
    """
    Print what the scheduler must know of ENV: gpu_regions, mig_clusters, max_scale_limits.

    Exit status with --check: 0 it knows just that, 1 it would do something wrong, 2 the file is
    none of the scheduler's.
    """
    from pipeline_zen.fleet import (
        SchedulerConfigError,
        read_tables,
        scheduler_differences,
        scheduler_text,
    )

    (settings,) = project.load((environment,))
    if not files:
        click.echo(scheduler_text(settings), nl=False)
        return
    try:
        wrong = scheduler_differences(settings, read_tables(files))
    except SchedulerConfigError as error:
        click.echo(f"{error}.", err=True)
        sys.exit(WRONG_SETTINGS)
    for sentence in wrong:
        click.echo(sentence)
    if wrong:
        sys.exit(FAILED)
    click.echo(f"{' with '.join(map(str, files))}: what the scheduler must know of {environment}.")
