"""The plan as a whole, as rules look things up in it: what is made, what goes, who names what."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from pipeline_zen import kinds
from pipeline_zen.guard.links import HOSTS, parsed
from pipeline_zen.guard.resource import Resource, cloud_name, identity_of, last
from pipeline_zen.guard.starts import Starts
from pipeline_zen.guard.target import Target
from pipeline_zen.plan import Action, Change, Plan, Unknown, Values, config_address

_SECRETS = (kinds.SECRET, "google_secret_manager_regional_secret")


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
        """
        Every resource that OpenTofu manages, also those to which nothing happens.

        Groups come first, as what is asked of templates is which of them groups name.
        """
        groups_first = sorted(self.managed, key=lambda change: change.type not in kinds.GROUPS)
        return map(self.resource, groups_first)

    @cached_property
    def managed(self) -> tuple[Change, ...]:
        """The changes of every resource that OpenTofu manages, also where nothing happens."""
        return tuple(
            change
            for change in self.plan.changes
            if change.managed and change.action is not Action.READ
        )

    def resource(self, change: Change, *keys: str) -> Resource:
        """
        A change with its values, which are decoded anew each time, as all at once are many.

        With *keys* it has nothing but those, as where all groups are gone through for a few.
        """
        values = change.some_values(*keys) if keys else change.values()
        return Resource(change, *values, self)

    @cached_property
    def starts(self) -> Starts:
        """Which template the VMs of each group start from."""
        return Starts(self._of_types, self.resource, self.target.project)

    def _of_types(self, *types: str) -> Sequence[Change]:
        return [change for type_ in types for change in self._by_type.get(type_, ())]

    @cached_property
    def _by_type(self) -> dict[str, list[Change]]:
        found: dict[str, list[Change]] = defaultdict(list)
        for change in self.plan.changes:
            found[change.type].append(change)
        return found

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
        for change in self.managed:
            for values in change.values() if change.type.startswith("google_") else ():
                keys = ("account_id", "email", "name", "role_id", "secret_id")
                texts = [text for key in keys if isinstance(text := values.text(key), str)]
                found.update(last(text) for text in texts)
                if change.type == kinds.ACCOUNT and texts:
                    domain = f"{self.target.project}.iam.gserviceaccount.com"
                    found.add(f"{texts[0]}@{domain}")
        return frozenset(found)

    @cached_property
    def name_parts(self) -> frozenset[str]:
        """
        What names have in them between dashes: `8xa100-40gb` of `jobs-8xa100-40gb-us-west1-mig`.

        Only of groups and templates, which are called after their cluster and region.
        """
        found: set[str] = set()
        for change in self._of_types(*kinds.GROUPS, *kinds.TEMPLATES):
            for values in change.values():
                name = values.text("name")
                words = name.split("-") if isinstance(name, str) else []
                for start in range(len(words)):
                    ends = range(start + 1, len(words) + 1)
                    found.update("-".join(words[start:end]) for end in ends)
        return frozenset(found)

    @cached_property
    def topics(self) -> frozenset[str]:
        """The topics that are there after the apply, by name."""
        return frozenset(
            last(name)
            for change in self._of_types(kinds.TOPIC)
            if isinstance(name := change.values()[1].text("name"), str)
        )

    @cached_property
    def hosts(self) -> frozenset[str]:
        """The hosts at which the plan has its things, which for a rehearsal are others."""
        links = (parsed(one.values()[0].get("self_link")) for one in self._of_types(*self._by_type))
        return frozenset((*HOSTS, *(link.host for link in links if link and link.host)))

    @cached_property
    def clashes(self) -> dict[str, str]:
        """What is made under a name that is not free, by address, with where the name is taken."""
        made: dict[tuple[str, ...], str] = {}
        taken: dict[str, str] = {}
        for change in self.plan.effective:
            comes = change.action is Action.CREATE or change.action.replaces
            identity = identity_of(change, 1) if comes and not change.import_id else ()
            if identity and made.setdefault(identity, change.address) != change.address:
                taken[change.address] = made[identity]
        types = {identity[0] for identity in made}
        for change in self.managed:
            if change.type in types and _keeps_its_name(change):
                address = made.get(identity_of(change, 0), change.address)
                if address != change.address:
                    taken[address] = change.address
        return taken

    @cached_property
    def accounts(self) -> frozenset[str]:
        """The e-mails of the service accounts that are there after the apply."""
        return frozenset(
            f"{account}@{self.target.project}.iam.gserviceaccount.com"
            for change in self._of_types(kinds.ACCOUNT)
            if isinstance(account := change.values()[1].text("account_id"), str)
        )

    @cached_property
    def roles(self) -> dict[str, frozenset[str] | Unknown]:
        """What the custom roles allow that are there after the apply, by their whole name."""
        return {
            f"projects/{self.target.project}/roles/{role}": values.texts("permissions")
            for change in self._of_types(kinds.ROLE)
            for values in change.values()[1:]
            if values.get("project") in (None, self.target.project)
            and isinstance(role := values.text("role_id"), str)
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


def _keeps_its_name(change: Change) -> bool:
    """Whether nobody else can have its name while the plan is applied."""
    action = change.action
    return action in (Action.NO_OP, Action.UPDATE) or action.keeps or action.replaces
