"""
What texts assign to keys of secrets: scripts, YAML, JSON within JSON, whichever language it is.

Nothing is parsed: a text may be of several languages, or of none. Rather too much is taken for a
secret than too little, but a reference to where one is kept (`$HF_TOKEN`) is none. Each expression
is linear in the length of the text, however hostile that is.
"""

import re
from functools import lru_cache

from pipeline_zen.masking.ends import BRACKET, match_end, says_nothing, secret_end, without_spans
from pipeline_zen.masking.keys import (
    MASKED,
    MENTIONS,
    NAMES,
    is_reference_key,
    is_secret_key,
    names_by,
    part_of_pair,
)

_PAIR = re.compile(
    r"""
    (?<![\w.-])
    (?: --?(?P<option>[A-Za-z][\w.-]*) (?:[ \t]+|=)
      | (?P<key>[\w-][\w.-]*) (?P<closer>\\*["'`])?
        (?:\s*\]|\[[0-9]+\])? \s* (?P<sign>[:?+]?={1,3}>?|\??:(?!//))
    )
    """,
    re.VERBOSE,
)
_NAMED = re.compile(r"""\s*(?:\[\s*)?\\*["']?([\w.-]+)""")
_FILED = re.compile(r"""\s*\\*["']?([^\s"'\\,;{}\[\]]{1,200})""")
_TITLED = re.compile(r"""\s*\\*["']?([^"'\\,;=(){}\[\]\n]{1,60})""")
_NAME_OF = {"file": _FILED, "kind": _TITLED}
"""What stands under a key that names its neighbour, where it is no single word."""
_KEY = re.compile(r"""([\w-]+)\\*["']?\s*[:=]""")
_ADDRESS = re.compile(r"google_[a-z0-9_]+\..*")

_GAP = re.compile(r"[ \t]*(?:\\\r?\n[ \t]*)*")
_BLANK = re.compile(r"\s*")
_NO_VALUE = re.compile(r"--?[A-Za-z]|<[< \t]|[|&;>]|(?<=[ \t])#")
"""What may stand behind an option that has no value: another one, or what ends its command."""
_BLOCK = re.compile(r"(?:[|>][-+0-9]*)?[ \t]*(?:#[^\n]*)?\r?(?=\n)")
_BESIDE = re.compile(
    r"(?:\bsetenv[ \t]+|\blogin[ \t]+\S+\s+)([\w.-]+)[ \t]+(\S+)"
    r"|^[ \t]*([\w.-]+)[ \t]+([^\s=:]\S*)[ \t]*$",
    re.MULTILINE,
)
_ELEMENT = re.compile(r"(<([\w:.-]+)(?:\s[^<>]*)?>)((?:<!\[CDATA\[)?[^<]+)(?=<)")

_NEAR = 200
"""So far back the beginning of a line is looked for."""


def without_assigned(text: str) -> str:
    """*text* without what stands under a secret's key."""
    small = text.lower()
    if not any(word in small for word in MENTIONS):
        return text
    return _BESIDE.sub(_without_second, _ELEMENT.sub(_without_content, _without_values(text)))


def _without_second(found: "re.Match[str]") -> str:
    """Of two words beside each other, as in a `.netrc`, the first is a key."""
    group = 1 if found[1] else 3
    if not is_secret_key(found[group]) or says_nothing(found[group + 1]):
        return found[0]
    return found[0][: found.start(group + 1) - found.start()] + MASKED


def _without_content(found: "re.Match[str]") -> str:
    if not is_secret_key(found[2]) or says_nothing(found[3]):
        return found[0]
    return f"{found[1]}{MASKED}"


def _without_values(text: str) -> str:
    """*text* without what is assigned to a secret's key, in whichever language."""
    spans: list[tuple[int, int]] = []
    pairs = _Pairs(text)
    at = 0
    while found := _PAIR.search(text, at):
        at = found.end()
        key = found["option"] or found["key"]
        # The name of a resource's type before its own says nothing of what follows.
        last = "" if _ADDRESS.fullmatch(key) else key.rpartition(".")[2]
        part = part_of_pair(last)
        named = False
        if part in NAMES:
            if pairs.names(part, found):
                spans += pairs.before(found)
        elif part:
            named = pairs.is_named(part, found)
        if is_secret_key(last):
            span = _span(text, found)
        else:
            span = _named_span(text, found) if named else None
        if span:
            spans.append(span)
            at = span[1]
    # A value that its neighbour names only behind it may have others in it.
    return without_spans(text, ((*span, MASKED) for span in sorted(spans))) if spans else text


