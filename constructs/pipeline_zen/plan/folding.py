"""Changes -> alike ones as one, so that 67 times the same is read once and an exception seen."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline_zen.plan.actions import Action
from pipeline_zen.plan.changes import Change
from pipeline_zen.plan.difference import AttributeChange

_Shown = tuple[str, str, tuple[str, ...]]
"""What is shown of an attribute's change."""


ORDER = (
    *(Action.DELETE, Action.REPLACE, Action.FORGET_CREATE, Action.FORGET, Action.LET_GO),
    *(Action.REPLACE_AFTER, Action.UPDATE, Action.CREATE, Action.NO_OP, Action.READ),
)
"""Actions in the order that they are told, what is lost first."""


@dataclass(frozen=True)
class Variant:
    """One of several alike changes, with what is its own."""

    change: Change
    own: tuple[AttributeChange, ...]
    """The attributes whose values differ from variant to variant."""


@dataclass(frozen=True)
class FoldedChange:
    """Changes of one type that do the same to the same attributes, told as one."""

    type: str
    action: Action
    reason: str
    forced_by: tuple[str, ...]
    deposed: bool
    moves: bool
    imports: bool
    common: tuple[AttributeChange, ...]
    """The attributes that change alike in every variant."""
    varying: tuple[tuple[str, int], ...]
    """The attributes that differ from variant to variant, and how many values they take."""
    settled_later: tuple[str, ...]
    """The attributes of a new object that the apply decides, and not only the provider fills in."""
    variants: tuple[Variant, ...]


def fold(changes: Iterable[Change]) -> tuple[FoldedChange, ...]:
    """
    The changes with alike ones as one: what is destroyed first, then by type, the most first.

    Two changes are alike when type, action, reason, the attributes that change and those that
    force a replacement are the same, and where most of such changes share an attribute's values,
    these too: who differs from most stands apart.
    """
    alike: dict[tuple[object, ...], list[Change]] = defaultdict(list)
    for change in changes:
        alike[_kind(change)].append(change)
    folded = [one for kind in sorted(alike, key=repr) for one in _folded(alike[kind])]
    return tuple(
        sorted(
            folded,
            key=lambda one: (
                ORDER.index(one.action),
                one.type,
                -len(one.variants),
                one.variants[0].change.address,
            ),
        )
    )


def _kind(change: Change) -> tuple[object, ...]:
    # What a new or vanishing object is made of does not tell it from others of its type.
    compared = change.action in (Action.UPDATE, Action.NO_OP) or change.action.replaces
    return (
        change.type,
        change.action.value,
        change.reason,
        change.forced_by,
        bool(change.deposed),
        bool(change.previous_address),
        bool(change.import_id),
        tuple(attribute.path for attribute in change.told) if compared else (),
    )


def _folded(changes: Sequence[Change]) -> list[FoldedChange]:
    """Changes of one kind as one; those that differ from most of them apart."""
    if changes[0].action in (Action.CREATE, Action.FORGET_CREATE):
        return [_fold(changes, common=(), varying={})]
    shown = _by_path(changes)
    shared = {path for path, counts in shown.items() if 2 * max(counts.values()) > len(changes)}
    parts: dict[tuple[tuple[str, _Shown], ...], list[Change]] = defaultdict(list)
    for change in changes:
        alike = tuple((one.path, _shown(one)) for one in change.told if one.path in shared)
        parts[alike].append(change)
    return [_compared(part, shared) for part in parts.values()]


def _compared(changes: Sequence[Change], shared: set[str]) -> FoldedChange:
    """Changes that have what is under the *shared* paths in common."""
    varying = {
        path: len(counts)
        for path, counts in _by_path(changes).items()
        if path not in shared and len(changes) > 1
    }
    common = tuple(one for one in changes[0].told if one.path not in varying)
    return _fold(changes, common, varying)


def _by_path(changes: Sequence[Change]) -> dict[str, Counter[_Shown]]:
    """How often each value of an attribute is shown, by the attribute's path."""
    shown: dict[str, Counter[_Shown]] = defaultdict(Counter)
    for change in changes:
        for attribute in change.told:
            shown[attribute.path][_shown(attribute)] += 1
    return shown


def _fold(
    changes: Sequence[Change], common: tuple[AttributeChange, ...], varying: dict[str, int]
) -> FoldedChange:
    first = changes[0]
    return FoldedChange(
        type=first.type,
        action=first.action,
        reason=first.reason,
        forced_by=first.forced_by,
        deposed=bool(first.deposed),
        moves=bool(first.previous_address),
        imports=bool(first.import_id),
        common=common,
        varying=tuple(sorted(varying.items())),
        settled_later=() if first.action is Action.UPDATE else first.settled_later,
        variants=tuple(
            Variant(change, tuple(one for one in change.told if one.path in varying))
            for change in changes
        ),
    )


def _shown(attribute: AttributeChange) -> _Shown:
    return (attribute.before, attribute.after, attribute.text)
