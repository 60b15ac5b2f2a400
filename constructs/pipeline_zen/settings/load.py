"""Reads the YAML of an environment into settings, or says all that is wrong with it."""

import copy
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as field_
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias, cast, get_type_hints

from pydantic import ValidationError, create_model

from pipeline_zen.settings import checks, lint
from pipeline_zen.settings.document import Entry, Key, Reader
from pipeline_zen.settings.model import EnvironmentFile, Model, Settings
from pipeline_zen.settings.problems import Place, Problem
from pipeline_zen.settings.words import UNKNOWN_NAME, did_you_mean, reword

Loc: TypeAlias = tuple[Key, ...]


class Document(NamedTuple):
    """An environment's two files joined, and which settings in them could not be read."""

    environment: str
    entry: Entry
    unread: list[Loc]


class Examined(NamedTuple):
    """Sound settings, and what there is to say about them: warnings, then notices, by place."""

    settings: list[Settings]
    remarks: tuple[Problem, ...]


@dataclass
class _Remarks:
    """Warnings and notices as they come, and which of them are ignored where."""

    made: set[Problem] = field_(default_factory=set)
    ignores: dict[Place, str] = field_(default_factory=dict)
    """The rules to ignore, by where that is said."""
    used: set[Place] = field_(default_factory=set)
    """Those that some remark was ignored by."""


CONFIG = "config"
BASE = "base"
ALLOW = f"{CONFIG}/allow.yaml"
OTHERS = (BASE, Path(ALLOW).stem)
"""The files that are no environments: what all share, and what the guard lets pass."""


def environments(root: Path) -> list[str]:
    """The names of the environments that *root* has a file for, sorted."""
    try:
        # A pattern would pass over a folder that may not be read.
        files = [path for path in (root / CONFIG).iterdir() if path.suffix == ".yaml"]
    except FileNotFoundError:
        return []
    # Editors leave hidden files beside those that they have open.
    names = {path.stem for path in files if not path.name.startswith(".")}
    return sorted(names - set(OTHERS))


def load(root: Path, names: Iterable[str]) -> list[Settings]:
    """
    The settings of the environments *names*, from `config/` and VERSION below *root*.

    Raises SettingsError with the problems of all of them at once.
    """
    return examine(root, names, today=date.today()).settings


def places(root: Path, name: str) -> Callable[[Sequence[Key]], Place | None]:
    """
    Where the settings of an environment stand: a function of their path, such as ("fleets", "l4").

    It gives None for one that is not there. A fleet that the environment leaves out by `null` is
    where that is said.
    """
    reader = Reader(root)
    base = reader.read(f"{CONFIG}/{BASE}.yaml")
    own = reader.read(f"{CONFIG}/{name}.yaml")
    joined = _joined(base, own) if base and own else None

    def place(loc: Sequence[Key]) -> Place | None:
        entry = joined.find(loc) if joined else None
        entry = entry or (own.find(loc) if own else None)
        return entry.key_place if entry else None

    return place


def examine(root: Path, names: Iterable[str], *, today: date) -> Examined:
    """
    The same with warnings and notices; facts of the catalogue are as old as they are on *today*.

    A remark about what several environments share is made once.
    """
    names = list(names)
    reader = Reader(root)
    _refuse_other_suffixes(reader)
    version = _version(reader)
    base = reader.read(f"{CONFIG}/{BASE}.yaml", "Add it: it has what all environments share.")
    unread = reader.unread
    settings = []
    remarks = _Remarks()
    for name in names:
        own = reader.read(f"{CONFIG}/{name}.yaml")
        if base and own:
            document = Document(name, _joined(base, own), [*unread, *reader.unread])
            settings.append(_checked(document, version, reader, remarks, today))
    reader.stop()
    # What the base ignores may be found in an environment that was not looked at.
    whole = set(environments(root)) <= set(names)
    for place, rule in remarks.ignores.items():
        if place not in remarks.used and (whole or place.file != f"{CONFIG}/{BASE}.yaml"):
            remarks.made.add(_unused(place, rule, reader))
    ordered = sorted(remarks.made, key=lambda remark: (remark.severity == "notice", remark))
    return Examined([one for one in settings if one], tuple(ordered))


