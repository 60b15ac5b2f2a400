"""A resource of the plan as rules see it: its change, its values, and words for both."""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from pipeline_zen import kinds
from pipeline_zen.guard.expressions import references_in
from pipeline_zen.guard.leaf import Leaf, arguments_of, enclosing, key_of, leaves_of
from pipeline_zen.guard.rules import Finding, Rule
from pipeline_zen.masking import masked_text, masked_value
from pipeline_zen.plan import (
    UNKNOWN,
    Action,
    AttributeChange,
    Change,
    Values,
    config_address,
    root,
)

if TYPE_CHECKING:
    from pipeline_zen.guard.index import PlanIndex


_MODULE = re.compile(r"(?:module\.[\w-]+(?:\[[^\]]*\])?\.)+")

_RESOURCE = re.compile(r'[\w-]+\.[\w-]+(?:\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])?')
"""A resource, or an instance of one, in a reference to something of it."""

SAME_INSTANCE = frozenset(("each.key", "count.index"))
"""What stands in a reference to the instance of the same key or number."""


@dataclass(frozen=True)
class Resource:
    """A resource with what becomes of it."""

    change: Change
    before: Values
    after: Values
    plan: "PlanIndex"
    """Where rules look up what else the plan does."""

    def changes(self, *paths: str) -> bool:
        """Whether one of the attributes changes, or may; none does of what goes."""
        return not self._touched.isdisjoint(paths)

    @cached_property
    def _touched(self) -> frozenset[str]:
        """The paths of what changes, and of all that it is within."""
        return frozenset(
            path for change in self.change.attributes for path in enclosing(change.path)
        )

    @cached_property
    def changed(self) -> frozenset[str]:
        """The attributes of the resource itself in which something changes."""
        return frozenset(root(one.path) for one in self.change.attributes)

    @property
    def leaves(self) -> Iterator[Leaf]:
        """
        The attributes that change, or all of a new resource.

        Not kept, as each knows the resource: with a circle, thousands of them wait to be freed.
        """
        return leaves_of(self)

    @property
    def is_successor(self) -> bool:
        """Whether it takes the place of an old one that is deleted only then, as it should."""
        successors = (*kinds.TEMPLATES, kinds.VERSION)
        return self.change.action is Action.REPLACE_AFTER and self.change.type in successors

    @property
    def made(self) -> bool:
        """Whether a new one comes, be it in the place of another."""
        return self.change.action is Action.CREATE or self.change.action.replaces

    @property
    def judged_as_it_is(self) -> bool:
        """Whether it is made or changed, so that how it is afterwards matters."""
        return self.made or self.updated

    def references(self, *keys: str) -> tuple[str, ...]:
        """What the configuration takes an argument from."""
        return references_in(self.change.expression(*keys))

    def address_of(self, reference: str) -> str:
        """The address of what a reference of the configuration leads to, in the same module."""
        module, named = _MODULE.match(self.change.address), _RESOURCE.match(reference)
        return (module[0] if module else "") + (named[0] if named else reference)

    def refers_to(self, references: Iterable[str], types: Iterable[str]) -> bool:
        """Whether all that is referred to are resources of these types that the plan makes."""
        named = [name for name in references if name not in SAME_INSTANCE]
        return bool(named) and all(
            name.partition(".")[0] in types and self.plan.makes(self.address_of(name))
            for name in named
        )

    @cached_property
    def next_template(self) -> Change | None:
        """What becomes of the template that a group will name, where the plan has it."""
        return self.plan.starts.next_template(self)

    @property
    def hidden_sources(self) -> tuple[str, ...]:
        """What a block of it may be generated from, where no plan tells it; never from itself."""
        own = config_address(self.change.address)
        return tuple(source for source in self.plan.plan.hidden if source != own)

    @property
    def updated(self) -> bool:
        """Whether it is changed in place."""
        return self.change.action is Action.UPDATE

    def found(self, rule: Rule, what: str, **more: Any) -> Finding:
        """
        A finding of a rule about it; masked, as the values that it tells of need not be.

        *of* names the attributes that an update is judged by; all that it changes where left out.
        """
        change = self.change
        why = more.pop("why", self.why())
        keys = more.pop("of", ())
        concerned = self._concerned(keys)
        updated = tuple(one.path for one in concerned) if self.updated else ()
        bound = rule.blocks and rule.allowable
        return Finding(
            rule,
            change.address,
            masked_text(what),
            why=masked_text(why),
            attributes=change.forced_by or updated,
            seen=self._seen(frozenset(keys), what, more.get("vms", 0)) if bound else (),
            type=change.type,
            name=change.name,
            **more,
        )

    def _concerned(self, keys: Collection[str]) -> list[AttributeChange]:
        """What changes of some attributes, or of all; nothing becomes of what goes."""
        return [one for one in self.change.attributes if not keys or root(one.path) in keys]

    def _seen(self, keys: frozenset[str], what: str, vms: int | None) -> tuple[object, ...]:
        """
        What an allowance is bound to: what becomes of attributes, whole, or what is written.

        Of what goes it is what that was, and whether there were VMs in it.
        """
        # One policy can give thousands of members something.
        if keys not in self._seen_before:
            self._seen_before[keys] = self._looked_at(self._concerned(keys))
        more: tuple[object, ...] = self.change.programs
        if self.change.goes:
            known = [self.before.get(key) for key in ("role", "member", "members")]
            gone = masked_value([cloud_name(self.before), *known, masked_text(what)])
            more += tuple(map(str, gone))
        return (*self._seen_before[keys], *more, *(("VMs",) if vms != 0 else ()))

    @cached_property
    def _seen_before(self) -> dict[frozenset[str], tuple[object, ...]]:
        return {}

    def _looked_at(self, concerned: Sequence[AttributeChange]) -> tuple[object, ...]:
        change = self.change
        later = {
            one.path: change.expression(*arguments_of(key_of(one.path)))
            for one in concerned
            if one.unknown
        }
        # Not what was before: a size is another one each time.
        after, *_, unknown = change.becomes({root(one.path) for one in concerned})
        whole = [after, unknown, masked_value(later)]
        template = self.next_template if change.type in kinds.GROUPS and self.updated else None
        if template is not None and "version" in self.changed:
            # What is not known of the group is what this one is.
            whole.append(template.becomes())
        shown = [(one.path, one.after, one.text) for one in concerned]
        return (*shown, hashlib.sha256(msgspec.json.encode(whole, order="sorted")).hexdigest())

    def why(self) -> str:
        """What makes it happen."""
        if self.change.forced_by:
            forced = ", ".join(f"`{path}`" for path in self.change.forced_by)
            return f"Google cannot change {forced} in place"
        return self.change.reason


