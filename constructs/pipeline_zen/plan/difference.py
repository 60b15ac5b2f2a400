"""What differs between two values of a resource, attribute by attribute."""

import difflib
import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from pipeline_zen.masking import embedded, is_pairs_value, masked_text, masked_value, names_secret
from pipeline_zen.plan.marks import mark_of
from pipeline_zen.plan.shown import (
    ABSENT,
    KNOWN_LATER,
    Place,
    is_empty,
    shown,
    shown_marked,
)
from pipeline_zen.plan.texts import line_difference

_MANY = 500
"""Blocks that are compared one with the other; of more, those at the same position are."""

_LINK = re.compile(r"https?://[^/\s]+/(?:compute/)?(?:v1|beta)/projects/([^/\s]+)/[\w./-]+")
"""A link of the Compute Engine's, with its project."""

_SHORT_LIST = 100
"""Characters of a list that is shown whole, before and after."""


class AttributeChange(NamedTuple):
    """
    An attribute with its value before and after, as they are shown; nothing secret is in them.

    `text` holds the lines of a diff where the value is a text of several lines, such as a startup
    script, or a long list; `before` and `after` then say how long it is.
    """

    path: str
    before: str
    after: str
    text: tuple[str, ...] = ()

    @property
    def unknown(self) -> bool:
        """Whether the value after is not known yet."""
        return self.after == KNOWN_LATER

    @property
    def comes(self) -> bool:
        """Whether there was no value before."""
        return self.before == ABSENT

    @property
    def is_default_left_out(self) -> bool:
        """Whether a zero or a `false` is simply not said any more."""
        return self.after == ABSENT and self.before in ("0", "false")


class Sides(NamedTuple):
    """
    A value before and after, and what marks it.

    The marks have the form of the values, with `true` for what they mean, as in the JSON of a plan;
    pruned, so that whatever is there marks something.
    """

    before: Any
    after: Any
    unknown: Any = None
    """What is known only after the apply."""
    before_sensitive: Any = None
    after_sensitive: Any = None

    @property
    def sensitive(self) -> bool:
        """Whether a mark, on either side, hides any of it."""
        return bool(self.before_sensitive or self.after_sensitive)

    @property
    def values(self) -> tuple[Any, Any, Any]:
        """The values, and the mark that stands for one."""
        return self.before, self.after, self.unknown

    def filled(self, empty: Any) -> "Sides":
        """The sides with *empty* where there is no value."""
        before, after, unknown, *marks = self
        return Sides(before or empty, after or empty, unknown or empty, *marks)

    def below(self, key: str) -> "Sides":
        """What is under *key* of mappings."""
        before, after, unknown, old_marks, new_marks = self
        return Sides(
            before.get(key),
            after.get(key),
            unknown.get(key),
            mark_of(old_marks, key) if old_marks else None,
            mark_of(new_marks, key) if new_marks else None,
        )

    def at(self, index: int) -> "Sides":
        """What is at *index* of lists."""
        before, after, unknown = (
            value[index] if index < len(value) else None for value in self.values
        )
        marks = (self.before_sensitive, self.after_sensitive)
        return Sides(before, after, unknown, *(mark_of(mark, index) for mark in marks))


def differences(sides: Sides) -> tuple[AttributeChange, ...]:
    """
    The attributes that differ, sorted by path.

    Null and empty are the same, as are, where there are links, one into the resource's project and
    the name at its end: the provider turns one into the other and back.
    """
    found: list[AttributeChange] = []
    _walk(Place(project=_project(sides)), sides, found)
    return tuple(sorted(found, key=lambda change: change.path))


def _project(sides: Sides) -> str:
    """The project that the resource is in, before and after; empty where that is not told."""
    named = [side["project"] for side in (sides.before, sides.after)
             if isinstance(side, dict) and isinstance(side.get("project"), str)]  # fmt: skip
    return named[0] if len(set(named)) == 1 else ""


def _walk(place: Place, sides: Sides, found: list[AttributeChange]) -> None:
    """Adds what differs to what is *found*."""
    before, after, unknown, old_marks, new_marks = sides
    if unknown is True:
        # All that is below it is shown at once, so one mark, on either side, hides it whole.
        found.append(_known_later(place, before, sensitive=sides.sensitive))
    elif before == after and not unknown:
        return
    elif old_marks is True or new_marks is True:
        if not _same(place, before, after):
            found.append(AttributeChange(place.path, shown_marked(before), shown_marked(after)))
    elif _all_are(dict, before, after, unknown):
        _mapping(place, sides.filled({}), found)
    elif _all_are(list, before, after, unknown) and _has_blocks(before, after, unknown):
        _blocks(place, sides.filled([]), found)
    elif not _same(place, before, after):
        _leaf(place, sides, found)


def _known_later(place: Place, before: Any, *, sensitive: bool) -> AttributeChange:
    old = shown_marked(before) if sensitive else shown(place, before)
    return AttributeChange(place.path, old, KNOWN_LATER)


def _mapping(place: Place, sides: Sides, found: list[AttributeChange]) -> None:
    keys = _differing(*sides.values)
    named = any(map(is_pairs_value, keys)) and (
        names_secret(sides.before) or names_secret(sides.after)
    )
    plain = not sides.sensitive
    for key in keys:
        below = place.below(key, secret=named and is_pairs_value(key))
        if plain and sides.unknown.get(key) is True:
            # Of what is new most is so, and this is quick.
            found.append(_known_later(below, sides.before.get(key), sensitive=False))
        else:
            _walk(below, sides.below(key), found)


