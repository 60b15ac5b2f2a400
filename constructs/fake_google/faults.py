"""Faults to order: the n-th request that matches fails, is cut off, or is late."""

import re
import threading
from dataclasses import dataclass

from fake_google.wire import Json

WHEN = ("before", "after")

LATEST = 3600
"""The seconds that a request can be late, at most."""


@dataclass(frozen=True)
class Fault:
    """
    What shall go wrong, once.

    `method` and `path` are patterns for a whole HTTP method and a part of a path. Of the requests
    that match, the `nth` from now on is met: answered with `status`, or, without one, cut off
    with no answer; `after` it was carried out, or instead. `seconds` late either way, and only
    late if `status` is 0.
    """

    method: str = ".*"
    path: str = ""
    nth: int = 1
    status: int | None = None
    when: str = "before"
    seconds: float = 0.0

    @classmethod
    def parse(cls, data: Json) -> "Fault":
        """A fault read from JSON. Raises ValueError, with the reason, for anything else."""
        unknown = data.keys() - {"method", "path", "nth", "status", "when", "seconds"}
        if unknown:
            raise ValueError(f"a fault has no {', '.join(sorted(unknown))}")
        if data.get("when", "before") not in WHEN:
            raise ValueError(f"`when` is one of {', '.join(WHEN)}")
        try:
            re.compile(data.get("method", "")), re.compile(data.get("path", ""))
        except (re.error, OverflowError, RecursionError, TypeError) as error:
            raise ValueError(f"not a pattern: {error}") from error
        for key, kinds in (("nth", int), ("status", int | None), ("seconds", int | float)):
            if key in data and (isinstance(data[key], bool) or not isinstance(data[key], kinds)):
                raise ValueError(f"`{key}` is a number")
        if data.get("status") and not 200 <= data["status"] <= 599:  # noqa: PLR2004 - HTTP's
            raise ValueError("`status` is an answer's, or 0")
        if not 0 <= data.get("seconds", 0) <= LATEST:
            raise ValueError(f"`seconds` is from 0 to {LATEST}")
        return cls(**data)


class Faults:
    """Faults that are still to come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[Fault, list[int]]] = []

    def add(self, fault: Fault) -> None:
        """Let *fault* happen."""
        with self._lock:
            self._waiting.append((fault, [fault.nth]))

    def clear(self) -> int:
        """Forget those that have not happened; their number."""
        with self._lock:
            waiting = len(self._waiting)
            self._waiting.clear()
            return waiting

    def due(self, method: str, path: str) -> Fault | None:
        """The fault that this request meets, which is then over."""
        with self._lock:
            due = None
            for entry in list(self._waiting):
                fault, left = entry
                if re.fullmatch(fault.method, method) and re.search(fault.path, path):
                    left[0] -= 1
                    if left[0] <= 0 and due is None:
                        due = fault
                        self._waiting.remove(entry)
            return due
