"""Fixtures: checkouts to break, synthesized stacks, golden files, and OpenTofu where it is."""

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation

from pipeline_zen.catalog import facts as facts_
from pipeline_zen.catalog import gpus, machines, prices, sales
from pipeline_zen.settings import environments

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = ROOT / "tests" / "settings"
"""Settings of the tests' own, a checkout of `config/` and `VERSION` that no user edits."""
ENVIRONMENTS = tuple(environments(SETTINGS))
GOLDEN = ROOT / "tests" / "golden"
GOLDEN_FOLDER = "PIPELINE_ZEN_GOLDEN"
"""Set to another folder while the golden files are written anew."""

UPDATE = "make golden"

REQUIRE_TOFU = "PIPELINE_ZEN_REQUIRE_TOFU"
"""Set where a missing OpenTofu is a failure rather than a skipped test."""

NO_TOFU = "OpenTofu is not installed: nothing was validated or planned"

# No test depends on how busy the machine is, and what has failed once fails again.
hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True)
hypothesis.settings.load_profile("repeatable")

Stack = dict[str, Any]
Run = Callable[..., subprocess.CompletedProcess[str]]


class Golden(SingleFileSnapshotExtension):
    """Whole files, `tests/golden/{test file}/{name}`, the name with its suffix."""

    _write_mode = WriteMode.TEXT
    file_extension = ""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        stem = Path(test_location.filepath).stem.removeprefix("test_")
        return str(Path(os.environ.get(GOLDEN_FOLDER, GOLDEN)) / stem)

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: Any = 0) -> str:
        del test_location
        return str(index)

    @classmethod
    def get_location(cls, *, test_location: PyTestLocation, index: Any = 0) -> str:
        return str(Path(cls.dirname(test_location=test_location)) / str(index))


@pytest.fixture
def golden(snapshot: SnapshotAssertion) -> Callable[[str], SnapshotAssertion]:
    """Whole files to compare with, by name; `make golden` writes them."""

    def named(name: str) -> SnapshotAssertion:
        return snapshot(name=name, extension_class=Golden)

    return named


def pytest_configure() -> None:
    """
    Heed interruptions, which a shell that starts this with `&` has ignored; go by no proxy.

    Python's opener keeps the proxies that it finds the first time, which may be those of a test.
    """
    urllib.request.install_opener(urllib.request.build_opener(urllib.request.ProxyHandler({})))
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """More processes than cores for `auto`: real OpenTofu spends most of its time waiting."""
    cores = os.cpu_count() or 1
    return cores if config.option.numprocesses == "logical" else 2 * cores


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by what they use, leave out what takes long, and begin with what takes longer."""
    for item in items:
        for fixture, marker in (("run", "process"), ("golden", "golden")):
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)
    for marker in ("anywhere", "faults", "fuzz", "slow"):
        if marker not in config.option.markexpr:
            left_out = [item for item in items if item.get_closest_marker(marker)]
            config.hook.pytest_deselected(items=left_out)
            items[:] = [item for item in items if item not in left_out]
    # The cores are busy to the end if what runs OpenTofu, and by the verbs, does not come last.
    by_the_verbs = ROOT / "tests" / "tofu"
    items.sort(
        key=lambda item: (
            item.get_closest_marker("tofu") is None,
            by_the_verbs not in item.path.parents,
        )
    )


def pytest_collection_finish() -> None:
    """Have garbage not be looked for in what was imported and collected, which stays to the end."""
    gc.collect()
    gc.freeze()


def pytest_runtest_logfinish() -> None:
    """Look for garbage again: verbs that end with their process do not, and here it goes on."""
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how a golden file is brought up to date, where one has failed, and what was skipped."""
    failed = terminalreporter.stats.get("failed", [])
    if any("golden(" in str(report.longrepr) for report in failed):
        terminalreporter.write_line(f"A golden file differs. If that is meant: {UPDATE}", bold=True)
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum(NO_TOFU in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.write_line(
            f"NOT CHECKED: {count} tests were skipped for want of OpenTofu.", bold=True
        )


@pytest.fixture
def run() -> Run:
    """
    A call of the command line as a user makes it, in a process of its own.

    It works in the tests' own settings, unless `-C` names another checkout.
    """

    def run(
        *arguments: str | Path, env: dict[str, str] | None = None, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pipeline_zen", "-C", str(SETTINGS), *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            cwd=cwd,
            env={**os.environ, **(env or {})},
        )

    return run


@dataclass(frozen=True)
class Checkout:
    """A folder with a config and a VERSION, to be changed at will."""

    root: Path

    def write(self, file: str, text: str) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, file: str, old: str, new: str) -> None:
        text = (self.root / file).read_text(encoding="utf-8")
        assert 1 == text.count(old), f"{old!r} is not exactly once in {file}"
        self.write(file, text.replace(old, new))

    def files(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }

    def remember(self) -> None:
        """Have the stacks that are there, whoever wrote them, be those of the settings."""
        from pipeline_zen.stack import Written, input_digests, remember

        out = self.root / "cdktf.out"
        if not (out / "manifest.json").exists():
            self.write("cdktf.out/manifest.json", "{}")
        files = sorted(out.glob("stacks/*/cdk.tf.json"))
        written = [Written(file.parent.name, file, 0, changed=True) for file in files]
        remember(input_digests(self.root), out, environments(self.root), written)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A copy of the tests' own settings."""
    shutil.copytree(SETTINGS / "config", tmp_path / "checkout" / "config")
    shutil.copy(SETTINGS / "VERSION", tmp_path / "checkout" / "VERSION")
    return Checkout(tmp_path / "checkout")


@dataclass(frozen=True)
class Facts(Checkout):
    """A copy of the catalogue's data, which is read instead of the real one."""

    def add(self, file: str, row: str) -> None:
        """Add a row by hand."""
        self.write(file, (self.root / file).read_text(encoding="utf-8") + f"{row}\n")

    def write(self, file: str, text: str) -> None:
        super().write(file, text)
        _forget_facts()


def _forget_facts() -> None:
    for module in (gpus, machines, prices, sales):
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


@pytest.fixture
def facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Facts]:
    """The catalogue's data, to be changed at will."""
    data = tmp_path / "catalog"
    data.mkdir()
    for path in facts_.HOME.glob("*.csv"):
        shutil.copy(path, data)
    monkeypatch.setattr(facts_, "HOME", data)
    _forget_facts()
    yield Facts(data)
    _forget_facts()


@pytest.fixture(scope="session")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the tests' own settings were synthesized into."""
    from pipeline_zen.settings import load
    from pipeline_zen.stack import synth

    outdir = tmp_path_factory.mktemp("cdktf.out")
    synth(load(SETTINGS, ENVIRONMENTS), outdir)
    return outdir


def stack_file(outdir: Path, environment: str) -> Path:
    return outdir / "stacks" / environment / "cdk.tf.json"


def stack_text(outdir: Path, environment: str) -> str:
    return stack_file(outdir, environment).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def stacks(synthesized: Path) -> dict[str, Stack]:
    """The stacks of the tests' own settings, by environment."""
    return {name: json.loads(stack_text(synthesized, name)) for name in ENVIRONMENTS}


@pytest.fixture(scope="session")
def tofu() -> str:
    """OpenTofu's path; skips the test where there is none, or fails it where one was promised."""
    path = shutil.which("tofu")
    if path is None:
        if os.environ.get(REQUIRE_TOFU):
            pytest.fail(f"{REQUIRE_TOFU} is set, but `tofu` is not on the PATH")
        pytest.skip(NO_TOFU)
    return path