def _differing(before: dict[str, Any], after: dict[str, Any], unknown: dict[str, Any]) -> list[str]:
    """The keys below which there is a difference, sorted."""
    keys = {key for key, value in before.items() if after.get(key) != value}
    keys.update(key for key in after if key not in before and after[key] is not None)
    keys.update(key for key, mark in unknown.items() if mark)
    return sorted(keys)


def _blocks(place: Place, sides: Sides, found: list[AttributeChange]) -> None:
    """Blocks by their position; where some came in or went out, those that stayed are left out."""
    before, after, unknown = sides.values
    marked = sides.sensitive or bool(unknown)
    if len(before) == len(after) or marked or max(len(before), len(after)) > _MANY:
        for index in range(max(map(len, sides.values))):
            _walk(place.at(index), sides.at(index), found)
        return
    for tag, old, old_end, new, new_end in _matched(before, after):
        pairs = min(old_end - old, new_end - new) if tag == "replace" else 0
        for number in range(pairs):
            pair = Sides(before[old + number], after[new + number])
            _walk(place.at(new + number), pair, found)
        if tag != "equal":
            gone, come = before[old + pairs : old_end], after[new + pairs : new_end]
            found += [AttributeChange(place.path, shown(place, item), ABSENT) for item in gone]
            found += [AttributeChange(place.path, ABSENT, shown(place, item)) for item in come]


def _matched(before: list[Any], after: list[Any]) -> Sequence[tuple[str, int, int, int, int]]:
    """What stays, comes, goes and takes another's place, as ranges of both lists."""
    keys = [[json.dumps(item, sort_keys=True) for item in items] for items in (before, after)]
    return difflib.SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes()


def _leaf(place: Place, sides: Sides, found: list[AttributeChange]) -> None:
    before, after = sides.before, sides.after
    if sides.sensitive:
        found.append(AttributeChange(place.path, shown_marked(before), shown_marked(after)))
        return
    if not place.secret:
        contents = embedded(before), embedded(after)
        if all(content is not None for content in contents):
            _embedded(place, *contents, found)
            return
        if any(isinstance(value, str) and "\n" in value for value in (before, after)):
            found.append(_text(place, before, after))
            return
        if isinstance(before, list) and isinstance(after, list):
            found.append(_list(place, before, after))
            return
    found.append(AttributeChange(place.path, shown(place, before), shown(place, after)))


def _embedded(place: Place, before: Any, after: Any, found: list[AttributeChange]) -> None:
    """JSON in two texts, by what it says."""
    if before == after:
        same = "(the same JSON, written in another way)"
        found.append(AttributeChange(place.path, "(JSON)", same))
    else:
        _walk(place, Sides(before, after), found)


def _text(place: Place, before: Any, after: Any) -> AttributeChange:
    """A text of several lines, as the lines of it that differ."""
    lines = [
        masked_text(value).splitlines() if isinstance(value, str) else []
        for value in (before, after)
    ]
    diff = line_difference(*lines) or ("(differs in nothing but what is masked)",)
    old, new = (
        ABSENT if is_empty(value) else f"({len(own)} lines)"
        for value, own in zip((before, after), lines, strict=True)
    )
    return AttributeChange(place.path, old, new, diff)


def _list(place: Place, before: list[Any], after: list[Any]) -> AttributeChange:
    """A list of plain values: whole where it is short, else what is in only one of them."""
    whole = AttributeChange(place.path, shown(place, before), shown(place, after))
    if max(len(whole.before), len(whole.after)) <= _SHORT_LIST or not (before and after):
        return whole
    old, new = f"({len(before):,} elements)", f"({len(after):,} elements)"
    # Masked whole, as an option of a command says what stands behind it.
    masked = [masked_value(items) for items in (before, after)]
    elements = [[shown(place, item) for item in items] for items in masked]
    if sorted(elements[0]) == sorted(elements[1]):
        return AttributeChange(place.path, old, "(the same elements in another order)")
    diff = line_difference(*map(sorted, elements))
    only = tuple(line for line in diff if line[0] in "-+…")
    return AttributeChange(place.path, old, new, only)


def _same(place: Place, before: Any, after: Any) -> bool:
    if before == after or (is_empty(before) and is_empty(after)):
        return True
    if isinstance(before, str) and isinstance(after, str):
        return place.is_link and (
            _leads_to(place, before, after) or _leads_to(place, after, before)
        )
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return all(_same(place, old, new) for old, new in zip(before, after, strict=True))
    return False


def _leads_to(place: Place, link: str, name: str) -> bool:
    """Whether it is a link to what has that name, or path, in the resource's project or its own."""
    found = _LINK.fullmatch(link)
    if not found or not name or not link.endswith(f"/{name}"):
        return False
    return name.startswith("projects/") or found[1] == place.project


def _all_are(kind: type, *values: Any) -> bool:
    """Whether all are of *kind* where they are there, and one is."""
    found = False
    for value in values:
        if isinstance(value, kind):
            found = True
        elif value is not None and value is not False:
            return False
    return found


def _has_blocks(*values: Any) -> bool:
    """Whether what is in lists is looked at one by one; a text may say what is beside it."""
    kinds = {type(item) for value in values if value for item in value}
    return not kinds.isdisjoint((dict, list)) and str not in kinds
