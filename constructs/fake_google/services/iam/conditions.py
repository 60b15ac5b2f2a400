"""
Conditions of grants: the part of Google's expression language that is about resources.

Of `request.time` and of what else there is nothing is known here: a condition with it never holds,
and `supported` tells so.
"""

import re
from collections.abc import Callable
from typing import Any

from fake_google.wire import Json

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<sign>&&|\|\||==|!=|!|\(|\)|,|\.)
    |(?P<word>[A-Za-z_]\w*))""",
    re.VERBOSE,
)


class UnknownExpressionError(ValueError):
    """An expression of which the rest of the language would be needed."""


def supported(expression: str) -> bool:
    """Whether it can be told here if *expression* holds."""
    try:
        return isinstance(_Reader(expression, "", "").whole(), bool)
    except UnknownExpressionError:
        return False


def holds(condition: Json | None, kind: str, name: str) -> bool:
    """Whether a grant's condition, if it has one, holds for a resource."""
    if not condition:
        return True
    try:
        return _Reader(condition.get("expression", ""), kind, name).whole() is True
    except UnknownExpressionError:
        return False


class _Reader:
    def __init__(self, text: str, kind: str, name: str) -> None:
        service = kind.partition("/")[0]
        self._resource = {"type": kind, "name": name, "service": service}
        self._tokens: list[str] = []
        at = 0
        text = text.strip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise UnknownExpressionError(text[at:])
            self._tokens.append(match[0].strip())
            at = match.end()

    def whole(self) -> Any:
        value = self._either()
        if self._tokens:
            raise UnknownExpressionError(self._tokens[0])
        return value

    def _take(self, *wanted: str) -> str:
        if self._tokens and (not wanted or self._tokens[0] in wanted):
            return self._tokens.pop(0)
        return ""

    def _either(self) -> Any:
        value = self._both()
        while self._take("||"):
            other = self._both()
            value = _truth(value) or _truth(other)
        return value

    def _both(self) -> Any:
        value = self._comparison()
        while self._take("&&"):
            other = self._comparison()
            value = _truth(value) and _truth(other)
        return value

    def _comparison(self) -> Any:
        left = self._value()
        sign = self._take("==", "!=")
        return (left == self._value()) == (sign == "==") if sign else left

    def _value(self) -> Any:
        if self._take("!"):
            return not _truth(self._value())
        if self._take("("):
            value = self._either()
            self._expect(")")
        else:
            word = self._take()
            if word[:1] in ("'", '"'):
                value = re.sub(r"\\(.)", r"\1", word[1:-1])
            elif word in ("true", "false"):
                value = word == "true"
            elif word == "resource" and self._take("."):
                value = self._resource.get(self._take())
            else:
                raise UnknownExpressionError(word)
        while self._take("."):
            value = self._called(value)
        return value

    def _called(self, value: Any) -> Any:
        name = self._take()
        function = _FUNCTIONS.get(name)
        if function is None or not isinstance(value, str):
            raise UnknownExpressionError(name)
        self._expect("(")
        argument = self._either()
        self._expect(")")
        if not isinstance(argument, str):
            raise UnknownExpressionError(name)
        return function(value, argument)

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise UnknownExpressionError(sign)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise UnknownExpressionError(str(value))
    return value


def _extract(text: str, template: str) -> str:
    head, _, rest = template.partition("{")
    tail = rest.partition("}")[2]
    found = re.search(re.escape(head) + (f"(.*?){re.escape(tail)}" if tail else "(.*)"), text)
    return found[1] if found else ""


_FUNCTIONS: dict[str, Callable[[str, str], Any]] = {
    "contains": lambda text, part: part in text,
    "endsWith": str.endswith,
    "extract": _extract,
    "startsWith": str.startswith,
}
