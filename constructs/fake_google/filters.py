"""
Filters, as lists take them and as subscriptions have them.

    name = "a" AND (labels.env:dev OR NOT status != RUNNING)

A filter is read into a function that tells of a resource whether it passes. Google's APIs write
alike, with small differences: Compute Engine has `eq` and `ne` before a regular expression,
Pub/Sub knows only attributes, of which it can ask for a prefix.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Test = Callable[[Any], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<sign><=|>=|!=|!:|=|<|>|:|\(|\)|,)
    |(?P<word>-?[^\s"'()<>=!:,]+)|(?P<odd>\S))""",
    re.VERBOSE,
)

_SIGNS = ("=", "!=", ":", "<", "<=", ">", ">=")
_WORDS = {"eq": "eq", "ne": "ne"}


class FilterError(ValueError):
    """The filter is none; the text says where."""


@dataclass(frozen=True)
class _Token:
    kind: str
    value: str


class _Reader:
    """A filter's tokens, and the grammar by which they are read."""

    def __init__(self, text: str, *, attributes: bool) -> None:
        self._attributes = attributes
        self._tokens = list(_tokens(text))
        self._at = 0

    def whole(self) -> Test:
        test = self._any()
        if self._at < len(self._tokens):
            raise FilterError(f"unexpected {self._tokens[self._at].value!r}")
        return test

    def _peek(self) -> _Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else _Token("end", "")

    def _next(self) -> _Token:
        token = self._peek()
        self._at += 1
        return token

    def _is(self, word: str) -> bool:
        if self._peek() == _Token("word", word):
            self._at += 1
            return True
        return False

    def _any(self) -> Test:
        tests = [self._all()]
        while self._is("OR"):
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda it: any(test(it) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        # Terms that stand side by side are joined, except in Pub/Sub.
        while self._is("AND") or (not self._attributes and self._begins()):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda it: all(test(it) for test in tests)

    def _begins(self) -> bool:
        token = self._peek()
        return token.value == "(" or (token.kind == "word" and token.value not in ("AND", "OR"))

    def _one(self) -> Test:
        if self._is("NOT"):
            test = self._one()
            return lambda it: not test(it)
        token = self._next()
        if token == _Token("sign", "("):
            test = self._any()
            self._expect(")")
            return test
        if token.kind != "word":
            raise FilterError(f"unexpected {token.value!r}" if token.value else "it ends too soon")
        return self._attribute(token.value) if self._attributes else self._field(token.value)

    def _field(self, name: str) -> Test:
        negated, path = name.startswith("-"), name.removeprefix("-").split(".")
        sign = self._next().value
        if sign not in (*_SIGNS, *_WORDS):
            raise FilterError(f"{name!r} is compared with nothing")
        # A pattern has backslashes of its own.
        value = self._value(pattern=sign in _WORDS)
        return lambda it: negated != _compare(_at(it, path), sign, value)

    def _attribute(self, name: str) -> Test:
        if name == "hasPrefix":
            self._expect("(")
            key = self._key(self._next().value)
            self._expect(",")
            prefix = self._value(quoted=True)
            self._expect(")")
            return lambda it: str(it.get(key, "")).startswith(prefix)
        if name.lower() == "attributes" and self._peek().value == ":":
            self._next()
            key = self._value()
            return lambda it: key in it
        key, sign = self._key(name), self._next().value
        if sign not in ("=", "!="):
            raise FilterError(f"{name!r} is compared with `=` or `!=`")
        value = self._value(quoted=True)
        return lambda it: (it.get(key) == value) == (sign == "=")

    def _key(self, name: str) -> str:
        head, _, key = name.partition(".")
        if head.lower() != "attributes" or not (key or self._peek().kind == "text"):
            raise FilterError(f"{name!r} is no attribute")
        return key or self._value()

    def _value(self, *, quoted: bool = False, pattern: bool = False) -> str:
        token = self._next()
        if token.kind == "text":
            text = token.value[1:-1]
            return text if pattern else re.sub(r"\\(.)", r"\1", text)
        if token.kind != "word" or quoted:
            raise FilterError(f"a value in quotes is missing before {token.value!r}")
        # A time or an address has colons in it.
        parts = [token.value]
        while self._peek().value == ":" and not self._attributes:
            parts += [self._next().value, self._next().value]
        return "".join(parts)

    def _expect(self, sign: str) -> None:
        if self._next() != _Token("sign", sign):
            raise FilterError(f"{sign!r} is missing")


def of_list(text: str) -> Test:
    """What *text*, the filter of a list, lets pass. Raises FilterError."""
    return _Reader(text, attributes=False).whole() if text.strip() else lambda _: True


def of_subscription(text: str) -> Test:
    """The messages, by their attributes, that a subscription's filter lets pass."""
    return _Reader(text, attributes=True).whole() if text.strip() else lambda _: True


def _tokens(text: str) -> list[_Token]:
    tokens = []
    for match in _TOKEN.finditer(text.strip()):
        kind = match.lastgroup or "odd"
        if kind == "odd":
            raise FilterError(f"unexpected {match['odd']!r}")
        tokens.append(_Token(kind, match[kind]))
    return tokens


def _at(resource: Any, path: list[str]) -> Any:
    for key in path:
        if isinstance(resource, list):
            resource = [item.get(key) for item in resource if isinstance(item, dict)]
        else:
            resource = resource.get(key) if isinstance(resource, dict) else None
    return resource


def _compare(actual: Any, sign: str, wanted: str) -> bool:
    if sign in ("!=", "ne"):
        return not _compare(actual, "=" if sign == "!=" else "eq", wanted)
    if isinstance(actual, list):
        return any(_compare(item, sign, wanted) for item in actual)
    if sign == ":":
        return _has(actual, wanted)
    if sign == "eq":
        return _matches(wanted, _text(actual))
    if sign == "=":
        pattern = ".*".join(map(re.escape, wanted.split("*")))
        return re.fullmatch(pattern, _text(actual)) is not None
    return actual is not None and _is_ordered(_text(actual), sign, wanted)


def _is_ordered(actual: str, sign: str, wanted: str) -> bool:
    left, right = _number(actual), _number(wanted)
    if left is None or right is None:
        order = (actual > wanted) - (actual < wanted)
    else:
        order = (left > right) - (left < right)
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[sign]


def _has(actual: Any, wanted: str) -> bool:
    if isinstance(actual, dict):
        return wanted == "*" or wanted in actual
    if wanted == "*":
        return actual not in (None, "")
    return wanted.strip("*").lower() in _text(actual).lower()


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.fullmatch(pattern, text) is not None
    except (re.error, OverflowError, RecursionError) as error:
        raise FilterError(f"not a pattern: {pattern!r}") from error


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
