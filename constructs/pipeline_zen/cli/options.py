"""Options that several verbs share."""

import os
from pathlib import Path

import click


def to_be_written(
    _context: click.Context, _parameter: click.Parameter, file: Path | None
) -> Path | None:
    """Refuse a file that cannot be written, before a minute is spent on what goes into it."""
    folder = file.parent if file else Path()
    if not folder.is_dir():
        raise click.BadParameter(f"{file} cannot be written: there is no folder {folder}.")
    if not os.access(folder, os.W_OK):
        raise click.BadParameter(f"{file} cannot be written: nor can its folder, {folder}.")
    return file


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


def not_empty(
    _context: click.Context, _parameter: click.Parameter, given: str | None
) -> str | None:
    """Refuse an empty value: it is one that got lost, and not the wish to give none."""
    if given is not None and not given.strip():
        raise click.BadParameter("it is empty: give it a value, or leave it out.")
    return given
