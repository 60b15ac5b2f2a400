"""
YAML with positions: every value of a document can be traced to its file, line and column.

PyYAML parses; what is done here is to keep its node tree, whose nodes carry their marks, beside
the plain values made of it, and to refuse what PyYAML lets pass: a key given twice (the last
would win), a merge key, a value that contains itself.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pipeline_zen.settings.characters import UNFIT, first_hidden, named, seen_instead
from pipeline_zen.settings.problems import (
    CORRECTED,
    Defect,
    Key,
    Loc,
    Place,
    Problem,
    SettingsError,
    shortened,
)
from pipeline_zen.settings.scalars import ScalarError, name_of, value_of
from pipeline_zen.settings.texts import TextError, position, read_text

LIMIT = 20_000
"""The values that a document may have. Ours has some two hundred; aliases can multiply them."""

_SYNTAX_HINT = "Check the indentation, brackets and quotes there and just above."


@dataclass
class Entry:
    """A value in a document: what it is, where it and its key stand, and what it contains."""

    value: Any
    """A scalar; for a mapping or a sequence None, as `children` has the content."""

    kind: str
    """`mapping`, `sequence` or `scalar`."""

    place: Place
    key_place: Place
    children: dict[Key, "Entry"] = field(default_factory=dict)
    written: str = ""
    """A scalar's text, as what YAML takes for a number may be meant as one."""

    def plain(self) -> Any:
        """The value as dicts, lists and scalars, mappings sorted by key."""
        if self.kind == "mapping":
            ordered = sorted(self.children, key=lambda key: (isinstance(key, str), key))
            return {key: self.children[key].plain() for key in ordered}
        if self.kind == "sequence":
            return [child.plain() for child in self.children.values()]
        return self.value

    def find(self, loc: Loc) -> "Entry | None":
        """The entry at *loc*, or None."""
        entry: Entry | None = self
        for key in loc:
            entry = entry.children.get(key) if entry else None
        return entry

    def place_of(self, loc: Loc, *, at_key: bool) -> Place:
        """Where *loc* stands in its file; for what is not there, where it would belong."""
        entry, depth = self, 0
        for key in loc:
            child = entry.children.get(key)
            if child is None:
                break
            entry, depth = child, depth + 1
        at_key = at_key or depth < len(loc) or entry.kind != "scalar"
        return entry.key_place if at_key else entry.place


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
        path: Iterable[Key],
        message: str,
        hint: str,
        instead: str | None = None,
    ) -> None:
        """Note a problem, with the line it stands on."""
        defect = Defect(tuple(path), message, hint, instead=instead)
        self.problems.append(self.placed(place, defect))

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
            source=self._line(place),
            severity=defect.severity,
            rule=defect.rule,
            corrected=corrected,
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
            self.problem(start, (), "nested too deeply", "Settings are four levels deep at most.")
        except _TooLargeError:
            hint = "Write values out instead of repeating them with `*`."
            self.problem(start, (), f"more than {LIMIT} values", hint)
        return None

    def text(self, file: str, missing: str) -> str | None:
        """The text of a file, whatever it says; None where a problem of it was noted."""
        try:
            text = read_text(self.root / file, missing)
            self._lines[file] = text.splitlines()
            unfit = UNFIT.search(text)
            if unfit:
                message = f"a character that may be nowhere: {named(unfit[0])}"
                raise TextError(message, "Take it out.", text=text, index=unfit.start())
        except TextError as error:
            self._lines[file] = re.split(r"\r?\n", error.text)
            place = Place(file, error.line, error.column)
            self.problem(place, (), error.message, error.hint)
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
            place = _place(mark, file) if mark else start
            self.problem(place, (), f"not YAML: {error.problem or error.context}", _SYNTAX_HINT)
        except yaml.YAMLError as error:
            self.problem(start, (), f"not YAML: {error}", _SYNTAX_HINT)
        else:
            if node is None:
                return Entry(None, "mapping", start, start)
            place = _place(node.start_mark, file)
            if isinstance(node, yaml.MappingNode):
                return _Tree(self, file, text).entry(node, (), place, frozenset())
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


