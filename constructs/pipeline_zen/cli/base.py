"""What all verbs share: the checkout, the errors, options, progress."""

import os
import sys
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
from pipeline_zen.errors import UserError
from pipeline_zen.settings import Examined, Problem, Settings, SettingsError
from pipeline_zen.stack.fast_start import NodeError

FAILED = 1
WRONG_SETTINGS = 2

CHECKOUT = Path(__file__).resolve().parents[3]


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

        problems: list[Problem] = []
        try:
            examined = settings_.examine(self.root, chosen, today=date.today())
        except SettingsError as error:
            problems += error.problems
        if (self.root / settings_.ALLOW).exists():
            # Usually it is not, and the guard need not be loaded.
            from pipeline_zen.guard import allowances

            try:
                # Told of all environments, before a plan depends on it.
                allowances(self.root, chosen[0], date.today())
            except SettingsError as error:
                problems += error.problems
        if problems:
            raise SettingsError(problems)
        return examined


@contextmanager
def problems_told(wrong_settings: int = WRONG_SETTINGS) -> Iterator[None]:
    """End with a sentence for what is wrong, and the status *wrong_settings* for settings."""
    try:
        yield
    except SettingsError as error:
        count = len(error.problems)
        click.echo(f"{error}\n\n{count} problem{'s' * (count > 1)}; nothing was written.", err=True)
        sys.exit(wrong_settings)
    except (CatalogError, UserError) as error:
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
    context.with_resource(problems_told())
    context.with_resource(interruption.once())


def count_remarks(remarks: tuple[Problem, ...]) -> None:
    """Say in one line that `make check` has more to say."""
    counts = Counter(remark.severity for remark in remarks)
    told = [
        f"{count} {severity}{'s' * (count > 1)}" for severity, count in sorted(counts.items())[::-1]
    ]
    if told:
        click.echo(f"{', '.join(told)}: make check", err=True)


class LikeTofu(click.Command):
    """A verb whose exit status 2 means changes, as OpenTofu's, so that a mistake must be 1."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the command line."""
        with _usage_error_fails():
            return super().make_context(*args, **kwargs)

    def invoke(self, context: click.Context) -> Any:
        """Run the verb."""
        from pipeline_zen.plan import PlanError

        with _usage_error_fails(), problems_told(wrong_settings=FAILED):
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


report_option = click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_to_be_written,
    help="Write the report as Markdown to this file as well.",
)
first_creation_option = click.option(
    "--first-creation",
    is_flag=True,
    help="The environment does not exist yet, so everything may be created.",
)

no_secret_option = click.option(
    "--no-secret",
    is_flag=True,
    help="Do without ENV-config.env, as if it were unchanged.",
)


def write(file: Path, text: str) -> None:
    """Write a whole file, or none."""
    new = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(file)
    except OSError as error:
        # Named by the file that was asked for.
        raise OSError(error.errno, error.strerror, str(file)) from error


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
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
