"""Names of environments: what one can be, as its file, its project and its buckets have it."""

import re
from collections.abc import Collection

from pipeline_zen import names
from pipeline_zen.settings.characters import plain
from pipeline_zen.settings.forms import PROJECT_ID
from pipeline_zen.settings.words import show

_NAME = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")
_TAKEN = ("google", "ssl", "null", "undefined")
"""Words that Google refuses in a project's id or a bucket's name."""


def what_no_environment_is_called(name: str, taken: Collection[str] = ()) -> tuple[str, str] | None:
    """
    What is wrong with the name of an environment, and what to do; None where it can be.

    None of the *taken* names is proposed.
    """
    if name == names.LOCAL:
        message = 'an environment cannot be called "local"'
        hint = "Rename the file, or delete it: developers' machines use dev as `local`, by the"
        return message, f"{hint} setting `local` there."
    if can_be(name):
        return None
    bare = re.sub(r"[^a-z0-9]+", "-", plain(name).lower()).lstrip("-0123456789")
    instead = bare[: _longest()].rstrip("-")
    free = can_be(instead) and instead not in taken
    example = f", such as {instead}.yaml" if free else ""
    return (
        f"an environment cannot be called {show(name)}",
        f"Rename the file{example}: a name has lower-case letters, digits and dashes, at most "
        f"{_longest()}, as the project is called {names.project('NAME')}.",
    )


def can_be(name: str) -> bool:
    """Whether an environment, and its project and buckets, can have that name."""
    fits = bool(_NAME.fullmatch(name)) and bool(re.fullmatch(PROJECT_ID, names.project(name)))
    return fits and name != names.LOCAL and not any(word in name for word in _TAKEN)


def _longest() -> int:
    return 30 - len(names.project(""))
