"""The installation, in small: a lock with one package, in a folder of wheels, and no network."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.process

BASE = Path(getattr(sys, "_base_executable", sys.executable))
"""A Python that is in no virtual environment."""

STAGES = ("1/4", "2/4", "3/4", "4/4")

NOBODY = 54321
"""A user that has no name, as in containers."""


def _wheel(folder: Path) -> str:
    """Make a wheel of a package `tiny`; its line in a lock."""
    files = {
        "tiny.py": "",
        "tiny-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1\n",
        "tiny-1.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
        record += f"{name},sha256={digest.decode().rstrip('=')},{len(text)}\n"
    files["tiny-1.dist-info/RECORD"] = f"{record}tiny-1.dist-info/RECORD,,\n"
    folder.mkdir()
    wheel = folder / "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return f"tiny==1 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


@dataclass(frozen=True)
class Site:
    """A checkout that is no git repository, and a folder of wheels."""

    root: Path
    wheels: Path

    def make(self, *arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.command(*arguments),
            capture_output=True,
            text=True,
            check=False,
            env=self.environment(**env),
        )

    def command(self, *arguments: str) -> list[str]:
        return ["make", "-C", str(self.root), f"PYTHON={BASE}", *arguments]

    def environment(self, **env: str) -> dict[str, str]:
        # Where the tests themselves are told by it where the package is, nobody else is.
        given = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        ours = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}
        return {**given, **ours, **env}


def _site(folder: Path) -> Site:
    """Make a checkout whose package only says that it is there, and that `tiny` is."""
    (folder / "tools").mkdir(parents=True)
    for file in ("Makefile", "tools/install.py"):
        shutil.copy(ROOT / file, folder / file)
    package = folder / "constructs" / "pipeline_zen"
    (package / "stack").mkdir(parents=True)
    shutil.copy(ROOT / "constructs" / "pipeline_zen" / "surroundings.py", package)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text("import sys, tiny\nprint('here', *sys.argv[1:])\n")
    (package / "stack" / "__init__.py").touch()
    (package / "stack" / "cdk.py").write_text("import tiny\n")
    wheels = folder.parent / "wheels"
    (folder / "requirements.lock").write_text(_wheel(wheels))
    return Site(folder, wheels)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return _site(tmp_path / "checkout")


def _assert_ready(site: Site, result: "subprocess.CompletedProcess[str]") -> None:
    assert 0 == result.returncode, result.stdout + result.stderr
    assert "here check" in result.stdout
    assert f"{site.root}\n" == (site.root / ".venv" / "ready").read_text(encoding="utf-8")
    command = site.root / ".venv" / "bin" / "pipeline-zen"
    elsewhere = site.root.parent / "linked"
    elsewhere.symlink_to(command)
    for path in (command, elsewhere):
        shown = subprocess.run(
            [path, "x  y"], capture_output=True, text=True, check=True, env=site.environment()
        )
        assert "here x  y\n" == shown.stdout


def test_each_stage_is_told(site: Site) -> None:
    """Whoever waits sees a line for each; the next time there is nothing to wait for."""
    first = site.make("check")
    second = site.make("check")

    _assert_ready(site, first)
    told = [line for line in first.stderr.splitlines() if "/4 " in line]
    assert [line[:3] for line in told] == list(STAGES)
    assert "2/4 Installing 1 packages" in first.stderr
    assert (0, "") == (second.returncode, second.stderr)


@pytest.mark.anywhere
@pytest.mark.parametrize("name", ["it's", "zwölf Übungen", "a  b", 'say "x"', "50%", "a;b&c"])
def test_a_folder_of_any_name(name: str, tmp_path: Path) -> None:
    """Blanks, umlauts and what means something to a shell are just a name."""
    site = _site(tmp_path / name)

    _assert_ready(site, site.make("check"))


@pytest.mark.anywhere
@pytest.mark.parametrize(
    "env",
    [
        {"PIP_USER": "1"},
        {"PIP_REQUIRE_VIRTUALENV": "1"},
        {"PIP_TARGET": "elsewhere", "PIP_PREFIX": "elsewhere", "PIP_ROOT": "elsewhere"},
        {"PIP_NO_BINARY": ":all:", "PIP_REQUIREMENT": "nothing", "PIP_DRY_RUN": "1"},
        {"PYTHONPATH": "/nowhere", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONOPTIMIZE": "2"},
        {"VIRTUAL_ENV": "/nowhere", "PYTHONNOUSERSITE": "1", "PYTHONSTARTUP": "/nowhere"},
        {"ENV": "/nowhere", "PYTHON": "false", "YES": "1", "CDPATH": "/"},
        {"LC_ALL": "C", "LANG": "nonsense"},
        {"HOME": "/nowhere"},
        {"HOME": ""},
    ],
    ids="-".join,
)
def test_what_the_user_has_exported(env: dict[str, str], site: Site) -> None:
    """None of it leads the installation elsewhere."""
    before = {path.name for path in site.root.iterdir()}

    _assert_ready(site, site.make("check", **env))

    assert {path.name for path in site.root.iterdir()} == {*before, ".venv"}


@pytest.mark.anywhere
def test_what_the_user_has_configured(site: Site, tmp_path: Path) -> None:
    """Of pip's own files counts what they say of the network, and nothing else."""
    file = tmp_path / "pip.conf"
    file.write_text(
        f"[global]\nno-index = true\nfind-links =\n    {site.wheels}\n    {tmp_path}\n"
        f"[install]\ntarget = {tmp_path / 'elsewhere'}\nuser = true\nno-deps = true\n"
    )

    result = site.make("check", PIP_CONFIG_FILE=str(file), PIP_NO_INDEX="", PIP_FIND_LINKS="")

    _assert_ready(site, result)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.anywhere
