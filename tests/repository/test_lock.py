"""The locks of the dependencies."""

import json
import re
import sys

from packaging.requirements import Requirement
from packaging.version import Version

from tests.conftest import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def test_the_lock_holds_what_is_asked_for() -> None:
    """Every dependency of pyproject.toml is locked, in a version that it allows."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9_.-]+)==(\S+)", lock, re.MULTILINE):
        locked.setdefault(name, set()).add(version)

    for text in project["dependencies"] + project["optional-dependencies"]["dev"]:
        wanted = Requirement(text)
        versions = locked[wanted.name.lower()]
        assert all(Version(version) in wanted.specifier for version in versions), text


def test_the_lock_can_be_used_anywhere() -> None:
    """It holds a hash for each file, and no address of a registry."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")

    assert "://" not in lock
    for package in re.split(r"\n(?=[a-z])", lock)[1:]:
        assert "--hash=sha256:" in package


def test_the_lock_of_the_cdks_command_line() -> None:
    """The same goes for what npm installs; it is the CDK's version that is locked for Python."""
    folder = ROOT / "tools" / "cdktf"
    text = (folder / "package-lock.json").read_text(encoding="utf-8")
    root, *packages = json.loads(text)["packages"].values()

    assert "://" not in text
    # What is in a bundle is covered by the integrity of what bundles it.
    assert all(
        package.get("inBundle") or package["integrity"].startswith("sha512-")
        for package in packages
    )
    assert root["dependencies"] == json.loads((folder / "package.json").read_text())["dependencies"]
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert f"\ncdktf=={root['dependencies']['cdktf-cli']} " in locked
