"""The plan as a whole, as rules look things up in it: what is made, what goes, who names what."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from pipeline_zen import kinds
from pipeline_zen.guard.resource import Resource, cloud_name, gpus_of, last, templates_of
from pipeline_zen.plan import Action, Change, Plan, Values

_GPUS_IN_NAME = re.compile(r"\b(\d+)x[a-z]")


class PlanIndex:
    """The plan as a whole, and what there is in it by name."""

    def __init__(self, plan: Plan, limits: Mapping[str, int]) -> None:
        """*limits* are the most VMs that the scheduler raises a group to, by the group's name."""
        self.plan = plan
        self.limits = limits

    def resources(self) -> Iterator[Resource]:
        """Every resource that OpenTofu manages, also those to which nothing happens."""
        return map(self.resource, self.managed)

    @cached_property
    def managed(self) -> tuple[Change, ...]:
        """The changes of every resource that OpenTofu manages, also where nothing happens."""
        return tuple(
            change
            for change in self.plan.changes
            if change.managed and change.action is not Action.READ
        )

    def resource(self, change: Change) -> Resource:
        """A change with its values, which are decoded anew each time, as all at once are many."""
        return Resource(change, *change.values(), self)

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
        for template in templates_of(group.after):
            return self._templates.get(template, Values(None))
        # It is made by the same plan: the one that is named for the group's cluster.
        name = str(group.after.get("name"))
        for change in self._of_types(*kinds.TEMPLATES):
            start = change.name.removesuffix("-tpl")
            if name.startswith(f"{start}-"):
                return change.values()[1]
        return Values(None)

    @cached_property
    def regions(self) -> dict[str, list[str]]:
        """The regions in which groups name a template now, sorted, by the template's name."""
        found: dict[str, set[str]] = defaultdict(set)
        for change in self._of_types(*kinds.GROUPS):
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
            for change in self._of_types(*kinds.TEMPLATES)
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
            for change in self._of_types(*kinds.GROUPS)
            if change.action is not Action.DELETE
            for template in templates_of(change.values()[0 if change.action.keeps else 1])
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
            change.type == kinds.ACCOUNT
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
