"""What Google knows a resource by: its name and place, or who a grant gives what on what."""

from collections.abc import Iterator

from pipeline_zen import kinds
from pipeline_zen.masking import masked_text
from pipeline_zen.plan import Change, Values

_GRANTS = ("_iam_member", "_iam_binding")


def identity(change: Change) -> str:
    """
    The name and the place of what goes, in words, with code between backticks.

    Empty where it does not go, or has no name of its own.
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
    where = f" in {_code(_last(place))}" if place and not name.endswith(f"/{place}") else ""
    return f"{_code(_last(name))}{where}"


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