def _unused(place: Place, rule: str, reader: Reader) -> Problem:
    return Problem(
        place=place,
        path=".".join((*lint.IGNORE, rule)),
        message="there is nothing to ignore",
        hint=lint.IGNORE_UNUSED.advice,
        source=reader.line(place),
        severity=lint.IGNORE_UNUSED.severity,
        rule=lint.IGNORE_UNUSED.id,
    )


def _refuse_other_suffixes(reader: Reader) -> None:
    for path in sorted((reader.root / CONFIG).glob("*.yml")):
        place = Place(f"{CONFIG}/{path.name}", 1, 1)
        reader.problem(place, (), "would not be read", f"Name it {path.stem}.yaml.")


def _version(reader: Reader) -> str:
    place = Place("VERSION", 1, 1)
    hint = "It holds the release whose VM images to run, such as 0.60.1, and nothing else."
    try:
        text = (reader.root / "VERSION").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        reader.problem(place, (), "cannot be read", hint)
        return ""
    if not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", text):
        reader.problem(place, (), f"not a version: {text[:40]!r}", hint)
    return text


def _joined(base: Entry, own: Entry) -> Entry:
    """
    The base's sections with the environment's over them.

    A section is taken whole; only `fleets` is joined fleet by fleet, and there `null` leaves a
    fleet of the base out.
    """
    joined = Entry(None, "mapping", own.place, own.key_place, {**base.children, **own.children})
    base_fleets, own_fleets = base.children.get("fleets"), own.children.get("fleets")
    if base_fleets and own_fleets and base_fleets.kind == own_fleets.kind == "mapping":
        fleets = {**base_fleets.children, **own_fleets.children}
        kept = {
            name: fleet
            for name, fleet in fleets.items()
            if not (name in base_fleets.children and fleet.kind == "scalar" and fleet.value is None)
        }
        joined.children["fleets"] = Entry(
            None, "mapping", own_fleets.place, own_fleets.key_place, kept
        )
    return joined


def _checked(
    document: Document, version: str, reader: Reader, remarks: _Remarks, today: date
) -> Settings | None:
    data = document.entry.plain()
    cut: list[Loc] = []
    try:
        sound = dict(EnvironmentFile.model_validate(data))
    except ValidationError as error:
        sound, cut = _sound_parts(document, error, reader)
    sound_values = {**sound, "environment": document.environment, "version": version}
    for finding in checks.run(sound_values):
        if finding.missing and any(_on_one_line(finding.missing, loc) for loc in cut):
            continue
        place = _place_of(document.entry, finding.loc, at_key=finding.at_key)
        reader.problem(place, finding.loc, finding.message, finding.hint)
    ignores = {
        rule: _place_of(document.entry, (*lint.IGNORE, rule), at_key=True)
        for rule in (sound["lint"].ignore if "lint" in sound else ())
    }
    remarks.ignores.update({place: rule for rule, place in ignores.items()})
    for remark in lint.run(sound_values, today):
        place = _place_of(document.entry, remark.loc, at_key=remark.at_key)
        if remark.severity == "error":
            reader.problem(place, remark.loc, remark.message, remark.hint, rule=remark.rule)
        elif remark.rule in ignores:
            remarks.used.add(ignores[remark.rule])
        else:
            remarks.made.add(
                Problem(
                    place=place,
                    path=".".join(map(str, remark.loc)),
                    message=remark.message,
                    hint=remark.hint,
                    source=reader.line(place),
                    severity=remark.severity,
                    rule=remark.rule,
                )
            )
    if reader.problems:
        return None
    # What is sound is the whole by now, and checked.
    return Settings.model_construct(environment=document.environment, version=version, **sound)


