"""What rules need to know of the plan as a whole, and what they are given of one change."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline_zen.guard.findings import Finding
from pipeline_zen.masking import masked_text
from pipeline_zen.plan import UNKNOWN, Action, Change, Plan, Values, root

GROUPS = (
    "google_compute_region_instance_group_manager",
    "google_compute_instance_group_manager",
)
TEMPLATES = ("google_compute_instance_template", "google_compute_region_instance_template")

_GPUS_IN_NAME = re.compile(r"\b(\d+)x[a-z]")

_NAMES = ("account_id", "role_id", "secret_id", "name")
"""The attributes by which Google knows a resource; the first that there is."""


@dataclass(frozen=True)
class Case:
    """A change as rules see it."""

    change: Change
    before: Values
    after: Values
    world: "World"

    def changes(self, *paths: str) -> bool:
        """Whether one of the attributes changes, or may."""
        return any(
            one.path == path or one.path.startswith((f"{path}[", f"{path}."))
            for one in self.change.attributes
            for path in paths
        )

    @cached_property
    def changed(self) -> frozenset[str]:
        """The attributes of the resource itself in which something changes."""
        return frozenset(root(one.path) for one in self.change.attributes)

    @cached_property
    def settled(self) -> frozenset[str]:
        """Those in which a change is known already, and not left to the apply."""
        return frozenset(root(one.path) for one in self.change.attributes if not one.unknown)

    @cached_property
    def _updated(self) -> tuple[str, ...]:
        updated = self.change.action is Action.UPDATE
        return tuple(one.path for one in self.change.attributes) if updated else ()

    def finding(self, rule: str, what: str, **more: Any) -> Finding:
        """
        A finding about it; masked, as the values that it tells of need not be.

        *of* names the attributes that an update is judged by; all that it changes where left out.
        """
        change = self.change
        why = more.pop("why", self.why())
        keys = more.pop("of", ())
        updated = tuple(path for path in self._updated if not keys or root(path) in keys)
        return Finding(
            rule,
            change.address,
            masked_text(what),
            why=masked_text(why),
            attributes=change.forced_by or updated,
            type=change.type,
            name=change.name,
            **more,
        )

    def why(self) -> str:
        """What makes it happen."""
        if self.change.forced_by:
            forced = ", ".join(f"`{path}`" for path in self.change.forced_by)
            return f"Google cannot change {forced} in place"
        return self.change.reason


class World:
    """The plan as a whole."""

    def __init__(self, plan: Plan, limits: Mapping[str, int]) -> None:
        """*limits* are the most VMs that the scheduler raises a group to, by the group's name."""
        self.plan = plan
        self.limits = limits

    def cases(self) -> Iterator[Case]:
        """Every resource that OpenTofu manages, also those to which nothing happens."""
        return map(self.case, self.managed)

    @cached_property
    def managed(self) -> tuple[Change, ...]:
        """The changes of every resource that OpenTofu manages, also where nothing happens."""
        return tuple(
            change
            for change in self.plan.changes
            if change.managed and change.action is not Action.READ
        )

    def case(self, change: Change) -> Case:
        """A change with its values, which are decoded anew each time, as all at once are many."""
        return Case(change, *change.values(), self)

    def gpus(self, group: Case) -> int | None:
        """How many GPUs a VM of a group has; None where the plan does not tell."""
        values = group.before if group.before.exists else group.after
        for template in templates_of(values):
            found = self._gpus_by_template.get(template)
            if found is not None:
                return found
        named = _GPUS_IN_NAME.search(str(values.get("name")))
        return int(named[1]) if named else None

    def template(self, group: Case) -> Values:
        """The template that a group will name; nothing where the plan does not have it."""
        for template in templates_of(group.after):
            return self._templates.get(template, Values(None))
        # It is made by the same plan: the one that is named for the group's cluster.
        name = str(group.after.get("name"))
        for change in self._of_types(*TEMPLATES):
            start = change.name.removesuffix("-tpl")
            if name.startswith(f"{start}-"):
                return change.values()[1]
        return Values(None)

    @cached_property
    def regions(self) -> dict[str, list[str]]:
        """The regions in which groups name a template now, sorted, by the template's name."""
        found: dict[str, set[str]] = defaultdict(set)
        for change in self._of_types(*GROUPS):
            before, _ = change.values()
            region = before.text("region")
            for template in templates_of(before) if isinstance(region, str) else ():
                found[template].add(last(str(region)))
        return {template: sorted(regions) for template, regions in found.items()}

    def _of_types(self, *types: str) -> Sequence[Change]:
        return [change for type_ in types for change in self._by_type.get(type_, ())]

    @cached_property
    def _by_type(self) -> dict[str, list[Change]]:
        found: dict[str, list[Change]] = defaultdict(list)
        for change in self.plan.changes:
            found[change.type].append(change)
        return found

    @cached_property
    def _templates(self) -> dict[str, Values]:
        return {
            name: values
            for change in self._of_types(*TEMPLATES)
            for values in change.values()
            if isinstance(name := values.text("name"), str)
        }

    @cached_property
    def _gpus_by_template(self) -> dict[str, int | None]:
        return {name: gpus_of(values) for name, values in self._templates.items()}

    @cached_property
    def templates_in_use(self) -> frozenset[str]:
        """The names of the templates that a group goes on to name after the apply."""
        return frozenset(
            template
            for change in self._of_types(*GROUPS)
            if change.action is not Action.DELETE
            for template in templates_of(
                change.values()[0 if change.action is Action.FORGET else 1]
            )
        )

    @cached_property
    def deleted(self) -> frozenset[tuple[str, str]]:
        """Type and name of everything that is deleted, and not made again."""
        return self._named(Action.DELETE, 0)

    @cached_property
    def created(self) -> frozenset[tuple[str, str]]:
        """Type and name of everything that is new."""
        return self._named(Action.CREATE, 1)

    def _named(self, action: Action, side: int) -> frozenset[tuple[str, str]]:
        return frozenset(
            (change.type, name.rpartition("/")[2])
            for change in self.plan.effective
            if change.action is action and (name := cloud_name(change.values()[side]))
        )

    @cached_property
    def makes_accounts(self) -> bool:
        """Whether somebody who is not known yet may be an account of this plan."""
        return any(
            change.type == "google_service_account"
            and (change.action is Action.CREATE or change.action.replaces)
            for change in self.plan.effective
        )

    @cached_property
    def renamed(self) -> dict[str, str]:
        """The addresses that are deleted, with the one that is created under the same name."""
        created = {
            (change.type, name): change.address
            for change in self.plan.effective
            if change.action is Action.CREATE and (name := cloud_name(change.values()[1]))
        }
        return {
            change.address: created[change.type, name]
            for change in self.plan.effective
            if change.action is Action.DELETE
            and (name := cloud_name(change.values()[0]))
            and (change.type, name) in created
        }


def cloud_name(values: Values) -> str:
    """What Google knows a resource by, within its type; empty where it has no name of its own."""
    if values.get("role") is not None:
        # A grant is known by all that is in it.
        return ""
    for key in _NAMES:
        name = values.text(key)
        if isinstance(name, str) and name:
            places = [values.text(place) for place in ("region", "zone", "location")]
            place = next((one for one in places if isinstance(one, str)), "")
            return f"{last(place)}/{last(name)}" if key == "name" else name
    return ""


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
    return sum(int(one) for one in counts if isinstance(one, int | float)) if all(
        isinstance(one, int | float) for one in counts
    ) else None  # fmt: skip


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
