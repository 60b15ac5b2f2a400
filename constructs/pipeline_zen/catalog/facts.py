"""How facts are kept: rows of text with a date, and answers that may be doubtful."""

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeAlias

from pipeline_zen.errors import UserError

Verdict: TypeAlias = Literal["yes", "no", "doubtful"]

HOME = Path(__file__).parent
"""Where the data files are."""


class CatalogError(UserError):
    """A data file of the catalogue cannot be used: its file and line, what is wrong, what to do."""


@dataclass(frozen=True)
class Answer:
    """
    An answer, why it is so, the day of the data behind it, and who says so.

    The day is that of the oldest row that the answer rests on; None where there are no data.
    """

    verdict: Verdict
    reason: str
    as_of: date | None
    source: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a data file. What cannot be read as what it is to be is a CatalogError."""

    place: str
    """File and line."""
    fields: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """The text in *column*, which may be empty."""
        if column not in self.fields:
            raise CatalogError(f"{self.place}: the file has no column {column}")
        return self.fields[column]

    def text(self, column: str) -> str:
        """The text in *column*, which may not be empty."""
        return self._matching(column, r".*\S.*", "some text")

    def zone(self, column: str) -> str:
        """A zone."""
        return self._matching(column, r"[a-z]+-[a-z]+[0-9]+-[a-z]", "a zone, such as us-central1-a")

    def day(self, column: str) -> date:
        """A day."""
        wanted = "a day, such as 2026-12-01"
        text = self._matching(column, r"[0-9]{4}-[0-9]{2}-[0-9]{2}", wanted)
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self._wrong(column, wanted) from None

    def whole(self, column: str) -> int:
        """A whole number."""
        return int(self._matching(column, r"[0-9]+", "a whole number"))

    def number(self, column: str) -> float:
        """A number, whole or not."""
        return float(self._matching(column, r"[0-9]+(\.[0-9]+)?", "a number"))

    def price(self, column: str) -> Decimal | None:
        """Dollars; None where they are not known."""
        if not self[column]:
            return None
        price = Decimal(self._matching(column, r"[0-9]+(\.[0-9]+)?", _A_PRICE))
        if not price:
            raise self._wrong(column, _A_PRICE)
        return price

    def one_of(self, column: str, allowed: Collection[str]) -> str:
        """One of a few words."""
        if self[column] not in allowed:
            raise self._wrong(column, f"one of {', '.join(allowed)}")
        return self[column]

    def words(self, column: str, allowed: Collection[str] | None = None) -> tuple[str, ...]:
        """The words of a field that holds several, or none."""
        words = tuple(self[column].split())
        if allowed is not None and not set(words) <= set(allowed):
            raise self._wrong(column, f"some of {', '.join(allowed)}, with spaces between them")
        return words

    def _matching(self, column: str, pattern: str, wanted: str) -> str:
        if not re.fullmatch(pattern, self[column]):
            raise self._wrong(column, wanted)
        return self[column]

    def _wrong(self, column: str, wanted: str) -> CatalogError:
        return CatalogError(f'{self.place}: {column} is "{self[column]}", and must be {wanted}')


_A_PRICE = "dollars above zero, or empty where they are not known"


def rows(file: str, *key: str) -> Iterator[Row]:
    """The rows of one of the data files; no two have the same *key*."""
    path = HOME / file
    where = "/".join(path.parts[-4:])
    seen: dict[tuple[str, ...], str] = {}
    with path.open(encoding="utf-8", newline="") as data:
        reader = csv.reader(data, strict=True)
        try:
            header = next(reader, [])
            for values in reader:
                place = f"{where}:{reader.line_num}"
                if len(values) != len(header):
                    raise CatalogError(
                        f"{place}: {len(values)} values, and there are {len(header)} columns: "
                        f"{','.join(header)}"
                    )
                row = Row(place, dict(zip(header, values, strict=True)))
                what = tuple(row[column] for column in key)
                if what in seen:
                    raise CatalogError(f"{place}: {' '.join(what)} is in {seen[what]} already")
                seen[what] = place
                yield row
        except (csv.Error, UnicodeDecodeError) as error:
            raise CatalogError(f"{where}:{reader.line_num}: no CSV in UTF-8: {error}") from None
