"""
What is a secret by the command, the file or the function that it is given.

As with assignments, nothing is parsed, and all is linear in the length of a text.
"""

import re
from collections.abc import Callable, Iterator

from pipeline_zen.masking.assignments import ON_A_LINE, REFERENCE, secret_end
from pipeline_zen.masking.keys import MASKED, is_secret_file, is_secret_key

_STEP = re.compile(
    r"""
    (?P<end>(?<!\\)(?<!\\\r)\n|[;|]|&&)
    | (?<![\w.$-])(?P<command>curl|sshpass|mysql(?:dump|admin)?|mariadb(?:-dump)?|redis-cli
        |login|vault[ \t]+(?:kv[ \t]+(?:put|patch)|write[ \t]+(?=secret/))|create[ \t]+secret
      )(?![\w.=-])
    | (?<=[ \t\n])(?P<option>-[A-Za-z]+|--[a-z][a-z-]*)
    | (?<=[ \t\n])(?P<pair>(?:\\*["'])?[\w.-]+=)
    """,
    re.VERBOSE,
)
_SHORT = {"curl": "uUb", "sshpass": "p", "mysql": "p", "redis-cli": "a", "login": "p"}
_LONG = {
    "curl": ("--user", "--proxy-user", "--cookie"),
    "create": ("--from-literal",),
}
"""Of a command, the options that a secret follows whatever they are called."""

_BETWEEN = re.compile(r"(?:=|[ \t]+)?(?:\\\r?\n[ \t]*)?")
_ARGUMENT = re.compile(rf"[ \t=]*(?:{ON_A_LINE})")
_USER_OF = re.compile(r"""(?:\\*(["']))?([^\s:"'|;&]*):""")
_NAME_OF = re.compile(r"""(?:\\*(["']))?[\w.$-]+=""")

