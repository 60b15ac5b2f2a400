"""
Secrets by the command, the file or the function that they are given to.

As with assignments, nothing is parsed, and all is linear in the length of a text.
"""

import re
from collections.abc import Callable, Iterator

from pipeline_zen.masking.calls import (
    CALL_HINTS,
    SECTION_WORDS,
    called,
    called_with_section,
    in_lists,
)
from pipeline_zen.masking.ends import ON_A_LINE, REFERENCE, Span, says_nothing, without_spans
from pipeline_zen.masking.keys import MASKED, is_secret_file, is_secret_key
from pipeline_zen.masking.options import OPTION_WORDS, in_options, word
from pipeline_zen.masking.statements import DIRECTIVE_WORDS, SQL_WORDS, in_directives, in_sql

_AFTER_NAME = re.compile(
    r"""
    (?<![\w-])(?:config(?:ure)?(?:[ \t]+set|(?:[ \t]+-[a-z-]+){1,3})|secrets?[ \t]+set
      |--arg(?:json)?|setx)[ \t]+ (?P<name>[^\s=()]{1,200}) [ \t]+ (?=[^\s-])
    """,
    re.VERBOSE,
)
_ALONE = re.compile(
    r"""
    (?: \bwandb[ \t]+login(?:[ \t]+--[\w-]+(?:=\S*)?){0,5}
      | \bvault[ \t]+login(?:[ \t]+--?[\w-]+(?:=\S*)?){0,5}(?![ \t]+[\w-]+=)
      | \brclone[ \t]+obscure
      | \bngrok[ \t]+(?:config[ \t]+add-)?authtoken
      | \brabbitmqctl(?:[ \t]+-\S{1,100}(?:[ \t]+[^\s;|&-]\S{0,100})?){0,5}[ \t]+
        (?:add_user|change_password|authenticate_user)[ \t]+[^\s;|&<>-]\S{0,200}
      | \bwpa_passphrase[ \t]+(?:"[^"\n]*"|'[^'\n]*'|[^\s;|&<>"'-]\S{0,100})
      | \bhtpasswd(?=(?:[ \t]+-\w+){0,5}[ \t]+-[A-Za-z]*b)
        (?:[ \t]+-\w+){1,5}(?:[ \t]+[^\s;|&<>-]\S*){1,2}
    ) [ \t]+
    (?P<said>(?:"[^"\n]*"|'[^'\n]*'|[^\s;|&<>()"'`\#-][^\s;|&<>()"'`]*))
    (?=[ \t]*(?:[;|&>)\#\n]|\Z))
    """,
    re.VERBOSE,
)

_PROXY_USER = "--proxy-user"
_PROXIED = re.compile(rf"""{_PROXY_USER}(?:[ \t]+|=)(["']?)[^\s:"']{{0,200}}:(?=[^\s"'])""")
"""An option that a user and a password follow, whatever it is of."""

_ECHO = re.compile(r"(?<![\w.-])(?:echo|printf)[ \t]+(?:-[neE]+[ \t]+)*")
_SAID = re.compile(rf"""(?:{ON_A_LINE}|\$\([^()\n]*\)|\\.|[^\n"'\\|;&<>)`])*""")
_SINK = re.compile(
    r"(?<![\w/.-])(?:chpasswd|passwd|smbpasswd|cryptsetup)(?![\w/.-])|--with-token"
    r"|--key-file[ =]-(?![\w/.])"
    r"|--(?:key|secret|token|pass(?:word|phrase)?)-(?:fd|stdin)"
    r"|\bsecrets\b.*--data-file=-|\bsudo[ \t]+-[A-Za-z]*S\b"
)
"""A command that reads a secret from its input."""
_INTO = re.compile(r"(?:>|\btee\b(?:[ \t]+-\w+)*)[ \t]*([^\s|;&<>()]+)")
_PRIOR = re.compile(r"[;\n]|&&")
_STOP = re.compile(r";|&&|(?<!\\)(?<!\\\r)\n")
_WHOSE = re.compile(r"(\\?[\"']?)[\w.$-]+:(?=[^\s\"'])")
_EMPTY = re.compile(r"\(masked\)|%[a-z]|\\[a-z]|[\w.-]+[:=]|[\"'\s:]|\b[0-9]+\b|\btrue\b|\bfalse\b")

_HERE = re.compile(r"<<(?:<[ \t]*|-?[ \t]*(?P<quote>\\|[\"'])?(?P<word>[A-Za-z_]\w*))")
_READ = re.compile(r"\bread\b.*?([\w.]+)\s*\Z|([\w.]+)=[\"']?\$\(\s*cat\s*\Z", re.DOTALL)
"""What a variable is read into, or is made the output of."""
_TEMPLATE = re.compile(r"[\[\]{}(),\s]*|[^\s#].*\$[\w{(][^\s]*[\"',]*\s*|.*\(masked\)[\"',]*\s*")

_GAPS = bytes(code if chr(code).isalnum() or code == ord("_") else ord(" ") for code in range(128))
_GAPS += b" " * 128
"""A table that leaves nothing but words."""

_WINDOW = 300
"""So far before and behind it is looked for what a secret is given to."""


def words_of(text: str) -> frozenset[str]:
    """The words of *text*, with digits and `_`; looking for many of them at once is quick."""
    return frozenset(text.encode("ascii", "replace").translate(_GAPS).decode("ascii").split())


