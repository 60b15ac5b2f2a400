"""The verbs about plans: made, judged, shown, posted, applied, rehearsed."""

import gc
import os
import sys
from pathlib import Path

import click

from pipeline_zen.catalog import CatalogError
from pipeline_zen.cli.base import (
    FAILED,
    LikeTofu,
    Project,
    count_remarks,
    first_creation_option,
    main,
    no_secret_option,
    progress_bar,
    report_option,
    write,
)
from pipeline_zen.settings import SettingsError


def _digest(_context: click.Context, _parameter: click.Parameter, given: str | None) -> str | None:
    """Refuse an empty digest: it is one that got lost, and not the wish to check none."""
    if given is not None and not given.strip():
        raise click.BadParameter("the digest is empty: give that of the plan that was reviewed.")
    return given


@main.group()
def tofu() -> None:
    """Run OpenTofu in cdktf.out/stacks/ENV, and judge what it plans."""


@tofu.command("init", cls=LikeTofu)
@click.argument("environment", metavar="ENV")
@no_secret_option
@click.pass_obj
def tofu_init(project: Project, environment: str, no_secret: bool) -> None:
    """
    Run `tofu init`: install the provider, find the state.

    Needs OpenTofu itself and ENV-config.env. Exit status: 0 done, 1 failed.
    """
    from pipeline_zen.tofu import init

    project.load((environment,))
    init(environment, project.root, secret=not no_secret)


