"""
The command line: each verb parses, calls, prints and chooses the exit status.

Exit status: 0 done; 1 something failed outside the settings (a tool is missing, a file cannot be
written); 2 the settings, or the command line, are wrong, and nothing was written. The verbs that
look at a plan have OpenTofu's: 0 no changes, 2 changes, 3 blocked by the guard, 1 anything else.

Each verb imports what it needs when it runs: the CDK takes a second, and most verbs do without.
"""

import gc
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from pipeline_zen import interruption
from pipeline_zen import settings as settings_
from pipeline_zen.catalog import CatalogError
from pipeline_zen.fast_start import NodeError
from pipeline_zen.settings import Examined, Problem, Settings, SettingsError
from pipeline_zen.tofu import TofuError

FAILED = 1
WRONG_SETTINGS = 2
CHANGES = 2

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Project:
    """The checkout that a verb works in."""

    root: Path

    def load(self, environments: tuple[str, ...]) -> list[Settings]:
        """The settings of *environments*, by default of all."""
        return self.examine(environments).settings

    def examine(self, environments: tuple[str, ...]) -> Examined:
        """The same, with what there is to say about them."""
        known = settings_.environments(self.root)
        for name in environments:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                guess = f' Did you mean "{near[0]}"?' if near else ""
                raise click.UsageError(
                    f'There is no environment "{name}": '
                    f"{self.root / 'config'} has {', '.join(known) or 'none'}.{guess}"
                )
        if not known:
            raise click.UsageError(f"There is no environment: {self.root / 'config'} has no file.")
        chosen = sorted(set(environments)) or known

        from pipeline_zen.guard import allowances

        problems: list[Problem] = []
        try:
            examined = settings_.examine(self.root, chosen, today=date.today())
        except SettingsError as error:
            problems += error.problems
        try:
            # Told of all environments, before a plan depends on it.
            allowances(self.root, chosen[0], date.today())
        except SettingsError as error:
            problems += error.problems
        if problems:
            raise SettingsError(problems)
        return examined


@contextmanager
def _problems_told(wrong_settings: int = WRONG_SETTINGS) -> Iterator[None]:
    try:
        yield
    except SettingsError as error:
        count = len(error.problems)
        click.echo(f"{error}\n\n{count} problem{'s' * (count > 1)}; nothing was written.", err=True)
        sys.exit(wrong_settings)
    except (CatalogError, TofuError) as error:
        click.echo(f"{error}.", err=True)
        sys.exit(FAILED)
    except NodeError as error:
        click.echo(f"{error}.", err=True)
        # Without a word from the CDK's own exit handlers, which expect Node to be there.
        os._exit(FAILED)
    except ModuleNotFoundError as error:
        click.echo(
            f"{error}: the installation is not whole. Run `make clean`, then again.", err=True
        )
        sys.exit(FAILED)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"{where}{error.strerror or error}.", err=True)
        sys.exit(FAILED)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "--directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=CHECKOUT,
    help="Work in this checkout, instead of the one that pipeline-zen is installed from.",
)
@click.pass_context
def main(context: click.Context, directory: Path) -> None:
    """
    The infrastructure of Pipeline Zen, from config/*.yaml to Terraform JSON.

    Exit status: 0 done, 1 failed, 2 wrong settings or command line.
    """
    context.obj = Project(directory.resolve())
    context.with_resource(_problems_told())
    context.with_resource(interruption.once())


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

    from pipeline_zen.environment import synth

    _count_remarks(remarks)
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
    from pipeline_zen.clusters import clusters

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


def _count_remarks(remarks: tuple[Problem, ...]) -> None:
    """Say in one line that `make check` has more to say."""
    counts = Counter(remark.severity for remark in remarks)
    told = [
        f"{count} {severity}{'s' * (count > 1)}" for severity, count in sorted(counts.items())[::-1]
    ]
    if told:
        click.echo(f"{', '.join(told)}: make check", err=True)


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
    from pipeline_zen import expansion

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
    from pipeline_zen import exposure

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
    from pipeline_zen import scheduler

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
    from pipeline_zen.settings.schema import schema

    click.echo(schema(), nl=False)