class _Tree:
    """The entries of one document, from PyYAML's nodes."""

    def __init__(self, reader: Reader, file: str, text: str) -> None:
        self._reader = reader
        self._file = file
        self._text = text
        self._entries = 0

    def entry(self, node: yaml.Node, path: Loc, key_place: Place, above: frozenset[int]) -> Entry:
        """The entry of *node*, which stands inside the nodes *above*."""
        place = _place(node.start_mark, self._file)
        self._entries += 1
        if self._entries > LIMIT:
            raise _TooLargeError
        if id(node) in above:
            self._unreadable(key_place, path, "contains itself", "Write the value out.")
            return Entry(None, "scalar", place, key_place)
        above |= {id(node)}
        if isinstance(node, yaml.MappingNode):
            return Entry(None, "mapping", place, key_place, self._settings(node, path, above))
        if isinstance(node, yaml.SequenceNode):
            return Entry(None, "sequence", place, key_place, self._items(node, path, above))
        self._note_end(node, place)
        try:
            value = value_of(node)
        except ScalarError as error:
            self._refuse(error, node, path)
            value = None
        return Entry(value, "scalar", place, key_place, written=str(node.value))

    def _settings(
        self, node: yaml.MappingNode, path: Loc, above: frozenset[int]
    ) -> dict[Key, Entry]:
        settings: dict[Key, Entry] = {}
        for key_node, value_node in node.value:
            place = _place(key_node.start_mark, self._file)
            key = self._key(key_node, place, path)
            if key is None:
                continue
            loc = (*path, key)
            if key in settings:
                message = f"given twice, first in line {settings[key].key_place.line}"
                self._unreadable(place, loc, message, "Keep one of the two.")
            else:
                settings[key] = self.entry(value_node, loc, place, above)
        return settings

    def _items(self, node: yaml.SequenceNode, path: Loc, above: frozenset[int]) -> dict[Key, Entry]:
        return {
            index: self.entry(item, (*path, index), _place(item.start_mark, self._file), above)
            for index, item in enumerate(node.value)
        }

    def _key(self, node: yaml.Node, place: Place, path: Loc) -> Key | None:
        if node.tag == "tag:yaml.org,2002:merge":
            hint = "Write the settings out; only fleets of the two files are joined."
            self._unreadable(place, path, "merge keys are not supported", hint)
            return None
        self._note_end(node, place)
        try:
            return name_of(node)
        except ScalarError as error:
            self._refuse(error, node, path)
            return None

    def _note_end(self, node: yaml.Node, place: Place) -> None:
        if node.end_mark.line == node.start_mark.line:
            self._reader.note_end(place, node.end_mark.column + 1)

    def _refuse(self, error: ScalarError, node: yaml.Node, path: Loc) -> None:
        """Note what is wrong with a scalar, at the very character if it is one."""
        start, end = node.start_mark.index, node.end_mark.index
        at = self._text.find(error.part, start, end) if error.part else -1
        place = _place(node.start_mark, self._file)
        if at >= 0:
            place = Place(self._file, *position(self._text, at))
            self._reader.note_end(place, place.column + len(error.part))
        # What an escape stands for is not where it is written.
        instead = error.instead if at >= 0 or not error.part else None
        self._unreadable(place, path, error.message, error.hint, instead)

    def _unreadable(
        self, place: Place, path: Loc, message: str, hint: str, instead: str | None = None
    ) -> None:
        if path:
            self._reader.unread.append(path)
        self._reader.problem(place, path, message, hint, instead)


class _TooLargeError(Exception):
    pass


def _compose(text: str, file: str) -> yaml.Node | None:
    loader = yaml.SafeLoader(text)
    loader.name = file
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _place(mark: yaml.Mark, file: str) -> Place:
    return Place(file, mark.line + 1, mark.column + 1)
