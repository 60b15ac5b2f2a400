"""The verb `diff`: what any plan does."""

import gc
import sys
from pathlib import Path

import click

from pipeline_zen.cli.checkout import Project
from pipeline_zen.cli.exits import FAILED, LikeTofu
from pipeline_zen.cli.options import first_creation_option
from pipeline_zen.errors import UserError


@click.command(cls=LikeTofu)
@click.argument("plan", metavar="PLAN", type=click.Path(allow_dash=True, path_type=Path))
@click.option("--env", "environment", metavar="ENV", help="The environment that it is a plan of.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "markdown", "json", "sarif"]),
    default="terminal",
    show_default=True,
    help="To read, to post, to process, or (sarif) to show at the lines of the settings.",
)
@first_creation_option
@click.pass_obj
def diff(
    project: Project, plan: Path, environment: str | None, form: str, first_creation: bool
) -> None:
    """
    Say what a plan does to jobs, queues, data, identities and money.

    PLAN is what `tofu show -json` prints, a saved plan, or - for standard input. Without --env
    the environment is the one whose project the plan is about. Exit status: 0 no changes,
    2 changes, 3 blocked by the guard, 1 not to be read.
    """
    # The plan stays until the end, and what is made on the way goes by itself.
    gc.disable()
    from pipeline_zen import tofu
    from pipeline_zen.plan import PlanError
    from pipeline_zen.report import FORMS

    is_file = str(plan) != "-"
    try:
        data = plan.read_bytes() if is_file else sys.stdin.buffer.read()
        if environment is None:
            environment = tofu.environment_of(data, plan, project.load(()))
        if environment is None:
            if form != "terminal":
                raise PlanError("It changes nothing, so --env must name what it is a plan of")
            click.echo("No changes, whichever environment it is a plan of.")
            return
        (settings,) = project.load((environment,))
        reviewed = tofu.from_file(
            data,
            plan if is_file else None,
            settings,
            project.root,
            first_creation=first_creation,
        )
    except PlanError as error:
        raise UserError(f"{plan if is_file else 'Standard input'}: {error}") from error
    click.echo(FORMS[form](reviewed), nl=False)
    # Nor is it searched at the end, before all of it goes with the process.
    gc.freeze()
    sys.exit(FAILED if reviewed.plan.errored else reviewed.status)
