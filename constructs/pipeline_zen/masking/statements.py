"""
Secrets in lines of a Dockerfile, a shell or a server's settings, and in statements of SQL.

As with assignments, nothing is parsed, and all is linear in the length of a text.
"""

import re
from collections.abc import Iterator

from pipeline_zen.masking.ends import Span, says_nothing, secret_end
from pipeline_zen.masking.keys import MASKED, MENTIONS, is_secret_key

DIRECTIVE_WORDS = frozenset(
    (*("ENV", "SET", "SetEnv", "add_header", "fastcgi_param", "more_set_header"),
     *("proxy_set_header", "set", "setEnv", "uwsgi_param"))
)  # fmt: skip
SQL_WORDS = frozenset(
    ("IDENTIFIED", "Identified", "PASSWORD", "Password", "identified", "password")
)
"""One of these is a word of every text with such a line, or such a statement."""
_SQL_HINTS = (
    *("IDENTIFIED", "PASSWORD", "dentified", "assword '", 'assword "', "assword \\", "assword\n"),
    *("assword for ", "assword to "),
)
"""One of these, besides: a `password` is a word of many a text."""

_WHOLE = (
    *("ENV", "SetEnv", "setEnv", "fastcgi_param", "uwsgi_param", "proxy_set_header", "add_header"),
    "more_set_header",
)
"""What has a value to the end of its line behind it, of however many words."""
_DIRECTIVE = re.compile(
    rf"""
    (?P<verb>{"|".join(_WHOLE)}|set|SET)(?:[ \t]+--?[A-Za-z-]{{1,20}}){{0,3}}
    [ \t]+(?P<name>[A-Za-z_][\w.-]{{0,199}})[ \t]+(?=[^\s=])
    """,
    re.VERBOSE,
)
_BEFORE = re.compile(r"(?:^|[\n;&|({`]|\b(?:ONBUILD|then|do|else|sudo))[ \t]*\Z")
_ENDS = re.compile(r"[\"'`]|[ \t]*(?:[\n\r;&|)}#]|\Z)")

_SQL = re.compile(
    r"""
    (?P<verb>PASSWORD|password|Password|IDENTIFIED|identified|Identified)
    (?i:(?<=password)(?:[ \t\n]{1,9}(?:for[ \t\n]{1,9}[^\s;=]{1,200}|to\b))?
      | (?<=identified)[ \t\n]{1,9}(?:with[ \t\n]{1,9}\S{1,100}[ \t\n]{1,9}(?:by|as)|by)
        (?:[ \t\n]{1,9}(?:password|values))?
    )
    [ \t\n]{0,9}(?:=[ \t\n]{0,9})?(?i:(?:old_)?password)?\(?[ \t\n]{0,9}
    (?P<value>
        (?P<quote>\\*["'])(?P<said>[^\s"'\\,+;)](?:(?!(?P=quote))[^\n]|(?P=quote)(?P=quote))*)
        (?P=quote)
      | (?P<bare>(?<=IDENTIFIED\ BY\ )[A-Za-z0-9]\w*(?=[ \t]*(?:;|\Z)))
    )
    """,
    re.VERBOSE,
)
_SETS = re.compile(
    r"(?:\b(?:with|encrypted|set)|\b(?:user|role|login|to)\s{1,9}\S{1,100})\s{1,9}\Z", re.IGNORECASE
)
"""What is before such words of SQL in small letters, which else are words like any other."""
_NEAR = 60
"""So far back is looked for what a line or a statement begins with."""
_PUT_IN = re.compile(r"%s|%\(\w+\)s|:\w+|\{+\w*\}+")


def in_directives(text: str) -> Iterator[Span]:
    """What a line sets the variable of a secret to, without a sign between: `ENV HF_TOKEN …`."""
    lines = list(_DIRECTIVE.finditer(text))
    # All names at once, since few of many lines are about a secret.
    small = " ".join([line["name"] for line in lines]).lower()
    if not any(word in small for word in MENTIONS):
        return
    for line in lines:
        start = line.end()
        before = text[max(0, line.start() - _NEAR) : line.start()]
        if not is_secret_key(line["name"]) or not _BEFORE.search(before):
            continue
        end = secret_end(text, start, whole=line["verb"] in _WHOLE)
        # A `set` with more than one word behind its name is a sentence that begins so.
        if end is not None and (line["verb"] in _WHOLE or _ENDS.match(text, end)):
            yield start, end, MASKED


def in_sql(text: str) -> Iterator[Span]:
    """What a statement of SQL makes the password of somebody."""
    if not any(hint in text for hint in _SQL_HINTS):
        return
    for found in _SQL.finditer(text):
        said = found["said"] or found["bare"]
        before = text[max(0, found.start() - _NEAR) : found.start()]
        if not (found["verb"].isupper() or _SETS.search(before)):
            continue
        if not (says_nothing(said) or _PUT_IN.fullmatch(said)):
            yield *found.span("value"), MASKED
