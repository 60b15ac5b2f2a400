"""The verb `atlas`: an environment at a glance."""

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline_zen.cli.checkout import Project
from pipeline_zen.cli.options import to_be_written
from pipeline_zen.errors import UserError
from pipeline_zen.files import Json, stack_file, write_whole

if TYPE_CHECKING:
    from pipeline_zen.report import Review
    from pipeline_zen.settings import Settings


@click.command()
@click.argument("environment", metavar="ENV")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=to_be_written,
    help="Write this file, instead of cdktf.out/atlas-ENV.html.",
)
@click.option(
    "--plan",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Draw over it what this plan changes: JSON of `tofu show -json`, or a saved plan.",
)
@click.pass_obj
def atlas(project: Project, environment: str, output: Path | None, plan: Path | None) -> None:
    """
    Write ENV at a glance: one HTML page with the fleet, its most expensive hour, rights and quota.

    The page is for whoever reads no YAML. It is whole in itself: it opens from the disk, needs no
    network, and can be printed or mailed.
    """
    (settings,) = project.load((environment,))
    review = _reviewed(project, settings, plan) if plan else None
    file = output or project.out / f"atlas-{environment}.html"
    write_atlas(project, settings, file, review)
    click.echo(f"{file.resolve().as_uri()}")


def write_atlas(
    project: Project, settings: "Settings", file: Path, review: "Review | None"
) -> None:
    """Write the page, with what a review is of drawn over it."""
    from pipeline_zen.atlas import page

    stack = _synthesized(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, page(settings, project.root, stack, review))


def _synthesized(settings: "Settings") -> Json:
    """The stack, from which the page knows the grants; synthesized aside, and not kept."""
    from pipeline_zen.stack import synth

    with tempfile.TemporaryDirectory() as folder:
        synth([settings], Path(folder))
        text = stack_file(Path(folder), settings.environment).read_text(encoding="utf-8")
    stack: Json = json.loads(text)
    return stack


def _reviewed(project: Project, settings: "Settings", plan: Path) -> "Review":
    from pipeline_zen import tofu
    from pipeline_zen.plan import PlanError

    try:
        return tofu.from_file(plan.read_bytes(), plan, settings, project.root, first_creation=False)
    except PlanError as error:
        raise UserError(f"{plan}: {error}") from error
