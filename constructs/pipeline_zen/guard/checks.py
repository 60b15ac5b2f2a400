"""Which code judges which type of resource: rules register it here by a decorator."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from pipeline_zen.guard.resource import Resource
from pipeline_zen.guard.rules import Finding

Finder = Callable[[Resource], Iterator[Finding]]
"""Code that says what a rule, or several, find in a change."""

_ANYWHERE = (
    "annotations create_time creation_timestamp description display_name effective_annotations "
    "effective_labels etag fingerprint generation id labels metageneration numeric_id self_link "
    "status terraform_labels time_created timeouts title update_time updated"
)
"""What Google or the provider keeps the books by, and labels and texts, which nobody reads."""


ANYWHERE = frozenset(_ANYWHERE.split())


class Check(NamedTuple):
    """What judges a type, and the attributes that it judges or that can do no harm."""

    finders: tuple[Finder, ...]
    attributes: frozenset[str]


_FINDERS: dict[str, list[Finder]] = defaultdict(list)
_ATTRIBUTES: dict[str, set[str]] = defaultdict(set)


def judges(*types: str, attributes: str = "") -> Callable[[Finder], Finder]:
    """
    A decorator: the function finds something in changes of these types.

    A type that begins with a star stands for all that end so, as those of grants do. What changes
    beside the *attributes* that are named for a type is said not to be judged.
    """

    def register(finder: Finder) -> Finder:
        for type_ in types:
            _FINDERS[type_].append(finder)
        harmless(*types, attributes=attributes)
        return finder

    return register


def harmless(*types: str, attributes: str) -> None:
    """Attributes that do no harm, or are judged, beside those that nobody reads."""
    for type_ in types:
        _ATTRIBUTES[type_].update(attributes.split())


def collected() -> Mapping[str, Check]:
    """What judges each type, or ending of types, as it is registered by now."""
    return MappingProxyType(
        {
            type_: Check(tuple(finders), frozenset(_ATTRIBUTES[type_]))
            for type_, finders in _FINDERS.items()
        }
    )
