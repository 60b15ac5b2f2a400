"""The verb `tofu apply`: apply the plan that was shown."""

import sys

import click

from pipeline_zen.cli.checkout import Project
from pipeline_zen.cli.exits import FAILED, LikeTofu


def _digest(_context: click.Context, _parameter: click.Parameter, given: str | None) -> str | None:
    """Refuse an empty digest: it is one that got lost, and not the wish to check none."""
    if given is not None and not given.strip():
        raise click.BadParameter("the digest is empty: give that of the plan that was reviewed.")
    return given


@click.command("apply", cls=LikeTofu)
@click.argument("environment", metavar="ENV")
@click.option(
    "--expect",
    metavar="DIGEST",
    callback=_digest,
    help="Apply only a plan with this digest: what was reviewed elsewhere.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def apply(project: Project, environment: str, expect: str | None, yes: bool) -> None:
    """
    Apply the plan that `plan` has shown, if nothing has changed since.

    Checked again: the plan file, the settings and the secret's file, the state, the age (at most
    12 hours), and the guard. Exit status: 0 done, 3 blocked by the guard, 1 failed.
    """
    (settings,) = project.load((environment,))

    from pipeline_zen import tofu
    from pipeline_zen.report import FORMS

    reviewed = tofu.planned(settings, project.root, expect)
    if reviewed.verdict.blocked:
        click.echo(FORMS["terminal"](reviewed), nl=False)
        sys.exit(reviewed.status)
    if reviewed.plan.empty:
        click.echo(f"{environment}: nothing to change.")
        return
    click.echo(f"{environment} ({settings.project}): {reviewed.headline}", err=True)
    if not yes:
        if not sys.stdin.isatty():
            click.echo("Nobody can be asked here: say --yes (make apply … YES=yes).", err=True)
            sys.exit(FAILED)
        if click.prompt(f'Apply it? Type "{environment}" to do so', default="no") != environment:
            click.echo("Nothing was applied; the plan is kept.", err=True)
            sys.exit(FAILED)
    tofu.apply(settings, project.root, reviewed)
