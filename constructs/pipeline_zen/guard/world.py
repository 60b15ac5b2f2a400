"""What rules need to know of the plan as a whole, and what they are given of one change."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline_zen.guard.findings import Finding
from pipeline_zen.plan import Action, Change, Plan, masked_text

GROUPS = (
    "google_compute_region_instance_group_manager",
    "google_compute_instance_group_manager",
)
TEMPLATES = ("google_compute_instance_template", "google_compute_region_instance_template")

_GPUS_IN_NAME = re.compile(r"\b(\d+)x[a-z]")

Json = dict[str, Any]


class Unknown:
    """A value that is known only after the apply."""


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Case:
    """A change as rules see it."""

    change: Change
    before: Json
    after: Json
    unknown: Json
    world: "World"

    def new(self, key: str) -> Any:
        """The value after, UNKNOWN where all of it is; what is unknown inside a block is absent."""
        value = self.after.get(key)
        return UNKNOWN if value is None and _any_true(self.unknown.get(key)) else value

    def changes(self, key: str) -> bool:
        """Whether the attribute changes, or may."""
        return any(
            one.path == key or one.path.startswith((f"{key}[", f"{key}."))
            for one in self.change.attributes
        )

    def finding(self, rule: str, what: str, **more: Any) -> Finding:
        """A finding about it; *what* is masked."""
        change = self.change
        return Finding(
            rule,
            change.address,
            masked_text(what),
            type=change.type,
            name=change.name,
            **{"why": self.why(), **more},
        )

    def why(self) -> str:
        """What makes it happen."""
        if self.change.forced_by:
            forced = ", ".join(f"`{path}`" for path in self.change.forced_by)
            return f"Google cannot change {forced} in place"
        return self.change.reason


class World:
    """The plan as a whole."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def cases(self) -> Iterator[Case]:
        """Every change that something comes of, to a resource that OpenTofu manages."""
        for change in self.plan.effective:
            if change.managed and change.action not in (Action.NO_OP, Action.READ):
                yield self.case(change)

    def case(self, change: Change) -> Case:
        """A change with its values decoded."""
        before, after = change.values()
        return Case(change, before, after, change.unknown(), self)

    def gpus(self, group: Case) -> int | None:
        """How many GPUs a VM of a group has; None where the plan does not tell."""
        values = group.before or group.after
        for version in values.get("version") or ():
            link = version.get("instance_template") if isinstance(version, dict) else None
            found = self._gpus_by_template.get(last(link)) if isinstance(link, str) else None
            if found is not None:
                return found
        named = _GPUS_IN_NAME.search(str(values.get("name", "")))
        return int(named[1]) if named else None

    def template(self, group: Case) -> Json:
        """The values of the template that a group will name; empty where the plan has none."""
        for version in group.after.get("version") or ():
            link = version.get("instance_template") if isinstance(version, dict) else None
            if isinstance(link, str):
                return self._templates.get(last(link), {})
        # It is made by the same plan: the one that is named for the group's cluster.
        name = str(group.after.get("name", ""))
        for change in self.plan.changes:
            start = change.name.removesuffix("-tpl")
            if change.type in TEMPLATES and name.startswith(f"{start}-"):
                return change.values()[1]
        return {}

    @cached_property
    def _templates(self) -> dict[str, Json]:
        return {
            values["name"]: values
            for change in self.plan.changes
            if change.type in TEMPLATES
            for values in change.values()
            if isinstance(values.get("name"), str)
        }

    @cached_property
    def _gpus_by_template(self) -> dict[str, int]:
        return {name: gpus_of(values) for name, values in self._templates.items()}

    @cached_property
    def templates_in_use(self) -> frozenset[str]:
        """The names of the templates that a group goes on to name after the apply."""
        return frozenset(
            last(version["instance_template"])
            for change in self.plan.changes
            if change.type in GROUPS and change.action is not Action.DELETE
            for version in change.values()[1].get("version") or ()
            if isinstance(version, dict) and isinstance(version.get("instance_template"), str)
        )

    @cached_property
    def destroyed(self) -> frozenset[tuple[str, str]]:
        """Type and name of everything that is deleted, replaced or not."""
        return frozenset(
            (change.type, name.rpartition("/")[2])
            for change in self.plan.effective
            if change.action.destroys and (name := cloud_name(change.values()[0]))
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


def cloud_name(values: Json) -> str:
    """What Google knows a resource by, within its type; empty where it has no name of its own."""
    for key in ("name", "secret_id", "account_id", "role_id"):
        if isinstance(values.get(key), str) and "role" not in values:
            place = values.get("region") or values.get("zone") or values.get("location") or ""
            return f"{last(str(place))}/{values[key]}" if key == "name" else str(values[key])
    return ""


def gpus_of(template: Json) -> int:
    """The GPUs of a VM made from a template."""
    accelerators = template.get("guest_accelerator")
    counts = [
        one.get("count")
        for one in (accelerators if isinstance(accelerators, list) else ())
        if isinstance(one, dict)
    ]
    return sum(count for count in counts if isinstance(count, int))


def quoted(value: object) -> str:
    """A value of the plan between backticks, as code; masked."""
    return f"`{masked_text(str(value)).replace('`', chr(39))}`"


def first(blocks: Any) -> Json:
    """The first of a list of blocks; empty where there is none."""
    return blocks[0] if isinstance(blocks, list) and blocks and isinstance(blocks[0], dict) else {}


def last(link: str) -> str:
    """The last part of a link: the name of what it leads to."""
    return link.partition("?")[0].rpartition("/")[2]


def _any_true(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_any_true, value.values()))
    if isinstance(value, list):
        return any(map(_any_true, value))
    return value is True
