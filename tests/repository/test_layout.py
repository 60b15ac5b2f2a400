"""The ground plan: the order of the folders, their faces, and how large anything may be."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import ROOT

CONSTRUCTS = ROOT / "constructs"
PACKAGE = CONSTRUCTS / "pipeline_zen"
FAKE = CONSTRUCTS / "fake_google"
LISTED = re.compile(r"^    ([a-z_]\w*) {2,}\S", re.MULTILINE)
"""A folder or module in a docstring, with what it is."""
ORDER = LISTED.findall((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
"""The folders in the order that the data passes them, as the package's docstring has it."""

LINES, TEST_LINES, FUNCTION_LINES = 300, 500, 40


def _python(*folders: Path) -> list[Path]:
    paths = (path for folder in folders for path in folder.rglob("*.py"))
    return sorted(path for path in paths if "node_modules" not in path.parts)


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


OURS = [*_python(CONSTRUCTS, ROOT / "tools", ROOT / "benchmarks"), ROOT / "main.py"]
TESTS = _python(ROOT / "tests")
FACES = {path.parent.name: path for path in sorted(PACKAGE.glob("*/__init__.py"))}


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _module(path: Path) -> str:
    """The folder of the package that *path* is in, or the module that it is."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _offences(paths: Iterable[Path], find: Callable[[Path], Iterable[str]]) -> dict[str, list[str]]:
    """What is found, by file; nothing where all is well."""
    found = {_relative(path): list(find(path)) for path in paths}
    return {path: offences for path, offences in found.items() if offences}


class Import(NamedTuple):
    """A name that is imported: `pipeline_zen.plan`, `Plan`."""

    module: str
    name: str
    alias: str

    @property
    def parts(self) -> list[str]:
        return [*self.module.split("."), *([self.name] if self.name else [])]


def _imports(path: Path) -> Iterator[Import]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, "", alias.asname or alias.name)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield Import(node.module or "", alias.name, alias.asname or alias.name)


def _offered(folder: str) -> set[str]:
    """What the face of a folder re-exports."""
    for node in _tree(FACES[folder]).body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                return set(ast.literal_eval(value))
    return set()


def _past_a_face(path: Path) -> Iterator[str]:
    """What *path* takes of a folder that is not its own, other than by the folder's face."""
    own = _module(path) if path.is_relative_to(PACKAGE) else ""
    folders = {}
    for line in _imports(path):
        package, folder, *inner = [*line.parts, "", ""][: len(line.parts) + 2]
        if package != PACKAGE.name or folder == own or folder not in FACES:
            continue
        inner = [part for part in inner if part]
        if not inner:
            folders[line.alias] = folder
        elif len(inner) > 1 or not line.name or inner[0] not in _offered(folder):
            yield ".".join(line.parts)
    for node in ast.walk(_tree(path)):
        match node:
            case ast.Attribute(value=ast.Name(id=alias), attr=attr) if alias in folders:
                if attr not in _offered(folders[alias]):
                    yield f"{folders[alias]}.{attr}"


def test_constructs_is_a_source_root() -> None:
    """An `__init__.py` there would make it a package that hides PyPI's `constructs`."""
    assert not (CONSTRUCTS / "__init__.py").exists()


def test_the_list_of_folders_is_whole() -> None:
    """Each folder and module stands in the list, once."""
    assert sorted(ORDER) == sorted(
        {_module(path) for path in _python(PACKAGE)} - {"__init__", "__main__"}
    )


def test_imports_go_one_way() -> None:
    """No folder imports one that comes after it in the list."""
    order = [*ORDER, "__main__"]
    for path in _python(PACKAGE):
        for line in _imports(path):
            package, folder, *_ = [*line.parts, ""]
            if package == PACKAGE.name and path != PACKAGE / "__init__.py":
                assert order.index(folder) <= order.index(_module(path)), _relative(path)


def test_nobody_reaches_past_a_face() -> None:
    """From outside a folder is taken what its `__init__` offers, by that."""
    assert {} == _offences(OURS, _past_a_face)


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        ("from pipeline_zen.guard import judge", []),
        ("from pipeline_zen import guard; guard.judge", []),
        ("from pipeline_zen import names, files", []),
        ("from pipeline_zen.guard.verdict import judge", ["pipeline_zen.guard.verdict.judge"]),
        ("from pipeline_zen.guard import verdict", ["pipeline_zen.guard.verdict"]),
        ("import pipeline_zen.guard.verdict", ["pipeline_zen.guard.verdict"]),
        ("from pipeline_zen import guard; guard.verdict", ["guard.verdict"]),
        ("from pipeline_zen import guard as g; g.verdict.judge", ["guard.verdict"]),
    ],
)
def test_reaching_past_is_found(line: str, taken: list[str], tmp_path: Path) -> None:
    """In each of the forms that an import can have."""
    (tmp_path / "code.py").write_text(line, encoding="utf-8")

    assert taken == list(_past_a_face(tmp_path / "code.py"))


