"""The document -> a Plan: what happens to which resource, why, and to which of its attributes."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

import msgspec

from pipeline_zen.masking.text import masked_text
from pipeline_zen.plan.difference import AttributeChange, differences, masked_value, without_marked
from pipeline_zen.plan.document import Importing, PlanError, RawChange, RawResource, decode, decoded
from pipeline_zen.plan.values import Values, obscured
from pipeline_zen.plan.whole import missing


class Action(str, Enum):
    """What OpenTofu does to an object, in the words of this project."""

    NO_OP = "no-op"
    READ = "read"
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    """The old one is deleted, then the new one made."""
    REPLACE_AFTER = "replace, new one first"
    """`create_before_destroy`."""
    DELETE = "delete"
    FORGET = "forget"
    """It stays at Google, and OpenTofu knows of it no more."""
    FORGET_CREATE = "forget and create"

    @property
    def replaces(self) -> bool:
        """Whether a new object takes the place of an old one, which is deleted."""
        return self in (Action.REPLACE, Action.REPLACE_AFTER)

    @property
    def destroys(self) -> bool:
        """Whether an object is deleted."""
        return self is Action.DELETE or self.replaces


_ACTIONS = {
    ("no-op",): Action.NO_OP,
    ("read",): Action.READ,
    ("create",): Action.CREATE,
    ("update",): Action.UPDATE,
    ("delete", "create"): Action.REPLACE,
    ("create", "delete"): Action.REPLACE_AFTER,
    ("delete",): Action.DELETE,
    ("forget",): Action.FORGET,
    ("forget", "create"): Action.FORGET_CREATE,
}

_LABELS = ("labels", "effective_labels")
_PLAIN = re.compile(r"[\w.-]+")

REASONS = {
    "delete_because_count_index": "its index is beyond `count`",
    "delete_because_each_key": "its key is no longer in `for_each`",
    "delete_because_enabled_false": "it is switched off by `enabled`",
    "delete_because_no_module": "its module is gone",
    "delete_because_no_move_target": "it was moved to an address that is not there",
    "delete_because_no_resource_config": "it is no longer in the configuration",
    "delete_because_wrong_repetition": "`count` or `for_each` was added or removed",
    "forgot_because_lifecycle_destroy_in_config": "`destroy = false` protects it",
    "forgot_because_lifecycle_destroy_in_state": (
        "it is no longer in the configuration, and `destroy = false` protects it"
    ),
    "read_because_check_nested": "a check needs it",
    "read_because_config_unknown": "what it asks for is known only after the apply",
    "read_because_dependency_pending": "it depends on something that changes",
    "replace_because_cannot_update": "it cannot be changed in place",
    "replace_because_tainted": "its creation failed earlier",
    "replace_by_request": "somebody asked for it with `-replace`",
    "replace_by_triggers": "`replace_triggered_by` names something that changes",
}
"""OpenTofu's reasons in words; it may add some, so others are shown as they are."""


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
        found = differences(
            decoded(raw.before),
            decoded(raw.after),
            _marks(raw.after_unknown),
            _marks(raw.before_sensitive),
            _marks(raw.after_sensitive),
        )
        found = _without_copies(found)
        if self.action.replaces:
            # The new one has no such value yet; Google fills it in as it did for the old one.
            return tuple(one for one in found if not one.is_default_left_out)
        return found

    def becomes(self) -> list[Any]:
        """What changes, whole: values after, what is unknown, and for an update values before."""
        roots = {root(one.path) for one in self.attributes}
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


