"""What Google knows a resource by: its name and place, or who a grant gives what on what."""

from collections.abc import Iterator

from pipeline_zen import kinds
from pipeline_zen.masking import masked_text
from pipeline_zen.plan import Change, Values

_GRANTS = ("_iam_member", "_iam_binding")


def identity(change: Change) -> str:
    """
    The name and the place of what goes, in words, with code between backticks.

    The name is left out where the address ends in it. Empty where there is nothing to add, or
    where it does not go.
    """
    if not change.goes:
        return ""
    values, _ = change.values()
    if change.type.endswith(_GRANTS):
        return ", ".join(_grant(change.type, values))
    name = _first(values, (kinds.of(change.type).name, *kinds.NAMES))
    if not name:
        return ""
    place = _first(values, kinds.PLACES)
    words = [] if _last(name) == change.name else [_code(_last(name))]
    words += [f"in {_code(_last(place))}"] if place else []
    return " ".join(words)


def introduced(known_as: str) -> str:
    """An identity behind an address."""
    if not known_as:
        return ""
    return f" {known_as}" if known_as.startswith("in ") else f": {known_as}"


def _grant(type_: str, values: Values) -> Iterator[str]:
    role, member = _first(values, ("role",)), _first(values, ("member",))
    if role:
        yield _code(role)
    members = values.texts("members")
    if member:
        yield f"of {_code(member)}"
    elif isinstance(members, frozenset) and members:
        yield f"of {', '.join(map(_code, sorted(members)))}"
    on = kinds.of(type_).on
    thing = _first(values, (on.attribute,)) if on else ""
    if thing:
        yield f"on {_code(_last(thing))}"


def _first(values: Values, keys: tuple[str, ...]) -> str:
    """The first text that there is under one of *keys*."""
    texts = (values.text(key) for key in keys if key)
    return next((text for text in texts if isinstance(text, str)), "")


def _last(link: str) -> str:
    return link.rpartition("/")[2]


def _code(text: str) -> str:
    return f"`{masked_text(text).replace('`', chr(39))}`"
