"""
Secrets in lists that stand in a text: `["wandb", "login", "…"]`, `[--token, …]`, or one of YAML.

As with assignments, nothing is parsed, and all is linear in the length of a text.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline_zen.masking.arguments import given
from pipeline_zen.masking.commands import ARGUMENT_WORDS
from pipeline_zen.masking.ends import Span, match_end, without_spans
from pipeline_zen.masking.keys import MASKED, is_secret_key

_OPTION_HINTS = ("[-", "[ -", ",-", ", -", "\n-", " -", '"-', "'-")
"""One of these is in every list between brackets with an option."""
_BLOCK_HINTS = ("- -", '- "-', "- '-", "-  ")
"""One of these is in every list of YAML, an element a line, with an option."""

_FLOW = re.compile(r"\[([^\[\],]{1,500},[^\[\]]{1,5000})\]")
_ITEM = re.compile(
    r"""
    \s*(?:\#[^\n]*\n\s*)*
    (?: (?P<quote>\\*["'])(?P<said>[^\n]*?)(?P=quote)(?P<rest>[^,\n]*)
      | (?P<bare>[^\s,"'\\\#][^,\n]*)
    )?
    \s*(?:\#[^\n]*(?:\n\s*|\Z))*(?:,|\Z)
    """,
    re.VERBOSE,
)
_COMMENT = re.compile(r"[ \t]+#.*|[ \t\r]+\Z")
_BEGINS = re.compile(r"(?:^|\n)[ \t]*(?:-[ \t]+)*(?:[\w./-]+:[ \t]+)?\Z")
_ENDS = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)")
"""What is around a list of YAML; in code a comma or a bracket follows, or a key has quotes."""
_CODE = re.compile(r"[^\s(]*\(.*|[A-Za-z_]\w*(?:\.\w+)+")
"""A call, or an attribute of something."""
_NO_TEXT = re.compile(r"[*!{].*|\((?:masked|sensitive)\)|\S+ .*--?[A-Za-z].*")
"""An alias, or another thing that is no text of its own in YAML; and a part of a sentence."""

_NESTED = re.compile(
    r"""
    [\[,(]\s*
    (?: \\*["'](?P<quoted>--?[A-Za-z][\w-]{0,100})\\*["']\s*,\s*
        (?P<list>\[\s*\\*["'](?![-$"'\\])[^\[\]]{1,1000}\])
      | (?P<bare>--?[A-Za-z][\w-]{0,100})\s*,\s*(?P<flow>\[\s*(?![-$*!{\s])[^\[\]]{1,1000}\])
    )
    """,
    re.VERBOSE,
)
"""An option with a list of values."""

_LINE = re.compile(r"^([ \t]*(?:-[ \t]+)+)(\S[^\n]*)", re.MULTILINE)
_QUOTED = re.compile(r"""(["'])(.*)\1[ \t]*(?:#.*)?\r?""")
_BLOCK = re.compile(r"[|>][-+0-9]*[ \t]*(?:#[^\n]*)?\r?(?=\n)")
_SKIPPED = re.compile(r"\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*")
"""The end of a line, with lines behind it that are empty or have nothing but a comment."""
_PAIR = 2
_NEAR = 200
"""So far back the beginning of a line is looked for."""


class _Item(NamedTuple):
    """An element of a list in a text."""

    said: str
    """What is in it; empty where that is code, or a mapping."""
    start: int
    end: int
    quote: int = 0
    """How many characters quotes, on either side of it, have."""


def without_listed(text: str, words: frozenset[str]) -> str:
    """*text*, which has those *words*, without the secrets in its lists."""
    commands = not ARGUMENT_WORDS.isdisjoint(words)
    if "[" in text and (commands or any(hint in text for hint in _OPTION_HINTS)):
        text = without_spans(text, _in_flows(text))
    if ", [" in text or ",[" in text:
        text = without_spans(text, _in_nested(text))
    if "- " in text and (commands or any(hint in text for hint in _BLOCK_HINTS)):
        text = without_spans(text, _in_blocks(text))
    return text


def _in_flows(text: str) -> Iterator[Span]:
    """What stands in lists between brackets, with or without quotes."""
    for found in _FLOW.finditer(text):
        items = _items(found[1], found.start(1))
        quoted = any(item.quote for item in items)
        if not all(item.quote for item in items):
            begin = text[max(0, found.start() - _NEAR) : found.start()]
            yaml = _BEGINS.search(begin) and _ENDS.match(text, found.end())
            # Words without quotes are names of variables where it is code.
            if not yaml and (quoted or not any(item.said.startswith("--") for item in items)):
                continue
            items = [_without_code(item) if quoted else item for item in items]
        yield from _secrets(items)


def _items(inside: str, start: int) -> list[_Item]:
    """The elements of a list whose *inside* begins at *start*."""
    items: list[_Item] = []
    at = 0
    while at < len(inside) and (found := _ITEM.match(inside, at)):
        at = found.end()
        if found["bare"]:
            said = _COMMENT.sub("", found["bare"]).rstrip()
            begin = start + found.start("bare")
            shown = "" if _NO_TEXT.fullmatch(said) else said
            items.append(_Item(shown, begin, begin + len(said)))
        elif found["quote"]:
            rest = _COMMENT.sub("", found["rest"]).strip()
            begin, end = start + found.start("quote"), start + found.end("said")
            quote = len(found["quote"])
            items.append(_Item("" if rest else found["said"], begin, end + quote, quote))
    return items


def _without_code(item: _Item) -> _Item:
    """*item* without what may be the name of a variable, or a call."""
    code = not item.quote and (_CODE.fullmatch(item.said) or is_secret_key(item.said))
    return item._replace(said="") if code and not item.said.startswith("-") else item


def _in_nested(text: str) -> Iterator[Span]:
    """The lists of values that stand behind an option in a list."""
    for found in _NESTED.finditer(text):
        if is_secret_key(found["quoted"] or found["bare"]):
            yield *found.span("list" if found["list"] else "flow"), MASKED


def _in_blocks(text: str) -> Iterator[Span]:
    """What stands in lists of YAML that have an element a line."""
    items: list[_Item] = []
    column = end = -1
    for line in _LINE.finditer(text):
        at = len(line[1].rstrip()) - 1
        goes_on = at == column and line[1].count("-") == 1
        if not goes_on or match_end(_SKIPPED, text, end) != line.start():
            yield from _secrets(items)
            items, column = [], at
        item, end = _on_line(text, line, column)
        items.append(item)
    yield from _secrets(items)


def _on_line(text: str, line: "re.Match[str]", column: int) -> tuple[_Item, int]:
    """The element that begins on a *line*, and where the line, or what belongs to it, ends."""
    start, end = line.span(2)
    if quoted := _QUOTED.fullmatch(line[2]):
        return _Item(quoted[2], start, start + quoted.end(2) + 1, 1), end
    if block := _BLOCK.match(text, start):
        end = match_end(_deeper(column), text, block.end())
        return _Item(text[block.end() : end].strip(), start, end), end
    said = _COMMENT.sub("", line[2]).rstrip()
    mapping = ": " in said or said.endswith(":")
    shown = "" if mapping or _NO_TEXT.fullmatch(said) else said
    return _Item(shown, start, start + len(said)), end


@lru_cache(maxsize=_NEAR)
def _deeper(column: int) -> "re.Pattern[str]":
    """The lines that belong to an element whose dash is in that column."""
    return re.compile(rf"(?:\n(?:[ \t]{{{column + 1},}}[^\n]*|[ \t]*(?=\n|\Z)))*")


def _secrets(items: Sequence[_Item]) -> Iterator[Span]:
    if len(items) < _PAIR:
        return
    shown = given(tuple(item.said for item in items))
    for index, secret in sorted(shown.items()):
        item = items[index]
        quote = 0 if secret == MASKED else item.quote
        yield item.start + quote, item.end - quote, secret
