"""Configurations that real OpenTofu and the real provider apply to a fake Google."""

import json
import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fake_google import FakeGoogle

VERSIONS = ("6.50.0", "7.45.0")
"""The versions of the provider that the fake is held against."""

CONFIGURATIONS = Path(__file__).with_name("configurations")


@dataclass
class Configuration:
    """A configuration in a folder of its own."""

    google: FakeGoogle
    folder: Path
    tofu: str
    version: str
    variables: dict[str, str] = field(default_factory=dict)
    """Of the environment, beside those that point to the fake."""

    def write(self, text: str) -> None:
        """Make *text* the configuration; the provider is fetched the first time."""
        versions = {"google": {"source": "hashicorp/google", "version": self.version}}
        stack = {"terraform": {"required_providers": versions}}
        (self.folder / "versions.tf.json").write_text(json.dumps(stack), encoding="utf-8")
        (self.folder / "main.tf").write_text(text, encoding="utf-8")
        if not (self.folder / ".terraform").exists():
            status, output = self.run("init")
            if "no available releases match" in output:
                pytest.skip(f"the provider's version {self.version} is not there")
            assert 0 == status, output

    def run(self, *arguments: str) -> tuple[int, str]:
        """The status of OpenTofu, and all that it said."""
        result = subprocess.run(
            [self.tofu, f"-chdir={self.folder}", *arguments, "-no-color"],
            env={**os.environ, **self.google.environment(), **self.variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        # Errors stand in boxes, whose lines are broken to fit.
        return result.returncode, re.sub(r"\s*\n[│╷╵ ]*", " ", result.stdout)

    def apply(self) -> tuple[int, str]:
        """Apply, many things at once."""
        return self.run("apply", "-auto-approve", "-parallelism=40")

    def settles(self) -> None:
        """Apply; a plan then finds nothing to do."""
        status, output = self.apply()
        assert 0 == status, output[output.find("Error: ") :]
        status, output = self.run("plan", "-detailed-exitcode")
        assert 0 == status, output

    def refused(self) -> str:
        """What OpenTofu says when an apply fails."""
        status, output = self.apply()
        assert 1 == status, output
        return output