@tofu.command("plan", cls=LikeTofu)
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
def tofu_plan(
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

    A plan that is made with --no-lock or --no-secret is only to be looked at: `apply` refuses it.

    Passes secrets.tfvars on where there is one. Exit status: 0 no changes, 2 changes, 3 blocked
    by the guard, 1 failed.
    """
    from pipeline_zen.plan import PlanError
    from pipeline_zen.report import markdown, terminal
    from pipeline_zen.tofu import Manner, TofuError
    from pipeline_zen.tofu import plan as make_plan

    try:
        (settings,) = project.load((environment,))
        with progress_bar(f"{environment}: refreshing") as progress:
            reviewed = make_plan(
                settings,
                project.root,
                progress,
                lambda text: click.echo(text, err=True),
                Manner(first_creation=first_creation, lock=not no_lock, secret=not no_secret),
            )
    except (PlanError, SettingsError, TofuError) as error:
        if report:
            write(report, markdown.failed("plan", environment, f"{error}"))
        raise
    click.echo(terminal.render(reviewed), nl=False)
    if report:
        write(report, markdown.render(reviewed))
    _tell_github(digest=reviewed.plan.digest(), changes=str(not reviewed.plan.empty).lower())
    sys.exit(FAILED if reviewed.plan.errored else reviewed.status)


@tofu.command("apply", cls=LikeTofu)
@click.argument("environment", metavar="ENV")
@click.option(
    "--expect",
    metavar="DIGEST",
    callback=_digest,
    help="Apply only a plan with this digest: what was reviewed elsewhere.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def tofu_apply(project: Project, environment: str, expect: str | None, yes: bool) -> None:
    """
    Apply the plan that `plan` has shown, if nothing has changed since.

    Checked again: the plan file, the settings and the secret's file, the state, the age (at most
    12 hours), and the guard. Exit status: 0 done, 3 blocked by the guard, 1 failed.
    """
    (settings,) = project.load((environment,))

    from pipeline_zen.report import terminal
    from pipeline_zen.tofu import apply, planned

    reviewed = planned(settings, project.root, expect)
    if reviewed.verdict.blocked:
        click.echo(terminal.render(reviewed), nl=False)
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
    apply(settings, project.root, reviewed)


@main.command(cls=LikeTofu)
@click.argument("plan", metavar="PLAN", type=click.Path(allow_dash=True, path_type=Path))
@click.option("--env", "environment", metavar="ENV", help="The environment that it is a plan of.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "markdown", "json"]),
    default="terminal",
    show_default=True,
    help="To read, to post, or to process.",
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
    from pipeline_zen.plan import PlanError
    from pipeline_zen.tofu import environment_of, from_file

    # A large plan makes millions of objects that all stay: looking for garbage takes a sixth.
    gc.disable()
    is_file = str(plan) != "-"
    try:
        data = plan.read_bytes() if is_file else sys.stdin.buffer.read()
        if environment is None:
            environment = environment_of(data, plan, project.load(()))
        if environment is None:
            if form != "terminal":
                raise PlanError("It changes nothing, so --env must name what it is a plan of")
            click.echo("No changes, whichever environment it is a plan of.")
            return
        (settings,) = project.load((environment,))
        reviewed = from_file(
            data,
            plan if is_file else None,
            settings,
            project.root,
            first_creation=first_creation,
        )
    except PlanError as error:
        click.echo(f"{plan if is_file else 'Standard input'}: {error}.", err=True)
        sys.exit(FAILED)
    if form == "json":
        text = reviewed.as_json()
    elif form == "markdown":
        from pipeline_zen.report import markdown

        text = markdown.render(reviewed)
    else:
        from pipeline_zen.report import terminal

        text = terminal.render(reviewed)
    click.echo(text, nl=False)
    sys.exit(FAILED if reviewed.plan.errored else reviewed.status)


@main.command()
@click.argument("report", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(["plan", "rehearsal"]), help="What REPORT should be.")
@click.option("--env", "environment", metavar="ENV", help="What it should be of.")
@click.option(
    "--as",
    "account",
    metavar="LOGIN",
    default="github-actions[bot]",
    show_default=True,
    help="The account that GITHUB_TOKEN is of: only its own comments are updated.",
)
def comment(report: Path, kind: str | None, environment: str | None, account: str) -> None:
    """
    Post REPORT on the pull request whose workflow this runs in.

    REPORT is what --report of another verb has written. There is one comment for each kind of
    report and environment, updated in place; the page of the run shows it, too. Fails if it cannot
    be posted. Needs GITHUB_TOKEN and the variables that GitHub sets.

    With --kind and --env it posts, where there is no REPORT, that there is none, and then fails: an
    earlier comment must not be taken for this commit's.
    """
    from pipeline_zen.report import github

    if (kind is None) != (environment is None):
        raise click.UsageError("Give --kind and --env together.")
    try:
        missing = False
        if kind and environment and not report.exists():
            missing = True
            text = github.no_report(kind, environment)
        else:
            text = github.read_report(report)
        github.summarize(text)
        address = github.PullRequest.of(os.environ).post(text, account)
    except github.GitHubError as error:
        click.echo(f"{error}.", err=True)
        sys.exit(FAILED)
    click.echo(f"Posted: {address}")
    if missing:
        click.echo(f"There is no {report}: what should have written it has failed.", err=True)
        sys.exit(FAILED)


@main.command(cls=LikeTofu)
@click.argument("environment", metavar="ENV")
@click.option(
    "--from",
    "ref",
    metavar="REF",
    help="A git branch, tag or commit: rehearse the change from there, not from nothing.",
)
@report_option
@click.pass_obj
def rehearse(project: Project, environment: str, ref: str | None, report: Path | None) -> None:
    """
    Apply ENV to a fake Google on this machine, with the real OpenTofu and the real provider.

    Without --from: everything from nothing, then a second plan, which must be empty. With it: the
    environment as it is at REF, with a VM running in every group; then the plan of the change with
    the guard's verdict, the change itself, and what it did to those VMs, to queues, data and
    identities.

    Needs OpenTofu, and neither an account nor credentials. Exit status: 0 nothing to change,
    2 changes, 3 blocked by the guard, 1 failed.
    """
    from pipeline_zen import rehearsal
    from pipeline_zen.plan import PlanError
    from pipeline_zen.report import markdown, terminal
    from pipeline_zen.tofu import TofuError

    try:
        (settings,), remarks = project.examine((environment,))
        count_remarks(remarks)
        with progress_bar(f"{environment}: applying") as progress:
            if ref is None:
                outcome = rehearsal.from_nothing(settings, project.root, progress)
            else:
                outcome = rehearsal.from_ref(settings, project.root, ref, progress)
        start = f"{environment} at {ref}" if ref else f"{environment} from nothing"
        said = (
            f"{start}: {outcome.resources} resources applied in {outcome.seconds:.0f} s with "
            f"{outcome.requests} requests, and planned again: no changes."
        )
        reviewed = rehearsal.reviewed(settings, project.root, outcome)
    except (CatalogError, rehearsal.RehearsalError, PlanError, SettingsError, TofuError) as error:
        if report:
            write(report, markdown.failed("rehearsal", environment, f"{error}"))
        if not isinstance(error, rehearsal.RehearsalError | PlanError):
            raise
        click.echo(f"{environment}: {error}", err=True)
        sys.exit(FAILED)
    except KeyboardInterrupt:
        click.echo(f"{environment}: interrupted; nothing is left of the rehearsal.", err=True)
        sys.exit(FAILED)

    click.echo(said)
    if reviewed is None:
        if ref is not None:
            click.echo("The checkout changes nothing of it.")
        if report:
            write(report, markdown.unchanged("rehearsal", environment, said))
        return
    click.echo(terminal.render(reviewed), nl=False)
    if report:
        write(report, markdown.render(reviewed))
    sys.exit(FAILED if outcome.error else reviewed.status)


def _tell_github(**outputs: str) -> None:
    """Hand results on to the later steps of a workflow, where there is one."""
    file = os.environ.get("GITHUB_OUTPUT")
    if file:
        with Path(file).open("a", encoding="utf-8") as handed:
            handed.writelines(f"{name}={value}\n" for name, value in outputs.items())
