"""How facts are kept: rows of text with a date, and answers that may be doubtful."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["yes", "no", "doubtful"]


@dataclass(frozen=True)
class Answer:
    """An answer, why it is so, and the day of the data behind it; None where there are none."""

    verdict: Verdict
    reason: str
    as_of: date | None


def rows(file: str) -> Iterator[dict[str, str]]:
    """The rows of one of the data files."""
    with Path(__file__).with_name(file).open(encoding="utf-8", newline="") as data:
        yield from csv.DictReader(data)


def words(text: str) -> tuple[str, ...]:
    """The words of a field that holds several."""
    return tuple(text.split())
