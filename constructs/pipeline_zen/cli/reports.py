"""Reports that a verb writes beside what it prints."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from pipeline_zen.errors import UserError
from pipeline_zen.files import write_whole


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