@dataclass(frozen=True)
class Plan:
    """A plan, sorted by address."""

    tofu_version: str
    changes: tuple[Change, ...]
    """Of every resource, also those to which nothing happens."""
    drift: tuple[Change, ...]
    """What was changed outside of OpenTofu, but for empty values that came or went."""
    outputs: tuple[tuple[str, Action], ...]
    """The outputs that change, by name."""
    errored: bool
    """Whether planning failed half-way."""
    missing: tuple[str, ...]
    """Resources of the configuration that the plan does not speak of, as with `-target`."""

    @property
    def effective(self) -> tuple[Change, ...]:
        """The changes that something comes of."""
        return tuple(change for change in self.changes if change.is_change)

    @property
    def empty(self) -> bool:
        """Whether an apply would change nothing, neither at Google nor in the state."""
        return not self.effective and not self.outputs

    @property
    def providers(self) -> tuple[str, ...]:
        """The providers of all resources, sorted."""
        return tuple(sorted({change.provider for change in self.changes if change.provider}))

    def digest(self) -> str:
        """
        SHA-256 of what the plan changes, in hexadecimal.

        The same for two plans that do the same, whenever they are made: neither drift nor what
        stays as it is counts, nor what a thing was that goes or is replaced. Values count whole,
        but for secrets: from a hash that everybody sees, a short one could be guessed.
        """
        changes = [
            [
                change.address,
                change.action.value,
                change.deposed,
                change.previous_address,
                change.import_id,
                change.forced_by,
                change.becomes(),
            ]
            for change in self.effective
        ]
        outputs = [(name, kind.value) for name, kind in self.outputs]
        text = json.dumps([changes, outputs], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def read(data: bytes) -> Plan:
    """
    The plan in *data*, the output of `tofu show -json`.

    Raises PlanError for anything else, and for an action that is not known: what cannot be
    read is not passed over.
    """
    document = decode(data)
    changes = _changes(document.resource_changes)
    drift = _changes(document.resource_drift)
    return Plan(
        tofu_version=masked_text(document.terraform_version),
        changes=changes,
        drift=tuple(one for one in drift if one.action is not Action.UPDATE or one.attributes),
        outputs=tuple(
            (masked_text(name), action)
            for name, output in sorted(document.output_changes.items())
            if (action := _action(output.actions, f"the output {name}")) is not Action.NO_OP
        ),
        errored=document.errored,
        missing=missing(document),
    )


def root(path: str) -> str:
    """The attribute of the resource itself that a path leads into."""
    return path.partition("[")[0].partition(".")[0]


def _changes(resources: Iterable[RawResource]) -> tuple[Change, ...]:
    changes = map(_change, resources)
    return tuple(sorted(changes, key=lambda change: (change.address, change.deposed)))


def _change(resource: RawResource) -> Change:
    raw = resource.change
    importing = raw.importing
    address = masked_text(resource.address)
    # Type and name are parts of the address, where it is what it should be.
    usual = address == resource.address == f"{resource.type}.{resource.name}"
    return Change(
        address=address,
        type=resource.type if usual else masked_text(resource.type),
        name=resource.name if usual else masked_text(resource.name),
        action=_action(raw.actions, resource.address),
        managed=_managed(resource),
        provider=masked_text(resource.provider_name),
        reason=masked_text(REASONS.get(resource.action_reason) or _unknown_reason(resource)),
        forced_by=tuple(sorted(map(_path, raw.replace_paths))),
        previous_address=masked_text(resource.previous_address),
        import_id=_import_id(importing) if importing is not None else "",
        deposed=masked_text(resource.deposed),
        _raw=raw,
    )


def _unknown_reason(resource: RawResource) -> str:
    return f"`{resource.action_reason}`" if resource.action_reason else ""


def _action(actions: list[str], of: str) -> Action:
    try:
        return _ACTIONS[tuple(actions)]
    except KeyError:
        raise PlanError(
            f"{masked_text(of)}: unknown action {masked_text('-'.join(actions))!r}; known are "
            f"{', '.join('-'.join(known) for known in _ACTIONS)}. It may come from an OpenTofu "
            "that is newer than this project"
        ) from None


def _managed(resource: RawResource) -> bool:
    if resource.mode not in ("managed", "data", "ephemeral"):
        raise PlanError(
            f"{masked_text(resource.address)}: unknown mode {masked_text(resource.mode)!r}; "
            "known are managed, data, ephemeral"
        )
    return resource.mode == "managed"


def _import_id(importing: Importing) -> str:
    # Masked while the keys are still apart from what is under them.
    identity = masked_value(decoded(importing.identity))
    return masked_text(importing.id or json.dumps(identity, sort_keys=True))


def _path(steps: list[str | int]) -> str:
    path = ""
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return masked_text(path.removeprefix("."))


def _without_copies(found: tuple[AttributeChange, ...]) -> tuple[AttributeChange, ...]:
    """The provider keeps up to three copies of labels; one that says nothing new is left out."""
    known = {(one.path, one.before, one.after) for one in found}

    def copied(one: AttributeChange) -> bool:
        kind, dot, key = one.path.partition(".")
        originals = {"effective_labels": ("labels",), "terraform_labels": _LABELS}.get(kind, ())
        return any((f"{it}{dot}{key}", one.before, one.after) in known for it in originals)

    return tuple(one for one in found if not copied(one))


def _marks(raw: msgspec.Raw) -> Any:
    """What is marked with `true`; None where nothing is, as almost always."""
    return decoded(raw) if b"true" in bytes(raw) else None
