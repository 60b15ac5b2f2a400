"""
Secrets that follow an option of a known command: `curl -u`, `mysql -p`, `vault kv put`.

As with assignments, nothing is parsed, and all is linear in the length of a text.
"""

import re
from collections.abc import Iterator

from pipeline_zen.masking.ends import ON_A_LINE, REFERENCE, secret_end
from pipeline_zen.masking.keys import MASKED

Span = tuple[int, int, str]
"""A span: from where to where something is hidden, and what is shown instead."""

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
"""Options of a command that a secret follows whatever they are called."""

_BETWEEN = re.compile(r"(?:=|[ \t]+)?(?:\\\r?\n[ \t]*)?")
ARGUMENT = re.compile(rf"[ \t=]*(?:{ON_A_LINE})")
_USER_OF = re.compile(r"""(?:\\*(["']))?([^\s:"'|;&]*):""")
_NAME_OF = re.compile(r"""(?:\\*(["']))?[\w.$-]+=""")


def in_options(text: str) -> Iterator[Span]:
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
            span = _given(text, found, command)
            if span:
                yield span
                at = max(at, span[1])
            elif found["option"] and (argument := ARGUMENT.match(text, at)):
                at = argument.end()


def word(text: str, start: int, around: str = "") -> Span | None:
    """The secret that begins at *start*, in the quotes *around* it; None where there is none."""
    if text[start : start + 1] in ("", " ", "\t", "\n", "@", "-", around):
        return None
    end = secret_end(text, start, around)
    return None if end is None else (start, end, MASKED)


def _given(text: str, found: "re.Match[str]", command: str) -> Span | None:
    """The secret in the option or pair of *command* that is *found*."""
    if found["pair"]:
        return _after_name(text, found.start()) if command == "vault" else None
    option = found["option"]
    start = _value_start(text, found, command)
    if start is None:
        return None
    if command == "create":
        return _after_name(text, start)
    if command == "curl":
        return _after_name(text, start) if _is_cookie(option) else _after_user(text, start)
    return word(text, start)


def _value_start(text: str, found: "re.Match[str]", command: str) -> int | None:
    """Where the value of an option begins; None for one that a secret does not follow."""
    option = found["option"]
    letters = _SHORT.get(command, "")
    if option.startswith("--"):
        return _next(text, found.end()) if option in _LONG.get(command, ()) else None
    if option[1] in letters:
        beside = found.start() + 2
        if not text[beside : beside + 1].isspace():
            return beside
        # mysql asks for a password that does not stand right beside its option.
        return None if command == "mysql" else _next(text, beside)
    bundled = command == "curl" and option[-1] in letters
    return _next(text, found.end()) if bundled else None


def _is_cookie(option: str) -> bool:
    """Whether it is curl's option that has a name before the secret."""
    return option == "--cookie" or (option[1] != "-" and "b" in (option[1], option[-1]))


def _next(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _after_name(text: str, start: int) -> Span | None:
    """What follows a name and `=`."""
    name = _NAME_OF.match(text, start)
    return word(text, name.end(), name[1] or "") if name else None


def _after_user(text: str, start: int) -> Span | None:
    """What follows a user and `:`; or the user, where it is a token and nothing follows."""
    user = _USER_OF.match(text, start)
    if user is None:
        return None
    around = user[1] or ""
    if user[2] and text[user.end() : user.end() + 1] in ("", " ", around):
        kept = REFERENCE.fullmatch(user[2]) or user[2] == MASKED
        return None if kept else (user.start(2), user.end(2), MASKED)
    return word(text, user.end(), around)
