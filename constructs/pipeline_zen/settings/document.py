"""
YAML with positions: every value of a document can be traced to its file, line and column.

PyYAML parses; what is done here is to keep its node tree, whose nodes carry their marks, beside
the plain values made of it, and to refuse what PyYAML lets pass: a key given twice (the last
would win), a merge key, a value that contains itself.
"""

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from yaml.constructor import ConstructorError, SafeConstructor

from pipeline_zen.settings.problems import Place, Problem, SettingsError

LIMIT = 20_000
"""The values that a document may have. Ours has some two hundred; aliases can multiply them."""

_LARGEST = 10**15

_PLAIN_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)")

Key: TypeAlias = str | int
Loc: TypeAlias = Sequence[Key]


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


class Reader:
    """Reads documents below *root*, collecting their problems and keeping their lines."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.unread: list[tuple[Key, ...]] = []
        """The settings of the last document that could not be read as they stand."""
        self._lines: dict[str, list[str]] = {}
        self._entries = 0

    def problem(
        self, place: Place, path: Iterable[Key], message: str, hint: str, *, rule: str = ""
    ) -> None:
        """Note a problem, with the line it stands on."""
        path_ = ".".join(map(str, path))
        self.problems.append(Problem(place, path_, message, hint, self.line(place), rule=rule))

    def line(self, place: Place) -> str:
        """The line at *place*; empty where there is none."""
        lines = self._lines.get(place.file, [])
        return lines[place.line - 1].rstrip() if place.line <= len(lines) else ""

    def read(
        self, file: str, missing: str = "Add it, or name another environment."
    ) -> Entry | None:
        """
        Read a file whose top level is a mapping.

        *file* is relative to the root, and *missing* says what to do where it is not there. None
        where it could not be read at all; its problems are then noted.
        """
        self.unread = []
        text = self._text(file, missing)
        if text is None:
            return None
        self._lines[file] = text.splitlines()
        start = Place(file, 1, 1)
        self._entries = 0
        try:
            return self._document(text, file, start)
        except RecursionError:
            self.problem(start, (), "nested too deeply", "Settings are four levels deep at most.")
        except _TooLargeError:
            hint = "Write values out instead of repeating them with `*`."
            self.problem(start, (), f"more than {LIMIT} values", hint)
        return None

    def _document(self, text: str, file: str, start: Place) -> Entry | None:
        try:
            node = _compose(text, file)
        except yaml.MarkedYAMLError as error:
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
                return self._entry(node, file, (), place, frozenset())
            self.problem(place, (), "not a mapping", "Write settings as `name: value` lines.")
        return None

    def _text(self, file: str, missing: str) -> str | None:
        start = Place(file, 1, 1)
        try:
            return (self.root / file).read_text(encoding="utf-8")
        except FileNotFoundError:
            self.problem(start, (), "no such file", missing)
        except UnicodeDecodeError as error:
            self._lines[file] = error.object.decode(errors="replace").splitlines()
            before = error.object[: error.start].decode()
            column = len(before) - before.rfind("\n")
            place = Place(file, before.count("\n") + 1, column)
            self.problem(place, (), f"not UTF-8 text (byte {error.start})", "Save it as UTF-8.")
        except OSError as error:
            self.problem(start, (), f"cannot be read: {error.strerror}", "Check the file.")
        return None

    def stop(self) -> None:
        """Raise the problems noted so far, if any."""
        if self.problems:
            raise SettingsError(self.problems)

    def _entry(
        self,
        node: yaml.Node,
        file: str,
        path: tuple[Key, ...],
        key_place: Place,
        above: frozenset[int],
    ) -> Entry:
        place = _place(node.start_mark, file)
        self._entries += 1
        if self._entries > LIMIT:
            raise _TooLargeError
        if id(node) in above:
            self._unreadable(key_place, path, "contains itself", "Write the value out.")
            return Entry(None, "scalar", place, key_place)
        above |= {id(node)}

        if isinstance(node, yaml.MappingNode):
            entry = Entry(None, "mapping", place, key_place)
            for key_node, value_node in node.value:
                spot = _place(key_node.start_mark, file)
                key = self._key(key_node, spot, path)
                if key is None:
                    continue
                if key in entry.children:
                    first = entry.children[key].key_place.line
                    self._unreadable(
                        spot,
                        (*path, key),
                        f"given twice, first in line {first}",
                        "Keep one of the two.",
                    )
                    continue
                entry.children[key] = self._entry(value_node, file, (*path, key), spot, above)
            return entry

        if isinstance(node, yaml.SequenceNode):
            entry = Entry(None, "sequence", place, key_place)
            for index, item in enumerate(node.value):
                spot = _place(item.start_mark, file)
                entry.children[index] = self._entry(item, file, (*path, index), spot, above)
            return entry

        return Entry(self._scalar(node, place, path), "scalar", place, key_place)

    def _key(self, node: yaml.Node, place: Place, path: tuple[Key, ...]) -> Key | None:
        if node.tag == "tag:yaml.org,2002:merge":
            hint = "Write the settings out; only fleets of the two files are joined."
            self._unreadable(place, path, "merge keys are not supported", hint)
            return None
        key = self._scalar(node, place, path) if isinstance(node, yaml.ScalarNode) else None
        if isinstance(key, bool) or not isinstance(key, str | int) or _is_no_name(key):
            if isinstance(node, yaml.ScalarNode):
                shown = _printable(node.value)
                hint = f'If it is one, put it in quotes: "{shown}".'
                self._unreadable(place, path, f"not a name: {shown}", hint)
            else:
                self._unreadable(place, path, "a list or mapping for a name", "Use a plain word.")
            return None
        return key

    def _unreadable(self, place: Place, path: tuple[Key, ...], message: str, hint: str) -> None:
        if path:
            self.unread.append(path)
        self.problem(place, path, message, hint)

    def _scalar(self, node: yaml.Node, place: Place, path: tuple[Key, ...]) -> Hashable:
        try:
            value: Hashable = SafeConstructor().construct_object(node)
        except Exception as error:  # PyYAML's constructors raise whatever they trip over
            if node.tag == "tag:yaml.org,2002:timestamp":
                message = f"no such date: {_printable(node.value)}"
                self._unreadable(place, path, message, "Write a day that the calendar has.")
                return None
            what = error.problem if isinstance(error, ConstructorError) else "not what its tag says"
            self._unreadable(
                place, path, f"cannot be read: {what}", "Write plain text or a number."
            )
            return None
        wrong = _wrong(value, str(node.value))
        if wrong:
            self._unreadable(place, path, *wrong)
            return None
        return value


def _wrong(value: Hashable, written: str) -> tuple[str, str] | None:
    """What is wrong with a scalar, and what to do; nothing where it may stand."""
    if isinstance(value, bytes):
        return "not a text", "Write plain text or a number."
    if isinstance(value, int) and abs(value) > _LARGEST:
        return "too large a number", "Write a smaller one."
    number = isinstance(value, int) and not isinstance(value, bool)
    # 010 is eight and 1:30 ninety: what was meant cannot be told.
    if number and not _PLAIN_NUMBER.fullmatch(written):
        hint = f"YAML takes it for {value}: write that, or put it in quotes if it is a text."
        return f"not a plain number: {written[:40]}", hint
    if isinstance(value, str) and not _is_text(value):
        return "half a character", "Write it as UTF-8 text."
    return None


class _TooLargeError(Exception):
    pass


def _is_no_name(key: Key) -> bool:
    if isinstance(key, int):
        return abs(key) > _LARGEST
    # pydantic itself calls a key that is wrong so.
    return key == "[key]" or not _is_text(key)


def _is_text(value: str) -> bool:
    """Whether it can be written: half of a surrogate pair cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _printable(value: str) -> str:
    return value.encode(errors="replace").decode()[:40]


_SYNTAX_HINT = "Check the indentation, brackets and quotes there and just above."


def _compose(text: str, file: str) -> yaml.Node | None:
    loader = yaml.SafeLoader(text)
    loader.name = file
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _place(mark: yaml.Mark, file: str) -> Place:
    return Place(file, mark.line + 1, mark.column + 1)
