"""
Secrets that follow their name in a list: `["-e", "HF_TOKEN", "…"]`, `["X-Api-Key", "…"]`.

A list may as well hold nothing but names, of secrets or of resources, and those are shown.
"""

import re
from typing import Any

from pipeline_zen.masking.ends import says_nothing
from pipeline_zen.masking.keys import is_secret_key

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
"""A permission such as `iam.serviceAccounts.getAccessToken` has dots in it, and is no name."""
_OPTION = re.compile(r"--?[A-Za-z][\w-]*")
_LIKE = (
    re.compile(r"[A-Z]+(?:_[A-Z]+)+"),
    re.compile(r"_?[a-z]+(?:_[a-z]+)+"),
    re.compile(r"[a-z]+(?:-[a-z0-9]{1,9})+"),
)
"""Ways to write names: of variables, of fields, of resources."""
_ELSEWHERE = re.compile(
    r"[~.]?(?:/[a-z0-9._-]+){2,}/?|[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[0-9]+)?(?:/[a-z0-9._-]+)+\S*"
)
"""A path, or an image of a registry, neither of which a name has behind it."""


def is_name_in_list(name: Any) -> bool:
    """Whether an element of a list may name the secret behind it."""
    return isinstance(name, str) and is_secret_key(name) and bool(_NAME.fullmatch(name))


def is_named_in_pair(name: str, item: str) -> bool:
    """Whether *item* is a secret in a list of nothing but it and the *name* of one."""
    return not (says_nothing(item) or _are_alike(name, item))


def is_named_behind_option(option: Any, item: str) -> bool:
    """Whether *item* is a secret behind the name of one, which an *option* is before."""
    if not isinstance(option, str) or not _OPTION.fullmatch(option) or item.startswith("-"):
        return False
    return not (says_nothing(item) or _ELSEWHERE.fullmatch(item))


def _are_alike(name: str, item: str) -> bool:
    """Whether both are names, of secrets or of resources."""
    if (
        is_secret_key(item)
        and name.islower()
        and item.islower()
        and item.replace("_", "").isalpha()
    ):
        return True
    return any(like.fullmatch(name) and like.fullmatch(item) for like in _LIKE)
