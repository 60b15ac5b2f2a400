"""
Reads YAML below a folder, noting all that is wrong with it at its place.

PyYAML parses; what it lets pass and is refused here is in `tree.py` and `scalars.py`.
"""

import re
from pathlib import Path

import yaml

from pipeline_zen.settings.characters import UNFIT, first_hidden, named, seen_instead
from pipeline_zen.settings.problems import (
    CORRECTED,
    MOST,
    Defect,
    Loc,
    Place,
    Problem,
    SettingsError,
    shortened,
)
from pipeline_zen.settings.texts import TextError, read_text
from pipeline_zen.settings.tree import LIMIT, Entry, TooLargeError, Tree, place_at

_SYNTAX_HINT = "Check the indentation, brackets and quotes there and just above."


class Reader:
    """Reads documents below *root*, collecting their problems and keeping their lines."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.unread: list[Loc] = []
        """The settings of the last document that could not be read as they stand."""
        self._lines: dict[str, list[str]] = {}
        self._ends: dict[Place, int] = {}

    def problem(
        self,
        place: Place,
        path: Loc,
        message: str,
        hint: str,
        instead: str | None = None,
        *,
        of_file: bool = False,
    ) -> None:
        """Note a problem, with the line it stands on, if it is not *of_file* as such."""
        defect = Defect(path, message, hint, instead=instead, of_file=of_file)
        self.problems.append(self.placed(place, defect))

    @property
    def full(self) -> bool:
        """Whether so many problems are noted that no more need be looked for."""
        return len(self.problems) >= MOST

    def placed(self, place: Place, defect: Defect) -> Problem:
        """The problem that a defect is at *place*, with the line it stands on."""
        corrected = self._corrected(place, defect.instead)
        return Problem(
            place=place,
            path=shortened(".".join(map(str, defect.loc))),
            message=shortened(defect.message),
            hint=shortened(
                defect.hint.replace(CORRECTED, corrected.strip() or defect.instead or "")
            ),
            source="" if defect.of_file else self._line(place),
            severity=defect.severity,
            rule=defect.rule,
            corrected=corrected,
            of_file=defect.of_file,
        )

    def read(
        self, file: str, missing: str = "Add it, or name another environment."
    ) -> Entry | None:
        """
        Read a file whose top level is a mapping.

        *file* is relative to the root, and *missing* says what to do where it is not there. None
        where it could not be read at all; its problems are then noted.
        """
        self.unread = []
        text = self.text(file, missing)
        if text is None:
            return None
        start = Place(file, 1, 1)
        try:
            return self._document(text, file)
        except RecursionError:
            hint = "Settings are four levels deep at most: take out what is deeper."
            self.problem(start, (), "nested too deeply", hint, of_file=True)
        except TooLargeError:
            hint = "Write values out instead of repeating them with `*`."
            self.problem(start, (), f"more than {LIMIT:,} values", hint, of_file=True)
        return None

    def text(self, file: str, missing: str) -> str | None:
        """The text of a file, whatever it says; None where a problem of it was noted."""
        try:
            text = read_text(self.root / file, missing).removeprefix("\ufeff")
            self._lines[file] = text.splitlines()
            unfit = UNFIT.search(text)
            if unfit:
                message = f"a character that may be nowhere: {named(unfit[0])}"
                raise TextError(message, "Take it out.", text=text, index=unfit.start())
        except TextError as error:
            self._lines[file] = re.split(r"\r?\n", error.text)
            place = Place(file, error.line, error.column)
            self.problem(place, (), error.message, error.hint, of_file=error.of_file)
            return None
        return text

    def note_end(self, place: Place, column: int) -> None:
        """Remember that what is written at *place* ends before *column*, in the same line."""
        self._ends[place] = column

    def stop(self) -> None:
        """Raise the problems noted so far, if any."""
        if self.problems:
            raise SettingsError(self.problems)

    def _line(self, place: Place) -> str:
        """The line at *place*; empty where there is none."""
        lines = self._lines.get(place.file, [])
        return lines[place.line - 1].rstrip() if place.line <= len(lines) else ""

    def _corrected(self, place: Place, instead: str | None) -> str:
        """The line at *place* with *instead* written there; empty where there is nothing to do."""
        end = self._ends.get(place)
        if instead is None or end is None:
            return ""
        line = self._line(place)
        return line[: place.column - 1] + instead + line[end - 1 :]

    def _document(self, text: str, file: str) -> Entry | None:
        start = Place(file, 1, 1)
        try:
            node = _compose(text, file)
        except yaml.MarkedYAMLError as error:
            if self._hidden(text, file):
                return None
            mark, begun = error.problem_mark or error.context_mark, error.context_mark
            # What is never closed is only missed at the end: show where it began.
            if mark and begun and mark.line >= len(self._lines[file]):
                mark = begun
            place = place_at(mark, file) if mark else start
            self.problem(place, (), f"not YAML: {error.problem or error.context}", _SYNTAX_HINT)
        except yaml.YAMLError as error:
            self.problem(start, (), f"not YAML: {error}", _SYNTAX_HINT)
        else:
            if node is None:
                return Entry(None, "mapping", start, start)
            place = place_at(node.start_mark, file)
            if isinstance(node, yaml.MappingNode):
                return Tree(self, file, text).entry(node, (), place, frozenset())
            self.problem(place, (), "not a mapping", "Write settings as `name: value` lines.")
        return None

    def _hidden(self, text: str, file: str) -> bool:
        """Note the first character that nobody sees, outside comments, as what is wrong."""
        for number, line in enumerate(text.splitlines(), start=1):
            at = first_hidden(re.sub(r"(^|\s)#.*", "", line))
            if at is not None:
                message = f"a character that cannot be seen: {named(line[at])}"
                place = Place(file, number, at + 1)
                self.note_end(place, at + 2)
                self.problem(place, (), message, "Take it out.", seen_instead(line[at]))
                return True
        return False


def _compose(text: str, file: str) -> yaml.Node | None:
    loader = yaml.SafeLoader(text)
    loader.name = file
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()
