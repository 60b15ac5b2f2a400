"""
Faults in the middle of plans and applies: by the verbs, and by the words of the docs, to the end.

A fault is an error status or a connection that is cut, before or after Google did what was asked,
on a read or a write, of a resource or of the state; or everything killed; or two who apply at once.
Each is drawn from a seed, in dev or in prod, at the first apply or at a release. `go_on` knows
nothing but what is said and what docs/operating.md has for it.
"""

import json
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from fake_google import Fault, Request
from pipeline_zen.tofu import ADOPTED
from tests.conftest import Checkout
from tests.live import CANARY
from tests.tofu.site import Site, kill_all, start
from tests.tofu.yard import APPLYING, CHANGING, READING, Yard, count, essence, go_on

SEEDS = 200
STATUSES = (400, 403, 404, 409, 412, 429, 500, 503)
PHASES = ("first", "release")
ENVIRONMENTS = ("dev", "prod")


@dataclass(frozen=True)
class Accident:
    """What goes wrong, where and when."""

    environment: str
    phase: str
    fault: Fault | None = None
    kill_after: int = 0
    """So many changes, where it is a killing."""
    two: bool = False
    """Somebody else applies the same at the same time."""


def draw(seed: int, counts: dict[str, dict[str, int]]) -> Accident:
    """
    An accident; *counts* is how many requests a phase makes.

    Not quite all are drawn from: the provider joins requests when they happen to fall together, and
    after the last it is too late to kill.
    """
    chance = random.Random(seed)
    environment, phase = ENVIRONMENTS[seed % 2], PHASES[seed // 2 % 2]
    kind = chance.choice(["status", "status", "status", "cut", "cut", "kill", "two"])
    method = APPLYING if kind == "kill" else chance.choice([READING, CHANGING])
    nth = chance.randint(1, round(counts[phase][method] * (0.6 if kind == "kill" else 0.9)))
    if kind == "two":
        return Accident(environment, phase, two=True)
    if kind == "kill":
        return Accident(environment, phase, kill_after=nth)
    when = chance.choice(["before", "after"])
    status = STATUSES[seed // 4 % len(STATUSES)] if kind == "status" else None
    return Accident(environment, phase, Fault(method=method, nth=nth, status=status, when=when))


def _killed(yard: Yard, accident: Accident) -> None:
    """Plan, begin to apply, and switch the machine off after so many changes."""
    first = ["--first-creation"] if accident.phase == "first" else []
    assert 2 == yard.verb("tofu plan", *first).returncode
    google, site = yard.site.google, yard.site
    google.forget_requests()
    # The next change is refused late, so that it cannot come to its end before it is killed.
    google.faults.add(Fault(method=CHANGING, nth=accident.kill_after + 1, status=503, seconds=30))
    process = start(site, "apply", accident.environment, "--yes")
    while process.poll() is None and count(google.requests)[CHANGING] < accident.kill_after:
        time.sleep(0.01)
    assert process.poll() is None, f"it made fewer than {accident.kill_after} changes"
    kill_all(process.pid, site.root)
    google.faults.clear()
    process.communicate()


def _two_at_once(yard: Yard, accident: Accident) -> None:
    """Somebody else has planned the same, and applies it at the same time."""
    first = ["--first-creation"] if accident.phase == "first" else []
    assert 2 == yard.verb("tofu plan", *first).returncode
    site = yard.site
    other = site.root.with_name("other")
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(site.root, other, symlinks=True)
    theirs = Site(Checkout(other), site.google, site.run, site.kept, {}, site.environment)
    both = [start(one, "apply", accident.environment, "--yes") for one in (site, theirs)]
    told = [process.communicate(timeout=300)[1] for process in both]
    yard.said += told
    assert {0, 1} == {process.returncode for process in both}, told


@pytest.mark.tofu
@pytest.mark.node
@pytest.mark.faults
@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_fault(seed: int, yards: Callable[[str], Yard], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is doubled, lost or told, and no word is needed that is not in the docs."""
    yard = yards(ENVIRONMENTS[seed % 2])
    google = yard.site.google
    for name, value in google.environment().items():
        monkeypatch.setenv(name, value)
    accident = draw(seed, yard.counts)
    yard.reset(accident.phase)

    if accident.fault:
        google.faults.add(accident.fault)
    elif accident.two:
        _two_at_once(yard, accident)
    else:
        _killed(yard, accident)
    assert go_on(yard), f"{accident} did not come to an end:\n" + "".join(yard.said)[-9000:]
    assert 0 == google.faults.clear(), f"no request met {accident}"

    for name in yard.unused:
        path = (
            f"/compute/v1/projects/{yard.site.settings().project}/global/instanceTemplates/{name}"
        )
        status, answer = google.answer(Request("DELETE", path, {}))
        assert 200 == status, answer
    assert essence(yard.site.stores[f"{accident.phase}-done"]) == essence(google.store.dump())
    assert not (yard.site.folder / ADOPTED).exists()
    texts = [*yard.said, json.dumps([r.body for r in google.requests])]
    assert not any(CANARY[3:] in text for text in [*texts, json.dumps(google.store.dump())])


def test_the_faults_are_of_every_kind() -> None:
    """The seeds draw both phases and environments, cuts, every status, killings, two at once."""
    many = {READING: 60, CHANGING: 40, APPLYING: 36}
    drawn = [draw(seed, dict.fromkeys(PHASES, many)) for seed in range(SEEDS)]
    faults = [(one.fault.method, one.fault) for one in drawn if one.fault]

    where = {(one.environment, one.phase) for one in drawn}
    assert {(one, phase) for one in ENVIRONMENTS for phase in PHASES} == where
    for method in (READING, CHANGING):
        assert {None, *STATUSES} == {fault.status for one, fault in faults if one == method}
    assert {"before", "after"} == {fault.when for _, fault in faults if fault.status is None}
    assert sum(bool(one.kill_after) for one in drawn) > 10
    assert sum(one.two for one in drawn) > 10
