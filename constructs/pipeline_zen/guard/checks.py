"""
What judges which type of resource, and what of each type is known to do no harm.

Rules register what finds them by `@judges`, with the attributes that their findings explain; a
type's table of harmless attributes is given to `harmless`. What changes, or is made, and is neither
explained by a finding nor harmless is said not to be judged.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pipeline_zen.guard.harmless import Test, anything, known, only, plain_text
from pipeline_zen.guard.leaf import Leaf, enclosing, key_of
from pipeline_zen.guard.resource import Resource
from pipeline_zen.guard.rules import Finding
from pipeline_zen.plan import Action

Finder = Callable[[Resource], Iterator[Finding]]
"""Code that says what a rule, or several, find in a change."""


class Explaining(NamedTuple):
    """A finder, with the attributes that its findings explain."""

    find: Finder
    attributes: tuple[str, ...]


@dataclass
class Check:
    """What judges a type."""

    finders: list[Explaining] = field(default_factory=list)
    harmless: dict[str, Test] = field(default_factory=dict)
    """The tests of attributes that may change."""
    new: dict[str, Test] = field(default_factory=dict)
    """Tests of attributes of a new one, where they are others."""
    computed: set[str] = field(default_factory=set)
    """The attributes and blocks that Google or the provider fills in as one is made."""
    blocks: set[str] = field(default_factory=set)
    """Blocks that are filled in so, which can be generated as well, and no plan tells it."""
    defaults: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    """What some of these are where nobody chooses: of another value only its absence would come."""
    may_go: bool = False
    """Whether nothing is lost with one, but for what is found."""

    def fills_in(self, leaf: Leaf) -> bool:
        """Whether the provider fills it in, and nobody had chosen it before, as far as is known."""
        old, key = leaf.old, leaf.key
        if not (key in _LEFT_TO_THE_PROVIDER or _is_within(key, self.computed)):
            return False
        if key in self.blocks and leaf.resource.hidden_sources:
            return False
        defaults = self.defaults.get(key, _LEFT_TO_THE_PROVIDER.get(key))
        return defaults is None or old in (None, "", 0, []) or old in defaults

    def test_of(self, key: str, *, new: bool) -> Test | None:
        """The test of an attribute, or of what it is within."""
        tables = (self.new, self.harmless, ANYWHERE) if new else (self.harmless, ANYWHERE)
        for name in enclosing(key):
            for table in tables:
                if name in table:
                    return table[name]
        return None


_TEXTS = (
    "annotations description display_name effective_annotations effective_labels labels "
    "terraform_labels title"
)

ANYWHERE: Mapping[str, Test] = {
    **dict.fromkeys(_TEXTS.split(), plain_text),
    # Whether it is the right one is asked of every resource.
    "project": known,
    "timeouts": anything,
    # Where a protection is taken back is found.
    "deletion_policy": only(None, "DELETE", "ABANDON", "PREVENT"),
}
"""What is harmless in any type; texts and labels are read by nobody but people."""

_COMPUTED = (
    "create_time creation_timestamp effective_annotations effective_labels etag fingerprint "
    "generation id metageneration name numeric_id project_number reconciling self_link status "
    "terraform_labels time_created unique_id update_time updated url"
)

COMPUTED = frozenset(_COMPUTED.split())
"""What Google or the provider keeps the books by, in any type."""

_LEFT_TO_THE_PROVIDER: Mapping[str, tuple[Any, ...]] = {"deletion_policy": ("DELETE",)}
"""What the provider gives a new one of any type, and what it is then."""

_CHECKS: dict[str, Check] = defaultdict(Check)


def judges(*types: str, attributes: str = "") -> Callable[[Finder], Finder]:
    """
    A decorator: the function finds something in changes of these types.

    A type that begins with a star stands for all that end so, as those of grants do. What it finds
    explains what becomes of the *attributes*, and of all that is within them; a star is all.
    """

    def register(finder: Finder) -> Finder:
        for type_ in types:
            _CHECKS[type_].finders.append(Explaining(finder, tuple(attributes.split())))
        return finder

    return register


def harmless(
    *types: str,
    tests: Mapping[str, Test],
    new: Mapping[str, Test] | None = None,
    computed: str = "",
    blocks: str = "",
    defaults: Mapping[str, tuple[Any, ...]] | None = None,
    may_go: bool = False,
) -> None:
    """
    The attributes that do no harm where a test says so; several names have blanks between them.

    *new* are tests of one that is made, where they differ; *computed* the attributes and *blocks*
    the blocks that are filled in then, with *defaults* for what could have been chosen before, and
    would be something else if it is left out now. Of what *may_go* nothing is lost with it, but
    for what is found.
    """
    for type_ in types:
        check = _CHECKS[type_]
        check.harmless.update(_by_key(tests))
        check.new.update(_by_key(new or {}))
        check.computed.update((*computed.split(), *blocks.split()))
        check.blocks.update(blocks.split())
        check.defaults.update(defaults or {})
        check.may_go = check.may_go or may_go


def _by_key(tests: Mapping[str, Test]) -> dict[str, Test]:
    return {key: test for keys, test in tests.items() for key in keys.split()}


def collected() -> Mapping[str, Check]:
    """What judges each type, or ending of types, as it is registered by now."""
    return _CHECKS


def judged(check: Check, resource: Resource) -> tuple[list[Finding], list[Leaf]]:
    """What is found in a change, and what of it is neither explained by that nor harmless."""
    findings: list[Finding] = []
    explained: set[str] = set()
    for finder in check.finders:
        found = list(finder.find(resource))
        if found:
            findings += found
            explained.update(finder.attributes)
    if resource.change.action is Action.DELETE:
        return findings, []
    if findings and not resource.is_successor:
        # What forces a replacement is why that is told.
        explained.update(map(key_of, resource.change.forced_by))
    new, made = resource.change.action is Action.CREATE, resource.made
    rest = [
        leaf
        for leaf in resource.leaves
        if not _is_harmless(check, leaf, new=new, made=made) and not _is_within(leaf.key, explained)
    ]
    return findings, rest


def _is_within(key: str, attributes: Set[str]) -> bool:
    """Whether it is one of the attributes, or in one; a star is all of them."""
    return "*" in attributes or not attributes.isdisjoint(enclosing(key))


def _is_harmless(check: Check, leaf: Leaf, *, new: bool, made: bool) -> bool:
    key = leaf.key
    left_out = leaf.unknown and leaf.is_left_out
    if left_out and (key in COMPUTED or (made and check.fills_in(leaf))):
        return True
    test = check.test_of(key, new=new)
    return test is not None and test(leaf)
