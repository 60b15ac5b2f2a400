"""Changes -> groups of alike ones, so that 67 times the same is read once and an exception seen."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline_zen.plan.changes import Action, Change
from pipeline_zen.plan.difference import AttributeChange

Values = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True)
class Member:
    """One of a group, with what is its own."""

    change: Change
    own: tuple[AttributeChange, ...]
    """The attributes whose values differ from member to member."""


@dataclass(frozen=True)
class Group:
    """Changes of one type that do the same to the same attributes."""

    type: str
    action: Action
    reason: str
    forced_by: tuple[str, ...]
    deposed: bool
    moves: bool
    imports: bool
    common: tuple[AttributeChange, ...]
    """The attributes that change alike in every member."""
    varying: tuple[tuple[str, int], ...]
    """The attributes that differ from member to member, and how many values they take."""
    settled_later: tuple[str, ...]
    """The attributes of a new object that are known only after the apply."""
    members: tuple[Member, ...]

    @property
    def exceptional(self) -> bool:
        """Whether it is small beside another of the same type and action; `fold` sorts so."""
        return len(self.members) == 1


def fold(changes: Iterable[Change]) -> tuple[Group, ...]:
    """
    The groups, sorted by type and action, the largest first.

    Two changes are alike when type, action, reason, the attributes that change and those that
    force a replacement are the same, and where most of such changes share an attribute's values,
    these too: who differs from most makes a group of its own.
    """
    alike: dict[tuple[object, ...], list[Change]] = defaultdict(list)
    for change in changes:
        alike[_kind(change)].append(change)
    groups = [group for kind in sorted(alike, key=repr) for group in _groups(alike[kind])]
    return tuple(
        sorted(
            groups,
            key=lambda group: (
                group.type,
                list(Action).index(group.action),
                -len(group.members),
                group.members[0].change.address,
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
        tuple(one.path for one in _known(change)) if compared else (),
    )


def _known(change: Change) -> tuple[AttributeChange, ...]:
    """What is worth showing: of a new object, not what Google will fill in."""
    if change.action is Action.UPDATE:
        return change.attributes
    return tuple(one for one in change.attributes if not one.unknown)


def _groups(changes: Sequence[Change]) -> list[Group]:
    first = changes[0]
    if first.action in (Action.CREATE, Action.FORGET_CREATE):
        return [_group(changes, shared=frozenset(), compared=False)]
    values: dict[str, Counter[Values]] = defaultdict(Counter)
    for change in changes:
        for one in _known(change):
            values[one.path][_values(one)] += 1
    shared = frozenset(
        path for path, counts in values.items() if 2 * max(counts.values()) > len(changes)
    )
    split: dict[tuple[tuple[str, Values], ...], list[Change]] = defaultdict(list)
    for change in changes:
        own = tuple((one.path, _values(one)) for one in _known(change) if one.path in shared)
        split[own].append(change)
    return [_group(part, shared, compared=True) for part in split.values()]


def _group(changes: Sequence[Change], shared: frozenset[str], *, compared: bool) -> Group:
    first = changes[0]
    alone = len(changes) == 1 and compared
    values: dict[str, set[Values]] = defaultdict(set)
    for change in changes if compared else ():
        for one in _known(change):
            values[one.path].add(_values(one))
    varying = {path for path in values if path not in shared and not alone}
    common = [one for one in _known(first) if compared and one.path not in varying]
    return Group(
        type=first.type,
        action=first.action,
        reason=first.reason,
        forced_by=first.forced_by,
        deposed=bool(first.deposed),
        moves=bool(first.previous_address),
        imports=bool(first.import_id),
        common=tuple(common),
        varying=tuple((path, len(values[path])) for path in sorted(varying)),
        settled_later=tuple(
            sorted({one.path for one in first.attributes if one.unknown})
            if first.action is not Action.UPDATE
            else ()
        ),
        members=tuple(
            Member(change, tuple(one for one in _known(change) if one.path in varying))
            for change in changes
        ),
    )


def _values(change: AttributeChange) -> Values:
    return (change.before, change.after, change.text)
