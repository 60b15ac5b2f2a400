"""The ground plan: the order of the folders."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

PACKAGE = ROOT / "constructs" / "pipeline_zen"
ORDER = re.findall(
    r"^    ([a-z_]+) {2,}\S",
    (PACKAGE / "__init__.py").read_text(encoding="utf-8"),
    re.MULTILINE,
)
"""The folders in the order that the data passes them, as the package's docstring has it."""


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
