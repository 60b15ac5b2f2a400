"""
YAML with positions: every value of a document can be traced to its file, line and column.

PyYAML's node tree, whose nodes carry their marks, is kept beside the plain values made of it; and
what PyYAML lets pass is refused: a key given twice (the last would win), a merge key, a value that
contains itself.
"""

from dataclasses import dataclass, field
from typing import Any, Protocol

import yaml

from pipeline_zen.settings.problems import Key, Loc, Place
from pipeline_zen.settings.scalars import ScalarError, name_of, value_of
from pipeline_zen.settings.texts import position

LIMIT = 20_000
"""The values that a document may have. Ours has some two hundred; aliases can multiply them."""


class TooLargeError(Exception):
    """A document has more values than it may."""


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


class Notes(Protocol):
    """What takes note of problems, and of where what is written ends."""

    unread: list[Loc]

    @property
    def full(self) -> bool:
        """Whether no more problems are taken."""

    def problem(
        self, place: Place, path: Loc, message: str, hint: str, instead: str | None = None
    ) -> None:
        """Note a problem."""

    def note_end(self, place: Place, column: int) -> None:
        """Remember that what is written at *place* ends before *column*, in the same line."""


class Tree:
    """The entries of one document, from PyYAML's nodes."""

    def __init__(self, notes: Notes, file: str, text: str) -> None:
        self._notes = notes
        self._file = file
        self._text = text
        self._entries = 0

    def entry(self, node: yaml.Node, path: Loc, key_place: Place, above: frozenset[int]) -> Entry:
        """The entry of *node*, which stands inside the nodes *above*."""
        place = place_at(node.start_mark, self._file)
        self._entries += 1
        if self._entries > LIMIT:
            raise TooLargeError
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
            place = place_at(key_node.start_mark, self._file)
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
            index: self.entry(item, (*path, index), place_at(item.start_mark, self._file), above)
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
            self._notes.note_end(place, node.end_mark.column + 1)

    def _refuse(self, error: ScalarError, node: yaml.Node, path: Loc) -> None:
        """Note what is wrong with a scalar, at the very character if it is one."""
        start, end = node.start_mark.index, node.end_mark.index
        at = self._text.find(error.part, start, end) if error.part else -1
        place = place_at(node.start_mark, self._file)
        if at >= 0:
            place = Place(self._file, *position(self._text, at))
            self._notes.note_end(place, place.column + len(error.part))
        # What an escape stands for is not where it is written.
        instead = error.instead if at >= 0 or not error.part else None
        self._unreadable(place, path, error.message, error.hint, instead)

    def _unreadable(
        self, place: Place, path: Loc, message: str, hint: str, instead: str | None = None
    ) -> None:
        if path:
            self._notes.unread.append(path)
        if not self._notes.full:
            self._notes.problem(place, path, message, hint, instead)


def place_at(mark: yaml.Mark, file: str) -> Place:
    """The place in *file* that a mark of PyYAML's is at."""
    return Place(file, mark.line + 1, mark.column + 1)
