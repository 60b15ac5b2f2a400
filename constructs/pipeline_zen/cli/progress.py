"""Progress of what takes long: a bar where somebody watches, or a line now and then."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from pipeline_zen.console import errors

QUARTERS = 4
"""So many lines are written of one stage, where there is no terminal."""


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, or lines there, where that is no terminal."""
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TimeElapsedColumn

    console = errors()
    if not console.is_terminal:
        yield _lines(what)
        return
    columns = (SpinnerColumn(), "{task.description}", MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _lines(what: str) -> Callable[[int, int], None]:
    """Progress as lines: one for each quarter of what is known to be there."""
    quarter = 0

    def tell(done: int, total: int) -> None:
        nonlocal quarter
        now = QUARTERS * done // total if total else 0
        if now != quarter:
            quarter = now
            if now:
                click.echo(f"{what}: {done} of {total}", err=True)

    return tell
