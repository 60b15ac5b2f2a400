"""Who may do what, as sentences made from the grants of the synthesized stack."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from pipeline_zen import kinds, names
from pipeline_zen.files import Json

ROLES = {
    "roles/logging.logWriter": "Writes logs",
    "roles/monitoring.metricWriter": "Writes metrics",
    "roles/pubsub.publisher": "Publishes messages",
    "roles/secretmanager.secretAccessor": "Reads the text",
    "roles/storage.legacyObjectReader": "Reads objects, and cannot see which there are",
    "roles/storage.objectViewer": "Reads objects, and sees which there are",
}
"""What Google's own roles allow; what our own do, their descriptions say."""

THINGS = {
    kinds.SUBSCRIPTION: ("on the subscription", "on {} subscriptions"),
    kinds.TOPIC: ("on the topic", "on {} topics"),
    kinds.SECRET: ("of the secret", "of {} secrets"),
    kinds.BUCKET: ("in the bucket", "in {} buckets"),
    kinds.ACCOUNT: ("of the account", "of {} accounts"),
    "google_project": ("in the project", "in {} projects"),
}
"""The end of a sentence, before the name of one thing or the names of many."""

_REFERENCE = re.compile(r"\$\{(?P<type>google_\w+)\.(?P<name>[\w-]+)\.\w+\}")
_CUSTOM = re.compile(r"projects/[^/]+/roles/(?P<id>[\w.${}-]+)")
_FEW = 2


@dataclass(frozen=True)
class Right:
    """A role of somebody on one or more things of a kind."""

    sentence: str
    """Sentence up to the things."""
    start: str
    """What the names of the things begin with, all of them; empty for few."""
    things: tuple[str, ...]
    """The names, or what they end in."""
    only: str
    """The condition, in words; empty where there is none."""


@dataclass(frozen=True)
class Holder:
    """Somebody with all that they may do."""

    who: str
    member: str
    rights: tuple[Right, ...]


def rights(stack: Json, project: str) -> list[Holder]:
    """Everybody who is granted something in *stack*, by name."""
    custom = stack["resource"].get(kinds.ROLE, {})
    grants: dict[str, dict[tuple[str, str, str], list[str]]] = {}
    for type_, resources in stack["resource"].items():
        on = kinds.of(type_).on
        if on is None:
            continue
        for resource in resources.values():
            member = _member(resource["member"], project)
            key = (_verb(resource["role"], custom), on.type, _condition(resource))
            thing = _name(resource[on.attribute])
            grants.setdefault(member, {}).setdefault(key, []).append(thing)
    return [
        Holder(
            who=_who(member),
            member=member,
            rights=tuple(
                _right(verb, type_, only, sorted(things))
                for (verb, type_, only), things in sorted(below.items())
            ),
        )
        for member, below in sorted(grants.items())
    ]


def _right(verb: str, type_: str, only: str, things: Sequence[str]) -> Right:
    one, many = THINGS.get(type_, (f"on {type_}", f"on {{}} {type_}"))
    start = ""
    if len(things) > _FEW:
        words = [thing.split("-") for thing in things]
        alike = takewhile(lambda column: len(set(column)) == 1, zip(*words, strict=False))
        start = "".join(f"{column[0]}-" for column in alike)
    where = one if len(things) == 1 else many.format(len(things))
    return Right(
        f"{verb} {where}", start, tuple(thing.removeprefix(start) for thing in things), only
    )


def _verb(role: str, custom: Mapping[str, Json]) -> str:
    found = _CUSTOM.fullmatch(role)
    if not found:
        return ROLES.get(role, f"Has the role {role}")
    id_ = _name(found["id"])
    return str(custom.get(id_, {}).get("description", f"Has the role {id_}"))


def _condition(resource: Json) -> str:
    condition = resource.get("condition")
    if not condition:
        return ""
    return str(condition.get("description") or condition["title"])


def _name(text: str) -> str:
    """The name that a reference leads to, or the text as it is."""
    found = _REFERENCE.fullmatch(text)
    return found["name"] if found else text


def _member(member: str, project: str) -> str:
    found = _REFERENCE.fullmatch(member)
    if not found:
        return member
    return f"serviceAccount:{found['name']}@{project}.iam.gserviceaccount.com"


def _who(member: str) -> str:
    account = member.partition(":")[2].partition("@")[0]
    known = {names.SERVICE_ACCOUNT: "The VM of every job", names.SCHEDULER_ACCOUNT: "The scheduler"}
    return known.get(account, account or member)