def test_a_face_names_each_module() -> None:
    """Its docstring has a line for each module and folder beside it."""

    def differing(face: Path) -> set[str]:
        listed = LISTED.findall(ast.get_docstring(_tree(face), clean=False) or "")
        beside = {
            path.stem
            for path in face.parent.iterdir()
            if (path.suffix == ".py" or (path / "__init__.py").exists())
            and path.stem not in ("__init__", "__main__")
        }
        return beside.symmetric_difference(listed)

    faces = [path for path in _python(CONSTRUCTS) if path.name == "__init__.py"]
    assert {} == _offences(faces, differing)


def test_the_fake_google_knows_nothing_of_us() -> None:
    """It could be another project's: it imports itself and what is installed."""
    for path in _python(FAKE):
        assert PACKAGE.name not in {line.parts[0] for line in _imports(path)}, _relative(path)


def test_only_cdk_imports_the_cdk() -> None:
    """Moving over to the CDK's living fork is editing one file."""
    cdk = re.compile(r"cdktf\w*|constructs|jsii")
    users = [
        _relative(path)
        for path in OURS
        if any(cdk.fullmatch(line.parts[0]) for line in _imports(path))
    ]

    assert users[:1] == ["constructs/pipeline_zen/stack/cdk.py"]
    # Benchmarks measure it.
    assert all(path.startswith("benchmarks/") for path in users[1:])


@pytest.mark.process
def test_reading_and_reporting_load_no_cdk() -> None:
    """The CDK takes a second: to import a folder, or what is before `stack`, does without."""
    before = ORDER[: ORDER.index("stack")]
    modules = [
        ".".join(path.relative_to(CONSTRUCTS).with_suffix("").parts)
        for path in _python(PACKAGE)
        if _module(path) in before
    ]
    faces = [f"{PACKAGE.name}.{folder}" for folder in ORDER]
    code = (
        "import importlib, sys\n"
        f"for name in {modules + faces}:\n    importlib.import_module(name)\n"
        "print(*{'jsii', 'cdktf', 'constructs'} & sys.modules.keys())"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert "\n" == loaded.stdout


def test_no_file_is_long() -> None:
    """What does not fit is two things."""

    def longer(than: int) -> Callable[[Path], Iterator[str]]:
        def find(path: Path) -> Iterator[str]:
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > than:
                yield f"{lines} lines"

        return find

    assert {} == _offences(OURS, longer(LINES)) | _offences(TESTS, longer(TEST_LINES))


def test_no_function_is_long() -> None:
    """A function is seen whole."""

    def long(path: Path) -> Iterator[str]:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    yield f"{node.name}: {lines} lines"

    assert {} == _offences([*OURS, *TESTS], long)


def test_complexity_has_no_exception() -> None:
    """Ruff holds it, and nobody tells it to look away."""
    exception = re.compile(r"#\s*noqa: .*(?:C901|PLR09(?:11|12|15))")

    assert {} == _offences(
        [*OURS, *TESTS], lambda path: exception.findall(path.read_text(encoding="utf-8"))
    )


def test_complexity_is_held() -> None:
    """No file is excepted in ruff's settings either."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    assert "max-complexity = 12" in text
    assert not re.findall(r"C901|PLR09(?:11|12|15)", text)


LEANING = re.compile(
    r"(Of|In|To|From|By|With|On|At|As|Into|Below|Beside|For (?!each)"
    r"|It|Its|They|Them|This|These|Those|That|Else|And|Or"
    r"|The same(?:,|\.| (?:for|with|as|in|of)\b))(?:\W|$)"
)
"""How a sentence begins that needs another before it."""


def _headlines(path: Path) -> Iterator[str]:
    """First lines of what documents public names: docstrings, and texts below assignments."""
    nodes = [node for node in ast.walk(_tree(path)) if isinstance(node, ast.Module | ast.ClassDef)]
    for node in nodes:
        for above, below in zip([None, *node.body], node.body, strict=False):
            name = getattr(below, "name", "")
            if isinstance(below, ast.FunctionDef | ast.ClassDef) and not name.startswith("_"):
                yield (ast.get_docstring(below) or "").partition("\n")[0]
            match above, below:
                case (
                    ast.Assign() | ast.AnnAssign(),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    yield text.strip().partition("\n")[0]


def test_a_headline_stands_by_itself() -> None:
    """An editor shows it alone, where nobody knows what "it" was, or of what this is the same."""
    assert {} == _offences(OURS, lambda path: filter(LEANING.match, _headlines(path)))


def test_no_test_module_is_imported() -> None:
    """What tests share is in modules that are no tests."""

    def imported(path: Path) -> Iterator[str]:
        for line in _imports(path):
            if line.parts[0] == "tests" and any(part.startswith("test_") for part in line.parts):
                yield ".".join(line.parts)

    assert {} == _offences(TESTS, imported)


def test_tests_mirror_the_package() -> None:
    """A folder of tests has the name of the folder that it tests; so has a single module."""
    tested = {*ORDER, FAKE.name, "tools", "benchmarks", "repository"}
    for path in TESTS:
        if path.name.startswith("test_"):
            folder, *_ = path.relative_to(ROOT / "tests").parts
            assert folder.removeprefix("test_").removesuffix(".py") in tested, _relative(path)
