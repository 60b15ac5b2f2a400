"""The interface for tests: what was asked, what is held, and faults to order."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from fake_google.faults import Fault
from fake_google.wire import Json

if TYPE_CHECKING:
    from fake_google.google import FakeGoogle


def control(google: "FakeGoogle", verb: str, path: str, raw: bytes) -> tuple[int, Json]:
    """Carry out a request below `/_control/`; the status and the answer."""
    action = ACTIONS.get((verb, path))
    if action is None:
        return 404, {"error": f"There is no {verb} /_control/{path}."}
    try:
        return 200, action(google, json.loads(raw) if raw else {})
    except (
        AttributeError,
        KeyError,
        OverflowError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        return 400, {"error": f"{type(error).__name__}: {error}"}


def _requests(google: "FakeGoogle", _: Json) -> Json:
    """What was asked so far, without any secret's payload."""
    return {"requests": [asdict(request) for request in google.requests]}


def _forget_requests(google: "FakeGoogle", _: Json) -> Json:
    """A new list of requests is begun."""
    google.forget_requests()
    return {}


def _add_fault(google: "FakeGoogle", data: Json) -> Json:
    """A request to come fails, is cut off, or is late."""
    google.faults.add(Fault.parse(data))
    return {}


def _clear_faults(google: "FakeGoogle", _: Json) -> Json:
    """The faults that have not happened are taken back."""
    return {"forgotten": google.faults.clear()}


def _store(google: "FakeGoogle", _: Json) -> Json:
    """All that is held."""
    return google.store.dump()


def _load(google: "FakeGoogle", data: Json) -> Json:
    """What was dumped is held again, and nothing else."""
    google.store.load(data)
    return {}


def _patch(google: "FakeGoogle", data: Json) -> Json:
    """What is held is changed by a merge patch, as if by hand in Google's console."""
    with google.store.lock:
        google.store.load(_merged(google.store.dump(), data))
    return {}


def _left(google: "FakeGoogle", _: Json) -> Json:
    """What a person would have to clean up, as `kind name`."""
    return {"left": google.left()}


def _notes(google: "FakeGoogle", _: Json) -> Json:
    """What was taken that nothing is known of here: roles, permissions, conditions."""
    return {"notes": list(google.store.notes)}


def _capacity(google: "FakeGoogle", data: Json) -> Json:
    """The VMs that there is room for in zones, or quota in regions, are as many as given."""
    if any(isinstance(room, bool) or not isinstance(room, int) for room in data.values()):
        raise ValueError("a capacity is a number of VMs")
    google.set_capacity(data)
    return {}


ACTIONS: dict[tuple[str, str], Callable[["FakeGoogle", Json], Json]] = {
    ("GET", "requests"): _requests,
    ("DELETE", "requests"): _forget_requests,
    ("POST", "faults"): _add_fault,
    ("DELETE", "faults"): _clear_faults,
    ("GET", "store"): _store,
    ("PUT", "store"): _load,
    ("PATCH", "store"): _patch,
    ("GET", "left"): _left,
    ("GET", "notes"): _notes,
    ("PUT", "capacity"): _capacity,
}
"""What can be asked, by method and path."""


def _merged(target: Any, patch: Any) -> Any:
    """JSON merge patch, RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merged(merged.get(key), value)
    return merged
