"""A page of bounded size, and lists that fold themselves away."""

import re
from collections.abc import Sequence

from pipeline_zen.plan import cut
from pipeline_zen.report.markdown.words import OPENLY, cell, fenced

AROUND = 120
"""Bytes of what folds a list away, and says how much of it is shown."""


_MORE = re.compile(r"… \(([0-9,]+) lines more\)")


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

    def diff(self, lines: Sequence[str], room: int, least: int | None = None) -> str:
        """
        The lines of a difference as a block of code, as many as there is *room* for.

        The *least* are there in any case; empty where none is.
        """
        least = self.longest // 5 if least is None else least
        room -= AROUND
        shown: list[str] = []
        for line in lines:
            shown.append(cut(line, self.longest))
            room -= len(shown[-1].encode()) + 1
            if room < 0 and len(shown) > least:
                shown.pop()
                break
        if not shown:
            return ""
        if len(shown) < len(lines):
            shown.append(f"… ({_lines(lines[len(shown) :]):,} lines more)")
        return fenced("\n".join(shown), "diff")

    def shows(self, shown: int, total: int, of: str) -> None:
        """Note how many of something are shown."""
        if shown < total:
            self.cut.append(f"{shown:,} of {total:,} {of}")


def _lines(lines: Sequence[str]) -> int:
    """How many they are, with those that the last of them stands for."""
    more = _MORE.fullmatch(lines[-1])
    return len(lines) - 1 + int(more[1].replace(",", "")) if more else len(lines)


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
