"""The verbs that need the settings alone: what there is to be, and what it comes to."""

import sys
from pathlib import Path

import click

from pipeline_zen import settings as settings_
from pipeline_zen.cli.base import FAILED, WRONG_SETTINGS, Project, count_remarks, main


@main.command()
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

    from pipeline_zen.stack.environment import synth

    count_remarks(remarks)
    for stack in synth(loaded, output or project.root / "cdktf.out"):
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
    written = (root / "cdktf.out" / "stacks").glob("*/cdk.tf.json")
    return sorted(
        file.parent.relative_to(root) for file in written if file.parent.name not in known
    )


@main.command()
@click.argument("environments", nargs=-1, metavar="[ENV]...")
@click.pass_obj
def check(project: Project, environments: tuple[str, ...]) -> None:
    """
    Check the settings, of every environment or those named, and write nothing.

    Warnings and notices follow; they change neither the exit status nor the infrastructure, and can
    be ignored by what stands in brackets, in the setting `lint`.
    """
    from pipeline_zen.fleet.clusters import clusters

    loaded, remarks = project.examine(environments)
    for settings in loaded:
        fleet = clusters(settings)
        groups = [group for cluster in fleet for group in cluster.groups]
        regions = {group.region for group in groups}
        others = "".join(
            f", {cluster.image_version} for {cluster.name}"
            for cluster in fleet
            if cluster.image_version != settings.version
        )
        click.echo(
            f"{settings.environment}: sound; release {settings.version}{others}, "
            f"{len(fleet)} clusters, {len(groups)} groups in {len(regions)} regions"
        )
    for remark in remarks:
        click.echo(f"\n{remark}")


@main.command()
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
    from pipeline_zen.fleet import expansion

    (settings,) = project.load((environment,))
    rows = expansion.rows(settings)
    click.echo(expansion.FORMS[form](rows), nl=False)


@main.command()
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
    from pipeline_zen.fleet import exposure

    (settings,) = project.load((environment,))
    click.echo(exposure.FORMS[form](exposure.exposure(settings)), nl=False)


@main.command("scheduler-config")
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
    from pipeline_zen.fleet import scheduler

    (settings,) = project.load((environment,))
    if not files:
        click.echo(scheduler.text(settings), nl=False)
        return
    try:
        wrong = scheduler.differences(settings, scheduler.read(files))
    except scheduler.SchedulerConfigError as error:
        click.echo(f"{error}.", err=True)
        sys.exit(WRONG_SETTINGS)
    for sentence in wrong:
        click.echo(sentence)
    if wrong:
        sys.exit(FAILED)
    click.echo(f"{' with '.join(map(str, files))}: what the scheduler must know of {environment}.")


@main.command()
def schema() -> None:
    """Print the JSON schema of the YAML files, for editors: config/schema.json."""
    from pipeline_zen.settings import json_schema

    click.echo(json_schema(), nl=False)
