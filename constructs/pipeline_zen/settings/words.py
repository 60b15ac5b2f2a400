"""How values and proposals are put into words."""

import json
import re
from collections.abc import Iterable
from difflib import get_close_matches

from pipeline_zen.settings.characters import foreign, plain

ALIKE = 0.6
ALIKE_REGIONS = 0.8
"""How much of a name must be as it is in an option that is proposed; no other continent is."""

_LONGEST = 100
"""The characters of a value that are shown."""


def nearest(got: str, options: Iterable[str], alike: float = ALIKE) -> str | None:
    """The option that *got* most likely stands for; None where none is *alike* enough."""
    known = {_spelling(option): option for option in options}
    wanted = _spelling(got[: 2 * _LONGEST])
    # A zone where a region is wanted.
    for spelling in (wanted, re.sub(r"(?<=[0-9])-[a-z]$", "", wanted)):
        if spelling in known:
            return known[spelling]
    # What has all the words and one more is nearer than what is spelt alike: of nvidia-v100,
    # nvidia-tesla-v100 rather than nvidia-b200.
    longer = [option for option in known if set(wanted.split("-")) <= set(option.split("-"))]
    for near in (longer, known):
        if matches := get_close_matches(wanted, near, n=1, cutoff=alike):
            return known[matches[0]]
    return None


def did_you_mean(got: str, options: Iterable[str], alike: float = ALIKE) -> str:
    """The nearest of *options* as a question; empty where none is near."""
    near = nearest(got, options, alike)
    return f'Did you mean "{near}"? ' if near else ""


def choices(got: str, allowed: Iterable[str]) -> str:
    """The nearest of *allowed*, where one is near, and all of them."""
    options = list(allowed)
    return f"{did_you_mean(got, options)}Allowed: {', '.join(options)}."


def show(value: object) -> str:
    """A value as it would stand in YAML, its beginning if it is long; a collection by its kind."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        text = json.dumps(value[:_LONGEST], ensure_ascii=False)
        if len(value) > _LONGEST:
            text = f'{text[:-1]}…" of {len(value):,} characters'
        letter = foreign(value)
        return f"{text}, whose {letter}" if letter else text
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return str(value)


def _spelling(name: str) -> str:
    """A name as far as case, dashes and look-alike letters do not matter."""
    return re.sub(r"[_ ]+", "-", plain(name).strip().lower())