class LikeTofu(click.Command):
    """A verb whose exit status 2 means changes, as OpenTofu's, so that a mistake must be 1."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the command line."""
        with _usage_error_fails():
            return super().make_context(*args, **kwargs)

    def invoke(self, context: click.Context) -> Any:
        """Run the verb."""
        from pipeline_zen.plan import PlanError

        with _usage_error_fails(), _problems_told(wrong_settings=FAILED):
            try:
                return super().invoke(context)
            except PlanError as error:
                click.echo(f"The plan cannot be read: {error}.", err=True)
                sys.exit(FAILED)


@contextmanager
def _usage_error_fails() -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        error.show()
        sys.exit(FAILED)


def _to_be_written(
    _context: click.Context, _parameter: click.Parameter, file: Path | None
) -> Path | None:
    """Refuse a file that cannot be written, before a minute is spent on what goes into it."""
    folder = file.parent if file else Path()
    if not folder.is_dir():
        raise click.BadParameter(f"{file} cannot be written: there is no folder {folder}.")
    if not os.access(folder, os.W_OK):
        raise click.BadParameter(f"{file} cannot be written: nor can its folder, {folder}.")
    return file


_report = click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_to_be_written,
    help="Write the report as Markdown to this file as well.",
)
_first_creation = click.option(
    "--first-creation",
    is_flag=True,
    help="The environment does not exist yet, so everything may be created.",
)

_no_secret = click.option(
    "--no-secret",
    is_flag=True,
    help="Do without ENV-config.env, as if it were unchanged.",
)


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
@_no_secret
@click.pass_obj
def tofu_init(project: Project, environment: str, no_secret: bool) -> None:
    """
    Run `tofu init`: install the provider, find the state.

    Needs OpenTofu itself and ENV-config.env. Exit status: 0 done, 1 failed.
    """
    from pipeline_zen import tofu

    project.load((environment,))
    tofu.init(environment, project.root, secret=not no_secret)


