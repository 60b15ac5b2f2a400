"""
What texts assign to keys of secrets: scripts, YAML, JSON within JSON, whichever language it is.

Nothing is parsed: a text may be of several languages, or of none. Rather too much is taken for a
secret than too little, but a reference to where one is kept (`$HF_TOKEN`) is none. Each expression
is linear in the length of the text, however hostile that is.
"""

import re
from functools import lru_cache

from pipeline_zen.masking.keys import (
    MASKED,
    NO_SECRET,
    RESOURCE,
    is_pairs_name,
    is_pairs_value,
    is_secret_key,
)

_MENTIONS = (
    *("auth", "bearer", "connection", "cookie", "cred", "dockercfg", "dockerconfig", "dsn", "jwt"),
    *("key", "kubeconfig", "netrc", "pass", "psk", "pwd", "secret", "token"),
    *("conn", "json", "otp", "pem", "pin", "pw", "salt", "uri", "url", "webhook"),
)
"""One of these is in every key that is a secret's, in small letters."""

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
_NAMED = re.compile(r"""\s*\\*["']?([\w.-]+)""")
_ADDRESS = re.compile(r"google_[a-z0-9_]+\..*")

_GAP = re.compile(r"[ \t]*(?:\\\r?\n[ \t]*)*")
_BLANK = re.compile(r"\s*")
_BLOCK = re.compile(r"(?:[|>][-+0-9]*)?[ \t]*(?:#[^\n]*)?\r?(?=\n)")
_LINE = re.compile(r"[^\n]*")
_HEADER = re.compile(r"[^\n\"'`]*")
_BRACKET = re.compile(r"[\[\](){}]")
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
    if not any(word in small for word in _MENTIONS):
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
    parts: list[str] = []
    done = at = 0
    named = False
    while found := _PAIR.search(text, at):
        at = found.end()
        key = found["option"] or found["key"]
        # The name of a resource's type before its own says nothing of what follows.
        last = "" if _ADDRESS.fullmatch(key) else key.rpartition(".")[2]
        secret = is_secret_key(last)
        if is_pairs_name(last):
            name = _NAMED.match(text, at)
            named = name is not None and is_secret_key(name[1])
        elif is_pairs_value(last):
            secret, named = secret or named, False
        if secret and (span := _span(text, found)):
            parts += (text[done : span[0]], MASKED)
            done = at = span[1]
    return "".join((*parts, text[done:]))


def _span(text: str, pair: "re.Match[str]") -> tuple[int, int] | None:
    """From where to where the value of *pair* goes; None where there is none to hide."""
    start = _end(_GAP, text, pair.end())
    colon = pair["sign"] == ":"
    column = None if pair["option"] else _column(text, pair.start())
    if colon and column is not None and (block := _BLOCK.match(text, start)):
        end = _end(_indented(column), text, block.end())
        if text[block.end() : end].strip():
            return start, end
    beyond = _end(_BLANK, text, start)
    crossed = "\n" in text[start:beyond]
    if beyond == len(text) or (crossed and (colon and text[beyond] not in "\"'`[{")):
        return None
    if pair["option"] and (crossed or re.match(r"--?[A-Za-z]", text[beyond : beyond + 3])):
        return None
    around = text[pair.start() - 1 : pair.start()] if pair["closer"] is None else ""
    whole = column is not None and start > pair.end()
    last = secret_end(text, beyond, around, whole=whole, key=pair["key"])
    return None if last is None else (beyond, last)


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
    quoted = _QUOTED.match(text, _end(_PREFIX, text, start))
    if quoted:
        return _parts_end(text, quoted.end(), after_quote=True)
    if around and around in "\"'`":
        line = _end(_LINE, text, start)
        closing = _close(text, start, line, around)
        return line if closing is None else closing
    if text[start] in "[{(" and not text.startswith((MASKED, "(sensitive)"), start):
        return _balanced_end(text, start)
    last = (key or "").rpartition("-")[2].lower()
    if whole:
        end = _end(_LINE, text, start)
    elif last in ("authorization", "cookie"):
        end = _end(_HEADER, text, start)
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
    return _end(_LINE, text, opener.end())


def _close(text: str, start: int, end: int, quote: str) -> int | None:
    """Where, before *end*, the *quote* comes that closes what surrounds a key."""
    at = text.find(quote, start, end)
    return None if at < 0 else start + len(text[start:at].rstrip("\\"))


def _balanced_end(text: str, start: int) -> int:
    depth = 0
    for bracket in _BRACKET.finditer(text, start):
        depth += 1 if bracket[0] in "[({" else -1
        if not depth:
            return bracket.end()
    return len(text)


def _column(text: str, start: int) -> int | None:
    """How far a key is from the beginning of its line; None where something is before it."""
    before = text[max(0, start - _NEAR) : start]
    line = before.rpartition("\n")[2]
    if len(line) == _NEAR or line.strip(" \t-\"'"):
        return None
    return len(line)


@lru_cache(maxsize=_NEAR)
def _indented(column: int) -> "re.Pattern[str]":
    """The lines that belong to a key of YAML in that column."""
    deeper = rf"[ \t]{{{column + 1},}}[^\n]*"
    listed = rf"[ \t]{{{column}}}-[ \t][^\n]*"
    return re.compile(rf"(?:\n(?:{deeper}|{listed}|[ \t]*(?=\n|\Z)))*")


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


def _end(pattern: "re.Pattern[str]", text: str, start: int) -> int:
    """Where *pattern*, which matches nothing as well, ends."""
    found = pattern.match(text, start)
    return found.end() if found else start
