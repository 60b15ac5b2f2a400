"""What can be wrong with the settings, as values, and how it reads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from pipeline_zen.errors import UserError
from pipeline_zen.visible import visible

Key: TypeAlias = str | int
Loc: TypeAlias = tuple[Key, ...]
"""The path of a setting: names, numbers of GPUs, and places in a list."""

Severity: TypeAlias = Literal["error", "warning", "notice"]
"""An error stops; a warning is probably wrong; a notice is worth knowing."""


CORRECTED = "{corrected line}"
"""What stands, in a hint, for the line as it would be right."""

_AROUND = 60
"""The characters of a long line that are shown before the caret; twice as many after it."""

_LONG_WORD = re.compile(r"(\S{160})\S{41,}")
MOST = 200
"""The problems that are looked for; what has so many is no file of settings."""

_TOLD = 50
"""The problems that are told at once."""


@dataclass(frozen=True, order=True)
class Place:
    """A position in a file of ours; line and column count from 1."""

    file: str
    line: int
    column: int


class Defect(NamedTuple):
    """What is wrong with a setting, wherever that stands: before it is a Problem at a place."""

    loc: Loc
    message: str
    hint: str = ""
    """What to do; of a rule why it is so, as every defect of a rule has the rule's advice."""
    as_of: date | None = None
    """The day of the facts that this rests on, where it rests on some."""
    at_key: bool = False
    """Whether the setting's name is meant, rather than its value."""
    missing: Loc = ()
    """Where something is missed, if so: it may be there, and only not be sound."""
    severity: Severity = "error"
    rule: str = ""
    """The id of the lint's rule that found it; empty where none did."""
    instead: str | None = None
    """What to write in its place, as YAML, where that is known."""
    of_file: bool = False
    """Whether the file as such is wrong, and not what stands in a line of it."""


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
    corrected: str = ""
    """The line as it would be right, where that is known: then this problem is gone."""
    of_file: bool = False
    """Whether the file as such is wrong: then there is no line to go to."""

    def __str__(self) -> str:
        """The problem as text: where and what, the line with a caret, and what to do."""
        place = self.place
        file = place.file.replace("\n", "\\n")
        where = file if self.of_file else f"{file}:{place.line}:{place.column}"
        kind = "" if self.severity == "error" else self.severity
        what = ": ".join(part for part in (where, kind, self.path, self.message) if part)
        hint = f"{self.hint} [{self.rule}]" if kind else self.hint
        return "\n".join((visible(what), *self._excerpt(), visible(hint)))

    def _excerpt(self) -> tuple[str, ...]:
        """The line at the place, with a caret below its character; none where there is no line."""
        if not self.source:
            return ()
        at, line = self.place.column - 1, self.source
        start = at - _AROUND if at > 2 * _AROUND else 0
        end = at + 2 * _AROUND
        # Tabs stay tabs, so that the caret stands under its character.
        before = ("…" if start else "") + _shown(line[start:at])
        after = _shown(line[at:end]) + ("…" if end < len(line) else "")
        indent = "".join("\t" if character == "\t" else " " for character in before)
        return (f"    {before}{after}", f"    {indent}^")


def shortened(text: str) -> str:
    """*text* with its longest words cut: what nobody would read, and no terminal could show."""
    return _LONG_WORD.sub(r"\1…", text)


def _shown(source: str) -> str:
    """A line with its tabs, and all else that cannot be seen written out."""
    return "\t".join(map(visible, source.split("\t")))


class SettingsError(UserError):
    """The settings cannot be used; `problems` says why, sorted by place, each with a full stop."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__(f"{len(self.problems)} problems")

    def __str__(self) -> str:
        """The problems as text, which hides nothing by itself; of very many the first."""
        told = [str(problem) for problem in self.problems[:_TOLD]]
        more = len(self.problems) - _TOLD
        if more > 0:
            least = "at least " if len(self.problems) >= MOST else ""
            told.append(f"And {least}{more} problems more, told once these are gone.")
        return "\n\n".join(told)
