"""
The command line: each verb parses, calls, prints and chooses the exit status.

Exit status: 0 done; 1 something failed outside the settings (a tool is missing, a file cannot be
written); 2 the settings, or the command line, are wrong, and nothing was written.

Each verb imports what it needs when it runs: the CDK takes a second, and most verbs do without.
"""

import json
import os
import signal
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

from pipeline_zen import settings as settings_
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
        return settings_.examine(self.root, chosen, today=date.today())


@contextmanager
def _problems_told(wrong_settings: int = WRONG_SETTINGS) -> Iterator[None]:
    try:
        yield
    except SettingsError as error:
        count = len(error.problems)
        click.echo(f"{error}\n\n{count} problem{'s' * (count > 1)}; nothing was written.", err=True)
        sys.exit(wrong_settings)
    except TofuError as error:
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
        click.echo(
            f"{settings.environment}: sound; release {settings.version}, {len(fleet)} clusters, "
            f"{len(groups)} groups in {len(regions)} regions"
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
    """Show what the settings of ENV come to: a row for each managed instance group."""
    from pipeline_zen import expansion

    (settings,) = project.load((environment,))
    rows = expansion.rows(settings)
    click.echo(expansion.FORMS[form](rows), nl=False)


@main.command()
def schema() -> None:
    """Print the JSON schema of the YAML files, for editors: config/schema.json."""
    from pipeline_zen.settings.schema import schema

    click.echo(schema(), nl=False)


@main.command()
@click.argument("verb", type=click.Choice(["init", "plan", "apply"]))
@click.argument("environment", metavar="ENV")
@click.pass_obj
def tofu(project: Project, verb: str, environment: str) -> None:
    """
    Run OpenTofu in cdktf.out/stacks/ENV.

    Needs OpenTofu itself and ENV-config.env; passes secrets.tfvars on where there is one. The
    exit status is OpenTofu's.
    """
    from pipeline_zen import tofu

    project.load((environment,))
    tofu.run(verb, environment, project.root)


class LikeTofu(click.Command):
    """A verb whose exit status 2 means changes, as OpenTofu's, so that a mistake must be 1."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the command line."""
        with _usage_error_fails():
            return super().make_context(*args, **kwargs)

    def invoke(self, context: click.Context) -> Any:
        """Run the verb."""
        with _usage_error_fails(), _problems_told(wrong_settings=FAILED):
            return super().invoke(context)


@contextmanager
def _usage_error_fails() -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        error.show()
        sys.exit(FAILED)


@main.command(cls=LikeTofu)
@click.argument("environment", metavar="ENV")
@click.option(
    "--from",
    "ref",
    metavar="REF",
    help="A git branch, tag or commit: rehearse the change from there, not from nothing.",
)
@click.pass_obj
def rehearse(project: Project, environment: str, ref: str | None) -> None:
    """
    Apply ENV to a fake Google on this machine, with the real OpenTofu and the real provider.

    Without --from: everything from nothing, then a second plan, which must be empty. With it: the
    environment as it is at REF, with a VM running in every group; then the plan of the change,
    the change itself, and what it did to those VMs, to queues, data and identities.

    Needs OpenTofu, and neither an account nor credentials. Exit status: 0 nothing to change,
    2 changes, 1 failed.
    """
    (settings,), remarks = project.examine((environment,))
    _count_remarks(remarks)

    from pipeline_zen import rehearsal

    try:
        with _progress(f"{environment}: applying") as progress:
            if ref is None:
                outcome = rehearsal.from_nothing(settings, project.root, progress)
            else:
                outcome = rehearsal.from_ref(settings, project.root, ref, progress)
    except rehearsal.RehearsalError as error:
        click.echo(f"{environment}: {error}", err=True)
        sys.exit(FAILED)

    start = f"{environment} at {ref}" if ref else f"{environment} from nothing"
    click.echo(
        f"{start}: {outcome.resources} resources applied in {outcome.seconds:.0f} s with "
        f"{outcome.requests} requests, and planned again: no changes."
    )
    if ref is None:
        return
    if outcome.plan is None:
        click.echo("The checkout changes nothing of it.")
        return
    click.echo(outcome.plan)
    click.echo(
        f"The change was applied in {outcome.change_seconds:.0f} s, and planned again: no changes."
    )
    kept = outcome.vms - len(outcome.vms_gone)
    click.echo(f"VMs: {outcome.vms} were running, one in each group; {kept} still are.")
    for vm in outcome.vms_gone:
        click.echo(f"  killed: {vm}")
    for thing in outcome.lost:
        click.echo(f"  deleted: {thing}")
    if not outcome.lost:
        click.echo("No group, queue, bucket, secret, role or account was deleted.")
    sys.exit(CHANGES)


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

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with server as google:
            for name, value in google.environment().items():
                click.echo(f"export {name}={value}")
            click.echo(f"The fake Google listens at {google.url}; Ctrl-C stops it.", err=True)
            saved = store.changes
            while True:
                time.sleep(1)
                if file and store.changes != saved:
                    saved = store.changes
                    store.save(file)
    except KeyboardInterrupt:
        if file:
            store.save(file)
