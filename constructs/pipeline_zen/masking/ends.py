"""
Where a secret ends that begins somewhere in a text, and whether it is one.

Each expression is linear in the length of the text, however hostile that is.
"""

import re
from collections.abc import Iterable

from pipeline_zen.masking.keys import MASKED, NO_SECRET, RESOURCE

Span = tuple[int, int, str]
"""A span: from where to where something is hidden, and what is shown instead."""

_LINE = re.compile(r"[^\n]*")
_HEADER = re.compile(r"[^\n\"'`]*")
BRACKET = re.compile(r"[\[\](){}]")
_OPENER = re.compile(r"(\\+)([\"'`])")
_JOINED = re.compile(r"\s*\+\s*(?=[\"'])")
_INSERTED = r"\$\([^()]*(?:\([^()]*\)[^()]*)*\) | \$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}"
_QUOTED = re.compile(
    r"""
    \"{3}.*?\"{3} | '{3}.*?'{3}
    | "[^"\\]*(?:\\.[^"\\]*)*" | '[^'\\]*(?:\\.[^'\\]*)*' | '[^']*' | `[^`]*`
    """,
    re.VERBOSE | re.DOTALL,
)
ON_A_LINE = r"""(?:"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\n]*')"""
"""A text between quotes that ends on its line."""
_PREFIX = re.compile(r"(?:[BFRUbfru]{1,2}|[$@])?(?=[\"'])|")
_PART = re.compile(
    rf"""
    {ON_A_LINE} | `[^`\n]*`
    | {_INSERTED} | \\. | [^\s"'`\\$]+ | \S
    """,
    re.VERBOSE | re.DOTALL,
)
_CLOSING = "\"'`,;)}]\\"
_MOST_CLOSING = 4
"""What closes something around a value, and how many of it a reference is looked for before."""

_COMMAND = r"\$\((?!\s*(?:echo|printf)\b)[^()]*(?:\([^()]*\)[^()]*)*\)"
_ONE = (
    r"(?:\$[A-Za-z_]\w*|\$[0-9@*\#?!]|\$\{[A-Za-z_][\w.]*(?::?[-?])?\}|\$\{\{[\w.\s-]*\}\}"
    rf"|{_COMMAND})"
)
_PUT_IN = re.compile(rf'"{_COMMAND}"(?![\w"$\'])')
"""A command's output between quotes; the command may have quotes of its own."""
REFERENCE = re.compile(_ONE)
_REFERENCE = re.compile(rf"(?:(?:bearer|basic|token)\s+)?{_ONE}(?:[:/@]{_ONE})*", re.IGNORECASE)
_COMMAND_ENDS = re.compile(rf"{_ONE}(?=[;&|)])")


def secret_end(
    text: str, start: int, around: str = "", *, whole: bool = False, key: str | None = None
) -> int | None:
    """
    Where the secret that begins at *start* ends; None where there is none to hide.

    *around* is the quote that it is in. It is *whole* where it goes to the end of its line.
    """
    if start >= len(text) or _PUT_IN.match(text, start):
        return None
    end = _value_end(text, start, around, whole=whole, key=key)
    value = text[start:end]
    kept = says_nothing(value, quoted=around == "'")
    if not value or kept or (around != "'" and _COMMAND_ENDS.match(value)):
        return None
    return end


def _value_end(text: str, start: int, around: str, *, whole: bool, key: str | None) -> int:
    """Where the value that begins at *start* ends."""
    opener = _OPENER.match(text, start)
    if opener:
        return _escaped_end(text, opener)
    quoted = _QUOTED.match(text, match_end(_PREFIX, text, start))
    if quoted:
        return _parts_end(text, quoted.end(), after_quote=True)
    if around and around in "\"'`":
        line = match_end(_LINE, text, start)
        closing = _close(text, start, line, around)
        return line if closing is None else closing
    if text[start] in "[{(" and not text.startswith((MASKED, "(sensitive)"), start):
        return _balanced_end(text, start)
    last = (key or "").rpartition("-")[2].lower()
    if whole:
        end = match_end(_LINE, text, start)
    elif last in ("authorization", "cookie"):
        end = match_end(_HEADER, text, start)
    else:
        end = _parts_end(text, start, after_quote=False)
    value = text[start:end].rstrip()
    # What closes something around it is shown, for the eye.
    for _ in range(_MOST_CLOSING):
        if says_nothing(value) or value[-1:] not in _CLOSING:
            return start + len(value)
        value = value[:-1]
    return start + len(value.rstrip(_CLOSING))


def _parts_end(text: str, at: int, *, after_quote: bool) -> int:
    """Where a word ends that may be made of several parts, as a shell has it."""
    while at < len(text):
        if after_quote:
            joined = _JOINED.match(text, at)
            if joined:
                at = joined.end()
            elif text[at] in ",;&|<>(){}[]:":
                return at
        part = _PART.match(text, at)
        if part is None:
            return at
        after_quote = after_quote and part[0][0] in "\"'`"
        at = part.end()
    return at


def _escaped_end(text: str, opener: "re.Match[str]") -> int:
    """Behind the quote that is escaped as *opener* is, or before one that is less so."""
    for closing in re.finditer(rf"(\\*){opener[2]}", text[opener.end() :]):
        if len(closing[1]) <= len(opener[1]):
            same = len(closing[1]) == len(opener[1])
            return opener.end() + (closing.end() if same else closing.start())
    return match_end(_LINE, text, opener.end())


def _close(text: str, start: int, end: int, quote: str) -> int | None:
    """Where, before *end*, the *quote* comes that closes what surrounds a key."""
    at = text.find(quote, start, end)
    return None if at < 0 else start + len(text[start:at].rstrip("\\"))


def _balanced_end(text: str, start: int) -> int:
    depth = 0
    for bracket in BRACKET.finditer(text, start):
        depth += 1 if bracket[0] in "[({" else -1
        if not depth:
            return bracket.end()
    return len(text)


def says_nothing(value: str, *, quoted: bool = False) -> bool:
    """Whether it only names where the secret is, or is none; a shell reads no name in `'$x'`."""
    value = value.strip()
    inner = value.lstrip("\\")
    if len(inner) > 1 and inner[0] == inner[-1] and inner[0] in "\"'`":
        quoted = quoted or inner[0] != '"'
        value = inner[1:-1].rstrip("\\")
    if NO_SECRET.fullmatch(value) or RESOURCE.fullmatch(value):
        return True
    return not quoted and bool(_REFERENCE.fullmatch(value))


def match_end(pattern: "re.Pattern[str]", text: str, start: int) -> int:
    """Where *pattern*, which matches nothing as well, ends."""
    found = pattern.match(text, start)
    return found.end() if found else start


def without_spans(text: str, spans: Iterable[Span]) -> str:
    """*text* with what is shown in the place of each span, of which none begins before another."""
    parts: list[str] = []
    done = 0
    for start, end, shown in spans:
        if start >= done:
            parts += (text[done:start], shown)
        done = max(done, end)
    return "".join((*parts, text[done:]))
