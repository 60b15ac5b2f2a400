"""Words, code and values of a plan as Markdown that means nothing else."""

import re

from pipeline_zen.plan import Action

LONGEST = 800
"""Characters of a sentence, such as one that names all permissions of a role."""

OPENLY = 12
"""So many members are listed openly; more are folded away."""

DONE = {
    Action.CREATE: "created",
    Action.UPDATE: "updated in place",
    Action.REPLACE: "replaced: the old one goes first",
    Action.REPLACE_AFTER: "replaced: the new one comes first",
    Action.DELETE: "destroyed",
    Action.FORGET: "forgotten: they stay at Google",
    Action.FORGET_CREATE: "forgotten, and created anew",
    Action.NO_OP: "left as they are",
    Action.READ: "read",
}


CHANGED = {**DONE, Action.UPDATE: "changed", Action.DELETE: "deleted"}
"""The same for what others have done."""

_CONTROL = re.compile(
    "[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff]+"
)
"""Characters that do something other than to be read."""


def short(address: str, kind: str) -> str:
    """An address without its type, where it is in no module."""
    return address.removeprefix(f"{kind}.")


def clipped(text: str) -> str:
    """A sentence of bearable length."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]} … ({len(text) - LONGEST:,} characters more)"


def clean(text: str) -> str:
    """*text* as one line, without what would turn it around, hide in it or move a cursor."""
    return _CONTROL.sub(" ", text)


def code(text: object) -> str:
    """*text* as code: nothing in it means anything to Markdown, nor to a table."""
    flat = clean(str(text)).strip() or " "
    fence = "`" * (max(map(len, re.findall(r"`+", flat)), default=0) + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{pad}{flat}{pad}{fence}".replace("|", "\\|")


def cell(text: str) -> str:
    """A value in a table: what is none is in plain words, the rest is code."""
    return f"*{text[1:-1]}*" if text.startswith("(") and text.endswith(")") else code(text)


def inline(text: str) -> str:
    """A sentence: what is between backticks stays code, the rest is only words."""
    parts = clean(text).split("`")
    if len(parts) % 2 == 0:
        parts = ["'".join(parts)]
    return "".join(code(part) if index % 2 else _plain(part) for index, part in enumerate(parts))


def _plain(text: str) -> str:
    return re.sub(r"([\\*_\[\]|#~])", r"\\\1", unmarked(text))


def unmarked(text: str) -> str:
    """*text* as HTML that is nothing but words; what stands in HTML is not read as Markdown."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # GitHub looks for mentions and links in the text that comes of it; a comment parts it.
    for word, parted in (("@", "@<!-- -->"), ("://", ":<!-- -->//"), ("www.", "www<!-- -->.")):
        text = text.replace(word, parted)
    return text


def fenced(text: str, language: str) -> str:
    """*text* as a block of code."""
    text = "\n".join(clean(line) for line in text.split("\n"))
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return f"{fence}{language}\n{text.rstrip()}\n{fence}\n"