@tofu.command("plan", cls=LikeTofu)
@click.argument("environment", metavar="ENV")
@_report
@_first_creation
@click.option(
    "--no-lock",
    is_flag=True,
    help="Do not lock the state: reading it is enough then.",
)
@_no_secret
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
    from pipeline_zen import markdown, planning, terminal
    from pipeline_zen.plan import PlanError

    try:
        (settings,) = project.load((environment,))
        with _progress(f"{environment}: refreshing") as progress:
            reviewed = planning.plan(
                settings,
                project.root,
                progress,
                lambda text: click.echo(text, err=True),
                first_creation=first_creation,
                lock=not no_lock,
                secret=not no_secret,
            )
    except (PlanError, SettingsError, TofuError) as error:
        if report:
            _write(report, markdown.failed("plan", environment, f"{error}"))
        raise
    click.echo(terminal.render(reviewed), nl=False)
    if report:
        _write(report, markdown.render(reviewed))
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

    from pipeline_zen import planning, terminal

    reviewed = planning.planned(settings, project.root, expect)
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
    planning.apply(settings, project.root, reviewed)


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
@_first_creation
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
    from pipeline_zen import planning
    from pipeline_zen.plan import PlanError

    # A large plan makes millions of objects that all stay: looking for garbage takes a sixth.
    gc.disable()
    is_file = str(plan) != "-"
    try:
        data = plan.read_bytes() if is_file else sys.stdin.buffer.read()
        if environment is None:
            environment = planning.environment_of(data, plan, project.load(()))
        if environment is None:
            if form != "terminal":
                raise PlanError("It changes nothing, so --env must name what it is a plan of")
            click.echo("No changes, whichever environment it is a plan of.")
            return
        (settings,) = project.load((environment,))
        reviewed = planning.from_file(
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
        from pipeline_zen import markdown

        text = markdown.render(reviewed)
    else:
        from pipeline_zen import terminal

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
    from pipeline_zen import github

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
@_report
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
    from pipeline_zen import markdown, rehearsal, terminal
    from pipeline_zen.plan import PlanError

    try:
        (settings,), remarks = project.examine((environment,))
        _count_remarks(remarks)
        with _progress(f"{environment}: applying") as progress:
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
            _write(report, markdown.failed("rehearsal", environment, f"{error}"))
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
            _write(report, markdown.unchanged("rehearsal", environment, said))
        return
    click.echo(terminal.render(reviewed), nl=False)
    if report:
        _write(report, markdown.render(reviewed))
    sys.exit(FAILED if outcome.error else reviewed.status)


def _write(file: Path, text: str) -> None:
    """Write a whole file, or none."""
    new = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(file)
    except OSError as error:
        # Named by the file that was asked for.
        raise OSError(error.errno, error.strerror, str(file)) from error


def _tell_github(**outputs: str) -> None:
    """Hand results on to the later steps of a workflow, where there is one."""
    file = os.environ.get("GITHUB_OUTPUT")
    if file:
        with Path(file).open("a", encoding="utf-8") as handed:
            handed.writelines(f"{name}={value}\n" for name, value in outputs.items())


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), "{task.description}", MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@main.command()
@click.argument("environment", metavar="ENV")
@click.argument("addresses", nargs=-1, metavar="[ADDRESS]...")
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The old state, as `tofu show -json` prints it: move what is in it instead.",
)
@click.pass_obj
def adopt(
    project: Project, environment: str, addresses: tuple[str, ...], state: Path | None
) -> None:
    """
    Write cdktf.out/stacks/ENV/adopt.tf.json, by which a plan takes over what exists already.

    Imports all that a deployment made by hand or by the earlier code has, or just what is at the
    ADDRESSes, as after an apply that Google carried out but did not answer. Prints what is left
    to remove after the cut-over.
    """
    if addresses and state:
        raise click.UsageError("Give addresses to import or a state to move, not both.")
    (settings,) = project.load((environment,))

    from pipeline_zen import adoption

    try:
        adopted = adoption.adopt(settings, project.root, addresses, state)
    except adoption.AdoptionError as error:
        click.echo(f"{error}.", err=True)
        sys.exit(FAILED)

    click.echo(f"{adopted.file}: {adopted.imports} to import, {adopted.moves} to move.")
    for address in adopted.forgotten:
        click.echo(f"  will be forgotten, and stays as it is: {address}")
    click.echo(
        f"See what that comes to with `make plan ENV={environment}`. Once applied, delete it."
    )
    if adopted.leftovers:
        click.echo("\nWider than what takes its place; remove each after the cut-over:\n")
        for command in adopted.leftovers:
            click.echo(command)


@main.command("fake-google")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=0,
    show_default="a free one",
    help="Listen on this port.",
)
@click.option(
    "--store",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Start with what this file holds, if it is there, and keep it up to date.",
)
def fake_google(port: int, file: Path | None) -> None:
    """
    Run a fake Google on this machine, until interrupted, to try any OpenTofu configuration on.

    Prints the `export` lines that point OpenTofu and its Google provider there. Every API is
    switched on. Requests, the store and faults are at /_control/.
    """
    from pipeline_zen.fake_google import FakeGoogle, Store

    store = Store()
    if file and file.exists():
        try:
            store.load(json.loads(file.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError, AttributeError):
            click.echo(f"{file} is not a store that fake-google has written.", err=True)
            sys.exit(FAILED)
    elif file:
        store.save(file)
    try:
        server = FakeGoogle(store=store, port=port, switched_on=True)
    except OSError as error:
        click.echo(f"Port {port} cannot be listened on: {error.strerror}.", err=True)
        sys.exit(FAILED)

    try:
        with server as google:
            click.echo(f"The fake Google listens at {google.url}; Ctrl-C stops it.", err=True)
            for name, value in google.environment().items():
                click.echo(f"export {name}={value}")
            saved = store.changes
            while True:
                time.sleep(1)
                if file and store.changes != saved:
                    saved = store.changes
                    store.save(file)
    except KeyboardInterrupt:
        if file:
            store.save(file)
