"""
Text that hides nothing: what moves a cursor, turns a line around or cannot be seen, as an escape.

Whatever is shown to people and comes from elsewhere passes here: a plan, settings, an answer.
"""

import re
import unicodedata

_UNUSUAL = re.compile(r"[^ -~\n]")
_LOOKS_EMPTY = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that look like nothing; all others of the kind are known by category."""

_HIDDEN_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs"))


def visible(text: str) -> str:
    r"""*text* with `\u200b` and the like written out; a line's end and a space stay."""
    return _UNUSUAL.sub(_shown, text)


def is_hidden(character: str) -> bool:
    """Whether a character does something other than to be read."""
    if character in " \n":
        return False
    if character in _LOOKS_EMPTY or "\ufe00" <= character <= "\ufe0f":
        return True
    return unicodedata.category(character) in _HIDDEN_CATEGORIES


def _shown(found: "re.Match[str]") -> str:
    # As JSON and YAML write them, so that it can be looked for.
    character = found[0]
    if not is_hidden(character):
        return character
    if character in "\t\r":
        return {"\t": "\\t", "\r": "\\r"}[character]
    number = ord(character)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004 - 4 digits
