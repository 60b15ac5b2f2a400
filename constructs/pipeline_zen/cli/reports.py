"""Reports that a verb writes beside what it prints."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from pipeline_zen.cli.options import to_be_written
from pipeline_zen.errors import UserError
from pipeline_zen.files import write_whole

report_option = click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=to_be_written,
    help="Write the report as Markdown to this file as well.",
)

sarif_option = click.option(
    "--sarif",
    "findings",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=to_be_written,
    help="Write what is found as SARIF to this file as well, for GitHub to show in a diff.",
)


@contextmanager
def failure_reported(report: Path | None, kind: str, environment: str) -> Iterator[None]:
    """Have *report*, where there is one, say what failed: no earlier one may be taken for it."""
    try:
        yield
    except UserError as error:
        if report:
            from pipeline_zen.report import failed

            write_whole(report, failed(kind, environment, f"{error}"))
        raise
