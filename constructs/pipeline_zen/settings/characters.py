"""Characters that a person cannot see, or takes for others, with their names."""

import re
import unicodedata

from pipeline_zen.visible import is_hidden, visible

UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]|\r(?!\n)"
)
"""What may be nowhere in a file, not even in a comment: it changes how lines are read or shown."""

_NAMES = {0: "NULL", 7: "BELL", 8: "BACKSPACE", 11: "LINE TABULATION", 12: "FORM FEED"}
_NAMES |= {13: "CARRIAGE RETURN", 27: "ESCAPE", 127: "DELETE", 133: "NEXT LINE"}

_SEEN = "\t\r"
"""Hidden by the letter, but known to everybody as blanks and line ends."""

_ALIKE = str.maketrans(
    "аеорсухіјѕԁһԛԝАВЕКМНОРСТУХІЈЅαονρικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ‐‑‒–—−",
    "aeopcyxijsdhqwABEKMHOPCTYXIJSaovpikABEZHIKMNOPTYX------",
)
"""Letters of other alphabets, and dashes, that look like those on every keyboard."""


def named(character: str) -> str:
    r"""A character as an escape, with its name: `\u200b (ZERO WIDTH SPACE)`."""
    name = _NAMES.get(ord(character)) or unicodedata.name(character, "without a name")
    return f"{visible(character)} ({name})"


def first_hidden(text: str) -> int | None:
    """The index of the first character that cannot be seen; None where there is none."""
    if text.isascii() and text.isprintable():
        return None
    hidden = (at for at, one in enumerate(text) if one not in _SEEN and is_hidden(one))
    return next(hidden, None)


def seen_instead(character: str) -> str:
    """What to write in the place of a character that cannot be seen: a space for a blank."""
    return " " if unicodedata.category(character) == "Zs" else ""


def plain(text: str) -> str:
    """*text* with letters that only look like plain ones replaced, and without what is hidden."""
    seen = "".join(character for character in text if not is_hidden(character))
    return unicodedata.normalize("NFKC", seen).translate(_ALIKE)


def foreign(text: str) -> str:
    """The first letter that is on few keyboards, with its place and name; empty without one."""
    for at, character in enumerate(text, start=1):
        if not character.isascii() and not is_hidden(character):
            return f"character {at} is {character} ({unicodedata.name(character, 'no name')})"
    return ""
