"""What the fake Google holds: resources by kind and name, and their policies."""

import hashlib
import json
import os
import threading
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TypeVar, cast

from fake_google.wire import Json

POLICIES = "policies"
"""The kind under which the policies stand, by the full name of what they are on."""

ELSEWHERE = "elsewhere"
"""The kind of the names of what other code has made."""

PROJECTS = "projects"
"""The kind of the projects that something was asked of."""

DELETED = "deleted"
"""The kind of what is gone and can come back: a resource with its policy, by kind and key."""

_PASSING = 10_000
"""The things of the moment that are remembered, at most: operations, uploads in pieces."""

_Kept = TypeVar("_Kept")


class Store:
    """
    Resources by kind, such as `compute.instanceTemplates`, and by full name.

    A method of the server runs under `lock`, and sees and leaves a whole. Names and resources go
    in and come out as copies.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.changes = 0
        """Counts every change, so that a reader can tell whether there was one."""
        self._kinds: dict[str, dict[str, Json]] = {}
        self._serial = 0
        self._passing: dict[str, Json] = {}
        self.payloads: dict[str, str] = {}
        """Of versions of secrets, where they are kept; no part of what is dumped, either."""
        self.notes: dict[str, None] = {}
        """What was taken that nothing is known of here, each once."""

    def get(self, kind: str, name: str) -> Json | None:
        """A copy of a resource, or None."""
        found = self._kinds.get(kind, {}).get(name)
        return copied(found)

    def put(self, kind: str, name: str, resource: Json) -> Json:
        """Keep a copy of *resource*, new or changed; returned as it was given."""
        self.changes += 1
        self._kinds.setdefault(kind, {})[name] = copied(resource)
        return resource

    def remove(self, kind: str, name: str) -> None:
        """Drop a resource, and the policy on it."""
        self.changes += 1
        self._kinds.get(kind, {}).pop(name, None)
        self._kinds.get(POLICIES, {}).pop(name, None)

    def all(self, kind: str, below: str = "") -> Iterator[tuple[str, Json]]:
        """Copies of the resources of *kind* whose names begin with *below*, by name."""
        for name, resource in sorted(self._kinds.get(kind, {}).items()):
            if name.startswith(below):
                yield name, copied(resource)

    def set_aside(self, kind: str, resource: Json, key: str) -> None:
        """Remove a resource that can come back by *key*, with the policy on it."""
        policy = self.get(POLICIES, resource["name"])
        self.put(DELETED, f"{kind} {key}", {"resource": resource, "policy": policy})
        self.remove(kind, resource["name"])

    def aside(self, kind: str, below: str = "") -> Iterator[tuple[str, Json]]:
        """What is set aside of *kind* whose keys begin with *below*, by key."""
        for name, kept in self.all(DELETED, f"{kind} {below}"):
            yield name.removeprefix(f"{kind} "), kept["resource"]

    def bring_back(self, kind: str, key: str) -> Json:
        """Put what was set aside in its place again, with its policy; the resource."""
        kept = self._kinds[DELETED].pop(f"{kind} {key}")
        resource: Json = kept["resource"]
        if kept["policy"] is not None:
            self.put(POLICIES, resource["name"], kept["policy"])
        return self.put(kind, resource["name"], resource)

    def made_elsewhere(self, kind: str, name: str) -> None:
        """Let a resource be one that other code has made, and that nobody here leaves behind."""
        self.put(ELSEWHERE, f"{kind} {name}", {})

    def remember(self, name: str, resource: Json) -> None:
        """Keep something for a while, which is no part of what is dumped."""
        self._passing[name] = resource
        while len(self._passing) > _PASSING:
            del self._passing[next(iter(self._passing))]

    def recall(self, name: str) -> Json | None:
        """What was to be remembered under *name*, if it is not forgotten."""
        return copied(self._passing.get(name))

    def forget(self, name: str) -> None:
        """Remember something no longer."""
        self._passing.pop(name, None)

    def serial(self) -> int:
        """The next of a sequence of numbers, for ids and etags."""
        self._serial += 1
        return self._serial

    def number(self, project: str) -> str:
        """The number of a project, twelve digits that follow from its id."""
        digest = int(hashlib.sha256(project.encode()).hexdigest(), 16)
        number = str(10**11 + digest % (9 * 10**11))
        if self.get(PROJECTS, project) is None:
            self.put(PROJECTS, project, {"number": number})
        return number

    def project(self, number: str) -> str:
        """The id of the project with this number, or, if nobody used it yet, the number."""
        found = [name for name, each in self.all(PROJECTS) if each["number"] == number]
        return found[0] if found else number

    def canonical(self, name: str) -> str:
        """A resource's *name* with the project's id, `projects/ID/…`; it may have its number."""
        head, project, rest = name.split("/", 2)
        return f"{head}/{self.project(project)}/{rest}" if project.isdigit() else name

    def numbered(self, name: str) -> str:
        """The name with the project's number, as some APIs answer."""
        head, project, rest = name.split("/", 2)
        return f"{head}/{self.number(project)}/{rest}"

    def left(self, lasting: Iterable[str]) -> list[str]:
        """
        Everything that a person would have to clean up, as `kind name`.

        What is of *lasting* kinds, or made elsewhere, a project's number, a deleted role's id and
        what is set aside do not count.
        """
        with self.lock:
            elsewhere = self._kinds.get(ELSEWHERE, {})
            return sorted(
                f"{kind} {name}"
                for kind, resources in self._kinds.items()
                for name, resource in resources.items()
                if kind not in (DELETED, ELSEWHERE, PROJECTS)
                and kind not in lasting
                and not resource.get("deleted")
                and f"{kind} {name}" not in elsewhere
                and not (
                    kind == POLICIES and not (resource["bindings"] or resource.get("auditConfigs"))
                )
            )

    def dump(self) -> Json:
        """The whole, as JSON."""
        with self.lock:
            return copied({"serial": self._serial, "kinds": self._kinds})

    def load(self, dump: Json) -> None:
        """Become what was dumped. Raises an error of Python's own when it is no dump."""
        kinds = {
            kind: {name: dict(resource) for name, resource in resources.items()}
            for kind, resources in dump["kinds"].items()
        }
        serial = int(dump["serial"])
        if serial < 0:
            raise ValueError("the serial is negative")
        with self.lock:
            self.changes += 1
            self._serial, self._kinds = serial, copied(kinds)
            self._passing.clear()
            self.notes.clear()
            self.payloads.clear()

    def save(self, file: Path) -> None:
        """Write the whole to *file*, all or nothing."""
        new = file.with_name(f".{file.name}.{os.getpid()}")
        new.write_text(json.dumps(self.dump(), indent=1, sort_keys=True), encoding="utf-8")
        new.replace(file)


def copied(value: _Kept) -> _Kept:
    """A copy of JSON, all the way down; several times as fast as Python's own for anything."""
    copy: Any = value
    if isinstance(value, dict):
        copy = {key: copied(item) for key, item in value.items()}
    elif isinstance(value, list):
        copy = [copied(item) for item in value]
    return cast("_Kept", copy)


def now() -> str:
    """The time as Google writes it."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
