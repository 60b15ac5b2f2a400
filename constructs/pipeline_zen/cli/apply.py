"""The verb `tofu apply`: apply the plan that was shown."""

import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline_zen.cli.checkout import Project
from pipeline_zen.cli.exits import FAILED, LikeTofu
from pipeline_zen.cli.options import not_empty
from pipeline_zen.cli.progress import progress_bar
from pipeline_zen.files import OUT, stack_folder

if TYPE_CHECKING:
    from pipeline_zen.report import Review
    from pipeline_zen.settings import Settings


@click.command("apply", cls=LikeTofu)
@click.argument("environment", metavar="ENV")
@click.option(
    "--expect",
    metavar="DIGEST",
    callback=not_empty,
    help="Apply only a plan with this digest: what was reviewed elsewhere.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--verbose", is_flag=True, help="Show all that OpenTofu says.")
@click.pass_obj
def apply(
    project: Project, environment: str, *, expect: str | None, yes: bool, verbose: bool
) -> None:
    """
    Apply the plan that `plan` has shown, if nothing has changed since.

    Checked again: the plan file, the settings with the stack that they come to, the secret's file,
    the state, the age (at most 12 hours), and the guard. Exit status: 0 done, 3 blocked by the
    guard, 1 failed.
    """
    (settings,) = project.load((environment,))

    from pipeline_zen import tofu
    from pipeline_zen.report import FORMS
    from pipeline_zen.stack import refuse_stale

    refuse_stale(project.root, project.out, environment)
    reviewed = tofu.planned(settings, project.root, expect, _warn)
    if reviewed.verdict.blocked:
        click.echo(FORMS["terminal"](reviewed), nl=False)
        sys.exit(reviewed.status)
    if reviewed.plan.empty:
        told = "" if reviewed.is_plain else f" ({reviewed.headline})"
        click.echo(f"{environment}: nothing to change{told}.")
        return
    click.echo(f"{environment} ({settings.project}): {reviewed.headline}", err=True)
    if not yes:
        _ask(environment)
    _apply(settings, project.root, reviewed, verbose=verbose)


def _warn(text: str) -> None:
    click.echo(text, err=True)


def _ask(environment: str) -> None:
    """End unless somebody says that it is meant."""
    if not sys.stdin.isatty():
        click.echo("Nobody can be asked here: say --yes (make apply … YES=yes).", err=True)
        sys.exit(FAILED)
    if click.prompt(f'Apply it? Type "{environment}" to do so', default="no") != environment:
        click.echo("Nothing was applied; the plan is kept.", err=True)
        sys.exit(FAILED)


def _apply(settings: "Settings", root: Path, reviewed: "Review", *, verbose: bool) -> None:
    """Apply, with what happens in view, and say what comes next."""
    from pipeline_zen import tofu

    environment = settings.environment
    began = time.monotonic()
    bar = nullcontext(tofu.silent) if verbose else progress_bar(f"{environment}: applying")
    with bar as progress:
        summary = tofu.apply(
            settings,
            root,
            reviewed,
            progress,
            _warn,
            in_view=verbose,
        )
    seconds = time.monotonic() - began
    output = f"tofu -chdir={stack_folder(Path(OUT), environment)} output"
    click.echo(
        f"{environment}: {summary or 'Apply complete!'} It took {seconds:.0f} s.\n"
        f"Next: `make plan ENV={environment}` should find nothing to change. "
        f"`{output}` shows the outputs."
    )
