"""What is named of another environment, or of what is above all of them, in any attribute."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pipeline_zen import names
from pipeline_zen.guard.leaf import Leaf, enclosing
from pipeline_zen.guard.resource import Resource, listed
from pipeline_zen.guard.rules import Finding, Rule, Severity

NAMES_ANOTHER = Rule(
    "names-another",
    Severity.WIDENS_ACCESS,
    "Keep to what is of this environment; what is meant of another project is allowed by name.",
)

_PROJECT = re.compile(r"(?:^|/)projects/([^/\s?*]+)")
_ACCOUNT = re.compile(r"@([a-z][a-z0-9-]+)\.iam\.gserviceaccount\.com")
_MEMBERS = re.compile(r"\bproject(?:Owner|Editor|Viewer):([a-z][a-z0-9-]+)")
_ABOVE = re.compile(
    r"(?:^|/)((?:folders|organizations|billingAccounts|workforcePools)/[A-Za-z0-9-]+)"
)
_HOST = re.compile(r"https?://([^/\s]+)/\S*\bprojects/")
_HOSTED = re.compile(r"([a-z0-9-]+)\.(?:svc\.id\.goog|appspot\.com)")

_PERSON = re.compile(r"[\w.+-]+@(?![\w.-]*gserviceaccount\.com)")
"""Who somebody is at an organization's own domain, which is called as they like there."""

_FOR_PEOPLE = frozenset(
    (*("annotations", "contact_email", "description", "display_name", "effective_annotations"),
     *("effective_labels", "justification", "labels", "terraform_labels", "title"))
)  # fmt: skip
"""What people read, in which a name leads nowhere."""

_GOOGLE = (".googleapis.com", ".google.com")

_TELLING = (str, list, dict)
"""The types of values that can name anything."""

_ANY = "ENVIRONMENT"
"""What stands for any environment in a name."""

_SIGNS = ("/", "@", "-", ".", ":")
"""Without one of these a text names nothing that is somewhere."""

_IMAGES = ("disk.source_image", "boot_disk.initialize_params.image")
"""Where images are named, which are another project's by rights; their own rule judges them."""

_RESERVATIONS = "reservation_affinity.specific_reservation.values"
"""Where reservations are named, which another project may share."""


def named(resource: Resource) -> Iterator[Finding]:
    """What a change names anew that is not of this environment."""
    if not resource.judged_as_it_is:
        return
    strangers: set[str] = set()
    keys: set[str] = set()
    for leaf in resource.leaves:
        if not isinstance(leaf.new, _TELLING):
            continue
        new = set(_strangers(leaf, leaf.new)) if leaf.key not in _IMAGES else set()
        if new:
            new -= set(_strangers(leaf, leaf.old))
        if new:
            strangers |= new
            keys.add(leaf.key)
    if strangers:
        what = f"names {listed(strangers)} in {listed(keys)}"
        yield resource.found(NAMES_ANOTHER, what, why="")


def _strangers(leaf: Leaf, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _strangers(leaf, key)
            yield from _strangers(leaf, item)
    elif isinstance(value, list):
        for item in value:
            yield from _strangers(leaf, item)
    elif isinstance(value, str):
        yield from _in_text(leaf, value)


def _in_text(leaf: Leaf, text: str) -> Iterator[str]:
    if not any(sign in text for sign in _SIGNS):
        return
    target = leaf.resource.plan.target
    if text in target.reservations and _RESERVATIONS in enclosing(leaf.key):
        return
    for pattern in (_PROJECT, _ACCOUNT, _HOSTED, _MEMBERS):
        for found in pattern.findall(text):
            if found not in (target.project, "-", "_", *leaf.resource.plan.numbers):
                yield found
    yield from _ABOVE.findall(text)
    for host in _HOST.findall(text):
        if not host.endswith(_GOOGLE) and host not in leaf.resource.plan.hosts:
            yield host
    if not _FOR_PEOPLE.isdisjoint(enclosing(leaf.key)):
        return
    own = (target.environment, "local")
    without_people = _PERSON.sub("@", text) if "@" in text else text
    for pattern in _by_environment():
        for found in pattern.finditer(without_people):
            if found[1] not in own:
                yield found[0]


@cache
def _by_environment() -> tuple[re.Pattern[str], ...]:
    """The names of things of any environment, as patterns with the environment in them."""
    bucket, mark, _ = names.datasets_bucket(_ANY).partition(_ANY)
    return tuple(
        re.compile(r"\b" + re.escape(start).replace(_ANY, r"([a-z0-9]+)"))
        for start in (names.project(_ANY), f"{bucket}{mark}-")
    )
