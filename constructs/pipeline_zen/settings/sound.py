"""
The settings of an environment that are sound by themselves, whatever is wrong with the others.

pydantic checks the whole. What is wrong is noted and cut out, and the rest checked again, until the
rest is sound: so one bad region or fleet hides nothing about the others.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast, get_type_hints

from pydantic import ValidationError, create_model

from pipeline_zen.settings.joining import Joined
from pipeline_zen.settings.model import EnvironmentFile, Section
from pipeline_zen.settings.problems import Key, Loc
from pipeline_zen.settings.reader import Reader
from pipeline_zen.settings.reword import UNKNOWN_NAME, reword, setting
from pipeline_zen.settings.words import did_you_mean


class Sound(NamedTuple):
    """The sound settings by name, and which were cut out."""

    settings: dict[str, Any]
    cut: list[Loc]


def sound_settings(joined: Joined, reader: Reader) -> Sound:
    """The sound settings of an environment; *reader* notes what is wrong with the others."""
    try:
        return Sound(dict(EnvironmentFile.model_validate(joined.entry.plain())), [])
    except ValidationError as error:
        cutter = _Cutter(joined, reader)
        parts = cutter.rest(error)
        return Sound(cutter.undamaged(parts) if parts else {}, cutter.cut)


class _Cutter:
    """Cuts out of an environment's settings what is wrong with them, and notes it."""

    def __init__(self, joined: Joined, reader: Reader) -> None:
        self._joined = joined
        self._reader = reader
        self._data = joined.entry.plain()
        self.cut = list(joined.unread)

    def rest(self, error: ValidationError) -> Section | None:
        """What is sound once all is cut out; None for an error that nothing can be cut out for."""
        annotations = get_type_hints(EnvironmentFile, include_extras=True)
        fields = {name: (annotations[name], None) for name in EnvironmentFile.model_fields}
        # Like EnvironmentFile, but nothing at its top is required.
        partial = create_model("Partial", __base__=Section, **cast(Any, fields))
        while True:
            smaller = self._cut_out(error)
            try:
                return partial.model_validate(self._data)
            except ValidationError as again:
                # It is noted, but not to be found by the name that pydantic has for it.
                if not smaller:
                    return None
                error = again

    def undamaged(self, parts: Section) -> dict[str, Any]:
        """The settings at the top that nothing was cut out of; of the fleets, those that are."""
        sound = {}
        for name, field in EnvironmentFile.model_fields.items():
            # A damaged fleet is gone whole; any other damaged setting says nothing reliable.
            damaged = any(
                loc[0] == name and (name != "fleets" or len(loc) == 1) for loc in self.cut
            )
            if name in self._data and not damaged:
                sound[name] = getattr(parts, name)
            elif name not in self._joined.entry.children and not field.is_required():
                sound[name] = field.default
        return sound

    def _cut_out(self, error: ValidationError) -> bool:
        """Note the causes of *error* that no earlier cut made, cut out all; whether any was."""
        errors = error.errors(include_url=False)
        earlier, smaller = _Cuts(self.cut), False
        for one in errors:
            if not self._reader.full and not _follows(one, errors, earlier):
                self._note(one)
            # At the top nothing is required any more, so there is nothing to cut.
            loc = setting(one)[:-1] if one["type"] == "missing" else setting(one)
            if loc:
                gone, there = _remove(self._data, loc)
                self.cut.append(gone)
                smaller |= there
        return smaller

    def _note(self, error: Any) -> None:
        defect = self._joined.explained(reword(error, self._joined.entry))
        place = self._joined.entry.place_of(defect.loc, at_key=defect.at_key)
        self._reader.problems.append(self._reader.placed(place, defect))


class _Cuts:
    """What was cut out, looked up by what is in it or around it."""

    def __init__(self, cut: Sequence[Loc]) -> None:
        self._cut = set(cut)
        self._around = {loc[:depth] for loc in cut for depth in range(len(loc) + 1)}

    def touch(self, loc: Loc) -> bool:
        """Whether *loc* is in what was cut out, or around it."""
        inside = any(loc[:depth] in self._cut for depth in range(len(loc) + 1))
        return inside or loc in self._around


def _follows(error: Any, errors: Sequence[Any], cut: _Cuts) -> bool:
    """Whether an error only follows from a cut or from another error, and is none by itself."""
    loc = error["loc"]
    if error["type"] == "too_short":
        # A mapping or a list may be short only for what is wrong in it.
        inside = (other["loc"] for other in errors if other is not error)
        if any(other[: len(loc)] == loc for other in inside):
            return True
    if error["type"] == "missing" and _is_misspelt(loc, errors):
        return True
    return cut.touch(setting(error))


def _is_misspelt(missing: Loc, errors: Sequence[Any]) -> bool:
    """Whether what is missing is there, under a name that is nearly its own."""
    unknown = [error["loc"] for error in errors if error["type"] in UNKNOWN_NAME]
    return any(
        loc[:-1] == missing[:-1] and did_you_mean(str(loc[-1]), [str(missing[-1])])
        for loc in unknown
    )


def contains(outer: Loc, inner: Loc) -> bool:
    """Whether the setting *inner* is in *outer*, or is it."""
    return inner[: len(outer)] == outer


def _remove(data: dict[Key, Any], loc: Loc) -> tuple[Loc, bool]:
    """
    Remove *loc* from *data*, or, where it is in a list, the whole list.

    Returns what went, and whether it was there.
    """
    above: Any = data
    for depth, key in enumerate(loc):
        below = above.get(key)
        if depth == len(loc) - 1 or not isinstance(below, dict):
            there = key in above
            above.pop(key, None)
            return loc[: depth + 1], there
        above = below
    return loc, False
