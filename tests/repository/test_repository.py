"""The checkout itself: what is generated is current, what must not be there is not."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from pipeline_zen.settings import json_schema
from tests.conftest import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PACKAGE = ROOT / "constructs" / "pipeline_zen"
ORDER = re.findall(
    r"^    ([a-z_]+) {2,}\S",
    (PACKAGE / "__init__.py").read_text(encoding="utf-8"),
    re.MULTILINE,
)
"""The folders in the order that the data passes them, as the package's docstring has it."""


def _tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return listed.stdout.splitlines()


def _module(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_constructs_is_a_source_root() -> None:
    """An `__init__.py` there would make it a package that hides PyPI's `constructs`."""
    assert not (ROOT / "constructs" / "__init__.py").exists()


def _imported(path: Path) -> Iterator[str]:
    """Whatever a file imports, as dotted names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_imports_go_one_way() -> None:
    """No folder imports one that comes after it, and the list of folders is complete."""
    files = [path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py"]
    assert {*ORDER, "__main__"} == {_module(path) for path in files}

    order = [*ORDER, "__main__"]
    for path in files:
        for name in _imported(path):
            package, folder, *_ = [*name.split("."), ""]
            if package == PACKAGE.name:
                assert order.index(folder) <= order.index(_module(path)), f"{path}: {name}"


def test_the_fake_google_knows_nothing_of_us() -> None:
    """It could be another project's: it imports itself and what is installed."""
    for path in (ROOT / "constructs" / "fake_google").rglob("*.py"):
        assert PACKAGE.name not in {name.split(".")[0] for name in _imported(path)}, path.name


def test_only_cdk_imports_the_cdk() -> None:
    """Moving over to the CDK's living fork is editing one file."""
    imports = re.compile(r"^\s*(?:from|import) (?:cdktf\w*|constructs|jsii)\b", re.MULTILINE)

    users = [
        path.name
        for path in PACKAGE.rglob("*.py")
        if imports.search(path.read_text(encoding="utf-8"))
    ]
    assert ["cdk.py"] == users


@pytest.mark.parametrize("file", ["base", "dev", "prod"])
def test_the_yaml_passes_its_schema(file: str) -> None:
    """An editor that follows the schema finds nothing wrong with the settings, and names it."""
    text = (ROOT / "config" / f"{file}.yaml").read_text(encoding="utf-8")
    settings = yaml.safe_load(text)
    for fleet in settings.get("fleets", {}).values():
        # JSON knows only text for a name.
        fleet["machine_types"] = {str(n): name for n, name in fleet["machine_types"].items()}

    jsonschema.validate(settings, yaml.safe_load(json_schema()))
    assert "# yaml-language-server: $schema=schema.json" == text.splitlines()[0]


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
        jsonschema.validate(settings, yaml.safe_load(json_schema()))


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


@pytest.mark.parametrize(
    "file",
    [
        "dev-config.env",
        "prod-config.env",
        "secrets.tfvars",
        "cdktf.out/stacks/dev/cdk.tf.json",
        "cdktf.out/stacks/dev/.terraform.lock.hcl",
        ".terraform.lock.hcl",
        "terraform.tfstate",
        "dev.tfplan",
        "gha-creds-1.json",
        "node_modules/cdktf/package.json",
        "benchmarks/typescript/build/main.js",
    ],
)
def test_secrets_and_output_are_ignored(file: str) -> None:
    """What must never be committed, git does not see."""
    assert (
        0 == subprocess.run(["git", "check-ignore", "-q", file], cwd=ROOT, check=False).returncode
    )


@pytest.mark.parametrize("file", ["config-example.env", "secrets-example.tfvars"])
def test_templates_are_not_ignored(file: str) -> None:
    """The templates are there for everyone."""
    assert file in _tracked()


def test_nothing_large_or_binary_is_tracked() -> None:
    """Everything in the repository is text, for a person to read."""
    for file in _tracked():
        path = ROOT / file
        if path.is_file():
            data = path.read_bytes()
            assert b"\0" not in data, file
            assert len(data) < 1_000_000, file


def test_the_release_is_in_the_changelog() -> None:
    """Whoever changes VERSION says what changed."""
    version = (ROOT / "VERSION").read_text(encoding="utf-8").strip()

    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


class TestMake:
    """The make targets' own words."""

    def _make(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["make", "--no-print-directory", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    def test_help(self) -> None:
        """`make` alone says what it can do."""
        result = self._make()

        assert 0 == result.returncode
        assert "make synth" in result.stdout
        assert "make plan" in result.stdout

    @pytest.mark.parametrize("target", ["init", "plan", "apply", "expand"])
    def test_without_an_environment(self, target: str) -> None:
        """A target that needs an environment asks for it before it does anything."""
        result = self._make(target)

        assert 2 == result.returncode
        assert f"Name the environment: make {target} ENV=dev\n" in result.stderr
        assert "" == result.stdout

    def test_what_a_missing_report_should_be_of(self) -> None:
        """It is passed on where a kind is given, and otherwise the report must be there."""
        named = self._make("-n", "comment", "KIND=plan", "ENV=dev").stdout

        assert "comment 'report.md' --kind 'plan' --env 'dev'\n" in named
        assert "--" not in self._make("-n", "comment", "ENV=dev").stdout

    def test_a_plan_to_look_at(self) -> None:
        """It takes neither the lock nor the secret where that is said, and both otherwise."""
        lock_and_secret = self._make("-n", "init", "plan", "ENV=dev").stdout
        neither = self._make("-n", "init", "plan", "ENV=dev", "LOCK=no", "SECRET=no").stdout

        assert "--no" not in lock_and_secret
        assert "tofu init dev --no-secret\n" in neither
        assert "--no-lock --no-secret" in neither

    @pytest.mark.parametrize(
        ("given", "passed"),
        [
            ([], "tofu apply dev  --yes\n"),
            (["EXPECT="], "tofu apply dev --expect '' --yes\n"),
            (["EXPECT=abc"], "tofu apply dev --expect 'abc' --yes\n"),
        ],
    )
    def test_an_expected_digest(self, given: list[str], passed: str) -> None:
        """What is given is passed on even if it is empty; no check is only what is not given."""
        result = self._make("-n", "apply", "ENV=dev", "YES=yes", *given)

        assert passed in result.stdout

    def test_two_environments(self) -> None:
        """One at a time is planned, and applied."""
        result = self._make("plan", "ENV=dev prod")

        assert 2 == result.returncode
        assert "Name one environment: make plan ENV=dev\n" in result.stderr
        assert "" == result.stdout

    def test_a_catalogue_of_nothing(self) -> None:
        """What to name is told before anything is done."""
        result = self._make("catalog")

        assert 2 == result.returncode
        assert "make catalog FILES=vms.csv AS_OF=2026-12-01\n" in result.stderr

    def test_a_copied_checkout(self, tmp_path: Path) -> None:
        """What was installed for another folder is not used in this one: it points there."""
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        (tmp_path / "Makefile").write_text(makefile, encoding="utf-8")
        (tmp_path / "requirements.lock").write_text("", encoding="utf-8")
        (tmp_path / ".venv").mkdir()
        said = {}
        for folder in (tmp_path, ROOT):
            (tmp_path / ".venv" / "ready").write_text(f"{folder}\n", encoding="utf-8")
            result = subprocess.run(
                ["make", "-n", "-C", str(tmp_path), "check"],
                capture_output=True,
                text=True,
                check=True,
            )
            said[folder] = "-m venv .venv" in result.stdout

        assert {tmp_path: False, ROOT: True} == said

    def test_an_old_python(self, tmp_path: Path) -> None:
        """An unfit Python is told before anything is installed."""
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        (tmp_path / "Makefile").write_text(makefile, encoding="utf-8")
        (tmp_path / "requirements.lock").write_text("", encoding="utf-8")

        result = subprocess.run(
            ["make", "-C", str(tmp_path), "synth", "PYTHON=false"],
            capture_output=True,
            text=True,
            check=False,
        )

        assert 2 == result.returncode
        assert "Python 3.10 or newer is needed and false is not one" in result.stderr
        assert not (tmp_path / ".venv").exists()