class _Pairs:
    """
    What names the value beside it, from the beginning of a text on: a name, or a file's.

    A name that comes first is believed from afar; of all others both have to stand in one mapping.
    Nothing is looked at twice.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._named = False
        self._near: re.Match[str] | None = None
        """The last name, which all values are beside that stand in its mapping."""
        self._value: re.Match[str] | None = None
        """The last value that nothing has named yet."""

    def is_named(self, part: str, found: "re.Match[str]") -> bool:
        """Whether the value that is *found* is named a secret by what comes before it."""
        near, self._near = self._near, None
        named = near is not None and _are_beside(self._text, near, near.end(), found)
        if part != "near value":
            named = named or self._named
        if part == "value":
            self._named = False
        self._value = None if named else found
        return named

    def names(self, part: str, found: "re.Match[str]") -> bool:
        """Whether what is *found*, which is that *part* of a pair, names a secret."""
        name = _NAME_OF.get(part, _NAMED).match(self._text, found.end())
        says = name is not None and names_by(part, name[1])
        if part == "name":
            self._named = says
        if says:
            self._near = found
        return says

    def before(self, name: "re.Match[str]") -> list[tuple[int, int]]:
        """The span of the value that stands before its *name*; none where there is none."""
        value, self._value = self._value, None
        if value is None:
            return []
        begin = max(0, value.start() - _NEAR - 1)
        # Only up to the name, so that nothing is read again for the next one.
        text = self._text[begin : name.start() + 1]
        again = _PAIR.match(text, value.start() - begin)
        span = _named_span(text, again) if again else None
        if span is None or span[1] == len(text):
            return []
        start, end = span[0] + begin, span[1] + begin
        # What is called in a value that is code may well be what the name is an argument of.
        behind = end if self._text[start] in "\"'\\|>" else start
        if not _are_beside(self._text, value, behind, name):
            return []
        # It has named one, and does not name the next as well.
        self._named, self._near = False, None
        return [(start, end)]


def _are_beside(text: str, first: "re.Match[str]", end: int, second: "re.Match[str]") -> bool:
    """Whether both are keys of one mapping, of which what is before *end* is not looked at."""
    between = text[end : second.start()]
    depth = 0
    for bracket in BRACKET.findall(between):
        depth += 1 if bracket in "[({" else -1
        if depth < 0:
            return False
    if depth or "\n" not in between:
        return not depth
    columns = _column(text, first.start()), _column(text, second.start())
    if None in columns:
        return between.partition("\n")[0].rstrip().endswith(",")
    return columns[0] == columns[1] and not _outdented(columns[1] or 0).search(between)


def _named_span(text: str, pair: "re.Match[str]") -> tuple[int, int] | None:
    """From where to where the value goes that its neighbour names; None where there is none."""
    span = _span(text, pair)
    key = pair["option"] or pair["key"]
    if span is None or part_of_pair(key.rpartition(".")[2]) != "source":
        return span
    content = text[span[0] : span[1]]
    # A single word, as a reference, only says where the value is.
    refers = content[0] not in "{[#\r\n" or any(map(is_reference_key, _KEY.findall(content)))
    return None if refers else span


def _span(text: str, pair: "re.Match[str]") -> tuple[int, int] | None:
    """From where to where the value of *pair* goes; None where there is none to hide."""
    start = match_end(_GAP, text, pair.end())
    colon = pair["sign"] == ":"
    column = None if pair["option"] else _column(text, pair.start())
    if colon and column is not None and (block := _BLOCK.match(text, start)):
        end = match_end(_indented(column), text, block.end())
        if text[block.end() : end].strip():
            return start, end
    beyond = match_end(_BLANK, text, start)
    crossed = "\n" in text[start:beyond]
    if beyond == len(text) or (crossed and (colon and text[beyond] not in "\"'`[{")):
        return None
    if pair["option"] and (crossed or _NO_VALUE.match(text, beyond)):
        return None
    around = text[pair.start() - 1 : pair.start()] if pair["closer"] is None else ""
    whole = column is not None and start > pair.end()
    last = secret_end(text, beyond, around, whole=whole, key=pair["key"])
    return None if last is None else (beyond, last)


def _column(text: str, start: int) -> int | None:
    """How far a key is from the beginning of its line; None where something is before it."""
    before = text[max(0, start - _NEAR) : start]
    line = before.rpartition("\n")[2]
    if len(line) == _NEAR or line.strip(" \t-\"'"):
        return None
    return len(line)


@lru_cache(maxsize=_NEAR)
def _indented(column: int) -> "re.Pattern[str]":
    """The lines that belong to a key of YAML in that column, with comments between them."""
    deeper = rf"[ \t]{{{column + 1},}}[^\n]*"
    listed = rf"[ \t]{{{column}}}-[ \t][^\n]*"
    skipped = r"(?:\n[ \t]*(?:#[^\n]*)?(?=\n))*"
    return re.compile(rf"(?:{skipped}\n(?:{deeper}|{listed}))*(?:\n[ \t]*(?=\n|\Z))*")


@lru_cache(maxsize=_NEAR)
def _outdented(column: int) -> "re.Pattern[str]":
    """A line that ends a mapping of YAML in that column, or begins the next one of a list."""
    return re.compile(rf"\n[ \t]{{0,{max(0, column - 1)}}}[^\s\"']" if column else r"\n- ")
