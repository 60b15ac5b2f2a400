"""Words that the forms for people share, and text as it may be shown to them."""

from collections.abc import Mapping, Sequence

from pipeline_zen.plan import Action, FoldedChange, Variant
from pipeline_zen.visible import visible

LONGEST = 800
"""Characters of a sentence, such as one that names all permissions of a role."""

DONE = {
    Action.CREATE: "created",
    Action.UPDATE: "updated in place",
    Action.REPLACE: "replaced: the old one goes first",
    Action.REPLACE_AFTER: "replaced: the new one comes first",
    Action.DELETE: "destroyed",
    Action.FORGET: "forgotten: they stay at Google",
    Action.LET_GO: "let go, and kept at Google by their `deletion_policy`",
    Action.FORGET_CREATE: "forgotten, and created anew",
    Action.NO_OP: "left as they are",
    Action.READ: "read",
}

CHANGED = {**DONE, Action.UPDATE: "changed", Action.DELETE: "deleted"}
"""Words for what others have done."""

TITLES = {Action.DELETE: "destroy", Action.NO_OP: "move or import"}
"""Actions as titles of columns, where these are other words."""

MANY = 8
"""Lists of changes from which on a table by type heads them."""


def happening(folded: FoldedChange, done: Mapping[Action, str]) -> str:
    """What happens to alike resources, in the words of *done*."""
    words = [done[folded.action]] if folded.action is not Action.NO_OP else []
    words += ["moved"] * folded.moves + ["imported"] * folded.imports
    words += ["left over from an earlier replacement"] * folded.deposed
    return ", ".join(words)


def short(address: str, kind: str) -> str:
    """An address without its type, and without its module."""
    return split(address, kind)[1]


def split(address: str, kind: str) -> tuple[str, str]:
    """The module of an address, empty where it is in none, and the rest of it without the type."""
    if address.startswith("module."):
        module, dot, name = address.rpartition(f".{kind}.")
        return (module, name) if dot else ("", address)
    return "", address.removeprefix(f"{kind}.")


def by_module(variants: Sequence[Variant]) -> dict[str, list[Variant]]:
    """Alike changes by the module that they are in, those in none first."""
    modules: dict[str, list[Variant]] = {}
    for variant in variants:
        module, _ = split(variant.change.address, variant.change.type)
        modules.setdefault(module, []).append(variant)
    return dict(sorted(modules.items()))


def clipped(text: str) -> str:
    """A sentence of bearable length."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]} … ({len(text) - LONGEST:,} characters more)"


def clean(text: str) -> str:
    """*text* as one line, with what turns it around, hides in it or moves a cursor written out."""
    return visible(text.replace("\r\n", " ").replace("\n", " "))


def clean_line(text: str) -> str:
    """A line of a script, of which tabs are a part."""
    return "\t".join(map(clean, text.split("\t")))
