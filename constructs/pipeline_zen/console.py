"""Text for people: as wide as the terminal is, or wide enough that no line is broken in a file."""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

WIDE = 10_000
"""Columns of what goes into a file or a pipe."""


def console() -> "Console":
    """Standard output, where that is a terminal; else something as wide as a file may be."""
    from rich.console import Console

    terminal = Console()
    return terminal if terminal.is_terminal else Console(file=io.StringIO(), width=WIDE)


def errors() -> "Console":
    """Standard error."""
    from rich.console import Console

    return Console(stderr=True)


def shown(*parts: "RenderableType") -> str:
    """The parts one after the other, text as it is, with no blanks at the end of a line."""
    from rich.text import Text

    here = console()
    lines: list[str] = []
    for part in parts:
        if isinstance(part, str | Text) and not here.is_terminal:
            # Without colours there is nothing to render, which takes long for many lines.
            lines += str(part).split("\n")
            continue
        with here.capture() as captured:
            here.print(part, markup=False, highlight=False)
        lines += captured.get().splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def needed(table: "Table") -> int:
    """The columns that a table takes if no row is broken."""
    from rich.console import Console

    wide = Console(width=WIDE)
    return table.__rich_measure__(wide, wide.options).maximum
