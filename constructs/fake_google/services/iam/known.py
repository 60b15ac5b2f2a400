"""
The predefined roles and the permissions that there are, as far as a dated list knows them.

`roles.txt` has a line for each role, with those of its permissions that methods which are served
need; `permissions.txt` has one for each kind of resource, with what can be done with it. Both are
written by `tools/list_roles.py`.
"""

import functools
from pathlib import Path

_FOLDER = Path(__file__).parent


@functools.cache
def roles() -> dict[str, frozenset[str]]:
    """The permissions of each predefined role that matter here, such as `pubsub.publisher`."""
    return {
        name: frozenset(permissions) for name, *permissions in map(str.split, _lines("roles.txt"))
    }


@functools.cache
def counted() -> frozenset[str]:
    """The permissions of which it is known what predefined roles have them."""
    return frozenset().union(*roles().values())


@functools.cache
def permissions() -> frozenset[str]:
    """All permissions that the list knows."""
    return frozenset(
        f"{kind}.{verb}"
        for kind, *verbs in map(str.split, _lines("permissions.txt"))
        for verb in verbs
    )


@functools.cache
def _services() -> frozenset[str]:
    names = (*roles(), *permissions())
    return frozenset(name.partition(".")[0] for name in names if "." in name)


def is_role(name: str) -> bool | None:
    """Whether a predefined role is one; None where the list knows nothing of its service."""
    name = name.removeprefix("roles/")
    return True if name in roles() else _answer(name)


def is_permission(name: str) -> bool | None:
    """Whether there is such a permission; None where the list is silent."""
    return True if name in permissions() else _answer(name)


def _answer(name: str) -> bool | None:
    service, dot, _ = name.partition(".")
    return False if not dot or service in _services() else None


def _lines(file: str) -> list[str]:
    lines = (_FOLDER / file).read_text(encoding="ascii").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
