"""Tables as text: as wide as a terminal is, or wide enough that no row is broken in a file."""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDE = 1_000
"""Columns of a table that goes into a file or a pipe."""


def width() -> int:
    """The columns that there are."""
    return _console().width


def _console() -> "Console":
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(file=io.StringIO(), width=WIDE)


def shown(*tables: "Table", notes: list[str], above: str = "") -> str:
    """The tables one after the other, below a line and above the notes."""
    console = _console()
    with console.capture() as captured:
        if above:
            console.print(above, markup=False, highlight=False)
        for table in tables:
            console.print(table)
        for note in notes:
            console.print(note, markup=False, highlight=False)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"
