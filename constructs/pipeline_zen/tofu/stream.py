"""What OpenTofu tells programs as it goes (`-json`), line by line: progress, warnings, errors."""

import json
from collections.abc import Callable, Iterable
from typing import NamedTuple

from pipeline_zen.files import Json
from pipeline_zen.tofu.words import problem, said

Progress = Callable[[int, int], object]
"""Is told how many resources are done, of how many; 0 where that is not known."""


def silent(*_: object) -> None:
    """Nothing: for whoever does not ask."""


class Counted(NamedTuple):
    """The types of the messages that a verb's progress is told by."""

    begun: str
    done: str


REFRESHED = Counted("refresh_start", "refresh_complete")
APPLIED = Counted("planned_change", "apply_complete")

_BEFORE = ("version", "state_lock_acquire")
"""What comes before the state is read."""


class Reader:
    """Reads what one run of OpenTofu tells."""

    def __init__(
        self,
        counted: Counted,
        progress: Progress,
        warn: Callable[[str], object] = silent,
        answered: Callable[[], object] = silent,
    ) -> None:
        """Be ready to tell *progress* of what is *counted*."""
        self.errors: list[str] = []
        """What it complains of, in words; masked."""
        self.summary = ""
        """What it says that it has done, in a sentence."""
        self._counted = counted
        self._progress = progress
        self._warn = warn
        self._answered = answered
        self._done = self._total = 0

    def read(self, lines: Iterable[str]) -> None:
        """Read all that there is, to the end."""
        stray: list[str] = []
        for line in lines:
            message = _message(line)
            type_ = message.get("type")
            if type_ not in _BEFORE:
                self._answered()
            if type_ is None:
                stray.append(line)
            elif type_ == "change_summary":
                self.summary = said(str(message.get("@message", "")))
            elif type_ == "diagnostic":
                self._complained(message["diagnostic"])
            else:
                self._went_on(type_, message)
        # Together, as a secret may be of several lines.
        self.errors += filter(None, [said("".join(stray))])

    def _complained(self, diagnostic: Json) -> None:
        text = problem(diagnostic)
        if diagnostic["severity"] == "error":
            self.errors.append(text)
        else:
            self._warn(f"OpenTofu warns: {text}")

    def _went_on(self, type_: str, message: Json) -> None:
        if type_ == self._counted.begun:
            # A replacement is reported twice: made, and taken away.
            twice = message.get("change", {}).get("action") == "replace"
            self._total += 2 if twice else 1
        elif type_ == self._counted.done:
            self._done += 1
            self._progress(self._done, self._total)


def _message(line: str) -> Json:
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}
