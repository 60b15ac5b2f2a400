"""What becomes of one object: what happens to it, why, and to which of its attributes."""

import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import msgspec

from pipeline_zen.masking import masked_text, masked_value
from pipeline_zen.plan.actions import Action
from pipeline_zen.plan.configured import expression
from pipeline_zen.plan.difference import AttributeChange, Sides, differences
from pipeline_zen.plan.document import Configured, RawChange, decoded
from pipeline_zen.plan.shown import without_marked
from pipeline_zen.plan.values import Values, obscured

_COPIES = {
    "effective_labels": ("labels",),
    "terraform_labels": ("labels", "effective_labels"),
}
"""Labels that the provider keeps beside those that somebody has set, and what they repeat."""


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
    is_tainted: bool = False
    """Whether its creation failed earlier, so that it is made anew for that alone."""
    _configured: Configured | None = field(default=None, repr=False, compare=False)

    @property
    def is_change(self) -> bool:
        """Whether anything comes of it, be it only in the state."""
        return self.action not in (Action.NO_OP, Action.READ) or bool(
            self.previous_address or self.import_id
        )

    @cached_property
    def attributes(self) -> tuple[AttributeChange, ...]:
        """The attributes that change; those of a new object, and none of one that goes."""
        if self.action in (Action.NO_OP, Action.READ, Action.DELETE, Action.FORGET):
            return ()
        raw = self._raw
        sides = Sides(
            decoded(raw.before),
            decoded(raw.after),
            _marks(raw.after_unknown),
            _marks(raw.before_sensitive),
            _marks(raw.after_sensitive),
        )
        attributes = _without_copies(differences(sides))
        if self.action.replaces:
            # The new one has no such value yet; Google fills it in as it did for the old one.
            return tuple(attribute for attribute in attributes if not attribute.is_default_left_out)
        return attributes

    @cached_property
    def is_let_go(self) -> bool:
        """Whether it goes from the state only: `deletion_policy` says that Google keeps it."""
        if self.action is not Action.DELETE or b"ABANDON" not in bytes(self._raw.before):
            return False
        before = decoded(self._raw.before)
        return isinstance(before, dict) and before.get("deletion_policy") == "ABANDON"

    @property
    def is_configured(self) -> bool:
        """Whether it is known what the configuration says of it."""
        return self._configured is not None

    def expression(self, *keys: str) -> Any:
        """
        What is written for an argument, as `constant_value` or `references`.

        None where nothing is, or where the plan comes without the configuration.
        """
        return None if self._configured is None else expression(self._configured, keys)

    @property
    def programs(self) -> tuple[str, ...]:
        """What is run on the machine that applies as this is made, or goes; masked."""
        configured = self._configured
        return tuple(
            f"{one.type}: {_shown_program(decoded(one.expressions))}"
            for one in (configured.provisioners if configured else ())
        )

    def in_place_of(self, old: "Change") -> "Change":
        """The change as if the new object took the place of that one, which another address has."""
        gone = old._raw
        removed = old.action in (Action.DELETE, Action.FORGET) or old.action.replaces
        raw = msgspec.structs.replace(
            self._raw,
            before=gone.before if removed else gone.after,
            before_sensitive=gone.before_sensitive if removed else gone.after_sensitive,
        )
        return replace(self, action=Action.REPLACE_AFTER, forced_by=(), _raw=raw)

    def becomes(self) -> list[Any]:
        """What changes, whole: values after, what is unknown, and for an update values before."""
        roots = {root(attribute.path) for attribute in self.attributes}
        raw = self._raw
        sides = [(raw.after, raw.after_sensitive)]
        if self.action is Action.UPDATE:
            sides.append((raw.before, raw.before_sensitive))
        told = []
        for value, marks in sides:
            whole = without_marked(decoded(value), _marks(marks))
            whole = whole if isinstance(whole, dict) else {}
            told.append(masked_value({key: whole[key] for key in whole if key in roots}))
        unknown = _marks(raw.after_unknown)
        return [*told, unknown if isinstance(unknown, dict) else None]

    def values(self) -> tuple[Values, Values]:
        """
        The object before and after; nothing where there is none.

        What OpenTofu marks as sensitive is unknown here. What only looks like a secret is not, so
        whatever is printed of it goes through `masked_text`.
        """
        raw = self._raw
        before = obscured(decoded(raw.before), _marks(raw.before_sensitive))
        after = obscured(decoded(raw.after), _marks(raw.after_sensitive))
        return Values(before), Values(obscured(after, _marks(raw.after_unknown)))


def _shown_program(expressions: Any) -> str:
    written = expressions if isinstance(expressions, dict) else {}
    command = written.get("command") or written.get("inline") or written
    constant = command.get("constant_value") if isinstance(command, dict) else command
    return masked_text(json.dumps(command if constant is None else constant, ensure_ascii=False))


def root(path: str) -> str:
    """The attribute of the resource itself that a path leads into."""
    return path.partition("[")[0].partition(".")[0]


def _without_copies(attributes: tuple[AttributeChange, ...]) -> tuple[AttributeChange, ...]:
    """The provider keeps up to three copies of labels; one that says nothing new is left out."""
    known = {(one.path, one.before, one.after) for one in attributes}

    def copied(one: AttributeChange) -> bool:
        labels, dot, key = one.path.partition(".")
        originals = _COPIES.get(labels, ())
        return any((f"{name}{dot}{key}", one.before, one.after) in known for name in originals)

    return tuple(one for one in attributes if not copied(one))


def _marks(raw: msgspec.Raw) -> Any:
    """What is marked with `true`; None where nothing is, as almost always."""
    return decoded(raw) if b"true" in bytes(raw) else None
