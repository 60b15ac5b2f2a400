"""The verb `rehearse`: apply an environment, or a change of it, to the fake Google."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline_zen import sarif
from pipeline_zen.cli.atlas import write_atlas
from pipeline_zen.cli.checkout import Project, count_remarks
from pipeline_zen.cli.exits import FAILED, LikeTofu
from pipeline_zen.cli.options import not_empty, to_be_written
from pipeline_zen.cli.progress import progress_bar
from pipeline_zen.cli.reports import failure_reported, report_option, sarif_option
from pipeline_zen.cli.side_by_side import rehearse_all
from pipeline_zen.files import write_whole

if TYPE_CHECKING:
    from pipeline_zen.rehearsal import Outcome
    from pipeline_zen.report import Review
    from pipeline_zen.settings import Settings


@click.command(cls=LikeTofu)
@click.argument("environment", metavar="[ENV]", required=False)
@click.option(
    "--from",
    "ref",
    metavar="REF",
    callback=not_empty,
    help="A git branch, tag or commit: rehearse the change from there, not from nothing.",
)
@report_option
@click.option(
    "--atlas",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=to_be_written,
    help="Write ENV at a glance to this file as well, with the change drawn over it.",
)
@sarif_option
@click.pass_obj
def rehearse(
    project: Project,
    environment: str | None,
    *,
    ref: str | None,
    report: Path | None,
    page: Path | None,
    findings: Path | None,
) -> None:
    """
    Apply ENV to a fake Google on this machine, with the real OpenTofu and the real provider.

    Without --from: everything from nothing, then a second plan, which must be empty. With it: the
    environment as it is at REF, with a VM running in every group; then the plan of the change with
    the guard's verdict, the change itself, and what it did to those VMs, to queues, data and
    identities. What REF comes to is kept below cdktf.out, for the next rehearsal from there.

    Without ENV all environments are rehearsed, side by side.

    Needs OpenTofu, and neither an account nor credentials. Exit status: 0 nothing to change,
    2 changes, 3 blocked by the guard, 1 failed.
    """
    if environment is None:
        if report or page or findings:
            raise click.UsageError("Name the environment that the file is to be of.")
        sys.exit(rehearse_all(project.root, project.environments(), ref))

    with _failure_named(environment), failure_reported(report, "rehearsal", environment):
        settings, outcome, reviewed = _held(project, environment, ref)

    if page:
        write_atlas(project, settings, page, reviewed)
    text = _told(environment, ref, outcome, reviewed)
    if report:
        write_whole(report, text)
    if findings:
        write_whole(findings, _found(reviewed))
    if reviewed:
        sys.exit(FAILED if outcome.error else reviewed.status)


def _found(reviewed: "Review | None") -> str:
    """What the guard found as SARIF; without a change nothing, so that earlier findings go."""
    from pipeline_zen.report import FORMS

    return FORMS["sarif"](reviewed) if reviewed else sarif.log([], [])


def _told(
    environment: str,
    ref: str | None,
    outcome: "Outcome",
    reviewed: "Review | None",
) -> str:
    """Say what came of it; the same as a report in Markdown."""
    from pipeline_zen.report import FORMS, unchanged

    summary = f"{environment} {f'at {ref}' if ref else 'from nothing'}: {outcome.beginning}"
    click.echo(summary)
    if reviewed is None:
        _tell_unchanged(ref, outcome)
        return unchanged("rehearsal", environment, summary)
    click.echo(FORMS["terminal"](reviewed), nl=False)
    click.echo(f"\n{environment}: {reviewed.headline}. {_next(reviewed, outcome)}")
    return FORMS["markdown"](reviewed)


def _tell_unchanged(ref: str | None, outcome: "Outcome") -> None:
    """Say that there is nothing to change, and what another provider does by itself."""
    if ref is not None:
        click.echo("The checkout changes nothing of it.")
    for sentence in outcome.upgrade.sentences() if outcome.upgrade else ():
        click.echo(sentence)


def _next(reviewed: "Review", outcome: "Outcome") -> str:
    """What there is to do after a rehearsal."""
    if outcome.error:
        return "It was not applied to its end: mend what is said above, and rehearse again."
    if reviewed.verdict.blocked:
        return "Next: change it, or allow it in config/allow.yaml, and rehearse again."
    environment = reviewed.target.environment
    return f"Next: `make plan ENV={environment}` says what it does to the real one."


def _held(
    project: Project, environment: str, ref: str | None
) -> "tuple[Settings, Outcome, Review | None]":
    """The rehearsal, and what there is to say of the change; None where there is none."""
    from pipeline_zen import rehearsal

    (settings,), remarks = project.examine((environment,))
    count_remarks(remarks)
    with progress_bar(f"{environment}: applying") as progress:
        if ref is None:
            outcome = rehearsal.from_nothing(settings, project.root, progress)
        else:
            outcome = rehearsal.from_ref(settings, project.root, ref, progress)
    return settings, outcome, rehearsal.reviewed(settings, project.root, outcome)


@contextmanager
def _failure_named(environment: str) -> Iterator[None]:
    """Say of which environment a rehearsal failed, or was interrupted."""
    from pipeline_zen.plan import PlanError
    from pipeline_zen.rehearsal import RehearsalError

    try:
        yield
    except (RehearsalError, PlanError) as error:
        # Mostly what OpenTofu says, which ends by itself.
        click.echo(f"{environment}: {error}", err=True)
        sys.exit(FAILED)
    except KeyboardInterrupt:
        click.echo(f"{environment}: interrupted; nothing is left of the rehearsal.", err=True)
        sys.exit(FAILED)
