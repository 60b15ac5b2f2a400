"""
The command line: each verb parses, calls, prints and chooses the exit status.

Exit status: 0 done; 1 something failed outside the settings (a tool is missing, a file cannot be
written); 2 the settings, or the command line, are wrong, and nothing was written.

Each verb imports what it needs when it runs: the CDK takes a second, and most verbs do without.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import click

from pipeline_zen import settings as settings_
from pipeline_zen.fast_start import NodeMissingError
from pipeline_zen.settings import Settings, SettingsError
from pipeline_zen.tofu import TofuError

FAILED = 1
WRONG_SETTINGS = 2

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Project:
    """The checkout that a verb works in."""

    root: Path

    def load(self, environments: tuple[str, ...]) -> list[Settings]:
        """The settings of *environments*, by default of all."""
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
        return settings_.load(self.root, sorted(set(environments)) or known)


@contextmanager
def _problems_told() -> Iterator[None]:
    try:
        yield
    except SettingsError as error:
        count = len(error.problems)
        click.echo(f"{error}\n\n{count} problem{'s' * (count > 1)}; nothing was written.", err=True)
        sys.exit(WRONG_SETTINGS)
    except (NodeMissingError, TofuError) as error:
        click.echo(f"{error}.", err=True)
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
    envvar="CDKTF_OUTDIR",
    help="Write below this folder instead of cdktf.out; CDKTF_OUTDIR says the same.",
)
@click.pass_obj
def synth(project: Project, environments: tuple[str, ...], output: Path | None) -> None:
    """Write cdktf.out/stacks/ENV/cdk.tf.json, for every environment or those named."""
    loaded = project.load(environments)

    from pipeline_zen.environment import synth

    for stack in synth(loaded, output or project.root / "cdktf.out"):
        inside = stack.file.is_relative_to(project.root)
        file = stack.file.relative_to(project.root) if inside else stack.file
        state = "written" if stack.changed else "unchanged"
        click.echo(f"{stack.environment}: {stack.resources} resources, {file} {state}")


@main.command()
@click.argument("environments", nargs=-1, metavar="[ENV]...")
@click.pass_obj
def check(project: Project, environments: tuple[str, ...]) -> None:
    """Check the settings, of every environment or those named, and write nothing."""
    from pipeline_zen.clusters import clusters

    for settings in project.load(environments):
        fleet = clusters(settings)
        groups = [group for cluster in fleet for group in cluster.groups]
        regions = {group.region for group in groups}
        click.echo(
            f"{settings.environment}: sound; release {settings.version}, {len(fleet)} clusters, "
            f"{len(groups)} groups in {len(regions)} regions"
        )


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
