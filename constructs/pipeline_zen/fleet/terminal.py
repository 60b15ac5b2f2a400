"""Tables as text: as wide as a terminal is, or wide enough that no row is broken in a file."""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

WIDE = 1_000
"""Columns of a table that goes into a file or a pipe."""


def shown(*tables: "Table", notes: list[str]) -> str:
    """The tables one after the other, and the notes below them."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console = Console(file=io.StringIO(), width=WIDE)
    with console.capture() as captured:
        for table in tables:
            console.print(table)
        for note in notes:
            console.print(note, markup=False, highlight=False)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"
