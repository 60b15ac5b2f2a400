"""How the settings of an environment are joined: the base's, with its own over them."""

from typing import NamedTuple

from pipeline_zen.settings.problems import Loc
from pipeline_zen.settings.reader import Entry


class Joined(NamedTuple):
    """An environment's two files as one, and which settings in them could not be read."""

    environment: str
    entry: Entry
    unread: list[Loc]


def joined(base: Entry, own: Entry) -> Entry:
    """
    The base's sections with the environment's over them.

    A section is taken whole; only `fleets` is joined fleet by fleet, and there `null` leaves a
    fleet of the base out.
    """
    both = Entry(None, "mapping", own.place, own.key_place, {**base.children, **own.children})
    base_fleets, own_fleets = base.children.get("fleets"), own.children.get("fleets")
    if base_fleets and own_fleets and base_fleets.kind == own_fleets.kind == "mapping":
        fleets = {**base_fleets.children, **own_fleets.children}
        kept = {
            name: fleet
            for name, fleet in fleets.items()
            if not (name in base_fleets.children and fleet.kind == "scalar" and fleet.value is None)
        }
        both.children["fleets"] = Entry(
            None, "mapping", own_fleets.place, own_fleets.key_place, kept
        )
    return both
