"""Progress of what takes long: a bar where somebody watches, or a line now and then."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from pipeline_zen.console import errors

SECONDS = 10.0
"""Seconds between two lines, where there is no terminal."""


@contextmanager
def progress_bar(what: str, seconds: float = SECONDS) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error; where that is no terminal, a line there every so many *seconds*."""
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TimeElapsedColumn

    console = errors()
    if not console.is_terminal:
        yield _lines(what, seconds)
        return
    columns = (SpinnerColumn(), "{task.description}", MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _lines(what: str, seconds: float) -> Callable[[int, int], None]:
    """Progress as lines, none of which comes sooner than so many seconds after the last."""
    last = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= seconds:
            last = time.monotonic()
            click.echo(f"{what}: {done} of {total}", err=True)

    return tell