def _sound_parts(
    document: Document, error: ValidationError, reader: Reader
) -> tuple[dict[str, Any], list[Loc]]:
    """
    The settings that are sound by themselves, in spite of *error*, and what was cut out.

    What is wrong is noted and cut out, and the rest looked at again, until the rest is sound. So
    one bad region or fleet hides nothing about the others.
    """
    data = document.entry.plain()
    annotations = get_type_hints(EnvironmentFile, include_extras=True)
    fields = {name: (annotations[name], None) for name in EnvironmentFile.model_fields}
    # Like EnvironmentFile, but nothing at its top is required.
    partial = create_model("Partial", __base__=Model, **cast(Any, fields))

    cut = list(document.unread)
    before = None
    while data != before:
        before = copy.deepcopy(data)
        cut += _note_and_cut(document.entry, data, error, cut, reader)
        try:
            parts = partial.model_validate(data)
            break
        except ValidationError as again:
            error = again
    else:
        # Noted, but not to be found by the name that pydantic has for it.
        return {}, cut

    sound = {}
    for name, field in EnvironmentFile.model_fields.items():
        # A damaged fleet is gone whole; any other damaged setting says nothing reliable.
        damaged = any(loc[0] == name and (name != "fleets" or len(loc) == 1) for loc in cut)
        if name in data and not damaged:
            sound[name] = getattr(parts, name)
        elif name not in document.entry.children and not field.is_required():
            sound[name] = field.default
    return sound, cut


def _note_and_cut(
    document: Entry, data: dict[Key, Any], error: ValidationError, cut: list[Loc], reader: Reader
) -> list[Loc]:
    """Note each of the error's causes that no earlier cut made, and cut them all out of *data*."""
    fresh = []
    errors = error.errors(include_url=False)
    for one in errors:
        loc = tuple(key for key in one["loc"] if key != "[key]")
        # A cut made it, or a mapping or list is short only for what is wrong in it.
        follows = (
            any(_on_one_line(loc, other) for other in cut)
            or (
                one["type"] == "too_short"
                and any(other["loc"][: len(loc)] == loc for other in errors if other is not one)
            )
            or (one["type"] == "missing" and _is_misspelt(one["loc"], errors))
        )
        if not follows:
            message, hint = reword(one, loc)
            at_key = one["type"] in UNKNOWN_NAME or one["loc"][-1] == "[key]"
            place = _place_of(document, loc, at_key=at_key)
            reader.problem(place, loc, message, hint)
        # At the top of the document nothing is required any more, so there is nothing to cut.
        if to_cut := loc[:-1] if one["type"] == "missing" else loc:
            fresh.append(_cut(data, to_cut))
    return fresh


def _is_misspelt(missing: Loc, errors: Sequence[Any]) -> bool:
    """Whether what is missing is there, under a name that is nearly its own."""
    unknown = [one["loc"] for one in errors if one["type"] in UNKNOWN_NAME]
    return any(
        loc[:-1] == missing[:-1] and did_you_mean(str(loc[-1]), [str(missing[-1])])
        for loc in unknown
    )


def _on_one_line(one: Loc, other: Loc) -> bool:
    """Whether one contains the other."""
    return one[: len(other)] == other[: len(one)]


def _cut(data: dict[Key, Any], loc: Loc) -> Loc:
    """Remove *loc* from *data*, or, where it is in a list, the whole list; say what went."""
    above: Any = data
    for depth, key in enumerate(loc):
        below = above.get(key)
        if depth == len(loc) - 1 or not isinstance(below, dict):
            above.pop(key, None)
            return loc[: depth + 1]
        above = below
    return loc


def _place_of(document: Entry, loc: Sequence[Key], *, at_key: bool) -> Place:
    """Where *loc* stands in its file; for what is not there, where it would belong."""
    entry, found = document, 0
    for key in loc:
        child = entry.children.get(key)
        if child is None:
            break
        entry, found = child, found + 1
    at_key = at_key or found < len(loc) or entry.kind != "scalar"
    return entry.key_place if at_key else entry.place
