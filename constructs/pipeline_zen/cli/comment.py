"""The verb `comment`: post a report on a pull request."""

import os
from pathlib import Path

import click

from pipeline_zen.errors import UserError


@click.command()
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
    from pipeline_zen.github import PullRequest, no_report, read_report, summarize

    if (kind is None) != (environment is None):
        raise click.UsageError("Give --kind and --env together.")
    missing = False
    if kind and environment and not report.exists():
        missing = True
        text = no_report(kind, environment)
    else:
        text = read_report(report)
    summarize(text)
    address = PullRequest.of(os.environ).post(text, account)
    click.echo(f"Posted: {address}")
    if missing:
        raise UserError(f"There is no {report}: what should have written it has failed")
