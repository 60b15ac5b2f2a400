"""
What a stack stands on and does not make: it is there at Google, and so it is put into the fake.

It is read off the stack, not off the settings, so that it holds for the stack of any ref: what a
grant is on or for, by a name of its own and not by a reference, belongs to somebody else.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from fake_google import FakeGoogle
from pipeline_zen import kinds
from pipeline_zen.files import Json

_ACCOUNT = re.compile(
    r"serviceAccount:(?P<email>(?P<id>[^@$]+)@(?P<project>[^.]+)\.iam\.gserviceaccount\.com)"
)


class Thing(NamedTuple):
    """Something at Google, as the fake keeps it."""

    collection: str
    name: str
    resource: Json


def lay(google: FakeGoogle, stack: Json) -> None:
    """Put what *stack* stands on into the fake, where it is not there yet."""
    for thing in needed(stack):
        if google.store.get(thing.collection, thing.name) is None:
            google.store.put(thing.collection, thing.name, thing.resource)


def needed(stack: Json) -> Iterator[Thing]:
    """What a `cdk.tf.json` names and does not make."""
    resources: Mapping[str, Mapping[str, Json]] = stack["resource"]
    made = {
        (type_, arguments[name])
        for type_, of_type in resources.items()
        if (name := kinds.of(type_).name)
        for arguments in of_type.values()
    }
    grants = [
        (on, arguments)
        for type_, of_type in resources.items()
        if (on := kinds.of(type_).on)
        for arguments in of_type.values()
    ]
    for on, arguments in grants:
        account = _ACCOUNT.fullmatch(str(arguments.get("member")))
        if account and (kinds.ACCOUNT, account["id"]) not in made:
            yield _account(account["project"], account["email"])
        name = str(arguments.get(on.attribute))
        literal = "$" not in name and (on.type, name) not in made
        if on.type == kinds.SUBSCRIPTION and literal:
            yield _subscription(arguments["project"], name)


def _account(project: str, email: str) -> Thing:
    name = f"projects/{project}/serviceAccounts/{email}"
    known = {"name": name, "projectId": project, "email": email, "etag": "", "uniqueId": "1" * 21}
    return Thing("iam.serviceAccounts", name, known)


def _subscription(project: str, name: str) -> Thing:
    """Somebody's subscription; to which topic, nobody here is asked."""
    path = f"projects/{project}/subscriptions/{name}"
    topic = f"projects/{project}/topics/{name}"
    return Thing("pubsub.subscriptions", path, {"name": path, "topic": topic, "state": "ACTIVE"})
