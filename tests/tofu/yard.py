"""Dev and prod, each built by the verbs, and kept as it is before and after each phase."""

import json
import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from fake_google import FakeGoogle, Logged
from tests.conftest import Run
from tests.live import SECRET
from tests.small_fleet import small_checkout
from tests.tofu.site import Site, make_state_bucket

ROUNDS = 10
"""Plans after which it must have come to its end: what depends on a thing comes after it."""

READING, CHANGING = "GET", "POST|PATCH|PUT|DELETE"
APPLYING = "changes of an apply"
"""Stands for those among the changes that an apply makes, from its lock on."""

UNIMPORTANT = {
    *("creationTimestamp", "createTime", "destroyTime", "timeCreated", "updated", "effectiveTime"),
    *("lockedTime", "id", "uniqueId", "oauth2ClientId", "etag", "serial", "last", "selfLink"),
    *("generation", "metageneration"),
}
"""What another time, or another number in a sequence, makes different."""


def essence(store: dict[str, Any]) -> Any:
    """What there is, without when it was made and under which number, and without the state."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items() if key not in UNIMPORTANT}
        return [plain(item) for item in value] if isinstance(value, list) else value

    kinds = plain(store["kinds"])
    for kind in ("deleted", "storage.objects"):
        kinds.pop(kind, None)
    # A version that was added without an answer stays beside the next, with the same text; one that
    # could not be read once it was there is tainted, and disabled by the next.
    versions = kinds.pop("secretmanager.versions").values()
    newest = max(versions, key=lambda version: int(version["name"].rpartition("/")[2]))
    assert {version["state"] for version in versions} <= {"ENABLED", "DISABLED"}
    return kinds, newest["state"], {version["digest"] for version in versions}


def count(requests: list[Logged]) -> dict[str, int]:
    """How many requests there were that a fault of each pattern could meet."""
    return {
        pattern: sum(re.fullmatch(pattern, request.method) is not None for request in requests)
        for pattern in (READING, CHANGING)
    }


@dataclass
class Yard:
    """An environment, kept as it is before and after each of the two phases."""

    site: Site
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    applied: int = 0
    """How many changes the last apply has made."""
    unused: list[str] = field(default_factory=list)
    """Templates that the docs have somebody delete in the end."""

    def verb(self, verb: str, *options: str) -> "subprocess.CompletedProcess[str]":
        """One of the verbs, as a user runs it."""
        before = count(self.site.google.requests)[CHANGING]
        done = self.site.run("-C", self.site.root, *verb.split(), self.site.environment, *options)
        if verb == "tofu apply":
            self.applied = count(self.site.google.requests)[CHANGING] - before
        self.said += [
            f"$ {verb} {' '.join(options)} -> {done.returncode}\n",
            done.stdout,
            done.stderr,
        ]
        return done

    def tofu(self, *arguments: str) -> str:
        """OpenTofu itself, by a command that was shown or is in the docs."""
        command = ["tofu", *arguments]
        done = subprocess.run(
            command,
            cwd=self.site.root,
            env={**os.environ, **self.site.google.environment()},
            capture_output=True,
            text=True,
            check=False,
        )
        self.said += [f"$ {' '.join(command)} -> {done.returncode}\n", done.stderr]
        assert 0 == done.returncode, done.stderr
        return done.stdout

    def reset(self, phase: str) -> None:
        self.site.reset(phase)
        self.site.google.faults.clear()
        self.site.google.forget_requests()
        self.said.clear()
        self.unused.clear()


def build(environment: str, google: FakeGoogle, folder: Path, run: Run) -> Yard:
    """The environment, from nothing to its first release."""
    root = folder / "checkout"
    checkout = small_checkout(root)
    checkout.write(f"{environment}-config.env", SECRET)
    (root / f"{environment}-config.env").chmod(0o600)

    def surrounded(*arguments: Any, **more: Any) -> "subprocess.CompletedProcess[str]":
        with pytest.MonkeyPatch.context() as patch:
            for name, value in google.environment().items():
                patch.setenv(name, value)
            return run(*arguments, **more)

    site = Site(checkout, google, surrounded, folder / "kept", {}, environment)
    make_state_bucket(google)
    site.synth()
    yard = Yard(site)
    assert 0 == yard.verb("tofu init").returncode, yard.said
    site.keep("first")
    google.forget_requests()
    assert go_on(yard), yard.said
    yard.counts["first"] = {**count(google.requests), APPLYING: yard.applied}
    site.keep("first-done")
    for group in google.groups():
        google.resize(group, 2)
    checkout.write("VERSION", "0.61.0\n")
    site.synth()
    site.keep("release")
    google.forget_requests()
    assert go_on(yard), yard.said
    yard.counts["release"] = {**count(google.requests), APPLYING: yard.applied}
    site.keep("release-done")
    return yard


def go_on(yard: Yard) -> bool:
    """Plan and apply by what is said, until a plan is empty; whether it has come to that."""
    first = False
    for _ in range(ROUNDS):
        planned = yard.verb("tofu plan", *(["--first-creation"] if first else []))
        said = planned.stdout + planned.stderr
        if planned.returncode == 0:
            return True
        if planned.returncode == 2:
            applied = yard.verb("tofu apply", "--yes")
            if applied.returncode:
                _after_an_apply(yard, applied.stderr)
            continue
        first = first or "first-creation" in said
        _after_a_plan(yard, said)
    return False


def _after_a_plan(yard: Yard, said: str) -> None:
    """Run the commands that a plan which fails, or is blocked, tells a user to run."""
    pushed = re.search(r"^    tofu (\S+) state push (\S+) && rm (\S+)$", said, re.MULTILINE)
    if pushed:
        yard.tofu(pushed[1], "state", "push", pushed[2])
        (yard.site.root / pushed[3]).unlink()
    for absent in re.findall(r"`pipeline-zen adopt \S+ --without ([^`]+)`", said):
        assert 0 == yard.verb("adopt", "--without", absent).returncode, yard.said
    told = re.findall(r"\btofu ((?:-chdir=\S+ )?(?:force-unlock|untaint) [^`\s]+)", said)
    # Two findings about one thing tell the same: a person runs it once.
    for command in dict.fromkeys(told):
        words = command.split()
        if not words[0].startswith("-chdir"):
            words = [f"-chdir=cdktf.out/stacks/{yard.site.environment}", *words]
        if "force-unlock" in words:
            # As a person answers its question.
            words.insert(2, "-force")
        yard.tofu(*words)


def _after_an_apply(yard: Yard, said: str) -> None:
    """What docs/operating.md has for an apply that was cut off, by what the apply says."""
    folder = f"-chdir=cdktf.out/stacks/{yard.site.environment}"
    there = re.findall(r"^(google_\S+): .*already (?:exists|own)", said, re.MULTILINE)
    names = _templates(yard)
    for address in there:
        if address in names:
            yard.tofu(folder, "state", "rm", address)
            yard.unused.append(names[address])
    if there:
        assert 0 == yard.verb("adopt", *there).returncode, yard.said


def _templates(yard: Yard) -> dict[str, str]:
    """The templates of the state, by address."""
    pulled = yard.tofu(f"-chdir={yard.site.folder}", "state", "pull")
    return {
        f"{resource['type']}.{resource['name']}": resource["instances"][0]["attributes"]["name"]
        for resource in (json.loads(pulled)["resources"] if pulled.strip() else [])
        if resource["type"] == "google_compute_instance_template"
    }
