"""The plan as a whole, as rules look things up in it: what is made, what goes, who names what."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from pipeline_zen import kinds
from pipeline_zen.guard.resource import Resource, cloud_name, gpus_of, last, templates_of
from pipeline_zen.guard.target import Target
from pipeline_zen.plan import Action, Change, Plan, Values, config_address

_SECRETS = (kinds.SECRET, "google_secret_manager_regional_secret")
_PROJECT = re.compile(r"(?:^|/)projects/([^/]+)/")
_GPUS_IN_NAME = re.compile(r"\b(\d+)x[a-z]")


class PlanIndex:
    """The plan as a whole, and what there is in it by name."""

    def __init__(self, plan: Plan, target: Target) -> None:
        self.plan = plan
        self.target = target

    @property
    def limits(self) -> Mapping[str, int]:
        """The most VMs that the scheduler raises a group to, by the group's name."""
        return self.target.limits

    def makes(self, address: str) -> bool:
        """Whether something is made at an address of the configuration."""
        return address in self._made

    @cached_property
    def _made(self) -> frozenset[str]:
        return frozenset(
            config_address(change.address)
            for change in self.plan.effective
            if change.action is Action.CREATE or change.action.replaces
        )

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
        change = self.next_template(group)
        return Values(None) if change is None else change.values()[1]

    def next_template(self, group: Resource) -> Change | None:
        """What becomes of the template that a group will name; None where it is not of the plan."""
        link = group.after.block("version").get("instance_template")
        if isinstance(link, str):
            project = _PROJECT.search(link)
            if project and project[1] != self.target.project:
                return None
            return self._template_changes.get(last(link))
        references = group.references("version", "instance_template")
        if references:
            return self._made_templates.get(group.address_of(references[-1]))
        # Without the configuration: what takes the place of the one that it has, or is named so.
        before = self.previous_template(group)
        if before is not None and before.action.replaces:
            return before
        named = self._template_named_for(str(group.after.get("name")))
        made = [one for one in self._made_templates.values() if one.action is Action.CREATE]
        return named or (made[0] if len(made) == 1 else None)

    def _template_named_for(self, group: str) -> Change | None:
        parts = group.split("-")
        stems = ("-".join(parts[:size]) for size in range(len(parts) - 1, 0, -1))
        return next((self._stems[stem] for stem in stems if stem in self._stems), None)

    def previous_template(self, group: Resource) -> Change | None:
        """What becomes of the template that a group names so far, where the plan has it."""
        links = templates_of(group.before)
        return self._template_changes.get(links[0]) if links else None

    def predecessor(self, template: Change) -> Change | None:
        """The template in whose place a new one comes, as groups name it from now on."""
        return self._predecessors.get(template.address)

    @cached_property
    def _predecessors(self) -> dict[str, Change]:
        found: dict[str, Change] = {}
        for change in self._of_types(*kinds.GROUPS):
            if change.action is Action.UPDATE:
                group = self.resource(change)
                old, new = self.previous_template(group), self.next_template(group)
                if old is not None and new is not None and old is not new:
                    found[new.address] = old
        return found

    @cached_property
    def boot_disks(self) -> list[Values]:
        """The first disks of VMs that start from what is there already."""
        before = [change.values()[0] for change in self._of_types(*kinds.TEMPLATES)]
        return [values.block("disk") for values in before if values.exists]

    @cached_property
    def _template_changes(self) -> dict[str, Change]:
        """The templates of the plan, by the names that are known of each."""
        return {
            name: change
            for change in self._of_types(*kinds.TEMPLATES)
            for values in change.values()
            if isinstance(name := values.text("name"), str)
        }

    @cached_property
    def _made_templates(self) -> dict[str, Change]:
        """The templates that are made, by address."""
        return {
            change.address: change
            for change in self._of_types(*kinds.TEMPLATES)
            if change.action is Action.CREATE or change.action.replaces
        }

    @cached_property
    def _stems(self) -> dict[str, Change]:
        """The templates that are made, by what the names of their groups begin with."""
        return {one.name.removesuffix("-tpl"): one for one in self._made_templates.values()}

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
    def _gpus_by_template(self) -> dict[str, int | None]:
        return {
            name: gpus_of(values)
            for change in self._of_types(*kinds.TEMPLATES)
            for values in change.values()
            if isinstance(name := values.text("name"), str)
        }

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The number of the environment's project, where a resource of it tells that."""
        return frozenset(
            f"{number:g}"
            for change in self._of_types(kinds.BUCKET, "google_project")
            for values in change.values()
            if self.target.project in (values.get("project"), values.get("project_id"))
            for key in ("project_number", "number")
            if isinstance(number := values.number(key), int | float)
        )

    def is_here(self, change: Change) -> bool:
        """Whether it says of itself that it is in the environment's project."""
        return any(values.get("project") == self.target.project for values in change.values())

    @cached_property
    def names(self) -> frozenset[str]:
        """What the resources of the plan are called, and what follows from that."""
        found = {self.target.project}
        for change in self.plan.changes:
            for values in change.values():
                keys = ("account_id", "email", "name", "role_id", "secret_id")
                texts = [text for key in keys if isinstance(text := values.text(key), str)]
                found.update(last(text) for text in texts)
                if change.type == kinds.ACCOUNT and texts:
                    domain = f"{self.target.project}.iam.gserviceaccount.com"
                    found.add(f"{texts[0]}@{domain}")
        return frozenset(found)

    @cached_property
    def clashes(self) -> dict[str, str]:
        """What is made under a name that is not free, by address, with where the name is taken."""
        made = {
            (change.type, name): change.address
            for change in self.plan.effective
            if change.action is Action.CREATE and not change.import_id
            if (name := cloud_name(change.values()[1]))
        }
        types = {type_ for type_, _ in made}
        return {
            made[change.type, name]: change.address
            for change in self.managed
            if change.type in types
            and (change.action in (Action.NO_OP, Action.UPDATE) or change.action.keeps)
            and (name := cloud_name(change.values()[0]))
            and (change.type, name) in made
        }

    @cached_property
    def policies(self) -> dict[str, Values]:
        """The policies that data sources put together, by address."""
        return {
            change.address: change.values()[1] for change in self._of_types("google_iam_policy")
        }

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The secrets of the plan that stay or come, by name."""
        return frozenset(
            name
            for change in self._of_types(*_SECRETS)
            if change.action is not Action.DELETE
            for values in change.values()
            if isinstance(name := values.text("secret_id"), str)
        )

    @cached_property
    def versions(self) -> dict[str, frozenset[str]]:
        """The addresses of the versions of a secret that stay or come, by its name."""
        found: dict[str, set[str]] = defaultdict(set)
        for change in self._of_types(*(f"{type_}_version" for type_ in _SECRETS)):
            if not change.deposed and change.action is not Action.DELETE:
                for values in change.values():
                    if isinstance(secret := values.text("secret"), str):
                        found[last(secret)].add(change.address)
        return {name: frozenset(addresses) for name, addresses in found.items()}

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
