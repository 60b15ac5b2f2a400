"""The verb `check`: what is wrong with the settings, and what could be said of them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline_zen.cli.checkout import Project, count_remarks
from pipeline_zen.cli.exits import WRONG_SETTINGS
from pipeline_zen.cli.reports import sarif_option
from pipeline_zen.files import write_whole

if TYPE_CHECKING:
    from pipeline_zen.settings import Settings


@click.command()
@click.argument("environments", nargs=-1, metavar="[ENV]...")
@click.option("--notices", is_flag=True, help="Say all that is worth knowing as well.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="To read, to process, or for GitHub to show in a diff. The last two tell all.",
)
@sarif_option
@click.pass_obj
def check(
    project: Project,
    environments: tuple[str, ...],
    *,
    notices: bool,
    form: str,
    findings: Path | None,
) -> None:
    """
    Check the settings, of every environment or those named, and write nothing.

    Warnings follow; notices are counted, or told with --notices. They change neither the exit
    status nor the infrastructure, and can be ignored by what stands in brackets, in the setting
    `lint`.
    """
    from pipeline_zen.settings import SettingsError, problems_as_json, problems_as_sarif

    forms = {"json": problems_as_json, "sarif": problems_as_sarif}
    try:
        loaded, remarks = project.examine(environments)
    except SettingsError as error:
        if findings:
            write_whole(findings, problems_as_sarif(error.problems))
        if form == "text":
            raise
        click.echo(forms[form](error.problems), nl=False)
        sys.exit(WRONG_SETTINGS)
    if findings:
        write_whole(findings, problems_as_sarif(remarks))
    if form != "text":
        click.echo(forms[form](remarks), nl=False)
        return
    _tell(loaded)
    untold = [remark for remark in remarks if remark.severity == "notice" and not notices]
    for remark in remarks:
        if remark not in untold:
            click.echo(f"\n{remark}")
    count_remarks(untold)


def _tell(loaded: "list[Settings]") -> None:
    """Say of each environment that it is sound, and what it comes to."""
    from pipeline_zen.fleet import clusters

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
