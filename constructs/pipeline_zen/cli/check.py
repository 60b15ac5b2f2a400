"""The verb `check`: what is wrong with the settings, and what could be said of them."""

import click

from pipeline_zen.cli.checkout import Project, count_remarks


@click.command()
@click.argument("environments", nargs=-1, metavar="[ENV]...")
@click.option("--notices", is_flag=True, help="Say all that is worth knowing as well.")
@click.pass_obj
def check(project: Project, environments: tuple[str, ...], notices: bool) -> None:
    """
    Check the settings, of every environment or those named, and write nothing.

    Warnings follow; notices are counted, or told with --notices. They change neither the exit
    status nor the infrastructure, and can be ignored by what stands in brackets, in the setting
    `lint`.
    """
    from pipeline_zen.fleet import clusters

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
    untold = [remark for remark in remarks if remark.severity == "notice" and not notices]
    for remark in remarks:
        if remark not in untold:
            click.echo(f"\n{remark}")
    count_remarks(untold)
