"""Two texts of several lines -> the lines that differ, in a time that grows with their length."""

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence

MOST_LINES = 500
"""Lines of a difference that are kept."""

_COMPARED = 1_000
"""Lines of a text that are compared one by one; of more, what is in only one text is told."""


def line_difference(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """The lines of a unified diff; of long texts, those that are in only one of them."""
    if max(len(before), len(after)) <= _COMPARED:
        diff = list(difflib.unified_diff(before, after, n=2, lineterm=""))[2:]
    else:
        diff = [*_only(before, after, "-"), *_only(after, before, "+")]
    more = len(diff) - MOST_LINES
    return (*diff[:MOST_LINES], f"… ({more:,} lines more)") if more > 0 else tuple(diff)


def _only(lines: Sequence[str], others: Sequence[str], sign: str) -> Iterator[str]:
    left = Counter(others)
    for line in lines:
        if left[line]:
            left[line] -= 1
        else:
            yield f"{sign}{line}"