def without_given(text: str, words: frozenset[str]) -> str:
    """*text*, which has those *words*, without what its commands, files and functions are given."""
    if not _WORDS.isdisjoint(words):
        commands = OPTION_WORDS & words
        if commands:
            text = without_spans(text, in_options(text, commands))
        for own, spans in _BY_WORD:
            if not own.isdisjoint(words):
                text = without_spans(text, spans(text))
    for hints, spans in _BY_SIGN:
        if any(hint in text for hint in hints):
            text = without_spans(text, spans(text))
    return text


def _named(text: str) -> Iterator[Span]:
    """What stands beside the name of a secret: `aws configure set`, `define("PASSWORD", …)`."""
    at = 0
    while found := _AFTER_NAME.search(text, at):
        at = found.end()
        if is_secret_key(found["name"]) and (span := word(text, at)):
            yield span
            at = span[1]


def _alone(text: str) -> Iterator[Span]:
    """What `wandb login` and the like are given, where it is the last that they are given."""
    for found in _ALONE.finditer(text):
        if not _is_inert(found["said"]):
            yield *found.span("said"), MASKED


def _proxied(text: str) -> Iterator[Span]:
    """What is given to a proxy as the password of a user."""
    for found in _PROXIED.finditer(text):
        if span := word(text, found.end(), found[1]):
            yield span


def _echoed(text: str) -> Iterator[Span]:
    """What is written to a secret's file, or to a command that reads a secret."""
    at = 0
    while found := _ECHO.search(text, at):
        said = _SAID.match(text, found.end())
        if not said:
            return
        at = said.end()
        if text[at : at + 1] not in ("|", ">") or text[at : at + 2] in ("||", ">&"):
            continue
        if _keeps_secret(_STOP.split(text[at : at + _WINDOW], maxsplit=1)[0]):
            content = said[0].rstrip()
            if not _is_inert(content):
                yield said.start(), said.start() + len(content), _whose(content)


def _here(text: str) -> Iterator[Span]:
    """What stands in a script as the content of a secret's file, or of a secret."""
    at = 0
    while found := _HERE.search(text, at):
        before = _PRIOR.split(text[max(at, found.start() - _WINDOW) : found.start()])[-1]
        at = found.end()
        behind = text[at : at + _WINDOW].partition("\n")[0]
        read = _READ.search(before)
        into_secret = read is not None and is_secret_key(read[1] or read[2])
        if found["word"] is None:
            if (into_secret or _keeps_secret(before)) and (span := word(text, at)):
                yield span[0], span[1], _whose(text[span[0] : span[1]])
                at = span[1]
        elif into_secret or _keeps_secret(f"{before} {behind}"):
            end = re.compile(rf"^[ \t]*{found['word']}[ \t]*\r?$", re.MULTILINE).search(text, at)
            start = text.find("\n", at) + 1 or len(text)
            at = end.start() if end else len(text)
            yield from _lines(text, start, at, literal=bool(found["quote"]))


def _lines(text: str, start: int, end: int, *, literal: bool) -> Iterator[Span]:
    """The lines of a secret's file but for those that a reference is put into."""
    for line in text[start:end].splitlines(keepends=True):
        content = line.rstrip()
        shown = _TEMPLATE.fullmatch(content)
        kept = shown or (content and says_nothing(content))
        if not kept or (literal and "$" in content):
            yield start, start + len(content), MASKED
        start += len(line)


def _keeps_secret(command: str) -> bool:
    return bool(_SINK.search(command)) or any(
        is_secret_file(file[1]) for file in _INTO.finditer(command)
    )


def _is_inert(said: str) -> bool:
    """Whether it only names where a secret is, or is none."""
    if not said.startswith("'"):
        said = REFERENCE.sub("", said)
    return not _EMPTY.sub("", said)


def _whose(said: str) -> str:
    """A password without itself, as `chpasswd` reads it."""
    user = _WHOSE.match(said)
    return f"{user[0]}{MASKED}{user[1]}" if user else MASKED


_NAMING_WORDS = frozenset(("arg", "argjson", "config", "configure", "secret", "secrets", "setx"))
_ALONE_WORDS = frozenset(
    ("htpasswd", "ngrok", "rabbitmqctl", "rclone", "vault", "wandb", "wpa_passphrase")
)
ARGUMENT_WORDS = OPTION_WORDS | _NAMING_WORDS | _ALONE_WORDS | {"proxy"}
"""One of these is a word of every command that is given a secret among its arguments."""
_BY_WORD: tuple[tuple[frozenset[str], Callable[[str], Iterator[Span]]], ...] = (
    (_NAMING_WORDS, _named),
    (_ALONE_WORDS, _alone),
    (SQL_WORDS, in_sql),
    (DIRECTIVE_WORDS, in_directives),
    (SECTION_WORDS, called_with_section),
    (frozenset(("echo", "printf")), _echoed),
)
"""Ways that a secret is given, each with what is a word of every text that has it."""
_WORDS = OPTION_WORDS.union(*(own for own, _ in _BY_WORD))
_BY_SIGN: tuple[tuple[tuple[str, ...], Callable[[str], Iterator[Span]]], ...] = (
    (CALL_HINTS, called),
    (("[",), in_lists),
    ((_PROXY_USER,), _proxied),
    (("<<",), _here),
)
"""Ways that a secret is given, each with what is in every text that has it."""
