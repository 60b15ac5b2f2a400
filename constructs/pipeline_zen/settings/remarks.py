"""Remarks, which are warnings and notices: collected over environments, and ignored where said."""

from collections.abc import Callable, Iterable

from pipeline_zen.settings.lint import IGNORE, unused_ignore
from pipeline_zen.settings.problems import Place, Problem
from pipeline_zen.settings.reader import Reader
from pipeline_zen.settings.tree import Entry


class Remarks:
    """The remarks as they come, and which of them are ignored where."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._made: set[Problem] = set()
        self._ignored: dict[str, Place] = {}
        """The rules that the environment at hand ignores, and where it says so."""
        self._ignores: dict[Place, str] = {}
        """The same of all environments."""
        self._used: set[Place] = set()
        """Where some remark was ignored by what is said there."""

    def ignore(self, entry: Entry, rules: Iterable[str]) -> None:
        """Leave out, of what is added from here on, what these *rules* found; *entry* says so."""
        self._ignored = {rule: entry.place_of((*IGNORE, rule), at_key=True) for rule in rules}
        self._ignores.update({place: rule for rule, place in self._ignored.items()})

    def add(self, remark: Problem) -> None:
        """Take a remark, unless it is ignored."""
        if remark.rule in self._ignored:
            self._used.add(self._ignored[remark.rule])
        else:
            self._made.add(remark)

    def add_unused_ignores(self, known: Callable[[Place], bool]) -> None:
        """Add that an ignore was of no use, where all that it may be for is *known*."""
        for place, rule in self._ignores.items():
            if place not in self._used and known(place):
                self._made.add(self._reader.placed(place, unused_ignore(rule)))

    def ordered(self) -> tuple[Problem, ...]:
        """All remarks: warnings, then notices, by place."""
        return tuple(sorted(self._made, key=lambda remark: (remark.severity == "notice", remark)))
