"""A page of bounded size, and lists that fold themselves away."""

from collections.abc import Sequence

from pipeline_zen.plan import cut
from pipeline_zen.report.markdown.words import OPENLY, cell, fenced

AROUND = 120
"""Bytes of what folds a list away, and says how much of it is shown."""


class Page:
    """Text that knows how much more of it may come, and what was left out."""

    def __init__(self, limit: int, longest: int) -> None:
        self.left = limit
        self.longest = longest
        """Characters of a value that are shown."""
        self.parts: list[str] = []
        self.cut: list[str] = []
        """How much of what is shown, where that is not all, such as `3 of 5 changes`."""
        self.whole = True
        """Whether everything that there is to show has had room."""
        self.named: set[str] = set()
        """The addresses that are told already."""

    def add(self, text: str) -> bool:
        """Add *text* if it fits."""
        size = len(text.encode())
        if size > self.left:
            self.whole = False
            return False
        self.left -= size
        self.parts.append(text)
        return True

    def value(self, text: str) -> str:
        """A value in a table, or in a line."""
        return cell(cut(text, self.longest))

    def diff(self, lines: Sequence[str]) -> str:
        """The lines of a difference as a block of code."""
        more = len(lines) - self.longest // 5
        shown = lines if more <= 0 else [*lines[:-more], f"… ({more:,} lines more)"]
        return fenced("\n".join(shown), "diff")

    def shows(self, shown: int, total: int, of: str) -> None:
        """Note how many of something are shown."""
        if shown < total:
            self.cut.append(f"{shown:,} of {total:,} {of}")


def section(page: Page, title: str, lines: Sequence[str]) -> int:
    """Lines under a heading, as many as fit; their number."""
    if not lines or not page.add(f"\n### {title}\n\n"):
        return 0
    return next((number for number, line in enumerate(lines) if not page.add(line)), len(lines))


def listed(lines: Sequence[str], room: int) -> tuple[str, int]:
    """Lines of a list, folded away where they are many, as many as fit; and their number."""
    room -= AROUND
    fitting = 0
    for line in lines:
        room -= len(line.encode())
        if room < 0:
            break
        fitting += 1
    if not fitting:
        return "", 0
    text = "".join(lines[:fitting])
    if fitting < len(lines):
        text += f"  - … {fitting:,} of {len(lines):,} shown\n"
    if len(lines) > OPENLY:
        summary = f"all {len(lines):,}" if fitting == len(lines) else "which"
        text = f"\n  <details><summary>{summary}</summary>\n\n{text}\n  </details>\n"
    return text, fitting
