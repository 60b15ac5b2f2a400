"""Proposals: what a value that is refused was probably meant to be, tried before it is proposed."""

import re
from collections.abc import Collection, Hashable, Iterable, Iterator
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import yaml
from pydantic import TypeAdapter, ValidationError

from pipeline_zen import catalog
from pipeline_zen.settings.characters import plain
from pipeline_zen.settings.forms import Location, Region
from pipeline_zen.settings.model import EnvironmentFile, Section
from pipeline_zen.settings.problems import Key, Loc
from pipeline_zen.settings.words import ALIKE, ALIKE_REGIONS, nearest

_TRUE_OR_FALSE = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def proposal(
    loc: Loc, got: object, written: str, *, key: bool, taken: Collection[Key]
) -> str | None:
    """
    What to write in the place of *got* at *loc*, or of its name, as YAML; None where none is near.

    *written* is how it stands in the file, and *taken* are the names beside it.
    """
    annotation = _annotation(loc, key=key)
    if annotation is None:
        return None
    for candidate in _candidates(annotation, got, written):
        same = type(candidate) is type(got) and candidate == got
        if not same and not (key and candidate in taken) and _fits(annotation, candidate):
            return as_yaml(candidate)
    return None


def as_yaml(value: object) -> str:
    """A value as it is written in YAML, in quotes where it needs them or looks like a number."""
    if isinstance(value, str) and re.fullmatch(r"[0-9][0-9.]*", value):
        return f"'{value}'"
    dumped = yaml.safe_dump(value, default_flow_style=True, width=10**6, allow_unicode=True)
    return dumped.removesuffix("\n").removesuffix("\n...")


def nearest_as_yaml(got: str, options: Iterable[str], alike: float = ALIKE) -> str | None:
    """The nearest of *options* as YAML; None where none is near."""
    near = nearest(got, options, alike)
    return as_yaml(near) if near else None


def nearest_release(text: str) -> str | None:
    """The release that *text* has in it, the last of its three numbers added where it lacks."""
    found = re.search(r"[0-9]{1,5}(?:\.[0-9]{1,5}){1,2}", text[:100])
    if not found:
        return None
    return f"{found[0]}.0" if found[0].count(".") == 1 else found[0]


def _annotation(loc: Loc, *, key: bool) -> Any:
    """The type of the setting at *loc*, or of its name; None where there is none of its own."""
    value: Any = EnvironmentFile
    name: Any = None
    for step in loc:
        name, value = _step(value, step)
    return name if key else value


def _step(annotation: Any, key: Key) -> tuple[Any, Any]:
    """The types of a name and of its value below what has the type *annotation*."""
    inner = _inner(annotation)
    if isinstance(inner, type) and issubclass(inner, Section):
        return None, get_type_hints(inner, include_extras=True).get(str(key))
    if get_origin(inner) is dict:
        name, value = get_args(inner)
        return name, value
    return None, get_args(inner)[0] if get_origin(inner) is tuple else None


def _inner(annotation: Any) -> Any:
    """The type without its constraints, and without that it may be nothing."""
    if get_origin(annotation) is Annotated:
        return _inner(get_args(annotation)[0])
    if type(None) in get_args(annotation):
        return _inner(next(one for one in get_args(annotation) if one is not type(None)))
    return annotation


def _fits(annotation: Any, candidate: object) -> bool:
    adapter = _adapter if isinstance(annotation, Hashable) else TypeAdapter
    try:
        adapter(annotation).validate_python(candidate)
    except ValidationError:
        return False
    return True


@cache
def _adapter(annotation: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotation)


def _candidates(annotation: Any, got: object, written: str) -> Iterator[object]:
    """What may be meant, the likeliest first."""
    text = got if isinstance(got, str) else written
    if annotation in (Region, Location):
        known: Collection[str] = catalog.regions() if annotation is Region else catalog.locations()
        yield nearest(text, known, ALIKE_REGIONS)
        return
    if isinstance(got, str):
        if text.strip().lower() in _TRUE_OR_FALSE:
            yield _TRUE_OR_FALSE[text.strip().lower()]
        if re.fullmatch(r"\s*[0-9]{1,9}\s*", text):
            yield int(text)
        yield [word for word in re.split(r"[\s,]+", text) if word]
    elif isinstance(got, float) and got.is_integer():
        yield int(got)
    for spelling in _spellings(text):
        yield spelling
        yield [spelling]


def _spellings(text: str) -> Iterator[str]:
    bare = plain(text).strip()
    yield from (text, bare)
    dashed = re.sub(r"[^A-Za-z0-9]+", "-", bare).strip("-")
    for spelling in (bare, dashed):
        yield from (spelling.lower(), spelling.upper())
    # Of a zone its letter; of a release that lacks its last number, or has a letter before it, it.
    yield bare.rpartition("-")[2].lower()
    release = nearest_release(bare)
    if release:
        yield release
