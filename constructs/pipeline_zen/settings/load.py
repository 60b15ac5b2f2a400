"""Reads the YAML of an environment into settings, or says all that is wrong with it."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pipeline_zen.settings import checks, lint
from pipeline_zen.settings.environment_names import what_no_environment_is_called
from pipeline_zen.settings.forms import VERSION
from pipeline_zen.settings.joining import Joined, joined
from pipeline_zen.settings.model import Settings
from pipeline_zen.settings.problems import Key, Place, Problem
from pipeline_zen.settings.proposals import nearest_release
from pipeline_zen.settings.reader import Reader
from pipeline_zen.settings.remarks import Remarks
from pipeline_zen.settings.sound import contains, sound_settings
from pipeline_zen.settings.texts import is_there
from pipeline_zen.settings.words import show

CONFIG = "config"
BASE = f"{CONFIG}/base.yaml"
ALLOW = f"{CONFIG}/allow.yaml"
RELEASE = "VERSION"
OTHERS = (Path(BASE).stem, Path(ALLOW).stem)
"""The files that are no environments: what all share, and what the guard lets pass."""


class Examined(NamedTuple):
    """Sound settings, and what there is to say about them: warnings, then notices, by place."""

    settings: list[Settings]
    remarks: tuple[Problem, ...]


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
    base, own = reader.read(BASE), reader.read(_file(name))
    both = joined(name, base, own, []) if base and own else None

    def place(loc: Sequence[Key]) -> Place | None:
        entry = both.entry.find(tuple(loc)) if both else None
        entry = entry or (own.find(tuple(loc)) if own else None)
        return entry.key_place if entry else None

    return place


def examine(root: Path, names: Iterable[str], *, today: date) -> Examined:
    """
    The settings of *names* with what there is to say: warnings and notices, as of *today*.

    A remark about what several environments share is made once.
    """
    names = list(names)
    reader = Reader(root)
    _refuse_other_suffixes(reader)
    version = _version(reader)
    base = reader.read(BASE, "Add it: it has what all environments share.")
    unread = reader.unread
    settings: list[Settings | None] = []
    remarks = Remarks(reader)
    for name in names:
        if not _is_sound_name(name, reader):
            continue
        own = reader.read(_file(name))
        if base and own:
            both = joined(name, base, own, [*unread, *reader.unread])
            settings.append(_checked(both, version, reader, remarks, today))
    reader.stop()
    # What the base ignores may be found in an environment that was not looked at.
    whole = set(environments(root)) <= set(names)
    remarks.add_unused_ignores(lambda place: whole or place.file != BASE)
    return Examined([one for one in settings if one], remarks.ordered())


def _file(name: str) -> str:
    return f"{CONFIG}/{name}.yaml"


def _refuse_other_suffixes(reader: Reader) -> None:
    for path in sorted((reader.root / CONFIG).glob("*")):
        suffix = path.suffix.lower()
        if suffix in (".yml", ".yaml") and path.suffix != ".yaml" and path.name[0] != ".":
            place = Place(f"{CONFIG}/{path.name}", 1, 1)
            right = f"{path.stem}.yaml"
            hint = f"Name it {right}."
            if is_there(path.with_name(right)):
                hint = f"{right} is there as well: keep what is right in that, and delete this."
            reader.problem(place, (), "would not be read", hint, of_file=True)


def _is_sound_name(name: str, reader: Reader) -> bool:
    """Whether an environment can have that name; if not, the file is to be renamed first."""
    wrong = what_no_environment_is_called(name, environments(reader.root))
    if wrong:
        reader.problem(Place(_file(name), 1, 1), (), *wrong, of_file=True)
    return not wrong


def _version(reader: Reader) -> str | None:
    """The release in VERSION; None where there is none."""
    hint = "It holds the release whose VM images to run, such as 0.60.1, and nothing else."
    text = reader.text(RELEASE, f"Add it. {hint}")
    if text is None:
        return None
    version = text.strip()
    if re.fullmatch(VERSION, version):
        return version
    place = Place(RELEASE, 1, 1)
    instead = nearest_release(version)
    question = f'Did you mean "{instead}"? ' if instead else ""
    first, *more = text.splitlines() or [""]
    if not more:
        reader.note_end(place, len(first) + 1)
    reader.problem(place, (), f"not a version: {show(version)}", question + hint, instead)
    return None


def _checked(
    both: Joined, version: str | None, reader: Reader, remarks: Remarks, today: date
) -> Settings | None:
    """The settings of an environment; None where it or an earlier one has a problem."""
    sound, cut = sound_settings(both, reader)
    values = {**sound, "environment": both.environment}
    if version is not None:
        values["version"] = version
    for defect in checks.run(values):
        if reader.full:
            break
        # What was cut out is there, and only not sound.
        missing = defect.missing
        if not missing or not any(contains(missing, loc) or contains(loc, missing) for loc in cut):
            place = both.entry.place_of(defect.loc, at_key=defect.at_key)
            reader.problems.append(reader.placed(place, both.explained(defect)))
    remarks.ignore(both.entry, sound["lint"].ignore if "lint" in sound else ())
    for defect in lint.run(values, today):
        if reader.full:
            break
        place = both.entry.place_of(defect.loc, at_key=defect.at_key)
        problem = reader.placed(place, defect)
        if defect.severity == "error":
            reader.problems.append(problem)
        else:
            remarks.add(problem)
    if reader.problems or version is None:
        return None
    # What is sound is the whole by now, and checked.
    return Settings.model_construct(environment=both.environment, version=version, **sound)
