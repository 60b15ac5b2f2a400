"""What can be wrong with the settings, as values, and how it reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pipeline_zen.errors import UserError

Severity: TypeAlias = Literal["error", "warning", "notice"]
"""An error stops; a warning is probably wrong; a notice is worth knowing."""


@dataclass(frozen=True, order=True)
class Place:
    """A position in a file of ours; line and column count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, order=True)
class Problem:
    """
    One thing that is wrong, and what to do about it.

    `path` is the setting's, with dots; empty where the file as a whole is meant. `source` is the
    line at `place`, empty where there is none to show. `rule` is the id of the rule that
    found it, by which it can be ignored if it is no error; empty where none has one.
    """

    place: Place
    path: str
    message: str
    hint: str
    source: str = ""
    severity: Severity = "error"
    rule: str = ""

    def __str__(self) -> str:
        """The problem as text: where and what, the line with a caret, and what to do."""
        where = f"{self.place.file}:{self.place.line}:{self.place.column}"
        kind = "" if self.severity == "error" else self.severity
        lines = [": ".join(part for part in (where, kind, self.path, self.message) if part)]
        if self.source:
            # Tabs stay tabs, so that the caret stands under its character.
            before = self.source[: self.place.column - 1]
            indent = "".join("\t" if character == "\t" else " " for character in before)
            lines += [f"    {self.source}", f"    {indent}^"]
        lines.append(f"{self.hint} [{self.rule}]" if kind else self.hint)
        return "\n".join(lines)


class SettingsError(UserError):
    """The settings cannot be used; `problems` says why, sorted by place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n\n".join(map(str, self.problems)))
