"""
What texts assign to keys of secrets: scripts, YAML, JSON within JSON, whichever language it is.

Nothing is parsed: a text may be of several languages, or of none. Rather too much is taken for a
secret than too little, but a reference to where one is kept (`$HF_TOKEN`) is none. Each expression
is linear in the length of the text, however hostile that is.
"""

import re
from functools import lru_cache

from pipeline_zen.masking.ends import match_end, says_nothing, secret_end
from pipeline_zen.masking.keys import (
    MASKED,
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
    if pair["option"] and (crossed or re.match(r"--?[A-Za-z]", text[beyond : beyond + 3])):
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
    """The lines that belong to a key of YAML in that column."""
    deeper = rf"[ \t]{{{column + 1},}}[^\n]*"
    listed = rf"[ \t]{{{column}}}-[ \t][^\n]*"
    return re.compile(rf"(?:\n(?:{deeper}|{listed}|[ \t]*(?=\n|\Z)))*")
