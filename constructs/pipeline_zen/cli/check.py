"""The verb `check`: what is wrong with the settings, and what could be said of them."""

import click

from pipeline_zen.cli.checkout import Project


@click.command()
@click.argument("environments", nargs=-1, metavar="[ENV]...")
@click.pass_obj
def check(project: Project, environments: tuple[str, ...]) -> None:
    """
    Check the settings, of every environment or those named, and write nothing.

    Warnings and notices follow; they change neither the exit status nor the infrastructure, and can
    be ignored by what stands in brackets, in the setting `lint`.
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
    for remark in remarks:
        click.echo(f"\n{remark}")
