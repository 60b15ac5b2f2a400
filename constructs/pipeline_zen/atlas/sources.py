"""The YAML as it is read, and the way to its lines: the page holds both."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline_zen.settings import Settings, places


@dataclass(frozen=True)
class Link:
    """A line of the settings, as a place in the page."""

    file: str
    line: int

    @property
    def anchor(self) -> str:
        """The id of the line in the page."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Source:
    """A file of settings, line by line."""

    file: str
    lines: tuple[str, ...]


class Sources:
    """The files that an environment's settings were read from."""

    def __init__(self, settings: Settings, root: Path) -> None:
        """Read them below *root*."""
        self._place = places(root, settings.environment)
        files = ("config/base.yaml", f"config/{settings.environment}.yaml", "VERSION")
        self.files = tuple(
            Source(file, tuple((root / file).read_text(encoding="utf-8").splitlines()))
            for file in files
        )

    def link(self, *setting: str | int) -> Link | None:
        """The line of a setting; None where no file gives it."""
        if setting == ("VERSION",):
            return Link("VERSION", 1)
        return self._link(setting)

    def nearest(self, *setting: str | int) -> Link | None:
        """The line of a setting, or else of what it is a part of."""
        return next(
            (link for end in range(len(setting), 0, -1) if (link := self._link(setting[:end]))),
            None,
        )

    def _link(self, setting: Sequence[str | int]) -> Link | None:
        place = self._place(setting)
        return Link(str(place.file), place.line) if place else None
