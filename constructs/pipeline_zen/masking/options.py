"""
Secrets that follow an option of a known command: `curl -u`, `mysql -p`, `vault kv put`.

As with assignments, nothing is parsed, and all is linear in the length of a text.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline_zen.masking.ends import ON_A_LINE, REFERENCE, Span, secret_end
from pipeline_zen.masking.keys import MASKED

_SHORT = {
    "7z": "p",
    "bcp": "P",
    "curl": "uUb",
    "doctl": "t",
    "etcdctl": "",
    "flyctl": "t",
    "glab": "t",
    "http": "a",
    "ipmitool": "P",
    "ldap": "w",
    "lftp": "u",
    "login": "p",
    "mongo": "p",
    "mosquitto": "P",
    "mysql": "p",
    "openssl": "kK",
    "redis-cli": "a",
    "smbclient": "U",
    "snowsql": "p",
    "sqlcmd": "P",
    "ssh-keygen": "NP",
    "sshpass": "p",
    "useradd": "p",
    "zip": "P",
}
"""Options of a command, or of its kin, that a secret follows."""
_LONG = {
    "curl": ("--user", "--proxy-user", "--cookie"),
    "create": ("--from-literal",),
    "etcdctl": ("--user",),
    "http": ("--auth",),
    "lftp": ("--user",),
    "smbclient": ("--user",),
}
"""Options of a command that a secret follows whatever they are called."""
_KIN = {
    "7za": "7z",
    "7zr": "7z",
    "https": "http",
    "mysqladmin": "mysql",
    "mysqldump": "mysql",
    "unzip": "zip",
    "usermod": "useradd",
    "xh": "http",
    "xhs": "http",
}
_USERS = {"curl": ":", "etcdctl": ":", "http": ":", "lftp": ",", "smbclient": "%"}
"""What stands between a user and the secret in an option of a command."""
_BESIDE_ONLY = ("mysql", "7z")
"""Commands that ask for a password that does not stand right beside its option."""
_APART_ONLY = ("openssl", "ssh-keygen", "doctl")
"""Commands whose options of several letters are no bundles, and have nothing right beside them."""
_BUNDLING = ("curl", "ldap", "useradd", "zip")
"""Commands that take several letters as several options, of which the last has a value."""

_COMMANDS = {
    "create": r"create[ \t]+secret",
    "doctl": r"doctl[ \t]+auth",
    "glab": r"glab[ \t]+auth[ \t]+login",
    "http": r"http(?=[ \t])",
    "https": r"https(?=[ \t])",
    "keygen": "ssh-keygen",
    "mariadb": "mariadb(?:-dump|-admin)?",
    "openssl": r"openssl[ \t]+(?:enc|aes|des|camellia)[\w-]*",
    "redis": "redis-cli",
    "vault": r"vault[ \t]+(?:kv[ \t]+(?:put|patch)|write[ \t]+(?=secret/))",
    **dict.fromkeys(
        (*("7z", "7za", "7zr", "bcp", "curl", "etcdctl", "flyctl", "ipmitool", "ldapadd"),
         *("ldapcompare", "ldapdelete", "ldapmodify", "ldapmodrdn", "ldappasswd", "ldapsearch"),
         *("ldapwhoami", "lftp", "login", "mongo", "mongodump", "mongoexport", "mongofiles"),
         *("mongoimport", "mongorestore", "mongosh", "mongostat", "mongotop", "mosquitto_pub"),
         *("mosquitto_rr", "mosquitto_sub", "mysql", "mysqladmin", "mysqldump", "nmcli"),
         *("smbclient", "snowsql", "sqlcmd", "sshpass", "unzip", "useradd", "usermod", "xh"),
         *("xhs", "zip"))
    ),
}  # fmt: skip
"""Commands by a word that is in every text with them; most are nothing but that."""
OPTION_WORDS = frozenset(_COMMANDS)


@lru_cache(maxsize=100)
def _looked_for(commands: frozenset[str]) -> tuple["re.Pattern[str]", "re.Pattern[str]"]:
    """One of *commands*, and what is looked at behind it; all that there are would take longer."""
    names = "|".join(_COMMANDS[name] or name for name in sorted(commands))
    steps = rf"""
        (?P<end>(?<!\\)(?<!\\\r)\n|[;|]|&&)
        | (?<![\w.$-])(?P<command>{names})(?![\w.=-])
        | (?<=[ \t\n])(?P<option>-[A-Za-z]+|--[a-z][a-z-]*)
        | (?<=[ \t\n])(?P<pair>(?:\\*["'])?[\w.-]+=)
        | (?<=[ \t\n])(?P<word>{_WORD})[ \t]+(?=[^\s-])
        """
    return re.compile(f"(?:{names})(?![\\w.=-])"), re.compile(steps, re.VERBOSE)


_WORDS = frozenset(("mariadb-admin", "mysqladmin", "nmcli"))
"""Commands that have a word, and no option, before a secret."""
_WORD = r"password|(?:[a-z0-9-]{1,40}\.)?(?:psk|wep-key[0-3])"
_NAME_GOES_ON = re.compile(r"[\w.$-]")

_BETWEEN = re.compile(r"(?:=|[ \t]+)?(?:\\\r?\n[ \t]*)?")
ARGUMENT = re.compile(rf"[ \t=]*(?:{ON_A_LINE})")
_USER_OF = {sign: re.compile(rf"""(?:\\*(["']))?([^\s{sign}"'|;&]*){sign}""") for sign in ":,%"}
_NAME_OF = re.compile(r"""(?:\\*(["']))?[\w.$-]+=""")


def in_options(text: str, commands: frozenset[str]) -> Iterator[Span]:
    """What follows options such as `curl -u`, and pairs that `vault kv put` is given."""
    names, steps = _looked_for(commands)
    at = 0
    while found := names.search(text, at):
        at = found.end()
        if _NAME_GOES_ON.match(text[found.start() - 1 : found.start()]):
            continue
        command = _first(found[0])
        while step := steps.search(text, at):
            at = step.end()
            if step["end"]:
                break
            if step["command"]:
                command = _first(step["command"])
            elif span := _given(text, step, command):
                yield span
                at = max(at, span[1])
            elif step["option"] and (argument := ARGUMENT.match(text, at)):
                at = argument.end()
        else:
            return


def _first(command: str) -> str:
    return command.split(maxsplit=1)[0]


def word(text: str, start: int, around: str = "") -> Span | None:
    """The secret that begins at *start*, in the quotes *around* it; None where there is none."""
    if text[start : start + 1] in ("", " ", "\t", "\n", "@", "-", around):
        return None
    end = secret_end(text, start, around)
    return None if end is None else (start, end, MASKED)


def _given(text: str, found: "re.Match[str]", command: str) -> Span | None:
    """The secret in the option, the pair or the word of *command* that is *found*."""
    if found["pair"]:
        return _after_name(text, found.start()) if command == "vault" else None
    if found["word"]:
        return word(text, found.end()) if command in _WORDS else None
    option = found["option"]
    kin = _kin(command)
    start = _value_start(text, found, kin)
    if start is None:
        return None
    if kin == "create" or (kin == "curl" and _is_cookie(option)):
        return _after_name(text, start)
    return _after_user(text, start, kin) if kin in _USERS else word(text, start)


def _kin(command: str) -> str:
    """What the options of *command* are listed under."""
    for kin in ("mongo", "mosquitto", "ldap", "mariadb"):
        if command.startswith(kin):
            return kin.replace("mariadb", "mysql")
    return _KIN.get(command, command)


def _value_start(text: str, found: "re.Match[str]", command: str) -> int | None:
    """Where the value of an option begins; None for one that a secret does not follow."""
    option = found["option"]
    letters = _SHORT.get(command, "")
    if option.startswith("--"):
        return _next(text, found.end()) if option in _LONG.get(command, ()) else None
    beside = found.start() + 2
    apart = text[beside : beside + 1].isspace()
    if option[1] in letters and not apart:
        return None if command in _APART_ONLY else beside
    if option[1] in letters:
        return None if command in _BESIDE_ONLY else _next(text, beside)
    bundled = command in _BUNDLING and option[-1] in letters
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


def _after_user(text: str, start: int, command: str) -> Span | None:
    """What follows a user; or the user of curl, where it is a token and nothing follows."""
    user = _USER_OF[_USERS[command]].match(text, start)
    if user is None:
        # Of HTTPie's, what has no user before it is a token.
        return word(text, start) if command == "http" else None
    around = user[1] or ""
    if user[2] and text[user.end() : user.end() + 1] in ("", " ", around):
        kept = command != "curl" or REFERENCE.fullmatch(user[2]) or user[2] == MASKED
        return None if kept else (user.start(2), user.end(2), MASKED)
    return word(text, user.end(), around)
