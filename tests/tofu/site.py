"""A checkout whose environment is there, in a Google with the state's bucket."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fake_google import FakeGoogle
from pipeline_zen import tofu
from pipeline_zen.report import Review
from pipeline_zen.settings import Settings, load
from tests.conftest import Checkout, Run

STATE = "lum-terraform-state"


@dataclass
class Site:
    """A checkout whose environment is there, in a Google with the state's bucket."""

    checkout: Checkout
    google: FakeGoogle
    run: Run
    kept: Path
    """Copies of the checkout, by the name of what had been done by then."""
    stores: dict[str, Any]
    """What was at Google then."""
    environment: str = "dev"

    @property
    def root(self) -> Path:
        return self.checkout.root

    @property
    def folder(self) -> Path:
        return self.root / "cdktf.out" / "stacks" / self.environment

    def keep(self, name: str) -> None:
        """Remember everything as it is."""
        self.stores[name] = self.google.store.dump()
        shutil.copytree(self.root, self.kept / name, symlinks=True)

    def reset(self, name: str) -> None:
        """Everything as it was."""
        self.google.store.load(self.stores[name])
        shutil.rmtree(self.root)
        shutil.copytree(self.kept / name, self.root, symlinks=True)

    def settings(self) -> Settings:
        (settings,) = load(self.root, [self.environment])
        return settings

    def synth(self) -> None:
        """The settings, as they are, become the stack, and that is known of it."""
        from pipeline_zen.stack import synth

        synth([self.settings()], self.root / "cdktf.out")
        self.checkout.remember()

    def plan(self, **more: bool) -> Review:
        return tofu.plan(self.settings(), self.root, lambda *_: None, print, tofu.Manner(**more))

    def tofu(self, *arguments: str | Path, **more: Any) -> "subprocess.CompletedProcess[str]":
        return self.run("-C", self.root, "tofu", *arguments, **more)


def held_lock(site: Site) -> dict[str, Any]:
    """What is known of the state's lock; empty where nobody holds it."""
    objects = site.google.store.dump()["kinds"]["storage.objects"]
    held: dict[str, Any] = objects.get(
        f"{STATE}/pipeline-zen/{site.environment}/default.tflock", {}
    )
    return held


def left_running(site: Site) -> list[str]:
    """What of OpenTofu still runs for this site."""
    shown = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in shown.stdout.splitlines() if str(site.root) in line]


def start(site: Site, *arguments: str) -> "subprocess.Popen[str]":
    """A verb in the foreground of a terminal: all that it starts can be reached at once."""
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline_zen", "-C", str(site.root), "tofu", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def kill_all(group: int, root: Path) -> None:
    """The verb, OpenTofu and the provider, at once, as when the machine is switched off."""
    os.killpg(group, signal.SIGKILL)
    shown = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True)
    for line in shown.stdout.splitlines():
        if str(root) in line:
            os.kill(int(line.split()[0]), signal.SIGKILL)


def make_state_bucket(google: FakeGoogle) -> None:
    """Make the bucket that states are in."""
    address = f"{google.url}/storage/v1/b?project=eng-ai-dev"
    body = json.dumps({"name": STATE}).encode()
    urllib.request.urlopen(urllib.request.Request(address, body, method="POST")).close()
