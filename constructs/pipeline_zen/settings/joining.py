"""How the settings of an environment are joined: the base's, with its own over them."""

from dataclasses import dataclass

from pipeline_zen.settings.problems import Defect, Loc
from pipeline_zen.settings.proposals import nearest_as_yaml
from pipeline_zen.settings.tree import Entry
from pipeline_zen.settings.words import choices

_FLEETS = "fleets"


@dataclass(frozen=True)
class Joined:
    """An environment's two files as one, and which settings in them could not be read."""

    environment: str
    base: Entry
    own: Entry
    unread: list[Loc]
    entry: Entry

    def explained(self, defect: Defect) -> Defect:
        """
        The defect; if it is there only because a section replaces the base's, it says so.

        That goes for what the base has, and what is missed because it was not given again.
        """
        loc = self._fleet_left_out(defect)
        if loc:
            known = sorted(map(str, self.base.children[_FLEETS].children))
            return defect._replace(
                message="no such fleet of the base's to leave out",
                hint=choices(str(loc[-1]), known),
                at_key=True,
                instead=nearest_as_yaml(str(loc[-1]), self._not_given()),
            )
        lost = defect.missing or defect.loc
        there = self.base.find(lost)
        if there is None or self.entry.find(lost) is not None:
            return defect
        depth = 2 if lost[0] == _FLEETS else 1
        section = self.own.find(lost[:depth])
        if section is None or len(lost) <= depth:
            return defect
        what = "fleet" if lost[0] == _FLEETS else "section"
        why = (
            f"{section.key_place.file} gives this {what} anew, which replaces that of "
            f"{there.key_place.file} whole: copy line {there.key_place.line} from there, and "
            "what else is needed."
        )
        return defect._replace(hint=f"{defect.hint} {why}".strip())

    def _fleet_left_out(self, defect: Defect) -> Loc:
        """The fleet, if the defect is that one is left out which the base does not have."""
        fleet = self.own.find(defect.loc)
        named = len(defect.loc) == 2 and defect.loc[0] == _FLEETS  # noqa: PLR2004 - a fleet's path
        base = self.base.children.get(_FLEETS)
        if named and fleet and base and _is_null(fleet) and defect.loc[1] not in base.children:
            return defect.loc
        return ()

    def _not_given(self) -> list[str]:
        """The base's fleets that the environment says nothing of."""
        own = self.own.children[_FLEETS].children
        return [str(name) for name in self.base.children[_FLEETS].children if name not in own]


def joined(environment: str, base: Entry, own: Entry, unread: list[Loc]) -> Joined:
    """
    The base's sections with the environment's over them.

    A section is taken whole; only `fleets` is joined fleet by fleet, and there `null` leaves a
    fleet of the base out.
    """
    both = Entry(None, "mapping", own.place, own.key_place, {**base.children, **own.children})
    theirs, ours = base.children.get(_FLEETS), own.children.get(_FLEETS)
    if theirs and ours and theirs.kind == ours.kind == "mapping":
        kept = {
            name: fleet
            for name, fleet in {**theirs.children, **ours.children}.items()
            if not (name in theirs.children and name in ours.children and _is_null(fleet))
        }
        both.children[_FLEETS] = Entry(None, "mapping", ours.place, ours.key_place, kept)
    return Joined(environment, base, own, unread, both)


def _is_null(entry: Entry) -> bool:
    return entry.kind == "scalar" and entry.value is None