_AFTER_NAME = re.compile(
    r"""
    (?<![\w-])(?:config(?:ure)?(?:[ \t]+set|(?:[ \t]+-[a-z-]+){1,3})|secrets?[ \t]+set
      |--arg(?:json)?|setx)[ \t]+ (?P<name>[^\s=()]{1,200}) [ \t]+ (?=[^\s-])
    """,
    re.VERBOSE,
)
_IN_CALL = re.compile(
    r"""
    (?: \(\s* | [\[,(]\s*(?=.--?[a-z]) ) (["'])(?P<name>[\w.-]{1,200})\1 \s*,\s* (?=["'](?!-))
    | \b(?P<setter>(?:set|with)[\w]{1,100})\(\s*(?=["'])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ALONE = re.compile(
    r"""
    (?: \bwandb[ \t]+login(?:[ \t]+--[\w-]+(?:=\S*)?){0,5}
      | \bngrok[ \t]+(?:config[ \t]+add-)?authtoken
      | \bhtpasswd(?=(?:[ \t]+-\w+){0,5}[ \t]+-[A-Za-z]*b)
        (?:[ \t]+-\w+){1,5}(?:[ \t]+[^\s;|&<>-]\S*){1,2}
    ) [ \t]+
    (?P<said>(?:"[^"\n]*"|'[^'\n]*'|[^\s;|&<>()"'`\#-][^\s;|&<>()"'`]*))
    (?=[ \t]*(?:[;|&>)\#\n]|\Z))
    """,
    re.VERBOSE,
)

_ECHO = re.compile(r"(?<![\w.-])(?:echo|printf)[ \t]+(?:-[neE]+[ \t]+)*")
_SAID = re.compile(rf"""(?:{ON_A_LINE}|\$\([^()\n]*\)|\\.|[^\n"'\\|;&<>)`])*""")
_SINK = re.compile(
    r"(?<![\w/.-])(?:chpasswd|passwd|smbpasswd|cryptsetup)(?![\w/.-])|--with-token"
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
_READ = re.compile(r"\bread\b.*?([\w.]+)\s*\Z", re.DOTALL)
_TEMPLATE = re.compile(r"[\[\]{}(),\s]*|[^\s#].*\$[\w{(][^\s]*[\"',]*\s*|.*\(masked\)[\"',]*\s*")

_WINDOW = 300
"""So far before and behind it is looked for what a secret is given to."""

_Span = tuple[int, int, str]


def without_given(text: str) -> str:
    """*text* without the secrets that its commands, files and functions are given."""
    for hints, spans in _GIVEN:
        if any(hint in text for hint in hints):
            text = _without(text, spans(text))
    return text


def _without(text: str, spans: Iterator[_Span]) -> str:
    parts: list[str] = []
    done = 0
    for start, end, shown in spans:
        if start >= done:
            parts += (text[done:start], shown)
            done = end
    return "".join((*parts, text[done:]))


def _options(text: str) -> Iterator[_Span]:
    """What follows options such as `curl -u`, and pairs that `vault kv put` is given."""
    at = 0
    command = ""
    while found := _STEP.search(text, at):
        at = found.end()
        if found["end"]:
            command = ""
        elif found["command"]:
            command = found["command"].split()[0]
            command = "mysql" if command.startswith(("mysql", "mariadb")) else command
        elif command:
            span = _option(text, found, command)
            if span:
                yield span
                at = max(at, span[1])
            elif found["option"] and (argument := _ARGUMENT.match(text, at)):
                at = argument.end()


def _option(text: str, found: "re.Match[str]", command: str) -> _Span | None:
    if found["pair"]:
        return _after(_NAME_OF, text, found.start()) if command == "vault" else None
    option = found["option"]
    letters = _SHORT.get(command, "")
    start = found.end()
    if option[1] == "-":
        if option not in _LONG.get(command, ()):
            return None
        start = _next(text, start)
    elif option[1] in letters:
        start = found.start() + 2
        if text[start : start + 1].isspace():
            if command == "mysql":
                return None
            start = _next(text, start)
    elif command == "curl" and option[-1] in letters:
        start = _next(text, start)
    else:
        return None
    if command == "curl":
        cookie = option == "--cookie" or (option[1] != "-" and "b" in (option[1], option[-1]))
        return _after(_NAME_OF if cookie else _USER_OF, text, start)
    return _after(_NAME_OF, text, start) if command == "create" else _word(text, start)


def _next(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _word(text: str, start: int, around: str = "") -> _Span | None:
    if text[start : start + 1] in ("", " ", "\t", "\n", "@", "-", around):
        return None
    end = secret_end(text, start, around)
    return None if end is None else (start, end, MASKED)


def _after(name: "re.Pattern[str]", text: str, start: int) -> _Span | None:
    """What follows the name, of a user or of whatever, that is at *start*."""
    found = name.match(text, start)
    if not found:
        return None
    around = found[1] or ""
    if name is _USER_OF and found[2] and text[found.end() : found.end() + 1] in ("", " ", around):
        # A token for a user without a password.
        kept = REFERENCE.fullmatch(found[2]) or found[2] == MASKED
        return None if kept else (found.start(2), found.end(2), MASKED)
    return _word(text, found.end(), around)


def _named(text: str) -> Iterator[_Span]:
    """What stands beside the name of a secret: `aws configure set`, `define("PASSWORD", …)`."""
    at = 0
    while found := _AFTER_NAME.search(text, at):
        at = found.end()
        if is_secret_key(found["name"]) and (span := _word(text, at)):
            yield span
            at = span[1]


def _called(text: str) -> Iterator[_Span]:
    """What a function is called with beside the name of a secret, or by such a name."""
    at = 0
    while found := _IN_CALL.search(text, at):
        at = found.end()
        if is_secret_key(found["name"] or found["setter"]) and (span := _word(text, at)):
            yield span
            at = span[1]
            then = _ARGUMENT.match(text, span[1] + 1)
            if found["setter"] and text[span[1] : span[1] + 1] == "," and then:
                yield span[1] + 1, then.end(), f" {MASKED}"
                at = then.end()


def _alone(text: str) -> Iterator[_Span]:
    """What `wandb login` and the like are given, where it is the last that they are given."""
    for found in _ALONE.finditer(text):
        if not _is_inert(found["said"]):
            yield *found.span("said"), MASKED


def _echoed(text: str) -> Iterator[_Span]:
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


def _here(text: str) -> Iterator[_Span]:
    """What stands in a script as the content of a secret's file, or of a secret."""
    at = 0
    while found := _HERE.search(text, at):
        before = _PRIOR.split(text[max(at, found.start() - _WINDOW) : found.start()])[-1]
        at = found.end()
        behind = text[at : at + _WINDOW].partition("\n")[0]
        read = _READ.search(before)
        if found["word"] is None:
            secret = (read and is_secret_key(read[1])) or _keeps_secret(before)
            if secret and (span := _word(text, at)):
                yield span[0], span[1], _whose(text[span[0] : span[1]])
                at = span[1]
        elif _keeps_secret(f"{before} {behind}"):
            end = re.compile(rf"^[ \t]*{found['word']}[ \t]*\r?$", re.MULTILINE).search(text, at)
            start = text.find("\n", at) + 1 or len(text)
            at = end.start() if end else len(text)
            yield from _lines(text, start, at, literal=bool(found["quote"]))


def _lines(text: str, start: int, end: int, *, literal: bool) -> Iterator[_Span]:
    """The lines of a secret's file but for those that a reference is put into."""
    for line in text[start:end].splitlines(keepends=True):
        content = line.rstrip()
        shown = _TEMPLATE.fullmatch(content)
        if not shown or (literal and "$" in content):
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


_GIVEN: tuple[tuple[tuple[str, ...], Callable[[str], Iterator[_Span]]], ...] = (
    (
        ("curl", "sshpass", "mysql", "mariadb", "redis-cli", "login", "vault", "create"),
        _options,
    ),
    (("config", "secret", "--arg", "setx"), _named),
    (('("', "('", '"-', "'-", "( ", "(\n"), _called),
    (("wandb", "ngrok", "htpasswd"), _alone),
    (("echo", "printf"), _echoed),
    (("<<",), _here),
)
"""Ways that a secret is given, each with what is in every text that has it."""
