"""
Scalars of YAML: what may stand as a value or a name, and what is wrong with the rest.

Every text of the settings passes here, so what no text may have is refused here, once: expressions
of OpenTofu, and characters that nobody sees.
"""

import re
from collections.abc import Hashable

import yaml
from yaml.constructor import ConstructorError, SafeConstructor

from pipeline_zen.settings.characters import first_hidden, named, seen_instead
from pipeline_zen.settings.problems import Key

_LARGEST = 10**15
_SHOWN = 40
"""The characters of a value that a message shows."""

_PLAIN_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)")


_EXPRESSION = re.compile(r"[$%]\{")
"""What OpenTofu computes where it finds it in a text of a stack, be it `file(…)`."""


class ScalarError(Exception):
    """A scalar that cannot be used: what is wrong with it, what to do, and where it is wrong."""

    def __init__(
        self, message: str, hint: str, *, part: str = "", instead: str | None = None
    ) -> None:
        self.message, self.hint = message, hint
        self.part = part
        """What is wrong in it; empty where it is wrong as a whole."""
        self.instead = instead
        """What to write in its place, or in that of its part, as YAML."""
        super().__init__(message)


def value_of(node: yaml.Node) -> Hashable:
    """The value of a scalar; raises ScalarError where it cannot be read as it stands."""
    try:
        value: Hashable = SafeConstructor().construct_object(node)
    except Exception as error:  # PyYAML's constructors raise whatever they trip over
        if node.tag == "tag:yaml.org,2002:timestamp":
            message = f"no such date: {_printable(node.value)}"
            raise ScalarError(message, "Write a day that the calendar has.") from None
        what = error.problem if isinstance(error, ConstructorError) else "not what its tag says"
        raise ScalarError(f"cannot be read: {what}", _PLAINLY) from None
    _refuse(value, str(node.value))
    return value


def name_of(node: yaml.Node) -> Key:
    """A scalar as the name of a setting; raises ScalarError where it is none."""
    if not isinstance(node, yaml.ScalarNode):
        raise ScalarError("a list or mapping for a name", "Use a plain word.")
    shown = _printable(node.value)
    no_name = ScalarError(f"not a name: {shown}", f'If it is one, put it in quotes: "{shown}".')
    try:
        name = value_of(node)
    except ScalarError as error:
        raise (error if error.part else no_name) from None
    if isinstance(name, bool) or not isinstance(name, str | int) or _is_no_name(name):
        raise no_name
    return name


def _refuse(value: Hashable, written: str) -> None:
    """Raise ScalarError where a value that YAML can have may not stand."""
    if isinstance(value, bytes):
        raise ScalarError("not a text", _PLAINLY)
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise ScalarError("too large a number", "Write a smaller one.")
    number = isinstance(value, int) and not isinstance(value, bool)
    # 010 is eight and 1:30 ninety: what was meant cannot be told.
    if number and not _PLAIN_NUMBER.fullmatch(written):
        hint = f"YAML takes it for {value}: write that, or put it in quotes if it is a text."
        raise ScalarError(f"not a plain number: {written[:_SHOWN]}", hint)
    if isinstance(value, str) and not _is_text(value):
        raise ScalarError("half a character", "Write it as UTF-8 text.")
    if isinstance(value, str):
        _refuse_text(value)


def _refuse_text(text: str) -> None:
    """Raise ScalarError where a text has what none may have."""
    expression = _EXPRESSION.search(text)
    if expression:
        message = f"{expression[0]} begins an expression of OpenTofu"
        hint = "OpenTofu would compute it, with the secret's file in reach: write plain text."
        raise ScalarError(message, hint, part=expression[0])
    at = first_hidden(text)
    if at is not None:
        message = f"a character that cannot be seen: {named(text[at])}"
        hint = "Take it out, or write what can be seen."
        raise ScalarError(message, hint, part=text[at], instead=seen_instead(text[at]))


_PLAINLY = "Write plain text or a number."


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
    return value.encode(errors="replace").decode()[:_SHOWN]