def cloud_name(values: Values) -> str:
    """What Google knows a resource by, within its type; empty where it has no name of its own."""
    if values.get("role") is not None:
        # A grant is known by all that is in it.
        return ""
    for key in kinds.NAMES:
        name = values.text(key)
        if isinstance(name, str):
            places = [values.text(place) for place in kinds.PLACES]
            place = next((one for one in places if isinstance(one, str)), "")
            return f"{last(place)}/{last(name)}" if key == "name" else name
    return ""


_WITHIN = (
    "bucket",
    "cluster",
    "instance",
    "managed_zone",
    "parent",
    "topic",
    "type",
    *kinds.PLACES,
)
"""The attributes of what a name is one of a kind in, of types that nobody here knows."""


def identity_of(change: Change, side: int) -> tuple[str, ...]:
    """What no two things can have at once, with the type first; nothing where that is not known."""
    kind = kinds.of(change.type)
    within = ((kind.place,) if kind.place else ()) if kind.name else _WITHIN
    keys = dict.fromkeys(("role", *kinds.NAMES, *kinds.PLACES, *within))
    values = change.some_values(*keys)[side]
    name = cloud_name(values).rpartition("/")[2]
    places = [values.text(place) for place in within]
    if not name or UNKNOWN in places:
        return ()
    return (change.type, name, *(last(str(place)) for place in places))


def templates_of(group: Values) -> list[str]:
    """The names of the templates that a group names, as far as they are known."""
    versions = group.blocks("version")
    links = [version.text("instance_template") for version in
             (() if versions is UNKNOWN else versions)]  # fmt: skip
    return [last(link) for link in links if isinstance(link, str)]


def gpus_of(template: Values) -> int | None:
    """The GPUs of a VM made from a template; None where that is not known."""
    accelerators = template.blocks("guest_accelerator")
    if accelerators is UNKNOWN:
        return None
    counts = [one.number("count") for one in accelerators]
    known = [int(one) for one in counts if isinstance(one, int | float)]
    return sum(known) if len(known) == len(counts) else None


def quoted(value: object) -> str:
    """A value of the plan between backticks, as code; masked."""
    if value is UNKNOWN:
        return "what is not known yet"
    return f"`{masked_text(str(value)).replace('`', chr(39))}`"


def listed(words: Iterable[str]) -> str:
    """Values of the plan, sorted."""
    return ", ".join(map(quoted, sorted(words)))


def last(link: str) -> str:
    """The last part of a link: the name of what it leads to."""
    return link.partition("?")[0].rpartition("/")[2]
