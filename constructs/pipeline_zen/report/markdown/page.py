"""A page of bounded size, and lists that fold themselves away."""

from collections.abc import Sequence

from pipeline_zen.report.markdown.words import OPENLY, code

AROUND = 120
"""Bytes of what folds a list away, and says how much of it is shown."""


class Page:
    """Text that knows how much more of it may come, and what was left out."""

    def __init__(self, limit: int) -> None:
        self.left = limit
        self.parts: list[str] = []
        self.cut: list[str] = []
        """How much of what is shown, where that is not all, such as `3 of 5 changes`."""

    def add(self, text: str) -> bool:
        """Add *text* if it fits."""
        size = len(text.encode())
        if size > self.left:
            return False
        self.left -= size
        self.parts.append(text)
        return True

    def shows(self, shown: int, total: int, of: str) -> None:
        """Note how many of something are shown."""
        if shown < total:
            self.cut.append(f"{shown:,} of {total:,} {of}")


def section(page: Page, title: str, lines: Sequence[str]) -> int:
    """Lines under a heading, as many as fit; their number."""
    if not lines or not page.add(f"\n### {title}\n\n"):
        return 0
    return next((number for number, line in enumerate(lines) if not page.add(line)), len(lines))


def listed(addresses: Sequence[str], room: int) -> str:
    """Addresses, folded away where they are many, as many as fit into *room* bytes."""
    lines = []
    room -= AROUND
    for address in addresses:
        line = f"  - {code(address)}\n"
        room -= len(line.encode())
        if room < 0:
            break
        lines.append(line)
    if not lines:
        return ""
    if len(lines) < len(addresses):
        lines.append(f"  - … {len(lines):,} of {len(addresses):,} shown\n")
    text = "".join(lines)
    if len(addresses) > OPENLY:
        summary = f"all {len(addresses):,}" if len(lines) == len(addresses) else "which"
        return f"\n  <details><summary>{summary}</summary>\n\n{text}\n  </details>\n"
    return text