def test_two_at_once(site: Site) -> None:
    """One installs, the other waits for it and goes on."""
    both = [
        subprocess.Popen(
            site.command("check"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=site.environment(),
        )
        for _ in range(2)
    ]

    told = [process.communicate(timeout=300) for process in both]

    assert [0, 0] == [process.returncode for process in both], told
    assert all("here check" in out for out, _ in told)
    assert 1 == sum("1/4" in err for _, err in told)


def test_a_package_that_is_another(site: Site) -> None:
    """What fails is told, and what is half made is not taken for ready."""
    lock = site.root / "requirements.lock"
    lock.write_text(f"tiny==1 --hash=sha256:{'0' * 64}\n")

    result = site.make("check")

    assert 2 == result.returncode
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in result.stderr
    assert "pip cannot install what requirements.lock names: see above." in result.stderr
    assert "Traceback" not in result.stderr
    assert not (site.root / ".venv" / "ready").exists()


@pytest.mark.anywhere
@pytest.mark.parametrize("umask", ["077", "002"])
def test_a_umask(umask: str, site: Site) -> None:
    """Whatever others may do with new files, the installation is whole."""
    result = subprocess.run(
        ["sh", "-c", f'umask {umask}; exec "$@"', "sh", *site.command("check")],
        capture_output=True,
        text=True,
        check=False,
        env=site.environment(),
    )

    _assert_ready(site, result)


@pytest.mark.anywhere
def test_a_user_without_a_name() -> None:
    """A container's user has a number, no name and no home."""
    python = shutil.which("python3", path="/usr/bin")
    if os.geteuid() or python is None:
        pytest.skip("only root can be somebody else, with a Python that everybody may run")
    folder = Path("/var/tmp") / f"install-{os.getpid()}"  # noqa: S108 - all may read it
    try:
        site = _site(folder / "checkout")
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        env = site.environment()
        env.pop("HOME")
        result = subprocess.run(
            ["make", "-C", str(site.root), f"PYTHON={python}", "check"],
            capture_output=True,
            text=True,
            check=False,
            env=env,
            user=NOBODY,
            group=NOBODY,
            extra_groups=(),
        )

        _assert_ready(site, result)
        assert not (site.root / "~").exists()
    finally:
        shutil.rmtree(folder)
