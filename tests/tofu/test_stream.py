"""What OpenTofu tells programs as it goes: counted, sorted, and put into words."""

import json
from collections.abc import Iterator

from pipeline_zen.files import Json
from pipeline_zen.tofu.stream import APPLIED, REFRESHED, Reader


def _lines(*messages: Json | str) -> list[str]:
    return [text if isinstance(text, str) else json.dumps(text) + "\n" for text in messages]


def _diagnostic(severity: str, summary: str) -> Json:
    return {"type": "diagnostic", "diagnostic": {"severity": severity, "summary": summary}}


def test_a_plan_is_counted_by_what_is_read() -> None:
    """What is planned does not count, though it is told as well."""
    told: list[tuple[int, int]] = []
    reader = Reader(REFRESHED, lambda done, total: told.append((done, total)))
    planned = {"type": "planned_change", "change": {"action": "update"}}

    reader.read(
        _lines(*[{"type": "refresh_start"}] * 2, *[{"type": "refresh_complete"}] * 2, planned)
    )

    assert [(1, 2), (2, 2)] == told


def test_an_apply_is_counted_by_what_is_done() -> None:
    """A replacement is done in two steps."""
    told: list[tuple[int, int]] = []
    reader = Reader(APPLIED, lambda done, total: told.append((done, total)))
    changes = [
        {"type": "planned_change", "change": {"action": action}} for action in ("replace", "create")
    ]

    reader.read(_lines(*changes, *[{"type": "apply_complete"}] * 3))

    assert [(1, 3), (2, 3), (3, 3)] == told


def test_errors_and_warnings() -> None:
    """Warnings are passed on as they come; errors are kept, with what is no message last."""
    warnings: list[str] = []
    reader = Reader(APPLIED, lambda *_: None, warnings.append)

    reader.read(
        _lines(
            "panic:\n", _diagnostic("warning", "old"), _diagnostic("error", "no"), "[1]\n", "x\n"
        )
    )

    assert ["OpenTofu warns: old"] == warnings
    assert ["no", "panic:\n[1]\nx"] == reader.errors


def test_when_it_has_answered() -> None:
    """While the lock is waited for, it has not; a line of any other kind is an answer."""
    answers: list[str] = []
    lines = _lines({"type": "version"}, {"type": "state_lock_acquire"}, {"type": "refresh_start"})

    def spoken() -> Iterator[str]:
        for line in lines:
            yielded.append(line)
            yield line

    yielded: list[str] = []
    Reader(REFRESHED, lambda *_: None, answered=lambda: answers.append(yielded[-1])).read(spoken())

    assert lines[2:] == answers
