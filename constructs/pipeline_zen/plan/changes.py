"""What becomes of one object: what happens to it, why, and to which of its attributes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

import msgspec

from pipeline_zen.masking import masked_value
from pipeline_zen.plan.actions import Action
from pipeline_zen.plan.computed import is_computed
from pipeline_zen.plan.difference import AttributeChange, Sides, differences
from pipeline_zen.plan.document import RawChange, decoded, decoded_keys
from pipeline_zen.plan.given import expression, given, is_given, may_be_generated
from pipeline_zen.plan.marks import pruned
from pipeline_zen.plan.paths import root
from pipeline_zen.plan.shown import links_from_project, without_marked
from pipeline_zen.plan.values import Values, obscured

_COPIES = {
    "effective_labels": ("labels",),
    "terraform_labels": ("labels", "effective_labels"),
}
"""Labels that the provider keeps beside those that somebody has set, and what they repeat."""

_AT_HAND = 2
"""
Changes whose values stay decoded, as one is looked at from several sides in a row.

More of them leave the processor's own memory before they are asked for again, and all at once
would be many: a plan of thousands is a hundred megabytes as JSON, and more as values.
"""


@dataclass(frozen=True)
class Change:
    """What becomes of one object. All text in it is masked, but for `values`."""

    address: str
    type: str
    name: str
    action: Action
    managed: bool
    """False for a data source or an ephemeral resource, which is only read."""
    provider: str
    reason: str
    """Why, in words; empty where there is nothing to say."""
    forced_by: tuple[str, ...]
    """The attributes that force a replacement."""
    previous_address: str
    """Where it stood until now, if it moves."""
    import_id: str
    """What it is imported by, if it is."""
    deposed: str
    """The key of an object that is left of an earlier replacement."""
    _raw: RawChange = field(repr=False, compare=False)
    _expressions: msgspec.Raw | None = field(repr=False, compare=False)
    is_tainted: bool = False
    """Whether its creation failed earlier, so that it is made anew for that alone."""
    is_dropped: bool = False
    """Whether it goes because nothing of it is in the configuration any more."""
    programs: tuple[str, ...] = ()
    """What is run on the machine that applies as this is made, or goes."""
    is_compared: bool = False
    """Whether it is only one object compared with another, of which none goes by it."""

    @property
    def is_change(self) -> bool:
        """Whether anything comes of it, be it only in the state."""
        return self.action not in (Action.NO_OP, Action.READ) or bool(
            self.previous_address or self.import_id
        )

    @property
    def goes(self) -> bool:
        """Whether the object is gone afterwards, be it only from the state."""
        return self.action is Action.DELETE or self.action.keeps

    @cached_property
    def attributes(self) -> tuple[AttributeChange, ...]:
        """The attributes that change; those of a new object, and none of one that goes."""
        if self.goes or self.action in (Action.NO_OP, Action.READ):
            return ()
        raw = self._raw
        sides = Sides(*_decoded(raw), *_all_marks(raw))
        attributes = _without_copies(differences(sides))
        if self.action.replaces:
            # The new one has no such value yet; Google fills it in as it did for the old one.
            return tuple(attribute for attribute in attributes if not attribute.is_default_left_out)
        return attributes

    @cached_property
    def told(self) -> tuple[AttributeChange, ...]:
        """The attributes that change, as they are told: without what the provider will fill in."""
        attributes = self.attributes
        if any(one.unknown for one in attributes):
            # Of what is new, what the apply decides is told apart.
            left_out = self._is_filled_in if self.action is Action.UPDATE else _is_unknown
            attributes = tuple(one for one in attributes if not left_out(one))
        return _with_short_links(attributes)

    def _is_filled_in(self, attribute: AttributeChange) -> bool:
        """Whether the provider alone decides what it becomes, as far as that is known."""
        path, expressions = attribute.path, self._written
        if not attribute.unknown or (expressions is not None and is_given(expressions, path)):
            return False
        if is_computed(self.type, path):
            return True
        return expressions is not None and not may_be_generated(expressions, path, attribute.before)

    @cached_property
    def settled_later(self) -> tuple[str, ...]:
        """The attributes that the apply decides, without those that only the provider fills in."""
        unknown = [attribute.path for attribute in self.attributes if attribute.unknown]
        expressions = self._written if unknown else None
        return tuple(
            path
            for path in unknown
            if not is_computed(self.type, path)
            and (expressions is None or is_given(expressions, path))
        )

    @cached_property
    def held(self) -> tuple[AttributeChange, ...]:
        """The attributes of an object that goes, but for those that only the provider fills in."""
        raw = self._raw
        if not self.goes:
            return ()
        sides = Sides(decoded(raw.before), None, None, _marks(raw.before_sensitive))
        return _with_short_links(
            attribute
            for attribute in _without_copies(differences(sides))
            if not is_computed(self.type, attribute.path)
        )

    @property
    def is_configured(self) -> bool:
        """Whether it is known what the configuration says of it."""
        return self._expressions is not None

    def expression(self, *keys: str) -> Any:
        """
        What is written for an argument, as `constant_value` or `references`.

        None where nothing is, or where the plan comes without the configuration.
        """
        return expression(self._written, keys)

    @cached_property
    def _written(self) -> Any:
        return given(self._expressions)

    def in_place_of(self, old: "Change") -> "Change":
        """The change as if the new object took the place of that one, which another address has."""
        today = old._raw
        raw = msgspec.structs.replace(
            self._raw, before=today.before, before_sensitive=today.before_sensitive
        )
        return replace(self, action=Action.REPLACE_AFTER, forced_by=(), is_compared=True, _raw=raw)

    def becomes(self, only: Collection[str] | None = None) -> list[Any]:
        """
        What changes, whole: values after, what is unknown, and for an update values before.

        *only* are the attributes that count, of those that change.
        """
        roots = {root(attribute.path) for attribute in self.attributes}
        roots = roots if only is None else roots.intersection(only)
        raw = self._raw
        before, after = _decoded(raw)
        _, old_marks, new_marks = _all_marks(raw)
        sides = [(after, new_marks)]
        if self.action is Action.UPDATE:
            sides.append((before, old_marks))
        told = []
        for value, marks in sides:
            whole = without_marked(value, marks)
            whole = whole if isinstance(whole, dict) else {}
            told.append(masked_value({key: whole[key] for key in whole if key in roots}))
        unknown, _ = _both_marks(bytes(raw.after_unknown))
        if not isinstance(unknown, dict):
            return [*told, None]
        return [*told, unknown if only is None else {key: unknown.get(key) for key in roots}]

    def values(self) -> tuple[Values, Values]:
        """
        The object before and after; nothing where there is none.

        What OpenTofu marks as sensitive is unknown here. What only looks like a secret is not, so
        whatever is printed of it goes through `masked_text`.
        """
        return _values(self._raw)

    def some_values(self, *keys: str) -> tuple[Values, Values]:
        """
        Nothing but what is under *keys*, before and after, and in a fraction of the time.

        Whether there is an object at all is not to be told by it.
        """
        raw = self._raw
        before, after = decoded_keys(raw.before, keys), decoded_keys(raw.after, keys)
        return _obscured(before, after, raw)

    @cached_property
    def encoded(self) -> bytes:
        """What becomes of it, as JSON: that of two changes is the same if they do the same."""
        told = [
            self.address,
            self.action.value,
            self.deposed,
            self.previous_address,
            self.import_id,
            self.forced_by,
            self.becomes(),
        ]
        return msgspec.json.encode(told, order="sorted")


def _is_unknown(attribute: AttributeChange) -> bool:
    return attribute.unknown


def _with_short_links(attributes: Iterable[AttributeChange]) -> tuple[AttributeChange, ...]:
    """
    The attributes with links within blocks as those that stand alone: without a host and its port.

    Only where they are told: what an allowance is bound to stays as it is.
    """
    return tuple(
        one._replace(before=links_from_project(one.before), after=links_from_project(one.after))
        if "://" in one.before or "://" in one.after
        else one
        for one in attributes
    )


def _without_copies(attributes: tuple[AttributeChange, ...]) -> tuple[AttributeChange, ...]:
    """The provider keeps up to three copies of labels; one that says nothing new is left out."""
    if not any(one.path.startswith(tuple(_COPIES)) for one in attributes):
        return attributes
    known = {(one.path, one.before, one.after) for one in attributes}

    def copied(one: AttributeChange) -> bool:
        labels, dot, key = one.path.partition(".")
        originals = _COPIES.get(labels, ())
        return any((f"{name}{dot}{key}", one.before, one.after) in known for name in originals)

    return tuple(one for one in attributes if not copied(one))


@lru_cache(maxsize=_AT_HAND)
def _decoded(raw: RawChange) -> tuple[Any, Any]:
    """The object before and after."""
    return decoded(raw.before), decoded(raw.after)


@lru_cache(maxsize=_AT_HAND)
def _values(raw: RawChange) -> tuple[Values, Values]:
    return _obscured(*_decoded(raw), raw)


def _obscured(before: Any, after: Any, raw: RawChange) -> tuple[Values, Values]:
    unknown, old_marks, new_marks = _all_marks(raw)
    new = obscured(obscured(after, new_marks), unknown)
    return Values(obscured(before, old_marks)), Values(new)


@lru_cache(maxsize=_AT_HAND)
def _all_marks(raw: RawChange) -> tuple[Any, Any, Any]:
    """What is unknown, and what is sensitive before and after."""
    return _marks(raw.after_unknown), _marks(raw.before_sensitive), _marks(raw.after_sensitive)


def _marks(raw: msgspec.Raw) -> Any:
    """What is marked with `true`; None where nothing is, as almost always."""
    return _both_marks(bytes(raw))[1]


@lru_cache(maxsize=64)
def _both_marks(text: bytes) -> tuple[Any, Any]:
    """Marks as they stand, and pruned. Alike changes have the same ones, by the thousand."""
    if b"true" not in text:
        return None, None
    marks = decoded(msgspec.Raw(text))
    return marks, pruned(marks)
