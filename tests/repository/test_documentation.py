"""The documentation: what is generated is current, and what it names exists."""

import re
import subprocess
import sys

import jsonschema
import pytest
import yaml
from packaging.version import Version

from pipeline_zen.cli import main
from pipeline_zen.settings.schema import schema
from tests.conftest import ROOT


def test_the_documentation_is_current() -> None:
    """The tables of settings, commands and rules are those of the code: `make docs`."""
    checked = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", "--diff", "README.md", "docs/guard.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 == checked.returncode, checked.stdout


def test_every_make_target_that_the_readme_names_exists() -> None:
    """The README tells nobody to run what is not there, and leaves no target out."""
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set()
    for line in re.findall(r"\bmake ([a-z][a-z -]*)", (ROOT / "README.md").read_text()):
        named |= {word for word in line.split() if word in targets}

    assert {"synth", "test", "init", "plan", "apply", "check", "expand", "golden"} <= named
    for file in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for line in re.findall(r"^ *make ([a-z-]+)(?: [A-Z]+=.*|  +#.*)?$", file.read_text(), re.M):
            assert line in targets, file.name
    assert not targets - named - {"help", "lint", "clean"}


def test_every_verb_is_in_the_readme() -> None:
    """Nothing that the command line can do is hidden."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    for verb, command in main.commands.items():
        for name in (verb, *(f"{verb} {below}" for below in getattr(command, "commands", {}))):
            assert f"$ pipeline-zen {name} --help" in text


def test_schema_is_current() -> None:
    """The schema that editors use is the one of the models: else `make schema`."""
    assert (ROOT / "config" / "schema.json").read_text(encoding="utf-8") == schema()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"protectd": True}, "'protectd' was unexpected"),
        ({"fleets": {"l4": {"accelerator": "nvidia-l5"}}}, "'nvidia-l5' is not one of"),
        ({"results_buckets": {"US": "US"}}, "'US' does not match"),
    ],
)
def test_the_schema_finds_mistakes(settings: dict[str, object], message: str) -> None:
    """An editor underlines a misspelt setting, GPU or region."""
    with pytest.raises(jsonschema.ValidationError, match=message):
        jsonschema.validate(settings, yaml.safe_load(schema()))


def test_the_changelog_is_in_order() -> None:
    """Its headings are releases, newest first; one may have no heading, if it is an image alone."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = [Version(heading) for heading in re.findall(r"^## (.*)$", text, re.MULTILINE)]

    assert releases == sorted(releases, reverse=True)
