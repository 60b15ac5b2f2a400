"""The data files of the catalogue and the public ones, as the refresh reads and writes them."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

import click

Row = dict[str, str]
Rows = list[Row]


class Origin(NamedTuple):
    """What is written beside each fact: when it was so, and who says it."""

    as_of: str
    source: str

    def of(self, **fields: str) -> Row:
        """A row with both."""
        return {**fields, "as_of": self.as_of, "source": self.source}

    def wrote(self, row: Row) -> bool:
        """Whether *row* is from here, of whatever revision."""
        return row["source"].partition(" @")[0] == self.source.partition(" @")[0]


@dataclass
class Data:
    """The catalogue's data files: as they are, and as they are to be written."""

    home: Path
    fresh: dict[str, Rows] = field(default_factory=dict)

    def rows(self, name: str) -> Rows:
        """The rows of a data file, with what was put into it."""
        if name not in self.fresh:
            return [row for _, row in csv_rows(self.home / name)]
        return self.fresh[name]

    def put(self, name: str, rows: Rows) -> None:
        """Replace all rows of a data file."""
        self.fresh[name] = rows

    def merge(self, name: str, fresh: Iterable[Row], key: tuple[str, str]) -> None:
        """Replace all rows of what *fresh* knows: of what has the same first key."""
        rows = list(fresh)
        known = {row[key[0]] for row in rows}
        kept = [row for row in self.rows(name) if row[key[0]] not in known]
        self.put(name, sorted([*kept, *rows], key=lambda row: (row[key[0]], row[key[1]])))

    def write(self) -> None:
        """Write what was put, and say what that changes."""
        for name, rows in self.fresh.items():
            before = [row for _, row in csv_rows(self.home / name)]
            with (self.home / name).open("w", encoding="utf-8", newline="") as data:
                writer = csv.DictWriter(data, list(before[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
            facts = [{tuple(_facts(row)) for row in version} for version in (before, rows)]
            new, gone = len(facts[1] - facts[0]), len(facts[0] - facts[1])
            click.echo(f"{name}: {new} new, {gone} gone")


def csv_rows(file: Path, delimiter: str = ",", *columns: str) -> list[tuple[str, Row]]:
    """The rows of a file, each with its place."""
    with file.open(encoding="utf-8", newline="") as data:
        reader = csv.DictReader(data, delimiter=delimiter, restval="")
        missing = set(columns) - set(reader.fieldnames or ())
        if missing:
            lacking = ", ".join(sorted(missing))
            raise click.ClickException(f"{file} has no column {lacking}: its form has changed.")
        return [(f"{file}:{reader.line_num}", row) for row in reader]


def price(value: object, where: str) -> str:
    """A price as it is kept; empty where it is not known."""
    if value in (None, ""):
        return ""
    amount = round(_decimal(value, where), 6)
    if not amount:
        click.echo(f"{where} is 0: left out, as it is not known.")
        return ""
    return f"{amount:f}".rstrip("0").rstrip(".")


def number(row: Row, column: str, where: str) -> Decimal:
    """A number above zero."""
    amount = _decimal(row[column], f"{where}: {column}")
    if not amount:
        raise click.ClickException(f'{where}: {column} is "{row[column]}", and must be above zero.')
    return amount


def _decimal(value: object, where: str) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or number < 0:
        raise click.ClickException(f'{where} is "{value}": no number from zero on.')
    return number


def _facts(row: Row) -> list[str]:
    return [value for name, value in row.items() if name not in ("as_of", "source")]
