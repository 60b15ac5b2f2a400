"""Words that the forms for people share, and text as it may be shown to them."""

import re
from collections.abc import Mapping

from pipeline_zen.plan import Action, FoldedChange

LONGEST = 800
"""Characters of a sentence, such as one that names all permissions of a role."""

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


def happening(folded: FoldedChange, done: Mapping[Action, str]) -> str:
    """What happens to alike resources, in the words of *done*."""
    words = [done[folded.action]] if folded.action is not Action.NO_OP else []
    words += ["moved"] * folded.moves + ["imported"] * folded.imports
    words += ["left over from an earlier replacement"] * folded.deposed
    return ", ".join(words)


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
