"""The verb `tofu plan`: plan, and show what the plan does."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline_zen.cli.checkout import Project
from pipeline_zen.cli.exits import FAILED, LikeTofu
from pipeline_zen.cli.options import first_creation_option, no_secret_option
from pipeline_zen.cli.progress import progress_bar
from pipeline_zen.cli.reports import failure_reported, report_option
from pipeline_zen.files import write_whole

if TYPE_CHECKING:
    from pipeline_zen.report import Review


@click.command("plan", cls=LikeTofu)
@click.argument("environment", metavar="ENV")
@report_option
@first_creation_option
@click.option(
    "--no-lock",
    is_flag=True,
    help="Do not lock the state: reading it is enough then.",
)
@no_secret_option
@click.pass_obj
def plan(
    project: Project,
    environment: str,
    *,
    report: Path | None,
    first_creation: bool,
    no_lock: bool,
    no_secret: bool,
) -> None:
    """
    Plan, show what the plan does to the fleet, and keep it for `apply`.

    A stack that is not of the settings, VERSION and the code as they are is refused: `synth` makes
    it. A plan that is made with --no-lock or --no-secret is only to be looked at: `apply` refuses
    it.

    Passes secrets.tfvars on where there is one. Exit status: 0 no changes, 2 changes, 3 blocked
    by the guard, 1 failed.
    """
    from pipeline_zen import tofu
    from pipeline_zen.report import FORMS
    from pipeline_zen.stack import refuse_stale

    with failure_reported(report, "plan", environment):
        (settings,) = project.load((environment,))
        refuse_stale(project.root, project.out, environment)
        with progress_bar(f"{environment}: refreshing") as progress:
            reviewed = tofu.plan(
                settings,
                project.root,
                progress,
                lambda text: click.echo(text, err=True),
                tofu.Manner(first_creation=first_creation, lock=not no_lock, secret=not no_secret),
            )
    click.echo(FORMS["terminal"](reviewed), nl=False)
    click.echo(f"\n{environment}: {reviewed.headline}. {_next(reviewed, no_lock or no_secret)}")
    if report:
        write_whole(report, FORMS["markdown"](reviewed))
    _tell_github(digest=reviewed.plan.digest, changes=str(not reviewed.plan.empty).lower())
    sys.exit(FAILED if reviewed.plan.errored else reviewed.status)


def _next(reviewed: "Review", only_looked_at: bool) -> str:
    """What there is to do after a plan."""
    environment = reviewed.target.environment
    if reviewed.plan.errored:
        return "Planning has failed half-way: mend what is said above, and plan again."
    if reviewed.verdict.blocked:
        return "Next: change it, or allow it in config/allow.yaml, and plan again."
    if reviewed.plan.empty:
        return "Nothing is left to do." if reviewed.is_plain else "Nothing is left to apply."
    if only_looked_at:
        return f"It was only looked at: `make plan ENV={environment}` makes one to apply."
    return f"Next: `make apply ENV={environment}` applies just this."


def _tell_github(**outputs: str) -> None:
    """Hand results on to the later steps of a workflow, where there is one."""
    file = os.environ.get("GITHUB_OUTPUT")
    if file:
        with Path(file).open("a", encoding="utf-8") as handed:
            handed.writelines(f"{name}={value}\n" for name, value in outputs.items())
