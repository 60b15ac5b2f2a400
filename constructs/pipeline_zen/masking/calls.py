"""
Secrets in calls and lists in a text: `setenv("HF_TOKEN", "…")`, `["-e", "HF_TOKEN", "…"]`.

As with assignments, nothing is parsed, and all is linear in the length of a text.
"""

import re
from collections.abc import Iterator

from pipeline_zen.masking.ends import Span
from pipeline_zen.masking.keys import MASKED, is_secret_key
from pipeline_zen.masking.lists import is_name_in_list, is_named_in_pair
from pipeline_zen.masking.options import ARGUMENT, word

CALL_HINTS = ('("', "('", "(\\", '"-', "'-", "( ", "(\n")
SECTION_WORDS = frozenset(("add", "hset", "put", "set", "store"))
"""One of these is in every text with a call that is given a secret beside its name."""

_CALL = re.compile(
    r"""
    (?: (?P<opener>[\[,(])\s*\\*["'](?P<option>--?[a-z][\w-]{0,100})\\*["']\s*,\s*(?=\\*["'][a-z_])
      | \(\s*
      | [\[,(]\s*(?=\\*["']--?[a-z])
    )
    (?P<quote>\\*["'])(?P<name>[\w.-]{1,200})(?P=quote)\s*,\s*
    (?=(?P<first>\\*["'])(?!-)|`[^`$\n]*`)
    | \b(?P<setter>(?:set|with)\w{1,100})(?=(?P<open>\(\s*)\\*["'])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SECOND = re.compile(
    r"""
    \.(?:add|hset|put|set|store)\(\s*
    (?:\\*["'][^"'\n\\]{0,100}\\*["']|[\w.]{1,100})\s*,\s*
    (?P<quote>\\*["'])(?P<name>[\w.-]{1,200})(?P=quote)\s*,\s*(?=\\*["'])
    """,
    re.VERBOSE,
)
_TWO = re.compile(
    r"""
    \[\s*(?P<quote>\\*["'])(?P<name>[A-Za-z_][\w-]{0,199})(?P=quote)\s*,\s*
    (?P<item>(?P<other>\\*["'])(?P<said>[^"'\n\\]*)(?P=other))\s*\]
    """,
    re.VERBOSE,
)


def called(text: str) -> Iterator[Span]:
    """What a function is called with beside the name of a secret, or by such a name."""
    at = 0
    while found := _CALL.search(text, at):
        at = found.end()
        if found["setter"]:
            spans = _set(text, found)
        elif found["option"] and is_secret_key(found["option"]):
            # What stands behind an option is no name, whatever it looks like.
            at = found.start("quote")
            spans = _one(text, at)
        else:
            spans = _one(text, at) if is_secret_key(found["name"]) else []
        yield from spans
        at = spans[-1][1] if spans else at


def called_with_section(text: str) -> Iterator[Span]:
    """What a function is called with behind the name of a secret, which something is before."""
    for found in _SECOND.finditer(text):
        if is_secret_key(found["name"]):
            yield from _one(text, found.end())


def _one(text: str, start: int) -> list[Span]:
    span = word(text, start)
    return [span] if span else []


def _set(text: str, call: "re.Match[str]") -> list[Span]:
    """What a function whose name is a secret's is called with: `set_password("…", "…")`."""
    spans = _one(text, call.end("open")) if is_secret_key(call["setter"]) else []
    end = spans[0][1] if spans else 0
    then = ARGUMENT.match(text, end + 1) if text[end : end + 1] == "," and spans else None
    return [*spans, (end + 1, then.end(), f" {MASKED}")] if then else spans


def in_lists(text: str) -> Iterator[Span]:
    """What stands in a list behind a secret's name or option."""
    for found in _TWO.finditer(text):
        if is_name_in_list(found["name"]) and is_named_in_pair(found["name"], found["said"]):
            yield *found.span("item"), MASKED
