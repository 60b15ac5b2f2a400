"""Which template the VMs of each group start from, today and after the apply."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from pipeline_zen import kinds
from pipeline_zen.guard.links import Link, parsed
from pipeline_zen.guard.resource import SAME_INSTANCE, Resource, gpus_of, last, templates_of
from pipeline_zen.plan import Action, Change, Values

_INDEX = re.compile(r"\[[^\]]*\]$")

_GPUS_IN_NAME = re.compile(r"\b(\d+)x[a-z]")

_PLACE = ("name", "project", "region", "self_link", "self_link_unique")
"""What tells where a template is."""

OfTypes = Callable[..., Sequence[Change]]
"""The changes of the plan, of some types."""


class _Named(NamedTuple):
    """Which templates groups name."""

    regions: Mapping[str, list[str]]
    in_use: frozenset[str]
    predecessors: Mapping[str, tuple[Change | None, ...]]


class _Naming(NamedTuple):
    """What one group names."""

    change: Change
    region: str
    """Where it is so far; empty where that is not known."""
    before: list[str]
    after: list[str]
    """The templates' names, today and after the apply."""
    old: Change | None
    new: Change | None
    """What becomes of them, where the plan has them."""


class Starts:
    """What VMs start from, by group and by template."""

    def __init__(self, of_types: OfTypes, resource: Callable[..., Resource], project: str):
        self._of_types = of_types
        self._resource = resource
        self._project = project
        self._namings: dict[str, _Naming] = {}

    def gpus(self, group: Resource) -> int | None:
        """How many GPUs a VM of a group has; None where the plan does not tell."""
        values = group.before if group.before.exists else group.after
        for template in templates_of(values):
            found = self._gpus_by_template.get(template)
            if found is not None:
                return found
        named = _GPUS_IN_NAME.search(str(values.get("name")))
        return int(named[1]) if named else None

    def template(self, group: Resource) -> Values:
        """The template that a group will name; nothing where the plan does not have it."""
        change = self.next_template(group)
        return Values(None) if change is None else change.values()[1]

    def next_template(self, group: Resource) -> Change | None:
        """What becomes of the template that a group will name; None where it is not of the plan."""
        return self._naming(group.change, group).new

    def _next_template(self, group: Resource) -> Change | None:
        link = group.after.block("version").get("instance_template")
        if isinstance(link, str):
            return self._at(link, self._after)
        if group.change.is_configured:
            return self._referred_to(group)
        # Without the configuration: what takes the place of the one that it has, or is named so.
        before = self._previous_template(group)
        if before is not None and before.action.replaces:
            return before
        made = [one for one in self._made.values() if one.action is Action.CREATE]
        named_for = self._template_named_for(str(group.after.get("name")))
        return named_for or (made[0] if len(made) == 1 else None)

    def _referred_to(self, group: Resource) -> Change | None:
        references = group.references("version", "instance_template")
        named = {group.address_of(one) for one in references if one not in SAME_INSTANCE}
        if len(named) > 1:
            # Beside one of several instances, all of them are named.
            named -= {_INDEX.sub("", one) for one in named if _INDEX.search(one)}
        if len(named) != 1:
            # Of two, nobody can tell which one it will be.
            return None
        same = not SAME_INSTANCE.isdisjoint(references)
        index = _INDEX.search(group.change.address) if same else None
        return self._made.get(f"{named.pop()}{index[0] if index else ''}")

    def _template_named_for(self, group: str) -> Change | None:
        parts = group.split("-")
        stems = ("-".join(parts[:size]) for size in range(len(parts) - 1, 0, -1))
        return next((self._stems[stem] for stem in stems if stem in self._stems), None)

    def previous_template(self, group: Resource) -> Change | None:
        """What becomes of the template that a group names so far, where the plan has it."""
        return self._naming(group.change, group).old

    def _previous_template(self, group: Resource) -> Change | None:
        return self._at(group.before.block("version").get("instance_template"), self._before)

    def predecessors(self, template: Change) -> Sequence[Change | None]:
        """
        The templates in whose place a new one comes, as groups name it from now on.

        None is one that the plan does not have, such as of a group that is adopted.
        """
        return self._named.predecessors.get(template.address, ())

    @cached_property
    def today(self) -> list[Values]:
        """What VMs start with so far, by any template that is there."""
        before = [change.values()[0] for change in self._templates]
        return [values for values in before if values.exists]

    @property
    def regions(self) -> Mapping[str, list[str]]:
        """The regions in which groups name a template now, sorted, by the template's name."""
        return self._named.regions

    @property
    def in_use(self) -> frozenset[str]:
        """The names of the templates that a group goes on to name after the apply."""
        return self._named.in_use

    @cached_property
    def _named(self) -> "_Named":
        """What groups name: there are thousands, and each is decoded if it was not looked at."""
        regions: dict[str, set[str]] = defaultdict(set)
        in_use: set[str] = set()
        olds: dict[str, dict[tuple[str, str], Change | None]] = defaultdict(dict)
        for change in self._of_types(*kinds.GROUPS):
            group = self._naming(change)
            for template in group.before if group.region else ():
                regions[template].add(group.region)
            if change.action is not Action.DELETE:
                in_use.update(group.before if change.action.keeps else group.after)
            if change.action is Action.UPDATE and group.new is not None:
                old = group.old
                key = (old.address, old.deposed) if old is not None else ("", "")
                olds[group.new.address][key] = old
        return _Named(
            {template: sorted(found) for template, found in regions.items()},
            frozenset(in_use),
            {address: tuple(found.values()) for address, found in olds.items()},
        )

    def _naming(self, change: Change, group: Resource | None = None) -> _Naming:
        known = self._namings.get(change.address)
        if known is None or known.change is not change:
            group = group or self._resource(change, "name", "region", "version")
            region = group.before.text("region")
            known = self._namings[change.address] = _Naming(
                change,
                last(region) if isinstance(region, str) else "",
                templates_of(group.before),
                templates_of(group.after),
                self._previous_template(group),
                self._next_template(group),
            )
        return known

    def _at(
        self, link: object, templates: Mapping[str, list[tuple[Link, Change]]]
    ) -> Change | None:
        """The template that a link leads to, and no other."""
        wanted = parsed(link)
        if wanted is None:
            return None
        there = (one for at, one in templates.get(wanted.name, ()) if wanted.may_lead_to(at))
        return next(there, None)

    @cached_property
    def _before(self) -> dict[str, list[tuple[Link, Change]]]:
        return self._by_name(0)

    @cached_property
    def _after(self) -> dict[str, list[tuple[Link, Change]]]:
        return self._by_name(1)

    def _by_name(self, side: int) -> dict[str, list[tuple[Link, Change]]]:
        """The templates of the plan, and where each is, by name."""
        found: dict[str, list[tuple[Link, Change]]] = defaultdict(list)
        for change in self._templates:
            at = self._place_of(change, change.some_values(*_PLACE)[side])
            if at is not None:
                found[at.name].append((at, change))
        return found

    def _place_of(self, change: Change, values: Values) -> Link | None:
        name, project, region = (values.text(key) for key in ("name", "project", "region"))
        if not isinstance(name, str):
            return None
        link = parsed(values.get("self_link_unique")) or parsed(values.get("self_link"))
        regional = change.type != kinds.TEMPLATE
        return Link(
            host=link.host if link else "",
            project=project if isinstance(project, str) else self._project,
            place=f"regions/{last(str(region))}" if regional else "global",
            collection="instanceTemplates",
            name=name,
            number=link.number if link else "",
        )

    @cached_property
    def _made(self) -> dict[str, Change]:
        """The templates that are made, by address."""
        return {change.address: change for change in self._templates if _is_made(change)}

    @cached_property
    def _stems(self) -> dict[str, Change]:
        """The templates that are made, by what the names of their groups begin with."""
        return {one.name.removesuffix("-tpl"): one for one in self._made.values()}

    @cached_property
    def _gpus_by_template(self) -> dict[str, int | None]:
        return {
            name: gpus_of(values)
            for change in self._templates
            for values in change.values()
            if isinstance(name := values.text("name"), str)
        }

    @property
    def _templates(self) -> Sequence[Change]:
        return self._of_types(*kinds.TEMPLATES)


def _is_made(change: Change) -> bool:
    return change.action is Action.CREATE or change.action.replaces
